// While an account has no token, what waits for it rests: nothing of it is looked at, and from time to time one delivery tries.

import type { Clock } from '../base/clock.ts'
import type { AppError } from '../base/error.ts'
import type { DeliveryJob } from './delivery.ts'
import { type PauseLimits, retryDelay } from './retry-delay.ts'

/** What rests together: the deliveries of an action, or of one set of values where its service has parameters. */
export interface Resting extends Pick<DeliveryJob, 'action' | 'params'> {
  /** Each set of values has an account of its own. */
  byValues: boolean
}

export interface Pause {
  action: string
  untilMs: number
  error: AppError
}

interface Kept extends Pause {
  whole: boolean
  times: number
  stopListening(): void
}

/** Longer each time, unless the reason says until when. */
const PAUSE_MS: PauseLimits = { min: 1_000, max: 60_000 }

export interface PausesParts {
  clock: Clock
  random(): number
  /** One ended before its time. */
  onEnded(): void
}

export class Pauses {
  readonly #parts: PausesParts
  readonly #kept = new Map<string, Kept>()

  constructor(parts: PausesParts) {
    this.#parts = parts
  }

  /** There was no credential. `listen` calls back when there is one, until the returned function is called. */
  begin(resting: Resting, error: AppError, listen: (ended: () => void) => () => void): Pause {
    const key = keyOf(resting)
    const before = this.#kept.get(key)
    if (before && before.untilMs > this.#parts.clock.nowMs()) return before
    before?.stopListening()
    const times = (before?.times ?? 0) + 1
    const untilMs = this.#parts.clock.nowMs() + retryDelay(error, times, PAUSE_MS, this.#parts)
    const stopListening = listen(() => this.#endEarly(key))
    const pause = { action: resting.action, whole: !resting.byValues, times, untilMs, error, stopListening }
    this.#kept.set(key, pause)
    return pause
  }

  /** There was one. */
  end(resting: Resting): void {
    const key = keyOf(resting)
    this.#kept.get(key)?.stopListening()
    this.#kept.delete(key)
  }

  /** Accounts may be others now. */
  endAll(): void {
    for (const { stopListening } of this.#kept.values()) stopListening()
    this.#kept.clear()
  }

  /** Until there is a credential again; one whose time has come is being tried. */
  of(resting: Resting): Pause | undefined {
    return this.#kept.get(keyOf(resting))
  }

  /** Actions of which nothing is to be looked at at this time. */
  actions(nowMs: number): string[] {
    return this.#whole().flatMap(({ action, untilMs }) => (untilMs > nowMs ? [action] : []))
  }

  /** Whether one delivery of it is enough to see whether the pause is over. */
  isTried(action: string): boolean {
    return this.#whole().some(pause => pause.action === action)
  }

  /** When the next one of `actions` ends; Infinity for none. */
  nextEndMs(nowMs: number): number {
    return Math.min(...this.#whole().flatMap(({ untilMs }) => (untilMs > nowMs ? [untilMs] : [])))
  }

  #whole(): Kept[] {
    return [...this.#kept.values()].filter(({ whole }) => whole)
  }

  #endEarly(key: string): void {
    this.#kept.get(key)?.stopListening()
    this.#kept.delete(key)
    this.#parts.onEnded()
  }
}

function keyOf({ action, params, byValues }: Resting): string {
  return byValues ? JSON.stringify([action, Object.entries(params).sort()]) : action
}
