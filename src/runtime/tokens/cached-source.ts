// One value that lives for a while: fetched once for all callers, renewed in the background before it ends, kept while a
// renewal fails, and not asked for too often after a failure.
import { elapsedMs, momentOf } from '../../base/clock.ts'
import { AppError } from '../../base/error.ts'
import { type Failure, type Held, livesFor } from './held-value.ts'
import { isTooEarly, pauseAfter, pausedUntil } from './pause.ts'
import { renewalMargin } from './renewal-margin.ts'
import type { Fetched, SourceOptions } from './source-options.ts'

export type { Fetched, SourceOptions } from './source-options.ts'

export type SourceState = 'idle' | 'ready' | 'degraded' | 'failing'

/** A value that is refused so soon may not count yet at the other side, whose clock is behind: its successor is held back a little. */
const FRESH_MS = 2_000
const HOLD_BACK_MS = 1_000
/** After which an account that is always kept asks the one again that feeds it. */
const FEEDER_DELAY_MS = 1_000
/** How long the successor of a value that was refused as young serves in any case; then twice as long, and so on. */
const PATIENCE_MS = { first: 10_000, max: 600_000 }

export class CachedSource<T> {
  readonly #options: SourceOptions<T>
  #held: Held<T> | undefined
  #flight: Promise<T> | undefined
  #failure: Failure | undefined
  /** Of an attempt within the flight. */
  #trouble: AppError | undefined
  #cancelTimer: (() => void) | undefined
  #stopped = false
  /** How many want it to be kept. */
  #warm = 0
  #listeners = new Set<() => void>()
  #patienceMs = 0
  #heldBackUntilMs = 0
  /** The life of a fresh value that somebody asked a longer one of: no other one lives longer. */
  #longestMs = Number.POSITIVE_INFINITY
  #epoch = 0

  constructor(options: SourceOptions<T>) {
    this.#options = options
  }

  /** The value at once when there is one that lives at least `minTtlMs` longer; starts a renewal that is due. */
  current(minTtlMs = 0): T | undefined {
    const held = this.#held
    if (!held) return undefined
    // The clocks are looked at once, and not for what has no end.
    const ageMs = held.lifeMs === null && held.renewAfterMs === null ? 0 : this.#age(held)
    if (!livesFor(held, ageMs, minTtlMs, this.#longestMs) || held.isCurrent?.(minTtlMs) === false) return undefined
    held.used = true
    if (held.renewAfterMs !== null && ageMs >= held.renewAfterMs) this.#renewQuietly()
    return held.value
  }

  /**
   * The value, fetched when needed: any number of callers share one fetch. A value that lives less than `minTtlMs` even
   * when fresh is given rather than nothing. Rejects with the fetch's error, or the last one while a pause lasts.
   */
  async get(minTtlMs = 0): Promise<T> {
    const value = this.current(minTtlMs)
    if (value !== undefined) return value
    const paused = this.#pauseError()
    if (paused) {
      const old = this.current()
      if (old !== undefined) return old
      throw paused
    }
    const fetched = await this.#fetch(minTtlMs).catch(error => {
      const old = this.current()
      if (old === undefined || !(error instanceof AppError)) throw error
      return old
    })
    const lifeMs = this.#held?.lifeMs ?? Number.POSITIVE_INFINITY
    this.#longestMs = lifeMs <= minTtlMs ? lifeMs : Number.POSITIVE_INFINITY
    const { clock } = this.#options
    const heldBackMs = this.#heldBackUntilMs - clock.monotonicMs()
    if (heldBackMs > 0) await clock.sleep(heldBackMs)
    return fetched
  }

  /** Fetched now, and kept fresh whether it is used or not, until the returned function is called. */
  keepWarm(): () => void {
    this.#warm++
    if (this.current() === undefined) this.#renewQuietly()
    return () => void this.#warm--
  }

