import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import { type StartedTokenEndpoint, startTokenEndpoint, token } from '../support/hostile-token-endpoint.ts'
import { type Echo, type ProtectedApi, startProtectedApi } from '../support/protected-api.ts'
import { runCommand } from '../support/run-command.ts'

const _ROOT = dirname(dirname(import.meta.dirname))
const folder = mkdtempSync(join(tmpdir(), 'bearerd-parameters-'))
let endpoint: StartedTokenEndpoint
let api: ProtectedApi
let daemon: Daemon
const revoked = new Set<string>()

test.before(async () => {
  endpoint = await startTokenEndpoint(({ url }, index) => token(`${url.split('/').at(-1)}.${index + 1}`))
  api = await startProtectedApi({ check: async bearer => !revoked.has(bearer) })
  const account = {
    accessTokenUri: `${endpoint.url}/{{params.tenant}}`,
    clientId: 'app',
    clientSecret: { env: 'PARAMETERS_TEST_SECRET' },
    scope: [],
  }
  process.env.PARAMETERS_TEST_SECRET = 'fake-secret'
  const parameters = { tenant: { pattern: '^[a-z]+$' }, stage: { default: 'live' } }
  const configuration = {
    version: 1,
    accounts: { shop: account },
    services: {
      orders: {
        account: 'shop',
        serverUrl: `${api.url}/{{params.tenant}}/{{params.stage}}`,
        parameters,
        title: 'Orders',
      },
      plain: { account: { ...account, accessTokenUri: endpoint.url }, serverUrl: api.url },
    },
  }
  writeFileSync(join(folder, 'services.yaml'), JSON.stringify(configuration))
  const listen = { listen: '127.0.0.1:0', adminListen: '127.0.0.1:0' }
  daemon = await startDaemon({ paths: [join(folder, 'services.yaml')], ...listen, logLevel: 'silent' })
})

test.after(async () => {
  await daemon.stop(1000)
  await Promise.all([endpoint.close(), api.close()])
  rmSync(folder, { recursive: true })
})

interface Reply {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

function call(
  path: string,
  headers: Record<string, string | string[]> = {},
  method = 'GET',
  at = daemon.api,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(`${at}${path}`, { method, headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () => {
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() })
      })
    })
    sent.on('error', reject).end()
  })
}

const PROXY = '/v1/services/orders/proxy'

test('by header and by query, on authorization and proxy: another bearer for each value', async () => {
  const a = await call('/v1/services/orders/authorization', { 'X-Bearerd-Param-Tenant': 'acme' })
  assert.is(a.status, 200)
  assert.match(a.headers.authorization!, /^Bearer acme\.\d+$/)
  const b = await call('/v1/services/orders/authorization?param.tenant=globex&minTtl=1m')
  assert.match(b.headers.authorization!, /^Bearer globex\.\d+$/)
  const again = await call('/v1/services/orders/authorization?param%2Etenant=acme')
  assert.is(again.headers.authorization, a.headers.authorization)
})

test('neither is forwarded; everything else passes as it was written', async () => {
  const headers = { 'x-bearerd-param-TENANT': 'acme', 'x-bearerd-other': 'stays' }
  const { status, body } = await call(`${PROXY}/items/1?b=%20&param.stage=test&a=1&%70aram.x=`, headers)
  assert.is(status, 400)
  assert.match(JSON.parse(body).detail, 'no parameter `x`')
  const good = await call(`${PROXY}/items/1?b=%20&param.stage=test&a=1&paramx=2`, headers)
  const echo = JSON.parse(good.body) as Echo
  assert.is(echo.path, '/acme/test/items/1?b=%20&a=1&paramx=2')
  assert.equal(
    Object.keys(echo.headers).filter(name => name.startsWith('x-bearerd-')),
    ['x-bearerd-other'],
  )
  const bare = await call(`${PROXY}/items/1?param.tenant=acme`)
  assert.is((JSON.parse(bare.body) as Echo).path, '/acme/live/items/1')
})

test('a service without parameters keeps a query of that name, and refuses the header', async () => {
  const { body } = await call('/v1/services/plain/proxy/x?param.tenant=acme')
  assert.is((JSON.parse(body) as Echo).path, '/x?param.tenant=acme')
  const refused = await call('/v1/services/plain/proxy/x', { 'x-bearerd-param-tenant': 'acme' })
  assert.is(refused.status, 400)
  assert.is((await call('/v1/services/plain/authorization?param.tenant=acme')).status, 400)
})

