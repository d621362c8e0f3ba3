// Durable deliveries: accepts what is to be sent, keeps it until it is delivered or dead, and tells what became of it.
import { randomUUID } from 'node:crypto'
import { AppError } from '../base/error.ts'
import type { Params } from '../config/templates/scope.ts'
import type { Executor } from '../runtime/executor.ts'
import { checkedInput, checkFiles } from './accept.ts'
import type { AttemptLogParts } from './attempt-log.ts'
import { ContentStore, type Upload } from './content-store.ts'
import { checkRequests, type DeliveryJob } from './delivery.ts'
import type {
  AttemptRecord,
  DeliveryQueue,
  DeliveryRecord,
  DeliverySummary,
  ListFilter,
} from './queue/delivery-queue.ts'
import { Quota } from './quota.ts'
import { createRemovedActions } from './removed-actions.ts'
import { checkSame, keyOf, type Repeatable } from './repeat.ts'
import { SharedContent } from './shared-content.ts'
import { Upkeep } from './upkeep.ts'
import { Waiters } from './waiters.ts'
import { Worker } from './worker.ts'

export interface DeliveriesOptions extends AttemptLogParts {
  executor: Executor
  /** Where files are kept. Undefined only for a queue that keeps them itself. */
  directory: string | undefined
  queue: DeliveryQueue
  random(): number
  onSettled?(action: string, outcome: 'delivered' | 'dead'): void
}

export interface IntakeInput {
  input: unknown
  from: 'json' | 'text'
  params: Params
  repeatable?: Repeatable
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

const DEFAULT_MAX_BYTES = 10 * 1024 ** 3
/** What other replicas took in is counted so often. */
const COUNT_EVERY_MS = 5_000

export class Deliveries {
  readonly #options: DeliveriesOptions
  readonly #folder: ContentStore | undefined
  readonly #content: ContentStore | SharedContent
  readonly #quota: Quota
  readonly #worker: Worker
  readonly #queue: DeliveryQueue
  readonly #waiters: Waiters
  readonly #upkeep: Upkeep
  #countedAtMs = Number.NEGATIVE_INFINITY
  #stopping = false

  /** Rejects with AppError `state_unavailable`. The queue is closed at the end. */
  static async open(options: DeliveriesOptions): Promise<Deliveries> {
    const deliveries = new Deliveries(options)
    try {
      await deliveries.#recover()
      return deliveries
    } catch (error) {
      deliveries.#upkeep.stop()
      await options.queue.close()
      throw error
    }
  }

