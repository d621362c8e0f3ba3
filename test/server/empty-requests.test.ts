// Requests without a body: no route waits for the end of one, and their connection stays open after a refusal.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { dropRest } from '../../src/server/unread-body.ts'
import { createRunning } from '../support/running.ts'

const running = createRunning()
const folder = mkdtempSync(join(tmpdir(), 'bearerd-empty-'))
test.after(async () => {
  await running.close()
  rmSync(folder, { recursive: true, force: true })
})

const HEADS = {
  'no length': [],
  'a form without a length': ['Content-Type: multipart/form-data; boundary=x'],
  'JSON without a length': ['Content-Type: application/json'],
  'a length of 0': ['Content-Length: 0'],
  'chunks, of which there are none': ['Transfer-Encoding: chunked', '\r\n0'],
}

/** The statuses of the answers to requests that follow each other on one connection. */
async function answersTo(port: number, requests: readonly string[]): Promise<string[]> {
  const socket = connect(port, '127.0.0.1')
  const statuses: string[] = []
  let text = ''
  for (const request of requests) {
    socket.write(request)
    while (!/^HTTP\/1\.1 \d+ [\s\S]*\r\n\r\n[\s\S]*[}\]]\s*$/.test(text))
      text += String((await once(socket, 'data'))[0])
    statuses.push(text.slice(9, 12))
    text = ''
  }
  socket.destroy()
  return statuses
}

test('every route answers a request without a body', async () => {
  const service = createServer((_request, response) => response.end('{}'))
  await running.open(new Promise<typeof service>(done => service.listen(0, '127.0.0.1', () => done(service))))
  const { port } = service.address() as AddressInfo
  const account = { authorization: 'header', header: { name: 'X-Key', value: 'the-key' } }
  const action = { type: 'sendToConnectedService', authenticateWith: 'notes', path: '/', content: { json: {} } }
  const { api } = await running.serve({
    services: { notes: { account, serverUrl: `http://127.0.0.1:${port}` } },
    actions: { note: action },
    daemon: { state: { dir: folder } },
  })
  const heads = Object.values(HEADS)
  const requestsTo = (line: string) =>
    heads.map(head => `${[`${line} HTTP/1.1`, 'Host: 127.0.0.1', ...head].join('\r\n')}\r\n\r\n`)
  const apiPort = Number(new URL(api).port)
  assert.equal(await answersTo(apiPort, requestsTo('POST /v1/actions/note/deliveries')), [
    '202',
    '202',
    '202',
    '202',
    '422',
  ])
  assert.equal(
    await answersTo(apiPort, requestsTo('POST /v1/services/notes/proxy/')),
    heads.map(() => '200'),
  )
  assert.equal(
    await answersTo(apiPort, requestsTo('GET /v1/services/notes/proxy/')),
    heads.map(() => '200'),
  )
  assert.equal(
    await answersTo(apiPort, requestsTo('GET /v1/services')),
    heads.map(() => '200'),
  )
  assert.equal(
    await answersTo(apiPort, requestsTo('POST /v1/services/none/proxy/')),
    heads.map(() => '404'),
  )
})

test('the rest of a body that is not there is not waited for', async () => {
  const waits: number[] = []
  const server = createServer({ optimizeEmptyRequests: true }, (request, response) => {
    dropRest(request)
    waits.push(request.listenerCount('data'))
    response.end('{}')
  })
  await running.open(new Promise<typeof server>(done => server.listen(0, '127.0.0.1', () => done(server))))
  const { port } = server.address() as AddressInfo
  await answersTo(port, [
    'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
    'PUT / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\nok',
  ])
  assert.equal(waits, [0, 1])
})

test.run()
