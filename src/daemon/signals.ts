// SIGTERM and SIGINT stop, SIGHUP reloads, SIGUSR1 changes how much is logged. A second stop signal ends the process at once.
import { endOnCrash } from './crash.ts'
import type { Daemon } from './daemon.ts'
import { createLog } from './log.ts'
import { createSystemd } from './systemd.ts'

/**
 * Starts a daemon and resolves when a signal has stopped it. Signals count from before the start, so that an early one
 * neither gets lost nor kills a half-open daemon. Rejects when the start fails.
 */
export async function runUntilSignal(start: () => Promise<Daemon>, shutdownTimeoutMs: number): Promise<void> {
  const stopped = Promise.withResolvers<void>()
  let stopping = false
  let daemon: Daemon | undefined
  let reload = (): void => {}
  const stop = () => {
    if (stopping) process.exit(1)
    stopping = true
    stopped.resolve()
  }
  const early = createLog({ level: 'error', format: process.stderr.isTTY ? 'pretty' : 'json' })
  endOnCrash(() => daemon?.log ?? early)
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('SIGHUP', () => reload())
  process.on('SIGUSR1', () => daemon?.log.cycleLevel())
  daemon = await start()
  const { executor, log } = daemon
  const systemd = createSystemd(process.env, log)
  reload = () => {
    systemd.reloading()
    void executor.reload().finally(() => systemd.ready())
  }
  systemd.ready()
  await stopped.promise
  systemd.stopping()
  await daemon.stop(shutdownTimeoutMs)
}
