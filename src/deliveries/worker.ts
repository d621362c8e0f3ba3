// Takes what is due from the queue, and sends it: several at a time, each attempt by the action as it is defined now.
import { AppError, errorFacts } from '../base/error.ts'
import { DEFAULT_LIMITS } from '../config/definitions/read-daemon.ts'
import type { Executor } from '../runtime/executor.ts'
import { AttemptLog, type AttemptLogParts } from './attempt-log.ts'
import { type DeliveryJob, requestsOf } from './delivery.ts'
import { ACCOUNT_CODES, dead, deliveredOutcome, waiting } from './outcomes.ts'
import { type Pause, Pauses, type Resting } from './pauses.ts'
import type { AttemptRecord, DeliveryQueue, DeliveryRecord, Outcome } from './queue/delivery-queue.ts'
import type { RemovedActions } from './removed-actions.ts'
import { retryDelay } from './retry-delay.ts'
import { type DeliveredRequest, sendDelivery } from './send-delivery.ts'
import { Slots } from './slots.ts'
import { whenRenewed } from './when-renewed.ts'

export interface WorkerParts extends AttemptLogParts {
  queue: DeliveryQueue
  executor: Executor
  random(): number
  removed: RemovedActions
  /** Where the files of a delivery are now. Rejects with AppError. */
  locate(record: DeliveryRecord): Promise<DeliveryJob>
  /** After each attempt that ended a delivery. */
  onSettled(record: DeliveryRecord, state: 'delivered' | 'dead'): Promise<void>
}

const SETTLE_AGAIN_MS = 5_000
const FAILED_PAUSE_MS = 60_000
const AWAY_PAUSE_MS = 2_000
/** Until another replica, or this one with newer files, looks at it. */
const LEFT_TO_OTHERS_MS = 5_000

export class Worker {
  readonly #parts: WorkerParts
  readonly #running = new Map<string, Promise<void>>()
  readonly #slots = new Slots()
  readonly #told: AttemptLog
  readonly #pauses: Pauses
  /** What of these actions rested with its values is not due before the pauses would have ended. */
  readonly #expedited = new Set<string>()
  readonly #stop = new AbortController()
  #cancelTimer: (() => void) | undefined
  #claiming: Promise<void> = Promise.resolve()

