// `bearerd validate --format`: every form to the letter in test/golden/formats, with --strict and --quiet, under GitHub
// Actions, and with names and texts that try to break out. `UPDATE_GOLDEN=1 node test/cli/formats.test.ts` rewrites.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { VERSION } from '../../src/base/version.ts'
import { runCommand } from '../support/run-command.ts'
import type { Ending, RunOptions } from '../support/run-program.ts'
import { assertSarif } from '../support/sarif.ts'
import { parseXml } from '../support/xml.ts'

const FOLDER = join(import.meta.dirname, '../golden/formats')
const INPUT = join(FOLDER, 'input')
const FORMATS = ['human', 'concise', 'json', 'github', 'sarif', 'junit']
const GOLDENS = {
  human: 'human.txt',
  concise: 'concise.txt',
  json: 'json.json',
  github: 'github.txt',
  sarif: 'sarif.json',
  junit: 'junit.xml',
}
const folder = mkdtempSync(join(tmpdir(), 'bearerd-formats-'))

test.after(() => rmSync(folder, { recursive: true, force: true }))

function validate(args: readonly string[], options: RunOptions = {}): Promise<Ending> {
  return runCommand(['validate', ...args], { cwd: INPUT, ...options })
}

for (const [format, name] of Object.entries(GOLDENS)) {
  test(`--format ${format}`, async () => {
    const { code, stdout, stderr } = await validate(['--format', format, '.'])
    const text = stdout.replace(`"semanticVersion": "${VERSION}"`, '"semanticVersion": "VERSION"')
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(join(FOLDER, name), text)
    assert.is(text, readFileSync(join(FOLDER, name), 'utf8'))
    assert.is(code, 1)
    assert.is(stderr, ['human', 'github'].includes(format) ? '3 files: 4 errors, 2 warnings\n' : '')
    assert.not.match(stdout, 'hunter2')
  })
}

test('sarif keeps to its schema; junit is XML', async () => {
  assertSarif(JSON.parse((await validate(['--format', 'sarif', '.'])).stdout))
  assertSarif(JSON.parse((await validate(['--format', 'sarif', 'fine.yaml'])).stdout))
  const report = parseXml((await validate(['--format', 'junit', '.'])).stdout)
  assert.equal(
    report.children.map(({ name, attributes }) => [name, attributes.name, attributes.tests, attributes.failures]),
    [
      ['testsuite', 'crm.yaml', '4', '3'],
      ['testsuite', 'fine.yaml', '1', '0'],
      ['testsuite', 'team/maps.yaml', '2', '1'],
    ],
  )
})

