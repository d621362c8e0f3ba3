// What every folder may say to the operator; the daemon brings the implementation.

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined | object>>

/** Fields never hold secrets, bodies or queries. */
export interface Log {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
  /** Whether debug lines are written: to save making them. */
  isDebug?(): boolean
}

const nothing = (): void => {}

export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing }
