// The progress line: only on a terminal, after a second, not too often, and gone at the end.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Memory } from '../../src/base/memory.ts'
import { createProgress, type Terminal } from '../../src/cli/progress.ts'
import { type CheckProgress, checkConfig } from '../../src/config/check.ts'
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
    const progress = createProgress(
      () => screen,
      () => nowMs,
    )
    times.forEach((time, index) => {
      nowMs = 5_000 + time
      progress.report({ done: index + 1 }, times.length + 1)
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
    `${CLEAR}checked 2 of 8 files`,
    `${CLEAR}checked 5 of 8 files`,
    `${CLEAR}checked 7 of 8 files`,
    CLEAR,
  ])
})

test('nothing where there is no terminal, or one that cannot clear a line', () => {
  assert.equal(onTerminal(undefined, [2_000, 4_000]), [])
  assert.equal(onTerminal(false, [2_000, 4_000]), [])
  assert.equal(onTerminal(true, [2_000, 4_000], 'dumb'), [])
})

/** What a terminal shows of one moment after a second. */
function shown(progress: CheckProgress, total: number): string {
  return withTerm('xterm', () => {
    let nowMs = 0
    const screen = terminal(true)
    const line = createProgress(
      () => screen,
      () => nowMs,
    )
    nowMs = 1_000
    line.report(progress, total)
    return screen.written.join('').replace(CLEAR, '')
  })
}

test('a large file says how much of it is read, alone and among others', () => {
  const reading = { file: 'services.yaml', part: 0.428 }
  assert.is(shown({ done: 0, reading }, 1), 'reading services.yaml: 42 %')
  assert.is(shown({ done: 3, reading }, 9), 'checked 3 of 9 files, reading services.yaml: 42 %')
  assert.is(shown({ done: 9 }, 9), 'checking what the files say together')
})

test('the line is one line, whatever a file is called', () => {
  const file = `${'folder/'.repeat(20)}\x1b[31m\nservices.yaml`
  const line = shown({ done: 0, reading: { file, part: 0 } }, 1)
  assert.match(line, /^reading …[^\x00-\x1f]*services\.yaml: 0 %$/)
  assert.ok(line.length < 80, line)
})

test('a check says after each file how many are done, remembered or not', () => {
  const sources = ['a', 'b', 'c'].map(name => source('version: 1\n', `${name}.yaml`))
  const memory = new Memory()
  for (let round = 0; round < 2; round++) {
    const told: CheckProgress[] = []
    memory.run(remember => checkConfig(sources, remember, { onProgress: progress => told.push(progress) }))
    assert.equal(told, [{ done: 1 }, { done: 2 }, { done: 3 }])
  }
})

test('a check of a large file says meanwhile how far it is', () => {
  const services = Array.from(
    { length: 2_000 },
    (_, index) => `  s${index}: { account: a, serverUrl: https://a.example }\n`,
  )
  const parts: number[] = []
  checkConfig([source(`version: 1\nservices:\n${services.join('')}`)], undefined, {
    onProgress: ({ reading }) => {
      if (reading) parts.push(reading.part)
    },
  })
  assert.ok(parts.length >= 3, `${parts.length} tellings`)
  assert.equal(parts, [...parts].sort())
  assert.ok(parts[0]! > 0 && parts.at(-1)! < 1)
})

test('a process without a terminal writes no control code', async () => {
  const { stderr } = await runProgram(['validate', 'services.example.yaml'])
  assert.is(stderr, '1 file: no problems\n')
})

test.run()