  constructor(parts: WorkerParts) {
    this.#parts = parts
    this.#told = new AttemptLog(parts)
    this.#pauses = new Pauses({
      ...parts,
      onBegun: (resting, pause) => this.#told.paused(resting, pause),
      onEnded: (resting, early) => this.#goOn(resting, early),
    })
  }

  /** What a delivery waits for, beside its time. */
  pauseOf(record: Pick<DeliveryRecord, 'action' | 'params'>): Pause | undefined {
    return this.#pauses.of(this.#resting(record))
  }

  /** Another configuration: accounts may have a token now. */
  reconsider(): void {
    this.#pauses.endAll()
    for (const action of this.#parts.executor.generation?.plan.actions.keys() ?? [])
      if (this.#isByValues(action)) this.#expedited.add(action)
    this.wake()
  }

  /** There may be something to do. However often that is said, the queue is asked once after it. */
  wake(): void {
    if (this.#woken) return
    this.#woken = true
    const claim = () => {
      this.#woken = false
      return this.#claim()
    }
    this.#claiming = this.#claiming.then(claim).catch(error => this.#fail(error))
  }

  /** Starts nothing more, and waits for what runs; what runs still after the limit stays pending for the next start. */
  async stop(limitMs: number): Promise<void> {
    this.#cancelTimer?.()
    this.#stopping = true
    this.#pauses.endAll()
    await this.#claiming
    const cancel = this.#parts.clock.schedule(limitMs, () => this.#stop.abort(new Error('the daemon stops')))
    await Promise.all(this.#running.values())
    cancel()
  }

  #woken = false
  #stopping = false

  async #claim(): Promise<void> {
    if (this.#stopping) return
    this.#cancelTimer?.()
    const { queue, clock, executor } = this.#parts
    const plans = [...(executor.generation?.plan.actions.values() ?? [])]
    const ordered = plans.filter(plan => plan.ordered).map(({ name }) => name)
    const limits = { ...(executor.daemonSettings.limits ?? DEFAULT_LIMITS), ordered }
    await this.#expedite()
    for (;;) {
      const { count, full } = this.#slots.room(limits)
      if (count <= 0 || this.#stopping) return
      const nowMs = clock.nowMs()
      const except = [...full, ...this.#parts.removed.leftToOthers(), ...this.#pauses.actions(nowMs)]
      const few = this.#pauses.isTrialDue(nowMs) ? 1 : count
      const { records, nextDueMs } = await queue.claim({ nowMs, count: few, except, ordered })
      for (const record of records) this.#start(record)
      if (records.length > 0) continue
      const nextMs = Math.min(nextDueMs ?? Number.POSITIVE_INFINITY, this.#pauses.nextEndMs(nowMs))
      if (nextMs < Number.POSITIVE_INFINITY)
        this.#cancelTimer = clock.schedule(Math.max(0, nextMs - clock.nowMs()), () => this.wake())
      return
    }
  }

  #start(record: DeliveryRecord): void {
    const { id, action } = record
    this.#slots.take(action)
    const run = this.#attempt(record)
      .catch(error => this.#fail(error))
      .finally(() => {
        this.#running.delete(id)
        this.#slots.free(action)
        this.wake()
      })
    this.#running.set(id, run)
  }

  /** The queue itself failed: tried again after a while. Of a database that is away, the log has been told. */
  #fail(error: unknown): void {
    const { log, clock } = this.#parts
    const away = error instanceof AppError && error.code === 'state_unavailable'
    if (!away) log.error(errorFacts(error), 'the queue of deliveries failed')
    this.#cancelTimer?.()
    if (!this.#stopping) this.#cancelTimer = clock.schedule(away ? AWAY_PAUSE_MS : FAILED_PAUSE_MS, () => this.wake())
  }

  async #attempt(record: DeliveryRecord): Promise<void> {
    const { clock, onSettled } = this.#parts
    const atMs = clock.nowMs()
    const startMs = clock.monotonicMs()
    const { outcome, status } = await this.#try(record)
    const { lastError, state } = outcome
    const attempted = outcome.attempts > record.attempts
    const said = lastError?.status ?? status
    const problem = lastError && { problem: lastError }
    const attempt = {
      atMs,
      durationMs: clock.monotonicMs() - startMs,
      ...(said !== undefined && { status: said }),
      ...problem,
    }
    if (!(await this.#settle(record.id, outcome, attempted ? attempt : undefined))) return
    this.#checkRest(record, outcome)
    this.#told.ended(record, outcome, this.#retryOf(record.action))
    if (state !== 'pending') await onSettled(record, state)
  }

  async #try(record: DeliveryRecord): Promise<{ outcome: Outcome; status?: number | undefined }> {
    const { clock, executor } = this.#parts
    const { generation } = executor
    const paused = this.pauseOf(record)
    if (paused && paused.untilMs > clock.nowMs()) return { outcome: this.#rest(record, paused) }
    const tried = this.#pauses.try(this.#resting(record))
    try {
      const delivered = await this.#send(record)
      this.#pauses.end(this.#resting(record))
      return { outcome: deliveredOutcome(record, delivered, clock.nowMs()), status: delivered?.status }
    } catch (error) {
      const ended = this.#stop.signal.aborted || (isAboutAccount(error) && generation !== executor.generation)
      // In a configuration of before: what it lacked says nothing about the one of now.
      return { outcome: ended ? { ...waiting(record), nextAttemptAtMs: clock.nowMs() } : this.#failed(record, error) }
    } finally {
      tried()
    }
  }

  #retryOf(action: string): number | undefined {
    return this.#parts.executor.generation?.plan.actions.get(action)?.retry.attempts
  }

  /** A disk that is full for a while must not make a delivery be sent twice. */
  async #settle(id: string, outcome: Outcome, attempt: AttemptRecord | undefined): Promise<boolean> {
    const { queue, clock, log } = this.#parts
    for (;;) {
      try {
        return await queue.settle(id, outcome, attempt)
      } catch (error) {
        log.error(
          { delivery: id, error: (error as Error).message },
          'the outcome of a delivery cannot be written; trying again',
        )
        if (this.#stopping) throw error
        await clock.sleep(SETTLE_AGAIN_MS, this.#stop.signal)
      }
    }
  }

  /** What of it was not delivered yet. Gives the last answer. */
  async #send(record: DeliveryRecord): Promise<DeliveredRequest | undefined> {
    const { executor, queue, clock } = this.#parts
    const action = executor.action(record.action)
    const { service } = action.plan
    const job = await this.#parts.locate(record)
    const requests = requestsOf(action.plan, job.files)
    let last: DeliveredRequest | undefined
    for (let index = record.sent; index < requests.length; index++) {
      last = await sendDelivery(job, index, {
        action,
        service: service === undefined ? undefined : executor.service(service, record.params),
        nowMs: clock.nowMs,
        signal: this.#stop.signal,
      })
      if (index + 1 < requests.length) await queue.progress(record.id, index + 1)
    }
    return last
  }

  #isByValues(action: string): boolean {
    const { generation } = this.#parts.executor
    const service = generation?.plan.actions.get(action)?.service
    return service !== undefined && generation?.definition(service).plan.parameters !== undefined
  }

  #resting({ action, params }: Pick<DeliveryRecord, 'action' | 'params'>): Resting {
    return { action, params, byValues: this.#isByValues(action) }
  }

  #rest(record: DeliveryRecord, { untilMs, error: { code, message } }: Pause): Outcome {
    // All that rest are due when the pause ends, whenever that is; those of one set of values are not left out until then.
    const nextAttemptAtMs = this.#isByValues(record.action) ? untilMs : this.#parts.clock.nowMs()
    return { ...waiting(record), lastError: { code, message }, nextAttemptAtMs }
  }

  /** The pause may have ended before the queue knew until when. */
  #checkRest(record: DeliveryRecord, { lastError, nextAttemptAtMs }: Outcome): void {
    if (!lastError || !ACCOUNT_CODES.includes(lastError.code) || !this.#isByValues(record.action)) return
    if (this.pauseOf(record)?.untilMs !== nextAttemptAtMs) this.#expedited.add(record.action)
  }

  #goOn({ action, byValues }: Resting, early: boolean): void {
    if (early && byValues) this.#expedited.add(action)
    this.wake()
  }

  async #expedite(): Promise<void> {
    const { queue, clock } = this.#parts
    const actions = [...this.#expedited]
    if (actions.length === 0) return
    this.#expedited.clear()
    try {
      await queue.expedite(actions, clock.nowMs(), ACCOUNT_CODES)
    } catch (error) {
      for (const action of actions) this.#expedited.add(action)
      throw error
    }
  }

  #failed(record: DeliveryRecord, error: unknown): Outcome {
    const { clock, log, executor } = this.#parts
    if (!(error instanceof AppError)) {
      log.error({ delivery: record.id, error: (error as Error).stack ?? String(error) }, 'internal error in a delivery')
      return dead(record, { code: 'internal', message: 'internal error; see the log' }, clock.nowMs())
    }
    const { code, message, details } = error
    const lastError = { code, message, ...(details.status !== undefined && { status: details.status }) }
    if (code === 'unknown_action') {
      if (!this.#parts.removed.has(record.action))
        return { ...waiting(record), nextAttemptAtMs: clock.nowMs() + LEFT_TO_OTHERS_MS }
      const gone = { code, message: `action \`${record.action}\` was removed from the configuration` }
      return dead(record, gone, clock.nowMs(), 0)
    }
    if (isAboutAccount(error))
      return this.#rest(
        record,
        this.#pauses.begin(this.#resting(record), error, renewed => whenRenewed(executor, record, renewed)),
      )
    this.#pauses.end(this.#resting(record))
    const attempts = record.attempts + 1
    const { retry } = executor.action(record.action).plan
    if (!details.transient || attempts >= retry.attempts) return dead(record, lastError, clock.nowMs())
    const delayMs = retryDelay(error, attempts, { min: retry.minDelayMs, max: retry.maxDelayMs }, this.#parts)
    return { ...waiting(record), attempts, lastError, nextAttemptAtMs: clock.nowMs() + delayMs }
  }
}

function isAboutAccount(error: unknown): error is AppError {
  return error instanceof AppError && ACCOUNT_CODES.includes(error.code)
}
