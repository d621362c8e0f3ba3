// `bearerd run` begins again in its own process, with a small young generation unless somebody chose one.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')
const folder = mkdtempSync(join(tmpdir(), 'bearerd-young-'))
const config = join(folder, 'services.yaml')
writeFileSync(
  config,
  'version: 1\nservices:\n  a: { account: { authorization: none }, serverUrl: http://127.0.0.1:9 }\n',
)
test.after(() => rmSync(folder, { recursive: true }))

const LISTEN = ['--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0', '--log-format', 'json']

async function untilReady(child: ChildProcess): Promise<void> {
  let said = ''
  for await (const chunk of child.stderr!) {
    said += chunk
    if (said.includes('"ready"')) return
  }
  throw new Error(`it ended: ${said}`)
}

/** The arguments of the process that is ready; then it ends as a signal wants it. */
async function argumentsOf(options: string[], env: Record<string, string>): Promise<string[]> {
  const args = [...options, MAIN, 'run', '-c', config, ...LISTEN]
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
  const closed = once(child, 'exit')
  try {
    await untilReady(child)
    return readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').split('\0').slice(1, -1)
  } finally {
    child.kill('SIGTERM')
    assert.equal(await closed, [0, null])
  }
}

const linux = existsSync('/proc/self/cmdline') ? test : test.skip

linux('the setting is there, and all arguments are kept', async () => {
  const seen = await argumentsOf(['--no-warnings'], { NODE_OPTIONS: '' })
  assert.equal(seen, ['--max-semi-space-size=8', '--no-warnings', MAIN, 'run', '-c', config, ...LISTEN])
})

linux('a size that was chosen stays', async () => {
  const own = '--max-semi-space-size=16'
  assert.is((await argumentsOf([own], { NODE_OPTIONS: '' }))[0], own)
  assert.is((await argumentsOf([], { NODE_OPTIONS: own }))[0], MAIN)
})

test.run()
