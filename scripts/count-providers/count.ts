// node scripts/count-providers/count.ts CATALOGUE: how many of the catalogue's machine-to-machine entries are expressible,
// valid, and executed as declared. The catalogue is NangoHQ/nango's packages/providers/providers.yaml, which is not ours.
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkConfig } from '../../src/config/check.ts'
import { createExecutor } from '../../src/index.ts'
import { type Seen, startEveryHost, throughProxy } from '../../test/support/every-host.ts'
import { type Answer, json, text } from '../../test/support/hostile-token-endpoint.ts'
import { type Entry, readEntries, valuesOf } from './catalogue.ts'
import { differences, type Proof } from './compare.ts'
import { type Declared, declared } from './declared.ts'
import { type Definition, define } from './definition.ts'
import { countSteps, countWords } from './words.ts'

interface Verdict {
  entry: Entry
  text: string
  /** Why not; empty where all is as declared. */
  reasons: string[]
}

const keys = {
  RS: pair('rsa', { modulusLength: 2048 }),
  ES: pair('ec', { namedCurve: 'P-256' }),
}

function pair(type: string, options: object): { privateKey: string; publicKey: string } {
  const encoding = {
    privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
    publicKeyEncoding: { format: 'pem', type: 'spki' },
  }
  return generateKeyPairSync(type as 'rsa', { ...options, ...encoding } as never) as never
}

const CLIENT_TLS = { certFile: 'client.crt', keyFile: 'client.key' }

const [path, part = ''] = process.argv.slice(2)
const entries = readEntries(path!).filter(({ name }) => name.includes(part))
const everyHost = await startEveryHost()
const folder = mkdtempSync(join(tmpdir(), 'bearerd-count-'))
const verdicts: Verdict[] = []
for (const entry of entries) verdicts.push(await judge(entry))
await everyHost.close()
rmSync(folder, { recursive: true })
report(verdicts)

async function judge(entry: Entry): Promise<Verdict> {
  const verdict: Verdict = { entry, text: '', reasons: [] }
  try {
    const values = valuesOf(entry)
    const wanted = declared(entry, values)
    const definition = define(entry, values, entry.require_client_certificate ? { tls: CLIENT_TLS } : {})
    verdict.text = definition.text
    const { diagnostics } = checkConfig([{ path: '/services.yaml', file: `${entry.name}.yaml`, text: definition.text }])
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    verdict.reasons = errors.map(({ code, message }) => `${code}: ${message}`)
    if (errors.length === 0) verdict.reasons = await execute(entry.name, definition, wanted)
  } catch (error) {
    verdict.reasons = [(error as Error).message]
  }
  return verdict
}

async function execute(name: string, { text, files }: Definition, wanted: Declared): Promise<string[]> {
  const own = join(folder, name)
  mkdirSync(own)
  const all = {
    ...files,
    'services.yaml': throughProxy(text, everyHost.url, 'ca.pem'),
    'ca.pem': everyHost.authority,
    'client.crt': everyHost.client.certificate,
    'client.key': everyHost.client.key,
    'key.pem': keys.RS.privateKey,
    'ec.pem': keys.ES.privateKey,
  }
  for (const [file, content] of Object.entries(all)) writeFileSync(join(own, file), content, { mode: 0o600 })
  const seen = everyHost.play(answerer(wanted))
  await using executor = createExecutor({ environment: {} })
  await executor.load(join(own, 'services.yaml'))
  await executor.client('svc').get('probe', { throwHttpErrors: false })
  const { expiresAt } = await executor.authorize('svc')
  return [...compareAll(seen, wanted), ...lifeDifference(wanted, expiresAt)]
}

/** The service refuses the first token where the entry says how one is refreshed. */
function answerer({ steps, refresh, call }: Declared): (seen: Seen) => Answer {
  let tokens = 0
  let calls = 0
  return ({ url }) => {
    if (url.startsWith(call.url)) return json(refresh && calls++ === 0 ? 401 : 200, {})
    const { answer } = steps[Math.min(tokens++, steps.length - 1)]!
    return typeof answer === 'string' ? text(200, answer) : json(200, answer)
  }
}

function compareAll(seen: readonly Seen[], { steps, refresh, call, assertion, certificate }: Declared): string[] {
  const proof: Proof = {
    ...(assertion && { assertion }),
    keys: { RS: keys.RS.publicKey, PS: keys.RS.publicKey, ES: keys.ES.publicKey },
  }
  const url = new URL(call.url)
  for (const [name, value] of Object.entries(call.query)) url.searchParams.set(name, value)
  const api = { method: 'GET', url: url.href, headers: call.headers, body: { format: 'form' as const, members: {} } }
  const wanted = [...steps.map(({ request }) => request), api, ...(refresh ? [refresh, api] : [])]
  if (seen.length !== wanted.length)
    return [`${seen.length} requests, not ${wanted.length}: ${seen.map(one => one.url).join(' ')}`]
  const found = seen.flatMap((one, index) => differences(one, wanted[index]!, proof))
  if (certificate && seen.some(one => one.certificate !== 'bearerd-client')) found.push('without the certificate')
  return found
}

function lifeDifference({ life }: Declared, expiresAt: string | null): string[] {
  if (!life) return []
  const seconds = expiresAt === null ? 0 : (Date.parse(expiresAt) - Date.now()) / 1000
  return Math.abs(seconds - life) < 30 ? [] : [`a life of ${Math.round(seconds)} s, not ${life}`]
}

function report(list: readonly Verdict[]): void {
  const good = list.filter(({ reasons }) => reasons.length === 0)
  for (const { entry, text } of list) if (process.env.SHOW_DEFINITIONS) console.log(`# ${entry.name}\n${text}`)
  console.log('| word | entries |\n| --- | --- |')
  for (const [word, count] of countWords(good.map(({ text }) => text))) console.log(`| \`${word}\` | ${count} |`)
  console.log('\n| with the words of | entries | of all |\n| --- | --- | --- |')
  for (const [step, count] of countSteps(good.map(({ text }) => text)))
    console.log(`| ${step} | ${count} | ${((100 * count) / list.length).toFixed(1)} % |`)
  console.log()
  for (const { entry, reasons } of list) if (reasons.length > 0) console.log(`${entry.name}: ${reasons.join('; ')}`)
  console.log(`${good.length} of ${list.length} as declared`)
}
