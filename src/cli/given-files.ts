// The files of a command line: paths, globs that the shell left alone, and `-` for standard input, which goes to a temporary
// file first because a request says the length of what it sends.
import { createWriteStream, existsSync } from 'node:fs'
import { glob, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { GivenFile } from '../index.ts'
import { CommandError, EXIT } from './output.ts'

export interface GivenFiles extends AsyncDisposable {
  files: GivenFile[]
}

/** `name` is that of standard input. Throws CommandError for a pattern that matches nothing. */
export async function givenFiles(paths: readonly string[], name: string | undefined): Promise<GivenFiles> {
  if (name !== undefined && !paths.includes('-'))
    throw new CommandError(EXIT.usage, '--name is the name of standard input: name it with `-`')
  if (paths.filter(path => path === '-').length > 1)
    throw new CommandError(EXIT.usage, 'standard input can be sent once')
  const files: GivenFile[] = []
  let folder: string | undefined
  for (const path of paths) {
    if (path !== '-') files.push(...(await expand(path)))
    else {
      folder = await mkdtemp(join(tmpdir(), 'bearerd-stdin-'))
      files.push({ path: await spool(folder), name: name ?? 'stdin' })
    }
  }
  return {
    files,
    async [Symbol.asyncDispose]() {
      if (folder) await rm(folder, { recursive: true, force: true })
    },
  }
}

async function expand(path: string): Promise<string[]> {
  if (!/[*?[{]/.test(path) || existsSync(path)) return [path]
  const matches: string[] = []
  for await (const match of glob(path)) matches.push(match)
  if (matches.length === 0) throw new CommandError(EXIT.usage, `no file matches ${path}`)
  return matches.sort()
}

async function spool(folder: string): Promise<string> {
  const path = join(folder, 'stdin')
  await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 }))
  return path
}
