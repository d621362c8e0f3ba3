// The runner's own promises, proved with files that pass, fail always or once, run nothing, hang, leak and crash.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const RUNNER = join(import.meta.dirname, 'run.ts')

interface Run {
  code: number | null
  output: string
  lastLine: string
}

const folder = mkdtempSync(join(tmpdir(), 'bearerd-runner-'))
test.after(() => rmSync(folder, { recursive: true }))
let states = 0

async function runFixtures(names: readonly string[], { limitMs = 20_000, repeat = '' } = {}): Promise<Run> {
  const files = names.map(name => join(import.meta.dirname, 'fixtures/runner', `${name}.ts`))
  const own = { TEST_TIMEOUT_MS: String(limitMs), TEST_REPEAT: repeat }
  const env = { ...process.env, ...own, FAILING_ONCE_STATE: join(folder, String(++states)) }
  const child = spawn(process.execPath, [RUNNER, ...files], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>(resolve => child.on('close', resolve))
  const output = await text(child.stdout)
  return { code: await ended, output, lastLine: output.trimEnd().split('\n').at(-1) ?? '' }
}

test('a file whose tests pass', async () => {
  const run = await runFixtures(['good'])
  assert.is(run.lastLine, '2 passed, 0 failed, 1 skipped')
  assert.is(run.code, 0)
  assert.match(run.output, /^ok {3}test\/fixtures\/runner\/good\.ts {2}2\/2 {2}\d+\.\ds$/m)
})

test('a failing test fails the run and shows its output', async () => {
  const run = await runFixtures(['failing', 'good'])
  assert.is(run.lastLine, '3 passed, 1 failed, 1 skipped')
  assert.is(run.code, 1)
  assert.match(run.output, /^FAIL test\/fixtures\/runner\/failing\.ts {2}1\/2 /m)
  assert.match(run.output, /Expected values to be strictly equal/)
})

test('an error with details is told, and the tests after it run', async () => {
  const run = await runFixtures(['throwing'])
  assert.is(run.lastLine, '1 passed, 1 failed')
  assert.match(run.output, 'the database is away')
})

test('a file that failed beside others is run once more, alone: told as FLAKY when it passes then', async () => {
  const run = await runFixtures(['failing-once', 'good'])
  assert.is(run.lastLine, '3 passed, 0 failed, 1 skipped')
  assert.is(run.code, 0)
  assert.match(run.output, /^FAIL test\/fixtures\/runner\/failing-once\.ts {2}0\/1 /m)
  const [, told = ''] = run.output.split(/^FLAKY test\/fixtures\/runner\/failing-once\.ts {2}1\/1 .* 1 failed$/m)
  assert.match(told, /^ {5}\| .*the first time/m, 'its first output')
  const flaky = 'FLAKY test/fixtures/runner/failing-once.ts'
  assert.is(run.output.trimEnd().split('\n').at(-2), flaky, 'named again above the last line')
})

test('… and has failed when it fails again', async () => {
  const run = await runFixtures(['failing', 'good'])
  assert.is(run.lastLine, '3 passed, 1 failed, 1 skipped')
  assert.is(run.code, 1)
  assert.is(run.output.match(/^FAIL test\/fixtures\/runner\/failing\.ts {2}1\/2 /gm)?.length, 2)
  assert.not.match(run.output, /FLAKY/)
})

test('… with TEST_REPEAT=0, alone from the start, or where more than three failed, it is not run again', async () => {
  const [off, alone, many] = await Promise.all([
    runFixtures(['failing-once', 'good'], { repeat: '0' }),
    runFixtures(['failing-once']),
    runFixtures(['failing-once', 'empty', 'no-run', 'failing']),
  ])
  for (const { code, output } of [off, alone, many]) {
    assert.is(code, 1)
    assert.is(output.match(/^FAIL .*failing-once/gm)?.length, 1)
    assert.not.match(output, /FLAKY/)
  }
  assert.is(many.lastLine, '1 passed, 4 failed')
})

test('a file without its final .run() fails', async () => {
  const run = await runFixtures(['no-run'])
  assert.is(run.lastLine, '0 passed, 1 failed')
  assert.is(run.code, 1)
  assert.match(run.output, /final \.run\(\) missing/)
})

test('a file with no test in it fails', async () => {
  const run = await runFixtures(['empty'])
  assert.is(run.lastLine, '0 passed, 1 failed')
  assert.match(run.output, /ran no test/)
})

test('a file that hangs is stopped', async () => {
  const run = await runFixtures(['hanging'], { limitMs: 1500 })
  assert.is(run.lastLine, '0 passed, 1 failed')
  assert.is(run.code, 1)
  assert.match(run.output, /stopped after 1\.5 s/)
})

test('a file that leaves a server open fails', async () => {
  const run = await runFixtures(['leaking'], { limitMs: 6_000 })
  assert.is(run.lastLine, '1 passed, 1 failed')
  assert.is(run.code, 1)
  assert.match(run.output, /something was left open/)
})

test('a crash after the tests fails', async () => {
  const run = await runFixtures(['crashing'])
  assert.is(run.lastLine, '1 passed, 1 failed')
  assert.is(run.code, 1)
  assert.match(run.output, /every test passed, then it ended with exit code 1/)
  assert.match(run.output, /after the run/)
})

test('a pattern that matches nothing fails', async () => {
  const run = await runFixtures(['no-such-file'])
  assert.is(run.lastLine, '0 passed, 0 failed')
  assert.is(run.code, 1)
})

test.run()
