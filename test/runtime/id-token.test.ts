// ID tokens as bearers: what they must say, and whose signature they bear; against a real provider and against forgers.
import { inspect } from 'node:util'
import { exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { createDiscovery } from '../../src/runtime/authorization-server/discovery.ts'
import { createProvers } from '../../src/runtime/authorization-server/dpop.ts'
import { tokenEndpoint } from '../../src/runtime/authorization-server/token-endpoint.ts'
import { fetchBearer } from '../../src/runtime/run-pipeline.ts'
import { createSecretStore } from '../../src/runtime/secrets/secret-store.ts'
import { compileAccount, rejectionOf } from '../compile/compiled.ts'
import { fakeClock } from '../support/fake-clock.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'
import { listenOnLoopback } from '../support/loopback.ts'
import { OIDC_BASIC_CLIENT, OIDC_USER, startOidcServer } from '../support/oidc-server.ts'
import { createRunning } from '../support/running.ts'

const running = createRunning()
test.after(() => running.close())
const opened: (() => Promise<void>)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0)) await close()
})

const USER = { grant: 'password', username: 'ada', password: 'fake-password', bearerTokenType: 'id_token' }

function account(keys: Record<string, unknown>, nowMs = Date.now()) {
  const plan = compileAccount({ clientSecret: 'fake-secret', ...USER, scope: 'openid', ...keys })
  const clock = fakeClock(nowMs)
  const silent = () => {}
  const warnings: string[] = []
  const warn = (_: object, message: string) => void warnings.push(message)
  const log = { debug: silent, info: silent, warn, error: silent }
  const secrets = createSecretStore({ environment: {}, accountBearer: () => Promise.reject(new Error('none')) })
  const discovery = createDiscovery({ tokenEndpoint, clock, log, random: () => 1 })
  const effects = { secrets, tokenEndpoint, discovery, provers: createProvers(clock), clock }
  const pick = () => fetchBearer(plan, effects, () => 1, { deadlineMs: clock.monotonicMs() + 5_000 })
  return { pick, fetch: async () => (await pick()).bearer.reveal(), warnings }
}

/** An issuer whose answers and keys a test chooses. */
async function startIssuer(parts: { idToken: (url: string) => Promise<unknown>; keys: JWK[] }) {
  const seen: string[] = []
  const { url, close } = await listenOnLoopback(async (request, response) => {
    seen.push(request.url ?? '')
    request.resume()
    const metadata = { issuer: url, token_endpoint: `${url}/token`, jwks_uri: `${url}/jwks` }
    if (request.url?.startsWith('/.well-known/')) return hostile.json(200, metadata)(response)
    if (request.url === '/jwks') return keysAnswer(parts)(response)
    hostile.token('access', { id_token: await parts.idToken(url) })(response)
  })
  opened.push(close)
  return { url, reads: (path: string) => seen.filter(seenPath => seenPath === path).length }
}

function keysAnswer(parts: { keys: JWK[] }): hostile.Answer {
  try {
    return hostile.json(200, { keys: parts.keys })
  } catch {
    return hostile.text(503, '')
  }
}

const pair = await generateKeyPair('ES256', { extractable: true })
const publicKey = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }

function signed(claims: Record<string, unknown>, { kid = 'one', key = pair.privateKey } = {}): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid }).sign(key)
}

const seconds = (ms: number) => Math.floor((Date.now() + ms) / 1000)
const good = (iss: string) => ({ iss, aud: 'app', exp: seconds(300_000), sub: 'ada' })

test('expiresAt is the exp of the token, however long its keys take to be read', async () => {
  const clock = fakeClock(Math.floor(Date.now() / 1000) * 1000 + 250)
  const exp = Math.floor(clock.nowMs() / 1000) + 300
  const { url } = await startIssuer({
    idToken: iss => signed({ ...good(iss), exp }),
    get keys() {
      clock.jump(5_000)
      return [publicKey]
    },
  })
  const crm = { issuer: url, ...USER, clientId: 'app', clientSecret: 'fake-secret', scope: 'openid' }
  const executor = await running.execute(
    { services: { s: { account: crm, serverUrl: 'https://x.example' } } },
    { clock },
  )
  const startMs = clock.nowMs()
  const { expiresAt } = await executor.authorize('s')
  assert.is(clock.nowMs() - startMs, 5_000)
  assert.is(Date.parse(expiresAt!), exp * 1000)
  const [{ source }] = [executor.service('s').account]
  assert.is(source.expiresAtMs, exp * 1000)
  assert.is(source.ageOf(source.value!), 5_000)
})

test('a real provider: the ID token is the bearer, by issuer and by token endpoint with issuer', async () => {
  const provider = await startOidcServer()
  opened.push(provider.close)
  const { client_id: clientId, client_secret: clientSecret } = OIDC_BASIC_CLIENT
  const keys = { clientId, clientSecret, username: OIDC_USER.username, password: OIDC_USER.password }
  for (const where of [
    { accessTokenUri: undefined, issuer: provider.url },
    { accessTokenUri: provider.tokenUrl, issuer: provider.url },
    { accessTokenUri: provider.tokenUrl },
  ]) {
    assert.is((await account({ ...keys, ...where }).fetch()).split('.').length, 3)
  }
  const other = account({ ...keys, accessTokenUri: provider.tokenUrl, issuer: 'https://other.example' })
  assert.match(
    (await rejectionOf(other.fetch())).message,
    `was issued by ${provider.url}, not by https://other.example`,
  )
})

