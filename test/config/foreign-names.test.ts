// Names that other tools have for our keys and words: each is one finding, at the name, that says what is meant.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkConfig } from '../../src/config/check.ts'
import { FOREIGN_KEYS, FOREIGN_WORDS } from '../../src/config/schema/foreign-names.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { source } from './support.ts'

const SECRET = { env: 'SECRET' }
const OAUTH2 = { accessTokenUri: 'https://id.example/token', clientId: 'app', clientSecret: SECRET, scope: [] }
const ACTION = { type: 'copyToHttpServer', authenticateWith: 's', path: '/x', content: { file: {} } }

/** Good definitions by the keys that they show, under names that any test may change. */
const account = (keys: object) => ({
  accounts: { a: keys },
  services: { s: { account: 'a', serverUrl: 'https://x.example' } },
})
const service = (keys: object) => ({ services: { s: { account: OAUTH2, serverUrl: 'https://x.example', ...keys } } })
const action = (keys: object = {}) => ({ ...service({}), actions: { b: { ...ACTION, ...keys } } })
const signer = (keys: object) =>
  account({ ...OAUTH2, clientSecret: undefined, clientAuthMethod: 'private_key_jwt', clientAssertion: keys })
const tls = (keys: object) => account({ ...OAUTH2, tls: keys })

const GOOD: Record<string, object> = {
  accessTokenUri: account(OAUTH2),
  issuer: account({ ...OAUTH2, accessTokenUri: undefined, issuer: 'https://id.example' }),
  clientId: account(OAUTH2),
  clientSecret: account(OAUTH2),
  clientAuthMethod: account({ ...OAUTH2, clientAuthMethod: 'client_secret_basic' }),
  clientAssertion: signer({ key: SECRET }),
  grant: account({ ...OAUTH2, grant: 'client_credentials' }),
  authorization: account({ authorization: 'none' }),
  header: account({ authorization: 'header', header: { name: 'X-Key', value: SECRET } }),
  username: account({ authorization: 'basic', username: 'u', password: SECRET }),
  password: account({ authorization: 'basic', username: 'u', password: SECRET }),
  assertion: account({ ...OAUTH2, grant: 'jwt_bearer', assertion: SECRET }),
  audience: account({ ...OAUTH2, audience: 'https://x.example' }),
  tokenRequest: account({ ...OAUTH2, tokenRequest: {} }),
  tokenResponse: account({ ...OAUTH2, tokenResponse: {} }),
  inject: account({ ...OAUTH2, inject: {} }),
  bearerTokenType: account({ ...OAUTH2, bearerTokenType: 'access_token' }),
  lifetime: account({ ...OAUTH2, lifetime: {} }),
  tls: tls({}),
  proxy: account({ ...OAUTH2, proxy: 'http://proxy.example' }),
  serverUrl: service({}),
  account: service({}),
  healthCheck: service({ healthCheck: '/me' }),
  headers: service({ headers: {} }),
  timeout: service({ timeout: '5s' }),
  allow: service({ allow: { methods: ['GET'] } }),
  accounts: account(OAUTH2),
  services: service({}),
  vars: { vars: {}, ...service({}) },
  actions: action(),
  daemon: { daemon: {}, ...service({}) },
  env: account(OAUTH2),
  file: account({ ...OAUTH2, clientSecret: { file: 'x' } }),
  exec: account({ ...OAUTH2, clientSecret: { exec: ['x'] } }),
  systemd: account({ ...OAUTH2, clientSecret: { systemd: 'x' } }),
  key: signer({ key: SECRET }),
  alg: signer({ key: SECRET, alg: 'ES256' }),
  claims: account({ ...OAUTH2, grant: 'jwt_bearer', assertion: { key: SECRET, claims: {} } }),
  kid: signer({ key: SECRET, kid: 'x' }),
  x5t: signer({ key: SECRET, x5t: { file: 'x' } }),
  keyFile: tls({ certFile: 'x', keyFile: 'x' }),
  certFile: tls({ certFile: 'x', keyFile: 'x' }),
  caFile: tls({ caFile: 'x' }),
  serverName: tls({ serverName: 'x' }),
  method: account({ ...OAUTH2, tokenRequest: { method: 'POST' } }),
  format: account({ ...OAUTH2, tokenRequest: { format: 'json' } }),
  content: action({ type: 'sendToConnectedService', content: { json: {} } }),
  params: account({ ...OAUTH2, tokenRequest: { params: {} } }),
  name: account({ ...OAUTH2, inject: { name: 'X-Token' } }),
  attempts: service({ retry: { attempts: 2 } }),
  on: service({ retry: { on: [503] } }),
  listen: { daemon: { listen: '127.0.0.1:7117' }, ...service({}) },
  authenticateWith: action(),
  outputFileName: action({ outputFileName: 'x' }),
}

