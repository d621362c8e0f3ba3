// The pages on standards and on real token endpoints: no line is missing, each names the test that shows it, and that test is
// there.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const ROOT = dirname(dirname(import.meta.dirname))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const STANDARDS = read('docs/standards.md')
const QUIRKS = read('docs/quirks.md')
const SCHEMA = read('schema/bearerd.schema.json')

/** The cells of each line of a table, without those of its head. */
function linesOf(markdown: string): string[][] {
  const tables = markdown.split('\n').filter(line => line.startsWith('|'))
  const cells = tables.map(line => line.split('|').slice(1, -1))
  return cells
    .filter((row, index) => !row[0]!.includes('---') && !cells[index + 1]?.[0]?.includes('---'))
    .map(row => row.map(cell => cell.trim()))
}

const SHOWN_BY = /^(?:\[[\w-]+\.yaml\]\(\.\.\/(?<example>[\w./-]+)\) by )?`(?<path>test\/[\w./-]+)`(?:: (?<name>.+))?$/

/** What is wrong with the last cell of a line: a file and a part of the name of its test, a golden file, or an example. */
function faultOf(cell: string): string | undefined {
  const { example, path, name } = SHOWN_BY.exec(cell)?.groups ?? {}
  if (!path) return `names no test: ${cell}`
  if (example && !existsSync(join(ROOT, example))) return `no example ${example}`
  if (!existsSync(join(ROOT, path))) return `no file ${path}`
  if (path.endsWith('.yaml'))
    return existsSync(join(ROOT, path.replace('.yaml', '.out'))) ? undefined : `no golden ${path}`
  if (!path.endsWith('.test.ts') || !name) return `no test is named: ${cell}`
  return read(path).replaceAll('\\`', '`').includes(name) ? undefined : `${path} has no test of this name: ${name}`
}

test('standards: every line has three cells, and a test that exists', () => {
  const lines = linesOf(STANDARDS)
  assert.ok(lines.length > 60, `${lines.length} lines`)
  const wrong = lines.flatMap(row => (row.length === 3 && row[1] ? (faultOf(row[2]!) ?? []) : row.join('|')))
  assert.equal(wrong, [])
})

/** How many requirements each part has. */
const REQUIREMENTS = {
  ...{ 6749: 24, 6750: 8, 9110: 7, 8414: 6, 7523: 10, 8705: 7, 9449: 8, 8707: 2, 8693: 2, 7009: 3, 7662: 1 },
  ...{ OIDC: 5, 9700: 8, WIF: 4 },
}

test('standards: no requirement is missing, and none is unknown', () => {
  const named = STANDARDS.match(/(?<=[(,] ?)(?:\d{4}|OIDC|WIF)-\d+(?=[,)])/g) ?? []
  const wanted = Object.entries(REQUIREMENTS).flatMap(([part, count]) =>
    Array.from({ length: count }, (_, index) => `${part}-${index + 1}`),
  )
  assert.equal([...new Set(named)].sort(), wanted.sort())
})

const quirks = linesOf(QUIRKS).filter(row => row.length === 5)

test('quirks: 108 lines in order, each with a test that exists, or with the reason why it is not built', () => {
  assert.equal(
    quirks.map(([number]) => Number(number)),
    Array.from({ length: 108 }, (_, index) => index + 1),
  )
  const wrong = quirks.flatMap(([number, , , word, shown]) => {
    if (shown !== '—') return faultOf(shown!) ?? []
    return word === '[not built](standards.md#what-is-not-built-and-why)' ? [] : `line ${number}`
  })
  assert.equal(wrong, [])
})

test('quirks: what is not built is explained', () => {
  const reasons = STANDARDS.split('## What is not built, and why')[1] ?? ''
  const unbuilt = quirks.filter(([, , , word]) => word!.includes('not built'))
  const explained: Record<string, string> = { 29: 'digest', 45: 'XML', 66: 'days:hours:minutes', 74: 'cookies' }
  assert.equal(
    unbuilt.map(([number]) => number),
    Object.keys(explained),
  )
  for (const words of [...Object.values(explained), 'One token at a time']) assert.match(reasons, words)
})

/** A helper of templates, and claims of a JWT. */
const OTHER_WORDS = ['base64', 'nbf', 'iat', 'exp']

test('quirks: each word is one of the configuration', () => {
  const words = quirks.flatMap(([, , , word]) => [...word!.matchAll(/`([a-z]\w+(?:\.\w+)*)/g)].map(([, key]) => key!))
  const keys = words.filter(word => !OTHER_WORDS.includes(word))
  const unknown = keys.filter(word => !word.split('.').every(part => SCHEMA.includes(`"${part}"`)))
  assert.equal(unknown, [])
})

test('quirks: findings of validate, and the twenty cases', () => {
  const findings = linesOf(QUIRKS).filter(row => row.length === 3)
  assert.is(findings.length, 10)
  for (const [, code, shown] of findings) {
    assert.is(faultOf(shown!), undefined)
    const golden = /`(.*)\.yaml`/.exec(shown!)![1]!
    assert.match(read(`${golden}.out`), `[${code!.slice(1, -1)}]`)
  }
  const cases = read('test/conformance/twenty-cases.test.ts')
  for (let number = 1; number <= 20; number++) assert.match(cases, `case-${number}:`)
})

test.run()
