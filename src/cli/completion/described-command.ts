// The table of commands as completion scripts need it: plain words, and what may follow each of them.
import type { Option } from 'commander'

/** What is read of an entry of the table. */
export interface TableEntry {
  name: string
  summary: string
  arguments?: string
  choices?: readonly string[]
  hidden?: true
  options: readonly Option[]
}

/** What a value may be: one of some words, a file or folder, a name in the configuration, or anything. */
export type Values =
  | { kind: 'words'; words: readonly string[] }
  | { kind: 'files' | 'services' | 'actions' | 'names' | 'anything' }

/** The words of the table for names: of services, of actions, of either. */
const NAMES = { service: 'services', action: 'actions', name: 'names' } as const

export interface DescribedFlag {
  /** `-c` and `--config`, as far as there are both. */
  names: string[]
  description: string
  /** Undefined for a flag without a value. */
  value?: Values
  /** The value stands behind `=` only. */
  optionalValue: boolean
  repeatable: boolean
  /** Takes all words up to the next flag. */
  variadic: boolean
}

export interface DescribedCommand {
  name: string
  summary: string
  flags: DescribedFlag[]
  arguments: { values: Values; repeatable: boolean }[]
}

export function describeCommands(table: readonly TableEntry[]): DescribedCommand[] {
  return table
    .filter(({ hidden }) => !hidden)
    .map(definition => ({
      name: definition.name,
      summary: definition.summary,
      flags: [...definition.options.map(describeFlag), HELP],
      arguments: describeArguments(definition),
    }))
}

const HELP: DescribedFlag = {
  names: ['-h', '--help'],
  description: 'display help for command',
  optionalValue: false,
  repeatable: false,
  variadic: false,
}

function describeFlag(option: Option): DescribedFlag {
  const takesValue = option.required || option.optional
  return {
    names: [option.short, option.long].filter(name => name !== undefined),
    description: option.description,
    ...(takesValue && { value: valuesOf(option) }),
    optionalValue: option.optional,
    repeatable: option.parseArg !== undefined,
    variadic: option.variadic,
  }
}

/** `path` and `file` are the words of the table for what is on the disk. */
function valuesOf({ flags, argChoices }: Option): Values {
  if (argChoices) return { kind: 'words', words: argChoices }
  return { kind: /[<[](path|file)\b/.test(flags) ? 'files' : 'anything' }
}

/** An argument `path` is a file where any number of them is taken; the path of `call` belongs to a URL. */
function describeArguments(definition: TableEntry): DescribedCommand['arguments'] {
  const words = definition.arguments?.match(/[^<>[\]\s]+/g) ?? []
  return words.map((word, index) => {
    const repeatable = word.endsWith('...')
    const name = word.replace('...', '')
    if (index === 0 && definition.choices) return { values: { kind: 'words', words: definition.choices }, repeatable }
    const files = name === 'file' || (name === 'path' && repeatable)
    const kind = Object.hasOwn(NAMES, name) ? NAMES[name as keyof typeof NAMES] : files ? 'files' : 'anything'
    return { values: { kind }, repeatable }
  })
}
