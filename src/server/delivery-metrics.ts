// What Prometheus can scrape of deliveries.
import type { AttemptOutcome } from '../deliveries/attempt-log.ts'

export interface DeliveryMetrics {
  deliveryAttempted(action: string, outcome: AttemptOutcome): void
  deliverySettled(action: string, outcome: 'delivered' | 'dead'): void
  /** The queue can be used, or not any more. */
  deliveriesAvailable(ok: boolean): void
  /** Asked at each scrape: how many wait or run, by action. */
  pendingDeliveries(counts: () => Promise<ReadonlyMap<string, number>>): void
}

interface Instruments {
  counter(name: string, help: string, labelNames: string[]): { inc(labels: Record<string, string>): void }
  gauge(
    name: string,
    help: string,
    labelNames: string[],
  ): { reset(): void; set(labels: Record<string, string>, value: number): void }
}

/** `refresh` before each scrape. */
export function createDeliveryMetrics({ counter, gauge }: Instruments): DeliveryMetrics & { refresh(): Promise<void> } {
  const settled = counter('bearerd_deliveries_total', 'Deliveries that ended.', ['action', 'outcome'])
  const help = 'Attempts to deliver; `waiting` sent nothing for want of a credential.'
  const attempted = counter('bearerd_delivery_attempts_total', help, ['action', 'outcome'])
  const pending = gauge('bearerd_deliveries_pending', 'Deliveries that wait or run.', ['action'])
  const available = gauge('bearerd_deliveries_available', 'Whether deliveries can be accepted; 1 before the first.', [])
  available.set({}, 1)
  let count = async (): Promise<ReadonlyMap<string, number>> => new Map()
  return {
    deliveryAttempted: (action, outcome) => attempted.inc({ action, outcome }),
    deliverySettled: (action, outcome) => settled.inc({ action, outcome }),
    deliveriesAvailable: ok => available.set({}, ok ? 1 : 0),
    pendingDeliveries(counts) {
      count = counts
    },
    async refresh() {
      const counts = await count().catch(() => new Map<string, number>())
      pending.reset()
      for (const [action, number] of counts) pending.set({ action }, number)
    },
  }
}
