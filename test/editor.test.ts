// The schema as the contract of editors: what the real YAML language server makes of it. Completion, hover text, problems.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { EDITOR_KEYWORDS } from '../scripts/build-validator.ts'
import { validateSchema } from '../src/config/schema/validate-schema.ts'
import { type Completion, type Editor, languageServerPath, openEditor } from './support/language-server.ts'

type Node = Record<string, unknown>

const ROOT = dirname(import.meta.dirname)
const MODELINE = '# yaml-language-server: $schema=./schema/bearerd.schema.json\n'
const schema = JSON.parse(readFileSync(join(ROOT, 'schema/bearerd.schema.json'), 'utf8')) as Node
const program = languageServerPath()
let editor: Editor

/** Needs the package; the first line of the output says so when it is not there. */
const withServer = program ? test : test.skip
if (!program) console.log('SKIPPED: the package yaml-language-server is not installed; nothing of an editor is tested')

test.before(async () => {
  if (program) editor = await openEditor(program, ROOT)
})
test.after(async () => editor?.close())

function labelsOf(completions: readonly Completion[]): string[] {
  return completions.map(({ label }) => label)
}

function textOf(completion: Completion | undefined): string {
  const { documentation = '' } = completion ?? {}
  return typeof documentation === 'string' ? documentation : documentation.value
}

function includesAll(actual: readonly string[], wanted: readonly string[]): void {
  assert.equal(
    wanted.filter(name => !actual.includes(name)),
    [],
    `missing in: ${actual.join(', ')}`,
  )
}

function definition(name: string): Node {
  return (schema.$defs as Record<string, Node>)[name]!
}

function keysOf(name: string): string[] {
  return Object.keys(definition(name).properties as object)
}

/** Each node of the schema. */
function* nodesOf(node: unknown): Generator<Node> {
  if (typeof node !== 'object' || node === null) return
  if (!Array.isArray(node)) yield node as Node
  for (const [key, value] of Object.entries(node)) if (!SAMPLES.has(key)) yield* nodesOf(value)
}

const SAMPLES = new Set(['examples', 'default', 'defaultSnippets'])

test('the schema has an $id, and the version of the package', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  assert.match(String(schema.$id), /^https:\/\/.*\/v1\/bearerd\.schema\.json$/)
  assert.ok(
    String(schema.$comment).startsWith(`Version ${version},`),
    'the version in $comment is that of package.json',
  )
})

test('the $comment names every keyword that validators do not know', () => {
  includesAll(String(schema.$comment).match(/\w+/g)!, EDITOR_KEYWORDS)
})

test('each word of an enumeration has its description, the same as in the description of the key', () => {
  const nodes = [...nodesOf(schema)]
  // Words that are names of keys, not values.
  const names = new Set(nodes.map(node => node.propertyNames))
  const enumerations = nodes.filter(node => Array.isArray(node.enum) && node.title !== undefined && !names.has(node))
  assert.ok(enumerations.length >= 7)
  for (const node of enumerations) {
    const texts = node.markdownEnumDescriptions as string[]
    const told = (node.enum as string[]).map((word, index) => `\`${word}\`: ${texts[index]}`)
    assert.is(`${node.markdownDescription} ${told.join(' ')}`, node.description, String(node.title))
    assert.is(texts.length, told.length)
  }
})

interface Snippet {
  label: string
  description: string
  body: unknown
}

function snippetsOf(node: Node): Snippet[] {
  return node.defaultSnippets as Snippet[]
}

/** As an editor leaves it when nobody types: `${1:crm}` is `crm`. */
function expanded(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body).replaceAll(/\$\{\d+:([^}]*)\}/g, '$1'))
}

