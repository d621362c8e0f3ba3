// What each grant sends, byte for byte, and which keys go with which grant.
import { generateKeyPairSync } from 'node:crypto'
import { jwtVerify } from 'jose'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { cleanForeignText, Secret } from '../../src/base/secret.ts'
import { checkConfig } from '../../src/config/check.ts'
import { ACCOUNT, buildRequest, compileAccount, rejectionOf, valuesOf } from './compiled.ts'

type Keys = Record<string, unknown>

const TYPE = 'urn:ietf:params:oauth:token-type'
const NO_CLIENT = { clientId: undefined, clientSecret: undefined }
const EXCHANGE = { grant: 'token_exchange', subjectToken: { env: 'SUBJECT' }, subjectTokenType: `${TYPE}:jwt` }

/** The values' clock stands at the start of 2026. */
function jwt(exp: unknown): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ exp })}.fakesignature`
}

const LIVE = jwt(Date.parse('2026-01-01T00:00:01Z') / 1000)
const XML = '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">ü</saml:Assertion>'

for (const [name, keys, environment, body] of [
  [
    'refresh_token',
    { grant: 'refresh_token', refreshToken: { env: 'REFRESH' } },
    { REFRESH: 'a+b/c=' },
    'grant_type=refresh_token&scope=read&refresh_token=a%2Bb%2Fc%3D',
  ],
  [
    'jwt_bearer',
    { grant: 'jwt_bearer', assertion: { env: 'JWT' } },
    { JWT: ` ${LIVE}\n` },
    `grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&scope=read&assertion=${LIVE}`,
  ],
  [
    'saml2_bearer with XML',
    { grant: 'saml2_bearer', assertion: { env: 'SAML' } },
    { SAML: `\n${XML}\n` },
    `grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Asaml2-bearer&scope=read&assertion=${Buffer.from(XML).toString('base64url')}`,
  ],
  [
    'saml2_bearer, encoded and wrapped',
    { grant: 'saml2_bearer', assertion: { env: 'SAML' } },
    { SAML: 'PHNh\r\nbWw+\n' },
    'grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Asaml2-bearer&scope=read&assertion=PHNhbWw%2B',
  ],
  [
    'token_exchange',
    EXCHANGE,
    { SUBJECT: LIVE },
    `grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&scope=read&subject_token=${LIVE}&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt`,
  ],
  [
    'token_exchange, whole',
    {
      ...EXCHANGE,
      actorToken: { env: 'ACTOR' },
      actorTokenType: `${TYPE}:access_token`,
      requestedTokenType: `${TYPE}:id_token`,
    },
    { SUBJECT: 'fake-subject', ACTOR: 'fake-actor' },
    'grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&scope=read&subject_token=fake-subject&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt&actor_token=fake-actor&actor_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aid_token',
  ],
  ['login', { grant: 'login', scope: [] }, {}, ''],
  ['login with scope', { grant: 'login' }, {}, 'scope=read'],
] as [string, Keys, Record<string, string>, string][]) {
  test(`${name}: the body, with the client authenticated by HTTP Basic`, async () => {
    const request = await buildRequest(keys, environment)
    assert.is(request.body, body)
    assert.equal(request.headers.at(-1)?.[0], 'Authorization')
  })
}

test('an assertion alone is enough: no client is named where none is given', async () => {
  const { headers, body } = await buildRequest(
    { ...NO_CLIENT, grant: 'jwt_bearer', assertion: { env: 'JWT' } },
    { JWT: LIVE },
  )
  assert.is(headers.length, 2)
  assert.is(body, `grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&scope=read&assertion=${LIVE}`)
})

test('login with client_secret_post, without grant_type', async () => {
  const { body } = await buildRequest({ grant: 'login', clientAuthMethod: 'client_secret_post', scope: [] })
  assert.is(body, 'client_id=app&client_secret=fake-secret')
})

test('an empty secret in the body is left out: no parameter goes without a value', async () => {
  const { body } = await buildRequest({ clientAuthMethod: 'client_secret_post' }, { SECRET: '' })
  assert.is(body, 'grant_type=client_credentials&scope=read&client_id=app')
})

for (const [key, keys] of [
  ['assertion', { grant: 'jwt_bearer', assertion: { env: 'JWT' } }],
  ['subjectToken', { ...EXCHANGE, subjectToken: { env: 'JWT' } }],
  ['actorToken', { ...EXCHANGE, actorToken: { env: 'JWT' }, actorTokenType: `${TYPE}:jwt` }],
] as const) {
  test(`${key}: one that has expired is reported before any request`, async () => {
    const expired = jwt(Date.parse('2025-12-31T23:59:59Z') / 1000)
    const error = (await rejectionOf(buildRequest(keys, { SUBJECT: LIVE, JWT: expired }))) as AppError
    assert.instance(error, AppError)
    assert.is(error.code, 'secret_unavailable')
    assert.match(error.message, `\`${key}\` of account \`a\` expired at 2025-12-31T23:59:59.000Z`)
    assert.not.match(error.message, expired)
  })
}

