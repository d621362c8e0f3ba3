// Addresses: which ones may be listened on, and a server bound to one.
import { chmod, lstat, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { isExposed } from '../config/rules/exposed-daemon.ts'
import { type ListenAddress, parseListen } from '../server/door.ts'

/** An address that cannot be used: not loopback, not an address, or taken. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly reason: 'invalid' | 'exposed' | 'unavailable'

  constructor(message: string, reason: ListenError['reason'] = 'unavailable') {
    super(message)
    this.reason = reason
  }
}

/** Throws ListenError for what is no address, or one that other machines can reach. */
export function addressOf(text: string): ListenAddress {
  const address = parseListen(text)
  if (!address) throw new ListenError(`\`${text}\` is not an address; write 127.0.0.1:7117 or unix:/path`, 'invalid')
  if (isExposed(text)) {
    throw new ListenError(
      `\`${text}\` can be reached from other machines, and everyone there would get credentials [daemon/exposed]; listen on 127.0.0.1, [::1] or unix:/path`,
      'exposed',
    )
  }
  return address
}

/** Binds the server; gives the address as bound, such as `http://127.0.0.1:7117`. Throws ListenError. */
export async function listen(server: FastifyInstance, address: ListenAddress): Promise<string> {
  try {
    return 'path' in address ? await listenOnSocket(server, address.path) : await server.listen(address)
  } catch (error) {
    if (error instanceof ListenError) throw error
    const { code } = error as NodeJS.ErrnoException
    const where = 'path' in address ? `unix:${address.path}` : `${address.host}:${address.port}`
    throw new ListenError(`cannot listen on ${where}: ${REASONS[code ?? ''] ?? code}`)
  }
}

const REASONS: Record<string, string> = {
  EADDRINUSE: 'another process listens there',
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOENT: 'its folder does not exist',
}

/** For the owner only. A socket that a killed process left is replaced; anything else at that path stays. */
async function listenOnSocket(server: FastifyInstance, path: string): Promise<string> {
  const present = await lstat(path).catch(() => undefined)
  if (present && !present.isSocket())
    throw new ListenError(`cannot listen on unix:${path}: a file that is no socket is there`)
  if (present && (await answers(path)))
    throw new ListenError(`cannot listen on unix:${path}: another process listens there`)
  if (present) await rm(path)
  await server.listen({ path })
  await chmod(path, 0o600)
  return `unix:${path}`
}

function answers(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
