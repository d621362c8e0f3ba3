// Structures that are no configuration: deep nesting, bombs of aliases, keys of 1 MB, thousands of mistakes, templates without
// an end. Each gives a diagnostic, no exception, in bounded time. Generated here rather than stored.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkConfig } from '../../src/config/check.ts'
import { expectDiagnostic, LIMIT_MS, MB, places, source } from './support.ts'

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n')
}

/** Ten uses of each level in the next one. */
function laughs(levels: number, level: (index: number) => string, end = ''): string {
  return `version: 1\nx-0: &a0 ${level(-1)}\n${lines(levels, i => `x-${i + 1}: &a${i + 1} ${level(i)}`)}\n${end}`
}

const listLevel = (i: number): string => (i < 0 ? '[x, x, x]' : `[${Array(10).fill(`*a${i}`).join(', ')}]`)
const mapLevel = (i: number): string =>
  i < 0 ? '{ x: y }' : `{ ${Array.from({ length: 10 }, (_, key) => `k${key}: *a${i}`).join(', ')} }`
const mergeLevel = (i: number): string => (i < 0 ? '{ x: y }' : `{ <<: [*a${i}, *a${i}], k${i}: v }`)

const OPEN_SERVICE = 'account: { authorization: none }, serverUrl: https://api.example'

