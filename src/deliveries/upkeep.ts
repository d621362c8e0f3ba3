// What is done every minute: what was delivered long ago is forgotten, what others left behind is removed, and what waits is in
// line as its action says now.
import type { Clock } from '../base/clock.ts'
import type { Executor } from '../runtime/executor.ts'
import type { ContentStore } from './content-store.ts'
import type { DeliveryQueue } from './queue/delivery-queue.ts'
import type { RemovedActions } from './removed-actions.ts'

export interface UpkeepParts {
  executor: Executor
  queue: DeliveryQueue
  folder: ContentStore | undefined
  clock: Clock
  removed: RemovedActions
  /** Deliveries of removed actions may end. */
  onDue(): void
}

const EVERY_MS = 60_000
const DEFAULT_KEEP_MS = 7 * 86_400_000
/** An upload of another replica is never so long without a byte. */
const SHARED_LEFTOVER_MS = 3_600_000

export class Upkeep {
  readonly #parts: UpkeepParts
  #folderCleanedAtMs = Number.NEGATIVE_INFINITY
  #cancel: () => void = () => {}
  #stopped = false

  constructor(parts: UpkeepParts) {
    this.#parts = parts
  }

  /** Once now, and then every minute. */
  async start(): Promise<void> {
    const { queue, clock, executor } = this.#parts
    try {
      const keepMs = executor.daemonSettings.keepDeliveredMs ?? DEFAULT_KEEP_MS
      for (const id of await queue.settledBefore(clock.nowMs() - keepMs)) await queue.remove(id)
      await this.#cleanFolder()
      await this.arrange()
    } finally {
      if (!this.#stopped) this.#cancel = clock.schedule(EVERY_MS, () => void this.start().catch(() => undefined))
    }
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  /** Deliveries of removed actions end soon, whatever they wait for. */
  async arrange(): Promise<void> {
    const { queue, clock, executor, removed, onDue } = this.#parts
    const plans = [...(executor.generation?.plan.actions.values() ?? [])]
    const named = (ordered: boolean) => plans.filter(plan => plan.ordered === ordered).map(({ name }) => name)
    await queue.arrange({ ordered: named(true), parallel: named(false) }, clock.nowMs())
    const gone = [...(await queue.counts()).keys()].filter(removed.has)
    if (gone.length === 0) return
    await queue.expedite(gone, clock.nowMs())
    onDue()
  }

  /** Once, where nobody else can leave anything. */
  async #cleanFolder(): Promise<void> {
    const { queue, clock, folder } = this.#parts
    const everyMs = queue.shared ? SHARED_LEFTOVER_MS : Number.MAX_VALUE
    if (clock.nowMs() - this.#folderCleanedAtMs < everyMs) return
    this.#folderCleanedAtMs = clock.nowMs()
    const minAgeMs = queue.shared ? SHARED_LEFTOVER_MS : 0
    await folder?.clean({ neededAmong: ids => queue.undeliveredAmong(ids), minAgeMs })
  }
}
