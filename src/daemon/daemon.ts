// The long-running process: an executor that watches its files, with two listeners in front. Starts whole or not at all,
// and stops by finishing what it began.
import { createExecutor, type Executor } from '../index.ts'
import { createAdminServer } from '../server/admin-server.ts'
import { createApiServer } from '../server/api-server.ts'
import { createDoor, type ListenAddress } from '../server/door.ts'
import { createMetrics, type Metrics } from '../server/metrics.ts'
import { ServiceProxy } from '../server/proxy.ts'
import { addressOf, listen } from './listen.ts'
import { createLog, type DaemonLog, type LogLevel } from './log.ts'

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
  /** Not ready, drain, finish. Connections that are still open after the limit are closed. */
  stop(limitMs: number): Promise<void>
}

export const DEFAULT_LISTEN = '127.0.0.1:7117'
export const DEFAULT_ADMIN_LISTEN = '127.0.0.1:7118'

/** Throws ConfigurationError or ListenError; nothing is left open then. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const log = createLog({
    level: options.logLevel ?? 'info',
    format: options.logFormat ?? (process.stderr.isTTY ? 'pretty' : 'json'),
  })
  const metrics = createMetrics()
  const executor = createExecutor({
    log,
    ...stateDirectory(process.env),
    onTokenRequest: metrics.tokenRequest,
    onExpiry: metrics.tokenExpiry,
    onSinkWrite: metrics.sinkWrite,
    onReload: metrics.reload,
  })
  try {
    await executor.load(options.paths)
    const settings = executor.daemonSettings
    if (!options.logLevel && settings.logLevel) log.setLevel(settings.logLevel as LogLevel)
    const listeners = await openListeners(executor, metrics, log, {
      api: addressOf(options.listen ?? settings.listen ?? DEFAULT_LISTEN),
      admin: addressOf(options.adminListen ?? settings.adminListen ?? DEFAULT_ADMIN_LISTEN),
    })
    if (options.pollIntervalMs !== undefined) await executor.watch({ pollIntervalMs: options.pollIntervalMs })
    log.info({ api: listeners.api, admin: listeners.admin }, 'ready')
    return { executor, log, ...listeners }
  } catch (error) {
    await executor[Symbol.asyncDispose]()
    throw error
  }
}

/** What systemd makes for `StateDirectory=`; the first one of several. */
function stateDirectory({ STATE_DIRECTORY }: NodeJS.ProcessEnv) {
  const [first] = STATE_DIRECTORY?.split(':') ?? []
  return first ? { stateDirectory: first } : {}
}

async function openListeners(
  executor: Executor,
  metrics: Metrics,
  log: DaemonLog,
  at: { api: ListenAddress; admin: ListenAddress },
) {
  let ready = true
  const proxy = new ServiceProxy({ log, metrics })
  const api = createApiServer({ executor, proxy, metrics, log, door: createDoor(at.api) })
  const admin = createAdminServer({ executor, metrics, door: createDoor(at.admin), isReady: () => ready })
  const close = async () => {
    await api.close()
    await admin.close()
    await proxy.close()
  }
  try {
    const addresses = { api: await listen(api, at.api), admin: await listen(admin, at.admin) }
    return { ...addresses, stop }
  } catch (error) {
    await close()
    throw error
  }

  async function stop(limitMs: number): Promise<void> {
    ready = false
    log.info({}, 'stopping: finishing what runs')
    const force = setTimeout(() => {
      log.warn({ limitMs }, 'time is up: closing connections')
      api.server.closeAllConnections()
    }, limitMs)
    await close()
    clearTimeout(force)
    await executor[Symbol.asyncDispose]()
    log.info({}, 'stopped')
  }
}
