// Wrong configurations and what a person is told about each, to the letter: test/golden/validate/NAME.yaml (or a folder
// NAME) and NAME.out. The first comment of each says what is wrong. `UPDATE_GOLDEN=1 node test/config/golden.test.ts` rewrites.
import { globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkConfig } from '../../src/config/check.ts'
import { readSources } from '../../src/config/read.ts'
import { rules } from '../../src/config/rules/index.ts'
import { type Diagnostic, sortDiagnostics } from '../../src/diagnostics/diagnostic.ts'
import { human } from './support.ts'

const ROOT = join(import.meta.dirname, '../..')
const FOLDER = join(ROOT, 'test/golden/validate')
const UPDATE = process.env.UPDATE_GOLDEN === '1'

/** Files that have no comment on their first line, because of what they show. */
const WITHOUT_COMMENT = ['empty-file.yaml', 'position-byte-order-mark.yaml', 'position-first-line.yaml']

/** Reading is tested with a temporary folder in read.test.ts, large files in bad-input.test.ts. */
const TESTED_ELSEWHERE = /^file\//

const entries = readdirSync(FOLDER).sort()
const inputs = entries.filter(name => !name.endsWith('.out'))
const seen = new Map<string, Diagnostic[]>()

function outputOf(input: string): string {
  return `${input.replace(/\.yaml$/, '')}.out`
}

async function validate(input: string): Promise<{ diagnostics: Diagnostic[]; text: string }> {
  const read = await readSources([input], FOLDER)
  const diagnostics = sortDiagnostics([...read.diagnostics, ...checkConfig(read.sources).diagnostics])
  return { diagnostics, text: human(diagnostics, read.sources) }
}

for (const input of inputs) {
  test(input, async () => {
    const { diagnostics, text } = await validate(input)
    seen.set(input, diagnostics)
    const path = join(FOLDER, outputOf(input))
    if (UPDATE) writeFileSync(path, text)
    assert.is(text, readFileSync(path, 'utf8'))
  })
}

test('every golden is wrong, and says in its first comment how', () => {
  for (const input of inputs) {
    assert.ok(seen.get(input)!.length > 0, `${input} has nothing wrong`)
    const files = input.endsWith('.yaml') ? [input] : globSync('*.yaml', { cwd: join(FOLDER, input) })
    for (const file of files.map(name => (name === input ? name : `${input}/${name}`))) {
      const text = readFileSync(join(FOLDER, file), 'utf8').replaceAll(/[\0\ufeff\ufffd]/g, '')
      assert.ok(WITHOUT_COMMENT.includes(file) || text.startsWith('# '), `${file} starts with no comment`)
    }
  }
})

test('every output has its input', () => {
  const expected = inputs.map(outputOf)
  assert.equal(
    entries.filter(name => name.endsWith('.out') && !expected.includes(name)),
    [],
  )
})

test('every code that the sources know has a golden', () => {
  const files = globSync('src/config/**/*.ts', { cwd: ROOT }).map(file => readFileSync(join(ROOT, file), 'utf8'))
  const written = files.flatMap(text => [...text.matchAll(/'([a-z]+\/[a-z][a-z-]+)'/g)].map(match => match[1]!))
  const families = new Set(rules.flatMap(rule => rule.codes.map(code => code.split('/')[0]!)))
  const known = new Set(
    [...rules.flatMap(rule => rule.codes), ...written].filter(code =>
      ['yaml', 'schema', 'file', 'ignore', ...families].includes(code.split('/')[0]!),
    ),
  )
  assert.ok(known.size >= 25, 'the codes of the sources were not found')
  const told = new Set([...seen.values()].flat().map(({ code }) => code))
  assert.equal(
    [...known].filter(code => !told.has(code) && !TESTED_ELSEWHERE.test(code)),
    [],
  )
  assert.equal(
    [...told].filter(code => !known.has(code)),
    [],
  )
})

test('one place and one code are told once', () => {
  for (const [input, diagnostics] of seen) {
    const keys = diagnostics.map(({ file, range, code, message }) => JSON.stringify([file, range.start, code, message]))
    assert.is(new Set(keys).size, keys.length, input)
  }
})

test('ranges lie within the text, in order', async () => {
  for (const [input, diagnostics] of seen) {
    const { sources } = await readSources([input], FOLDER)
    for (const { file, range } of diagnostics) {
      const lines = sources.find(read => read.file === file)!.text.split('\n')
      const { start, end } = range
      assert.ok(start.line < end.line || (start.line === end.line && start.column <= end.column), input)
      assert.ok(end.line <= lines.length && end.column <= lines[end.line - 1]!.length + 2, `${input} ${end.line}`)
      assert.ok(start.column <= lines[start.line - 1]!.length + 1, `${input} ${start.line}:${start.column}`)
    }
  }
})

test('no golden prints a literal secret, a control character or a word of our own errors', () => {
  for (const output of entries.filter(name => name.endsWith('.out'))) {
    const text = readFileSync(join(FOLDER, output), 'utf8')
    assert.not.match(text, /hunter2|correct horse|user:word|of the secret/, output)
    assert.not.match(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/, output)
    assert.not.match(text, /undefined|\[object|NaN|\bnull\b/, output)
  }
})

test.run()
