// Unique secrets in every place that takes one, then every success and failure that can be provoked: none of them may appear
// in a log, an answer, an error or a diagnostic, in any form. Only what hands credentials out may hold one.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createExecutor, type Executor } from '../../src/index.ts'
import {
  cut,
  html,
  json,
  never,
  redirect,
  reset,
  type StartedTokenEndpoint,
  stalled,
  startTokenEndpoint,
  type TokenEndpoint,
  text,
  token,
} from '../support/hostile-token-endpoint.ts'
import { type Loopback, listenOnLoopback } from '../support/loopback.ts'
import { runCommand } from '../support/run-command.ts'

/** Each changes in every encoding. */
const SECRETS = {
  client: 'canary client+/=&%?é 01',
  password: 'canary password+/=&%?é 02',
  header: 'canary header+/=&%? 03',
  query: 'canary query+/=&%?é 04',
  service: 'canary service+/=&%? 05',
  issued: 'canary-issued-token-06',
  literal: 'canary+literal/07',
}
const CLIENT_ID = 'client of the canary'
const MODES = ['echo', 'html', 'redirect', 'reset', 'stalled', 'cut', 'never', 'text', 'odd', 'error']
const folder = mkdtempSync(join(tmpdir(), 'bearerd-canary-'))
const file = join(folder, 'services.yaml')
const environment = Object.fromEntries(
  Object.entries(SECRETS).map(([name, secret]) => [`CANARY_${name.toUpperCase()}`, secret]),
)
let endpoint: StartedTokenEndpoint
let api: Loopback
let apiSaw = ''

/** Whatever was written anywhere, with where it was. */
const written: [string, string][] = []

function formsOf(secret: string): string[] {
  const percent = encodeURIComponent(secret)
  const form = new URLSearchParams([['', secret]]).toString().slice(1)
  const base64 = (value: string) => Buffer.from(value).toString('base64')
  const basic = [CLIENT_ID, encodeURIComponent(CLIENT_ID), CLIENT_ID.replaceAll(' ', '+'), 'ada'].flatMap(id =>
    [secret, percent, form].map(value => base64(`${id}:${value}`)),
  )
  const plain = [secret, percent, form, base64(secret), Buffer.from(secret).toString('base64url'), ...basic]
  return [...new Set([...plain, ...plain.map(value => JSON.stringify(value).slice(1, -1))])]
}

function leaksIn(content: string): string[] {
  return Object.entries(SECRETS).flatMap(([name, secret]) =>
    formsOf(secret)
      .filter(form => content.includes(form))
      .map(form => `${name} as ${form}`),
  )
}

function assertClean(where: string, content: string): void {
  const [leak] = leaksIn(content)
  assert.is(leak, undefined, `${where} holds ${leak}:\n${content.slice(0, 2000)}`)
}

/** Sends back all that it was sent, in the place that the mode is about. */
const answerToken: TokenEndpoint = ({ url, body, headers }) => {
  const { authorization = '' } = headers
  const everything = `${body} ${decodeURIComponent(body.replaceAll('+', ' '))} ${authorization} ${atob(authorization.slice(6))}`
  switch (url.slice(1)) {
    case 'ok':
      return token(SECRETS.issued)
    case 'echo':
      return json(400, { error: 'invalid_grant', error_description: `refused: ${everything}` })
    case 'error':
      return json(400, { error: `invalid ${everything}`, message: everything })
    case 'html':
      return html(200, `<p>${everything}</p>`)
    case 'redirect':
      return redirect(`https://elsewhere.example/login?${encodeURIComponent(everything)}`)
    case 'text':
      return text(500, everything, { 'Content-Type': `text/x; ${encodeURIComponent(everything)}` })
    case 'odd':
      return json(200, { token: everything, access_token: { nested: everything } })
    case 'reset':
      return reset()
    case 'stalled':
      return stalled(200, `{"access_token":"${SECRETS.issued}`)
    case 'cut':
      return cut(200, `{"access_token":"${SECRETS.issued}`)
    default:
      return never()
  }
}

const answerApi: RequestListener = (request, response) => {
  apiSaw += `${request.url} ${request.rawHeaders.join(' ')}\n`
  const path = request.url?.split('?')[0]
  if (path === '/reset') return void request.socket.resetAndDestroy()
  if (path === '/never') return
  if (path === '/half')
    return void response.writeHead(200, { 'Content-Length': 99 }).write('half', () => response.destroy())
  response.writeHead(Number(path?.slice(1)) || 200).end('answer')
}

