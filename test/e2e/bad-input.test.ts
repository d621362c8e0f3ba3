import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import {
  type Answer,
  cut,
  endless,
  html,
  json,
  never,
  redirect,
  reset,
  type StartedTokenEndpoint,
  stalled,
  startTokenEndpoint,
  text,
  token,
} from '../support/hostile-token-endpoint.ts'
import { type Loopback, listenOnLoopback } from '../support/loopback.ts'
import { runCommand } from '../support/run-command.ts'
import type { Ending } from '../support/run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-bad-'))
/** Generous: a busy machine is slow, a hang is endless. */
const LIMIT_MS = 30_000

interface Report extends Ending {
  elapsedMs: number
}

async function validate(path: string, format = 'concise'): Promise<Report> {
  const startedAt = performance.now()
  const ending = await runCommand(['validate', '--format', format, path])
  return { ...ending, elapsedMs: performance.now() - startedAt }
}

const utf16 = (content: string): Buffer => Buffer.from(`\ufeff${content}`, 'utf16le')
const aliasBomb = ['version: 1', 'a: &a [x, x, x, x, x, x, x, x, x]']
for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh', 'hi', 'ij'].map(pair => [...pair]))
  aliasBomb.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(', ')}]`)

const FILES: [string, string | Buffer, RegExp][] = [
  ['an empty file', '', /:1:1: error: /],
  ['only blanks', ' \n\n  \n', /:\d:\d: error: /],
  ['a tab as indent', 'version: 1\naccounts:\n\ta: 1\n', /:3:1: error: .*\[yaml\/syntax\]/],
  ['a key twice', 'version: 1\nvars: {}\nvars: {}\n', /:3:1: error: .*\[yaml\/duplicate-key\]/],
  ['an unknown tag', 'version: 1\nvars: !secret x\n', /:2:7: error: .*\[yaml\/unknown-tag\]/],
  ['a tag that would run code', 'version: 1\nvars: !!js/function "x"\n', /:2:7: error: .*\[yaml\/unknown-tag\]/],
  ['an alias bomb', aliasBomb.join('\n'), /error: .*alias.*\[yaml\//i],
  ['an alias of nothing', 'version: 1\nvars: *nothing\n', /:2:\d+: error: .*\[yaml\/syntax\]/],
  ['NUL', 'version: 1\nvars: { a: "\0" }\n', /:2:\d+: error: .*\[yaml\/syntax\]/],
  ['a program', Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01\0\0'), Buffer.alloc(5000, 0xf7)]), /error: .*\[yaml\//],
  ['UTF-16 with an error', utf16('version: 1\nvarz: {}\n'), /:2:1: error: .*\[schema\/unknown-key\]/],
  ['UTF-16 without its mark', utf16('version: 1\n').subarray(2), /error: .*\[yaml\//],
  ['deep nesting', `version: 1\nvars: ${'['.repeat(100_000)}`, /error: .*\[yaml\//],
  ['4 MB of nonsense', 'q8:[}{ -- "\n'.repeat(360_000), /:1:\d+: error: /],
  ['4 MB in one line', `version: ${'x'.repeat(4_000_000)}\n`, /:1:10: error: .*\[schema\/value\]/],
  ['10 MB', `version: ${'x'.repeat(10_000_000)}\n`, /:1:1: error: larger than 5 MiB \[file\/too-large\]/],
  ['a list', '- a\n- b\n', /:1:1: error: .*\[schema\/type\]/],
  ['JavaScript names', 'version: 1\nservices:\n  constructor: 1\n  __proto__: { account: x }\n', /error: /],
]

for (const [name, content, expected] of FILES) {
  test(`validate ${name}: a diagnostic, soon, and no stack trace`, async () => {
    const file = join(folder, 'services.yaml')
    writeFileSync(file, content)
    const { code, stdout, stderr, elapsedMs } = await validate(file)
    assert.is(code, 1, stderr.slice(0, 500))
    assert.match(stdout.slice(0, 5000), expected)
    assert.not.match(stdout + stderr, /^ {4}at |internal error|RangeError|node:internal/m)
    assert.ok(elapsedMs < LIMIT_MS, `${elapsedMs} ms`)
    assert.ok(stdout.length < 1_000_000, `${stdout.length} characters`)
  })
}

test('the human form of a line of 4 MB is short', async () => {
  const file = join(folder, 'services.yaml')
  writeFileSync(file, `version: ${'x'.repeat(4_000_000)}\n`)
  const { code, stdout } = await validate(file, 'human')
  assert.is(code, 1)
  assert.ok(stdout.length < 10_000, `${stdout.length} characters`)
})

test('UTF-16 with its mark is read', async () => {
  const file = join(folder, 'services.yaml')
  writeFileSync(file, utf16('version: 1\n'))
  assert.is((await validate(file)).code, 0)
})

const isRoot = process.getuid?.() === 0
for (const name of ['folder', 'file']) {
  ;(isRoot ? test.skip : test)(`a ${name} without permission is told`, async () => {
    const path = join(folder, `closed-${name}`)
    if (name === 'folder') mkdirSync(path)
    else writeFileSync(path, 'version: 1\n')
    chmodSync(path, 0)
    const { code, stdout } = await validate(path)
    chmodSync(path, 0o700)
    assert.is(code, 1)
    assert.match(stdout, /error: cannot be read: permission denied \[file\/unreadable\]/)
  })
}

interface Hostile {
  answer: () => Answer
  status: number
  code: string
  /** What the detail says besides account and endpoint: what came, and what to do. */
  detail: RegExp
}

const TIMEOUT_MS = 4_000

const HOSTILE: Record<string, Hostile> = {
  html: {
    answer: () => html(200),
    status: 502,
    code: 'token_invalid_response',
    detail: /answered 200 with \d+ characters of text\/html.*check accessTokenUri/,
  },
  'html-error': { answer: () => html(404), status: 502, code: 'token_refused', detail: /answered 404/ },
  empty: {
    answer: () => text(200, ''),
    status: 502,
    code: 'token_invalid_response',
    detail: /200 with an empty answer/,
  },
  nothing: {
    answer: never,
    status: 503,
    code: 'token_timeout',
    detail: /did not answer within \d+ ms; is it reachable/,
  },
  stalled: { answer: stalled, status: 503, code: 'token_timeout', detail: /did not answer within/ },
  endless: {
    answer: endless,
    status: 502,
    code: 'token_invalid_response',
    detail: /more than 1 MiB; check accessTokenUri/,
  },
  cut: { answer: cut, status: 503, code: 'token_unreachable', detail: /connection was closed/ },
  reset: { answer: reset, status: 503, code: 'token_unreachable', detail: /connection/ },
  redirect: {
    answer: () => redirect('https://login.example/sign-in?x=1'),
    status: 502,
    code: 'token_redirect',
    detail: /answers 302 and redirects to login\.example;.*set accessTokenUri/,
  },
  refusing: {
    answer: () => json(401, { error: 'invalid_client', error_description: 'who?' }),
    status: 502,
    code: 'token_refused',
    detail: /answered 401 invalid_client: who\?.*check clientId, clientAuthMethod/,
  },
  'error-in-200': {
    answer: () => json(200, { error: 'invalid_scope' }),
    status: 502,
    code: 'token_refused',
    detail: /answered 200 invalid_scope/,
  },
  tokenless: {
    answer: () => json(200, { expires_in: 5 }),
    status: 502,
    code: 'token_invalid_response',
    detail: /access_token/,
  },
  busy: { answer: () => text(503, 'later'), status: 502, code: 'token_refused', detail: /answered 503/ },
}

let endpoint: StartedTokenEndpoint
let api: Loopback
let daemon: Daemon

test.before(async () => {
  endpoint = await startTokenEndpoint(({ url }) => HOSTILE[url.slice(1)]?.answer() ?? token('a-fine-token'))
  api = await listenOnLoopback((_request, response) => void response.end('fine'))
  const services = Object.fromEntries(
    [...Object.keys(HOSTILE), 'good'].map(name => {
      const accessTokenUri = endpoint.url.replace('/token', `/${name}`)
      return [name, { account: name, serverUrl: api.url, accessTokenUri }]
    }),
  )
  const accounts = Object.entries(services).map(([name, { accessTokenUri }]) => [
    name,
    { accessTokenUri, clientId: 'c', clientSecret: 's', scope: [], timeout: `${TIMEOUT_MS}ms` },
  ])
  const configuration = {
    version: 1,
    accounts: Object.fromEntries(accounts),
    services: Object.fromEntries(
      Object.entries(services).map(([n, { accessTokenUri: _, ...service }]) => [n, service]),
    ),
  }
  const file = join(folder, 'daemon.yaml')
  writeFileSync(file, JSON.stringify(configuration))
  daemon = await startDaemon({ paths: [file], listen: '127.0.0.1:0', adminListen: '127.0.0.1:0', logLevel: 'silent' })
})

test.after(async () => {
  await daemon?.stop(500)
  for (const server of [endpoint, api]) await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

for (const [name, { status, code, detail }] of Object.entries(HOSTILE)) {
  test(`a token endpoint that is ${name}: a problem that helps, in time, while others are served`, async () => {
    const startedAt = performance.now()
    const waiting = fetch(`${daemon.api}/v1/services/${name}/authorization`)
    const good = await fetch(`${daemon.api}/v1/services/good/proxy/x`)
    assert.is(await good.text(), 'fine')
    assert.ok(performance.now() - startedAt < TIMEOUT_MS, 'others do not wait')
    const reply = await waiting
    assert.ok(performance.now() - startedAt < TIMEOUT_MS + 60_000, 'within the limit of the account')
    const problem = (await reply.json()) as Record<string, unknown>
    assert.equal([reply.status, problem.code, problem.account, problem.service], [status, code, name, name])
    const { host } = new URL(endpoint.url)
    assert.is(problem.endpoint, `${host}/${name}`)
    assert.match(String(problem.detail), `account \`${name}\`: ${host}/${name}`)
    assert.match(String(problem.detail), detail)
    assert.ok(JSON.stringify(problem).length < 1500)
  })
}

test('nothing reached the service for an account without a token', async () => {
  let reached = 0
  api.server.on('request', () => reached++)
  const replies = await Promise.all(
    Object.keys(HOSTILE).map(name => fetch(`${daemon.api}/v1/services/${name}/proxy/x`, { method: 'POST', body: 'x' })),
  )
  for (const reply of replies) assert.ok([502, 503].includes(reply.status))
  assert.is(reached, 0)
})

test.run()
