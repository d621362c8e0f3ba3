// Every line of the page on standards names the test that shows it, and that test is there.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const ROOT = dirname(dirname(import.meta.dirname))

/** The cells of each line of a table, without those of its head. */
function linesOf(markdown: string): string[][] {
  const tables = markdown.split('\n').filter(line => line.startsWith('|'))
  const cells = tables.map(line => line.split('|').slice(1, -1))
  return cells.filter((row, index) => !row[0]!.includes('---') && !cells[index + 1]?.[0]?.includes('---'))
}

test('every line has three cells, and a test file that exists', () => {
  const lines = linesOf(readFileSync(join(ROOT, 'docs/standards.md'), 'utf8'))
  assert.ok(lines.length > 60, `${lines.length} lines`)
  const wrong = lines.filter(row => {
    const [, path] = /^ `(test\/[\w./-]+\.test\.ts)` $/.exec(row[2] ?? '') ?? []
    return row.length !== 3 || !row[1]!.trim() || !path || !existsSync(join(ROOT, path))
  })
  assert.equal(wrong, [])
})

test.run()
