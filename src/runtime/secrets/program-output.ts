// A program -> what it writes to its standard output, within bounds. No shell; standard error is dropped, because it may hold
// what it should not. Whatever it started itself ends with it when it is too slow or writes too much.
import { type ChildProcess, spawn } from 'node:child_process'
import { systemErrorCode } from '../../base/error.ts'

export interface ProgramLimits {
  directory: string
  timeoutMs: number
  maxBytes: number
}

/** Why there is none, in words that say nothing of the output. */
export class ProgramFailure extends Error {}

/** Rejects with ProgramFailure. */
export function programOutput(
  [program, ...args]: readonly string[],
  { directory, timeoutMs, maxBytes }: ProgramLimits,
): Promise<string> {
  return new Promise((resolve, reject) => {
    // A group of its own, which can be ended as a whole. One that asks for something finds the end of its input.
    const child = spawn(program!, args, { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'], detached: true })
    const chunks: Buffer[] = []
    let size = 0
    const fail = (reason: string) => {
      clearTimeout(timer)
      endGroup(child)
      reject(new ProgramFailure(reason))
    }
    const timer = setTimeout(() => fail(`the program took longer than ${timeoutMs / 1000}s`), timeoutMs)
    child.stdout!.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size > maxBytes) fail('the output is larger than 1 MiB')
    })
    child.once('error', error =>
      fail(systemErrorCode(error) === 'ENOENT' ? 'no such program' : 'the program cannot be started'),
    )
    child.once('close', code => {
      clearTimeout(timer)
      if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'))
      else reject(new ProgramFailure(code === null ? 'the program failed' : `the program ended with exit code ${code}`))
    })
  })
}

function endGroup(child: ChildProcess): void {
  child.stdout?.destroy()
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended, or this system has no groups.
    child.kill('SIGKILL')
  }
}
