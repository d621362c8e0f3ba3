// The deliveries of the daemon: opened at the first use, or at the start when some wait there from before. Where replicas share
// a database they share the queue in it; while it is away nothing is accepted, and it is opened when it is back.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { Deliveries } from '../deliveries/deliveries.ts'
import type { DeliveryQueue } from '../deliveries/queue/delivery-queue.ts'
import { openSqliteQueue } from '../deliveries/queue/sqlite.ts'
import type { Executor } from '../index.ts'
import type { DeliveriesStatus } from '../server/admin-server.ts'
import type { Metrics } from '../server/metrics.ts'
import { createSharedQueue, type SharedQueue } from './shared-queue.ts'

export interface DaemonDeliveries {
  open(): Promise<Deliveries>
  /** After a start or a reload. */
  wake(): void
  status(): DeliveriesStatus
  stop(limitMs: number): Promise<void>
}

export interface DaemonDeliveriesParts {
  executor: Executor
  metrics: Metrics
  log: Log
}

const OPEN_AGAIN_MS = 10_000

/** Where nothing says otherwise: XDG Base Directory Specification. */
function defaultFolder(): string {
  const environment = process.env
  const systemd = environment.STATE_DIRECTORY?.split(':')[0]
  const state = environment.XDG_STATE_HOME || join(homedir(), '.local/state')
  return systemd || join(state, 'bearerd')
}

/** Replicas share only a folder that the configuration names. */
function folderOf({ daemonSettings: { stateDir }, state }: Executor): string | undefined {
  const folder = stateDir ?? (state.shared ? undefined : defaultFolder())
  return folder === undefined ? undefined : join(folder, 'deliveries')
}

export function createDaemonDeliveries(parts: DaemonDeliveriesParts): DaemonDeliveries {
  return new OpenedLater(parts)
}

class OpenedLater implements DaemonDeliveries {
  readonly #parts: DaemonDeliveriesParts
  #opening: Promise<Deliveries> | undefined
  #opened: Deliveries | undefined
  #sharedQueue: SharedQueue | undefined
  #lastError: string | null = null
  #cancelAgain = () => {}
  #stopping = false

  constructor(parts: DaemonDeliveriesParts) {
    this.#parts = parts
    parts.metrics.pendingDeliveries(this.#counts)
  }

  /** Of every action, also of those that have none. */
  #counts = async (): Promise<Map<string, number>> => {
    const actions = this.#parts.executor.generation?.plan.actions.keys() ?? []
    return new Map([
      ...[...actions].map((name): [string, number] => [name, 0]),
      ...((await this.#opened?.counts()) ?? []),
    ])
  }

  open = (): Promise<Deliveries> => {
    this.#opening ??= this.#open().then(
      opened => {
        this.#note(true, null)
        this.#opened = opened
        return opened
      },
      (error: Error) => {
        // The next one tries again: whoever held the folder may have gone.
        this.#opening = undefined
        this.#note(false, error.message)
        if (this.#sharedQueue) this.#cancelAgain = systemClock.schedule(OPEN_AGAIN_MS, () => this.wake())
        throw error
      },
    )
    return this.#opening
  }

  async #open(): Promise<Deliveries> {
    const { executor, metrics, log } = this.#parts
    const own = { executor, directory: folderOf(executor), clock: systemClock, random: Math.random, log }
    const told = { onSettled: metrics.deliverySettled, onAttempt: metrics.deliveryAttempted }
    return Deliveries.open({ ...own, ...told, queue: await this.#openQueue() })
  }

  async #openQueue(): Promise<DeliveryQueue> {
    const { executor, log } = this.#parts
    const state = executor.state.shared
    if (!state) return openSqliteQueue(join(folderOf(executor)!, 'queue.db'))
    this.#sharedQueue ??= createSharedQueue({ state, clock: systemClock, log, onChange: this.#onChange })
    return this.#sharedQueue.open()
  }

  /** The database can be used, or not any more. */
  #onChange = (ok: boolean, error: string | null): void => {
    this.#note(ok, error)
    if (ok) this.wake()
  }

  #note(ok: boolean, error: string | null): void {
    this.#lastError = error
    this.#parts.metrics.deliveriesAvailable(ok)
  }

  wake(): void {
    const { executor, log } = this.#parts
    this.#cancelAgain()
    if (this.#stopping) return
    if (this.#opened) this.#opened.wake().catch((error: Error) => log.debug({}, error.message))
    else if (executor.state.shared ? usesActions(executor) : existsSync(join(folderOf(executor)!, 'queue.db')))
      this.open().catch((error: Error) => {
        if (!this.#sharedQueue) log.error({}, `waiting deliveries stay where they are: ${error.message}`)
      })
  }

  status = (): DeliveriesStatus => {
    const queue = this.#parts.executor.state.shared ? 'postgresql' : 'sqlite'
    return { queue, ok: this.#lastError === null, lastError: this.#lastError }
  }

  async stop(limitMs: number): Promise<void> {
    this.#stopping = true
    this.#cancelAgain()
    const deliveries = await this.#opening?.catch(() => undefined)
    await deliveries?.stop(limitMs)
    await this.#sharedQueue?.close()
  }
}

function usesActions({ generation }: Executor): boolean {
  return (generation?.plan.actions.size ?? 0) > 0
}
