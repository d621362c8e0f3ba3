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
  const notify = (...state: string[]): Promise<void> => {
    queue = queue.then(() => send(state, log))
    return queue
  }
  const watchdogMs = Number(environment.WATCHDOG_USEC ?? 0) / 1000
  if (watchdogMs > 0) feedWatchdog(watchdogMs / 2, () => notify('WATCHDOG=1'))
  return {
    ready: () => void notify('READY=1', `MAINPID=${process.pid}`),
    reloading: () => void notify('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`),
    stopping: () => void notify('STOPPING=1'),
  }
}

/** Never more than one at a time: on a busy machine they must not pile up before the others. */
function feedWatchdog(everyMs: number, feed: () => Promise<void>): void {
  let feeding = false
  const timer = setInterval(() => {
    if (feeding) return
    feeding = true
    void feed().then(() => {
      feeding = false
    })
  }, everyMs)
  timer.unref()
}

const HANG_MS = 5_000

function send(state: readonly string[], log: Log): Promise<void> {
  return new Promise(resolve => {
    const child = spawn('systemd-notify', state, { stdio: 'ignore', timeout: HANG_MS })
    // One that hangs does not hold up the end of the process.
    child.unref()
    child.once('error', () => log.warn({}, '$NOTIFY_SOCKET is set, but there is no program `systemd-notify`'))
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
}