test('a problem names the parameter and the pattern, and nothing is sent', async () => {
  const before = [endpoint.requests.length, api.count()]
  const cases: [string, Record<string, string | string[]>, RegExp][] = [
    ['', {}, /needs the parameter `tenant`.*\^\[a-z\]\+\$/],
    ['?param.tenant=A', {}, /`tenant`.*must match \^\[a-z\]\+\$/],
    ['?param.tenant', {}, /must match/],
    ['?param.tenant=%ff', {}, /must match/],
    ['?param.tenant=a&param.tenant=b', {}, /given twice/],
    ['?param.tenant=a', { 'x-bearerd-param-tenant': 'a' }, /given twice/],
    ['', { 'x-bearerd-param-tenant': ['a', 'b'] }, /given twice/],
    ['?param.tenant=a&param.tenent=b', {}, /did you mean `tenant`/],
    ['?param.tenant=a&param.__proto__=b', {}, /no parameter of that name/],
  ]
  for (const [query, headers, detail] of cases) {
    for (const path of [`${PROXY}/x${query}`, `/v1/services/orders/authorization${query}`]) {
      const { status, headers: answered, body } = await call(path, headers)
      assert.is(status, 400, path)
      assert.is(answered['content-type'], 'application/problem+json')
      const problem = JSON.parse(body)
      assert.is(problem.code, 'invalid_parameter', path)
      assert.is(problem.service, 'orders')
      assert.match(problem.detail, detail, path)
    }
  }
  assert.equal([endpoint.requests.length, api.count()], before)
})

test('DELETE forgets the token of one value', async () => {
  const bearer = async (tenant: string) =>
    (await call(`/v1/services/orders/authorization?param.tenant=${tenant}`)).headers.authorization
  const before = [await bearer('acme'), await bearer('globex')]
  assert.is((await call('/v1/services/orders/token', {}, 'DELETE')).status, 400)
  assert.is((await call('/v1/services/orders/token', { 'x-bearerd-param-tenant': 'acme' }, 'DELETE')).status, 204)
  const after = [await bearer('acme'), await bearer('globex')]
  assert.is.not(after[0], before[0])
  assert.is(after[1], before[1])
})

test('a 401 renews the token of its value only', async () => {
  const use = async (tenant: string) => JSON.parse((await call(`${PROXY}/x?param.tenant=${tenant}`)).body) as Echo
  const [a, b] = [await use('acme'), await use('globex')]
  revoked.add(a.headers.authorization!.replace('Bearer ', ''))
  const before = endpoint.requests.length
  assert.match((await use('acme')).headers.authorization!, /^Bearer acme/)
  assert.is((await use('globex')).headers.authorization, b.headers.authorization)
  assert.equal(
    endpoint.requests.slice(before).map(({ url }) => url.split('/').at(-1)),
    ['acme'],
  )
})

test('list, status and metrics say nothing of a single value', async () => {
  await call('/v1/services/orders/authorization?param.tenant=acme')
  const one = JSON.parse((await call('/v1/services/orders')).body)
  assert.equal(one, {
    name: 'orders',
    title: 'Orders',
    account: 'shop',
    state: 'ready',
    parameters: ['tenant', 'stage'],
  })
  const status = JSON.parse((await call('/v1/status', {}, 'GET', daemon.admin)).body)
  const { parameters, ...service } = status.services.orders
  assert.equal(service, { account: 'shop', state: 'ready', expiresAt: null, lastError: null })
  assert.equal(parameters.names, ['tenant', 'stage'])
  assert.is(parameters.failing, 0)
  assert.ok(parameters.live >= 2)
  const metrics = (await call('/metrics', {}, 'GET', daemon.admin)).body
  assert.match(metrics, 'bearerd_authorizations_total{service="orders",outcome="success"}')
  assert.not(/acme|globex/.test(metrics))
})

test('--param of the command line', async () => {
  const run = (...args: string[]) => runCommand([...args, '-c', join(folder, 'services.yaml')])
  const missing = await run('token', 'orders')
  assert.is(missing.code, 3)
  assert.match(missing.stderr, '--param tenant=VALUE')
  assert.is((await run('token', 'orders', '--param', 'tenant')).code, 2)
  assert.is((await run('call', 'orders', '/x', '--param', 'tenant=a', '--param', 'tenant=b')).code, 2)
  assert.match((await run('call', 'orders', '/x', '--param', 'tenant=A')).stderr, 'must match ^[a-z]+$')
})

test.run()
