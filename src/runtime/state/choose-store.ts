// Which store an executor has: the folder that its first configuration names, another default, or memory.
import { AppError } from '../../base/error.ts'
import type { Log } from '../../base/log.ts'
import { createFileStore } from './file-store.ts'
import { createMemoryStore } from './memory-store.ts'
import type { TokenStore } from './token-store.ts'

export interface StoreChoice {
  /** Where it is kept when the configuration names no folder. */
  stateDirectory?: string
  /** A folder that cannot be used is only told. */
  lenient: boolean
  log: Log
}

/** Asked at each activation; chooses at the first: what is kept in one folder does not move to another. Throws AppError `state_unavailable`. */
export function createStoreChooser({ stateDirectory, lenient, log }: StoreChoice): (dir?: string) => TokenStore {
  let chosen: { directory: string | undefined; store: TokenStore } | undefined
  return dir => {
    const directory = dir ?? stateDirectory
    if (!chosen) chosen = { directory, store: open(directory) }
    else if (directory !== chosen.directory) log.warn({}, '`daemon.state.dir` changed: it counts after the next start')
    return chosen.store
  }

  function open(directory: string | undefined): TokenStore {
    if (directory === undefined) return createMemoryStore()
    try {
      return createFileStore(directory, log)
    } catch (error) {
      if (!lenient || !(error instanceof AppError)) throw error
      log.warn({}, error.message)
      return createMemoryStore()
    }
  }
}
