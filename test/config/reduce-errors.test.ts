// Which keys go with which authorization, grant and client authentication method: every combination, required and refused
// keys, against a table that is written from the product's words and not from the schema.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { reduceErrors, refusedPaths } from '../../src/config/schema/reduce-errors.ts'
import type { SchemaFinding } from '../../src/config/schema/schema-finding.ts'
import { validateSchema } from '../../src/config/schema/validate-schema.ts'

type Account = Record<string, unknown>

const SECRET = { env: 'SECRET' }
const VALUES: Account = {
  accessTokenUri: 'https://login.crm.example/token',
  clientId: 'invoices',
  clientSecret: SECRET,
  clientAuthMethod: 'client_secret_basic',
  basicEncoding: 'raw',
  grant: 'client_credentials',
  scope: 'read',
  bearerTokenType: 'access_token',
  timeout: '5s',
  allowHttp: true,
  username: 'robot',
  password: SECRET,
  header: { name: 'X-Key', value: SECRET },
  query: { name: 'key', value: SECRET },
}
const OF_OAUTH2 = ['accessTokenUri', 'clientId', 'scope']
const OPTIONAL_OF_OAUTH2 = ['clientAuthMethod', 'grant', 'bearerTokenType', 'timeout', 'allowHttp']

interface Case {
  /** The keys that decide; an absent one has its default. */
  deciders: Account
  required: string[]
  optional: string[]
}

function oauth2Case(authorization: Account, grant?: string, method?: string): Case {
  const user = grant === 'password' ? ['username', 'password'] : []
  const secret = method === 'none' ? [] : ['clientSecret']
  const encoding = method === undefined || method === 'client_secret_basic' ? ['basicEncoding'] : []
  const deciders = { ...authorization, ...(grant && { grant }), ...(method && { clientAuthMethod: method }) }
  return { deciders, required: [...OF_OAUTH2, ...user, ...secret], optional: [...OPTIONAL_OF_OAUTH2, ...encoding] }
}

const CASES: Case[] = [
  ...[{}, { authorization: 'oauth2' }].flatMap(authorization =>
    [undefined, 'client_credentials', 'password'].flatMap(grant =>
      [undefined, 'client_secret_basic', 'client_secret_post', 'none'].map(method =>
        oauth2Case(authorization, grant, method),
      ),
    ),
  ),
  { deciders: { authorization: 'header' }, required: ['header'], optional: [] },
  { deciders: { authorization: 'query' }, required: ['query'], optional: [] },
  { deciders: { authorization: 'basic' }, required: ['username', 'password'], optional: [] },
  { deciders: { authorization: 'none' }, required: [], optional: [] },
]

function complete({ deciders, required }: Case): Account {
  return { ...Object.fromEntries(required.map(key => [key, VALUES[key]])), ...deciders }
}

function findings(account: unknown): SchemaFinding[] {
  const root = { version: 1, accounts: { crm: account } }
  return reduceErrors(validateSchema(root), root)
}

function told(account: unknown): string[] {
  return findings(account).map(({ code, path, message }) => {
    const place = path.slice(2).join('.')
    return `${code.slice('schema/'.length)} ${place || message.split('`')[1]}`
  })
}

test('the table has every combination', () => assert.is(CASES.length, 2 * 3 * 4 + 4))

test('the required keys are enough', () => {
  for (const each of CASES) assert.equal(told(complete(each)), [], JSON.stringify(each.deciders))
})

test('each required key is missed, alone and by its name', () => {
  for (const each of CASES) {
    for (const key of each.required) {
      const { [key]: _left, ...account } = complete(each)
      assert.equal(told(account), [`missing-key ${key}`], `${JSON.stringify(each.deciders)} without ${key}`)
    }
  }
})

test('each optional key is allowed', () => {
  for (const each of CASES) {
    const account = { ...Object.fromEntries(each.optional.map(key => [key, VALUES[key]])), ...complete(each) }
    assert.equal(told(account), [], JSON.stringify(each.deciders))
  }
})

test('each other key is refused, alone and at its place', () => {
  for (const each of CASES) {
    const good = complete(each)
    const others = Object.keys(VALUES).filter(key => !(key in good) && !each.optional.includes(key))
    for (const key of others) {
      const account = { ...good, [key]: VALUES[key] }
      assert.equal(told(account), [`not-allowed ${key}`], `${JSON.stringify(each.deciders)} with ${key}`)
    }
  }
})