const FAULTS: [string, (url: string) => Promise<unknown>, RegExp][] = [
  ['another issuer', url => signed({ ...good(url), iss: 'https://evil.example' }), /issued by https:\/\/evil\.example/],
  ['another audience', url => signed({ ...good(url), aud: ['other'] }), /is for \["other"\], not for this client/],
  ['no audience', url => signed({ ...good(url), aud: undefined }), /not for this client/],
  ['an end in the past', url => signed({ ...good(url), exp: seconds(-61_000) }), /expired at/],
  ['no end', url => signed({ ...good(url), exp: undefined }), /has no exp/],
  ['no signature', async url => `${new UnsecuredJWT(good(url)).encode()}x`, /is not signed/],
  ['five parts', async () => 'a.b.c.d.e', /is no signed JWT/],
  ['nothing in it', async () => undefined, /the response has no id_token/],
]

for (const [name, idToken, message] of FAULTS) {
  test(`an ID token with ${name}: an error, never the access token instead`, async () => {
    const issuer = await startIssuer({ idToken, keys: [publicKey] })
    for (const where of [
      { accessTokenUri: undefined, issuer: issuer.url },
      { accessTokenUri: `${issuer.url}/token`, issuer: issuer.url },
    ]) {
      const error = (await rejectionOf(account(where).fetch())) as AppError
      assert.instance(error, AppError, inspect(error))
      assert.is(error.code, 'token_invalid_response')
      assert.match(error.message, message)
      assert.not.match(`${inspect(error)} ${error.stack}`, /eyJ/)
    }
  })
}

test('a little past its end: clocks differ, and it is not kept', async () => {
  const issuer = await startIssuer({
    idToken: url => signed({ ...good(url), exp: seconds(-30_000) }),
    keys: [publicKey],
  })
  const { lifeMs, lifeFrom } = await account({ accessTokenUri: undefined, issuer: issuer.url }).pick()
  assert.equal([lifeMs, lifeFrom], [1_000, 'exp'])
})

test('a signature by a key that is not published, by a wrong key, and with the public key as a secret', async () => {
  const forger = await generateKeyPair('ES256')
  const fetch = async (idToken: (url: string) => Promise<unknown>, keys: JWK[] = [publicKey]) => {
    const issuer = await startIssuer({ idToken, keys })
    return (await rejectionOf(account({ accessTokenUri: undefined, issuer: issuer.url }).fetch())) as AppError
  }
  assert.match(
    (await fetch(url => signed(good(url), { kid: 'two' }))).message,
    'a key that its issuer does not publish',
  )
  assert.match((await fetch(url => signed(good(url), { key: forger.privateKey }))).message, 'has a wrong signature')
  assert.match((await fetch(url => signed(good(url)), [])).message, 'does not publish')
  const secret = new TextEncoder().encode(JSON.stringify(publicKey))
  const hs256 = (url: string) => new SignJWT(good(url)).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(secret)
  assert.match((await fetch(hs256)).message, 'an algorithm that the published keys cannot check')
})

test('keys are read once, and again for a key ID that is new', async () => {
  const keys = [publicKey]
  let kid = 'one'
  let key = pair.privateKey
  const issuer = await startIssuer({ idToken: url => signed(good(url), { kid, key }), keys })
  const { fetch } = account({ accessTokenUri: undefined, issuer: issuer.url })
  await fetch()
  await fetch()
  assert.is(issuer.reads('/jwks'), 1)
  const next = await generateKeyPair('ES256', { extractable: true })
  keys.push({ ...(await exportJWK(next.publicKey)), kid: 'two', alg: 'ES256', use: 'sig' })
  kid = 'two'
  key = next.privateKey
  const realNow = Date.now
  Date.now = () => realNow() + 31_000
  try {
    await fetch()
  } finally {
    Date.now = realNow
  }
  assert.is(issuer.reads('/jwks'), 2)
})

test('keys that cannot be read again: the last good ones serve for a day, and that is told; not for a key that is not among them', async () => {
  let kid = 'one'
  let away = false
  const issuer = await startIssuer({
    idToken: url => signed(good(url), { kid }),
    get keys() {
      if (away) throw new Error('away')
      return [publicKey]
    },
  })
  const { fetch, warnings } = account({ accessTokenUri: undefined, issuer: issuer.url })
  await fetch()
  away = true
  const realNow = Date.now
  Date.now = () => realNow() + 601_000
  try {
    await fetch()
    assert.is(issuer.reads('/jwks'), 2)
    assert.match(warnings.join(), 'the last good ones serve')
    kid = 'two'
    assert.instance(await rejectionOf(fetch()), AppError)
    kid = 'one'
    Date.now = () => realNow() + 86_300_000
    await fetch()
    Date.now = () => realNow() + 86_500_000
    assert.instance(await rejectionOf(fetch()), AppError, 'a day after they were read')
  } finally {
    Date.now = realNow
  }
})

test('an access token is not looked at, whatever it says', async () => {
  const issuer = await startIssuer({ idToken: async () => 'x', keys: [] })
  const { fetch } = account({ accessTokenUri: undefined, issuer: issuer.url, bearerTokenType: 'access_token' })
  assert.is(await fetch(), 'access')
  assert.is(issuer.reads('/jwks'), 0)
})

test.run()
