// The reference: node:http that writes each body to a file, and answers 202 when it is on the disk.
import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

const [port, folder = ''] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
let count = 0

const server = createServer({ requestTimeout: 0 }, async (request, response) => {
  const path = join(folder, String(count++))
  await pipeline(request, createWriteStream(path, { flush: true }))
  const handle = await open(folder, 'r')
  await handle.sync()
  await handle.close()
  response.writeHead(202).end()
  rmSync(path)
})
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'))
