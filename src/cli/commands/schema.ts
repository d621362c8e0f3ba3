// `bearerd schema`: the contract for editors and other tools.
import { readFile } from 'node:fs/promises'
import { EXIT, print } from '../output.ts'

/** In the sources and in the build, the schema stands three folders up. */
const SCHEMA = new URL('../../../schema/bearerd.schema.json', import.meta.url)

export async function schema(): Promise<number> {
  await print(await readFile(SCHEMA, 'utf8'))
  return EXIT.ok
}
