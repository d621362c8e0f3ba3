// The pauses of `retry`, and which methods may be repeated at all.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isIdempotent, retryDelay } from '../../src/compile/retry.ts'

const RULE = { attempts: 4, statuses: [503], connection: true, maxDelayMs: 700 }

for (const [attempt, retryAfterMs, random, delayMs] of [
  [1, 0, 0, 0],
  [1, 0, 0.5, 125],
  [1, 0, 1, 250],
  [2, 0, 1, 500],
  [3, 0, 0.5, 500],
  [3, 0, 1, 700],
  [4, 0, 0, undefined],
  [5, 0, 0, undefined],
  [1, 600, 0, 600],
  [1, 600, 0.2, 650],
  [1, 600, 1, 700],
  [1, 700, 1, 700],
  [1, 701, 0, undefined],
] as const) {
  test(`attempt ${attempt}, Retry-After ${retryAfterMs} ms, random ${random}: ${delayMs}`, () => {
    assert.is(retryDelay(RULE, attempt, retryAfterMs, random), delayMs)
  })
}

test('the idempotent methods of RFC 9110 section 9.2.2, as they are written there', () => {
  const methods = [
    'GET',
    'HEAD',
    'OPTIONS',
    'TRACE',
    'PUT',
    'DELETE',
    'POST',
    'PATCH',
    'CONNECT',
    'PROPFIND',
    'get',
    '',
  ]
  assert.equal(methods.filter(isIdempotent), ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])
})

test.run()
