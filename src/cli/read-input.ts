// `--input k=v` and `--input-file x.json` -> the input of an action. Texts of the command line become what its schema wants.
import { readFile } from 'node:fs/promises'
import { CommandError, EXIT } from './output.ts'

export interface InputFlags {
  input?: string[]
  inputFile?: string
}

/** Throws CommandError. `--input` wins over the file; `a.b=v` is the value `b` within `a`. */
export async function readInput({
  input = [],
  inputFile,
}: InputFlags): Promise<{ input: unknown; inputFrom: 'json' | 'text' }> {
  const read = inputFile === undefined ? {} : await readInputFile(inputFile)
  if (input.length === 0) return { input: read, inputFrom: inputFile === undefined ? 'text' : 'json' }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw new CommandError(EXIT.usage, `${inputFile} holds no mapping: --input cannot add to it`)
  const values = read as Record<string, unknown>
  for (const text of input) setValue(values, text)
  return { input: values, inputFrom: 'text' }
}

function setValue(values: Record<string, unknown>, text: string): void {
  const at = text.indexOf('=')
  const path = text.slice(0, Math.max(at, 0)).split('.')
  if (at < 1 || path.some(name => name === '' || name === '__proto__'))
    throw new CommandError(EXIT.usage, `--input takes NAME=VALUE, not \`${text}\``)
  let within = values
  for (const name of path.slice(0, -1)) {
    const next = Object.hasOwn(within, name) ? within[name] : undefined
    const mapping = typeof next === 'object' && next !== null && !Array.isArray(next) ? next : {}
    within[name] = mapping
    within = mapping as Record<string, unknown>
  }
  within[path.at(-1)!] = text.slice(at + 1)
}

async function readInputFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CommandError(EXIT.usage, `${path} cannot be read`)
  })
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new CommandError(EXIT.usage, `${path} is not JSON`)
  }
}
