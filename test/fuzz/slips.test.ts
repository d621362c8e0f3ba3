// One slip in a good file is one finding: each key and word of the complete example, misspelt or of another kind in turn.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isCollection, isScalar, type Node, parseDocument, visit } from 'yaml'
import { checkConfig } from '../../src/config/check.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { source } from '../config/support.ts'

const TEXT = readFileSync(join(import.meta.dirname, '../../services.example.yaml'), 'utf8')

interface Entry {
  key: Node
  value: Node
}

const ENTRIES: Entry[] = []
visit(parseDocument(TEXT), {
  Pair(_, { key, value }) {
    if (isScalar(key) && value) ENTRIES.push({ key, value: value as Node })
  },
})

function written(node: Node): string {
  return TEXT.slice(node.range![0], node.range![1])
}

/** The errors after one node was written otherwise. */
function errorsWith(node: Node, text: string): Diagnostic[] {
  const changed = TEXT.slice(0, node.range![0]) + text + TEXT.slice(node.range![1])
  return checkConfig([source(changed)]).diagnostics.filter(({ severity }) => severity === 'error')
}

function told(errors: readonly Diagnostic[]): string {
  return errors.map(({ range, message, code }) => `${range.start.line}: ${message} [${code}]`).join('; ')
}

/** A name that was chosen may be misspelt where it is defined; each use of it is then a finding of its own. */
const isUse = ({ code }: Diagnostic) => /^(?:reference\/|template\/unknown-variable|action\/input-schema)/.test(code)

const SLIPS: Record<string, (word: string) => string> = {
  'a letter too few': word => word.slice(0, 2) + word.slice(3),
  'two letters in the wrong order': word => `${word[0]}${word[2]}${word[1]}${word.slice(3)}`,
  'a letter too many': word => `${word}s`,
  'capitals confused': word => (/[A-Z]/.test(word) ? word.toLowerCase() : word.toUpperCase()),
}

/** A fourth of the entries, so that the test stays short; the four slips together meet all of them. */
function quarter(turn: number): Entry[] {
  return ENTRIES.filter((_, index) => index % 4 === turn % 4)
}

for (const [turn, [slip, misspell]] of Object.entries(SLIPS).entries()) {
  test(`a key with ${slip} is one finding, at the key, that says what was meant`, () => {
    let known = 0
    for (const { key } of quarter(turn)) {
      const word = written(key)
      const text = misspell(word)
      if (word.length < 4 || text === word || ENTRIES.some(entry => written(entry.key) === text)) continue
      const errors = errorsWith(key, text)
      if (errors.length > 0 && errors.every(isUse)) continue
      assert.ok(errors.length < 2, `${word} -> ${text}: ${told(errors)}`)
      if (errors[0]?.code !== 'schema/unknown-key') continue
      known++
      assert.is(errors[0].message, `unknown key \`${text}\``)
      if (!/^x-?/i.test(word)) assert.match(errors[0].hint ?? '', /did you mean/)
    }
    assert.ok(known > 30, `only ${known} keys of the schema were misspelt`)
  })
}

test('a misspelt word of the schema is one finding that says what was meant', () => {
  let known = 0
  for (const { value } of ENTRIES) {
    const word = written(value)
    if (!/^[a-z_]{5,}$/i.test(word)) continue
    const errors = errorsWith(value, SLIPS['a letter too few']!(word))
    assert.ok(errors.length < 2, `${word}: ${told(errors)}`)
    if (errors[0]?.code !== 'schema/value') continue
    known++
    assert.match(errors[0].hint ?? '', /did you mean|for example/, told(errors))
  }
  assert.ok(known > 20, `only ${known} words`)
})

for (const [turn, other] of ['5', '[]', 'null', 'true', 'zzz'].entries()) {
  test(`${other} in place of any value is at most one finding, and never a crash`, () => {
    for (const { key, value } of quarter(turn)) {
      if (/^[*&]/.test(written(value)) || (isCollection(value) && written(value).includes('\n'))) continue
      const errors = errorsWith(value, other).filter(error => !isUse(error))
      assert.ok(errors.length < 2, `${written(key)}: ${told(errors)}`)
    }
  })
}

test.run()
