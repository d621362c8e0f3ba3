// Files that always hold the current credential: content, mode, renewal without use, failures, reloads.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createExecutor, type Executor, type ExecutorOptions } from '../../src/index.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { json, startTokenEndpoint, token } from '../support/hostile-token-endpoint.ts'

const opened: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

async function counting(refuse: () => boolean = () => false) {
  const endpoint = await startTokenEndpoint((_request, index) =>
    refuse() ? json(503, {}) : token(`token-${index + 1}`),
  )
  opened.push(endpoint.close)
  return endpoint
}

async function load(definitions: (url: string) => object, options: ExecutorOptions = {}, refuse?: () => boolean) {
  const { url, requests } = await counting(refuse)
  const directory = mkdtempSync(join(tmpdir(), 'bearerd-sinks-'))
  mkdirSync(join(directory, 'run'))
  const outcomes: string[] = []
  const onSinkWrite = (service: string, outcome: string) => void outcomes.push(`${service} ${outcome}`)
  const clock = fakeClock()
  const executor = createExecutor({ directory, environment: { KEY: 'k' }, clock, onSinkWrite, ...options })
  opened.push(
    () => rmSync(directory, { recursive: true }),
    () => executor[Symbol.asyncDispose](),
  )
  const write = (next: object) =>
    writeFileSync(join(directory, 'services.yaml'), JSON.stringify({ version: 1, ...next }))
  write(definitions(url))
  await executor.load('services.yaml')
  const reload = async (next: object) => {
    write(next)
    assert.ok((await executor.reload()).ok)
  }
  const read = (name: string) => readFileSync(join(directory, 'run', name), 'utf8')
  return { executor, directory, requests, outcomes, clock, reload, read, url }
}

/** Real files and a real endpoint on a clock that stands still: waits for them, not for time. */
async function eventually(what: string, check: () => unknown): Promise<void> {
  const endMs = performance.now() + 60_000
  for (;;) {
    const found = await Promise.resolve()
      .then(check)
      .catch(() => false)
    if (found) return
    if (performance.now() > endMs) assert.unreachable(what)
    await new Promise(resolve => setImmediate(resolve))
  }
}

const account = (accessTokenUri: string) => ({ accessTokenUri, clientId: 'a', clientSecret: { env: 'KEY' }, scope: [] })
const serverUrl = 'https://x.example'
const withSinks =
  (sinks: object[], keys: object = {}) =>
  (url: string) => ({
    services: { s: { account: account(url), serverUrl, sinks, ...keys } },
  })

test('three formats, each with its mode, at the start and without anybody who asks', async () => {
  const sinks = [
    { file: 'run/token' },
    { file: 'run/header', format: 'header', mode: '0640' },
    { file: 'run/json', format: 'json', mode: '644' },
  ]
  const { clock, read, directory } = await load(withSinks(sinks, { headers: { 'X-Tenant': 'acme' } }))
  await eventually('json', () => read('json'))
  assert.is(read('token'), 'token-1')
  assert.is(read('header'), 'Authorization: Bearer token-1\nX-Tenant: acme\n')
  const ends = Math.floor((clock.nowMs() + 3_600_000) / 1000)
  assert.equal(JSON.parse(read('json')), { access_token: 'token-1', expires_on: ends })
  const modes = ['token', 'header', 'json'].map(name => statSync(join(directory, 'run', name)).mode & 0o777)
  assert.equal(modes, [0o600, 0o640, 0o644])
  assert.equal(readdirSync(join(directory, 'run')).sort(), ['header', 'json', 'token'])
})

for (const [mode, folder] of [
  ['0600', 0o700],
  ['0640', 0o750],
  ['644', 0o755],
] as const)
  test(`a folder that is made is open to whom a file is open: ${mode}`, async () => {
    const { read, directory } = await load(withSinks([{ file: 'run/made/deep/own' }, { file: 'run/made/token', mode }]))
    await eventually('token', () => read('made/token'))
    const masked = folder & ~process.umask()
    for (const made of ['run/made', 'run/made/deep'])
      assert.is(statSync(join(directory, made)).mode & 0o777, masked, made)
  })

test('a renewal writes the file again; whoever has it open keeps the old one whole', async () => {
  const { clock, read, requests, directory } = await load(withSinks([{ file: 'run/token' }]))
  await eventually('first', () => read('token') === 'token-1')
  const before = statSync(join(directory, 'run/token')).ino
  await clock.advance(3_000_000)
  await eventually('second', () => read('token') === 'token-2')
  assert.is.not(statSync(join(directory, 'run/token')).ino, before)
  await clock.advance(3_000_000)
  await eventually('third', () => read('token') === 'token-3')
  assert.is(requests.length, 3)
})

