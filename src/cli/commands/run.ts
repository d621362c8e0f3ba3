// `bearerd run`: the daemon until a signal ends it.
import { parseDuration } from '../../base/duration.ts'
import { startDaemon } from '../../daemon/daemon.ts'
import { ListenError } from '../../daemon/listen.ts'
import type { LogLevel } from '../../daemon/log.ts'
import { runUntilSignal } from '../../daemon/signals.ts'
import { ConfigurationError } from '../../index.ts'
import { configPaths } from '../config-paths.ts'
import { reportProblems } from '../load.ts'
import { CommandError, EXIT } from '../output.ts'

interface RunOptions {
  config?: string[]
  listen?: string
  adminListen?: string
  watch: boolean
  pollInterval: string
  shutdownTimeout: string
  logLevel?: LogLevel
  logFormat?: 'json' | 'pretty'
}

const LISTEN_EXIT = { invalid: EXIT.usage, exposed: EXIT.problems, unavailable: EXIT.failed }

export async function runDaemon(options: RunOptions): Promise<number> {
  const shutdownTimeoutMs = duration('--shutdown-timeout', options.shutdownTimeout)
  const pollIntervalMs = duration('--poll-interval', options.pollInterval)
  const settings = {
    paths: configPaths(options.config),
    ...(options.listen !== undefined && { listen: options.listen }),
    ...(options.adminListen !== undefined && { adminListen: options.adminListen }),
    ...(options.logLevel && { logLevel: options.logLevel }),
    ...(options.logFormat && { logFormat: options.logFormat }),
    ...(options.watch && { pollIntervalMs }),
  }
  await runUntilSignal(() => startDaemon(settings), shutdownTimeoutMs).catch(error => {
    if (error instanceof ConfigurationError) return reportProblems(error.diagnostics)
    if (error instanceof ListenError) throw new CommandError(LISTEN_EXIT[error.reason], error.message)
    throw error
  })
  return EXIT.ok
}

function duration(flag: string, text: string): number {
  const durationMs = parseDuration(text)
  if (!durationMs) throw new CommandError(EXIT.usage, `${flag} is a duration such as 30s, not \`${text}\``)
  return durationMs
}
