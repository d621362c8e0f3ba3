// Takes what is due from the queue, and sends it: several at a time, each attempt by the action as it is defined now.
import type { Clock } from '../base/clock.ts'
import { AppError, errorFacts } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import { DEFAULT_LIMITS } from '../config/definitions/read-daemon.ts'
import type { Executor } from '../runtime/executor.ts'
import { type DeliveryJob, requestsOf } from './delivery.ts'
import { type Pause, Pauses, type Resting } from './pauses.ts'
import type { AttemptRecord, DeliveryProblem, DeliveryQueue, DeliveryRecord, Outcome } from './queue/delivery-queue.ts'
import type { RemovedActions } from './removed-actions.ts'
import { retryDelay } from './retry-delay.ts'
import { type DeliveredRequest, sendDelivery } from './send-delivery.ts'

export interface WorkerParts {
  queue: DeliveryQueue
  executor: Executor
  clock: Clock
  random(): number
  log: Log
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
  readonly #actions = new Map<string, number>()
  readonly #pauses: Pauses
  readonly #stop = new AbortController()
  #cancelTimer: (() => void) | undefined
  #claiming: Promise<void> = Promise.resolve()

  constructor(parts: WorkerParts) {
    this.#parts = parts
    this.#pauses = new Pauses({ clock: parts.clock, random: parts.random, onEnded: () => this.wake() })
  }

  /** What a delivery waits for, beside its time. */
  pauseOf(record: Pick<DeliveryRecord, 'action' | 'params'>): Pause | undefined {
    return this.#pauses.of(this.#resting(record))
  }

  /** Another configuration: accounts may have a token now. */
  reconsider(): void {
    this.#pauses.endAll()
    this.wake()
  }

  /** There may be something to do. */
  wake(): void {
    this.#claiming = this.#claiming.then(() => this.#claim()).catch(error => this.#fail(error))
  }

  /** Starts nothing more, and waits for what runs; what runs still after the limit stays pending for the next start. */
  async stop(limitMs: number): Promise<void> {
    this.#cancelTimer?.()
    this.#pauses.endAll()
    this.#stopping = true
    await this.#claiming
    const cancel = this.#parts.clock.schedule(limitMs, () => this.#stop.abort(new Error('the daemon stops')))
    await Promise.all(this.#running.values())
    cancel()
  }

  #stopping = false

  async #claim(): Promise<void> {
    if (this.#stopping) return
    this.#cancelTimer?.()
    const { queue, clock, executor } = this.#parts
    const plans = [...(executor.generation?.plan.actions.values() ?? [])]
    const ordered = plans.filter(plan => plan.ordered).map(({ name }) => name)
    const { maxDeliveries, maxDeliveriesPerAction } = executor.daemonSettings.limits ?? DEFAULT_LIMITS
    const alone = (action: string) => ordered.includes(action) || this.#pauses.isTried(action)
    const full = (action: string, count: number) => count >= (alone(action) ? 1 : maxDeliveriesPerAction)
    for (;;) {
      const count = maxDeliveries - this.#running.size
      if (count <= 0 || this.#stopping) return
      const busy = [...this.#actions].filter(([action, running]) => full(action, running)).map(([action]) => action)
      const nowMs = clock.nowMs()
      const except = [...busy, ...this.#parts.removed.leftToOthers(), ...this.#pauses.actions(nowMs)]
      const limits = { nowMs, count: Math.min(count, 1), except, ordered }
      const { records, nextDueMs } = await queue.claim(limits)
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
    this.#actions.set(action, (this.#actions.get(action) ?? 0) + 1)
    const run = this.#attempt(record)
      .catch(error => this.#fail(error))
      .finally(() => {
        this.#running.delete(id)
        const left = (this.#actions.get(action) ?? 1) - 1
        if (left > 0) this.#actions.set(action, left)
        else this.#actions.delete(action)
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
    const { clock, onSettled, log } = this.#parts
    const atMs = clock.nowMs()
    const startMs = clock.monotonicMs()
    let status: number | undefined
    let outcome: Outcome
    try {
      const paused = this.pauseOf(record)
      if (paused && paused.untilMs > atMs) throw paused.error
      const delivered = await this.#send(record)
      status = delivered?.status
      this.#pauses.end(this.#resting(record))
      outcome = deliveredOutcome(record, delivered, clock.nowMs())
    } catch (error) {
      if (this.#stop.signal.aborted) outcome = { ...waiting(record), nextAttemptAtMs: clock.nowMs() }
      else outcome = this.#failed(record, error)
    }
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
    if (state === 'dead')
      log.warn(
        { delivery: record.id, action: record.action, code: lastError?.code },
        `delivery is dead: ${lastError?.message}`,
      )
    if (state !== 'pending') await onSettled(record, state)
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

  #resting({ action, params }: Pick<DeliveryRecord, 'action' | 'params'>): Resting {
    const { generation } = this.#parts.executor
    const service = generation?.plan.actions.get(action)?.service
    const byValues = service !== undefined && generation?.definition(service).plan.parameters !== undefined
    return { action, params, byValues }
  }

  /** The account of a delivery got a new token. */
  #whenRenewed({ action, params }: DeliveryRecord, renewed: () => void): () => void {
    const { executor } = this.#parts
    try {
      const { service } = executor.action(action).plan
      return service === undefined ? () => {} : executor.service(service, params).account.source.onRenewed(renewed)
    } catch (gone) {
      if (gone instanceof AppError) return () => {}
      throw gone
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
    if (isAboutAccount(code)) {
      const resting = this.#resting(record)
      const { untilMs } = this.#pauses.begin(resting, error, ended => this.#whenRenewed(record, ended))
      // All that rest are due when the pause ends, whenever that is.
      const nextAttemptAtMs = resting.byValues ? untilMs : clock.nowMs()
      return { ...waiting(record), lastError: { code, message }, nextAttemptAtMs }
    }
    this.#pauses.end(this.#resting(record))
    const attempts = record.attempts + 1
    const { retry } = executor.action(record.action).plan
    if (!details.transient || attempts >= retry.attempts) return dead(record, lastError, clock.nowMs())
    const delayMs = retryDelay(error, attempts, { min: retry.minDelayMs, max: retry.maxDelayMs }, this.#parts)
    return { ...waiting(record), attempts, lastError, nextAttemptAtMs: clock.nowMs() + delayMs }
  }
}

/** Nothing was sent: there is no credential now. */
function isAboutAccount(code: string): boolean {
  return (
    code.startsWith('token_') ||
    code === 'secret_unavailable' ||
    code === 'no_configuration' ||
    code === 'state_unavailable'
  )
}

function waiting(record: DeliveryRecord): Outcome {
  const { attempts, lastError } = record
  return { state: 'pending', attempts, lastError, nextAttemptAtMs: null, settledAtMs: null }
}

function deliveredOutcome(record: DeliveryRecord, delivered: DeliveredRequest | undefined, nowMs: number): Outcome {
  const response = delivered?.response
  const attempts = record.attempts + 1
  return {
    state: 'delivered',
    attempts,
    lastError: null,
    nextAttemptAtMs: null,
    settledAtMs: nowMs,
    ...(response && { response }),
  }
}

function dead(record: DeliveryRecord, lastError: DeliveryProblem, nowMs: number, made = 1): Outcome {
  return { state: 'dead', attempts: record.attempts + made, lastError, nextAttemptAtMs: null, settledAtMs: nowMs }
}