test('a missing folder is made; a write that fails is told and repeated, and the old file stays until then', async () => {
  const { clock, read, outcomes, directory, executor } = await load(withSinks([{ file: 'run/deep/token' }]))
  await eventually('first', () => outcomes.length === 1 && read('deep/token') === 'token-1')
  rmSync(join(directory, 'run/deep'), { recursive: true })
  writeFileSync(join(directory, 'run/deep'), 'a file in its way')
  await clock.advance(30_000)
  await eventually('failure', () => outcomes.length === 2)
  rmSync(join(directory, 'run/deep'))
  await clock.advance(30_000)
  await eventually('repeated', () => outcomes.length === 3 && read('deep/token') === 'token-1')
  assert.equal(outcomes, ['s success', 's failure', 's success'])
  // A folder in its place cannot be replaced: nothing is lost, and nothing is left beside it.
  rmSync(join(directory, 'run/deep/token'))
  mkdirSync(join(directory, 'run/deep/token'))
  executor.forget('s')
  await executor.authorize('s')
  await eventually('failure again', () => outcomes.length === 4)
  assert.equal(readdirSync(join(directory, 'run/deep')), ['token'])
})

test('a file that somebody removed comes back, and one that is there is not written again', async () => {
  const { clock, read, outcomes, directory } = await load(withSinks([{ file: 'run/token' }]))
  await eventually('first', () => read('token') === 'token-1')
  await clock.advance(60_000)
  assert.is(outcomes.length, 1)
  rmSync(join(directory, 'run/token'))
  await clock.advance(30_000)
  await eventually('again', () => read('token') === 'token-1')
})

test('the old file stays while no token can be had', async () => {
  let refuse = false
  const { clock, read } = await load(withSinks([{ file: 'run/token' }]), {}, () => refuse)
  await eventually('first', () => read('token') === 'token-1')
  refuse = true
  await clock.advance(4_000_000)
  assert.is(read('token'), 'token-1')
  refuse = false
  await clock.advance(120_000)
  await eventually('again', () => read('token') !== 'token-1')
})

test('a token that is no bearer goes into a file, but into no header', async () => {
  const lines: string[] = []
  const silent = () => {}
  const log = { debug: silent, info: silent, error: silent, warn: (_: object, text: string) => void lines.push(text) }
  const endpoint = await startTokenEndpoint(() => token('opaque', { token_type: 'N_A' }))
  opened.push(endpoint.close)
  const sinks = [{ file: 'run/header', format: 'header' }, { file: 'run/token' }]
  const { read } = await load(() => withSinks(sinks)(endpoint.url), { log })
  await eventually('token', () => read('token') === 'opaque')
  assert.throws(() => read('header'), /ENOENT/)
  assert.match(lines.join('\n'), /sink `.*header` not written: .*N_A/)
})

test('a header that another account feeds follows that account', async () => {
  const { clock, read } = await load(url => ({
    accounts: {
      source: account(url),
      fed: { authorization: 'header', header: { name: 'X-Token', value: { account: 'source' } } },
    },
    services: { s: { account: 'fed', serverUrl, sinks: [{ file: 'run/header', format: 'header' }] } },
  }))
  await eventually('first', () => read('header') === 'X-Token: token-1\n')
  await clock.advance(3_000_000)
  await eventually('second', () => read('header') === 'X-Token: token-2\n')
})

test('a reload begins and ends sinks; what is gone is left as it is, and no longer kept warm', async () => {
  const { clock, read, reload, requests, url, outcomes } = await load(withSinks([{ file: 'run/a' }]))
  await eventually('a', () => read('a') === 'token-1')
  await reload(withSinks([{ file: 'run/a' }, { file: 'run/b' }])(url))
  await eventually('b', () => read('b') === 'token-1')
  await eventually('both', () => outcomes.length === 2)
  await reload({ services: { s: { account: account(url), serverUrl } } })
  // Once more, because it was used: then nobody asks any more.
  await clock.advance(3_000_000)
  await eventually('renewed', () => requests.length === 2)
  await clock.advance(20_000_000)
  assert.is(requests.length, 2)
  assert.is(read('a'), 'token-1')
})

test('short commands write none, and the end of the program leaves the file', async () => {
  const short = await load(withSinks([{ file: 'run/token' }]), { shortRun: true } as ExecutorOptions)
  await short.executor.authorize('s')
  assert.equal(readdirSync(join(short.directory, 'run')), [])
  const { executor, read } = await load(withSinks([{ file: 'run/token' }]))
  await eventually('first', () => read('token') === 'token-1')
  await (executor as Executor)[Symbol.asyncDispose]()
  assert.is(read('token'), 'token-1')
})

test('a folder that may not be written to', async () => {
  if (process.getuid?.() === 0) return
  const { outcomes, directory } = await load(withSinks([{ file: 'run/token' }]))
  chmodSync(join(directory, 'run'), 0o500)
  await eventually('told', () => outcomes.length > 0)
  chmodSync(join(directory, 'run'), 0o700)
})

test.run()