function configuration(): object {
  const env = (name: string) => ({ env: `CANARY_${name.toUpperCase()}` })
  const headers = { 'X-Service': env('service') }
  const account = (mode: string, more: object) => ({
    accessTokenUri: endpoint.url.replace('/token', `/${mode}`),
    clientId: CLIENT_ID,
    clientSecret: env('client'),
    scope: [],
    // What works must not be too slow on a busy machine.
    timeout: mode === 'ok' ? '20s' : '400ms',
    ...more,
  })
  const user = { grant: 'password', username: 'ada', password: env('password') }
  const modes = ['ok', ...MODES].flatMap(mode => [
    [`basic-${mode}`, account(mode, user)],
    [`post-${mode}`, account(mode, { ...user, clientAuthMethod: 'client_secret_post' })],
  ])
  const accounts: Record<string, unknown> = {
    ...Object.fromEntries(modes),
    header: { authorization: 'header', header: { name: 'X-Key', value: env('header') } },
    query: { authorization: 'query', query: { name: 'key', value: env('query') } },
    basic: { authorization: 'basic', username: 'ada', password: env('password') },
    literal: { authorization: 'header', header: { name: 'X-Literal', value: SECRETS.literal } },
    unset: account('ok', { clientSecret: { env: 'CANARY_UNSET' } }),
  }
  const serviceOf = (name: string) => [name, { account: name, serverUrl: api.url, headers, timeout: '400ms' }]
  return { version: 1, accounts, services: Object.fromEntries(Object.keys(accounts).map(serviceOf)) }
}

/** Files with the literal on, or beside, what is wrong with them. */
const BROKEN: Record<string, string> = {
  'unknown key': 'accounts:\n  a: { authorization: header, heder: { name: X, value: "LITERAL" } }',
  'unknown key beside it':
    'accounts:\n  a:\n    authorization: header\n    header: { name: X, value: LITERAL, oops: 1 }',
  'misspelt secret': 'accounts:\n  a:\n    clientSecrt: LITERAL\n    scope: []',
  'key that is not allowed': 'accounts:\n  a: { authorization: none, password: LITERAL }',
  'wrong type': 'accounts:\n  a: { authorization: header, header: { name: X, value: [LITERAL] } }',
  'wrong reference': 'accounts:\n  a: { authorization: basic, username: a, password: { envv: LITERAL } }',
  'text behind a quote': 'accounts:\n  a:\n    clientSecret: "LITERAL" oops',
  'open quote': 'accounts:\n  a:\n    clientSecret: "LITERAL',
  'colon in text': 'accounts:\n  a:\n    clientSecret: LITERAL: oops',
  'open brace': 'accounts:\n  a: { password: LITERAL',
  'wrong indent': 'accounts:\n  a:\n    clientSecret: LITERAL\n   scope: []',
  tab: 'accounts:\n  a:\n\tclientSecret: LITERAL',
  twice: 'accounts:\n  a:\n    clientSecret: one\n    clientSecret: LITERAL',
  'invalid template': 'accounts:\n  a:\n    clientSecret: "LITERAL{{"',
  'unknown variable': 'accounts:\n  a:\n    clientSecret: "LITERAL{{vars.nothing}}"\n    scope: []',
  'user information':
    'services:\n  s:\n    account: { authorization: none }\n    serverUrl: https://user:LITERAL@api.example',
  'unknown tag': 'accounts:\n  a:\n    clientSecret: !vault LITERAL',
  'block text': 'accounts:\n  a:\n    clientSecret: |\n      LITERAL\n    oops: 1',
}

test.before(async () => {
  endpoint = await startTokenEndpoint(answerToken)
  api = await listenOnLoopback(answerApi)
  writeFileSync(file, JSON.stringify(configuration(), null, 1))
})

