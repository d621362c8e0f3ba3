// Files to a configuration: defaults, places, several files, what one broken file hides and what it does not.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Memory } from '../../src/base/memory.ts'
import { checkConfig } from '../../src/config/check.ts'
import type { Config } from '../../src/config/model/config.ts'
import type { OAuth2 } from '../../src/config/model/model.ts'
import type { Source } from '../../src/config/yaml/source.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { check, codes, places, source } from './support.ts'

const ACCOUNT = 'accessTokenUri: https://login.crm.example/token, clientId: invoices, clientSecret: { env: A }'

function config(...texts: string[]): Config {
  const checked = checkConfig(texts.map((text, index) => source(text, `${'abcdefgh'[index]}.yaml`)))
  if (!checked.ok) throw new Error(JSON.stringify(places(checked.diagnostics)))
  return checked.value
}

function oauth2(account: string): OAuth2 {
  const { authorization } = config(`version: 1\naccounts: { crm: ${account} }\n`).accounts.get('crm')!
  assert.is(authorization.kind, 'oauth2')
  return (authorization as { oauth2: OAuth2 }).oauth2
}

test('defaults of an account and a service', () => {
  const account = oauth2(`{ ${ACCOUNT}, scope: [] }`)
  assert.is(account.clientAuthMethod, 'client_secret_basic')
  assert.is(account.basicEncoding, 'form')
  assert.is(account.grant, 'client_credentials')
  assert.is(account.bearerTokenType, 'access_token')
  assert.is(account.timeoutMs, 10_000)
  assert.is(account.allowHttp, false)
  const service = config(
    'version: 1\nservices: { a: { account: { authorization: none }, serverUrl: https://a.example } }\n',
  ).services.get('a')!
  assert.is(service.timeoutMs, 30_000)
  assert.is(service.account, 'services.a')
  assert.equal(service.headers, [])
})

const SCOPES: [written: string, scope: string[]][] = [
  ['[]', []],
  ['read', ['read']],
  ['read write', ['read', 'write']],
  ['"read, write"', ['read', 'write']],
  ['" ,read,,  write , "', ['read', 'write']],
  ['"write read"', ['write', 'read']],
  ['"Read read"', ['Read', 'read']],
  ['"read\\twrite\\nmore"', ['read', 'write', 'more']],
  ['[read, write]', ['read', 'write']],
  ['["a,b", c]', ['a,b', 'c']],
  ['https://graph.example/.default', ['https://graph.example/.default']],
]

test('scope: texts are split, items are taken literally, the order stays', () => {
  for (const [written, scope] of SCOPES) assert.equal(oauth2(`{ ${ACCOUNT}, scope: ${written} }`).scope, scope, written)
})

test('relative paths start at the folder of the file that names them', () => {
  const text = `version: 1\naccounts: { crm: { ${ACCOUNT.replace('{ env: A }', '{ file: secrets/a }')}, scope: [] } }\n`
  const { accounts } = checkConfig([{ path: '/etc/bearerd/services.d/a.yaml', file: 'a.yaml', text }]).value!
  const { authorization } = accounts.get('crm')!
  const secret = authorization.kind === 'oauth2' ? authorization.oauth2.clientSecrets[0] : undefined
  assert.equal(secret?.kind === 'secret' && secret.reference, {
    kind: 'file',
    path: '/etc/bearerd/services.d/secrets/a',
  })
})

test('files make one configuration, whatever their order', () => {
  const texts = [
    `version: 1\naccounts: { crm: { ${ACCOUNT}, scope: [] } }\n`,
    'version: 1\nvars: { region: eu }\n',
    'version: 1\nservices: { a: { account: crm, serverUrl: "https://{{vars.region}}.example" } }\n',
  ]
  assert.equal(check(...texts), [])
  assert.equal(check(...texts.toReversed()), [])
  assert.equal([...config(...texts).services.keys()], ['a'])
})

test('nothing to read is an empty configuration', () => {
  const checked = checkConfig([])
  assert.ok(checked.ok)
  assert.is(checked.value.services.size, 0)
})