test('every snippet is valid as it stands', () => {
  const { accounts, services, actions } = schema.properties as Record<string, Node>
  const wrap: [Node, (body: unknown) => object][] = [
    [accounts!, body => ({ accounts: body })],
    [services!, body => ({ services: body })],
    [actions!, body => ({ actions: body })],
    [definition('account'), body => ({ accounts: { a: body } })],
    [definition('service'), body => ({ services: { a: body } })],
    [
      (definition('service').properties as Record<string, Node>).account!,
      body => ({ services: { a: { account: body, serverUrl: 'https://api.example' } } }),
    ],
    [
      (definition('account').properties as Record<string, Node>).clientSecret!,
      body => ({
        accounts: { a: { accessTokenUri: 'https://id.example', clientId: 'a', clientSecret: body, scope: [] } },
      }),
    ],
    [definition('secret'), body => ({ vars: { a: body } })],
    [definition('textOrSecret'), body => ({ vars: { a: body } })],
  ]
  for (const [node, file] of wrap) {
    for (const { label, description, body } of snippetsOf(node)) {
      assert.match(description, /\.$/, label)
      assert.equal(validateSchema({ version: 1, ...file(expanded(body)) }), [], label)
    }
  }
  const found = [...nodesOf(schema)].filter(node => node.defaultSnippets !== undefined)
  assert.is(found.length, wrap.length, 'each place of snippets is tested')
})

withServer('keys of a file', async () => {
  includesAll(labelsOf(await editor.complete(`${MODELINE}version: 1\n|`)), ['accounts', 'services', 'vars', 'daemon'])
  const [version] = await editor.complete(`${MODELINE}ver|`)
  assert.is(version?.label, 'version')
  assert.is(textOf(version), 'Version of this format.')
})

withServer('keys of an account, by name and in place', async () => {
  const named = await editor.complete(`${MODELINE}version: 1\naccounts:\n  crm:\n    |`)
  includesAll(labelsOf(named), keysOf('account'))
  assert.match(textOf(named.find(({ label }) => label === 'accessTokenUri')), /^URI template of the token endpoint/)
  const inPlace = await editor.complete(`${MODELINE}version: 1\nservices:\n  a:\n    account:\n      |`)
  includesAll(labelsOf(inPlace), keysOf('account'))
})

