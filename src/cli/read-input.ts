// `--input k=v` and `--input-file x.json` -> the input of an action.
import { readFile } from 'node:fs/promises'
import { type JoinedInput, joinInput, setText } from '../deliveries/text-input.ts'
import { CommandError, EXIT } from './output.ts'

export interface InputFlags {
  input?: string[]
  inputFile?: string
}

export interface GivenInput {
  /** Of the file; undefined without one. */
  read: unknown
  /** Of the command line; they win. */
  texts: Readonly<Record<string, unknown>>
  /** Both. */
  joined: JoinedInput
}

/** Throws CommandError. `a.b=v` is the value `b` within `a`. */
export async function readInput({ input = [], inputFile }: InputFlags): Promise<GivenInput> {
  const read = inputFile === undefined ? undefined : await readInputFile(inputFile)
  const texts: Record<string, unknown> = {}
  for (const text of input) addText(texts, text)
  const joined = joinInput(read ?? {}, texts)
  if (!joined) throw new CommandError(EXIT.usage, `${inputFile} holds no mapping: --input cannot add to it`)
  return { read, texts, joined }
}

function addText(texts: Record<string, unknown>, text: string): void {
  const at = text.indexOf('=')
  const path = text.slice(0, Math.max(at, 0)).split('.')
  if (at < 1 || path.includes('')) throw new CommandError(EXIT.usage, `--input takes NAME=VALUE, not \`${text}\``)
  setText(texts, path, text.slice(at + 1))
}

async function readInputFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(EXIT.usage, `${path} cannot be read (${error.code ?? 'unknown reason'})`)
  })
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new CommandError(EXIT.usage, `${path} is not JSON`)
  }
}
