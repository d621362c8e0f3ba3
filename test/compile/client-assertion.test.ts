// Client assertions to the letter: header, claims and signature as jose reads them, every kind of key, and what cannot sign.
import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import * as jose from 'jose'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { cleanForeignText, Secret } from '../../src/base/secret.ts'
import type { TokenRequest } from '../../src/compile/plan.ts'
import type { Values } from '../../src/compile/text.ts'
import { makeCertificate } from '../support/certificates.ts'
import { compileAccount, rejectionOf } from './compiled.ts'

type Keys = Record<string, unknown>

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 })
const P256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const P384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const P521 = generateKeyPairSync('ec', { namedCurve: 'P-521' })
const ED25519 = generateKeyPairSync('ed25519')

const NOW = Date.parse('2026-01-01T00:00:00Z') / 1000

function pem(key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1' = 'pkcs8'): string {
  return key.export({ type: type as 'pkcs8', format: 'pem' }) as string
}

let issued = 0

function valuesOf(environment: Record<string, string>, file = ''): Values {
  return {
    secret(reference) {
      const text = reference.kind === 'env' ? environment[reference.name] : file
      if (reference.kind === 'literal') return reference.secret
      if (text === undefined) throw new Error(`no value for ${JSON.stringify(reference)}`)
      return new Secret(text)
    },
    uuid: () => `id-${++issued}`,
    now: () => new Date(NOW * 1000).toISOString(),
  }
}

function privateKeyJwt(clientAssertion: Keys, keys: Keys = {}) {
  return compileAccount({
    clientSecret: undefined,
    clientAuthMethod: 'private_key_jwt',
    clientAssertion: { key: { env: 'KEY' }, ...clientAssertion },
    ...keys,
  })
}

function assertionOf({ body }: TokenRequest): string {
  return new URLSearchParams(body).get('client_assertion')!
}

async function signed(key: string, clientAssertion: Keys = {}, keys: Keys = {}): Promise<string> {
  return assertionOf(await privateKeyJwt(clientAssertion, keys).buildRequest(valuesOf({ KEY: key })))
}

/** What jose says about it: signature, audience and time are checked. */
function verify(jwt: string, key: jose.CryptoKey | KeyObject | Uint8Array, audience = 'https://id.example/token') {
  return jose.jwtVerify(jwt, key, { audience, currentDate: new Date(NOW * 1000), requiredClaims: ['exp', 'jti'] })
}

test('private_key_jwt: the whole request', async () => {
  const { headers, body, secrets } = await privateKeyJwt({}).buildRequest(valuesOf({ KEY: pem(RSA.privateKey) }))
  assert.equal(
    headers.map(([name]) => name),
    ['Accept', 'Content-Type'],
  )
  const params = new URLSearchParams(body)
  const { client_assertion: jwt, ...others } = Object.fromEntries(params)
  assert.equal(others, {
    grant_type: 'client_credentials',
    scope: 'read',
    client_id: 'app',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  })
  assert.is([...params].length, 5)
  const { payload, protectedHeader } = await verify(jwt!, RSA.publicKey)
  assert.equal(protectedHeader, { alg: 'RS256', typ: 'JWT' })
  const { jti, ...claims } = payload
  assert.match(String(jti), /^id-\d+$/)
  const expected = { iss: 'app', sub: 'app', aud: 'https://id.example/token', iat: NOW - 5, exp: NOW + 55 }
  assert.equal(claims, expected)
  assert.is(cleanForeignText(`no: ${jwt}`, secrets), 'no: [secret]')
})

test('each request has an assertion of its own', async () => {
  const plan = privateKeyJwt({})
  const values = valuesOf({ KEY: pem(P256.privateKey) })
  const jtis = await Promise.all(
    [1, 2, 3].map(async () => jose.decodeJwt(assertionOf(await plan.buildRequest(values))).jti),
  )
  assert.is(new Set(jtis).size, 3)
})

