// A folder that one process has for itself, as long as it lives: the lock ends with the process, however that ends.
import { join } from 'node:path'

const SQLITE_BUSY = 5

/** What ends the hold; undefined while another process has the folder. Where nothing can be locked, nobody else is seen. */
export async function holdFolder(folder: string): Promise<(() => void) | undefined> {
  // Only who keeps a state needs it.
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
    return () => {
      // Who is done may be told so twice.
      if (database.isOpen) database.close()
    }
  } catch (error) {
    database.close()
    return (error as { errcode?: number }).errcode === SQLITE_BUSY ? undefined : () => {}
  }
}
