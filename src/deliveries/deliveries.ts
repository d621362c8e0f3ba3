// Durable deliveries: accepts what is to be sent, keeps it until it is delivered or dead, and tells what became of it.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Clock } from '../base/clock.ts'
import { AppError } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import type { Params } from '../config/templates/scope.ts'
import type { Executor } from '../runtime/executor.ts'
import { checkedInput, checkFiles } from './accept.ts'
import { ContentStore, type Upload } from './content-store.ts'
import type { AttemptRecord, DeliveryQueue, DeliveryRecord, ListFilter } from './queue/delivery-queue.ts'
import { Worker } from './worker.ts'

export interface DeliveriesOptions {
  executor: Executor
  /** Where all of it is kept. */
  directory: string
  openQueue(path: string): DeliveryQueue
  clock: Clock
  random(): number
  log: Log
  onSettled?(action: string, outcome: 'delivered' | 'dead'): void
}

export interface IntakeInput {
  input: unknown
  from: 'json' | 'text'
  params: Params
  /** Throws AppError when the caller may not use the service with these values. */
  mayUse?(service: string, values: Params): void
}

/** One delivery on its way in. Ended by `accept` or `drop`. */
export interface Intake extends Pick<Upload, 'add'> {
  id: string
  /** It is safe on the disk when this resolves. Rejects with AppError, and leaves nothing then. */
  accept(given: IntakeInput): Promise<DeliveryRecord>
  drop(): Promise<void>
}

const DEFAULT_KEEP_MS = 7 * 86_400_000
const DEFAULT_MAX_BYTES = 10 * 1024 ** 3
const CLEAN_EVERY_MS = 60_000

export class Deliveries {
  readonly #options: DeliveriesOptions
  readonly #content: ContentStore
  readonly #worker: Worker
  readonly #queue: DeliveryQueue
  readonly #waiters = new Map<string, Set<() => void>>()
  #cancelCleaning: (() => void) | undefined
  #stopping = false

  /** Rejects with AppError `state_unavailable`. */
  static async open(options: DeliveriesOptions): Promise<Deliveries> {
    const queue = options.openQueue(join(options.directory, 'queue.db'))
    const deliveries = new Deliveries(options, queue)
    await deliveries.#recover()
    return deliveries
  }

