// How diagnostics are printed: the first line that tools match, the caret, hints, colours, long lines, and JSON.
import { stripVTControlCharacters } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Diagnostic, hasErrors, shortText, sortDiagnostics } from '../../src/diagnostics/diagnostic.ts'
import { printable, renderConcise, renderHuman } from '../../src/diagnostics/render-human.ts'
import { renderJson } from '../../src/diagnostics/render-json.ts'

function finding(line: number, column: number, length = 1, extra: Partial<Diagnostic> = {}): Diagnostic {
  const range = { start: { line, column }, end: { line, column: column + length } }
  return { code: 'a/b', severity: 'error', message: 'it is wrong', file: 'a.yaml', range, ...extra }
}

function rendered(text: string | undefined, diagnostic: Diagnostic, color = false): string {
  return renderHuman([diagnostic], { color, sourceText: () => text })
}

function caret(text: string, column: number, length = 1): string {
  return rendered(text, finding(1, column, length))
    .split('\n')[2]!
    .slice('    | '.length)
}

test('headline, source line, caret, hint, related places', () => {
  const related = [{ file: 'b.yaml', range: finding(7, 3).range, message: 'first here' }]
  assert.is(
    rendered('one\nkey: value\n', finding(2, 6, 5, { hint: 'write it', related })),
    'a.yaml:2:6: error: it is wrong [a/b]\n  2 | key: value\n    |      ^^^^^\n  hint: write it\n  b.yaml:7:3: first here\n',
  )
})

test('the gutter is as wide as the number of the line', () => {
  const text = 'x\n'.repeat(1000)
  assert.match(rendered(text, finding(1000, 1)), /\n {2}1000 \| x\n {7}\| \^\n$/)
})

test('without a text, or behind its end, only the headline', () => {
  assert.is(rendered(undefined, finding(1, 1)), 'a.yaml:1:1: error: it is wrong [a/b]\n')
  assert.is(rendered('one line', finding(5, 1)), 'a.yaml:5:1: error: it is wrong [a/b]\n')
})

const CARETS: [line: string, column: number, length: number, caret: string][] = [
  ['key: value', 1, 3, '^^^'],
  ['key: value', 6, 5, '     ^^^^^'],
  ['key:', 5, 0, '    ^'],
  ['key:', 5, 1, '    ^'],
  ['key:', 3, 99, '  ^^'],
  ['', 1, 1, '^'],
  ['a\tb', 3, 1, '     ^'],
  ['\tb', 1, 1, '^^^^'],
  ['日本 x', 4, 1, '     ^'],
  ['日本 x', 1, 2, '^^^^'],
  ['😀 x', 4, 1, '   ^'],
  ['👩‍👩‍👧 x', 10, 1, '   ^'],
  ['🇩🇪 x', 6, 1, '   ^'],
  ['e\u0301 x', 4, 1, '  ^'],
  ['☎\ufe0f x', 4, 1, '   ^'],
  ['👍🏽 x', 6, 1, '   ^'],
  ['\u{20000} x', 4, 1, '   ^'],
  ['a\u200bb', 3, 1, '  ^'],
  ['a\u200db', 3, 1, '  ^'],
]

test('the caret stands below what it means', () => {
  for (const [line, column, length, expected] of CARETS) assert.is(caret(line, column, length), expected, line)
})

test('a range over several lines is marked up to the end of its first line', () => {
  const range = { start: { line: 1, column: 3 }, end: { line: 2, column: 2 } }
  assert.is(rendered('abcdef\nghi', finding(1, 1, 1, { range })).split('\n')[2], '    |   ^^^^')
})

test('a Windows line ending is not part of the line', () => {
  assert.is(rendered('abc\r\ndef\r\n', finding(1, 2)), 'a.yaml:1:2: error: it is wrong [a/b]\n  1 | abc\n    |  ^\n')
})

test('long lines are cut around the mark, with the caret below it', () => {
  const line = `${'a'.repeat(300)}MARK${'b'.repeat(300)}`
  for (const column of [1, 20, 150, 301, 500, 604]) {
    const [, shown, marks] = rendered(line, finding(1, column, 4)).split('\n')
    assert.ok(shown!.length < 180, String(shown!.length))
    const expected = line.slice(column - 1, column + 3)
    assert.is(shown!.slice(marks!.indexOf('^'), marks!.indexOf('^') + expected.length), expected, String(column))
  }
  const [, shown, marks] = rendered(line, finding(1, 301, 300)).split('\n')
  assert.ok(shown!.endsWith('…') && marks!.length < 180)
})

test('nothing from the input reaches the terminal as a control', () => {
  const text = 'a\x1b[31m\u202eb\x07\x9b\u2066c\n'
  const hostile = { file: 'a\x1b[2J.yaml', message: 'm\nx\x1b[0m', hint: 'h\u202e' }
  const output = rendered(text, finding(1, 1, 3, hostile))
  assert.not.match(output, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
  assert.is(output.split('\n').length, 5)
  assert.is(printable('a\u200d'), 'a\ufffd')
  assert.is(printable('👩\u200d👧'), '👩\u200d👧')
})

test('colours, only when they are asked for, and nothing but colours more', () => {
  const diagnostic = finding(1, 5, 1, { hint: 'h' })
  const plain = rendered('key: value', diagnostic)
  const colored = rendered('key: value', diagnostic, true)
  assert.ok(colored !== plain)
  assert.is(stripVTControlCharacters(colored), plain)
  assert.not.match(plain, /\x1b/)
})

test('the concise form is the headlines', () => {
  const list = [finding(1, 2, 1, { hint: 'h' }), finding(3, 4, 1, { severity: 'warning' })]
  assert.is(renderConcise(list), 'a.yaml:1:2: error: it is wrong [a/b]\na.yaml:3:4: warning: it is wrong [a/b]\n')
  assert.is(renderConcise([]), '')
})

test('fifty problems of a file are printed, the others counted; other files are not affected', () => {
  const many = (count: number, file: string) => Array.from({ length: count }, (_, i) => finding(i + 1, 1, 1, { file }))
  const output = renderHuman([...many(51, 'a.yaml'), ...many(50, 'b.yaml')], {
    color: false,
    sourceText: () => undefined,
  })
  assert.is(output.split('\n').length - 1, 50 + 50 + 1)
  assert.match(output, /^a\.yaml: and 1 more problem$/m)
  assert.not.match(output, /^b\.yaml: and/m)
})

test('JSON has the same list and the sums', () => {
  const list = [finding(1, 2, 3, { hint: 'h' }), finding(3, 4, 1, { severity: 'warning' })]
  assert.equal(JSON.parse(renderJson(list, 7)), {
    version: 1,
    diagnostics: list,
    summary: { files: 7, errors: 1, warnings: 1 },
  })
})

test('order: file, line, column, errors first, code', () => {
  const sorted = [
    finding(1, 1),
    finding(1, 1, 1, { code: 'a/c' }),
    finding(1, 1, 1, { severity: 'warning', code: 'a/a' }),
    finding(1, 2),
    finding(2, 1),
    finding(10, 1),
    finding(1, 1, 1, { file: 'b.yaml' }),
  ]
  assert.equal(sortDiagnostics(sorted.toReversed()), sorted)
  assert.ok(hasErrors(sorted))
  assert.not.ok(hasErrors([finding(1, 1, 1, { severity: 'warning' })]))
})

test('texts that repeat what is in a file have a limit', () => {
  assert.is(shortText('a'.repeat(500)), 'a'.repeat(500))
  assert.is(shortText('a'.repeat(501)), `${'a'.repeat(499)}…`)
})

test.run()
