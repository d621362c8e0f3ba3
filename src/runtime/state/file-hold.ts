// What one process has for itself as long as it lives: the lock ends with the process, however that ends.
import { statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../base/clock.ts'

const SQLITE_BUSY = 5
const POLL_MS = { first: 10, max: 250 }

/** What ends the hold; undefined while another process has the folder. */
export function holdFolder(folder: string): Promise<(() => void) | undefined> {
  return lockFile(join(folder, 'lock'))
}

/** Waits for the one before. Undefined when that takes longer than the limit. The file is gone when nobody holds it. */
export async function waitForFile(path: string, limitMs: number): Promise<(() => void) | undefined> {
  const untilMs = systemClock.monotonicMs() + limitMs
  for (let pollMs = POLL_MS.first; ; pollMs = Math.min(pollMs * 2, POLL_MS.max)) {
    const release = await holdShortly(path)
    if (release || systemClock.monotonicMs() >= untilMs) return release
    await systemClock.sleep(pollMs)
  }
}

/** The one before removes the file: who did not get the very one that it saw, and that is there now, looks once more. No file may be opened here but by SQLite: closing it would end the lock. */
async function holdShortly(path: string): Promise<(() => void) | undefined> {
  for (;;) {
    const made = make(path)
    const release = await lockFile(path)
    if (!release || release === NOT_LOCKED) return release
    if (made !== undefined && identify(path) === made) return removing(path, made, release)
    release()
  }
}

/** While it is held, and no more after it. Where it cannot be removed it stays. */
function removing(path: string, made: string, release: () => void): () => void {
  let isHeld = true
  return () => {
    if (!isHeld) return
    isHeld = false
    try {
      if (identify(path) === made) unlinkSync(path)
    } catch {
      // The disk is read-only now: the next one locks the same file.
    } finally {
      release()
    }
  }
}

/** The file that is there, made when there is none; undefined where none can be made, and when it went meanwhile. */
function make(path: string): string | undefined {
  try {
    writeFileSync(path, '', { flag: 'wx', mode: 0o600 })
  } catch {
    // It is there, or nothing can be written here.
  }
  return identify(path)
}

/** Undefined for what is not there, or cannot be seen. */
function identify(path: string): string | undefined {
  try {
    const { dev, ino, birthtimeNs } = statSync(path, { bigint: true })
    return [dev, ino, birthtimeNs].join()
  } catch {
    return undefined
  }
}

/** Where nothing can be locked, nobody else is seen. */
const NOT_LOCKED = () => {}

async function lockFile(path: string): Promise<(() => void) | undefined> {
  // Only who keeps a state needs it.
  const { DatabaseSync } = await import('node:sqlite')
  let database: InstanceType<typeof DatabaseSync> | undefined
  try {
    database = new DatabaseSync(path, { timeout: 0 })
    // Nothing is written, so no journal is left beside.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    const held = database
    return () => {
      // Who is done may be told so twice.
      if (held.isOpen) held.close()
    }
  } catch (error) {
    database?.close()
    return (error as { errcode?: number }).errcode === SQLITE_BUSY ? undefined : NOT_LOCKED
  }
}
