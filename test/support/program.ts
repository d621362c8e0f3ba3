// The program itself, `bearerd run`, as a process of its own: for what only a crash or several processes can show.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')

export interface RunningProgram {
  child: ChildProcess
  api: string
  admin: string
  /** Ends it, and waits for that. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

/** Resolved when it is ready, at addresses of its own. */
export async function startProgram(config: string, environment: NodeJS.ProcessEnv = {}): Promise<RunningProgram> {
  const flags = ['--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0', '--no-watch', '--log-format', 'json']
  const child = spawn(process.execPath, [MAIN, 'run', '-c', config, ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
  })
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  let log = ''
  for await (const chunk of child.stderr!.iterator({ destroyOnReturn: false })) {
    log += chunk
    const [, api, admin] = /"api":"([^"]+)","admin":"([^"]+)"[^\n]*"msg":"ready"/.exec(log) ?? []
    if (!api || !admin) continue
    child.stderr!.resume()
    return { child, api, admin, end }
  }
  throw new Error(log)
}
