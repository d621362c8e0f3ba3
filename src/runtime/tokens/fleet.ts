// Replicas that share their tokens: before one asks a token endpoint it looks whether another one has asked, and only one
// asks at a time. Without the database each goes on by itself.
import { type Clock, elapsedMs, type Moment, momentOf, systemClock } from '../../base/clock.ts'
import { AppError, isStateError } from '../../base/error.ts'
import type { Secret } from '../../base/secret.ts'
import type { PickedBearer } from '../../compile/plan.ts'
import { digest } from '../secrets/values.ts'
import { createMemoryStore } from '../state/memory-store.ts'
import type { Sealing } from '../state/sealing.ts'
import type { TokenStore } from '../state/token-store.ts'
import type { Lease, LeasedRow, SharedFailure, SharedRow, TokenTable } from '../state/token-table.ts'
import { isTooEarly, pauseAfter } from './pause.ts'
import { renewalMargin } from './renewal-margin.ts'
import type { Issued } from './token-pool.ts'

export interface FleetAsk {
  account: string
  /** Whose refresh tokens they are: of those, one asks at a time. */
  family: Secret
  /** Undefined: the token is not to be shared. */
  identity: Secret | undefined
  /** The token that the asker wants another one for. */
  held: Secret | undefined
  /** It serves its callers meanwhile. */
  heldLives: boolean
  /** Nothing but a refresh token opens the account, and a use may have used it up: none is sent that the one before may have sent. */
  cautious: boolean
  /** What is left of its time. */
  timeoutMs: number
  /** After that long, a request of any replica has ended. */
  takeOverAfterMs: number
}

/** What was fetched, and for whom: a secret may have changed while it was asked for. */
export interface FleetAnswer {
  picked: PickedBearer
  since: Moment
  identity: Secret | undefined
}

/**
 * What is known of the others while one asks: they wait; or the one before died and may have used the refresh token; or, with
 * the database away, nothing.
 */
export type Standing = 'leased' | 'takenOver' | 'away'

export type FleetRequest = (standing: Standing) => Promise<FleetAnswer>

export interface Fleet {
  /**
   * The token of another replica, or what `request` brings, which is called at most once. Rejects with AppError: that of
   * `request`, or the last one of the fleet while its pause lasts.
   */
  take(ask: FleetAsk, request: FleetRequest): Promise<Issued>
  /** It was refused, or is to be forgotten: not taken again. */
  drop(bearer: Secret): void
  /** Refresh tokens that only this replica can use. */
  readonly own: TokenStore
  /** Gives back the leases that ended while the database was away; for when it is back. Never rejects. */
  catchUp(): Promise<void>
}

export interface FleetParts {
  table: TokenTable
  sealing: Sealing
  clock: Clock
  random(): number
  newId(): string
  /** Since when the database is back from having been away; Infinity when it never was. */
  backForMs(): number
}

/** The token of another replica, or the lease with the row as it was then. */
type Claimed = { found: Issued } | { row: LeasedRow }

/** A lease lasts so long after its holder died, and is extended while it lives. */
const LEASE_MS = 3_000
const EXTEND_MS = 1_000
const POLL_MS = { first: 20, max: 250 }
const MAX_REFUSED = 1_000
const MAX_OWED = 1_000

export function createFleet(parts: FleetParts): Fleet {
  return new SharingFleet(parts)
}

class SharingFleet implements Fleet {
  readonly own = createMemoryStore()
  readonly #parts: FleetParts
  /** Digests of bearers. */
  readonly #refused = new Set<string>()
  /** Those that could not be given back. */
  readonly #owed = new Set<Lease>()

  constructor(parts: FleetParts) {
    this.#parts = parts
  }

