// Diagnostics as a JUnit report: a suite for each file, a case for each problem. An error is a failure; a warning passes and
// is written to the case's output; a file without problems is one passed case.
import type { Diagnostic } from './diagnostic.ts'
import { notesOf, printable, renderConcise } from './render-human.ts'

export function renderJunit(diagnostics: readonly Diagnostic[], files: readonly string[]): string {
  const byFile = new Map<string, Diagnostic[]>(files.map(file => [file, []]))
  for (const diagnostic of diagnostics) {
    const problems = byFile.get(diagnostic.file)
    if (problems) problems.push(diagnostic)
    else byFile.set(diagnostic.file, [diagnostic])
  }
  const tests = sum([...byFile.values()].map(problems => Math.max(1, problems.length)))
  const suites = [...byFile].map(([file, problems]) => suite(file, problems))
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bearerd" ${counts(tests, diagnostics)}>
${suites.join('')}</testsuites>
`
}

function suite(file: string, problems: readonly Diagnostic[]): string {
  const cases =
    problems.length > 0
      ? problems.map(problem => testCase(file, problem)).join('')
      : `    <testcase name="no problems" classname="${attribute(file)}" file="${attribute(file)}" time="0"/>\n`
  return `  <testsuite name="${attribute(file)}" ${counts(Math.max(1, problems.length), problems)}>\n${cases}  </testsuite>\n`
}

function counts(tests: number, problems: readonly Diagnostic[]): string {
  const failures = problems.filter(({ severity }) => severity === 'error').length
  return `tests="${tests}" failures="${failures}" errors="0" skipped="0" time="0"`
}

function testCase(file: string, diagnostic: Diagnostic): string {
  const { code, severity, message, range } = diagnostic
  const { line, column } = range.start
  const place = `classname="${attribute(file)}" file="${attribute(file)}" line="${line}" time="0"`
  const detail = text([renderConcise([diagnostic]).trimEnd(), ...notesOf(diagnostic)].join('\n'))
  const result =
    severity === 'error'
      ? `<failure type="${attribute(code)}" message="${attribute(message)}">${detail}</failure>`
      : `<system-out>${detail}</system-out>`
  return `    <testcase name="${attribute(`${code} ${line}:${column}`)}" ${place}>\n      ${result}\n    </testcase>\n`
}

function attribute(value: string): string {
  return escaped(printable(value))
}

function text(value: string): string {
  return value
    .split('\n')
    .map(line => escaped(printable(line)))
    .join('\n')
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** Halves of surrogate pairs and the two non-characters are no characters of XML. */
function escaped(value: string): string {
  return value
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, char => ENTITIES[char]!)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