test('a refused key says with what it goes, or that it has to go', () => {
  for (const each of CASES) {
    const good = complete(each)
    for (const key of Object.keys(VALUES).filter(name => !(name in good) && !each.optional.includes(name))) {
      const [finding] = findings({ ...good, [key]: VALUES[key] })
      assert.match(finding!.message, new RegExp(`^\`${key}\` does not go with (the default )?\`\\w+: \\w+\`$`))
      assert.match(finding!.hint!, /^(remove it|it goes with (`\w+(: \w+)?`(, | or )?)+)$/)
    }
  }
})

const MISSPELT: [right: string, wrong: string][] = [
  ['accessTokenUri', 'accesTokenUri'],
  ['clientId', 'clientID'],
  ['clientSecret', 'clientSecert'],
  ['scope', 'scopes'],
  ['grant', 'grants'],
  ['username', 'userName'],
  ['password', 'passwort'],
  ['clientAuthMethod', 'clientAuthMethode'],
]

test('a misspelt key is one finding, whatever depends on it', () => {
  const good = complete(oauth2Case({}, 'password', 'client_secret_post'))
  for (const [right, wrong] of MISSPELT) {
    const { [right]: value, ...rest } = good
    assert.equal(told({ ...rest, [wrong]: value }), [`unknown-key ${wrong}`])
    assert.is(findings({ ...rest, [wrong]: value })[0]!.hint, `did you mean \`${right}\`?`)
  }
})

test('a misspelt value of a deciding key is one finding', () => {
  const good = complete(oauth2Case({ authorization: 'oauth2' }, 'password', 'none'))
  for (const key of ['authorization', 'grant', 'clientAuthMethod']) {
    for (const value of ['nonsense', 5, null, ['password'], {}]) {
      assert.is(findings({ ...good, [key]: value }).length, 1, `${key}: ${JSON.stringify(value)}`)
      assert.equal(findings({ ...good, [key]: value })[0]!.path, ['accounts', 'crm', key])
    }
  }
})

test('a forgotten deciding key is one finding', () => {
  assert.equal(told({ header: VALUES.header }), ['not-allowed header'])
  assert.equal(told({ query: VALUES.query }), ['not-allowed query'])
  const { grant: _grant, ...account } = complete(oauth2Case({}, 'password'))
  assert.equal(told(account), ['not-allowed username'])
  assert.match(findings(account)[0]!.message, /^`username` and `password` do not go with the default `grant: client_cr/)
})

test('a deciding key that is there does not silence what else is missing', () => {
  assert.equal(told({ authorization: 'oauth2', header: VALUES.header }).sort(), [
    'missing-key accessTokenUri',
    'missing-key clientId',
    'missing-key clientSecret',
    'missing-key scope',
    'not-allowed header',
  ])
})

test('the number of keys of a reference is told only when all of them are known', () => {
  const good = complete(oauth2Case({}))
  assert.equal(told({ ...good, clientSecret: {} }), ['value clientSecret'])
  assert.equal(told({ ...good, clientSecret: { env: 'A', file: 'b' } }), ['value clientSecret'])
  assert.equal(told({ ...good, clientSecret: { env: 'A', fil: 'b' } }), ['unknown-key clientSecret.fil'])
  assert.equal(told({ ...good, clientSecret: { fil: 'b' } }), ['unknown-key clientSecret.fil'])
})

test('keys with the signs of JSON pointers', () => {
  assert.equal(told({ ...complete(oauth2Case({})), 'a/b~c%20d': 1 }), ['unknown-key a/b~c%20d'])
})

test('the user’s own keys are ignored', () => {
  assert.equal(told({ ...complete(oauth2Case({})), 'x-note': 5, 'x-': null }), [])
})

test('a definition with a violation is refused, its neighbours are not', () => {
  const root = { version: 1, accounts: { a: { authorization: 'none' }, b: { authorization: 5 }, C: {} } }
  const refused = refusedPaths(validateSchema(root))
  assert.not.ok(refused.has('accounts\0a'))
  assert.ok(refused.has('accounts\0b'))
  assert.ok(refused.has('accounts\0C'))
  assert.not.ok(refused.has('services'))
})

test.run()
