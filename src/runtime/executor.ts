// The library's heart, and the daemon's: holds the one pointer to the running generation, and replaces it whole or not at all.

import type { KyInstance } from 'ky'
import { type Clock, systemClock } from '../base/clock.ts'
import { AppError } from '../base/error.ts'
import { selecting } from '../base/grouped.ts'
import { type Log, silentLog } from '../base/log.ts'
import type { DaemonSettings } from '../config/model/model.ts'
import type { Suspects } from '../config/read.ts'
import type { Params } from '../config/templates/scope.ts'
import { hasErrors } from '../diagnostics/diagnostic.ts'
import { type Authorization, toAuthorization } from './authorization.ts'
import { createDiscovery } from './authorization-server/discovery.ts'
import { createProvers } from './authorization-server/dpop.ts'
import { tokenEndpoint } from './authorization-server/token-endpoint.ts'
import { createClient } from './client.ts'
import { checkConnections } from './connections/check-connections.ts'
import type { DeliverAction, DeliverOptions, Delivery } from './delivering.ts'
import type { AuthorizeOptions, ExecutorOptions } from './executor-options.ts'
import { buildGeneration, type Generation, retireGeneration, warmGeneration } from './generation/generation.ts'
import { diffGenerations } from './generation/generation-diff.ts'
import { type AccountEffects, fedSecret, feed, toRfc3339 } from './generation/live-account.ts'
import type { LiveAction } from './generation/live-action.ts'
import type { LiveService } from './generation/live-service.ts'
import { specializeAhead } from './generation/variants.ts'
import { inTurns } from './in-turns.ts'
import { ConfigurationError, type LoadResult, reportLoad } from './load-result.ts'
import { PlanSource, type ReadPlan } from './plan-source.ts'
import { createSecretStore } from './secrets/secret-store.ts'
import { Sinks } from './sinks.ts'
import { createStoreChooser, memoryState, type State } from './state/choose-store.ts'
import { createOpenShared } from './state/open-shared.ts'
import { createLeaving, type Leaving } from './tokens/leaving.ts'
import { createTokenPool } from './tokens/token-pool.ts'
import type { WatchPaths, WatchStop } from './watching.ts'

export type { AuthorizeOptions, ExecutorOptions, Preparation } from './executor-options.ts'

export interface Executor extends AsyncDisposable {
  /** Reads files, folders and globs, and makes them the running configuration. Throws ConfigurationError and changes nothing when they have errors. */
  load(paths: string | readonly string[]): Promise<LoadResult>
  /** The same paths again. Never throws for a wrong configuration: the result says what is wrong. */
  reload(): Promise<LoadResult>
  /** Throws AppError. */
  authorize(service: string, options?: AuthorizeOptions): Promise<Authorization>
  /** A ky instance whose requests carry the service's credential. */
  client(service: string, options?: { params?: Params }): KyInstance
  /** Forgets the cached token of a service. Throws AppError `unknown_service` or `invalid_parameter`. */
  forget(service: string, options?: { params?: Params }): void
  /** Runs an action in this process. Throws AppError `unknown_action`; everything else rejects the delivery. */
  deliver(action: string, options?: DeliverOptions): Delivery
  /** Reloads when a file changes, until the executor is disposed of. */
  watch(options?: { pollIntervalMs?: number }): Promise<void>
  readonly generation: Generation | undefined
  readonly lastReload: LoadResult | undefined
  /** The last ten, the newest first. */
  readonly reloads: readonly LoadResult[]
  readonly daemonSettings: DaemonSettings
  readonly state: Pick<State, 'status' | 'shared'>
  /** For servers built on the executor: holds secrets. */
  service(name: string, params?: Params): LiveService
  /** For servers built on the executor. Throws AppError `unknown_action`. */
  action(name: string): LiveAction
  /** What a service is, whatever its parameters are. Throws AppError `unknown_service`. */
  definition(name: string): LiveService
}

export interface ExecutorParts {
  /** Starts watching; see watch-files.ts for the one on the file system. */
  watchPaths: WatchPaths
  /** Undefined: an executor that delivers nothing. */
  deliver?: DeliverAction
}

export function createExecutorWith(parts: ExecutorParts, options: ExecutorOptions = {}): Executor {
  return new RunningExecutor(parts, options)
}

