// The test servers themselves: what they issue is accepted, what they did not issue is refused.
import { createPublicKey, verify } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fakeClock } from './support/fake-clock.ts'
import * as hostile from './support/hostile-token-endpoint.ts'
import { OAUTH2_CLIENT, OAUTH2_USER, startOAuth2Server } from './support/oauth2-server.ts'
import {
  OIDC_BASIC_CLIENT,
  OIDC_POST_CLIENT,
  OIDC_PUBLIC_CLIENT,
  OIDC_USER,
  startOidcServer,
} from './support/oidc-server.ts'
import { type Echo, startProtectedApi } from './support/protected-api.ts'

type Json = Record<string, unknown> & { access_token: string; refresh_token: string; id_token: string }

async function post(url: string, form: Record<string, string>, headers = {}): Promise<{ status: number; body: Json }> {
  const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) })
  return { status: response.status, body: (await response.json()) as Json }
}

async function rejects(action: () => Promise<unknown>): Promise<void> {
  const failed = await action().then(
    () => false,
    () => true,
  )
  assert.ok(failed, 'expected a rejection')
}

function formEncode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}

/** RFC 6749 section 2.3.1: both halves form-encoded. */
function basic(id: string, secret: string): { Authorization: string } {
  return { Authorization: `Basic ${btoa(`${formEncode(id)}:${formEncode(secret)}`)}` }
}

const PASSWORD = { grant_type: 'password', username: OIDC_USER.username, password: OIDC_USER.password }

function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
}

async function isSignedBy(jwksUrl: string, jwt: string): Promise<boolean> {
  const { keys } = (await (await fetch(jwksUrl)).json()) as { keys: Record<string, string>[] }
  const [head, payload, signature = ''] = jwt.split('.')
  const key = createPublicKey({ key: keys[0]!, format: 'jwk' })
  const input = Buffer.from(`${head}.${payload}`)
  return verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
}

test('oidc-provider: client_credentials with every way of authenticating, checked by a protected API', async () => {
  const oidc = await startOidcServer({ accessTokenTtlSeconds: 77 })
  const api = await startProtectedApi({ check: oidc.check })
  const { client_id, client_secret } = OIDC_BASIC_CLIENT
  const first = await post(
    oidc.tokenUrl,
    { grant_type: 'client_credentials', scope: 'read' },
    basic(client_id, client_secret),
  )
  assert.is(first.status, 200)
  assert.is(first.body.expires_in, 77)
  assert.is(first.body.scope, 'read')
  const { client_id: postId, client_secret: postSecret } = OIDC_POST_CLIENT
  const second = await post(oidc.tokenUrl, {
    grant_type: 'client_credentials',
    client_id: postId,
    client_secret: postSecret,
  })
  assert.is(second.status, 200)
  const wrong = await post(oidc.tokenUrl, { grant_type: 'client_credentials' }, basic(client_id, 'fake-wrong'))
  assert.is(wrong.status, 401)
  assert.is(wrong.body.error, 'invalid_client')
  assert.equal(
    oidc.requests.map(({ body, status }) => [body, status]),
    [
      ['grant_type=client_credentials&scope=read', 200],
      [
        new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: postId,
          client_secret: postSecret,
        }).toString(),
        200,
      ],
      ['grant_type=client_credentials', 401],
    ],
  )
  const call = (token: string): Promise<Response> =>
    fetch(`${api.url}/items?x=1`, { method: 'PUT', headers: { Authorization: `Bearer ${token}` }, body: 'hello' })
  const accepted = await call(first.body.access_token)
  assert.is(accepted.status, 200)
  const echo = (await accepted.json()) as Echo
  assert.equal([echo.method, echo.path, echo.bodyBytes, echo.body], ['PUT', '/items?x=1', 5, 'hello'])
  const refused = await call('made-up')
  assert.is(refused.status, 401)
  assert.is(refused.headers.get('www-authenticate'), 'Bearer error="invalid_token"')
  oidc.revokeAll()
  assert.is((await call(first.body.access_token)).status, 401)
  assert.is(api.count(), 3)
  await Promise.all([oidc.close(), api.close()])
})