for (const [name, text, publicKey, alg] of [
  ['RSA, PKCS #8', pem(RSA.privateKey), RSA.publicKey, 'RS256'],
  ['RSA, PKCS #1', pem(RSA.privateKey, 'pkcs1'), RSA.publicKey, 'RS256'],
  ['P-256, PKCS #8', pem(P256.privateKey), P256.publicKey, 'ES256'],
  ['P-256, SEC1', pem(P256.privateKey, 'sec1'), P256.publicKey, 'ES256'],
  ['P-384', pem(P384.privateKey), P384.publicKey, 'ES384'],
  ['P-521', pem(P521.privateKey), P521.publicKey, 'ES512'],
  ['Ed25519', pem(ED25519.privateKey), ED25519.publicKey, 'EdDSA'],
  ['RSA as a JWK', JSON.stringify(RSA.privateKey.export({ format: 'jwk' })), RSA.publicKey, 'RS256'],
  ['P-256 as a JWK', JSON.stringify(P256.privateKey.export({ format: 'jwk' })), P256.publicKey, 'ES256'],
  ['Ed25519 as a JWK', JSON.stringify(ED25519.privateKey.export({ format: 'jwk' })), ED25519.publicKey, 'EdDSA'],
  ['PEM with blanks around it', `\n  ${pem(RSA.privateKey)}\n\n`.replace(/^ +/gm, ''), RSA.publicKey, 'RS256'],
  ['PEM of an environment variable', pem(RSA.privateKey).replaceAll('\n', '\\n'), RSA.publicKey, 'RS256'],
] as const) {
  test(`key: ${name}`, async () => {
    const { protectedHeader } = await verify(await signed(text), publicKey)
    assert.is(protectedHeader.alg, alg)
  })
}

for (const alg of ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']) {
  test(`alg ${alg}`, async () => {
    const { protectedHeader } = await verify(await signed(pem(RSA.privateKey), { alg }), RSA.publicKey)
    assert.is(protectedHeader.alg, alg)
  })
}

test('a JWK says its own alg and kid; what is written wins', async () => {
  const jwk = JSON.stringify({ ...RSA.privateKey.export({ format: 'jwk' }), kid: 'own', alg: 'PS384' })
  assert.equal(jose.decodeProtectedHeader(await signed(jwk)), { alg: 'PS384', typ: 'JWT', kid: 'own' })
  const written = await signed(jwk, { kid: 'k1', alg: 'RS512', typ: 'client-authentication+jwt' })
  assert.equal(jose.decodeProtectedHeader(written), { alg: 'RS512', typ: 'client-authentication+jwt', kid: 'k1' })
})

for (const [name, clientAssertion, changed] of [
  ['audience', { audience: 'https://id.example/' }, { aud: 'https://id.example/' }],
  ['lifetime', { lifetime: '10m' }, { exp: NOW + 595 }],
  ['another issuer', { claims: { iss: 'host.example', aud: 'wd' } }, { iss: 'host.example', aud: 'wd' }],
  ['no subject (NetSuite)', { claims: { sub: null } }, { sub: undefined }],
  ['no jti', { claims: { jti: null } }, { jti: undefined }],
  [
    'values of every kind',
    { claims: { n: 5, yes: true, list: ['{{vars.t}}', 1], deep: { a: '{{vars.t}}-x', b: null } } },
    { n: 5, yes: true, list: ['acme', 1], deep: { a: 'acme-x', b: null } },
  ],
] as [string, Keys, Keys][]) {
  test(`claims: ${name}`, async () => {
    const jwt = await signed(pem(P256.privateKey), clientAssertion, { vars: { t: 'acme' } })
    const { jti: _jti, ...claims } = jose.decodeJwt(jwt)
    const usual = { iss: 'app', sub: 'app', aud: 'https://id.example/token', iat: NOW - 5, exp: NOW + 55 }
    const { jti: _none, ...expected } = { ...usual, ...changed } as Keys
    for (const [key, value] of Object.entries(expected)) assert.equal(claims[key], value, key)
    assert.equal(
      Object.keys(claims).sort(),
      Object.keys(expected)
        .filter(key => expected[key] !== undefined)
        .sort(),
    )
    assert.is(_jti === undefined, 'jti' in changed)
  })
}

