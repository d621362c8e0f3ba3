// `daemon.socket` -> numbers for the file system. Names are those of this machine's own files.
import { readFile } from 'node:fs/promises'
import type { SocketSettings } from '../config/model/model.ts'

export interface SocketAccess {
  mode: number
  uid?: number
  gid?: number
}

export class UnknownNameError extends Error {}

/** Rejects with UnknownNameError for a user or group that this machine does not have. */
export async function readAccess({ mode = '0600', owner, group }: SocketSettings = {}): Promise<SocketAccess> {
  return {
    mode: Number.parseInt(mode, 8),
    ...(owner !== undefined && { uid: await numberOf(owner, 'user', '/etc/passwd') }),
    ...(group !== undefined && { gid: await numberOf(group, 'group', '/etc/group') }),
  }
}

async function numberOf(name: string, kind: string, file: string): Promise<number> {
  if (/^\d+$/.test(name)) return Number(name)
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  const line = lines.map(text => text.split(':')).find(([entry]) => entry === name)
  if (!line) throw new UnknownNameError(`\`daemon.socket\`: this machine has no ${kind} \`${name}\``)
  return Number(line[2])
}
