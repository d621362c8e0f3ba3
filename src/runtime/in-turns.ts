// Long work of a reload, while requests go on.
import { nextTurn, systemClock } from '../base/clock.ts'
import type { Steps } from '../base/steps.ts'

/** How long requests wait for a reload of which much changed. */
const SLICE_MS = 10

/** Requests do not wait for more than a slice. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  let restedAtMs = systemClock.monotonicMs()
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    if (systemClock.monotonicMs() - restedAtMs < SLICE_MS) continue
    await nextTurn()
    restedAtMs = systemClock.monotonicMs()
  }
}
