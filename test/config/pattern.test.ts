// Patterns of parameters: the same answers as RegExp over whole values, and a bound on time that RegExp does not have.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compilePattern, MAX_VALUE_LENGTH } from '../../src/config/templates/pattern.ts'

function matcherOf(source: string): (value: string) => boolean {
  const compiled = compilePattern(source)
  if ('fault' in compiled) throw new Error(compiled.fault)
  return compiled.pattern.matches
}

const PATTERNS = [
  '^[a-z0-9-]+$',
  'acme|globex',
  '^(?:acme|globex)(-[a-z]{2,4})?$',
  'a{2}b{1,}c{0,2}',
  '(a|ab)(c|bcd)(d*)',
  '[^a-c\\]]+',
  '\\d{3}-\\w+',
  '\\p{Lu}\\p{Ll}*',
  'a.c',
  '',
  '(a*)*',
  '(a+)+$',
  '(a?){3}a{3}',
  'x*?y+?',
  '^a$|^b$',
  '\\u0061\\x62\\u{1F600}?',
  '[\\d-]+',
  'é+',
  '\\.\\$\\(',
  '(?:a|b|)+c',
  '(^a|b)+',
  'a{0}',
  '[\\[{]+',
]
const VALUES = [
  '',
  'a',
  'b',
  'c',
  'aa',
  'ab',
  'abc',
  'abcd',
  'abcbcd',
  'acme',
  'acme-eu',
  'acme-europe',
  'globex',
  'ACME',
  'Acme',
  'aabbc',
  'aabcc',
  '123-x_9',
  '12-x',
  'aaa',
  'aaaaaa',
  'xxy',
  'yy',
  'ab😀',
  'éé',
  '.$(',
  'a\nc',
  'a\n',
  'a/c',
  '..',
  'dd',
  ']',
  '1-2',
  'ba',
  '[{',
  'a😀c',
]

test('the same answer as a regular expression over the whole value', () => {
  for (const source of PATTERNS) {
    const matches = matcherOf(source)
    const reference = new RegExp(`^(?:${source})$`, 'u')
    for (const value of VALUES)
      assert.is(matches(value), reference.test(value), `${source} on ${JSON.stringify(value)}`)
  }
})

test('patterns that backtracking would never finish end at once', () => {
  const value = `${'a'.repeat(MAX_VALUE_LENGTH - 1)}!`
  const before = performance.now()
  for (const source of [
    '(a+)+$',
    '(a|a)*',
    '(a|aa)+$',
    'a*a*a*a*a*a*b',
    '((a*)*)*',
    '(a?){100}a{100}',
    '(.*)(.*)(.*)(.*)x',
  ])
    assert.is(matcherOf(source)(value), false, source)
  // With backtracking each one of them takes longer than the universe has been there.
  assert.ok(performance.now() - before < 15_000)
})

test('the whole value must match, and a long one never does', () => {
  assert.not(matcherOf('[a-z]+')('acme/../evil'))
  assert.not(matcherOf('[a-z]+')('acme\n'))
  assert.ok(matcherOf('a*')('a'.repeat(MAX_VALUE_LENGTH)))
  assert.not(matcherOf('a*')('a'.repeat(MAX_VALUE_LENGTH + 1)))
})

test('what cannot be matched in bounded time is refused', () => {
  const fault = (source: string) => (compilePattern(source) as { fault?: string }).fault ?? 'none'
  assert.is(fault('(a'), 'this is not a regular expression')
  assert.is(fault('a{2,1}'), 'this is not a regular expression')
  for (const source of ['(?=a)b', '(?<!a)b', '(?<n>a)', '(?i:a)']) assert.match(fault(source), 'not supported')
  for (const source of ['(a)\\1', '\\ba', '(?<n>a)\\k<n>']) assert.match(fault(source), 'not supported')
  assert.match(fault('a{1000}'), '256 times')
  assert.match(fault('a'.repeat(2000)), '1024 characters')
})

for (const [source, expected] of [
  ['^[a-z]+$', true],
  ['^_[a-z]+$', false],
  ['^_?[a-z]+$', true],
  ['^_*$', true],
  ['^_+$', false],
  ['^(_|a)$', true],
  ['^(_|:)$', false],
  ['^a{2}_{1,3}$', false],
  ['^a{2}_{0,3}$', true],
  ['^[^a-z]$', false],
  ['.*', true],
] as const) {
  test(`${source} ${expected ? 'may match' : 'matches no'} letters alone`, () => {
    const compiled = compilePattern(source)
    assert.ok('pattern' in compiled)
    assert.is(compiled.pattern.acceptsSomeOf('abcdefghijklmnopqrstuvwxyz'), expected)
  })
}

test.run()
