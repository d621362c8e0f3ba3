// Reloads by script: test/golden/reload/NAME holds 1.yaml, 2.yaml … (or folders of that name). Each version replaces the one
// before; the transcript says what became active and which services asked for a new token. UPDATE_GOLDEN=1 writes it anew.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { createExecutor, type Executor, type LoadResult } from '../../src/index.ts'
import {
  type StartedTokenEndpoint,
  startTokenEndpoint,
  type TokenEndpoint,
  token,
} from '../support/hostile-token-endpoint.ts'

const FOLDER = join(import.meta.dirname, '../golden/reload')
const ENVIRONMENT = { SECRET: 'fake-secret', OTHER_SECRET: 'fake-other-secret', KEY: 'fake-key' }

/** `TOKEN_ENDPOINT` in a file stands for the one that runs in the test. */
function install(source: string, target: string, tokenUrl: string): void {
  rmSync(target, { recursive: true, force: true })
  cpSync(source, target, { recursive: true })
  const files = statSync(target).isDirectory() ? readdirSync(target).map(name => join(target, name)) : [target]
  for (const file of files) writeFileSync(file, readFileSync(file, 'utf8').replaceAll('TOKEN_ENDPOINT', tokenUrl))
}

/** `SCOPE-N`, counted for each scope: the order of requests at the same time does not matter. */
function issueByScope(): TokenEndpoint {
  const counts = new Map<string, number>()
  return ({ body }) => {
    const scope = new URLSearchParams(body).get('scope')?.replaceAll(' ', '.') ?? 'none'
    const count = (counts.get(scope) ?? 0) + 1
    counts.set(scope, count)
    return token(`${scope}-${count}`)
  }
}

function describeResult({ ok, diagnostics }: LoadResult, executor: Executor): string[] {
  const problems = diagnostics.map(
    ({ file, range, severity, message, code }) =>
      `  ${file}:${range.start.line}:${range.start.column}: ${severity}: ${message} [${code}]`,
  )
  return [`${ok ? 'ok' : 'refused'}, generation ${executor.generation?.id ?? 'none'}`, ...problems]
}

/** All services at once, then each alone: what it sent, and whether somebody had to ask for it. */
async function describeServices(
  executor: Executor,
  endpoint: StartedTokenEndpoint,
  before: Map<string, string>,
): Promise<string[]> {
  const names = [...(executor.generation?.services.keys() ?? [])].sort()
  const count = endpoint.requests.length
  await Promise.all(names.map(name => executor.authorize(name).catch(() => undefined)))
  const requests = endpoint.requests.length - count
  const lines: string[] = []
  for (const name of names) {
    const credential = await executor.authorize(name).then(
      ({ headers, query }) => JSON.stringify({ headers, query }),
      error => `${error instanceof AppError ? error.code : error}`,
    )
    const known = before.get(name)
    const change = known === undefined ? 'first' : known === credential ? 'kept' : 'new'
    before.set(name, credential)
    lines.push(`  ${name}: ${change} ${credential}`)
  }
  for (const name of before.keys()) if (!names.includes(name)) before.delete(name)
  return [...lines, `  token requests: ${requests}`]
}

async function play(name: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bearerd-reload-'))
  const endpoint = await startTokenEndpoint(issueByScope())
  const executor = createExecutor({ directory: folder, environment: ENVIRONMENT })
  const versions = readdirSync(join(FOLDER, name)).filter(entry => /^\d/.test(entry))
  const sorted = versions.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
  const target = sorted[0]!.endsWith('.yaml') ? 'services.yaml' : 'services.d'
  const lines: string[] = []
  const before = new Map<string, string>()
  try {
    for (const [index, version] of sorted.entries()) {
      install(join(FOLDER, name, version), join(folder, target), endpoint.url)
      const result = index === 0 ? await executor.load(target) : await executor.reload()
      const [head, ...problems] = describeResult(result, executor)
      lines.push(`${version}: ${head}`, ...problems, ...(await describeServices(executor, endpoint, before)))
    }
  } finally {
    await executor[Symbol.asyncDispose]()
    await endpoint.close()
    rmSync(folder, { recursive: true })
  }
  return `${lines.join('\n')}\n`
}

for (const name of readdirSync(FOLDER).sort()) {
  test(`reload: ${name}`, async () => {
    const path = join(FOLDER, name, 'transcript.out')
    const actual = await play(name)
    if (process.env.UPDATE_GOLDEN) writeFileSync(path, actual)
    assert.ok(existsSync(path), `${path} is missing: run with UPDATE_GOLDEN=1`)
    assert.fixture(actual, readFileSync(path, 'utf8'))
  })
}

/** The longest time in which nobody else had a turn, as a part of the whole. */
async function longestPause(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  let [lastMs, longestMs, runs] = [startMs, 0, true]
  const look = () => {
    const nowMs = performance.now()
    longestMs = Math.max(longestMs, nowMs - lastMs)
    lastMs = nowMs
    if (runs) setImmediate(look)
  }
  setImmediate(look)
  await work()
  runs = false
  look()
  return longestMs / (performance.now() - startMs)
}

