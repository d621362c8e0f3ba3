// Identities: whatever decides which token is issued changes `tokenIdentity`, whatever does not leaves it, and compiling is
// a function of its input alone.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fingerprint } from '../../src/compile/fingerprint.ts'
import type { AccountPlan, Plan } from '../../src/compile/plan.ts'
import { ACCOUNT, compileAccount, compileYaml } from './compiled.ts'

type Keys = Record<string, unknown>

const PASSWORD = { ...ACCOUNT, grant: 'password', username: 'ada', password: { env: 'PASSWORD' } }

const REFRESH = { ...ACCOUNT, grant: 'refresh_token', refreshToken: { env: 'REFRESH' } }
const JWT = { ...ACCOUNT, grant: 'jwt_bearer', assertion: { env: 'JWT' } }
const TYPE = 'urn:ietf:params:oauth:token-type'
const EXCHANGE = {
  ...ACCOUNT,
  grant: 'token_exchange',
  subjectToken: { env: 'SUBJECT' },
  subjectTokenType: `${TYPE}:jwt`,
}

const KEY = { key: { env: 'KEY' } }
const PRIVATE_KEY = { clientSecret: undefined, clientAuthMethod: 'private_key_jwt', clientAssertion: KEY }

const TLS = { clientSecret: undefined, clientAuthMethod: 'tls_client_auth', tls: { certFile: 'c', keyFile: 'k' } }