test.after(async () => {
  for (const server of [endpoint, api]) await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

function start(args: readonly string[]) {
  const env = { ...process.env, ...environment }
  return spawn(process.execPath, ['src/cli/main.ts', ...args], { env })
}

async function run(...args: string[]): Promise<string> {
  const { stdout, stderr } = await runCommand(args, { env: environment })
  written.push([args.join(' '), stdout + stderr])
  return stdout + stderr
}

function serviceNames(): string[] {
  return Object.keys((configuration() as { services: object }).services)
}

const CALLS = ['/200?x=1', '/401', '/500', '/reset', '/never', '/half', '/../x']

/** What a caller sees of the daemon; the authorization itself is its job. */
async function visit(base: string, name: string): Promise<void> {
  const authorization = await fetch(`${base}/v1/services/${name}/authorization?minTtl=1s`)
  if (authorization.status !== 200) written.push([`authorization of ${name}`, await authorization.text()])
  for (const path of authorization.status === 200 ? CALLS : ['/200']) {
    const reply = await fetch(`${base}/v1/services/${name}/proxy${path}`).catch((error: unknown) => error)
    if (!(reply instanceof Response)) continue
    const body = await reply.text().catch(String)
    written.push([`${path} of ${name}`, `${body} ${JSON.stringify([...reply.headers])}`])
  }
  written.push([`service ${name}`, await (await fetch(`${base}/v1/services/${name}`)).text()])
  await fetch(`${base}/v1/services/${name}/token`, { method: 'DELETE' })
}

test('the daemon at log level debug: no secret in log, problems, lists, status, metrics and reloads', async () => {
  const listen = ['--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0', '--log-format', 'json']
  const child = start(['run', '-c', file, '--log-level', 'debug', '--no-watch', ...listen])
  let log = ''
  child.stderr.on('data', chunk => {
    log += chunk
  })
  while (!log.includes('"msg":"ready"')) {
    await Promise.race([once(child.stderr, 'data'), once(child, 'close')])
    assert.is(child.exitCode, null, log)
  }
  const ready = JSON.parse(log.split('\n').find(line => line.includes('"msg":"ready"'))!)
  await Promise.all(serviceNames().map(name => visit(ready.api, name)))
  for (const [name, content] of Object.entries(BROKEN)) {
    writeFileSync(file, `version: 1\n${content.replaceAll('LITERAL', SECRETS.literal)}\n`)
    const reply = await fetch(`${ready.admin}/-/reload`, { method: 'POST' })
    assert.is(reply.status, 422, name)
    written.push([`reload: ${name}`, await reply.text()])
    written.push([`status: ${name}`, await (await fetch(`${ready.admin}/v1/status`)).text()])
  }
  writeFileSync(file, JSON.stringify(configuration(), null, 1))
  for (const url of [`${ready.admin}/metrics`, `${ready.admin}/v1/status`, `${ready.api}/v1/services`])
    written.push([url, await (await fetch(url)).text()])
  child.kill('SIGTERM')
  await once(child, 'close')
  written.push(['log', log])
  for (const [where, content] of written) assertClean(where, content)
  assert.ok(log.includes('"level":"debug"') || log.includes('"level":"warn"'))
})

test('the canaries were there: service and token endpoint have seen each of them', () => {
  const requests = endpoint.requests.map(({ headers, body }) => `${body} ${headers.authorization}`).join('\n')
  const seen = new Set(leaksIn(requests + apiSaw).map(leak => leak.split(' as ')[0]))
  for (const name of Object.keys(SECRETS)) assert.ok(seen.has(name), name)
})

for (const [name, content] of Object.entries(BROKEN)) {
  test(`validate and explain of a broken file: ${name}`, async () => {
    const broken = join(folder, `${name.replaceAll(' ', '-')}.yaml`)
    const literal = SECRETS.literal
    writeFileSync(broken, `version: 1\n${content.replaceAll('LITERAL', literal)}\n`)
    const outputs = [
      await run('validate', '--format', 'human', broken),
      await run('validate', '--format', 'json', broken),
      await run('explain', 'a', '-c', broken),
    ]
    for (const output of outputs) {
      assert.match(output, /: error: |"severity": "error"/)
      assertClean(name, output)
    }
  })
}

test('validate and explain of the whole file', async () => {
  assertClean('validate', await run('validate', '--strict', file))
  for (const name of ['basic-ok', 'header', 'query', 'literal']) {
    assertClean('explain', await run('explain', name, '-c', file))
    assertClean('explain', await run('explain', name, '-c', file, '--format', 'json'))
  }
})

test('errors of call and token', async () => {
  for (const args of [
    ['token', 'basic-echo'],
    ['token', 'post-error'],
    ['token', 'unset'],
    ['call', 'query', '/reset'],
    ['call', 'query', '/half'],
    ['call', 'literal', '/never'],
    ['call', 'header', 'http://other.example/'],
    ['call', 'basic-ok', '/500'],
  ]) {
    const output = await run(...args, '-c', file)
    assert.match(output, 'bearerd:', `${args.join(' ')}: ${output}`)
    assertClean(args.join(' '), output)
  }
})

async function errorOf(promise: PromiseLike<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

function assertErrorClean(where: string, error: unknown): void {
  if (error === undefined) return
  assertClean(where, inspect(error, { depth: 12, showHidden: true }))
  assertClean(where, String((error as Error).stack) + JSON.stringify(error))
}

async function provoke(executor: Executor, name: string): Promise<void> {
  const authorization = await errorOf(executor.authorize(name))
  assertErrorClean(`authorize ${name}`, authorization)
  const paths =
    authorization === undefined ? ['500', '401', 'reset', 'never', 'half', 'http://other.example/'] : ['500']
  for (const path of paths) {
    const error = await errorOf(executor.client(name)(path).text())
    assert.ok(error instanceof Error, `${name} ${path} fails`)
    assertErrorClean(`client ${name} ${path}`, error)
  }
}

test('every error of the library, inspected', async () => {
  const executor = createExecutor({ environment })
  await executor.load(file)
  await Promise.all(serviceNames().map(name => provoke(executor, name)))
  assertErrorClean('unknown', await errorOf(executor.authorize('nothing')))
  for (const [name, content] of Object.entries(BROKEN)) {
    const broken = join(folder, 'library.yaml')
    writeFileSync(broken, `version: 1\n${content.replaceAll('LITERAL', SECRETS.literal)}\n`)
    const error = await errorOf(executor.load(broken))
    assert.ok(error instanceof Error, name)
    assertErrorClean(name, error)
  }
  assertClean('executor', inspect(executor, { depth: 12 }))
  await executor[Symbol.asyncDispose]()
})

test.run()
