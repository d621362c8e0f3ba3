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
  untilMs: number
  error: AppError
}

interface Kept extends Pause {
  resting: Resting
  times: number
  /** One delivery is seeing whether it is over. */
  tried: boolean
  stopListening(): void
}

/** Longer each time, unless the reason says until when. */
const PAUSE_MS: PauseLimits = { min: 1_000, max: 60_000 }
/** After which nothing waited for its end: what it knows is of no use any more. */
const FORGOTTEN_MS = 60_000

export interface PausesParts {
  clock: Clock
  random(): number
  onBegun(resting: Resting, pause: Pause): void
  /** There is a credential again; `early`: before what rested expected it. */
  onEnded(resting: Resting, early: boolean): void
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
    this.#forgetOld()
    const times = (before?.times ?? 0) + 1
    const untilMs = this.#parts.clock.nowMs() + retryDelay(error, times, PAUSE_MS, this.#parts)
    const stopListening = listen(() => this.end(resting))
    const pause = { resting, times, untilMs, error, tried: false, stopListening }
    this.#kept.set(key, pause)
    this.#parts.onBegun(resting, pause)
    return pause
  }

  /** There was one. */
  end(resting: Resting): void {
    const key = keyOf(resting)
    const kept = this.#kept.get(key)
    if (!kept) return
    kept.stopListening()
    this.#kept.delete(key)
    this.#parts.onEnded(resting, kept.untilMs > this.#parts.clock.nowMs())
  }

  /** Accounts may be others now. */
  endAll(): void {
    for (const { stopListening } of this.#kept.values()) stopListening()
    this.#kept.clear()
  }

  /** Its time has come, and one delivery sees whether it is over, until the returned function is called. */
  try(resting: Resting): () => void {
    const kept = this.#kept.get(keyOf(resting))
    if (!kept) return () => {}
    kept.tried = true
    return () => {
      kept.tried = false
    }
  }

  /** Until there is a credential again; of one whose time has come a trial is due, or under way. */
  of(resting: Resting): Pause | undefined {
    return this.#kept.get(keyOf(resting))
  }

  /** Actions of which nothing is to be looked at at this time: one delivery is enough to see whether a pause is over. */
  actions(nowMs: number): string[] {
    return this.#whole().flatMap(({ resting, untilMs, tried }) => (tried || untilMs > nowMs ? [resting.action] : []))
  }

  /** Of some action one delivery is to see whether its pause is over, before others are taken. */
  isTrialDue(nowMs: number): boolean {
    return this.#whole().some(({ untilMs, tried }) => !tried && untilMs <= nowMs)
  }

  /** When the next one of `actions` ends; Infinity for none. */
  nextEndMs(nowMs: number): number {
    return Math.min(...this.#whole().flatMap(({ untilMs }) => (untilMs > nowMs ? [untilMs] : [])))
  }

  #whole(): Kept[] {
    return [...this.#kept.values()].filter(({ resting }) => !resting.byValues)
  }

  /** There may be as many as sets of values. */
  #forgetOld(): void {
    const untilMs = this.#parts.clock.nowMs() - FORGOTTEN_MS
    for (const [key, kept] of this.#kept) {
      if (kept.tried || kept.untilMs > untilMs) continue
      kept.stopListening()
      this.#kept.delete(key)
    }
  }
}

function keyOf({ action, params, byValues }: Resting): string {
  return byValues ? JSON.stringify([action, Object.entries(params).sort()]) : action
}
