// Durations, on both sides of each boundary.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { formatDuration, parseDuration } from '../../src/base/duration.ts'

const PARSED: [text: string, durationMs: number | undefined][] = [
  ['0ms', 0],
  ['0s', 0],
  ['1ms', 1],
  ['500ms', 500],
  ['1s', 1000],
  ['10s', 10_000],
  ['90s', 90_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['007s', 7000],
  ['999999999ms', 999_999_999],
  ['999999999d', 999_999_999 * 86_400_000],
  ['1000000000ms', undefined],
  ['', undefined],
  ['1', undefined],
  ['s', undefined],
  ['-1s', undefined],
  ['+1s', undefined],
  ['1.5s', undefined],
  ['1e3s', undefined],
  ['1 s', undefined],
  [' 1s', undefined],
  ['1s ', undefined],
  ['1s\n', undefined],
  ['1S', undefined],
  ['1M', undefined],
  ['1w', undefined],
  ['1min', undefined],
  ['1h30m', undefined],
  ['١s', undefined],
]

test('text to milliseconds', () => {
  for (const [text, durationMs] of PARSED) assert.is(parseDuration(text), durationMs, JSON.stringify(text))
})

const FORMATTED: [durationMs: number, text: string][] = [
  [0, '0ms'],
  [1, '1ms'],
  [999, '999ms'],
  [1000, '1s'],
  [1001, '1001ms'],
  [59_000, '59s'],
  [60_000, '1m'],
  [61_000, '61s'],
  [90_000, '90s'],
  [120_000, '2m'],
  [3_599_000, '3599s'],
  [3_600_000, '1h'],
  [5_400_000, '90m'],
  [86_400_000, '1d'],
  [90_000_000, '25h'],
]

test('milliseconds to the shortest exact text', () => {
  for (const [durationMs, text] of FORMATTED) assert.is(formatDuration(durationMs), text, String(durationMs))
})

test('what is formatted is parsed to the same', () => {
  for (let durationMs = 0; durationMs < 200_000; durationMs += 250) {
    assert.is(parseDuration(formatDuration(durationMs)), durationMs)
  }
})

test.run()