for (const exp of [1e300, -1e300, 'soon', null]) {
  test(`exp ${exp} of an assertion breaks nothing`, async () => {
    const asked = buildRequest({ grant: 'jwt_bearer', assertion: { env: 'JWT' } }, { JWT: jwt(exp) })
    if (exp === -1e300) assert.match((await rejectionOf(asked)).message, 'expired;')
    else assert.match((await asked).body, 'assertion=')
  })
}

test('what a grant sends is secret, in every form', async () => {
  const environment = { SUBJECT: 'fake subject+1', ACTOR: 'fake actor+2' }
  const keys = { ...EXCHANGE, actorToken: { env: 'ACTOR' }, actorTokenType: `${TYPE}:jwt` }
  const { body, secrets } = await buildRequest(keys, environment)
  const cleaned = cleanForeignText(`${body} fake subject+1 fake actor+2`, secrets, 10_000)
  assert.not.match(cleaned, /fake.{0,3}(?:subject|actor)/)
})

test('a SAML assertion is not told by its XML either', async () => {
  const { secrets } = await buildRequest({ grant: 'saml2_bearer', assertion: { env: 'SAML' } }, { SAML: XML })
  assert.is(cleanForeignText(Buffer.from(XML).toString('base64url'), secrets), '[secret]')
  assert.is(cleanForeignText(XML, secrets, 1000), '[secret]')
})

test('the refresh of an account without a client names none', async () => {
  const plan = compileAccount({ ...NO_CLIENT, grant: 'jwt_bearer', assertion: { env: 'JWT' } })
  const { body, headers } = await plan.buildRefresh!(valuesOf(), { refreshToken: new Secret('fake-refresh') })
  assert.is(body, 'grant_type=refresh_token&refresh_token=fake-refresh')
  assert.is(headers.length, 2)
})

const KEYS = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const PEM = KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
const NOW = Date.parse('2026-01-01T00:00:00Z') / 1000

async function signedClaims(keys: Keys) {
  const { body, secrets } = await buildRequest({ grant: 'jwt_bearer', ...keys }, { KEY: PEM })
  const assertion = new URLSearchParams(body).get('assertion')!
  assert.is(cleanForeignText(assertion, secrets, 5000), '[secret]', 'no error shows it')
  const { payload, protectedHeader } = await jwtVerify(assertion, KEYS.publicKey, { currentDate: new Date(NOW * 1000) })
  return { payload, protectedHeader, params: new URLSearchParams(body) }
}

test('jwt_bearer: a new assertion for each request, signed by a key; the client speaks for itself', async () => {
  const { payload, protectedHeader } = await signedClaims({ assertion: { key: { env: 'KEY' }, kid: 'k-1' } })
  assert.equal(protectedHeader, { alg: 'ES256', typ: 'JWT', kid: 'k-1' })
  const { iat, exp, jti, ...claims } = payload
  assert.equal(claims, { iss: 'app', sub: 'app', aud: 'https://id.example/token' })
  assert.ok(iat! <= NOW && exp! > NOW && exp! - iat! <= 60 && jti)
})

