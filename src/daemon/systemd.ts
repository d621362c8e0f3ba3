// What systemd is told: ready, reloading, stopping, still alive. By its own program, because Node has no Unix datagram
// sockets. Without $NOTIFY_SOCKET nothing is told.
import { spawn } from 'node:child_process'
import type { Log } from '../base/log.ts'

export interface Systemd {
  ready(): void
  reloading(): void
  stopping(): void
}

const SILENT: Systemd = { ready() {}, reloading() {}, stopping() {} }

/** Messages are sent one after the other. The watchdog is fed twice in its interval, until the process ends. */
export function createSystemd(environment: NodeJS.ProcessEnv, log: Log): Systemd {
  if (!environment.NOTIFY_SOCKET) return SILENT
  let queue: Promise<void> = Promise.resolve()
  const notify = (...state: string[]): void => {
    queue = queue.then(() => send(state, log))
  }
  const watchdogMs = Number(environment.WATCHDOG_USEC ?? 0) / 1000
  if (watchdogMs > 0) setInterval(() => notify('WATCHDOG=1'), watchdogMs / 2).unref()
  return {
    ready: () => notify('READY=1', `MAINPID=${process.pid}`),
    reloading: () => notify('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`),
    stopping: () => notify('STOPPING=1'),
  }
}

function send(state: readonly string[], log: Log): Promise<void> {
  return new Promise(resolve => {
    const child = spawn('systemd-notify', state, { stdio: 'ignore' })
    child.once('error', () => log.warn({}, '$NOTIFY_SOCKET is set, but there is no program `systemd-notify`'))
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
}
