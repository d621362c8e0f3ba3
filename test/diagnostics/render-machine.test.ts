// The forms for machines, from diagnostics made by hand: what the golden files of test/cli/formats.test.ts do not show.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Diagnostic, Range } from '../../src/diagnostics/diagnostic.ts'
import { renderGithub } from '../../src/diagnostics/render-github.ts'
import { renderJson, toJson } from '../../src/diagnostics/render-json.ts'
import { renderJunit } from '../../src/diagnostics/render-junit.ts'
import { renderSarif } from '../../src/diagnostics/render-sarif.ts'
import { assertSarif } from '../support/sarif.ts'
import { parseXml } from '../support/xml.ts'

function range(line: number, column: number, endLine = line, endColumn = column + 1): Range {
  return { start: { line, column }, end: { line: endLine, column: endColumn } }
}

function problem(changes: Partial<Diagnostic> = {}): Diagnostic {
  return { code: 'schema/value', severity: 'error', message: 'wrong', file: 'a.yaml', range: range(2, 3), ...changes }
}

const NASTY = 'a\u001b[31m\u009b\u202e\u200b\u2028%25\t"<&>\'\ud800\ufffe]]>:,\r\nz'
const UNSAFE = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/

function nasty(): Diagnostic {
  const related = [{ file: NASTY, range: range(1, 1), message: NASTY }]
  return problem({ message: NASTY, file: NASTY, hint: NASTY, related })
}

const noText = () => undefined

