// The program from its sources, as a process: its two streams and its exit code.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

export interface Ending {
  code: number | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  cwd?: string
  env?: Record<string, string | undefined>
  input?: string
}

export const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')

/** Nothing of the environment that changes what the program prints; `env` is added. */
export async function runProgram(args: readonly string[], options: RunOptions = {}): Promise<Ending> {
  const { cwd = process.cwd(), env = {}, input } = options
  const { NO_COLOR, FORCE_COLOR, BEARERD_CONFIG, GITHUB_ACTIONS, ...rest } = process.env
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...rest, ...env } })
  child.stdin.end(input)
  const closed = once(child, 'close') as Promise<[number | null]>
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: (await closed)[0], stdout, stderr }
}
