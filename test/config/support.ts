// What the tests of the configuration share: sources from texts, findings as short lines, seeded randomness.
import * as assert from 'uvu/assert'
import { checkConfig } from '../../src/config/check.ts'
import { maskSecrets } from '../../src/config/mask-secrets.ts'
import { type Document, parseFile } from '../../src/config/yaml/document.ts'
import type { Source } from '../../src/config/yaml/source.ts'
import type { Diagnostic, Range } from '../../src/diagnostics/diagnostic.ts'
import { renderHuman } from '../../src/diagnostics/render-human.ts'

export function source(text: string, file = 'a.yaml'): Source {
  return { path: `/config/${file}`, file, text }
}

export function check(...texts: string[]): Diagnostic[] {
  return checkConfig(texts.map((text, index) => source(text, `${'abcdefgh'[index]}.yaml`))).diagnostics
}

/** `4:11 schema/unknown-key`, one a finding. */
export function places(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code, range }) => `${range.start.line}:${range.start.column} ${code}`)
}

export function codes(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code }) => code)
}

/** The first document of a text that has no fault of syntax. */
export function document(text: string): Document {
  return parseFile(source(text)).documents[0]!
}

/** What stands at a range of a text. */
export function textAt(text: string, range: Range): string {
  const lines = text.split('\n')
  const offset = ({ line, column }: Range['start']): number =>
    lines.slice(0, line - 1).reduce((sum, before) => sum + before.length + 1, 0) + column - 1
  return text.slice(offset(range.start), offset(range.end))
}

/** As `bearerd validate` prints it. */
export function human(diagnostics: readonly Diagnostic[], sources: readonly Source[]): string {
  const masked = new Map(sources.map(read => [read.file, maskSecrets(read)]))
  return renderHuman(diagnostics, { color: false, sourceText: file => masked.get(file) })
}

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function pick<T>(next: () => number, items: readonly T[]): T {
  return items[Math.floor(next() * items.length)]!
}

export const MB = 1024 * 1024

/** Against what grows without bound: none takes more than 3.5 s alone, and a machine may be ten times as busy. */
export const LIMIT_MS = 40_000
const MAX_OUTPUT = 20_000

/** One of the diagnostics has this code; all of it, with the printing, takes bounded time and gives bounded output. */
export function expectDiagnostic(code: string | RegExp, text: string): void {
  const read = source(text)
  const startedMs = performance.now()
  const { diagnostics } = checkConfig([read])
  const output = human(diagnostics, [read])
  const tookMs = performance.now() - startedMs
  const told = [...new Set(codes(diagnostics))]
  assert.ok(
    told.some(one => (typeof code === 'string' ? one === code : code.test(one))),
    `told ${told}, expected ${code}`,
  )
  assert.ok(tookMs < LIMIT_MS, `took ${Math.round(tookMs)} ms`)
  assert.ok(output.length < MAX_OUTPUT * (diagnostics.length > 10 ? 5 : 1), `printed ${output.length} characters`)
}
