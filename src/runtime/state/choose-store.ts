// Where an executor keeps its tokens: in the database or the folder that its first configuration names, another default, or memory.
import { AppError } from '../../base/error.ts'
import type { Log } from '../../base/log.ts'
import type { Secret } from '../../base/secret.ts'
import { referenceKey } from '../../compile/text.ts'
import type { DaemonSettings, StateDatabase, Value } from '../../config/model/model.ts'
import type { SecretStore } from '../secrets/secret-store.ts'
import type { Fleet } from '../tokens/fleet.ts'
import type { Database, OnDatabaseChange, Words } from './database.ts'
import { holdFolder } from './file-hold.ts'
import { createFileStore } from './file-store.ts'
import { createMemoryStore } from './memory-store.ts'
import type { PostgresUse } from './postgres.ts'
import type { Sealing } from './sealing.ts'
import type { TokenStore } from './token-store.ts'

export interface StateStatus {
  kind: 'memory' | 'dir' | 'postgresql'
  ok: boolean
  lastError: string | null
}

/** The database of `daemon.state.url`, for what else replicas share there. */
export interface SharedState {
  /** With connections of its own; whoever asks closes them. */
  connect(use: PostgresUse, words: Words, onChange: OnDatabaseChange): Promise<Database>
  sealing: Sealing
}

export interface State {
  tokens: TokenStore
  fleet?: Fleet
  /** For servers built on the executor. */
  shared?: SharedState
  readonly status: StateStatus
  close(): Promise<void>
}

/** Rejects with AppError `state_unavailable` for what can never be used, and not when it is away. */
export type OpenShared = (url: Secret, encryptionKeys: readonly Secret[]) => Promise<State>

export interface StoreChoice {
  /** Where it is kept when the configuration names nothing. */
  stateDirectory?: string | undefined
  /** For a command: no database, and a folder that cannot be used is only told. */
  shortRun?: boolean
  /** Gets what tells that another process uses the folder too; default told at once. */
  onFolderShared?(tell: () => void): void
  /** `daemon.state` names another place than at the start; default told in the log. */
  onStateMoved?(): void
  secrets: SecretStore
  openShared: OpenShared
  log: Log
}

/** Asked at each activation; chooses at the first: what is kept in one place does not move to another. Rejects with AppError `state_unavailable` or `secret_unavailable`. */
export function createStoreChooser(choice: StoreChoice): (settings: DaemonSettings) => Promise<State> {
  const { stateDirectory, shortRun: lenient = false, onFolderShared = tell => tell(), log } = choice
  const { onStateMoved = () => log.warn({}, '`daemon.state` changed: it counts after the next start') } = choice
  let chosen: { place: string; state: State } | undefined
  let last: string | undefined
  return async ({ stateDir, stateDatabase }) => {
    const directory = stateDir ?? stateDirectory
    const database = lenient ? undefined : stateDatabase
    const place = database ? keysOf(database) : `dir ${directory}`
    const moved = chosen && place !== chosen.place && place !== last
    last = place
    if (moved) onStateMoved()
    if (chosen) return chosen.state
    const state = await (database
      ? openDatabaseState(database, choice)
      : openDirectory(directory, { lenient, onFolderShared, log }))
    chosen = { place, state }
    return state
  }
}

export const memoryState = (): State => localState('memory', createMemoryStore())

function localState(kind: 'memory' | 'dir', tokens: TokenStore): State {
  return { tokens, status: { kind, ok: true, lastError: null }, close: async () => {} }
}

interface FolderUse extends Required<Pick<StoreChoice, 'onFolderShared' | 'log'>> {
  lenient: boolean
}

async function openDirectory(directory: string | undefined, use: FolderUse): Promise<State> {
  const { lenient, log } = use
  if (directory === undefined) return memoryState()
  try {
    const state = localState('dir', createFileStore(directory, log))
    return lenient ? state : { ...state, close: await held(directory, use) }
  } catch (error) {
    if (!lenient || !(error instanceof AppError)) throw error
    log.warn({}, error.message)
    return memoryState()
  }
}

/** Refresh tokens are used by one at a time, and yet a folder is meant for one: told. Returns what ends the hold. */
async function held(folder: string, { onFolderShared, log }: FolderUse): Promise<() => Promise<void>> {
  const release = await holdFolder(folder)
  if (!release)
    onFolderShared(() => log.warn({ folder }, `another process uses the state folder ${folder} too: ${HELD}`))
  return async () => release?.()
}

const HELD =
  'it takes no deliveries, and what one of them revokes the other one loses; give each daemon a folder of its own, or use a database'

async function openDatabaseState(database: StateDatabase, { secrets, openShared }: StoreChoice): Promise<State> {
  const [url, ...keys] = await Promise.all(
    [database.url, ...database.encryptionKeys].map(referenceOf).map(secrets.read),
  )
  return openShared(url!, keys)
}

function keysOf({ url, encryptionKeys }: StateDatabase): string {
  return `database ${[url, ...encryptionKeys].map(referenceOf).map(referenceKey).join(' ')}`
}

function referenceOf(value: Value) {
  if (value.kind !== 'secret') throw new Error('the state is opened by secrets')
  return value.reference
}
