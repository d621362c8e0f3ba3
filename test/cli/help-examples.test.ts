// The examples in the help of each command that needs no network are run in a shell, as they are written.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMMANDS } from '../../src/cli/command-table.ts'
import { runCommand } from '../support/run-command.ts'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')
const FOLDER = mkdtempSync(join(tmpdir(), 'bearerd-help-'))

const ACCOUNTS =
  'version: 1\naccounts:\n  crm: { authorization: header, header: { name: X-Key, value: { env: KEY } } }\n'
const contacts = (account: string) =>
  `version: 1\nservices:\n  contacts: { account: ${account}, serverUrl: 'https://api.crm.example' }\n`
const OPEN = contacts('{ authorization: none }')

/** What the examples name. Each example has a folder of its own. */
const FILES: Record<string, string> = {
  'services.yaml': OPEN,
  'before/services.yaml': OPEN,
  'before/services.d/contacts.yaml': OPEN,
}
const FILES_OF_FOLDER: Record<string, string> = {
  'services.d/contacts.yaml': contacts('crm'),
  'shared/accounts.yaml': ACCOUNTS,
}

function prepare(name: string, files: Record<string, string>): string {
  const folder = join(FOLDER, name)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

mkdirSync(join(FOLDER, 'bin'))
writeFileSync(join(FOLDER, 'bin/bearerd'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`)
chmodSync(join(FOLDER, 'bin/bearerd'), 0o755)
test.after(() => rmSync(FOLDER, { recursive: true }))

async function runExample(example: string, cwd: string): Promise<{ code: number | null; output: string }> {
  const { BEARERD_CONFIG, GITHUB_ACTIONS, ...rest } = process.env
  const env = { ...rest, PATH: `${join(FOLDER, 'bin')}:${process.env.PATH}` }
  const child = spawn('bash', ['-o', 'pipefail', '-c', example], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = once(child, 'close') as Promise<[number | null]>
  const output = (await Promise.all([text(child.stdout), text(child.stderr)])).join('')
  return { code: (await closed)[0], output }
}

let count = 0
for (const { name, examples, online, hidden } of COMMANDS) {
  test(`${name} has examples`, () => assert.ok(hidden || examples.length > 0))
  if (online) continue
  for (const example of examples) {
    test(`example: ${example}`, async () => {
      const files = example.includes('services.d') ? { ...FILES, ...FILES_OF_FOLDER } : FILES
      const complete = example.includes('services.d') && !example.includes('shared')
      const folder = prepare(`${count++}`, complete ? { ...files, 'services.d/accounts.yaml': ACCOUNTS } : files)
      if (example.includes('services.d')) rmSync(join(folder, 'services.yaml'))
      const { code, output } = await runExample(example, folder)
      assert.is(code, 0, output)
    })
  }
}

test('each command shows its help with its examples', async () => {
  for (const { name, examples } of COMMANDS) {
    const { code, stdout, stderr } = await runCommand([name, '--help'])
    assert.equal([code, stderr], [0, ''])
    for (const example of examples) assert.ok(stdout.includes(`  $ ${example}\n`), `${name}: ${example}`)
  }
})

test.run()
