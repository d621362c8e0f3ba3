// Where things stand in a text: keys, values, aliases, merge keys, and what a place that does not exist falls back to.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { locateFinding } from '../../src/config/locate.ts'
import { parseFile } from '../../src/config/yaml/document.ts'
import { check, document, places, source, textAt } from './support.ts'

const TEXT = `version: 1
x-base: &base
  clientId: invoices
  nested: { deep: [one, &two two, { three: 3 }] }
x-more: &more { <<: *base, extra: "quo\\u0074ed" }
accounts:
  crm:
    <<: [*more, { last: value }]
    clientId: own
  other: *base
list: [*two, 'it''s',
  last]
"quoted key": plain text # comment
empty:
`

/** The text at a path, and the text that it comes from if it is an alias or merged. */
function at(path: (string | number)[], part: 'key' | 'value' = 'value'): [string, string?] {
  const { range, via } = document(TEXT).locate(path, part)
  return via ? [textAt(TEXT, range), textAt(TEXT, via)] : [textAt(TEXT, range)]
}

const PLACES: [path: (string | number)[], part: 'key' | 'value', expected: [string, string?]][] = [
  [['version'], 'key', ['version']],
  [['version'], 'value', ['1']],
  [['x-base', 'clientId'], 'value', ['invoices']],
  [['x-base', 'nested', 'deep', 0], 'value', ['one']],
  [['x-base', 'nested', 'deep', '1'], 'value', ['two']],
  [['x-base', 'nested', 'deep', 2, 'three'], 'key', ['three']],
  [['x-base', 'nested', 'deep', 2, 'three'], 'value', ['3']],
  [['x-base', 'nested'], 'value', ['{ deep: [one, &two two, { three: 3 }] }']],
  [['x-more', 'extra'], 'value', ['"quo\\u0074ed"']],
  [['x-more', 'clientId'], 'value', ['*base', 'invoices']],
  [['x-more', 'clientId'], 'key', ['*base', 'clientId']],
  [['x-more', 'nested', 'deep', 1], 'value', ['*base', 'two']],
  [['accounts', 'crm', 'clientId'], 'value', ['own']],
  [['accounts', 'crm', 'extra'], 'value', ['*more', '"quo\\u0074ed"']],
  [['accounts', 'crm', 'nested', 'deep', 0], 'value', ['*more', 'one']],
  [['accounts', 'crm', 'last'], 'value', ['{ last: value }', 'value']],
  [['accounts', 'other'], 'key', ['other']],
  [
    ['accounts', 'other'],
    'value',
    ['*base', 'clientId: invoices\n  nested: { deep: [one, &two two, { three: 3 }] }\n'],
  ],
  [['accounts', 'other', 'clientId'], 'value', ['*base', 'invoices']],
  [['accounts', 'other', 'clientId'], 'key', ['*base', 'clientId']],
  [['list', 0], 'value', ['*two', 'two']],
  [['list', 1], 'value', ["'it''s'"]],
  [['quoted key'], 'key', ['"quoted key"']],
  [['quoted key'], 'value', ['plain text']],
  [['empty'], 'value', ['']],
  [['empty'], 'key', ['empty']],
]

test('keys and values, plain, through aliases and through merge keys', () => {
  for (const [path, part, expected] of PLACES) assert.equal(at(path, part), expected, `${path.join('.')} ${part}`)
})

test('a collection of several lines is marked on its first line', () => {
  assert.equal(at(['x-base']), ['clientId: invoices'])
  assert.equal(at([]), ['version: 1'])
})

test('a path that does not exist leads to its nearest ancestor', () => {
  assert.equal(at(['accounts', 'crm', 'nothing']), ['<<: [*more, { last: value }]'])
  assert.equal(at(['accounts', 'crm', 'nothing'], 'key'), ['crm'])
  assert.equal(at(['version', 'below'], 'key'), ['version'])
  assert.equal(at(['list', 99]), ["[*two, 'it''s',"])
})

test('values are plain data without prototypes; merged keys give way to own ones', () => {
  const value = document(TEXT).value as Record<string, Record<string, Record<string, unknown>>>
  assert.is(Object.getPrototypeOf(value), null)
  assert.is(value.accounts!.crm!.clientId, 'own')
  assert.is(value.accounts!.crm!.extra, 'quoted')
  assert.is(value.accounts!.crm!.last, 'value')
  assert.equal(Object.keys(value.accounts!.crm!).sort(), ['clientId', 'extra', 'last', 'nested'])
})

test('keys with the names of prototypes are keys like others', () => {
  const { value } = document('version: 1\n__proto__: { polluted: 1 }\nconstructor: x\ntoString: y\n')
  assert.equal(Object.keys(value as object), ['version', '__proto__', 'constructor', 'toString'])
  assert.is(({} as Record<string, unknown>).polluted, undefined)
  assert.equal(places(check('version: 1\n__proto__: {}\nservices: { a: { toString: 1 } }\n')), [
    '2:1 schema/unknown-key',
    '3:13 schema/missing-key',
    '3:13 schema/missing-key',
    '3:18 schema/unknown-key',
  ])
})

test('the earlier of two merged mappings wins', () => {
  const value = document('a: &a { x: 1 }\nb: &b { x: 2, y: 3 }\nc: { <<: [*a, *b] }\n').value as { c: object }
  assert.equal({ ...value.c }, { x: 1, y: 3 })
})

