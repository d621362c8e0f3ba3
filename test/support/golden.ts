// Stored files that a result must equal, byte for byte. UPDATE_GOLDEN=1 writes them anew.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as assert from 'uvu/assert'

const FOLDER = join(import.meta.dirname, '../golden')

/** `name` is a path below test/golden. */
export function compareGolden(name: string, actual: string): void {
  const path = join(FOLDER, name)
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, actual)
  }
  assert.ok(existsSync(path), `${name} is missing: run with UPDATE_GOLDEN=1`)
  assert.is(actual, readFileSync(path, 'utf8'), `${name} differs`)
}