/** As the runner of GitHub Actions reads a line. */
function parseCommand(line: string): { command: string; properties: Record<string, string>; message: string } {
  const [, command, list, message] = /^::(\w+) (.*?)::(.*)$/.exec(line)!
  const plain = (text: string) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n')
  const properties = list!.split(',').map(pair => {
    const [key, value] = pair.split('=') as [string, string]
    return [key, plain(value).replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%')]
  })
  return {
    command: command!,
    properties: Object.fromEntries(properties),
    message: plain(message!).replaceAll('%25', '%'),
  }
}

test('github: the runner reads what was meant', () => {
  const text = renderGithub([problem({ file: 'a,b:c%.yaml', message: '100% of a:b, c\nnext\r', hint: 'do, it' })])
  assert.is(text.split('\n').length, 2)
  assert.equal(parseCommand(text.trimEnd()), {
    command: 'error',
    properties: {
      file: 'a,b:c%.yaml',
      line: '2',
      col: '3',
      endLine: '2',
      endColumn: '4',
      title: 'bearerd schema/value',
    },
    message: '100% of a:b, c\nnext\r\nhint: do, it',
  })
})

test('github: columns go with one line only', () => {
  const text = renderGithub([problem({ severity: 'warning', range: range(2, 3, 4, 1) })])
  assert.is(text, '::warning file=a.yaml,line=2,endLine=4,title=bearerd schema/value::wrong\n')
})

test('github: one line for each problem, related places in its message', () => {
  const related = [{ file: 'b.yaml', range: range(7, 1), message: 'first here' }]
  const lines = renderGithub([problem({ related }), nasty(), problem()]).split('\n')
  assert.is(lines.length, 4)
  assert.is(parseCommand(lines[0]!).message, 'wrong\nb.yaml:7:1: first here')
  for (const line of lines) assert.not.match(line, UNSAFE)
})

test('json: nothing that a terminal acts on, and exactly the value', () => {
  const text = renderJson([nasty()], 1)
  assert.not.match(text, UNSAFE)
  assert.equal(JSON.parse(text).diagnostics, [nasty()])
  assert.is(toJson({ a: '\u009b' }), '{\n  "a": "\\u009b"\n}\n')
})

test('sarif: valid without problems, with all parts, and with nasty texts', () => {
  for (const diagnostics of [
    [],
    [problem({ hint: 'h', related: nasty().related! })],
    [nasty()],
    [problem({ code: 'x/y' })],
  ]) {
    const text = renderSarif(diagnostics, noText)
    assert.not.match(text, UNSAFE)
    assertSarif(JSON.parse(text))
  }
})

function sarif(diagnostics: Diagnostic[], text = '') {
  return JSON.parse(renderSarif(diagnostics, () => text)).runs[0]
}

test('sarif: every rule once, named by its results, with the level of the result', () => {
  const run = sarif([
    problem({ code: 'uri/insecure', severity: 'warning' }),
    problem({ code: 'schema/value' }),
    problem({ code: 'uri/insecure' }),
  ])
  const { rules } = run.tool.driver
  assert.equal(
    rules.map(({ id }: { id: string }) => id),
    ['schema/value', 'uri/insecure'],
  )
  assert.equal(
    run.results.map(({ ruleId, ruleIndex, level }: Record<string, unknown>) => [
      ruleId,
      rules[ruleIndex as number].id,
      level,
    ]),
    [
      ['uri/insecure', 'uri/insecure', 'warning'],
      ['schema/value', 'schema/value', 'error'],
      ['uri/insecure', 'uri/insecure', 'error'],
    ],
  )
  assert.is(rules[1].helpUri, 'https://bearerd.dev/rules/uri/insecure')
  assert.equal(rules[1].defaultConfiguration, { level: 'error' })
  assert.match(rules[1].help.markdown, /```yaml\nversion: 1\n/)
  assert.is(run.columnKind, 'utf16CodeUnits')
})

test('sarif: names of files are relative URIs', () => {
  const uriOf = (file: string) => sarif([problem({ file })]).results[0].locations[0].physicalLocation.artifactLocation
  assert.equal(uriOf('a/b c#?%é.yaml'), { uri: 'a/b%20c%23%3F%25%C3%A9.yaml', uriBaseId: '%SRCROOT%' })
  assert.equal(uriOf('a:b.yaml'), { uri: 'a%3Ab.yaml', uriBaseId: '%SRCROOT%' })
  assert.equal(uriOf('/etc/b c.yaml'), { uri: 'file:///etc/b%20c.yaml' })
})

function fingerprints(diagnostics: Diagnostic[], text: string): string[] {
  return sarif(diagnostics, text).results.map(
    ({ partialFingerprints }: { partialFingerprints: Record<string, string> }) => Object.values(partialFingerprints)[0],
  )
}

test('sarif: a fingerprint stays when the line moves, and tells equal lines, codes and files apart', () => {
  const text = 'one\n  two: 1\ntwo: 1\n'
  const [before] = fingerprints([problem()], text)
  assert.equal(fingerprints([problem({ range: range(4, 9) })], `\n\none\n    two: 1`), [before])
  const all = fingerprints(
    [
      problem(),
      problem({ range: range(3, 1) }),
      problem({ code: 'schema/type' }),
      problem({ file: 'b.yaml' }),
      problem({ range: range(1, 1) }),
    ],
    text,
  )
  assert.is(all[0], before)
  assert.is(all[1], before!.replace(':1', ':2'))
  assert.is(new Set(all).size, 5)
})

test('junit: a suite for each file in order, also for one that could not be read', () => {
  const diagnostics = [problem({ file: 'b.yaml' }), problem({ file: 'gone.yaml', code: 'file/not-found' })]
  const { attributes, children } = parseXml(renderJunit(diagnostics, ['a.yaml', 'b.yaml']))
  assert.equal(attributes, { name: 'bearerd', tests: '3', failures: '2', errors: '0', skipped: '0', time: '0' })
  assert.equal(
    children.map(suite => [suite.attributes.name, suite.children.length, suite.children[0]!.children.length]),
    [
      ['a.yaml', 1, 0],
      ['b.yaml', 1, 1],
      ['gone.yaml', 1, 1],
    ],
  )
})

test('junit: a warning passes', () => {
  const xml = renderJunit([problem({ severity: 'warning', hint: 'better' })], ['a.yaml'])
  const [suite] = parseXml(xml).children
  assert.is(suite!.attributes.failures, '0')
  const [result] = suite!.children[0]!.children
  assert.equal([result!.name, result!.text], ['system-out', 'a.yaml:2:3: warning: wrong [schema/value]\nhint: better'])
})

test('junit: well-formed whatever the texts are', () => {
  const xml = renderJunit([nasty()], [NASTY, 'fine.yaml'])
  assert.not.match(xml, UNSAFE)
  const [suite] = parseXml(xml).children
  assert.match(suite!.attributes.name!, /%25\ufffd"<&>'\ufffd\]\]>:,\ufffd\ufffdz$/)
})

test('many problems take no time to speak of', () => {
  const text = 'x: 1\n'.repeat(20_000)
  const diagnostics = Array.from({ length: 20_000 }, (_, index) => problem({ range: range(index + 1, 1) }))
  const start = performance.now()
  for (const rendered of [
    renderGithub(diagnostics),
    renderSarif(diagnostics, () => text),
    renderJunit(diagnostics, []),
  ])
    assert.ok(rendered.length > 20_000)
  assert.ok(performance.now() - start < 30_000)
})

test.run()
