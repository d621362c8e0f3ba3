// Callers of the daemon: who is let in, to which services, what is forwarded of their own headers, and what the log says.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as openRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createExecutor, type Executor } from '../../src/index.ts'
import { createApiServer } from '../../src/server/api-server.ts'
import { createDoor } from '../../src/server/callers/door.ts'
import { createMetrics } from '../../src/server/metrics.ts'
import { ServiceProxy } from '../../src/server/proxy/proxy.ts'
import { type Loopback, listenOnLoopback, sendJson } from '../support/loopback.ts'

const TOKENS = { billing: 'token-of-billing-1', backup: 'token-of-backup-2', report: 'token-of-report-3' }
const folder = mkdtempSync(join(tmpdir(), 'bearerd-callers-'))
const file = join(folder, 'services.yaml')
const tokenFile = join(folder, 'billing')
const lines: Record<string, unknown>[] = []
let upstream: Loopback
let executor: Executor
let close: () => Promise<void>
let port: number

const note = (level: string) => (fields: object, message: string) => void lines.push({ level, ...fields, message })
const log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }

function configuration(callers: object | undefined): object {
  const header = (name: string) => ({ authorization: 'header', header: { name, value: { file: join(folder, 'key') } } })
  return {
    version: 1,
    services: {
      bearer: { account: header('Authorization'), serverUrl: upstream.url },
      keyed: { account: header('X-Api-Key'), serverUrl: upstream.url },
      open: { account: { authorization: 'none' }, serverUrl: upstream.url },
      tenant: {
        account: header('X-Api-Key'),
        serverUrl: `${upstream.url}/{{params.tenant}}`,
        parameters: { tenant: { pattern: '^[a-z-]+$', default: 'other' } },
      },
    },
    ...(callers && { daemon: { callers } }),
  }
}

const CALLERS = {
  billing: { token: { file: tokenFile }, services: ['bearer', 'open'] },
  backup: { tokenSha256: createHash('sha256').update(TOKENS.backup).digest('hex').toUpperCase(), services: ['*'] },
  report: { token: { env: 'REPORT_TOKEN' }, services: ['tenant'], parameters: { tenant: ['acme', 'acme-eu'] } },
  unset: { token: { env: 'NOT_SET' }, services: ['*'] },
  empty: { token: { env: 'EMPTY' }, services: ['*'] },
}

async function use(callers: object | undefined): Promise<void> {
  writeFileSync(file, JSON.stringify(configuration(callers)))
  await executor.load(file)
}

test.before(async () => {
  upstream = await listenOnLoopback((request, response) => sendJson(response, 200, request.rawHeaders))
  writeFileSync(tokenFile, `${TOKENS.billing}\n`)
  writeFileSync(join(folder, 'key'), 'key-of-the-service')
  executor = createExecutor({ log, environment: { REPORT_TOKEN: TOKENS.report, EMPTY: '' } })
  const metrics = createMetrics()
  const proxy = new ServiceProxy({ log, metrics })
  const door = createDoor({ host: '127.0.0.1', port: 0 })
  const server = createApiServer({ executor, proxy, metrics, log, door, exposed: false })
  await use(CALLERS)
  await server.listen({ host: '127.0.0.1', port: 0 })
  port = (server.server.address() as { port: number }).port
  close = async () => {
    server.server.closeAllConnections()
    await server.close()
    await proxy.close()
  }
})

test.after(async () => {
  await close?.()
  await executor?.[Symbol.asyncDispose]()
  await upstream?.close()
  rmSync(folder, { recursive: true, force: true })
})

test.before.each(() => {
  lines.length = 0
})

interface Reply {
  status: number
  headers: NodeJS.Dict<string | string[]>
  // biome-ignore lint/suspicious/noExplicitAny: looked at member by member.
  json: any
}

async function send(path: string, headers: Record<string, string> | string[] = {}, method = 'GET'): Promise<Reply> {
  const outgoing = openRequest({ port, host: '127.0.0.1', path: `/v1/${path}`, method, headers, timeout: 10_000 })
  outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')))
  const incoming = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve).on('error', reject).end()
  })
  const body = await text(incoming)
  return { status: incoming.statusCode!, headers: incoming.headers, json: body === '' ? undefined : JSON.parse(body) }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

