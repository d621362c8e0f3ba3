// A command of the program within the test's own process: what it prints and its exit code, at a tenth of a process.
// What only a process shows (signals, terminals, a reader that leaves, the start) is tested with run-program.ts.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { Readable } from 'node:stream'
import { run } from '../../src/cli/program.ts'
import type { Ending, RunOptions } from './run-program.ts'

let last: Promise<unknown> = Promise.resolve()

/** As runProgram; one after another, since folder, environment and streams are the process's. */
export function runCommand(args: readonly string[], options: RunOptions = {}): Promise<Ending> {
  const ending = last.then(() => runAlone(args, options))
  last = ending.catch(() => {})
  return ending
}

async function runAlone(args: readonly string[], { cwd = process.cwd(), env = {}, input = '' }: RunOptions) {
  const { NO_COLOR, FORCE_COLOR, BEARERD_CONFIG, GITHUB_ACTIONS, ...rest } = process.env
  const before = { cwd: process.cwd(), env: process.env, exitCode: process.exitCode }
  const streams = { stdout: capture(process.stdout), stderr: capture(process.stderr) }
  const restoreStdin = replace(process, 'stdin', Readable.from(input === '' ? [] : [Buffer.from(input)]))
  process.env = { ...rest, ...env }
  process.chdir(cwd)
  try {
    await run([process.execPath, 'bearerd', ...args])
    const code = Number(process.exitCode ?? 0)
    return { code, stdout: streams.stdout.text(), stderr: streams.stderr.text() }
  } finally {
    process.chdir(before.cwd)
    process.env = before.env
    process.exitCode = before.exitCode
    for (const restore of [restoreStdin, streams.stderr.restore, streams.stdout.restore]) restore()
  }
}

/** As a pipe that takes everything at once, also from who writes past the stream. */
export function capture(stream: NodeJS.WriteStream & { fd: number }): { text(): string; restore(): void } {
  const chunks: Buffer[] = []
  const write = (chunk: string | Uint8Array, ...more: unknown[]): boolean => {
    chunks.push(Buffer.from(chunk as string))
    const done = more.find(value => typeof value === 'function') as (() => void) | undefined
    if (done) process.nextTick(done)
    return true
  }
  const { writeSync } = fs
  const writeToFile = (fd: number, ...rest: [string]): number => {
    if (fd !== stream.fd) return writeSync(fd, ...rest)
    write(...rest)
    return Buffer.byteLength(rest[0])
  }
  const restores = [
    replace(fs, 'writeSync', writeToFile),
    replace(stream, 'write', write),
    replace(stream, 'isTTY', false),
  ]
  syncBuiltinESMExports()
  return {
    text: () => Buffer.concat(chunks).toString(),
    restore: () => {
      for (const restore of restores) restore()
      syncBuiltinESMExports()
    },
  }
}

function replace(owner: object, name: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, name)
  Object.defineProperty(owner, name, { value, configurable: true, writable: true })
  return () => {
    if (own) Object.defineProperty(owner, name, own)
    else Reflect.deleteProperty(owner, name)
  }
}