test('oidc-provider: password grant, ID token, rotated refresh token', async () => {
  const oidc = await startOidcServer()
  const { client_id } = OIDC_PUBLIC_CLIENT
  const scope = 'openid email offline_access read'
  const { status, body } = await post(oidc.tokenUrl, { ...PASSWORD, client_id, scope })
  assert.is(status, 200, JSON.stringify(body))
  assert.ok(await oidc.check(body.access_token))
  const claims = claimsOf(body.id_token)
  assert.equal(
    [claims.iss, claims.aud, claims.sub, claims.email],
    [oidc.url, client_id, OIDC_USER.username, OIDC_USER.email],
  )
  assert.ok(await isSignedBy(oidc.jwksUrl, body.id_token))
  const refresh = { grant_type: 'refresh_token', refresh_token: body.refresh_token, client_id }
  const again = await post(oidc.tokenUrl, refresh)
  assert.is(again.status, 200, JSON.stringify(again.body))
  assert.is.not(again.body.refresh_token, body.refresh_token)
  assert.ok(again.body.id_token)
  assert.ok(await oidc.check(again.body.access_token))
  const reused = await post(oidc.tokenUrl, refresh)
  assert.equal([reused.status, reused.body.error], [400, 'invalid_grant'])
  assert.not.ok(await oidc.check(again.body.access_token))
  await oidc.close()
})

test('oidc-provider: password grant without openid and with a wrong password', async () => {
  const oidc = await startOidcServer()
  const { client_id, client_secret } = OIDC_BASIC_CLIENT
  const plain = await post(oidc.tokenUrl, PASSWORD, basic(client_id, client_secret))
  assert.is(plain.status, 200, JSON.stringify(plain.body))
  assert.equal(Object.keys(plain.body).sort(), ['access_token', 'expires_in', 'token_type'])
  const wrong = await post(oidc.tokenUrl, { ...PASSWORD, password: 'fake' }, basic(client_id, client_secret))
  assert.equal([wrong.status, wrong.body.error], [400, 'invalid_grant'])
  await oidc.close()
})

test('oauth2-server: client_credentials, password and refresh_token, revocation', async () => {
  const server = await startOAuth2Server({ accessTokenTtlSeconds: 60 })
  const headers = basic(OAUTH2_CLIENT.id, OAUTH2_CLIENT.secret)
  const machine = await post(server.tokenUrl, { grant_type: 'client_credentials', scope: 'read write' }, headers)
  assert.equal([machine.status, machine.body.scope], [200, 'read write'])
  const livesSeconds = Number(machine.body.expires_in)
  assert.ok(livesSeconds > 0 && livesSeconds <= 60, 'the server rounds down what is left')
  assert.ok(await server.isActive(machine.body.access_token))
  const user = await post(server.tokenUrl, { grant_type: 'password', ...OAUTH2_USER }, headers)
  assert.is(user.status, 200, JSON.stringify(user.body))
  const refresh = { grant_type: 'refresh_token', refresh_token: user.body.refresh_token }
  server.revokeAll()
  assert.not.ok(await server.isActive(user.body.access_token))
  const renewed = await post(server.tokenUrl, refresh, headers)
  assert.is(renewed.status, 200)
  assert.equal((await post(`${server.url}/introspect`, { token: renewed.body.access_token })).body, { active: true })
  assert.equal((await post(server.tokenUrl, refresh, headers)).status, 400)
  const wrong = await post(server.tokenUrl, { grant_type: 'client_credentials' }, basic('machine', 'fake'))
  assert.equal([wrong.status, wrong.body.error], [401, 'invalid_client'])
  assert.equal(
    server.requests.map(({ status }) => status),
    [200, 200, 200, 400, 401],
  )
  await server.close()
})

test('protected API: stream, status, redirect, slow', async () => {
  const api = await startProtectedApi({ check: async token => token === 'good' })
  const get = (path: string): Promise<Response> =>
    fetch(`${api.url}${path}`, { headers: { Authorization: 'Bearer good' }, redirect: 'manual' })
  assert.is((await (await get('/stream?mb=2')).arrayBuffer()).byteLength, 2 * 1024 * 1024)
  assert.is((await get('/status/503')).status, 503)
  assert.is((await get('/status/204')).status, 204)
  const redirect = await get('/redirect')
  assert.equal([redirect.status, redirect.headers.get('location')], [302, 'http://other-origin.invalid/landing'])
  assert.is((await get('/slow?ms=5')).status, 200)
  assert.is((await fetch(`${api.url}/stream`)).status, 401)
  await api.close()
})

test('hostile token endpoint: answers as told, records, closes under open requests', async () => {
  const answers = [hostile.token('t-1'), hostile.html(200), hostile.redirect('http://other.invalid/'), hostile.reset()]
  const endpoint = await hostile.startTokenEndpoint((_request, index) => answers[index] ?? hostile.never())
  const ask = (): Promise<Response> =>
    fetch(endpoint.url, { method: 'POST', body: new URLSearchParams({ a: 'b c' }), redirect: 'manual' })
  assert.is(((await (await ask()).json()) as Json).access_token, 't-1')
  assert.match((await ask()).headers.get('content-type') ?? '', /^text\/html/)
  assert.is((await ask()).status, 302)
  await rejects(ask)
  const hanging = rejects(ask)
  while (endpoint.requests.length < 5) await new Promise(resolve => setImmediate(resolve))
  await endpoint.close()
  await hanging
  assert.equal(
    [endpoint.requests[0]?.method, endpoint.requests[0]?.url, endpoint.requests[0]?.body],
    ['POST', '/token', 'a=b+c'],
  )
})

test('hostile token endpoint: bodies that do not end well', async () => {
  const answers = [hostile.cut(), hostile.endless(), hostile.stalled()]
  const endpoint = await hostile.startTokenEndpoint((_request, index) => answers[index]!)
  await rejects(async () => (await fetch(endpoint.url)).text())
  const endless = (await fetch(endpoint.url)).body!.getReader()
  for (let bytes = 0; bytes < 3_000_000; ) bytes += (await endless.read()).value!.byteLength
  await endless.cancel()
  const stalled = (await fetch(endpoint.url)).body!.getReader()
  assert.is((await stalled.read()).value!.byteLength, 16)
  const rest = rejects(() => stalled.read())
  await endpoint.close()
  await rest
})

test('fake clock: order, promises between timers, jump, cancel', async () => {
  const clock = fakeClock()
  const seen: string[] = []
  const note = (text: string) => () => void seen.push(`${text}@${clock.monotonicMs()}`)
  clock.schedule(20, note('b'))
  clock.schedule(10, note('a'))
  clock.schedule(20, note('c'))
  clock.schedule(15, note('cancelled'))()
  const chain = (async () => {
    await clock.sleep(5)
    await clock.sleep(7)
    note('slept')()
  })()
  assert.is(clock.pending(), 4)
  await clock.advance(19)
  assert.equal(seen, ['a@10', 'slept@12'])
  await clock.advance(1)
  assert.equal(seen, ['a@10', 'slept@12', 'b@20', 'c@20'])
  await chain
  clock.jump(-3_600_000)
  assert.is(clock.nowMs(), Date.parse('2025-12-31T23:00:00.020Z'))
  assert.equal([clock.monotonicMs(), clock.pending()], [20, 0])
})

test('fake clock: an aborted sleep rejects with the reason and leaves no timer', async () => {
  const clock = fakeClock()
  const controller = new AbortController()
  const sleeping = clock.sleep(1000, controller.signal)
  const reason = new Error('enough')
  controller.abort(reason)
  assert.is(await sleeping.catch(error => error), reason)
  assert.is(clock.pending(), 0)
  assert.is(await clock.sleep(1, controller.signal).catch(error => error), reason)
})

test.run()