const STRUCTURES: [name: string, code: string | RegExp, text: () => string][] = [
  ['stairs', 'yaml/too-deep', () => lines(2000, i => `${' '.repeat(i)}a:`)],
  ['laughs of lists', 'yaml/alias-limit', () => laughs(30, listLevel)],
  ['laughs of mappings', 'yaml/alias-limit', () => laughs(30, mapLevel, 'vars: *a30\n')],
  [
    'laughs below the limit',
    'schema/unknown-key',
    () => laughs(5, mapLevel, 'vars: *a5\nservices: *a5\naccounts: *a5\n'),
  ],
  ['laughs of merges', 'yaml/alias-limit', () => laughs(2000, mergeLevel, 'vars: *a2000\n')],
  [
    'a large merge, often',
    'yaml/alias-limit',
    () =>
      `version: 1\nx-a: &a { ${Array.from({ length: 2000 }, (_, i) => `k${i}: v,`).join(' ')} }\nservices:\n${lines(300, i => `  s${i}: { <<: *a }`)}\n`,
  ],
  ['one alias, often', 'file/too-large', () => `version: 1\nx-a: &a b\nx-b: [${'*a,'.repeat(MB)}]\n`],
  ['a key of 1 MB', 'yaml/syntax', () => `version: 1\n${'k'.repeat(MB)}: 1\n`],
  ['an explicit key of 1 MB', 'schema/unknown-key', () => `version: 1\n? ${'k'.repeat(MB)}\n: 1\n`],
  ['a quoted name of 1 MB', 'schema/value', () => `version: 1\naccounts:\n  ? "${'k'.repeat(MB)}"\n  : 5\n`],
  [
    'a text of 1 MB for a word',
    'schema/value',
    () => `version: 1\naccounts: { a: { authorization: ${'n'.repeat(MB)} } }\n`,
  ],
  [
    'an account name of 1 MB',
    'schema/value',
    () => `version: 1\nservices: { a: { account: ${'n'.repeat(MB)}, serverUrl: https://api.example } }\n`,
  ],
  [
    'a URL of 1 MB',
    'uri/invalid',
    () =>
      `version: 1\nservices: { a: { account: { authorization: none }, serverUrl: "https://${'a.'.repeat(MB / 2)}%" } }\n`,
  ],
  ['a tag of 1 MB', 'yaml/unknown-tag', () => `version: 1\nx-a: !${'t'.repeat(MB)} x\n`],
  ['an anchor of 1 MB', 'yaml/syntax', () => `version: 1\nx-a: *${'t'.repeat(MB)}\n`],
  ['many unknown keys', 'schema/unknown-key', () => `version: 1\n${lines(10_000, i => `servic${i}: 1`)}\n`],
  ['more keys than a mapping can have', 'file/too-large', () => `version: 1\n${lines(100_000, i => `x-${i}: 1`)}\n`],
  [
    'many services with a mistake',
    'schema/unknown-key',
    () => `version: 1\nservices:\n${lines(10_000, i => `  s${i}: { ${OPEN_SERVICE}, timout: 1s }`)}\n`,
  ],
  ['the same key, often', 'yaml/duplicate-key', () => 'version: 1\n'.repeat(10_000)],
  [
    'unknown accounts',
    'reference/unknown-account',
    () => `version: 1\nservices:\n${lines(5000, i => `  s${i}: { account: b${i}, serverUrl: https://api.example }`)}\n`,
  ],
  [
    'a long chain of accounts',
    'reference/unknown-account',
    () =>
      `version: 1\naccounts:\n${lines(10_000, i => `  a${i}: { accessTokenUri: https://api.example, clientId: a, clientSecret: { account: a${i + 1} }, scope: [] }`)}\n`,
  ],
  [
    'a large circle of accounts',
    'reference/cycle',
    () =>
      `version: 1\naccounts:\n${lines(5000, i => `  a${i}: { accessTokenUri: https://api.example, clientId: a, clientSecret: { account: a${(i + 1) % 5000} }, scope: [] }`)}\n`,
  ],
]

test('what is too much is told alone, at its place', () => {
  const many = `version: 1\nvars:\n${lines(20_001, i => `  v${i}: x`)}\n`
  assert.equal(places(checkConfig([source(many)]).diagnostics), ['3:3 file/too-large'])
  const merged = `version: 1\nx-a: &a { ${lines(500, i => `k${i}: v`).replaceAll('\n', ', ')} }\nservices:\n${lines(500, i => `  s${i}: { <<: *a }`)}\n`
  assert.equal(places(checkConfig([source(merged)]).diagnostics), ['404:9 yaml/alias-limit'])
})

test('many comments, and a merge into ten thousand services, are no such thing', () => {
  const base = 'x-base: &base { account: { authorization: none }, serverUrl: https://api.example, timeout: 5s }'
  const text = `version: 1\n${'# a comment\n'.repeat(10_000)}${base}\nservices:\n${lines(10_000, i => `  s${i}: { <<: *base }`)}\n`
  assert.equal(checkConfig([source(text)]).diagnostics, [])
})

const TEMPLATES: [name: string, code: string | RegExp, template: () => string][] = [
  ['opened braces', 'template/syntax', () => '{{'.repeat(30_000)],
  ['unknown variables', 'template/unknown-variable', () => '{{x}}'.repeat(20_000)],
  ['half-closed braces', 'template/syntax', () => '{{x} '.repeat(12_000)],
  ['opened parentheses', 'template/unsupported', () => `{{base64 ${'('.repeat(MB)}}}`],
  ['parentheses around a name', /^template\//, () => `{{${'('.repeat(30_000)}x${')'.repeat(30_000)}}}`],
  ['a quick path of any length', 'template/unknown-variable', () => `${'x'.repeat(MB)}{{x}}`],
  ['nested functions', 'template/unsupported', () => `{{base64 ${'(base64 '.repeat(3000)}x${')'.repeat(3000)}}}`],
  ['blocks', 'template/unsupported', () => `${'{{#if x}}'.repeat(3000)}${'{{/if}}'.repeat(3000)}`],
  ['literals and a fault', 'template/syntax', () => `${"{{'x'}}".repeat(8000)}{{+}}`],
]

function inTemplate(template: string): string {
  return `version: 1\nservices:\n  a: { account: { authorization: none }, serverUrl: "https://api.example/${template}" }\n`
}

for (const [name, code, text] of STRUCTURES) test(name, () => expectDiagnostic(code, text()))
for (const [name, code, template] of TEMPLATES) {
  test(`a template of ${name}`, () => expectDiagnostic(code, inTemplate(template())))
}

test('a large configuration without a mistake is read', () => {
  const text = `version: 1\nservices:\n${lines(10_000, i => `  s${i}: { ${OPEN_SERVICE}, title: "service [ ${i} {" }`)}\n`
  const startedMs = performance.now()
  const checked = checkConfig([source(text)])
  assert.equal(checked.diagnostics, [])
  assert.is(checked.value?.services.size, 10_000)
  assert.ok(performance.now() - startedMs < LIMIT_MS)
})

test.run()
