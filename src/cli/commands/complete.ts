// `bearerd __complete services|actions|names`: names for the completion scripts. Whatever is wrong, it prints nothing and ends well.

import { readSources } from '../../config/read.ts'
import { parseFile } from '../../config/yaml/document.ts'
import { configPaths } from '../config-paths.ts'
import { EXIT, print } from '../output.ts'

/** Others are refused by `validate`, and a shell could take them for something else. */
const NAME = /^[a-z][a-z0-9-]{0,62}$/

const SECTIONS = { services: ['services'], actions: ['actions'], names: ['services', 'actions'] } as const

/** Needs no valid configuration: names are completed while a file is being written. */
export async function complete(kind: keyof typeof SECTIONS, options: { config?: string[] }): Promise<number> {
  const names = await namesIn(SECTIONS[kind], options.config).catch(() => [])
  await print(names.map(name => `${name}\n`).join(''))
  return EXIT.ok
}

async function namesIn(sections: readonly string[], config: string[] | undefined): Promise<string[]> {
  const { sources } = await readSources(configPaths(config), process.cwd())
  const values = sources.flatMap(source => parseFile(source).documents.map(({ value }) => value))
  const found = values.flatMap(value => sections.map(name => (value as Record<string, unknown> | null)?.[name]))
  const names = found.flatMap(section => (typeof section === 'object' && section !== null ? Object.keys(section) : []))
  return [...new Set(names)].filter(name => NAME.test(name) && !name.startsWith('x-')).sort()
}
