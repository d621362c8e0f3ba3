// The schema itself: its validator is not stale, Ajv takes it strictly, and every property is explained for editors.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EDITOR_KEYWORDS, generateIsValid, generateValidator } from '../../scripts/build-validator.ts'
import { rootSchema, validateSchema } from '../../src/config/schema/validate-schema.ts'

type Node = Record<string, unknown>

const ROOT = join(import.meta.dirname, '../..')
const schema = JSON.parse(readFileSync(join(ROOT, 'schema/bearerd.schema.json'), 'utf8')) as Node
const ajv = new Ajv2020({ strict: true, allErrors: true }).addVocabulary(EDITOR_KEYWORDS)
const validate = ajv.compile(schema)

function generated(name: string): string {
  return readFileSync(join(ROOT, `src/config/schema/${name}.generated.cjs`), 'utf8')
}

test('the generated validators are those of this schema', () => {
  assert.is(generated('validate-schema'), generateValidator())
  assert.is(generated('is-valid'), generateIsValid())
  assert.equal(rootSchema(), schema)
})

test('no part of Ajv is loaded by the validators', () => {
  for (const name of ['validate-schema', 'is-valid'])
    assert.not.match(generated(name), /\bimport\b|require\(|\beval\b|new Function/)
})

test('it is JSON Schema 2020-12 and strict in the sense of Ajv', () => {
  assert.is(schema.$schema, 'https://json-schema.org/draft/2020-12/schema')
  assert.is(ajv.validateSchema(schema), true)
})

/** Every schema node that describes a value, with its place: properties and items, not the branches of if/then/else. */
function* described(node: unknown, place: string): Generator<[string, Node]> {
  if (typeof node !== 'object' || node === null) return
  const { properties, items, $defs } = node as Record<string, Node | undefined>
  for (const [name, property] of Object.entries(properties ?? {})) {
    if (typeof property === 'object') yield [`${place}/properties/${name}`, property as Node]
    yield* described(property, `${place}/properties/${name}`)
  }
  for (const [name, definition] of Object.entries($defs ?? {})) {
    yield [`${place}/$defs/${name}`, definition as Node]
    yield* described(definition, `${place}/$defs/${name}`)
  }
  if (items) yield [`${place}/items`, items]
  for (const branch of ['then', 'else', 'items']) yield* described((node as Node)[branch], `${place}/${branch}`)
}

function resolve(node: Node): Node {
  if (typeof node.$ref !== 'string') return node
  const target = node.$ref
    .slice(2)
    .split('/')
    .reduce<Node>((at, key) => at[key] as Node, schema)
  return { ...resolve(target), ...node }
}

test('every property has a title, a description and examples', () => {
  const nodes = [...described(schema, '#')]
  assert.ok(nodes.length > 40, String(nodes.length))
  for (const [place, node] of nodes) {
    const { title, description, examples } = resolve(node)
    assert.match(String(title), /^[A-Za-z]/, `${place} has no title`)
    assert.match(String(description), /^[^a-z].*\.$/s, `${place} has no description that is a sentence: ${description}`)
    assert.ok(Array.isArray(examples) && examples.length > 0, `${place} has no examples`)
  }
})

test('every example and default is valid by its own schema', () => {
  for (const [place, node] of described(schema, '#')) {
    const check = ajv.compile({ $ref: `${schema.$id}${place}` })
    const { examples, default: fallback } = resolve(node) as { examples: unknown[]; default?: unknown }
    for (const example of [...examples, ...(fallback === undefined ? [] : [fallback])]) {
      assert.ok(check(example), `${place}: ${JSON.stringify(example)} ${JSON.stringify(check.errors)}`)
    }
  }
})

test('every mapping with fixed keys refuses others, but those that start with x-', () => {
  for (const [place, node] of [['#', schema] as const, ...described(schema, '#')]) {
    if (node.properties === undefined) continue
    assert.is(node.additionalProperties, false, place)
    // One entry decides what these are: there is no room for another one.
    const own = /\/(?:secretReference|content)$/.test(place) ? undefined : ['^x-']
    assert.equal(node.patternProperties && Object.keys(node.patternProperties), own, place)
  }
})

test('every enumeration explains each of its words', () => {
  for (const [place, node] of described(schema, '#')) {
    for (const word of (node.enum as string[] | undefined) ?? []) {
      assert.ok(String(node.description).includes(`\`${word}\``), `${place} does not explain ${word}`)
    }
  }
})

const VALUES: unknown[] = [
  null,
  5,
  'x',
  [],
  {},
  { version: 1 },
  { version: 1, services: { a: { account: 'b', serverUrl: 'https://a.example' } } },
  { version: 1, accounts: { a: { authorization: 'none' }, B: {} } },
  { version: 1, accounts: { a: { grant: 'password', authorization: 'oauth2' } }, x: 1, 'x-y': 1 },
  { version: 1, vars: { a: { env: 'A', file: 'b' }, '1': 2 } },
  { version: 1, daemon: { listen: 'x', log: { level: 'loud' } } },
]

test('the generated validator and Ajv say the same', () => {
  for (const value of VALUES) {
    assert.is(validateSchema(value).length === 0, validate(value), JSON.stringify(value))
    const places = (errors: readonly { instancePath: string; keyword: string }[]) =>
      errors.map(error => `${error.instancePath} ${error.keyword}`)
    assert.equal(places(validateSchema(value)), places(validate.errors ?? []), JSON.stringify(value))
  }
})

test('texts of the formats, on both sides', () => {
  const service = (extra: object) => ({
    version: 1,
    services: { a: { account: { authorization: 'none' }, serverUrl: 'https://a.example', ...extra } },
  })
  for (const timeout of ['1ms', '500ms', '10s', '5m', '2h', '1d', '999999999s']) {
    assert.equal(validateSchema(service({ timeout })), [], timeout)
  }
  for (const timeout of ['', '1', 's', '1 s', '-1s', '1.5s', '1S', '1w', '9999999999s', '1s ', 5]) {
    assert.ok(validateSchema(service({ timeout })).length > 0, String(timeout))
  }
  for (const name of ['a', 'a1', 'a-b', `a${'b'.repeat(62)}`]) {
    assert.equal(validateSchema({ version: 1, accounts: { [name]: { authorization: 'none' } } }), [], name)
  }
  for (const name of ['', 'A', '1a', '-a', 'a_b', 'a.b', 'é', `a${'b'.repeat(63)}`]) {
    assert.ok(validateSchema({ version: 1, accounts: { [name]: { authorization: 'none' } } }).length > 0, name)
  }
  for (const header of [
    'Host',
    'HOST',
    'connection',
    'CONNECTION',
    'Content-length',
    'TRANSFER-ENCODING',
    'a b',
    'a:',
    '',
  ]) {
    assert.ok(validateSchema(service({ headers: { [header]: 'x' } })).length > 0, header)
  }
  for (const header of ['X-Tenant', 'Hosted', 'X-Host', 'Accept']) {
    assert.equal(validateSchema(service({ headers: { [header]: 'x' } })), [], header)
  }
  for (const serverUrl of ['https://{{ vars.a }}.example', "https://a.example/{{base64 'a b'}}"]) {
    assert.equal(validateSchema(service({ serverUrl })), [], serverUrl)
  }
})

test.run()
