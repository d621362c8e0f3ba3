// What the executor asks of a watcher. The one on the file system stands in watch-files.ts.
import type { Log } from '../base/log.ts'
import type { Suspects } from '../config/read.ts'

export interface WatchRequest {
  /** Files, folders and globs of the configuration. */
  paths: readonly string[]
  /** One that ends with a slash is a folder, of which every file counts. */
  secretFiles: readonly string[]
  directory: string
  pollIntervalMs: number
  log: Log
  onHint(suspects: Suspects): Promise<void>
}

export interface WatchStop {
  /** Watches these paths from now on. */
  update(paths: readonly string[], secretFiles: readonly string[]): void
  stop(): Promise<void>
}

export type WatchPaths = (request: WatchRequest) => Promise<WatchStop>