  /** Calls back after each fetch that succeeded, until the returned function is called. */
  onRenewed(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /**
   * A user of this very value was refused: the next `get` fetches. An older value than the current one changes nothing, and
   * neither does one that came in place of another young one: whoever refuses each new value would cause a fetch each time.
   */
  reject(value: T): void {
    const held = this.#held
    if (held?.value !== value) return
    const ageMs = this.#age(held)
    if (ageMs < Math.max(this.#patienceMs, this.#options.minIntervalMs ?? 0)) return
    const young = ageMs < Math.max(PATIENCE_MS.first, 2 * this.#patienceMs)
    this.#patienceMs = young ? Math.min(2 * this.#patienceMs || PATIENCE_MS.first, PATIENCE_MS.max) : 0
    if (ageMs < FRESH_MS) this.#heldBackUntilMs = this.#options.clock.monotonicMs() + HOLD_BACK_MS
    this.#drop()
  }

  /** A user of this value was not refused: refusals are not the rule. */
  accept(value: T): void {
    if (this.#patienceMs > 0 && this.#held?.value === value) this.#patienceMs = 0
  }

  /** Fetches in the background and keeps the present value meanwhile; ends a pause. A fetch that runs began too early to count. */
  renew(): void {
    const start = () => {
      this.#failure = undefined
      this.#patienceMs = 0
      this.#renewQuietly()
    }
    if (this.#flight) this.#flight.then(start, start)
    else start()
  }

  forget(): void {
    this.#drop()
    this.#failure = undefined
    this.#patienceMs = 0
    this.#epoch++
    this.#flight = this.#trouble = undefined
  }

  /** An attempt of the fetch that runs failed, and is made again within it. */
  tellTrouble(error: AppError): void {
    if (this.#flight) this.#trouble = error
  }

  /** Takes over what another source holds. */
  adopt(other: CachedSource<T>): void {
    const held = other.#held
    if (!held || this.#held) return
    this.#held = held
    this.#scheduleRenewal(held)
  }

  get listeners(): Set<() => void> {
    return this.#listeners
  }

  /** Of a source in whose place this new one is. */
  inherit(listeners: Set<() => void>): void {
    this.#listeners = listeners
  }

  /** No more background work; a running fetch ends by itself, and callers that wait for it are served. */
  stop(): void {
    this.#stopped = true
    this.#cancelTimer?.()
  }

  get state(): SourceState {
    const alive = this.#held !== undefined && livesFor(this.#held, this.#age(this.#held))
    if (alive) return this.#trouble || (this.#failure && !this.#failure.tooEarly) ? 'degraded' : 'ready'
    return this.#trouble || this.#failure ? 'failing' : 'idle'
  }

  get expiresAtMs(): number | null {
    const held = this.#held
    return held && held.lifeMs !== null ? held.since.atMs + held.lifeMs : null
  }

  get lastError(): AppError | undefined {
    return this.state === 'ready' ? undefined : (this.#trouble ?? this.#failure?.error)
  }

  get value(): T | undefined {
    return this.#held?.value
  }

  /** Whether callers are given the value, should there be no other one. */
  get serves(): boolean {
    const held = this.#held
    return held !== undefined && livesFor(held, this.#age(held)) && held.isCurrent?.(0) !== false
  }

  /** Milliseconds since this value was issued; Infinity when it is not held any more. */
  ageOf(value: T): number {
    return this.#held?.value === value ? this.#age(this.#held) : Infinity
  }

  #age({ since }: Held<T>): number {
    return elapsedMs(this.#options.clock, since)
  }

  #drop(): void {
    if (this.#held) this.#options.onDropped?.(this.#held.value)
    this.#held = undefined
    this.#cancelTimer?.()
  }

  #pauseError(): AppError | undefined {
    const failure = this.#failure
    if (!failure) return undefined
    const restMs = failure.retryAtMs - failure.since.atMs - elapsedMs(this.#options.clock, failure.since)
    if (restMs <= 0) return undefined
    const text = `${failure.error.message}; next attempt in ${Math.ceil(restMs / 1000)}s`
    return pausedUntil(failure.error, this.#options.clock.nowMs() + restMs, text)
  }

  #fetch(minTtlMs = 0): Promise<T> {
    if (this.#flight) return this.#flight
    const epoch = this.#epoch
    const flight = this.#options.fetch(minTtlMs).then(
      fetched => this.#succeed(fetched, epoch),
      error => this.#fail(error, epoch),
    )
    const settled = () => {
      if (this.#flight === flight) this.#flight = this.#trouble = undefined
    }
    this.#flight = flight
    flight.then(settled, settled)
    return flight
  }

  #succeed(fetched: Fetched<T>, epoch: number): T {
    const { clock, random, onRenewed, refreshBeforeMs, minIntervalMs = 0 } = this.#options
    // Forgotten meanwhile: this answer belongs to those who waited for it, and to nobody after them.
    if (epoch !== this.#epoch) return fetched.value
    const { value, lifeMs, since = momentOf(clock), isCurrent } = fetched
    const byMargin =
      lifeMs === null
        ? null
        : Math.max(minIntervalMs, (lifeMs - renewalMargin(lifeMs, refreshBeforeMs)) * (1 - random() * 0.05))
    const renewAfterMs = fetched.renewAfterMs === undefined ? byMargin : fetched.renewAfterMs
    this.#held = { value, since, lifeMs, renewAfterMs, isCurrent, used: false }
    this.#failure = undefined
    this.#scheduleRenewal(this.#held)
    onRenewed?.(value, lifeMs === null ? null : since.atMs + lifeMs)
    for (const listener of this.#listeners) listener()
    return value
  }

  #fail(error: unknown, epoch: number): never {
    if (!(error instanceof AppError) || epoch !== this.#epoch) throw error
    const { clock, onFailure, onTooEarly, random } = this.#options
    // The account that feeds this one pauses and tells of it: as soon as it can, this one can.
    const fed = error.details.feeder !== undefined
    const restMs = !fed && isTooEarly(error) ? this.#restMs() : 0
    const tooEarly = restMs > 0
    const count = tooEarly ? 0 : (this.#failure?.count ?? 0) + 1
    // Such servers count refusals: half of what is left each time, and never beyond the end.
    const pauseMs = tooEarly ? Math.min(Math.max(restMs / 2, 1_000), restMs) : pauseAfter(error, count, random())
    const since = momentOf(clock)
    const retryAtMs = fed ? since.atMs : Math.max(since.atMs + pauseMs, error.details.retryAtMs ?? 0)
    this.#failure = { error, count, since, retryAtMs, tooEarly }
    if (tooEarly) onTooEarly?.(error, retryAtMs)
    else if (!fed) onFailure?.(error, retryAtMs)
    if (tooEarly || this.#warm)
      this.#schedule(Math.max(retryAtMs - since.atMs, fed ? FEEDER_DELAY_MS : 0), () => this.#renewQuietly())
    throw fed ? error : pausedUntil(error, retryAtMs)
  }

  /** What is left of the present value's life. */
  #restMs(): number {
    const held = this.#held
    return held?.lifeMs ? held.lifeMs - this.#age(held) : 0
  }

  #schedule(delayMs: number, callback: () => void): void {
    this.#cancelTimer?.()
    if (!this.#stopped) this.#cancelTimer = this.#options.clock.schedule(delayMs, callback)
  }

  #renewQuietly(): void {
    if (this.#stopped || this.#pauseError()) return
    this.#fetch().catch(error => {
      if (!(error instanceof AppError)) throw error
    })
  }

  /** Kept fresh while used: a value that nobody asked for since it was fetched is left to end. */
  #scheduleRenewal(held: Held<T>): void {
    const { renewAfterMs } = held
    this.#cancelTimer?.()
    if (renewAfterMs === null || held.lifeMs === null) return
    this.#schedule(Math.max(0, renewAfterMs - this.#age(held)), () => {
      if (this.#held !== held) return
      // A timer holds at most 24 days.
      if (renewAfterMs - this.#age(held) > 1000) this.#scheduleRenewal(held)
      else if (held.used || this.#warm) this.#renewQuietly()
    })
  }
}
