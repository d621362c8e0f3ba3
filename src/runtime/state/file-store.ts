// Refresh tokens in a folder, so that a restart does not lose them: one file each, readable by its owner only, written
// whole and safe on disk before anybody uses what came with it.
import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, systemErrorCode } from '../../base/error.ts'
import type { Log } from '../../base/log.ts'
import { Secret } from '../../base/secret.ts'
import { digest } from '../secrets/values.ts'
import { waitForFile } from './file-hold.ts'
import { createMemoryStore } from './memory-store.ts'
import type { TokenStore } from './token-store.ts'

/** Makes the folder when it is not there. Throws AppError `state_unavailable`. */
export function createFileStore(directory: string, log: Log): TokenStore {
  const folder = join(directory, 'refresh-tokens')
  const locks = join(directory, 'locks')
  const key = prepare(folder, locks)
  // What could not be written: it serves at least until the process ends.
  const memory = createMemoryStore()
  const pathOf = (family: Secret) => join(folder, digest(family, key))
  let queue: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work)
    queue = turn.catch(() => undefined)
    return turn
  }

  return {
    refreshToken: async family => (await memory.refreshToken(family)) ?? readToken(pathOf(family), log),
    keep: (family, refreshToken) =>
      inTurn(async () => {
        const last = await memory.refreshToken(family)
        try {
          await writeToken(folder, pathOf(family), refreshToken)
          if (last) await memory.drop(family, last)
        } catch (error) {
          await memory.keep(family, refreshToken)
          log.error(
            { folder, error: systemErrorCode(error) },
            'a refresh token cannot be written to the state folder: a restart would lose it',
          )
        }
      }),
    hold: (family, limitMs) => waitForFile(join(locks, digest(family, key)), limitMs),
    drop: (family, refreshToken) =>
      inTurn(async () => {
        await memory.drop(family, refreshToken)
        const kept = await readToken(pathOf(family), log)
        if (kept && digest(kept) === digest(refreshToken)) await rm(pathOf(family), { force: true })
      }),
  }
}

const KEY_BYTES = 32

/** Throws AppError `state_unavailable`. The key makes the names of the files say nothing about the accounts; it is made at the first start. */
function prepare(folder: string, locks: string): Buffer {
  const path = join(folder, 'key')
  const unavailable = (what: string) => new AppError('state_unavailable', `the state folder ${folder} ${what}`)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
    mkdirSync(locks, { recursive: true, mode: 0o700 })
    writeNewKey(path)
    const key = readFileSync(path)
    if (key.length === KEY_BYTES) return key
  } catch (error) {
    throw unavailable(`cannot be used (${systemErrorCode(error)}); it must be a folder that this user may write to`)
  }
  throw unavailable('has a file `key` that is not bearerd’s; without that file, the refresh tokens beside it are lost')
}

function writeNewKey(path: string): void {
  try {
    const file = openSync(path, 'wx', 0o600)
    writeFileSync(file, randomBytes(KEY_BYTES))
    fsyncSync(file)
    closeSync(file)
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error
  }
}

/** What is no token of ours is none: the grant brings another one. */
async function readToken(path: string, log: Log): Promise<Secret | undefined> {
  try {
    const { refreshToken } = JSON.parse(await readFile(path, 'utf8')) as { refreshToken?: unknown }
    if (typeof refreshToken === 'string' && refreshToken !== '') return new Secret(refreshToken)
    log.warn({ file: path }, 'no refresh token in this file')
  } catch (error) {
    const code = systemErrorCode(error)
    if (code !== 'ENOENT') log.warn({ file: path, error: code ?? 'not JSON' }, 'a kept refresh token cannot be read')
  }
  return undefined
}

/** Beside, safe on disk, and renamed: whoever reads sees the old one or the new one whole. */
async function writeToken(folder: string, path: string, refreshToken: Secret): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString('hex')}`
  try {
    const file = await open(beside, 'wx', 0o600)
    try {
      await file.writeFile(JSON.stringify({ refreshToken: refreshToken.reveal() }))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
  const directory = await open(folder, 'r')
  await directory.sync().finally(() => directory.close())
}