const MAX_RELOADS = 10

const servicesWithSinks = selecting<LiveService>(({ plan }) => plan.sinks.length > 0)

class RunningExecutor implements Executor {
  readonly #parts: ExecutorParts
  readonly #options: ExecutorOptions
  readonly #clock: Clock
  readonly #log: Log
  readonly #directory: string
  readonly #effects: AccountEffects
  readonly #source: PlanSource
  readonly #leaving: Leaving
  readonly #chooseState: ReturnType<typeof createStoreChooser>
  #state: State = memoryState()
  readonly #sinks: Sinks
  #generation: Generation | undefined
  #reloads: readonly LoadResult[] = []
  #paths: readonly string[] = []
  #watching: WatchStop | undefined
  #watchStart: Promise<void> | undefined
  #queue: Promise<unknown> = Promise.resolve()

  constructor(parts: ExecutorParts, options: ExecutorOptions) {
    this.#parts = parts
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#log = options.log ?? silentLog
    this.#directory = options.directory ?? process.cwd()
    this.#source = new PlanSource(this.#directory)
    const secrets = createSecretStore({
      ...(options.environment && { environment: options.environment }),
      accountBearer: async reference => fedSecret(await feed(this.#effects.feeder(reference)), reference),
      onSharedFile: file =>
        this.#log.warn({ file }, `${file} holds a secret and more people can read it than its owner: chmod 600`),
    })
    const random = options.random ?? Math.random
    const [clock, log] = [this.#clock, this.#log]
    const openShared = createOpenShared({ clock, log, random, onChange: options.onStateChange })
    this.#chooseState = createStoreChooser({ ...options, secrets, openShared, log })
    const feeder: AccountEffects['feeder'] = ({ account }) => this.#running.account(account)
    this.#sinks = new Sinks({ clock, log, random, ...(options.onSinkWrite && { onSinkWrite: options.onSinkWrite }) })
    const discovery = createDiscovery({ tokenEndpoint, clock, log, random })
    const provers = createProvers(clock)
    const shared = { feeder, discovery, provers, pool: createTokenPool(clock), tokens: this.#state.tokens }
    this.#effects = { secrets, tokenEndpoint, ...shared, clock, log, random, ...callbacks(options) }
    this.#leaving = createLeaving(this.#effects)
    if (!options.shortRun) this.#effects.onLeft = account => this.#leaving.left(account)
  }

  get #running(): Generation {
    if (!this.#generation) throw new AppError('no_configuration', 'no configuration is loaded')
    return this.#generation
  }

  async load(from: string | readonly string[]): Promise<LoadResult> {
    const paths = typeof from === 'string' ? [from] : from
    const result = await this.#enqueue(async () => {
      const isStart = this.#generation === undefined
      return this.#activate(paths, await this.#source.load(paths, isStart))
    })
    if (!result.ok) throw new ConfigurationError(result.diagnostics)
    return result
  }

  reload(): Promise<LoadResult> {
    return this.#enqueue(async () => this.#activate(this.#paths, await this.#source.reload(this.#paths)))
  }

  /** A reload only when the files say something else than when they were read last. */
  #reloadChanged(suspects: Suspects): Promise<LoadResult | undefined> {
    return this.#enqueue(async () => {
      const read = await this.#source.readChanged(this.#paths, suspects)
      return read && this.#activate(this.#paths, read)
    })
  }

  /** One after the other: two reloads at once could put the older one last. */
  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(work)
    this.#queue = run.catch(() => undefined)
    return run
  }

  async #activate(from: readonly string[], read: ReadPlan): Promise<LoadResult> {
    const isStart = this.#generation === undefined
    const result = await this.#tryActivate(from, read)
    this.#reloads = [result, ...this.#reloads].slice(0, MAX_RELOADS)
    // Of a start that is refused, who started it has all in the error.
    if (result.ok || !isStart) reportLoad(this.#log, result)
    this.#options.onReload?.(result.ok, result.generation, this.#clock.nowMs())
    return result
  }

  /** Build beside the running generation, swap, retire. */
  async #tryActivate(from: readonly string[], { plan, files, diagnostics }: ReadPlan): Promise<LoadResult> {
    const previous = this.#generation
    const result = { at: toRfc3339(this.#clock.nowMs())!, diagnostics, files }
    const refused = { ok: false, ...result, generation: previous?.id ?? 0 }
    if (!plan) return refused
    this.#state = await this.#chooseState(plan.daemon)
    Object.assign(this.#effects, { tokens: this.#state.tokens, fleet: this.#state.fleet })
    const prepared = await this.#options.prepare?.(plan)
    if (prepared) diagnostics.push(...prepared.diagnostics)
    if (hasErrors(diagnostics)) return refused
    const ready = await inTurns(specializeAhead(plan, previous?.variants))
    prepared?.commit()
    const next = buildGeneration(ready, this.#effects, previous)
    this.#generation = next
    this.#paths = from
    if (!this.#options.shortRun) this.#leaving.replaced(previous, next)
    if (previous) retireGeneration(previous, next)
    if (!this.#options.shortRun) {
      warmGeneration(next)
      void checkConnections(plan, this.#effects)
      this.#sinks.keep(servicesWithSinks(next.services))
    }
    this.#watching?.update([...from], plan.secretFiles)
    return { ok: true, ...result, generation: next.id, changes: diffGenerations(previous, next) }
  }

  async authorize(name: string, { minTtlMs = 0, params, request }: AuthorizeOptions = {}): Promise<Authorization> {
    const service = this.service(name, params)
    return toAuthorization(service, service.current(minTtlMs) ?? (await service.authorize(minTtlMs)), request)
  }

  client(name: string, { params }: { params?: Params } = {}): KyInstance {
    return createClient(() => this.service(name, params), this.#effects)
  }

  forget(name: string, { params }: { params?: Params } = {}): void {
    this.service(name, params).account.source.forget()
  }

  service(name: string, params?: Params): LiveService {
    return this.#running.service(name, params)
  }

  action(name: string): LiveAction {
    return this.#running.action(name)
  }

  deliver(name: string, options: DeliverOptions = {}): Delivery {
    const action = this.action(name)
    const { service } = action.plan
    const context = {
      action,
      service: (params: Params) => (service === undefined ? undefined : this.service(service, params)),
      clock: this.#clock,
      random: this.#effects.random,
      directory: this.#directory,
    }
    if (!this.#parts.deliver) throw new Error('this executor delivers nothing')
    return this.#parts.deliver(context, options)
  }

  definition(name: string): LiveService {
    return this.#running.definition(name)
  }

  /** One watcher, however often it is asked for. */
  watch({ pollIntervalMs = 30_000 }: { pollIntervalMs?: number } = {}): Promise<void> {
    this.#watchStart ??= this.#startWatching(pollIntervalMs)
    return this.#watchStart
  }

  async #startWatching(pollIntervalMs: number): Promise<void> {
    this.#watching = await this.#parts.watchPaths({
      paths: [...this.#paths],
      secretFiles: this.#running.plan.secretFiles,
      directory: this.#directory,
      pollIntervalMs,
      log: this.#log,
      onHint: async suspects => {
        const noSecrets = typeof suspects !== 'string' && this.#source.knows(suspects)
        await this.#reloadChanged(suspects)
        if (!noSecrets) await this.#running.checkSecrets()
        this.#options.onFilesChecked?.()
      },
    })
  }

  get generation(): Generation | undefined {
    return this.#generation
  }

  get lastReload(): LoadResult | undefined {
    return this.#reloads[0]
  }

  get reloads(): readonly LoadResult[] {
    return this.#reloads
  }

  get state(): Executor['state'] {
    return this.#state
  }

  get daemonSettings(): DaemonSettings {
    return this.#generation?.plan.daemon ?? {}
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watchStart?.catch(() => undefined)
    await this.#watching?.stop()
    await this.#queue
    this.#sinks.stop()
    if (!this.#options.shortRun) await this.#leaving.ended(this.#state.fleet ? undefined : this.#generation)
    if (this.#generation) retireGeneration(this.#generation, undefined)
    await this.#sinks.settled()
    await this.#state.close()
  }
}

function callbacks({ onTokenRequest, onExpiry, onClientSecret, trace }: ExecutorOptions) {
  return {
    ...(onTokenRequest && { onTokenRequest }),
    ...(onExpiry && { onExpiry }),
    ...(onClientSecret && { onClientSecret }),
    ...(trace && { trace }),
  }
}
