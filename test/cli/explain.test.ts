// `bearerd explain`, `explain --diff` and `graph` as processes: formats, wrong usage, exit codes.
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { runCommand } from '../support/run-command.ts'

const ROOT = join(import.meta.dirname, '../..')
const DIFF = join(ROOT, 'test/golden/diff/everything')

test('explain: text, JSON and Mermaid', async () => {
  const example = ['-c', 'services.example.yaml', 'contacts']
  const text = await runCommand(['explain', ...example], { cwd: ROOT })
  assert.equal([text.code, text.stderr], [0, ''])
  assert.match(text.stdout, /clientSecret from file secrets\/crm-client +services\.example\.yaml:\d+\n/)
  const json = await runCommand(['explain', ...example, '--format', 'json'], { cwd: ROOT })
  const { service, steps } = JSON.parse(json.stdout) as {
    service: string
    steps: { takes: string[]; gives: string[] }[]
  }
  assert.is(service, 'contacts')
  assert.ok(steps.every(step => Array.isArray(step.takes) && Array.isArray(step.gives)))
  const mermaid = await runCommand(['explain', ...example, '--format=mermaid'], { cwd: ROOT })
  assert.match(mermaid.stdout, /^flowchart TD\n/)
})

test('explain: a name that is none', async () => {
  const { code, stdout, stderr } = await runCommand(['explain', 'contact', '-c', 'services.example.yaml'], {
    cwd: ROOT,
  })
  assert.equal([code, stdout], [2, ''])
  assert.is(stderr, 'bearerd: no service or action `contact`; did you mean `contacts`?\n')
})

test('diff: text and JSON, with 0 whether or not something changes', async () => {
  const text = await runCommand(['explain', '--diff', 'old', 'new'], { cwd: DIFF })
  assert.equal([text.code, text.stderr], [0, ''])
  assert.match(text.stdout, /^1 service is removed; 3 accounts ask for a new token; /)
  const json = await runCommand(['explain', '--diff', 'old', 'new', '--format', 'json'], { cwd: DIFF })
  const diff = JSON.parse(json.stdout) as { accounts: { newToken: { name: string }[] } }
  assert.equal(
    diff.accounts.newToken.map(({ name }) => name),
    ['crm', 'partner', 'shop'],
  )
  const same = await runCommand(['explain', '--diff', 'old', 'old'], { cwd: DIFF })
  assert.is(same.code, 0)
  assert.match(same.stdout, /^No change of behaviour\.\n/)
})

test('diff: files whose names differ have not moved', async () => {
  const { stdout } = await runCommand(['explain', '--diff', 'old/services.yaml', '../other-folder/new/services.yaml'], {
    cwd: DIFF,
  })
  assert.is(stdout, 'No change of behaviour.\n\nUntouched: 6 services, 4 accounts\n')
})

test('diff: a folder may be written with a slash, and so may its parent', async () => {
  for (const paths of [
    ['old/', 'old'],
    ['./old', '../everything/old/'],
  ]) {
    const { stdout } = await runCommand(['explain', '--diff', ...paths], { cwd: DIFF })
    assert.match(stdout, /^No change of behaviour\.\n\nUntouched/)
  }
})

const WRONG: [why: string, args: string[], message: RegExp][] = [
  ['nothing named', ['explain'], /name a service/],
  ['one path', ['explain', '--diff', 'old'], /takes two paths/],
  ['three paths', ['explain', '--diff', 'old', 'new', 'new'], /takes two paths/],
  ['a service too', ['explain', 'contacts', '--diff', 'old', 'new'], /leave the service out/],
  ['--config too', ['explain', '-c', 'old', '--diff', 'old', 'new'], /leave --config out/],
  ['Mermaid', ['explain', '--diff', 'old', 'new', '--format', 'mermaid'], /text and json/],
  ['a missing file', ['explain', '--diff', 'old', 'gone'], /file\/not-found/],
  ['an unknown format', ['graph', '-c', 'old', '--format', 'png'], /Allowed choices are mermaid, dot, svg/],
  ['a graph of a missing file', ['graph', '-c', 'gone'], /file\/not-found/],
]

for (const [why, args, message] of WRONG) {
  test(`wrong usage: ${why}`, async () => {
    const { code, stdout, stderr } = await runCommand(args, { cwd: DIFF })
    assert.equal([code, stdout], [2, ''])
    assert.match(stderr, message)
  })
}

test('a wrong configuration on either side exits with 1 and its diagnostics', async () => {
  const bad = join(ROOT, 'test/golden/validate/schema-unknown-key.yaml')
  for (const paths of [
    ['old', bad],
    [bad, 'old'],
  ]) {
    const { code, stdout, stderr } = await runCommand(['explain', '--diff', ...paths], { cwd: DIFF })
    assert.equal([code, stdout], [1, ''])
    assert.match(stderr, /\[schema\/unknown-key\]/)
  }
  assert.is((await runCommand(['graph', '-c', bad])).code, 1)
})

test('graph: three languages', async () => {
  for (const [format, start] of [
    ['mermaid', /^flowchart LR\n/],
    ['dot', /^digraph bearerd \{\n/],
    ['svg', /^<svg /],
  ] as const) {
    const { code, stdout, stderr } = await runCommand(['graph', '-c', 'services.example.yaml', '--format', format], {
      cwd: ROOT,
    })
    assert.equal([code, stderr], [0, ''])
    assert.match(stdout, start)
  }
})

test.run()