test('a service account of Google: no client, and claims of its own', async () => {
  const claims = { iss: 'job@acme.example', scope: 'https://drive.example/auth' }
  const assertion = { key: { env: 'KEY' }, lifetime: '1h', claims }
  const { payload, params } = await signedClaims({ ...NO_CLIENT, scope: [], assertion })
  assert.equal([...params.keys()], ['grant_type', 'assertion'])
  assert.is(payload.sub, undefined)
  assert.is(payload.iss, 'job@acme.example')
  assert.is(payload.scope, 'https://drive.example/auth')
})

test('Box: the client in the body, another subject and audience', async () => {
  const assertion = {
    key: { env: 'KEY' },
    audience: 'https://api.box.example',
    claims: { sub: '42', box_sub_type: 'enterprise' },
  }
  const { payload, params } = await signedClaims({ clientAuthMethod: 'client_secret_post', scope: [], assertion })
  assert.equal([...params.keys()], ['grant_type', 'assertion', 'client_id', 'client_secret'])
  assert.equal(
    [payload.iss, payload.sub, payload.aud, payload.box_sub_type],
    ['app', '42', 'https://api.box.example', 'enterprise'],
  )
})

function problemsOf(keys: Keys): string[] {
  const text = JSON.stringify({
    version: 1,
    accounts: { a: { ...ACCOUNT, ...keys } },
    services: { s: { account: 'a', serverUrl: 'https://x.example' } },
  })
  const { diagnostics } = checkConfig([{ path: '/c.yaml', file: 'c.yaml', text }])
  return diagnostics.map(({ message }) => message)
}

for (const [keys, problems] of [
  [{ grant: 'refresh_token' }, ['`refreshToken` is required when `grant` is `refresh_token`']],
  [{ grant: 'jwt_bearer' }, ['`assertion` is required when `grant` is `jwt_bearer`']],
  [{ grant: 'saml2_bearer' }, ['`assertion` is required when `grant` is `saml2_bearer`']],
  [
    { grant: 'token_exchange' },
    [
      '`subjectToken` is required when `grant` is `token_exchange`',
      '`subjectTokenType` is required when `grant` is `token_exchange`',
    ],
  ],
  [{ ...EXCHANGE, actorToken: { env: 'A' } }, ['`actorTokenType` is required when `actorToken` is given']],
  [{ ...EXCHANGE, actorTokenType: `${TYPE}:jwt` }, ['`actorTokenType` does not go without `actorToken`']],
  [{ grant: 'login', assertion: { env: 'A' } }, ['`assertion` does not go with `grant: login`']],
  [
    { refreshToken: { env: 'A' }, subjectToken: { env: 'A' } },
    ['`refreshToken` and `subjectToken` do not go with the default `grant: client_credentials`'],
  ],
  [{ clientId: undefined }, ['`clientId` is required when `grant` is `client_credentials`, the default']],
  [
    { clientId: undefined, grant: 'login' },
    ['`clientId` is required when `clientAuthMethod` is `client_secret_basic`, the default'],
  ],
  [
    { clientSecret: undefined, grant: 'login' },
    ['`clientSecret` is required when `clientAuthMethod` is `client_secret_basic`, the default'],
  ],
  [
    { ...NO_CLIENT, grant: 'login', clientAuthMethod: 'client_secret_post' },
    [
      '`clientId` is required when `clientAuthMethod` is `client_secret_post`',
      '`clientSecret` is required when `clientAuthMethod` is `client_secret_post`',
    ],
  ],
  [{ ...NO_CLIENT, grant: 'login', clientAuthMethod: 'none' }, []],
  [{ ...NO_CLIENT, grant: 'login' }, []],
  [{ grant: 'saml2_bearer', assertion: { key: { env: 'K' } } }, ['`key` does not go with `grant: saml2_bearer`']],
  [{ grant: 'jwt_bearer', assertion: { claims: {} } }, ['`key` is required']],
  [{ grant: 'jwt_bearer', assertion: { file: 'a', at: '/b' } }, []],
] as [Keys, string[]][]) {
  test(`${JSON.stringify(keys)}: ${problems.join('; ') || 'fine'}`, () => assert.equal(problemsOf(keys), problems))
}

test.run()
