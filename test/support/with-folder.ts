// Files by name -> a temporary folder that has them, until the test ends.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export function withFolder(files: Record<string, string>, closers: (() => unknown)[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'bearerd-test-'))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}