for (const [name, headers] of [
  ['nothing', {}],
  ['a wrong token', bearer('token-of-billing-2')],
  ['a beginning of a token', bearer(TOKENS.billing.slice(0, -1))],
  ['an empty token', bearer('')],
  ['another scheme', { authorization: `Basic ${TOKENS.billing}` }],
  ['the token without its scheme', { authorization: TOKENS.billing }],
  [
    'a wrong token in the header of our own beside a right one',
    {
      ...bearer(TOKENS.billing),
      'x-bearerd-authorization': 'Bearer wrong',
    },
  ],
] as [string, Record<string, string>][]) {
  test(`${name}: 401, whatever the route`, async () => {
    for (const path of [
      'services',
      'services/bearer/authorization',
      'services/bearer/proxy/x',
      'services/nothing',
      'x',
    ]) {
      const { status, json, headers: answered } = await send(path, headers)
      assert.equal([status, json.code], [401, 'unauthenticated'], path)
      assert.is(answered['www-authenticate'], 'Bearer realm="bearerd"')
      assert.is(answered.authorization, undefined)
      assert.not.match(JSON.stringify(json) + JSON.stringify(lines), /token-of-/)
    }
    assert.is(lines.filter(({ level, code }) => level === 'warn' && code === 'unauthenticated').length, 5)
  })
}

test('each caller has its services and no others', async () => {
  const rights: [keyof typeof TOKENS, string, number][] = [
    ['billing', 'bearer', 200],
    ['billing', 'open', 200],
    ['billing', 'keyed', 403],
    ['backup', 'keyed', 200],
    ['report', 'open', 403],
  ]
  for (const [caller, service, expected] of rights) {
    for (const rest of ['', '/authorization', '/proxy/x'])
      assert.is(
        (await send(`services/${service}${rest}`, bearer(TOKENS[caller]))).status,
        expected,
        `${caller} ${service}`,
      )
    const deleted = await send(`services/${service}/token`, bearer(TOKENS[caller]), 'DELETE')
    assert.is(deleted.status, expected === 200 ? 204 : 403)
  }
})

test('a refusal names the caller, in the problem and in the log, and tells nothing of services that are not listed', async () => {
  const { json } = await send('services/keyed/proxy/x?secret=1', { ...bearer(TOKENS.billing), 'x-request-id': 'r-1' })
  assert.equal([json.code, json.caller, json.service, json.requestId], ['forbidden', 'billing', 'keyed', 'r-1'])
  const refusal = lines.find(({ level }) => level === 'warn')!
  const { caller, service, code, path, requestId } = refusal
  assert.equal([caller, service, code, requestId], ['billing', 'keyed', 'forbidden', 'r-1'])
  assert.is(path, '/v1/services/keyed/proxy/x')
  const unknown = await send('services/keyet', bearer(TOKENS.billing))
  assert.equal([unknown.status, unknown.json.code], [403, 'forbidden'])
  assert.is((await send('services/keyet', bearer(TOKENS.backup))).status, 404)
})

test('every forwarding that is refused is one line, with its request, service, caller and code', async () => {
  const refused: [string, string, string][] = [
    ['services/keyed/proxy/x', 'billing', 'forbidden'],
    ['services/tenant/proxy/x?param.tenant=globex', 'report', 'forbidden'],
    ['services/tenant/proxy/x?param.other=1', 'backup', 'invalid_parameter'],
    ['services/keyet/proxy/x', 'backup', 'unknown_service'],
    ['services/open/proxy/%2e%2e/x', 'billing', 'invalid_path'],
  ]
  for (const [path, caller, code] of refused) {
    lines.length = 0
    const headers = { ...bearer(TOKENS[caller as keyof typeof TOKENS]), 'x-request-id': 'r-3' }
    assert.is((await send(path, headers)).json.code, code, path)
    const told = lines.filter(({ level }) => level === 'warn')
    const service = path.split('/')[1]
    assert.equal(
      told.map(line => [line.requestId, line.service, line.caller, line.code]),
      [['r-3', service, caller, code]],
      path,
    )
  }
})

test('the list holds what the caller may use', async () => {
  const names = async (token: string) =>
    (await send('services', bearer(token))).json.services.map(({ name }: { name: string }) => name)
  assert.equal(await names(TOKENS.billing), ['bearer', 'open'])
  assert.equal(await names(TOKENS.backup), ['bearer', 'keyed', 'open', 'tenant'])
  assert.equal(await names(TOKENS.report), ['tenant'])
})