  private constructor(options: DeliveriesOptions, queue: DeliveryQueue) {
    this.#options = options
    this.#queue = queue
    const { executor } = options
    this.#content = new ContentStore(
      options.directory,
      () => executor.daemonSettings.maxStateBytes ?? DEFAULT_MAX_BYTES,
    )
    this.#worker = new Worker({
      ...options,
      queue,
      onSettled: (record, state) => this.#settled(record, state),
    })
  }

  async #recover(): Promise<void> {
    const sizes = new Map<string, number>()
    for (const id of await this.#queue.ids()) {
      const record = await this.#queue.get(id)
      if (record && record.files.length > 0)
        sizes.set(
          id,
          record.files.reduce((sum, { size }) => sum + size, 0),
        )
    }
    await this.#content.open(sizes)
    await this.#clean()
    await this.wake()
  }

  /** `expectedBytes` is what the caller says that will come. Throws AppError before anything is read. */
  async begin(action: string, expectedBytes: number): Promise<Intake> {
    const { executor } = this.#options
    executor.action(action)
    const maxBytes = executor.daemonSettings.limits?.requestBodyBytes ?? Number.POSITIVE_INFINITY
    if (expectedBytes > maxBytes)
      throw new AppError('body_too_large', 'the body is larger than `daemon.limits.requestBody`')
    this.#content.checkRoom(expectedBytes)
    const id = randomUUID()
    let upload: Upload | undefined
    let files = 0
    return {
      id,
      add: async (content, file) => {
        upload ??= await this.#content.begin(id, { maxBytes })
        files++
        await upload.add(content, file)
      },
      accept: async given => {
        try {
          return await this.#accept(id, action, given, { upload, files })
        } catch (error) {
          await upload?.drop()
          throw error
        }
      },
      drop: async () => upload?.drop(),
    }
  }

  async #accept(
    id: string,
    name: string,
    { input, from, params, mayUse }: IntakeInput,
    { upload, files }: { upload: Upload | undefined; files: number },
  ): Promise<DeliveryRecord> {
    const { executor, clock } = this.#options
    const { plan } = executor.action(name)
    checkFiles(plan, files)
    const checked = checkedInput(plan, input, from)
    if (plan.service !== undefined) {
      const { parameters } = executor.definition(plan.service).plan
      if (parameters) mayUse?.(plan.service, parameters.fill(params))
      executor.service(plan.service, params)
    }
    const stored = (await upload?.keep()) ?? []
    await this.#queue.add({ id, action: name, params, input: checked, files: stored, createdAtMs: clock.nowMs() })
    this.#worker.wake()
    return (await this.#queue.get(id))!
  }

  /** Throws AppError `unknown_delivery`. */
  async get(id: string): Promise<DeliveryRecord> {
    const record = await this.#queue.get(id)
    if (!record) throw new AppError('unknown_delivery', 'no delivery has this id; it may have been removed')
    return record
  }

  attempts(id: string): Promise<AttemptRecord[]> {
    return this.#queue.attempts(id)
  }

  list(filter: ListFilter): Promise<DeliveryRecord[]> {
    return this.#queue.list(filter)
  }

  /** The values of its service's parameters, defaults included as far as they are known now. */
  valuesOf({ action, params }: DeliveryRecord): Params {
    const { executor } = this.#options
    try {
      const { service } = executor.action(action).plan
      return (service !== undefined && executor.definition(service).plan.parameters?.fill(params)) || params
    } catch (error) {
      if (error instanceof AppError) return params
      throw error
    }
  }

  counts(): Promise<Map<string, number>> {
    return this.#queue.counts()
  }

  /** Throws AppError for one that is not there, or not dead. */
  async retry(id: string): Promise<DeliveryRecord> {
    const { state } = await this.get(id)
    if (!(await this.#queue.revive(id, this.#options.clock.nowMs())))
      throw new AppError('delivery_running', `this delivery is ${state}: only a dead one can be tried again`)
    this.#worker.wake()
    return this.get(id)
  }

  /** Throws AppError for one that is not there, or is being sent. */
  async remove(id: string): Promise<void> {
    await this.get(id)
    if (!(await this.#queue.remove(id)))
      throw new AppError('delivery_running', 'this delivery is being sent now: try again in a moment')
    await this.#content.remove(id)
    this.#tell(id)
  }

  /** As it is when it is settled, or after the time. */
  async waitFor(id: string, limitMs: number, signal?: AbortSignal): Promise<DeliveryRecord> {
    const settled = Promise.withResolvers<void>()
    const waiters = this.#waiters.get(id) ?? new Set()
    this.#waiters.set(id, waiters.add(settled.resolve))
    const cancel = this.#options.clock.schedule(limitMs, settled.resolve)
    signal?.addEventListener('abort', () => settled.resolve(), { once: true })
    try {
      const now = await this.get(id)
      if (this.#stopping || now.state === 'delivered' || now.state === 'dead') return now
      await settled.promise
      return await this.get(id)
    } finally {
      cancel()
      waiters.delete(settled.resolve)
      if (waiters.size === 0) this.#waiters.delete(id)
    }
  }

  /** The configuration changed: what waits may have somewhere to go, or nowhere any more. */
  async wake(): Promise<void> {
    const { clock, executor } = this.#options
    const actions = executor.generation?.plan.actions
    for (const action of (await this.#queue.counts()).keys())
      if (actions && !actions.has(action)) await this.#queue.expedite(action, clock.nowMs())
    this.#worker.wake()
  }

  /** What is being sent may end within the limit. */
  async stop(limitMs: number): Promise<void> {
    this.#stopping = true
    this.#cancelCleaning?.()
    for (const id of this.#waiters.keys()) this.#tell(id)
    await this.#worker.stop(limitMs)
    await this.#queue.close()
  }

  async #settled(record: DeliveryRecord, state: 'delivered' | 'dead'): Promise<void> {
    this.#options.onSettled?.(record.action, state)
    if (state === 'delivered') await this.#content.remove(record.id)
    this.#tell(record.id)
  }

  #tell(id: string): void {
    for (const resolve of this.#waiters.get(id) ?? []) resolve()
  }

  async #clean(): Promise<void> {
    const { clock, executor } = this.#options
    const keepMs = executor.daemonSettings.keepDeliveredMs ?? DEFAULT_KEEP_MS
    for (const id of await this.#queue.settledBefore(clock.nowMs() - keepMs)) await this.#queue.remove(id)
    this.#cancelCleaning = clock.schedule(CLEAN_EVERY_MS, () => void this.#clean().catch(() => undefined))
  }
}