withServer('keys that are those of another mapping, with its words', async () => {
  const signed = `${MODELINE}version: 1\naccounts:\n  crm:\n    grant: jwt_bearer\n    assertion:\n      key: { env: K }\n`
  const keys = await editor.complete(`${signed}      |`)
  includesAll(
    labelsOf(keys),
    keysOf('signedAssertion').filter(key => key !== 'key'),
  )
  assert.match(textOf(keys.find(({ label }) => label === 'x5t')), /^The header member `x5t#S256`: a certificate/)
  assert.match(await editor.hover(`${signed}      li|fetime: 60s\n`), /^#### Lifetime\n\nFrom now to the claim/)
})

withServer('keys of a service, without those that are there', async () => {
  const labels = labelsOf(await editor.complete(`${MODELINE}version: 1\nservices:\n  a:\n    account: crm\n    |`))
  includesAll(
    labels,
    keysOf('service').filter(key => key !== 'account'),
  )
  assert.not.ok(labels.includes('account'))
})

withServer('words of an enumeration, each with its own description', async () => {
  const words = await editor.complete(`${MODELINE}version: 1\naccounts:\n  crm:\n    authorization: |`)
  assert.equal(labelsOf(words), ['oauth2', 'header', 'query', 'basic', 'none'])
  assert.is(textOf(words[1]), 'Fixed headers, such as an API key.')
  const levels = await editor.complete(`${MODELINE}version: 1\ndaemon:\n  log:\n    level: |`)
  assert.is(textOf(levels.find(({ label }) => label === 'debug')), 'One line a request.')
})

withServer('snippets for every kind of account, at their places', async () => {
  const inside = await editor.complete(`${MODELINE}version: 1\naccounts:\n  crm:\n    |`)
  includesAll(labelsOf(inside), [
    'OAuth 2.0: client credentials',
    'OAuth 2.0: password grant',
    'API key in a header',
    'API key in the query',
    'HTTP Basic',
    'No credential',
  ])
  const { insertText } = inside.find(({ label }) => label === 'API key in a header')!
  const wanted = { authorization: 'header', header: { name: 'X-Api-Key', value: { env: 'WEATHER_KEY' } } }
  assert.equal(parse(expanded(insertText) as string), wanted)
  const named = await editor.complete(`${MODELINE}version: 1\naccounts:\n  |`)
  includesAll(labelsOf(named), ['Account: OAuth 2.0 client credentials'])
})

withServer('snippets for a service and its account', async () => {
  includesAll(labelsOf(await editor.complete(`${MODELINE}version: 1\nservices:\n  |`)), [
    'Service with a named account',
  ])
  const account = await editor.complete(`${MODELINE}version: 1\nservices:\n  a:\n    account: |`)
  includesAll(labelsOf(account), ['API key in a header', 'No credential'])
})

withServer('snippets for every source of a secret, on the line of the key and below', async () => {
  const sources = snippetsOf(definition('secret')).map(({ label }) => label)
  for (const place of [' |', '\n      |']) {
    const labels = labelsOf(
      await editor.complete(`${MODELINE}version: 1\naccounts:\n  crm:\n    clientSecret:${place}`),
    )
    includesAll(labels, sources)
  }
})

withServer('hover text: title, description, words, example', async () => {
  const grant = await editor.hover(`${MODELINE}version: 1\naccounts:\n  crm:\n    gr|ant: password\n`)
  assert.match(grant, /^#### Grant\n\nThe grant type of the token request\.\n/)
  assert.match(
    grant,
    /\* `password`: A user name and password \(RFC 6749 section 4\.3\); RFC 9700 advises against it\./,
  )
  const service = await editor.hover(`${MODELINE}version: 1\nservices:\n  a:\n    server|Url: https://api.example\n`)
  assert.match(service, /^#### Server URL\n\nURI template under which the service answers/)
  assert.match(service, /Example:/)
})

withServer('hover text of a secret is about this secret', async () => {
  const secret = await editor.hover(`${MODELINE}version: 1\naccounts:\n  crm:\n    client|Secret: { env: A }\n`)
  assert.match(secret, /^#### Client secret\n\nThe client's password/)
})

const PASSWORD_GRANT = `${MODELINE}version: 1
accounts:
  archive:
    accessTokenUri: https://id.archive.example/token
    clientId: archive-job
    clientSecret: { env: ARCHIVE_SECRET }
    grant: password
    username: robot
    scope: [files]
`

withServer('a password grant without password is an error at the account', async () => {
  const found = await editor.problems(PASSWORD_GRANT)
  assert.is(found.length, 1)
  assert.match(found[0]!.message, /password/)
  assert.equal([found[0]!.severity, found[0]!.range.start], [1, { line: 3, character: 2 }])
  assert.equal(await editor.problems(`${PASSWORD_GRANT}    password: { env: ARCHIVE_PASSWORD }\n`), [])
})

withServer('a misspelt key, a wrong word and a key of another grant are errors at their place', async () => {
  const account = (line: string) =>
    PASSWORD_GRANT.replace('    grant: password\n    username: robot\n', `    ${line}\n`)
  for (const line of ['tiemout: 10s', 'grant: pasword', 'username: robot', 'timeout: 10']) {
    const [problem] = await editor.problems(account(line))
    assert.is(problem?.range.start.line, 7, line)
  }
})

const FILES = ['services.example.yaml', ...globSync('examples/*/services{.yaml,.d/**/*.yaml}', { cwd: ROOT }).sort()]

withServer('no problem in services.example.yaml and the examples', async () => {
  assert.ok(FILES.length > 10)
  for (const file of FILES) assert.equal(await editor.problems(readFileSync(join(ROOT, file), 'utf8'), file), [], file)
})

test.run()
