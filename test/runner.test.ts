// The runner's own promises, proved with files that pass, fail, run nothing, hang, leak and crash.
import { spawn } from 'node:child_process'
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

async function runFixtures(names: readonly string[], limitMs = 20_000): Promise<Run> {
  const files = names.map(name => join(import.meta.dirname, 'fixtures/runner', `${name}.ts`))
  const env = { ...process.env, TEST_TIMEOUT_MS: String(limitMs) }
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
  const run = await runFixtures(['hanging'], 1500)
  assert.is(run.lastLine, '0 passed, 1 failed')
  assert.is(run.code, 1)
  assert.match(run.output, /stopped after 1\.5 s/)
})

test('a file that leaves a server open fails', async () => {
  const run = await runFixtures(['leaking'], 6_000)
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
