// `bearerd schema`: the contract for editors and other tools.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { EXIT, print } from '../output.ts'

const SCHEMA = 'schema/bearerd.schema.json'

export async function schema(): Promise<number> {
  await print(await readSchema())
  return EXIT.ok
}

export function readSchema(): Promise<string> {
  return readFile(schemaUrl(), 'utf8')
}

/** It stands beside `src` and beside the bundled `dist`, at different depths below the package. */
function schemaUrl(): URL {
  const candidates = ['../../../', '../'].map(up => new URL(up + SCHEMA, import.meta.url))
  return candidates.find(url => existsSync(url)) ?? candidates[0]!
}