/** One change each: what it is, the account before, the keys that differ after. */
const DECIDES: [string, Keys, Keys][] = [
  ['host', {}, { accessTokenUri: 'https://id2.example/token' }],
  ['path', {}, { accessTokenUri: 'https://id.example/token2' }],
  ['query', {}, { accessTokenUri: 'https://id.example/token?p=1' }],
  ['issuer', { accessTokenUri: undefined, issuer: 'https://id.example' }, { issuer: 'https://id2.example' }],
  ['path of the issuer', { issuer: 'https://id.example' }, { issuer: 'https://id.example/' }],
  ['discovery', { issuer: 'https://id.example' }, { accessTokenUri: undefined }],
  ['dpop', {}, { dpop: true }],
  ['dpop with an algorithm', { dpop: true }, { dpop: { alg: 'ES384' } }],
  ['dpop with a key', { dpop: true }, { dpop: { key: { env: 'KEY' } } }],
  ['clientId', {}, { clientId: 'app2' }],
  ['clientId by reference', {}, { clientId: { env: 'ID' } }],
  ['name of the secret', {}, { clientSecret: { env: 'SECRET2' } }],
  ['kind of the secret', {}, { clientSecret: { systemd: 'SECRET' } }],
  ['secret file', { clientSecret: { file: 'a' } }, { clientSecret: { file: 'b' } }],
  ['program', { clientSecret: { exec: ['a', 'b c'] } }, { clientSecret: { exec: ['a', 'b', 'c'] } }],
  ['literal secret', { clientSecret: 'one' }, { clientSecret: 'two' }],
  ['literal secret, empty', { clientSecret: 'one' }, { clientSecret: '' }],
  ['another secret besides', {}, { clientSecret: [{ env: 'SECRET' }, { env: 'OLD' }] }],
  ['two others', {}, { clientSecret: [{ env: 'A' }, { env: 'B' }] }],
  ['clientAuthMethod', {}, { clientAuthMethod: 'client_secret_post' }],
  ['basicEncoding', {}, { basicEncoding: 'raw' }],
  ['grant', {}, PASSWORD],
  ['a client assertion', {}, PRIVATE_KEY],
  ['key of the assertion', PRIVATE_KEY, { clientAssertion: { key: { env: 'KEY2' } } }],
  ['kid of the assertion', PRIVATE_KEY, { clientAssertion: { ...KEY, kid: 'a' } }],
  ['audience of the assertion', PRIVATE_KEY, { clientAssertion: { ...KEY, audience: 'a' } }],
  ['alg of the assertion', PRIVATE_KEY, { clientAssertion: { ...KEY, alg: 'PS256' } }],
  ['claims of the assertion', PRIVATE_KEY, { clientAssertion: { ...KEY, claims: { a: 'b' } } }],
  ['a claim that is left out', PRIVATE_KEY, { clientAssertion: { ...KEY, claims: { sub: null } } }],
  ['place of the assertion', PRIVATE_KEY, { clientAssertion: { ...KEY, in: 'header' } }],
  ['an assertion from a file', PRIVATE_KEY, { clientAssertion: { file: 'a' } }],
  ['an assertion from another file', PRIVATE_KEY, { clientAssertion: { file: 'b' } }],
  ['an assertion from a member of a file', PRIVATE_KEY, { clientAssertion: { file: 'b', at: '/c' } }],
  ['the type of an assertion from a file', PRIVATE_KEY, { clientAssertion: { file: 'b', type: 'jwt-spiffe' } }],
  ['tls_client_auth', {}, TLS],
  ['self_signed_tls_client_auth', {}, { ...TLS, clientAuthMethod: 'self_signed_tls_client_auth' }],
  ['certificate', TLS, { tls: { certFile: 'c2', keyFile: 'k' } }],
  ['a certificate besides the secret', {}, { tls: { certFile: 'c', keyFile: 'k' } }],
  ['authorities', {}, { tls: { caFile: 'ca' } }],
  ['server name', {}, { tls: { serverName: 'x.example' } }],
  ['proxy', {}, { proxy: 'http://proxy.example' }],
  ['username', PASSWORD, { username: 'eve' }],
  ['password', PASSWORD, { password: { env: 'PASSWORD2' } }],
  ['user and password exchanged', PASSWORD, { username: { env: 'PASSWORD' }, password: 'ada' }],
  ['no secret', PASSWORD, { clientAuthMethod: 'none', clientSecret: undefined }],
  ['refreshToken', REFRESH, { refreshToken: { env: 'REFRESH2' } }],
  ['a signed assertion', JWT, { assertion: { key: { env: 'KEY' } } }],
  ['its key ID', JWT, { assertion: { key: { env: 'KEY' }, kid: 'k' } }],
  ['its claims', JWT, { assertion: { key: { env: 'KEY' }, claims: { a: 1 } } }],
  ['a member of a file', EXCHANGE, { subjectToken: { file: 'a', at: '/b' } }],
  ['another member of a file', EXCHANGE, { subjectToken: { file: 'a', at: '/c' } }],
  ['assertion', JWT, { assertion: { env: 'JWT2' } }],
  ['grant of the assertion', JWT, { grant: 'saml2_bearer' }],
  ['grant without grant_type', {}, { grant: 'login' }],
  ['no client', JWT, { clientId: undefined, clientSecret: undefined }],
  ['subjectToken', EXCHANGE, { subjectToken: { env: 'SUBJECT2' } }],
  ['subjectTokenType', EXCHANGE, { subjectTokenType: `${TYPE}:id_token` }],
  ['requestedTokenType', EXCHANGE, { requestedTokenType: `${TYPE}:id_token` }],
  ['actorToken', EXCHANGE, { actorToken: { env: 'ACTOR' }, actorTokenType: `${TYPE}:jwt` }],
  ['actorTokenType', EXCHANGE, { actorToken: { env: 'ACTOR' }, actorTokenType: `${TYPE}:id_token` }],
  ['scope', {}, { scope: 'write' }],
  ['no scope', {}, { scope: [] }],
  ['more scope', {}, { scope: 'read write' }],
  ['order of scopes', { scope: 'read write' }, { scope: 'write read' }],
  ['one scope with a comma', { scope: ['a', 'b'] }, { scope: ['a,b'] }],
  ['audience', {}, { audience: 'https://x.example' }],
  ['two audiences', {}, { audience: ['https://x.example', 'https://y.example'] }],
  ['resource', {}, { resource: 'https://x.example' }],
  ['grantType', {}, { grant: 'custom', tokenRequest: { grantType: 'own' } }],
  ['another grantType', {}, { grant: 'custom', tokenRequest: { grantType: 'other' } }],
  ['method', {}, { tokenRequest: { method: 'GET' } }],
  ['format', {}, { tokenRequest: { format: 'json' } }],
  ['a parameter', {}, { tokenRequest: { params: { a: '1' } } }],
  ['a number', {}, { tokenRequest: { params: { a: 1 } } }],
  ['another parameter', {}, { tokenRequest: { params: { b: '1' } } }],
  ['a list', {}, { tokenRequest: { params: { a: ['1'] } } }],
  ['a nested one', { tokenRequest: { format: 'json' } }, { tokenRequest: { format: 'json', params: { a: { b: 1 } } } }],
  ['a header', {}, { tokenRequest: { headers: { A: '1' } } }],
  ['another header', {}, { tokenRequest: { headers: { B: '1' } } }],
  ['names', {}, { tokenRequest: { names: { client_id: 'id' } } }],
  ['scopeSeparator', {}, { tokenRequest: { scopeSeparator: ',' } }],
  ['clientIdInBody', {}, { tokenRequest: { clientIdInBody: true } }],
  ['tokenResponse', {}, { tokenResponse: { token: '/token' } }],
  ['tokenResponse, published', {}, { tokenResponse: { publish: { x: { at: '/x', hosts: [] } } } }],
  ['a refresh of its own', {}, { refresh: { token: '/access_token' } }],
  ['its URL', {}, { refresh: { accessTokenUri: 'https://id.example/refresh' } }],
  ['its parameters', {}, { refresh: { params: { a: '1' } } }],
  ['its headers', {}, { refresh: { headers: { A: '1' } } }],
  ['bearerTokenType', PASSWORD, { bearerTokenType: 'id_token' }],
  ['a variable', { clientId: '{{vars.x}}', vars: { x: '1' } }, { vars: { x: '2' } }],
  ['where values meet', { clientId: '{{vars.x}}', vars: { x: 'a' } }, { vars: { x: 'a"+"' } }],
]