test('a broken file does not make its names unknown, except where one was probably misspelt', () => {
  const broken = 'version: 1\naccounts: { crm: [\n'
  const service = (account: string) =>
    `version: 1\nservices: { a: { account: ${account}, serverUrl: https://a.example } }\n`
  assert.equal(codes(check(broken, service('crm'))), ['yaml/syntax'])
  const other = 'version: 1\naccounts: { archive: { authorization: none } }\n'
  assert.equal(codes(check(broken, service('archiv'), other)).sort(), ['reference/unknown-account', 'yaml/syntax'])
  assert.equal(codes(check(broken, service('archive'), other)), ['yaml/syntax'])
})

test('a definition that the schema refused is still a name, and its uses are not blamed', () => {
  const text = `version: 1
accounts:
  crm: { authorization: none, scop: x }
  unused: { authorization: none }
services:
  a: { account: crm, serverUrl: https://a.example }
`
  assert.equal(places(check(text)), ['3:31 schema/unknown-key'])
})

test('a slip in a definition hides nothing in the rest of it, nor behind the misspelt key', () => {
  const text = `version: 1
accounts:
  crm:
    accessTokenUri: http://login.example/{{vars.nothing}}
    clientId: a
    clientSecrt: literal
    timeout: 10
  archive: { accessTokenUri: ftp://id.example, clientId: a, clientSecret: { env: A } }
servces:
  a: { account: crm, serverUlr: "https://{{vars.host}}" }
  b: { account: archive, serverUrl: https://b.example, unknown: 1, headers: { Host: x } }
`
  assert.equal(places(check(text)), [
    '3:3 schema/missing-key',
    '4:44 template/unknown-variable',
    '6:5 schema/unknown-key',
    '6:18 secrets/literal',
    '7:14 schema/type',
    '8:3 schema/missing-key',
    '8:30 uri/invalid',
    '9:1 schema/unknown-key',
    '10:22 schema/unknown-key',
    '10:44 template/unknown-variable',
    '11:56 schema/unknown-key',
    '11:79 schema/value',
  ])
})

test('of very many unknown names each is told, and only the first of them get a suggestion', () => {
  const names = Array.from({ length: 1100 }, (_, index) => `name-of-${index + 1000}`)
  const of = <T>(value: (name: string) => T) => Object.fromEntries(names.map(name => [name, value(name)]))
  const open = { account: { authorization: 'none' }, serverUrl: 'https://x.example' }
  const cases = {
    'template/unknown-variable': {
      vars: of(() => 'x'),
      services: of(name => ({ ...open, serverUrl: `https://x.example/{{vars.x${name}}}` })),
    },
    'reference/unknown-account': {
      accounts: of(() => ({ authorization: 'none' })),
      services: of(name => ({ ...open, account: `x${name}` })),
    },
  }
  for (const [code, definitions] of Object.entries(cases)) {
    const found = checkConfig([source(JSON.stringify({ version: 1, ...definitions }))]).diagnostics.filter(
      found => found.code === code,
    )
    assert.is(found.length, names.length)
    const hinted = found.filter(({ hint }) => /did you mean/.test(hint ?? '')).length
    assert.ok(hinted > 100 && hinted < 1000, `${hinted} of ${code}`)
  }
})

test('a long text of variables that have no end is looked through once', () => {
  const text = JSON.stringify({ version: 1, vars: { x: '${a-'.repeat(300_000), y: '${a-b}' } })
  const codes = checkConfig([source(text)]).diagnostics.map(({ code }) => code)
  assert.equal(codes, ['template/shell-variable'])
})

test('what is missing directly behind a misspelt key is told too, and nothing twice', () => {
  const text = `version: 1
services:
  a:
    acount: { accessTokenUri: https://login.example/token, clientId: x, clientSecret: { env: A } }
  b: { acount: { authorization: none }, serverUrl: https://b.example }
`
  assert.equal(places(check(text)), [
    '3:3 schema/missing-key',
    '4:5 schema/missing-key',
    '4:5 schema/unknown-key',
    '5:8 schema/unknown-key',
  ])
})

test('what is wrong is not told again by a rule that asks for it', () => {
  const service = (more: string) =>
    `version: 1\nservices: { a: { account: { authorization: none }, serverUrl: "http://a.example/{{vars.x}}", ${more} } }\n`
  assert.equal(codes(check(service('allowHttp: yes, vars: { x: a }'))), ['schema/type'])
  assert.equal(codes(check(service('allowHttp: true, vars: { x: [] }'))).includes('template/unknown-variable'), false)
  assert.equal(codes(check(service('allowHttp: true, vars: 5'))), ['schema/type'])
})

