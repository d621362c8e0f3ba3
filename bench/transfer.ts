// One large body over a bare socket, in either direction: how long it takes. Nothing of it is kept.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const CHUNK = Buffer.alloc(1024 * 1024, 'x')

/** Seconds until all of the answer is here. Rejects for any answer but a 200. */
export async function download(port: number, path: string): Promise<number> {
  const startMs = performance.now()
  const { socket, answer } = exchange(port)
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
  await answer
  return (performance.now() - startMs) / 1000
}

/** Seconds until the answer to a body of so many bytes. */
export async function upload(port: number, path: string, bytes: number): Promise<number> {
  const startMs = performance.now()
  const { socket, answer } = exchange(port)
  const head = [`PUT ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, `Content-Length: ${bytes}`]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  for (let left = bytes; left > 0 && !socket.destroyed; left -= CHUNK.length) {
    if (socket.write(left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK)) continue
    await Promise.race([once(socket, 'drain'), answer])
  }
  await answer
  return (performance.now() - startMs) / 1000
}

function exchange(port: number): { socket: Socket; answer: Promise<void> } {
  const { promise: answer, resolve, reject } = Promise.withResolvers<void>()
  let head = ''
  let left = -1
  const take = (size: number, bytes: Uint8Array): boolean => {
    if (left < 0) {
      head += Buffer.from(bytes.buffer, bytes.byteOffset, size).toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return true
      if (!head.startsWith('HTTP/1.1 200')) reject(new Error(`not a 200: ${head.slice(0, 80)}`))
      left = Number(/^content-length: *(\d+)/im.exec(head.slice(0, end))?.[1]) - (head.length - end - 4)
    } else left -= size
    if (left === 0) {
      resolve()
      socket.destroy()
    }
    return true
  }
  const onread = { buffer: Buffer.alloc(1024 * 1024), callback: take }
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread })
  socket.once('error', reject)
  socket.once('close', () => reject(new Error(`port ${port} closed the connection within an answer`)))
  return { socket, answer }
}
