// Who waits for the end of a delivery. Another replica that ends it tells nobody: then the queue is asked, once for all.
import type { Clock } from '../base/clock.ts'
import type { DeliveryQueue } from './queue/delivery-queue.ts'

const LOOK_EVERY_MS = 500

export class Waiters {
  readonly #queue: DeliveryQueue
  readonly #clock: Clock
  readonly #waiting = new Map<string, Set<() => void>>()
  #cancelLook: (() => void) | undefined

  constructor(queue: DeliveryQueue, clock: Clock) {
    this.#queue = queue
    this.#clock = clock
  }

  /** `ended` resolves when it may be over, or after the time, or when the signal aborts. */
  wait(id: string, limitMs: number, signal?: AbortSignal): { ended: Promise<void>; leave(): void } {
    const { promise, resolve } = Promise.withResolvers<void>()
    const waiters = this.#waiting.get(id) ?? new Set()
    this.#waiting.set(id, waiters.add(resolve))
    const cancel = this.#clock.schedule(limitMs, resolve)
    signal?.addEventListener('abort', () => resolve(), { once: true })
    this.#lookLater()
    const leave = () => {
      cancel()
      waiters.delete(resolve)
      if (waiters.size === 0) this.#waiting.delete(id)
    }
    return { ended: promise, leave }
  }

  tell(id: string): void {
    for (const resolve of this.#waiting.get(id) ?? []) resolve()
  }

  tellAll(): void {
    for (const id of this.#waiting.keys()) this.tell(id)
  }

  #lookLater(): void {
    if (!this.#queue.shared || this.#cancelLook) return
    this.#cancelLook = this.#clock.schedule(LOOK_EVERY_MS, () => {
      this.#cancelLook = undefined
      if (this.#waiting.size > 0) void this.#look()
    })
  }

  async #look(): Promise<void> {
    const ids = [...this.#waiting.keys()]
    const open = new Set(await this.#queue.openAmong(ids).catch(() => ids))
    for (const id of ids) if (!open.has(id)) this.tell(id)
    this.#lookLater()
  }
}