test('scalars as they are written', () => {
  const raw = (path: (string | number)[]) => document(TEXT).rawScalar(path)?.raw
  assert.is(raw(['x-more', 'extra']), 'quo\\u0074ed')
  assert.is(raw(['list', 1]), "it''s")
  assert.is(raw(['quoted key']), 'plain text')
  assert.is(raw(['accounts', 'other', 'clientId']), undefined)
  assert.is(raw(['accounts', 'crm', 'extra']), undefined)
  assert.is(raw(['accounts']), undefined)
  assert.is(raw(['nothing']), undefined)
})

/** The marked text of an expression that is at offsets of the value. */
function within(text: string, piece: string, occurrence = 1): string {
  const read = document(text)
  const value = (read.value as { key: string }).key
  let start = -1
  for (let count = 0; count < occurrence; count++) start = value.indexOf(piece, start + 1)
  const place = { document: read, path: ['key'] }
  const finding = { code: 'a/b', place, within: { start, end: start + piece.length }, message: '' }
  const { range } = locateFinding(finding, 'error')
  return `${range.start.line}:${range.start.column} ${textAt(text, range)}`
}

test('a part of a text, in every spelling of it', () => {
  assert.is(within('key: a {{x}} b\n', '{{x}}'), '1:8 {{x}}')
  assert.is(within('key: "a {{x}} b"\n', '{{x}}'), '1:9 {{x}}')
  assert.is(within("key: 'it''s {{x}}'\n", '{{x}}'), '1:13 {{x}}')
  assert.is(within('key: "\\u0041 {{x}} {{x}}"\n', '{{x}}', 2), '1:20 {{x}}')
  assert.is(within('key: >-\n  words\n  and {{x}}\n', '{{x}}'), '3:7 {{x}}')
  assert.is(within('key: |\r\n  words\r\n  and {{x}}\r\n', '{{x}}'), '3:7 {{x}}')
  assert.is(within('key: words\n  and {{x}}\n', '{{x}}'), '2:7 {{x}}')
  assert.is(within('key: "{{\\u0078}}"\n', '{{x}}'), '1:6 "{{\\u0078}}"')
})

test('what the reader refused is rejected, and everything below it', () => {
  const read = document('a: *missing\nb: { c: !env X, d: 1 }\ne: {{f}}\ng: [*missing]\n')
  assert.ok(read.rejected(['a']))
  assert.ok(read.rejected(['a', 'below']))
  assert.ok(read.rejected(['b', 'c']))
  assert.ok(read.rejected(['e']))
  assert.ok(read.rejected(['g', 0]))
  assert.not.ok(read.rejected(['b']))
  assert.not.ok(read.rejected(['b', 'd']))
  assert.not.ok(read.rejected(['nothing']))
})

const FAULTS: [text: string, expected: string][] = [
  ['a: b: c\n', '1:4 yaml/syntax'],
  ['a: "b\nc: d\n', '1:4 yaml/syntax'],
  ['a: [b, c\nd: e\n', '1:4 yaml/syntax'],
  ['a:\n\tb: c\n', '2:1 yaml/syntax'],
  ['a: {{b}}/c\n', '1:4 yaml/syntax'],
  ['- {{b}}\n', '1:3 yaml/syntax'],
  ['a: {{b}}\n', '1:4 yaml/syntax'],
  ['a: "\\q"\n', '1:5 yaml/syntax'],
  ['a: @b\n', '1:4 yaml/syntax'],
  ['a:\n  b: c\n d: e\n', '3:2 yaml/syntax'],
  ['a: *b\n', '1:4 yaml/syntax'],
  ['? [a]\n: b\n', '1:3 yaml/syntax'],
  ['<<: text\n', '1:5 yaml/syntax'],
  ['<<: [{ a: b }, text]\n', '1:5 yaml/syntax'],
  ['a: !env B\n', '1:4 yaml/unknown-tag'],
  ['a: !!binary aGk=\n', '1:4 yaml/unknown-tag'],
  ['a: !!timestamp 2020-01-01\n', '1:4 yaml/unknown-tag'],
  ['a: !!set { b }\n', '1:4 yaml/unknown-tag'],
  ['a: &a [*a]\n', '1:8 yaml/alias-limit'],
  ['a: 1\na: 2\n', '2:1 yaml/duplicate-key'],
  ["'a': 1\n? a\n: 2\n", '2:3 yaml/duplicate-key'],
  ['5: 1\n"5": 2\n', '2:1 yaml/duplicate-key'],
  ['a: b\0\n', '1:5 yaml/syntax'],
]

test('every fault of a text is told once, at its place', () => {
  for (const [text, expected] of FAULTS) assert.equal(places(parseFile(source(text)).diagnostics), [expected], text)
})

const FINE: string[] = [
  '',
  '# a comment\n',
  '---\n',
  '\ufeffa: b\n',
  'a: !!str 5\n',
  '%YAML 1.2\n---\na: b\n',
  'a: b\r\nc: d\r\n',
  'a: "["\nb: "[["\nc: it is [ open\n# [[[[ {{{{\n',
  `${Array.from({ length: 300 }, (_, i) => `k${i}: "{[x"`).join('\n')}\n`,
  `${Array.from({ length: 300 }, (_, i) => `k${i}: a [ b`).join('\n')}\n`,
  `a: ${'['.repeat(199)}${']'.repeat(199)}\n`,
]

test('what is no fault', () => {
  for (const text of FINE) assert.equal(places(parseFile(source(text)).diagnostics), [], text.slice(0, 80))
})

test('an empty file has one document, without a value', () => {
  for (const text of ['', '\n', '# only this\n', '---\n']) {
    const { documents } = parseFile(source(text))
    assert.equal(
      documents.map(read => read.value),
      [null],
      JSON.stringify(text),
    )
    assert.is(documents[0]!.locate([], 'value').range.start.line, 1)
  }
})

test.run()
