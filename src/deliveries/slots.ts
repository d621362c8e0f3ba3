// How many deliveries may be sent now: in all, and of each action.

export interface SlotLimits {
  maxDeliveries: number
  maxDeliveriesPerAction: number
  /** Actions of which one is sent at a time. */
  ordered: readonly string[]
}

export class Slots {
  readonly #taken = new Map<string, number>()

  take(action: string): void {
    this.#taken.set(action, (this.#taken.get(action) ?? 0) + 1)
  }

  free(action: string): void {
    const left = (this.#taken.get(action) ?? 1) - 1
    if (left > 0) this.#taken.set(action, left)
    else this.#taken.delete(action)
  }

  /** So many may be taken at once, of any action that is not full. */
  room({ maxDeliveries, maxDeliveriesPerAction: most, ordered }: SlotLimits): { count: number; full: string[] } {
    const taken = [...this.#taken]
    const full = taken.flatMap(([action, count]) => (count >= (ordered.includes(action) ? 1 : most) ? [action] : []))
    const fullest = Math.max(0, ...taken.flatMap(([action, count]) => (full.includes(action) ? [] : [count])))
    const all = taken.reduce((sum, [, count]) => sum + count, 0)
    return { count: Math.min(maxDeliveries - all, most - fullest), full }
  }
}
