// The status page: what /v1/status says, for people. Everything is shown as text, and the page loads nothing from elsewhere.
import { createHash } from 'node:crypto'

const STYLE = `
:root { color-scheme: light dark; --good: #17663b; --fair: #7a5200; --bad: #b3261e; --line: #8886 }
@media (prefers-color-scheme: dark) { :root { --good: #7bd8a3; --fair: #f0c060; --bad: #ff9d94 } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; overflow-wrap: anywhere }
h1 { margin-bottom: .5rem } h2 { font-size: 1.1rem; margin-top: 2rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; overflow-wrap: normal }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
th, .name, .when { white-space: nowrap }
.ready { color: var(--good) } .degraded { color: var(--fair) } .failing, .bad { color: var(--bad); font-weight: 600 }
ul { padding-left: 1.2rem }
`

const SCRIPT = `
const by = id => document.getElementById(id)
const put = (id, text, kind) => {
  by(id).textContent = text
  by(id).className = kind ?? ''
}
const element = (tag, text, kind) => {
  const made = document.createElement(tag)
  made.textContent = text ?? ''
  if (kind) made.className = kind
  return made
}
const listOf = (id, texts) => by(id).replaceChildren(...texts.map(([text, kind]) => element('li', text, kind)))
const plural = (count, word) => count + ' ' + word + (count === 1 ? '' : 's')
const time = text => new Date(text).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

const WORST = ['failing', 'degraded', 'ready', 'idle']
const rank = ([, { state }]) => WORST.indexOf(state)

function left(expiresAt) {
  if (!expiresAt) return ''
  const seconds = Math.round((Date.parse(expiresAt) - Date.now()) / 1000)
  if (seconds <= 0) return 'over'
  for (const [unit, size] of [['day', 86400], ['hour', 3600], ['minute', 60]])
    if (seconds >= size) return 'in ' + plural(Math.floor(seconds / size), unit)
  return 'in ' + plural(seconds, 'second')
}

function row([name, { account, state, expiresAt, lastError, parameters }]) {
  const made = document.createElement('tr')
  const end = element('td', left(expiresAt), 'when')
  if (expiresAt) end.title = time(expiresAt)
  const live = parameters ? plural(parameters.live, 'set') + ' of values live, ' + parameters.failing + ' failing' : ''
  const note = lastError ? lastError.code + ': ' + lastError.message : live
  made.append(element('td', name, 'name'), element('td', account, 'name'), element('td', state, state), end, element('td', note))
  return made
}

function changed({ changes, problems }) {
  const parts = Object.entries(changes ?? {}).flatMap(([what, change]) => Object.entries(change)
    .filter(([, names]) => Array.isArray(names) && names.length > 0)
    .map(([how, names]) => plural(names.length, what.slice(0, -1)) + ' ' + how))
  if (changes?.settings.length > 0) parts.push(plural(changes.settings.length, 'setting') + ' changed')
  if (problems > 0) parts.push(plural(problems, 'finding'))
  return parts.length > 0 ? parts.join(', ') : 'nothing changed'
}

function finding({ file, range, severity, message, code, hint }) {
  const place = file + ':' + range.start.line + ':' + range.start.column
  return [place + ': ' + severity + ': ' + message + ' [' + code + ']' + (hint ? '; ' + hint : ''), severity === 'error' ? 'bad' : '']
}

function show({ generation, lastReload, reloads, state, deliveries, services }) {
  const all = Object.entries(services).sort((a, b) => rank(a) - rank(b) || a[0].localeCompare(b[0]))
  const counts = WORST.map(word => [all.filter(([, service]) => service.state === word).length, word]).filter(([n]) => n > 0)
  const words = counts.map(([count, word]) => count + ' ' + word).join(', ')
  document.title = (counts[0]?.[1] === 'failing' ? counts[0].join(' ') + ' – ' : '') + 'bearerd'
  put('summary', plural(all.length, 'service') + (words ? ': ' + words : ''))
  put('generation', generation
    ? 'Generation ' + generation.id + ', active since ' + time(generation.activatedAt)
    : 'No configuration is active', generation ? '' : 'bad')
  put('state', state.ok ? '' : 'The database cannot be used: ' + (state.lastError ?? ''), 'bad')
  put('deliveries', deliveries.ok ? '' : 'No deliveries are accepted: ' + (deliveries.lastError ?? ''), 'bad')
  put('reload', lastReload && !lastReload.ok ? 'The last reload was refused: what ran before goes on' : '', 'bad')
  listOf('problems', (lastReload?.diagnostics ?? []).map(finding))
  listOf('reloads', reloads.map(one =>
    [time(one.at) + ': ' + (one.ok ? 'generation ' + one.generation : 'refused') + ', ' + changed(one), one.ok ? '' : 'bad']))
  by('services').tBodies[0].replaceChildren(...all.map(row))
}

async function refresh() {
  try {
    const answer = await fetch('/v1/status')
    if (!answer.ok) throw new Error(answer.status)
    show(await answer.json())
  } catch {
    put('summary', 'The daemon does not answer; what is below is old', 'bad')
  }
}
refresh()
setInterval(refresh, 5000)
`

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

export const STATUS_PAGE_POLICY = `default-src 'none'; connect-src 'self'; img-src data:; script-src ${hash(SCRIPT)}; style-src ${hash(STYLE)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

export const STATUS_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>bearerd</title><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body>
<main>
<h1>bearerd</h1>
<p id="summary" role="status"></p>
<p id="state"></p>
<p id="deliveries"></p>
<p id="reload"></p>
<ul id="problems"></ul>
<div class="wide" tabindex="0" role="region" aria-label="Services">
<table id="services">
<thead><tr><th scope="col">Service</th><th scope="col">Account</th><th scope="col">State</th><th scope="col">Token ends</th><th scope="col">Last error</th></tr></thead>
<tbody></tbody>
</table>
</div>
<h2>Reloads</h2>
<p id="generation"></p>
<ul id="reloads"></ul>
</main>
<p><a href="/v1/status">/v1/status</a> · <a href="/metrics">/metrics</a> · <a href="/openapi.json">/openapi.json</a></p>
<script>${SCRIPT}</script>
</body>
</html>
`