const file = (more: object) => JSON.stringify({ version: 1, ...more })

test('what an account feeds follows it when another one owns its token now, and an action when it is another one', async () => {
  const endpoint = await startTokenEndpoint((_request, index) => token(`token-${index + 1}`))
  const directory = mkdtempSync(join(tmpdir(), 'bearerd-fed-'))
  const executor = createExecutor({ directory, environment: ENVIRONMENT })
  const account = { accessTokenUri: endpoint.url, clientId: 'a', clientSecret: { env: 'SECRET' }, scope: 'read' }
  const fed = { authorization: 'header', header: { name: 'X-Key', value: { account: 'feeder' } } }
  const write = (name: string, more: object) => writeFileSync(join(directory, name), file(more))
  const put = { type: 'copyToHttpServer', authenticateWith: 's', path: '/x', content: { file: {} }, headers: {} }
  write('b.yaml', { accounts: { feeder: account } })
  write('c.yaml', {
    services: {
      s: { account: fed, serverUrl: 'https://x.example' },
      own: { account: 'feeder', serverUrl: 'https://x.example' },
    },
    actions: { put: { ...put, headers: { 'X-Fed': { account: 'feeder' } } } },
  })
  try {
    await executor.load(directory)
    const sent = async () => {
      const [key, own] = [(await executor.authorize('s')).headers['X-Key'], await executor.authorize('own')]
      const { values } = executor.action('put')
      const ofAction = (await values()).secret({ kind: 'account', account: 'feeder' }).reveal()
      return [key, own.headers.Authorization!.replace('Bearer ', ''), ofAction]
    }
    assert.equal(await sent(), ['token-1', 'token-1', 'token-1'])
    // Equal, and in an earlier file.
    write('a.yaml', {
      accounts: { first: account },
      services: { first: { account: 'first', serverUrl: 'https://x.example' } },
    })
    assert.ok((await executor.reload()).ok)
    executor.forget('own')
    assert.equal(await sent(), ['token-2', 'token-2', 'token-2'])
    write('b.yaml', { accounts: { feeder: { ...account, scope: 'write' } } })
    assert.equal((await executor.reload()).changes!.actions.changed, ['put'])
    assert.equal(await sent(), ['token-3', 'token-3', 'token-3'])
  } finally {
    await executor[Symbol.asyncDispose]()
    await endpoint.close()
    rmSync(directory, { recursive: true })
  }
})

test('a reload of which every file changed lets requests go in between', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bearerd-reload-'))
  const executor = createExecutor({ directory: folder })
  const write = (version: number) => {
    for (let index = 0; index < 400; index++) {
      const account = `{ accessTokenUri: https://id.example/token, clientId: c, clientSecret: { env: S }, scope: s${index} }`
      const service = `s${index}: { account: ${account}, serverUrl: 'https://x.example/${version}' }`
      writeFileSync(join(folder, `${index}.yaml`), `version: 1\nservices:\n  ${service}\n`)
    }
  }
  try {
    write(0)
    await executor.load('.')
    const pauses: number[] = []
    // A machine that does something else pauses too, but not each time.
    for (let version = 1; version <= 5 && !pauses.some(part => part < 0.5); version++) {
      write(version)
      pauses.push(await longestPause(() => executor.reload()))
      assert.is(executor.lastReload!.changes!.services.changed.length, 400)
    }
    assert.ok(Math.min(...pauses) < 0.5, `the longest pauses are ${pauses.join(', ')} of the whole`)
  } finally {
    await executor[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  }
})

test('… and one of a service with many live values too, each of which stays live', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bearerd-reload-'))
  const executor = createExecutor({ directory: folder, environment: ENVIRONMENT })
  const write = (version: number) => {
    const account = { authorization: 'header', header: { name: 'X-Key', value: '{{params.tenant}}' } }
    const serverUrl = `https://{{params.tenant}}.x.example/${version}`
    writeFileSync(join(folder, 'a.yaml'), file({ services: { s: { account, serverUrl, parameters: { tenant: {} } } } }))
  }
  const service = (index: number) => executor.service('s', { tenant: `t${index}` })
  try {
    write(0)
    await executor.load('.')
    for (let index = 0; index < 400; index++) service(index)
    const pauses: number[] = []
    for (let version = 1; version <= 5 && !pauses.some(part => part < 0.5); version++) {
      write(version)
      pauses.push(await longestPause(() => executor.reload()))
      assert.is(executor.generation!.variants.live('s').length, 400)
      assert.is((await service(7).authorize()).pathname, `/${version}`)
    }
    assert.ok(Math.min(...pauses) < 0.5, `the longest pauses are ${pauses.join(', ')} of the whole`)
  } finally {
    await executor[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  }
})

test.run()
