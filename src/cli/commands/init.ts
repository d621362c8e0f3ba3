// `bearerd init`: a first configuration in the working directory, its schema for editors, and its check before commits.
// Never changes a file that is there: it says what to add to it by hand.
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemErrorCode } from '../../base/error.ts'
import { initFiles, type NewFile } from '../init-files.ts'
import { CommandError, EXIT, print } from '../output.ts'
import { readSchema } from './schema.ts'

const SCHEMA_FILES = ['schema/bearerd.schema.json', 'bearerd.schema.json']

export async function init(): Promise<number> {
  // `npm run bearerd -- init` runs in the folder of the package, and means the one where the user stands.
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env
  if (script === 'bearerd' && folder) process.chdir(folder)
  const messages: string[] = []
  for (const file of initFiles(await schemaAddress())) messages.push(await addFile(file))
  await print(`${messages.join('\n')}\n\n${NEXT}`)
  return EXIT.ok
}

const NEXT = `Next:
  1. Put your own accounts and services into services.yaml.
  2. Check it:          bearerd validate
  3. See what it does:  bearerd explain contacts
  4. Run it:            bearerd run
`

/** A file beside the configuration works without a network; otherwise the schema's own address. */
async function schemaAddress(): Promise<string> {
  const beside = SCHEMA_FILES.find(path => existsSync(path))
  if (beside) return `./${beside}`
  const { $id } = JSON.parse(await readSchema()) as { $id: string }
  return $id
}

async function addFile(file: NewFile): Promise<string> {
  const existing = file.instead.find(path => existsSync(path))
  if (existing) return leftAlone(existing, file)
  try {
    await mkdir(dirname(file.path), { recursive: true })
    await writeFile(file.path, file.text, { flag: 'wx' })
    return `wrote ${file.path}: ${file.purpose}`
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST' && existsSync(file.path)) return leftAlone(file.path, file)
    throw new CommandError(EXIT.failed, `${file.path} cannot be written: ${systemErrorCode(error) ?? 'unknown reason'}`)
  }
}

/** Whether a file has its part already is seen by a word that the part cannot lack. */
async function leftAlone(path: string, { mark, addition, where }: NewFile): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '')
  if (text.includes(mark)) return `left ${path} as it is: it has its entry already`
  return `left ${path} as it is; add ${where}:\n\n${addition.replace(/^(?=.)/gm, '    ')}`
}