/** The key, wherever it stands, under another name. */
function renamedIn(value: unknown, key: string, name: string): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(entries.map(([k, inner]) => [k === key ? name : k, renamedIn(inner, key, name)]))
}

function errorsOf(definitions: object): Diagnostic[] {
  const { diagnostics } = checkConfig([source(JSON.stringify({ version: 1, ...definitions }))])
  return diagnostics.filter(({ severity, code }) => severity === 'error' || code === 'reference/unused-account')
}

function told(errors: readonly Diagnostic[]): string {
  return errors.map(({ message, hint }) => `${message}; ${hint}`).join('\n')
}

for (const [ours, theirs] of Object.entries(FOREIGN_KEYS)) {
  test(`${ours}: ${theirs}`, () => {
    const [key = '', inner] = ours.split('.')
    const good = GOOD[key]!
    assert.ok(good, `no good file of ${key}`)
    assert.equal(errorsOf(renamedIn(good, '', '') as object), [], `the good file of ${key}`)
    for (const name of theirs.split(' ')) {
      const errors = errorsOf(renamedIn(good, key, name) as object)
      assert.is(errors.length, 1, `${name}: ${told(errors)}`)
      assert.is(errors[0]!.message, `unknown key \`${name}\``)
      const hint = inner === undefined ? key : `${key}: { ${inner}: … }`
      // Of two that one name may mean, the first is said.
      assert.match(errors[0]!.hint!, /^did you mean `/, name)
      if (!/^(?:key|certificate|cert|keyfile|privatekey|signingkey|contenttype|bodyformat|clientkey)$/.test(name))
        assert.is(errors[0]!.hint, `did you mean \`${hint}\`?`, name)
    }
  })
}

const WORDS: Record<string, (word: string) => object> = {
  clientAuthMethod: word => account({ ...OAUTH2, clientAuthMethod: word }),
  grant: word => account({ ...OAUTH2, grant: word }),
  authorization: word => account({ ...OAUTH2, authorization: word }),
  bearerTokenType: word => account({ ...OAUTH2, bearerTokenType: word }),
  format: word => account({ ...OAUTH2, tokenRequest: { format: word } }),
  as: word => account({ ...OAUTH2, tokenResponse: { expires: { at: '/x', as: word } } }),
  in: word => account({ ...OAUTH2, inject: { in: word } }),
  type: word => action({ type: word }),
}

for (const [ours, theirs] of Object.entries(FOREIGN_WORDS)) {
  test(`the word ${ours}: ${theirs}`, () => {
    for (const word of theirs.split(' ')) {
      const hints = Object.values(WORDS).flatMap(write => {
        const errors = errorsOf(write(word))
        return errors.length === 1 ? [errors[0]!.hint] : []
      })
      assert.ok(hints.includes(`did you mean \`${ours}\`?`), `${word}: ${hints}`)
    }
  })
}

test('our own names with other capitals and signs', () => {
  for (const name of ['access_token_uri', 'ACCESS-TOKEN-URI', 'AccessTokenURI', 'access.token.uri']) {
    const errors = errorsOf(renamedIn(account(OAUTH2), 'accessTokenUri', name) as object)
    assert.is(told(errors), `unknown key \`${name}\`; did you mean \`accessTokenUri\`?`)
  }
})

test('misspelt keys below misspelt keys are told in one run, each with what it needs', () => {
  const errors = errorsOf({
    acounts: {
      a: {
        tokenUrl: 'https://id.example/token',
        clientId: 'app',
        clientSecret: { enb: 'S' },
        scope: [],
        tokenReqest: { paramz: {} },
      },
    },
    services: { s: { account: 'a', serverUrl: 'https://x.example' } },
  })
  assert.is(
    errors.map(({ message }) => message).join(', '),
    'unknown key `acounts`, unknown key `tokenUrl`, unknown key `enb`, unknown key `tokenReqest`, unknown key `paramz`',
  )
})

test.run()
