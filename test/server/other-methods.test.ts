// A path that there is, with a method that it does not have: 405 with `Allow` at both listeners; what is no path stays 404.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Daemon } from '../../src/daemon/daemon.ts'
import { createRunning } from '../support/running.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-methods-'))
const running = createRunning()
let daemon: Daemon

test.before(async () => {
  const service = { account: { authorization: 'none' }, serverUrl: 'http://127.0.0.1:9' }
  const note = { type: 'sendToConnectedService', authenticateWith: 's', path: '/', content: { json: {} } }
  daemon = await running.serve({ services: { s: service }, actions: { note }, daemon: { state: { dir: folder } } })
})
test.after(async () => {
  await running.close()
  rmSync(folder, { recursive: true })
})

async function answered(base: string, method: string, path: string) {
  const response = await fetch(base + path, { method, ...(method === 'PUT' && { body: 'some content' }) })
  const body = response.headers.get('content-type') === 'application/problem+json' ? await response.json() : {}
  return [response.status, response.headers.get('allow'), (body as { code?: string }).code]
}

for (const [method, path, allow] of [
  ['PUT', '/v1/actions/note/deliveries', 'POST'],
  ['GET', '/v1/actions/note/deliveries?wait=1s', 'POST'],
  ['POST', '/v1/deliveries', 'GET, HEAD'],
  ['PATCH', '/v1/deliveries/4f1c0d52-5c0e-4c43-9d5b-0a4d7a3a1c11', 'DELETE, GET, HEAD'],
  ['GET', '/v1/deliveries/4f1c0d52-5c0e-4c43-9d5b-0a4d7a3a1c11/retry', 'POST'],
  ['DELETE', '/v1/services', 'GET, HEAD'],
  ['PUT', '/v1/services/s', 'GET, HEAD'],
  ['POST', '/v1/services/s/authorization', 'GET, HEAD'],
  ['GET', '/v1/services/s/token', 'DELETE'],
] as const)
  test(`${method} ${path}`, async () => {
    assert.equal(await answered(daemon.api, method, path), [405, allow, 'method_not_allowed'])
  })

test('at the admin listener too', async () => {
  assert.equal(await answered(daemon.admin, 'GET', '/-/reload'), [405, 'POST', 'method_not_allowed'])
})

test('what is no path is not found, whatever the method', async () => {
  for (const [method, path] of [
    ['GET', '/v1/nothing'],
    ['PUT', '/v1/actions/note'],
    ['POST', '/v1/deliveries/a/b/c'],
    ['GET', '/v1/services/s/'],
  ] as const)
    assert.equal((await answered(daemon.api, method, path)).slice(0, 2), [404, null], `${method} ${path}`)
})

test.run()
