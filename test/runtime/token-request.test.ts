// Token requests as they arrive at a real server: start line, headers and body, for each way in which they may be sent.
import type { IncomingMessage } from 'node:http'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { VERSION } from '../../src/base/version.ts'
import { tokenEndpoint } from '../../src/runtime/authorization-server/token-endpoint.ts'
import { compileAccount, rejectionOf, valuesOf } from '../compile/compiled.ts'
import { type Loopback, listenOnLoopback, readBody, sendJson } from '../support/loopback.ts'

interface Arrived {
  line: string
  headers: IncomingMessage['headers']
  body: string
}

const arrived: Arrived[] = []
let server: Loopback

test.before(async () => {
  server = await listenOnLoopback(async (request, response) => {
    const body = (await readBody(request)).toString('utf8')
    arrived.push({ line: `${request.method} ${request.url}`, headers: request.headers, body })
    sendJson(response, 200, { access_token: 'served', token_type: 'Bearer', expires_in: 3600 })
  })
})
test.after(() => server.close())
test.before.each(() => {
  arrived.length = 0
})

async function send(keys: Record<string, unknown>): Promise<Arrived> {
  const plan = compileAccount({ accessTokenUri: `${server.url}/token?p=1`, ...keys })
  let count = 0
  const values = { ...valuesOf({ SECRET: 'fake-secret' }), uuid: () => `uuid-${++count}` }
  for (let times = 0; times < 2; times++) {
    const request = await plan.buildRequest(values)
    const response = await tokenEndpoint.send('a', request, { timeoutMs: 10_000, nowMs: Date.now })
    assert.is(plan.pickBearer(response, 0).bearer.reveal(), 'served')
  }
  assert.is(arrived.length, 2)
  return arrived[0]!
}

const POST = { clientAuthMethod: 'client_secret_post' }

test('case 4: a text of scopes is sent with blanks as %20; an empty list sends no scope', async () => {
  const { line, headers, body } = await send({ scope: 'read,write , admin' })
  assert.is(line, 'POST /token?p=1')
  assert.is(body, 'grant_type=client_credentials&scope=read%20write%20admin')
  assert.is(headers['content-type'], 'application/x-www-form-urlencoded')
  assert.is(headers['content-length'], String(body.length))
  assert.is(headers['transfer-encoding'], undefined)
  assert.is(headers.accept, 'application/json')
  assert.is(headers['user-agent'], `bearerd/${VERSION}`)
  arrived.length = 0
  assert.is((await send({ scope: [] })).body, 'grant_type=client_credentials')
})

test('case 19: one JSON object with credentials and audience', async () => {
  const keys = { ...POST, scope: [], audience: 'https://é.example', tokenRequest: { format: 'json' } }
  const { headers, body } = await send(keys)
  assert.equal(JSON.parse(body), {
    grant_type: 'client_credentials',
    audience: 'https://é.example',
    client_id: 'app',
    client_secret: 'fake-secret',
  })
  assert.is(headers['content-type'], 'application/json')
  assert.is(headers['content-length'], String(Buffer.byteLength(body)))
})

test('GET: everything in the query, behind the own one of the URL; no body and no word about one', async () => {
  const { line, headers, body } = await send({ ...POST, scope: 'a b', tokenRequest: { method: 'GET' } })
  assert.is(line, 'GET /token?p=1&grant_type=client_credentials&scope=a%20b&client_id=app&client_secret=fake-secret')
  assert.is(body, '')
  assert.is(headers['content-type'], undefined)
  assert.is(headers['content-length'], undefined)
})

test('format query: an empty body says its length', async () => {
  const { line, headers, body } = await send({ ...POST, scope: [], tokenRequest: { format: 'query' } })
  assert.is(line, 'POST /token?p=1&grant_type=client_credentials&client_id=app&client_secret=fake-secret')
  assert.is(body, '')
  assert.is(headers['content-type'], undefined)
  assert.is(headers['content-length'], '0')
})

test('a login without any parameter has an empty body', async () => {
  const keys = { clientId: undefined, clientSecret: undefined, grant: 'login', scope: [] }
  const { headers, body } = await send(keys)
  assert.is(body, '')
  assert.is(headers['content-length'], '0')
  assert.is(headers.authorization, undefined)
})

test('own headers: once each, the user agent replaced, a new id for each request', async () => {
  const headers = { 'user-agent': 'robot/1.0 (ops@acme.example)', Accept: '*/*', 'X-Request-Id': '{{uuid}}' }
  const first = await send({ tokenRequest: { headers, params: { nonce: '{{uuid}}' } } })
  assert.is(first.headers['user-agent'], 'robot/1.0 (ops@acme.example)')
  assert.is(first.headers.accept, '*/*')
  const ids = arrived.map(({ headers: sent }) => sent['x-request-id'])
  assert.is(new Set(ids).size, 2, ids.join())
  const nonces = arrived.map(({ body }) => new URLSearchParams(body).get('nonce'))
  assert.is(new Set([...nonces, ...ids]).size, 4)
})

test('a secret in the path of the URL is not told by an error', async () => {
  const vars = { key: { env: 'SECRET' } }
  const plan = compileAccount({ accessTokenUri: `${server.url}/{{vars.key}}/token`, vars })
  const request = await plan.buildRequest(valuesOf({ SECRET: 'fake-secret in-path' }))
  await server.close()
  const error = await rejectionOf(tokenEndpoint.send('a', request, { timeoutMs: 10_000, nowMs: Date.now }))
  assert.match(error.message, '/[secret]/token cannot be reached')
  assert.not.match(error.message, 'in-path')
})

test.run()