test('a refused definition hides nothing in its neighbours', () => {
  const text = `version: 1
services:
  a: { account: nothing, serverUrl: https://a.example }
  b: { account: 5, serverUrl: https://b.example }
  c: { account: { authorization: none }, serverUrl: "http://c.example/{{vars.x}}" }
  d: { account: { authorization: none }, serverUrl: http://d.example }
`
  assert.equal(places(check(text)), [
    '3:17 reference/unknown-account',
    '4:17 schema/type',
    '5:73 template/unknown-variable',
    '6:53 uri/insecure',
  ])
})

test('the user’s own keys, at the top, in definitions and among them', () => {
  const text = `version: 1
x-note: [anything, { goes: here }]
accounts: { x-base: 5, crm: { authorization: none, x-owner: me } }
services: { x-: null, a: { account: crm, serverUrl: https://a.example, x-y: {} } }
daemon: { x-z: 1, log: { x-z: 1 } }
`
  assert.equal(check(text), [])
  assert.equal([...config(text).accounts.keys()], ['crm'])
})

test('variables: the account’s before the service’s before those of the files', () => {
  const text = (accountVars: string, serviceVars: string) => `version: 1
vars: { base: ftp://all.example }
services:
  a:
    serverUrl: "{{vars.base}}"
    vars: ${serviceVars}
    account: { authorization: none, vars: ${accountVars} }
`
  assert.equal(codes(check(text('{}', '{}'))), ['uri/host-from-value'])
  assert.equal(codes(check(text('{}', '{ base: https://service.example }'))), [])
  assert.equal(codes(check(text('{ base: https://account.example }', '{ base: ftp://service.example }'))), [])
})

test('with a memory only what has changed is checked, and what is gone is forgotten', () => {
  const memory = new Memory()
  const made: unknown[] = []
  const check = (...sources: Source[]) => {
    made.length = 0
    return memory.run(remember =>
      checkConfig(sources, (kind, about, from, make) =>
        remember(kind, about, from, () => {
          made.push(`${kind} ${about}`)
          return make()
        }),
      ),
    ).diagnostics
  }
  const a = source('version: 1\nservces: {}\n')
  const b = source('version: 1\n', 'b.yaml')
  const first = check(a, b)
  assert.equal(check({ ...a }, { ...b }), first)
  assert.equal(made, [])
  assert.is(check(a, { ...b, text: 'version: 2\n' }).length, first.length + 1)
  assert.equal(
    made.filter(about => !String(about).startsWith('parameters')),
    [`file ${b.path}`, `files ${a.path}`, `look ${a.path}`],
  )
  const { size } = memory
  assert.equal(check(a), first)
  assert.ok(memory.size < size)
})

test('what a file that cannot be read may define is not told as missing', () => {
  const text = `version: 1
services:
  a: { account: hidden, serverUrl: "https://{{vars.hidden}}.example" }
  b: { account: { authorization: none }, serverUrl: https://b.example, timout: 3s }
actions:
  c: { type: sendToConnectedService, authenticateWith: hidden, path: /, content: { text: { template: x } } } # bearerd-ignore uri/insecure
`
  const range = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } }
  const unread = {
    code: 'file/unreadable',
    severity: 'error',
    message: 'cannot be read',
    file: 'z.yaml',
    range,
  } as const
  const found = (unread: readonly Diagnostic[]) => checkConfig([source(text)], undefined, { unread }).diagnostics
  assert.equal(places(found([unread])), ['4:72 schema/unknown-key', '1:1 file/unreadable'])
  assert.is(codes(found([])).filter(code => /^reference|variable/.test(code)).length, 3)
})

test('a blank that is missing in braces is told, without what stands behind the colon', () => {
  const text = `version: 1
services:
  a: { account: { authorization: none }, serverUrl: https://a.example, timeout:20s }
`
  assert.equal(
    checkConfig([source(text)]).diagnostics.map(({ message, hint, range }) => [range.start.column, message, hint]),
    [[72, 'no blank after `timeout:`', 'write `timeout: `, and then the value']],
  )
})

test.run()