/** Either way nothing else is issued. */
const DOES_NOT: [string, Keys, Keys][] = [
  ['title', {}, { title: 'Something else' }],
  ['description', {}, { description: 'Something else' }],
  ['timeout', {}, { timeout: '3s' }],
  [
    'order of the secrets',
    { clientSecret: [{ env: 'A' }, { env: 'B' }] },
    { clientSecret: [{ env: 'B' }, { env: 'A' }] },
  ],
  ['a list of one secret', {}, { clientSecret: [{ env: 'SECRET' }] }],
  ['refresh', {}, { refresh: 'never' }],
  ['lifetime', {}, { lifetime: { default: '2h' } }],
  ['inject', {}, { inject: { name: 'X-Token' } }],
  ['keepWarm', {}, { keepWarm: true }],
  ['revoke', { accessTokenUri: undefined, issuer: 'https://id.example' }, { revoke: 'on_removal' }],
  [
    'revocationUri',
    { revoke: 'on_removal', revocationUri: 'https://id.example/a' },
    { revocationUri: 'https://id.example/b' },
  ],
  ['a variable that nothing uses', {}, { vars: { x: '1' } }],
  ['the default written', {}, { grant: 'client_credentials', basicEncoding: 'form', bearerTokenType: 'access_token' }],
  ['scope as a list', { scope: 'read, write' }, { scope: ['read', 'write'] }],
  ['the same text by a variable', { clientId: 'app' }, { clientId: 'a{{vars.x}}', vars: { x: 'pp' } }],
  ['the same URI by a variable', {}, { accessTokenUri: 'https://{{vars.x}}/token', vars: { x: 'id.example' } }],
  ['the same text by a function', { clientId: 'eA==' }, { clientId: '{{base64 vars.x}}', vars: { x: 'x' } }],
]

for (const [name, before, after] of DECIDES) {
  test(`${name}: another token`, () => {
    const [a, b] = [compileAccount(before), compileAccount({ ...before, ...after })]
    assert.is.not(a.tokenIdentity, b.tokenIdentity)
    assert.is.not(a.fingerprint, b.fingerprint)
  })
}

for (const [name, before, after] of DOES_NOT) {
  test(`${name}: the same token`, () => {
    assert.is(compileAccount(before).tokenIdentity, compileAccount({ ...before, ...after }).tokenIdentity)
  })
}

test('all changes differ from each other', () => {
  const identities = DECIDES.map(([, before, after]) => compileAccount({ ...before, ...after }).tokenIdentity)
  assert.is(new Set(identities).size, identities.length)
})

test('every key of the schema for oauth2 accounts is judged here', async () => {
  const { default: schema } = await import('../../schema/bearerd.schema.json', { with: { type: 'json' } })
  const known = new Set([...DECIDES, ...DOES_NOT].flatMap(([, before, after]) => Object.keys({ ...before, ...after })))
  const elsewhere = ['authorization', 'header', 'query', 'allowHttp']
  const { properties } = (schema as unknown as { $defs: Record<string, { properties: Keys }> }).$defs.account!
  const missing = Object.keys(properties).filter(key => !known.has(key) && !elsewhere.includes(key))
  assert.equal(missing, [])
})

