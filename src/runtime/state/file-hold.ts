// What one process has for itself as long as it lives: the lock ends with the process, however that ends.
import { join } from 'node:path'
import { systemClock } from '../../base/clock.ts'

const SQLITE_BUSY = 5
const POLL_MS = { first: 10, max: 250 }

/** What ends the hold; undefined while another process has the folder. */
export function holdFolder(folder: string): Promise<(() => void) | undefined> {
  return holdFile(join(folder, 'lock'))
}

/** Waits for the one before. Undefined when that takes longer than the limit. The file stays: who removed it could remove the next one's. */
export async function waitForFile(path: string, limitMs: number): Promise<(() => void) | undefined> {
  const untilMs = systemClock.monotonicMs() + limitMs
  for (let pollMs = POLL_MS.first; ; pollMs = Math.min(pollMs * 2, POLL_MS.max)) {
    const release = await holdFile(path)
    if (release || systemClock.monotonicMs() >= untilMs) return release
    await systemClock.sleep(pollMs)
  }
}

/** Where nothing can be locked, nobody else is seen. */
async function holdFile(path: string): Promise<(() => void) | undefined> {
  // Only who keeps a state needs it.
  const { DatabaseSync } = await import('node:sqlite')
  let database: InstanceType<typeof DatabaseSync> | undefined
  try {
    database = new DatabaseSync(path, { timeout: 0 })
    database.exec('BEGIN EXCLUSIVE')
    const held = database
    return () => {
      // Who is done may be told so twice.
      if (held.isOpen) held.close()
    }
  } catch (error) {
    database?.close()
    return (error as { errcode?: number }).errcode === SQLITE_BUSY ? undefined : () => {}
  }
}
