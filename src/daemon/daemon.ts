// The long-running process: an executor that watches its files, with two listeners in front. Starts whole or not at all,
// and stops by finishing what it began.

import type { Plan } from '../compile/plan.ts'
import type { DaemonSettings } from '../config/model/model.ts'
import { createExecutor, type Executor } from '../index.ts'
import { limitsOf } from '../server/http-server.ts'
import { createMetrics } from '../server/metrics.ts'
import { Slots } from '../server/proxy/slots.ts'
import { FixedSettings } from './fixed-settings.ts'
import { addressOf } from './listen.ts'
import { type Listeners, openListeners } from './listeners.ts'
import { createLog, type DaemonLog, type LogLevel } from './log.ts'
import { createDaemonDeliveries } from './open-deliveries.ts'
import { ServiceListeners } from './service-listeners.ts'

export interface DaemonOptions {
  paths: readonly string[]
  /** Flags; they win over the file. */
  listen?: string
  adminListen?: string
  logLevel?: LogLevel
  logFormat?: 'json' | 'pretty'
  /** Undefined: no watching. */
  pollIntervalMs?: number
}

export interface Daemon {
  executor: Executor
  log: DaemonLog
  /** The addresses as bound, such as `http://127.0.0.1:7117`. */
  api: string
  admin: string
  /** Of the services with an address of their own, by name. */
  serviceAddresses(): Record<string, string>
  /** Not ready, drain, finish. Connections that are still open after the limit are closed. */
  stop(limitMs: number): Promise<void>
}

export const DEFAULT_LISTEN = '127.0.0.1:7117'
export const DEFAULT_ADMIN_LISTEN = '127.0.0.1:7118'

/** Throws ConfigurationError or ListenError; nothing is left open then. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { logLevel: level = 'info', logFormat: format = process.stderr.isTTY ? 'pretty' : 'json' } = options
  const log = createLog({ level, format })
  const metrics = createMetrics()
  let listeners: Listeners | undefined
  let onReload = (): void => {}
  const fixed = new FixedSettings(log)
  // A start that fails has another cause, which is told alone: mostly an address that the other process has.
  const whenReady: (() => void)[] = []
  const slots: Slots = new Slots(() => limitsOf(executor))
  const services: ServiceListeners = new ServiceListeners({ executor: () => executor, metrics, log, slots })
  const executor: Executor = createExecutor({
    log,
    prepare: plan => prepareWith(plan, { services, fixed, options }),
    ...stateDirectory(process.env),
    ...metrics.told,
    onStateChange: metrics.onStateChange,
    onFolderShared: tell => void whenReady.push(tell),
    onStateMoved() {},
    onReload: (...result) => {
      metrics.reload(...result)
      onReload()
    },
    onFilesChecked: () => void listeners?.refreshCertificate(),
  })
  const deliveries = createDaemonDeliveries({ executor, metrics, log })
  try {
    await executor.load(options.paths)
    const settings = fixed.start(executor.daemonSettings)
    const followLevel = () => {
      if (!options.logLevel) log.setLevel((executor.daemonSettings.logLevel ?? 'info') as LogLevel)
    }
    followLevel()
    const at = addressesOf(options, settings)
    listeners = await openListeners({ executor, metrics, log, slots, at, deliveries })
    onReload = () => {
      followLevel()
      fixed.tell(executor.daemonSettings)
      void listeners?.refreshCertificate()
      deliveries.wake()
    }
    for (const tell of whenReady) tell()
    deliveries.wake()
    if (options.pollIntervalMs !== undefined) await executor.watch({ pollIntervalMs: options.pollIntervalMs })
    const { api, admin } = listeners
    log.info({ api, admin }, 'ready')
    // Who waits for a delivery is answered at once: it goes on at the next start.
    const stop = async (limitMs: number) => {
      await Promise.all([services.stop(limitMs), listeners!.stop(limitMs), deliveries.stop(limitMs)])
      await executor[Symbol.asyncDispose]()
      log.info({}, 'stopped')
    }
    return { executor, log, api, admin, serviceAddresses: () => services.addresses(), stop }
  } catch (error) {
    await Promise.all([services.stop(0), listeners?.stop(0), deliveries.stop(0)])
    await executor[Symbol.asyncDispose]()
    throw error
  }
}

function addressesOf({ listen, adminListen }: DaemonOptions, settings: DaemonSettings) {
  return {
    api: addressOf(listen ?? settings.listen ?? DEFAULT_LISTEN, settings),
    admin: addressOf(adminListen ?? settings.adminListen ?? DEFAULT_ADMIN_LISTEN, settings),
  }
}

interface Preparing {
  services: ServiceListeners
  fixed: FixedSettings
  options: DaemonOptions
}

async function prepareWith(plan: Plan, { services, fixed, options }: Preparing) {
  // An address that is refused is the first that is told of a start.
  if (!fixed.started) addressesOf(options, plan.daemon)
  const prepared = await services.prepare(plan)
  return { ...prepared, diagnostics: [...prepared.diagnostics, ...fixed.warnings(plan.daemon)] }
}

/** What systemd makes for `StateDirectory=`; the first one of several. */
function stateDirectory({ STATE_DIRECTORY }: NodeJS.ProcessEnv) {
  const [first] = STATE_DIRECTORY?.split(':') ?? []
  return first ? { stateDirectory: first } : {}
}
