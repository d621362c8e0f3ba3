// Addresses: which ones may be listened on, and a server bound to one.
import { chmod, lchown, lstat, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { DaemonSettings, SocketSettings } from '../config/model/model.ts'
import { isExposed } from '../config/rules/exposed-daemon.ts'
import { type ListenAddress, parseListen } from '../server/callers/door.ts'
import { readAccess, type SocketAccess, UnknownNameError } from './socket-access.ts'

/** An address that cannot be used: not loopback, not an address, or taken. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly reason: 'invalid' | 'exposed' | 'unavailable'

  constructor(message: string, reason: ListenError['reason'] = 'unavailable') {
    super(message)
    this.reason = reason
  }
}

/** Throws ListenError for what is no address, or one that other machines can reach without callers and TLS being set. */
export function addressOf(text: string, { callers, tls }: DaemonSettings): ListenAddress {
  const address = parseListen(text)
  if (!address) throw new ListenError(`\`${text}\` is not an address; write 127.0.0.1:7117 or unix:/path`, 'invalid')
  if (isExposed(text) && !(callers && tls)) {
    throw new ListenError(
      `\`${text}\` can be reached from other machines, and everyone there would get credentials [daemon/exposed]; listen on 127.0.0.1, [::1] or unix:/path, or set both \`daemon.callers\` and \`daemon.tls\``,
      'exposed',
    )
  }
  return address
}

/** Binds the server; gives the address as bound, such as `http://127.0.0.1:7117`. Throws ListenError. */
export async function listen(
  server: FastifyInstance,
  address: ListenAddress,
  { socket, scheme = 'http' }: { socket?: SocketSettings | undefined; scheme?: 'http' | 'https' },
): Promise<string> {
  try {
    if ('path' in address) return await listenOnSocket(server, address.path, await readAccess(socket))
    await server.listen(address)
    const { port } = server.server.address() as AddressInfo
    return `${scheme}://${address.host.includes(':') ? `[${address.host}]` : address.host}:${port}`
  } catch (error) {
    if (error instanceof ListenError) throw error
    if (error instanceof UnknownNameError) throw new ListenError(error.message)
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

/** A socket that a killed process left is replaced; anything else at that path stays. */
async function listenOnSocket(server: FastifyInstance, path: string, access: SocketAccess): Promise<string> {
  const present = await lstat(path).catch(() => undefined)
  if (present && !present.isSocket())
    throw new ListenError(`cannot listen on unix:${path}: a file that is no socket is there`)
  if (present && (await answers(path)))
    throw new ListenError(`cannot listen on unix:${path}: another process listens there`)
  if (present) await rm(path)
  bindForOwnerOnly(server.server)
  await server.listen({ path })
  if (access.uid !== undefined || access.gid !== undefined) await lchown(path, access.uid ?? -1, access.gid ?? -1)
  await chmod(path, access.mode)
  return `unix:${path}`
}

/** Between bind and chmod others could connect. The umask is that of the whole process, so it changes for this call alone. */
function bindForOwnerOnly(server: Server): void {
  const bind = server.listen
  server.listen = ((...args: Parameters<Server['listen']>) => {
    const before = process.umask(0o177)
    try {
      return bind.apply(server, args)
    } finally {
      process.umask(before)
    }
  }) as Server['listen']
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
