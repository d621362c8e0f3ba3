// SIGTERM and SIGINT stop, SIGHUP reloads. A second stop signal ends the process at once.
import type { Daemon } from './daemon.ts'

/** Resolves when the daemon has stopped. */
export function untilStopped(daemon: Daemon, shutdownTimeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false
    const stop = () => {
      if (stopping) process.exit(1)
      stopping = true
      daemon.stop(shutdownTimeoutMs).then(resolve, reject)
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
    process.on('SIGHUP', () => void daemon.executor.reload())
  })
}