test('the query of a token endpoint is no part of the audience', async () => {
  const jwt = await signed(pem(P256.privateKey), {}, { accessTokenUri: 'https://id.example/token?p=1' })
  assert.is(jose.decodeJwt(jwt).aud, 'https://id.example/token')
})

const CERTIFIED = makeCertificate({ name: 'client' })

for (const [name, x5t] of [
  ['a certificate', { env: 'CERT' }],
  ['hex', new X509Certificate(CERTIFIED.certificate).fingerprint256],
  ['base64url', thumbprint(CERTIFIED.certificate)],
] as const) {
  test(`x5t from ${name}`, async () => {
    const plan = privateKeyJwt({ x5t, alg: undefined })
    const values = valuesOf({ KEY: CERTIFIED.key, CERT: CERTIFIED.certificate })
    const header = jose.decodeProtectedHeader(assertionOf(await plan.buildRequest(values)))
    assert.equal(header, { alg: 'ES256', typ: 'JWT', 'x5t#S256': thumbprint(CERTIFIED.certificate) })
  })
}

function thumbprint(certificate: string): string {
  const { fingerprint256 } = new X509Certificate(certificate)
  return Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')
}

const encrypted = RSA.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
const koblitz = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey
const publicPem = RSA.publicKey.export({ type: 'spki', format: 'pem' }) as string

