// What a test starts and closes again: an executor on a configuration in a folder of its own, a daemon, servers; and time
// that moves by itself while a request is under way.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import { createExecutor, type Executor, type ExecutorOptions } from '../../src/index.ts'
import type { FakeClock } from './fake-clock.ts'

export interface Running {
  /** Closed by `close`, the last one first. */
  open<T extends { close(): unknown }>(server: T | Promise<T>): Promise<T>
  execute(definitions: object, options?: ExecutorOptions): Promise<Executor>
  serve(definitions: object): Promise<Daemon>
  close(): Promise<void>
}

export function createRunning(): Running {
  const opened: (() => unknown)[] = []
  const write = (definitions: object): string => {
    const folder = mkdtempSync(join(tmpdir(), 'bearerd-running-'))
    opened.push(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'services.yaml')
    writeFileSync(file, JSON.stringify({ version: 1, ...definitions }))
    return file
  }
  return {
    async open(starting) {
      const server = await starting
      opened.push(() => server.close())
      return server
    },
    async execute(definitions, options = {}) {
      const executor = createExecutor({ environment: {}, random: () => 1, ...options })
      opened.push(() => executor[Symbol.asyncDispose]())
      await executor.load(write(definitions))
      return executor
    },
    async serve(definitions) {
      const addresses = { listen: '127.0.0.1:0', adminListen: '127.0.0.1:0' }
      const daemon = await startDaemon({ paths: [write(definitions)], ...addresses, logLevel: 'silent' })
      opened.push(() => daemon.stop(500))
      return daemon
    },
    async close() {
      for (const close of opened.splice(0).reverse()) await close()
    },
  }
}

/** Moves the clock in small steps whenever something waits for it, until the promise is settled. */
export async function whileTimePasses<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let settled = false
  const settling = promise.finally(() => {
    settled = true
  })
  settling.catch(() => {})
  while (!settled) {
    if (clock.pending() > 0) await clock.advance(10)
    await setTimeout(1)
  }
  return settling
}
