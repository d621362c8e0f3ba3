// Which actions were removed from the configuration. One that is not known may come back, as a folder that is written anew, or
// be known to other replicas, whose files came earlier: that is believed for a while.
import type { Clock } from '../base/clock.ts'
import type { Executor } from '../runtime/executor.ts'

const PATIENCE_MS = 600_000

export interface RemovedActions {
  /** Neither here nor, as far as time tells, anywhere else. */
  has(action: string): boolean
  /** Not known here, and left to others, or to files that are still to come. */
  leftToOthers(): string[]
}

export function createRemovedActions(executor: Executor, clock: Clock): RemovedActions {
  /** Undefined: it does not count yet. */
  const unknownSinceMs = new Map<string, number | undefined>()
  const has = (action: string): boolean => {
    const plan = executor.generation?.plan
    if (!plan || plan.actions.has(action)) {
      unknownSinceMs.delete(action)
      return false
    }
    // A configuration of nothing is one that has not come yet.
    const isEmpty = plan.actions.size === 0 && plan.services.size === 0
    const sinceMs = isEmpty ? undefined : (unknownSinceMs.get(action) ?? clock.nowMs())
    unknownSinceMs.set(action, sinceMs)
    // With files that could not be loaded, this replica is the one that is late.
    if (sinceMs === undefined) return false
    return clock.nowMs() - sinceMs >= PATIENCE_MS && executor.lastReload?.ok !== false
  }
  return {
    has,
    leftToOthers: () => [...unknownSinceMs.keys()].filter(action => !has(action) && unknownSinceMs.has(action)),
  }
}