  async take(ask: FleetAsk, request: FleetRequest): Promise<Issued> {
    const { sealing, newId } = this.#parts
    const [name, ...otherNames] = sealing.names(ask.family)
    const lease: Lease = { name: name!, owner: newId(), otherNames }
    const claimed = await orAway(this.#claim(ask, lease))
    if (!claimed) return request('away')
    return 'found' in claimed ? claimed.found : this.#ask(ask, { lease, row: claimed.row }, request)
  }

  drop(bearer: Secret): void {
    this.#refused.add(digest(bearer))
    if (this.#refused.size > MAX_REFUSED) this.#refused.delete(this.#refused.values().next().value!)
  }

  async catchUp(): Promise<void> {
    await Promise.all([...this.#owed].map(lease => this.#release(lease)))
  }

  /** Under each key, the first one first; none for what is not shared. */
  #namesOf(text: Secret | undefined): readonly string[] {
    return text ? this.#parts.sealing.names(text).map(name => name.toString('base64url')) : []
  }

  async #claim(ask: FleetAsk, lease: Lease): Promise<Claimed> {
    const { table, random, backForMs } = this.#parts
    const untilMs = systemClock.monotonicMs() + ask.timeoutMs
    for (let pollMs = POLL_MS.first; ; pollMs = Math.min(pollMs * 2, POLL_MS.max)) {
      const seen = await table.look(lease.name, ...(lease.otherNames ?? []))
      const found = this.#known(seen, ask)
      if (found) return { found }
      const isInDoubt = ask.cautious && seen.abandoned && (ask.heldLives || this.#lives(seen, ask))
      if (isInDoubt) return this.#oldOr(inDoubt(ask), seen, ask)
      // Who could not write what it got does so now, and has the right to go first.
      const afterMs = backForMs() > LEASE_MS ? takeOverAfter(ask) : undefined
      const row = await table.lease(lease, LEASE_MS, afterMs)
      if (row) return this.#leased(row, ask, { lease, untilMs })
      if (systemClock.monotonicMs() >= untilMs) return this.#oldOr(waitedTooLong(ask), seen, ask)
      await systemClock.sleep(pollMs * (0.5 + random()))
    }
  }

  /** Between the look and the lease the holder before may have finished. */
  async #leased(
    row: LeasedRow,
    ask: FleetAsk,
    { lease, untilMs }: { lease: Lease; untilMs: number },
  ): Promise<Claimed> {
    try {
      const found = this.#known(row, ask)
      // Who has waited too long could not await what a refresh token brings, and would lose it.
      const isLate = ask.cautious && untilMs - systemClock.monotonicMs() < ask.timeoutMs / 2
      if (!found && !isLate) return { row }
      await this.#release(lease)
      return found ? { found } : this.#oldOr(waitedTooLong(ask), row, ask)
    } catch (error) {
      await this.#release(lease)
      throw error
    }
  }

  /** A living token of another replica; undefined when the endpoint is to be asked. Throws the last error while its pause lasts. */
  #known(row: SharedRow, ask: FleetAsk): Issued | undefined {
    const { clock } = this.#parts
    const { failure } = row
    const issued = this.#living(row, ask)
    const lifeMs = issued?.picked.lifeMs ?? 0
    if (issued && elapsedMs(clock, issued.since) < lifeMs - renewalMargin(lifeMs)) return issued
    if (!isFor(failure, this.#namesOf(ask.identity)) || failure.pausedUntilMs <= clock.nowMs()) return undefined
    if (issued) return issued
    throw pausedError(failure)
  }

  /** The token of another replica to its very end. */
  #living({ token }: SharedRow, ask: FleetAsk): Issued | undefined {
    if (!isFor(token, this.#namesOf(ask.identity)) || !this.#isOther(token.picked.bearer, ask)) return undefined
    const { clock } = this.#parts
    const ageMs = Math.max(0, clock.nowMs() - token.issuedAtMs)
    return ageMs < token.picked.lifeMs ? { picked: token.picked, since: momentOf(clock, ageMs) } : undefined
  }

  /** Where none can be asked for, the old one serves whoever has none. */
  #oldOr(error: AppError, row: SharedRow, ask: FleetAsk): { found: Issued } {
    const found = ask.heldLives ? undefined : this.#living(row, ask)
    if (!found) throw error
    return { found }
  }

  /** Whoever has it can wait for the next one. */
  #lives({ token }: SharedRow, { identity }: FleetAsk): boolean {
    if (!isFor(token, this.#namesOf(identity))) return false
    const restMs = token.issuedAtMs + token.picked.lifeMs - this.#parts.clock.nowMs()
    return restMs > 0 && !this.#refused.has(digest(token.picked.bearer))
  }

  #isOther(bearer: Secret, { held }: FleetAsk): boolean {
    const mark = digest(bearer)
    return !this.#refused.has(mark) && !(held && digest(held) === mark)
  }

  async #ask(
    asked: FleetAsk,
    { lease, row }: { lease: Lease; row: LeasedRow },
    request: FleetRequest,
  ): Promise<Issued> {
    const { table } = this.#parts
    const stop = this.#extend(lease)
    try {
      const { picked, since, identity } = await request(row.takenOver ? 'takenOver' : 'leased')
      const [name] = this.#namesOf(identity)
      const shared = name !== undefined && { identity: name, picked, issuedAtMs: since.atMs }
      await this.#end(lease, shared && table.publish(lease, shared))
      return { picked, since }
    } catch (error) {
      const failure = error instanceof AppError ? this.#failureOf(error, asked, row) : undefined
      await this.#end(lease, failure && table.fail(lease, failure))
      throw failure ? pausedError(failure) : error
    } finally {
      stop()
    }
  }

  /** With what the others are to know; where the database does not take that, without. */
  async #end(lease: Lease, told: Promise<void> | false | undefined): Promise<void> {
    if (!told || !(await quietly(told))) await this.#release(lease)
  }

  async #release(lease: Lease): Promise<void> {
    this.#owed.add(lease)
    if (this.#owed.size > MAX_OWED) this.#owed.delete(this.#owed.values().next().value!)
    if (await quietly(this.#parts.table.release(lease))) this.#owed.delete(lease)
  }

  /** As long as this process lives, until the returned function is called. */
  #extend(lease: Lease): () => void {
    let cancel = () => {}
    const next = () => {
      cancel = systemClock.schedule(EXTEND_MS, () => {
        void quietly(this.#parts.table.extend(lease, LEASE_MS))
        next()
      })
    }
    next()
    return () => cancel()
  }

  /** What the others are to know of it. */
  #failureOf(error: AppError, ask: FleetAsk, { token, failure }: SharedRow): SharedFailure | undefined {
    const { clock, random } = this.#parts
    const identities = this.#namesOf(ask.identity)
    const [identity] = identities
    // What no server has said may be true for this machine alone.
    if (identity === undefined || error.details.status === undefined) return undefined
    const nowMs = clock.nowMs()
    const restMs = isFor(token, identities) ? token.issuedAtMs + token.picked.lifeMs - nowMs : 0
    if (restMs > 0 && isTooEarly(error)) {
      const pauseMs = Math.min(Math.max(restMs / 2, 1_000), restMs)
      return { identity, error, count: 0, pausedUntilMs: nowMs + pauseMs }
    }
    const count = (isFor(failure, identities) ? failure.count : 0) + 1
    const pausedUntilMs = Math.max(nowMs + pauseAfter(error, count, random()), error.details.retryAtMs ?? 0)
    return { identity, error, count, pausedUntilMs }
  }
}

function isFor<T extends { identity: string }>(kept: T | undefined, identities: readonly string[]): kept is T {
  return kept !== undefined && identities.includes(kept.identity)
}

function pausedError({ error, pausedUntilMs }: SharedFailure): AppError {
  return new AppError(error.code, error.message, { ...error.details, retryAtMs: pausedUntilMs })
}

/** Where it matters, when the request of the one before has ended in any case. */
function takeOverAfter({ cautious, takeOverAfterMs }: FleetAsk): number {
  return cautious ? takeOverAfterMs : 0
}

function inDoubt({ account }: FleetAsk): AppError {
  const message = `a replica died, or lost the database, while it used the refresh token of \`${account}\`: used twice, it may be ended for good, so it is not sent again before the present token ends`
  return new AppError('token_timeout', message, { account, transient: true })
}

function waitedTooLong({ account, timeoutMs }: FleetAsk): AppError {
  const message = `another replica asks for the token of \`${account}\` and has no answer after ${Math.max(0, Math.round(timeoutMs / 1000))}s`
  return new AppError('token_timeout', message, { account, transient: true })
}

/** Undefined while the database is away, and where it does not take this token: that is no error of a caller. */
async function orAway<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (isStateError(error)) return undefined
    throw error
  }
}

/** Whether it was done. */
async function quietly(work: Promise<void>): Promise<boolean> {
  return (await orAway(work.then(() => true))) ?? false
}
