// The daemon's log: pino, one JSON object a line on standard error, or one readable line.
import { pino } from 'pino'
import type { Log } from '../base/log.ts'

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'

export const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'silent']

export interface LogOptions {
  level: LogLevel
  format: 'json' | 'pretty'
}

export interface DaemonLog extends Log {
  setLevel(level: LogLevel): void
  /** More and more, then as at the start: debug, trace, info. Says so in the log. */
  cycleLevel(): void
}

export function createLog({ level, format }: LogOptions): DaemonLog {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: levelName },
  }
  // What cannot be written is an event of its own there.
  if (format === 'pretty') process.stderr.on('error', () => {})
  const logger = pino(options, format === 'pretty' ? { write: writePretty } : linesOnStandardError())
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    isDebug: () => logger.isLevelEnabled('debug'),
    setLevel: next => {
      logger.level = next
    },
    cycleLevel() {
      logger.level = NEXT_LEVEL[logger.level] ?? 'debug'
      logger.info({ logLevel: logger.level }, 'log level changed')
    },
  }
}

const MAX_WAITING_BYTES = 1024 * 1024

/** A disk that is full, or a reader that is gone, ends no daemon: the oldest lines wait until they can be written, the others are lost. */
function linesOnStandardError() {
  const lines = pino.destination({ dest: 2, sync: true, maxLength: MAX_WAITING_BYTES })
  lines.on('error', () => {})
  return lines
}

const NEXT_LEVEL: Record<string, LogLevel> = { debug: 'trace', trace: 'info' }

function levelName(label: string): { level: string } {
  return { level: label }
}

function writePretty(line: string): void {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
  const rest = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  // Nothing of it controls a terminal.
  const text = [msg, ...rest].join(' ').replace(/[\x00-\x1f\x7f-\x9f]/g, ' ')
  process.stderr.write(`${String(time).slice(11, 23)} ${String(level).padEnd(5)} ${text}\n`)
}
