// Where paths really lead: changes when a link on the way is swapped or a folder is replaced by another one.
import { realpath, stat } from 'node:fs/promises'
import { systemErrorCode } from '../base/error.ts'

/** One text for all; what cannot be found counts by its reason. Never rejects. */
export async function placesOf(paths: readonly string[]): Promise<string> {
  return (await Promise.all(paths.map(placeOf))).join('\n')
}

async function placeOf(path: string): Promise<string> {
  try {
    const place = await realpath(path)
    const { dev, ino } = await stat(place)
    return `${place} ${dev}:${ino}`
  } catch (error) {
    return systemErrorCode(error) ?? 'unknown'
  }
}
