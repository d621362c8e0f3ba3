// Which actions were removed from the configuration. Where replicas share a queue, one that is not known here may be known to
// others, whose files came earlier: that is believed for a while.
import type { Clock } from '../base/clock.ts'
import type { Executor } from '../runtime/executor.ts'

const PATIENCE_MS = 600_000

export interface RemovedActions {
  /** Neither here nor, as far as time tells, anywhere else. */
  has(action: string): boolean
  /** Not known here, and left to others. */
  leftToOthers(): string[]
}

export function createRemovedActions(executor: Executor, clock: Clock, shared: boolean): RemovedActions {
  const unknownSinceMs = new Map<string, number>()
  const has = (action: string): boolean => {
    const plans = executor.generation?.plan.actions
    if (!plans || plans.has(action)) {
      unknownSinceMs.delete(action)
      return false
    }
    if (!shared) return true
    const sinceMs = unknownSinceMs.get(action) ?? clock.nowMs()
    unknownSinceMs.set(action, sinceMs)
    // With files that could not be loaded, this replica is the one that is late.
    return clock.nowMs() - sinceMs >= PATIENCE_MS && executor.lastReload?.ok !== false
  }
  return {
    has,
    leftToOthers: () => [...unknownSinceMs.keys()].filter(action => !has(action) && unknownSinceMs.has(action)),
  }
}