test('values of parameters: what is listed, the default included, and a pattern', async () => {
  const path = 'services/tenant/proxy/x'
  const statusOf = async (value: string | undefined, token: string, rest = path) => {
    const { status, json } = await send(rest + (value === undefined ? '' : `?param.tenant=${value}`), bearer(token))
    if (status === 403) assert.equal([json.code, json.caller, json.service], ['forbidden', 'report', 'tenant'])
    return status
  }
  for (const rest of [path, 'services/tenant/authorization']) {
    assert.is(await statusOf('acme', TOKENS.report, rest), 200)
    assert.is(await statusOf('acme-eu', TOKENS.report, rest), 200)
    for (const value of ['globex', 'acme-', undefined])
      assert.is(await statusOf(value, TOKENS.report, rest), 403, value)
    for (const value of ['globex', undefined]) assert.is(await statusOf(value, TOKENS.backup, rest), 200, value)
  }
  assert.is((await send('services/tenant/token?param.tenant=globex', bearer(TOKENS.report), 'DELETE')).status, 403)
  await use({ ...CALLERS, report: { ...CALLERS.report, parameters: { tenant: { pattern: '^acme(-[a-z]+)?$' } } } })
  assert.is(await statusOf('acme-us', TOKENS.report), 200)
  assert.is(await statusOf('not-acme', TOKENS.report), 403)
  assert.is(lines.filter(({ code, caller }) => code === 'forbidden' && caller === 'report').length, 8)
  await use(CALLERS)
})

test('one line for each use, without the query', async () => {
  await send('services/bearer/proxy/a/b?key=secret', { ...bearer(TOKENS.billing), 'x-request-id': 'r-2' })
  const used = lines.filter(({ message }) => message === 'used')
  const generation = executor.generation!.id
  const path = '/v1/services/bearer/proxy/a/b'
  assert.equal(used, [
    {
      level: 'info',
      caller: 'billing',
      service: 'bearer',
      method: 'GET',
      path,
      requestId: 'r-2',
      generation,
      status: 200,
      message: 'used',
    },
  ])
})

test("the caller's token is never forwarded", async () => {
  for (const service of ['bearer', 'keyed', 'open']) {
    const { json } = await send(`services/${service}/proxy/x`, bearer(TOKENS.backup))
    assert.not.match(JSON.stringify(json), TOKENS.backup)
    const own = await send(`services/${service}/proxy/x`, { 'X-Bearerd-Authorization': `Bearer ${TOKENS.backup}` })
    assert.not.match(JSON.stringify(own.json), /token-of|bearerd/i)
  }
  const twice = [
    'Host',
    '127.0.0.1',
    'Authorization',
    `Bearer ${TOKENS.backup}`,
    'authorization',
    `Bearer ${TOKENS.backup}`,
  ]
  assert.not.match(JSON.stringify((await send('services/open/proxy/x', twice)).json), TOKENS.backup)
})

test('with the header of our own, Authorization is for the service', async () => {
  const headers = { 'X-Bearerd-Authorization': `bearer ${TOKENS.billing}`, Authorization: 'Basic b3du' }
  const open = (await send('services/open/proxy/x', headers)).json as string[]
  assert.is(open[open.indexOf('Authorization') + 1], 'Basic b3du')
  const injected = (await send('services/bearer/proxy/x', headers)).json as string[]
  assert.not.match(JSON.stringify(injected), 'b3du')
})

test('an unset or empty secret opens nothing, says so once, and locks nobody else out', async () => {
  await use({ ...CALLERS, other: { token: { env: 'NOT_SET_2' } } })
  await send('services', bearer(TOKENS.billing))
  await send('services', bearer(TOKENS.billing))
  const warnings = lines.filter(({ message }) => /^the token of this caller cannot be read/.test(String(message)))
  assert.equal(warnings.map(({ caller }) => caller).sort(), ['other', 'unset'])
  assert.is((await send('services', bearer(''))).status, 401)
})

test('a changed token file counts, and a reload with an unreadable one keeps the last', async () => {
  writeFileSync(tokenFile, 'token-of-billing-new')
  await executor.generation!.checkSecrets()
  for (let tries = 0; (await send('services', bearer(TOKENS.billing))).status === 200 && tries < 20_000; tries++);
  assert.is((await send('services', bearer(TOKENS.billing))).status, 401)
  assert.is((await send('services', bearer('token-of-billing-new'))).status, 200)
  rmSync(tokenFile)
  await use(CALLERS)
  assert.is((await send('services', bearer('token-of-billing-new'))).status, 200)
  writeFileSync(tokenFile, TOKENS.billing)
})

test('callers come and go with a reload; an empty list lets nobody in', async () => {
  await use({})
  assert.is((await send('services', bearer(TOKENS.backup))).status, 401)
  await use(undefined)
  assert.is((await send('services')).status, 200)
  const { json } = await send('services/open/proxy/x', { Authorization: 'Bearer own' })
  assert.match(JSON.stringify(json), 'Bearer own')
  assert.is(lines.filter(({ message }) => message === 'used').length, 0)
  await use(CALLERS)
  assert.is((await send('services')).status, 401)
})

test.run()