test('equal accounts are equal whatever their names; the timeout is behaviour, not identity', () => {
  const services = {
    s: { account: 'a', serverUrl: 'https://x.example' },
    t: { account: 'b', serverUrl: 'https://x.example' },
  }
  const { plan } = compileYaml(JSON.stringify({ version: 1, accounts: { a: ACCOUNT, b: ACCOUNT }, services }))
  assert.is(plan.accounts.get('a')!.tokenIdentity, plan.accounts.get('b')!.tokenIdentity)
  assert.is.not(compileAccount().fingerprint, compileAccount({ timeout: '3s' }).fingerprint)
  const inOrder = (...names: string[]) => compileAccount({ clientSecret: names.map(env => ({ env })) }).fingerprint
  assert.is.not(inOrder('A', 'B'), inOrder('B', 'A'), 'which secret is tried first')
})

const STATIC: [string, Keys, Keys][] = [
  [
    'kind',
    { authorization: 'header', header: { name: 'K', value: { env: 'V' } } },
    { authorization: 'query', query: { name: 'K', value: { env: 'V' } } },
  ],
  [
    'name',
    { authorization: 'header', header: { name: 'K', value: { env: 'V' } } },
    { authorization: 'header', header: { name: 'L', value: { env: 'V' } } },
  ],
  [
    'value',
    { authorization: 'header', header: { name: 'K', value: { env: 'V' } } },
    { authorization: 'header', header: { name: 'K', value: { env: 'W' } } },
  ],
  [
    'user',
    { authorization: 'basic', username: 'a', password: { env: 'V' } },
    { authorization: 'basic', username: 'b', password: { env: 'V' } },
  ],
  ['open', { authorization: 'none' }, { authorization: 'basic', username: 'b', password: { env: 'V' } }],
]

for (const [name, before, after] of STATIC) {
  test(`static accounts, ${name}: differ`, () => {
    const [a, b] = [before, after].map(account => compileInPlace(account))
    assert.is.not(a!.fingerprint, b!.fingerprint)
    assert.is(a!.fingerprint, compileInPlace(before).fingerprint)
  })
}

function compileInPlace(account: Keys): AccountPlan {
  const services = { s: { account, serverUrl: 'https://x.example' } }
  return compileYaml(JSON.stringify({ version: 1, services })).plan.accounts.get('services.s')!
}

const SERVICE = { account: { authorization: 'none' }, serverUrl: 'https://x.example' }

for (const [name, change, same] of [
  ['serverUrl', { serverUrl: 'https://y.example' }, false],
  ['timeout', { timeout: '3s' }, false],
  ['timeoutMessage', { timeoutMessage: 'slow' }, false],
  ['healthCheck', { healthCheck: '/me' }, false],
  ['title', { title: 'T' }, false],
  ['allow', { allow: { methods: ['GET'] } }, false],
  ['reauthenticateOn', { reauthenticateOn: { status: [403] } }, false],
  ['retry', { retry: {} }, false],
  ['headers', { headers: { 'X-A': 'b' } }, false],
  ['tls', { tls: { caFile: 'a' } }, false],
  ['proxy', { proxy: 'http://proxy.example' }, false],
  ['parameters', { parameters: { tenant: {} } }, false],
  ['listen', { listen: '127.0.0.1:7201' }, false],
  ['sinks', { account: ACCOUNT, sinks: [{ file: 'x' }] }, false],
  ['description', { description: 'D' }, true],
  ['an own key', { 'x-team': 'red' }, true],
] as const) {
  test(`a service’s ${name} ${same ? 'leaves' : 'changes'} its fingerprint`, () => {
    const of = (keys: object) =>
      compileYaml(JSON.stringify({ version: 1, services: { s: { ...SERVICE, ...keys } } })).plan.services.get('s')!
    assert.is(of({}).fingerprint === of(change).fingerprint, same)
  })
}

function printOf({ accounts, services }: Plan): string {
  return fingerprint(
    [...accounts].map(([k, v]) => [k, v.fingerprint]),
    [...services].map(([k, v]) => [k, v.fingerprint]),
  )
}

test('compiling the same text again gives the same fingerprints, elsewhere in the file and in another order too', () => {
  const accounts = { a: ACCOUNT, b: { ...ACCOUNT, scope: 'b' } }
  const services = {
    s: { account: 'a', serverUrl: 'https://x.example' },
    t: { account: 'b', serverUrl: 'https://y.example' },
  }
  const text = JSON.stringify({ version: 1, accounts, services })
  assert.is(printOf(compileYaml(text).plan), printOf(compileYaml(text).plan))
  const moved = JSON.stringify({ services, accounts, version: 1 }, undefined, 2)
  assert.is(printOf(compileYaml(text).plan), printOf(compileYaml(`# a comment\n\n${moved}`).plan))
})

test.run()
