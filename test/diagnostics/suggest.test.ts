// What counts as near enough to be meant.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { didYouMean, suggest } from '../../src/diagnostics/suggest.ts'

const KEYS = [
  'clientId',
  'clientSecret',
  'clientAuthMethod',
  'scope',
  'grant',
  'timeout',
  'timeoutMessage',
  'title',
  'vars',
]

const SUGGESTED: [word: string, nearest: string | undefined][] = [
  ['scope', 'scope'],
  ['scop', 'scope'],
  ['scopes', 'scope'],
  ['Scope', 'scope'],
  ['SCOPE', 'scope'],
  ['scpoe', 'scope'],
  ['sc', undefined],
  ['s', undefined],
  ['', undefined],
  ['timout', 'timeout'],
  ['timeoutmessage', 'timeoutMessage'],
  ['timeout_message', 'timeoutMessage'],
  ['client_id', 'clientId'],
  ['client-secret', 'clientSecret'],
  ['clientSecretttt', 'clientSecret'],
  ['clientSecrettttt', undefined],
  ['tittle', 'title'],
  ['var', 'vars'],
  ['vra', undefined],
  ['gratn', 'grant'],
  ['completelyDifferent', undefined],
]

test('the nearest word, if it is near', () => {
  for (const [word, nearest] of SUGGESTED) assert.is(suggest(word, KEYS), nearest, word)
})

test('the first of equally near words', () => {
  assert.is(suggest('abcd', ['abce', 'abcf']), 'abce')
  assert.is(suggest('abcd', ['abce', 'abcd']), 'abcd')
})

test('no candidates, no suggestion', () => {
  assert.is(suggest('scope', []), undefined)
  assert.is(didYouMean('scope', []), undefined)
  assert.is(didYouMean('scop', new Set(KEYS)), 'did you mean `scope`?')
})

test('a word of any length costs little', () => {
  const startedMs = performance.now()
  for (let count = 0; count < 100; count++) suggest('x'.repeat(1_000_000), KEYS)
  assert.ok(performance.now() - startedMs < 30_000)
})

test.run()
