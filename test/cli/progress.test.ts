// The progress line: only on a terminal, after a second, not too often, and gone at the end.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Memory } from '../../src/base/memory.ts'
import { createProgress, type Terminal } from '../../src/cli/progress.ts'
import { checkConfig } from '../../src/config/check.ts'
import { source } from '../config/support.ts'
import { runProgram } from '../support/run-program.ts'

const CLEAR = '\r\x1b[2K'

function terminal(isTTY?: boolean): Terminal & { written: string[] } {
  const written: string[] = []
  return { ...(isTTY !== undefined && { isTTY }), written, write: text => written.push(text) }
}

function withTerm<T>(value: string | undefined, run: () => T): T {
  const before = process.env.TERM
  if (value === undefined) delete process.env.TERM
  else process.env.TERM = value
  try {
    return run()
  } finally {
    if (before === undefined) delete process.env.TERM
    else process.env.TERM = before
  }
}

function onTerminal(isTTY: boolean | undefined, times: readonly number[], term = 'xterm'): string[] {
  return withTerm(term, () => {
    let nowMs = 5_000
    const screen = terminal(isTTY)
    const progress = createProgress(screen, () => nowMs)
    times.forEach((time, index) => {
      nowMs = 5_000 + time
      progress.report(index + 1, times.length)
    })
    progress.clear()
    progress.clear()
    return screen.written
  })
}

test('nothing in the first second', () => {
  assert.equal(onTerminal(true, [0, 10, 500, 999]), [])
})

test('then at most ten times a second, and cleared once', () => {
  assert.equal(onTerminal(true, [0, 1_000, 1_050, 1_099, 1_100, 1_150, 1_300]), [
    `${CLEAR}checked 2 of 7 files`,
    `${CLEAR}checked 5 of 7 files`,
    `${CLEAR}checked 7 of 7 files`,
    CLEAR,
  ])
})

test('nothing where there is no terminal, or one that cannot clear a line', () => {
  assert.equal(onTerminal(undefined, [2_000, 4_000]), [])
  assert.equal(onTerminal(false, [2_000, 4_000]), [])
  assert.equal(onTerminal(true, [2_000, 4_000], 'dumb'), [])
})

test('a check says after each file how many are done, remembered or not', () => {
  const sources = ['a', 'b', 'c'].map(name => source('version: 1\n', `${name}.yaml`))
  const memory = new Memory()
  for (let round = 0; round < 2; round++) {
    const done: number[] = []
    memory.run(remember => checkConfig(sources, remember, count => done.push(count)))
    assert.equal(done, [1, 2, 3])
  }
})

test('a process without a terminal writes no control code', async () => {
  const { stderr } = await runProgram(['validate', 'services.example.yaml'])
  assert.is(stderr, '1 file: no problems\n')
})

test.run()
