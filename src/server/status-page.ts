// The status page: what /v1/status says, for people. Everything is shown as text, and the page loads nothing from elsewhere.
import { createHash } from 'node:crypto'

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color-scheme: light dark }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #8884; vertical-align: top }
.ready { color: #2a7 } .degraded { color: #b80 } .failing { color: #d33 } .bad { color: #d33 }
`

const SCRIPT = `
const cell = (row, text, kind) => {
  const item = row.insertCell()
  item.textContent = text ?? ''
  if (kind) item.className = kind
}
const by = id => document.getElementById(id)
async function show() {
  try {
    const answer = await fetch('/v1/status')
    const { generation, lastReload, services } = await answer.json()
    by('generation').textContent = generation
      ? 'Generation ' + generation.id + ', active since ' + generation.activatedAt
      : 'No configuration is active'
    by('reload').textContent = lastReload
      ? (lastReload.ok ? 'Last reload: fine, ' : 'Last reload: refused, ') + lastReload.at
      : ''
    by('reload').className = lastReload && !lastReload.ok ? 'bad' : ''
    const problems = (lastReload?.diagnostics ?? []).map(one => {
      const item = document.createElement('li')
      const { file, range, severity, message, code } = one
      item.textContent = file + ':' + range.start.line + ':' + range.start.column + ': ' + severity + ': ' + message + ' [' + code + ']'
      return item
    })
    by('problems').replaceChildren(...problems)
    const rows = by('services').tBodies[0]
    rows.replaceChildren()
    for (const [name, { account, state, expiresAt, lastError }] of Object.entries(services)) {
      const row = rows.insertRow()
      cell(row, name)
      cell(row, account)
      cell(row, state, state)
      cell(row, expiresAt)
      cell(row, lastError ? lastError.code + ': ' + lastError.message : '')
    }
  } catch {
    by('generation').textContent = 'The daemon does not answer'
  }
}
show()
setInterval(show, 5000)
`

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

export const STATUS_PAGE_POLICY = `default-src 'none'; connect-src 'self'; script-src ${hash(SCRIPT)}; style-src ${hash(STYLE)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

export const STATUS_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>bearerd</title><meta name="viewport" content="width=device-width"><style>${STYLE}</style></head>
<body>
<h1>bearerd</h1>
<p id="generation"></p>
<p id="reload"></p>
<ul id="problems"></ul>
<table id="services">
<thead><tr><th>Service</th><th>Account</th><th>State</th><th>Expires</th><th>Last error</th></tr></thead>
<tbody></tbody>
</table>
<p><a href="/v1/status">/v1/status</a> · <a href="/metrics">/metrics</a> · <a href="/openapi.json">/openapi.json</a></p>
<script>${SCRIPT}</script>
</body>
</html>
`
