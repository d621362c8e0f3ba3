// SIGTERM and SIGINT stop, SIGHUP reloads. A second stop signal ends the process at once.
import type { Daemon } from './daemon.ts'

/**
 * Starts a daemon and resolves when a signal has stopped it. Signals count from before the start, so that an early one
 * neither gets lost nor kills a half-open daemon. Rejects when the start fails.
 */
export async function runUntilSignal(start: () => Promise<Daemon>, shutdownTimeoutMs: number): Promise<void> {
  const stopped = Promise.withResolvers<void>()
  let stopping = false
  let daemon: Daemon | undefined
  const stop = () => {
    if (stopping) process.exit(1)
    stopping = true
    stopped.resolve()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('SIGHUP', () => void daemon?.executor.reload())
  daemon = await start()
  await stopped.promise
  await daemon.stop(shutdownTimeoutMs)
}
