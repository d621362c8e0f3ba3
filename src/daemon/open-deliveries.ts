// The deliveries of the daemon: opened at the first use, or at the start when some wait there from before.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { Deliveries } from '../deliveries/deliveries.ts'
import { openSqliteQueue } from '../deliveries/queue/sqlite.ts'
import type { Executor } from '../index.ts'
import type { Metrics } from '../server/metrics.ts'

export interface DaemonDeliveries {
  open(): Promise<Deliveries>
  /** After a start or a reload. */
  wake(): void
  stop(limitMs: number): Promise<void>
}

export interface DaemonDeliveriesParts {
  executor: Executor
  metrics: Metrics
  log: Log
}

/** Where nothing says otherwise: XDG Base Directory Specification. */
function folderOf({ executor }: DaemonDeliveriesParts): string {
  const environment = process.env
  const systemd = environment.STATE_DIRECTORY?.split(':')[0]
  const state = environment.XDG_STATE_HOME || join(homedir(), '.local/state')
  return join(executor.daemonSettings.stateDir ?? (systemd || join(state, 'bearerd')), 'deliveries')
}

export function createDaemonDeliveries(parts: DaemonDeliveriesParts): DaemonDeliveries {
  const { executor, metrics, log } = parts
  let opened: Promise<Deliveries> | undefined
  const open = (): Promise<Deliveries> => {
    opened ??= Deliveries.open({
      executor,
      directory: folderOf(parts),
      openQueue: openSqliteQueue,
      clock: systemClock,
      random: Math.random,
      log,
      onSettled: metrics.deliverySettled,
    })
    const attempt = opened
    // The next one tries again: whoever held the folder may have gone.
    attempt.catch(() => {
      if (opened === attempt) opened = undefined
    })
    return attempt
  }
  metrics.pendingDeliveries(async () => (opened ? (await opened).counts() : new Map()))
  return {
    open,
    wake() {
      if (opened)
        void opened.then(
          deliveries => deliveries.wake(),
          () => undefined,
        )
      else if (existsSync(join(folderOf(parts), 'queue.db')))
        open().catch((error: Error) => log.error({}, `waiting deliveries stay where they are: ${error.message}`))
    },
    async stop(limitMs) {
      const deliveries = await opened?.catch(() => undefined)
      await deliveries?.stop(limitMs)
    },
  }
}