for (const [name, key, clientAssertion, message] of [
  ['a word', 'fake-key', {}, /is neither PEM, which begins with `-----BEGIN`, nor a JWK/],
  ['nothing', '', {}, /is neither PEM, .* nor a JWK/],
  ['half a PEM', pem(RSA.privateKey).slice(0, 400), {}, /is not a private key in PKCS #8/],
  ['a public key', publicPem, {}, /is a public key, not a private key/],
  ['a certificate', CERTIFIED.certificate, {}, /is a certificate, not a private key/],
  ['an encrypted key', encrypted, {}, /is encrypted; give the key without a passphrase/],
  ['half a JWK', '{"kty":"RSA"', {}, /starts like a JWK but is not JSON/],
  ['a public JWK', JSON.stringify(RSA.publicKey.export({ format: 'jwk' })), {}, /holds no private key/],
  ['a JWK set', '{"keys":[]}', {}, /is a set of keys/],
  ['a wrong JWK', '{"kty":"RSA","d":"x"}', {}, /is not a JWK that can be used/],
  ['a misfit', pem(RSA.privateKey), { alg: 'ES256' }, /ES256 does not fit an RSA key, which signs with RS256/],
  [
    'a misfit of curves',
    pem(P384.privateKey),
    { alg: 'ES256' },
    /does not fit an EC key on secp384r1, which signs with ES384/,
  ],
  ['a small key', pem(small), {}, /needs 2048 bits or more/],
  ['an unknown curve', pem(koblitz), {}, /signs with none of the algorithms/],
  ['a wrong thumbprint', pem(RSA.privateKey), { x5t: 'abc' }, /`x5t` is neither a certificate/],
  ['a certificate of another key', pem(RSA.privateKey), { x5t: { env: 'CERT' } }, /is that of another key/],
] as [string, string, Keys, RegExp][]) {
  test(`what cannot sign: ${name}`, async () => {
    const plan = privateKeyJwt(clientAssertion)
    const error = await rejectionOf(plan.buildRequest(valuesOf({ KEY: key, CERT: CERTIFIED.certificate })))
    assert.instance(error, AppError, error.stack)
    assert.is((error as AppError).code, 'secret_unavailable')
    assert.match(error.message, /^`clientAssertion` of account `a`/)
    assert.match(error.message, message)
    if (key.length > 60) assert.not.ok(error.message.includes(key.slice(28, 48)))
  })
}

const SECRET = 'fake-secret-é-of-more-than-32-bytes'
const secretJwt = (clientAssertion?: Keys) =>
  compileAccount({ clientAuthMethod: 'client_secret_jwt', ...(clientAssertion && { clientAssertion }) })

test('client_secret_jwt: HS256 over the UTF-8 bytes of the secret, which is not sent', async () => {
  const request = await secretJwt().buildRequest(valuesOf({ SECRET }))
  const { payload, protectedHeader } = await verify(assertionOf(request), Buffer.from(SECRET, 'utf8'))
  assert.equal(protectedHeader, { alg: 'HS256', typ: 'JWT' })
  assert.is(payload.iss, 'app')
  assert.not.ok(request.body.includes('fake-secret'))
  assert.is(request.warning, undefined)
})

test('client_secret_jwt: another hash, a short secret, an empty one', async () => {
  const request = await secretJwt({ alg: 'HS512' }).buildRequest(valuesOf({ SECRET: 'fake-short' }))
  const { protectedHeader } = await verify(assertionOf(request), Buffer.from('fake-short'))
  assert.is(protectedHeader.alg, 'HS512')
  assert.match(request.warning!, /shorter than 32 bytes/)
  const error = await rejectionOf(secretJwt().buildRequest(valuesOf({ SECRET: '' })))
  assert.match(error.message, /an empty secret signs nothing/)
})

const kept = (clientAssertion: Keys) =>
  compileAccount({ clientSecret: undefined, clientAuthMethod: 'private_key_jwt', clientAssertion })

test('an assertion from a file is sent as it is', async () => {
  const request = await kept({ file: 'a' }).buildRequest(valuesOf({}, 'no.jwt'))
  assert.is(
    request.body,
    'grant_type=client_credentials&scope=read&client_id=app&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=no.jwt',
  )
  const spiffe = await kept({ file: 'a', type: 'jwt-spiffe' }).buildRequest(valuesOf({}, 'no.jwt'))
  assert.match(spiffe.body, /client-assertion-type%3Ajwt-spiffe&/)
  const own = await kept({ file: 'a', type: 'urn:x:y' }).buildRequest(valuesOf({}, 'no.jwt'))
  assert.match(own.body, /client_assertion_type=urn%3Ax%3Ay&/)
})

test('an assertion from a file that has expired, or is none, is told before any request', async () => {
  const unsigned = (exp: number) => new jose.UnsecuredJWT({ exp }).encode().replace(/\.$/, '.c2ln')
  await kept({ file: 'a' }).buildRequest(valuesOf({}, unsigned(NOW + 1)))
  for (const [text, message] of [
    [unsigned(NOW), /expired at 2026-01-01T00:00:00.000Z; is the program that renews it running\?/],
    [unsigned(-1e15), /expired at -1000000000000000/],
    ['', /holds no assertion/],
    ['a b', /holds no assertion/],
  ] as const) {
    const error = (await rejectionOf(kept({ file: 'a' }).buildRequest(valuesOf({}, text)))) as AppError
    assert.match(error.message, message)
    assert.is(error.details.transient, true)
  }
})

test('what an assertion in a file holds is no part of the identity, what signs one is', () => {
  const tokenOf = (plan: ReturnType<typeof kept>, values: Values) => plan.identify!(values).token.reveal()
  const plan = kept({ file: 'a' })
  assert.is(tokenOf(plan, valuesOf({}, 'one')), tokenOf(plan, valuesOf({}, 'two')))
  const signing = privateKeyJwt({})
  assert.is.not(tokenOf(signing, valuesOf({ KEY: 'one' })), tokenOf(signing, valuesOf({ KEY: 'two' })))
})

test.run()