test('a configuration without problems', async () => {
  const expected: Record<string, RegExp> = {
    human: /^$/,
    concise: /^$/,
    json: /^\{\n {2}"version": 1,\n {2}"diagnostics": \[\],\n {2}"summary": \{/,
    github: /^$/,
    sarif: /"results": \[\]/,
    junit: /<testcase name="no problems" classname="fine.yaml"/,
  }
  for (const format of FORMATS) {
    const { code, stdout } = await validate(['--format', format, 'fine.yaml'])
    assert.match(stdout, expected[format]!, format)
    assert.is(code, 0)
  }
})

/** The severities that a form tells, in order. */
const SEVERITIES: Record<string, (stdout: string) => string[]> = {
  human: stdout => [...stdout.matchAll(/^\S+:\d+:\d+: (error|warning): /gm)].map(([, severity]) => severity!),
  concise: stdout => [...stdout.matchAll(/^\S+:\d+:\d+: (error|warning): /gm)].map(([, severity]) => severity!),
  json: stdout => JSON.parse(stdout).diagnostics.map(({ severity }: { severity: string }) => severity),
  github: stdout => [...stdout.matchAll(/^::(error|warning) /gm)].map(([, severity]) => severity!),
  sarif: stdout => JSON.parse(stdout).runs[0].results.map(({ level }: { level: string }) => level),
  junit: stdout =>
    parseXml(stdout)
      .children.flatMap(({ children }) => children)
      .flatMap(({ children }) => children.map(({ name }) => (name === 'failure' ? 'error' : 'warning'))),
}

test('--strict, --quiet and both, in every form', async () => {
  for (const format of FORMATS) {
    const severitiesOf = async (...flags: string[]) => {
      const { code, stdout, stderr } = await validate(['--format', format, ...flags, 'team/maps.yaml'])
      if (flags.includes('--quiet')) assert.is(stderr, '')
      return [code, ...SEVERITIES[format]!(stdout)]
    }
    assert.equal(await severitiesOf('--strict'), [1, 'error'], format)
    assert.equal(await severitiesOf('--quiet'), [0], format)
    assert.equal(await severitiesOf('--quiet', '--strict'), [1, 'error'], format)
  }
})

test('under GitHub Actions the human form becomes annotations, and any other stays', async () => {
  const env = { GITHUB_ACTIONS: 'true' }
  const asked = await validate(['--format', 'github', '.'])
  assert.equal(await validate(['.'], { env }), asked)
  for (const format of ['human', 'json', 'sarif'])
    assert.equal(await validate(['--format', format, '.'], { env }), await validate(['--format', format, '.']), format)
  assert.equal(await validate(['.'], { env: { GITHUB_ACTIONS: 'false' } }), await validate(['.']))
})

test('paths are relative to the working directory; what is outside of it is absolute', async () => {
  for (const format of FORMATS.filter(each => each !== 'sarif')) {
    const inside = (await validate(['--format', format, join(INPUT, 'team')])).stdout
    assert.match(inside, 'team/maps.yaml')
    assert.not.match(inside, INPUT, format)
    const outside = (await validate(['--format', format, '../crm.yaml'], { cwd: join(INPUT, 'team') })).stdout
    assert.match(outside, join(INPUT, 'crm.yaml'), format)
  }
  const place = async (args: string[], cwd = INPUT) => {
    const { runs } = JSON.parse((await validate(['--format', 'sarif', ...args], { cwd })).stdout)
    return runs[0].results[0].locations[0].physicalLocation.artifactLocation
  }
  assert.equal(await place([join(INPUT, 'team')]), { uri: 'team/maps.yaml', uriBaseId: '%SRCROOT%' })
  assert.equal(await place(['../crm.yaml'], join(INPUT, 'team')), { uri: `file://${join(INPUT, 'crm.yaml')}` })
})

test('standard input has the name that it is given', async () => {
  const input = 'version: 1\nservces: {}\n'
  for (const format of FORMATS) {
    const args = ['--format', format, '-', '--stdin-filename', 'editor/a b.yaml']
    const { stdout, code } = await validate(args, { input })
    assert.match(stdout, format === 'sarif' ? 'editor/a%20b.yaml' : 'editor/a b.yaml', format)
    assert.is(code, 1)
  }
})

test('a path that is not there has its place in every form', async () => {
  for (const format of FORMATS) {
    const { stdout, code } = await validate(['--format', format, 'fine.yaml', 'nothing.yaml'])
    assert.match(stdout, 'file/not-found', format)
    assert.match(stdout, 'nothing.yaml', format)
    assert.is(code, 2)
  }
})

/** What could colour, move or reorder a terminal, except the line break. */
const UNSAFE = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/

test('names and texts of the input cannot break out of any form', async () => {
  const name = 'a, b%3A:\u001b[31m\u009b1m\u202e"<&>\'\n::error::x.yaml'
  mkdirSync(join(folder, 'nasty'))
  const yaml = 'version: 1\n"\\e[31m\\u202E\\r\\n::error::%0A ]]> <a b=\\"c\\">\\x9b\\uFFFE": 1\n'
  writeFileSync(join(folder, 'nasty', name), yaml)
  for (const format of FORMATS) {
    const { stdout, stderr, code } = await validate(['--format', format, 'nasty'], { cwd: folder })
    assert.is(code, 1)
    assert.not.match(stdout, UNSAFE, format)
    assert.not.match(stderr, UNSAFE, format)
    assert.not.match(stdout, /^::error::/m, format)
    if (format === 'junit') assert.is(parseXml(stdout).children.length, 1)
    if (format === 'sarif') assertSarif(JSON.parse(stdout))
    if (format === 'json') assert.is(JSON.parse(stdout).diagnostics[0].file, `nasty/${name}`)
    if (format === 'github') assert.match(stdout, /^::error file=nasty\/a%2C b%253A%3A[^\n,]*,line=2,col=1,[^\n]*\n$/)
  }
})

test('comments that suppress, in every form', async () => {
  const input = 'version: 1\nservces: {} # bearerd-ignore schema/unknown-key\n'
  for (const format of FORMATS) {
    const { stdout, code } = await validate(['--format', format, '--strict', '-'], { input })
    assert.is(code, 0)
    assert.not.match(stdout, 'schema/unknown-key', format)
  }
  const run = await runCommand(['explain', 'x', '-c', 'suppressed.yaml'], { cwd: suppressedFolder(input) })
  assert.is(run.code, 1)
  assert.match(run.stderr, /^suppressed\.yaml:2:1: error: .*\[schema\/unknown-key\]/)
})

function suppressedFolder(text: string): string {
  writeFileSync(join(folder, 'suppressed.yaml'), text)
  return folder
}

test.run()