  private constructor(options: DeliveriesOptions) {
    const { executor, queue, clock, directory } = options
    this.#options = options
    this.#queue = queue
    this.#waiters = new Waiters(queue, clock)
    this.#quota = new Quota(() => executor.daemonSettings.maxStateBytes ?? DEFAULT_MAX_BYTES)
    this.#folder = directory === undefined ? undefined : new ContentStore(directory, this.#quota, clock.nowMs)
    this.#content = queue.shared ? new SharedContent({ quota: this.#quota, folder: this.#folder }) : must(this.#folder)
    const removed = createRemovedActions(executor, clock)
    this.#upkeep = new Upkeep({ ...options, folder: this.#folder, removed, onDue: () => this.#worker.wake() })
    this.#worker = new Worker({
      ...options,
      removed,
      locate: record => this.#locate(record),
      onSettled: (record, state) => this.#settled(record, state),
    })
  }

  async #recover(): Promise<void> {
    await this.#folder?.open()
    if (this.#queue.shared && this.#folder) await this.#checkFolder(this.#folder)
    await this.#count()
    await this.#upkeep.start()
    await this.wake()
  }

  /** What one replica keeps there, another one must find. */
  async #checkFolder(folder: ContentStore): Promise<void> {
    const identity = await folder.identity(randomUUID())
    if ((await this.#queue.agree('folder', identity)) === identity) return
    throw new AppError(
      'state_unavailable',
      "`daemon.state.dir` is not the folder that the other replicas see: mount the same one here. To begin with a new one: DELETE FROM bearerd.setting WHERE name = 'folder'",
    )
  }

  /** Other replicas take in and remove as well. */
  async #count(): Promise<void> {
    const nowMs = this.#options.clock.nowMs()
    const known = this.#queue.shared ? nowMs - this.#countedAtMs < COUNT_EVERY_MS : this.#countedAtMs > 0
    if (known) return
    this.#countedAtMs = nowMs
    this.#quota.set(await this.#queue.storedBytes())
  }

  /** `expectedBytes` is what the caller says that will come. Throws AppError before anything is read. */
  async begin(action: string, expectedBytes: number): Promise<Intake> {
    const { executor } = this.#options
    executor.action(action)
    const maxBytes = executor.daemonSettings.limits?.requestBodyBytes ?? Number.POSITIVE_INFINITY
    if (expectedBytes > maxBytes)
      throw new AppError('body_too_large', 'the body is larger than `daemon.limits.requestBody`')
    if (this.#content instanceof SharedContent) this.#content.checkExpected(expectedBytes)
    await this.#count()
    this.#quota.checkRoom(expectedBytes)
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
          // The database may have it although it did not say so: then the files are needed, whoever drops the rest.
          if (isAway(error)) upload = undefined
          else await upload?.drop()
          throw error
        }
      },
      drop: async () => upload?.drop(),
    }
  }

  async #accept(
    id: string,
    name: string,
    { input, from, params, mayUse, repeatable }: IntakeInput,
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
    const { files: stored, ...kept } = (await upload?.keep()) ?? { files: [] }
    const job = { id, action: name, params, input: checked, files: stored, createdAtMs: clock.nowMs() }
    checkRequests(plan, job)
    const key = repeatable && { key: keyOf(repeatable, name) }
    const record = await this.#queue.add(job, { ordered: plan.ordered, ...kept, ...key })
    if (record.id === id) this.#worker.wake()
    else {
      checkSame(record, job)
      await upload?.drop()
    }
    return record
  }

  /** Throws AppError `unknown_delivery`. */
  async get(id: string): Promise<DeliveryRecord> {
    const record = await this.#queue.get(id)
    if (!record) throw new AppError('unknown_delivery', 'no delivery has this id; it may have been removed')
    return this.#withPause(record)
  }

  attempts(id: string): Promise<AttemptRecord[]> {
    return this.#queue.attempts(id)
  }

  async list(filter: ListFilter): Promise<DeliverySummary[]> {
    return (await this.#queue.list(filter)).map(record => this.#withPause(record))
  }

  /** What rests with its account is not written anew for each. */
  #withPause<Listed extends DeliverySummary>(record: Listed): Listed {
    const pause = record.state === 'pending' ? this.#worker.pauseOf(record) : undefined
    if (!pause) return record
    const { code, message } = pause.error
    const nextAttemptAtMs = Math.max(record.nextAttemptAtMs ?? 0, pause.untilMs)
    return { ...record, lastError: record.lastError ?? { code, message }, nextAttemptAtMs }
  }

  /** The values of its service's parameters, defaults included as far as they are known now. */
  valuesOf({ action, params }: Pick<DeliveryJob, 'action' | 'params'>): Params {
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
    const record = await this.get(id)
    if (!(await this.#queue.remove(id)))
      throw new AppError('delivery_running', 'this delivery is being sent now: try again in a moment')
    if (record.state !== 'delivered') await this.#forgetFiles(record)
    this.#waiters.tell(id)
  }

  /** As it is when it is settled, or after the time. */
  async waitFor(id: string, limitMs: number, signal?: AbortSignal): Promise<DeliveryRecord> {
    const { ended, leave } = this.#waiters.wait(id, limitMs, signal)
    try {
      const now = await this.get(id)
      if (this.#stopping || now.state === 'delivered' || now.state === 'dead') return now
      await ended
      return await this.get(id)
    } finally {
      leave()
    }
  }

  /** The configuration changed: what waits may have somewhere to go, or nowhere any more. */
  async wake(): Promise<void> {
    await this.#upkeep.arrange()
    this.#worker.reconsider()
  }

  /** What is being sent may end within the limit. */
  async stop(limitMs: number): Promise<void> {
    this.#stopping = true
    this.#upkeep.stop()
    this.#waiters.tellAll()
    await this.#worker.stop(limitMs)
    await this.#queue.close()
  }

  async #locate(record: DeliveryRecord): Promise<DeliveryJob> {
    const content = this.#content
    if (content instanceof ContentStore) return { ...record, files: record.files.map(file => content.locate(file)) }
    return { ...record, files: await content.locate(record.files, () => this.#queue.content(record.id)) }
  }

  async #settled(record: DeliveryRecord, state: 'delivered' | 'dead'): Promise<void> {
    this.#options.onSettled?.(record.action, state)
    if (state === 'delivered') await this.#forgetFiles(record)
    this.#waiters.tell(record.id)
  }

  async #forgetFiles({ id, files }: DeliveryRecord): Promise<void> {
    this.#quota.removed(files.reduce((sum, { size }) => sum + size, 0))
    if (files.some(({ path }) => path !== '')) await this.#folder?.remove(id)
  }
}

function isAway(error: unknown): boolean {
  return error instanceof AppError && error.code === 'state_unavailable'
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('this queue needs a folder')
  return value
}
