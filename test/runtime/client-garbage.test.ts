// The library's client while garbage is collected all the time: an answer stays whole until it is read, time limits and a
// caller's own abort hold, and what nobody reads is let go.
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/index.ts'
import { listenOnLoopback, sendJson } from '../support/loopback.ts'
import { createRunning } from '../support/running.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const running = createRunning()
let collecting: NodeJS.Timeout
test.before.each(() => {
  collecting = setInterval(collect, 40)
})
test.after.each(() => {
  clearInterval(collecting)
  return running.close()
})

async function clientOf(answer: (response: ServerResponse, index: number) => void, keys: object = {}) {
  let asked = 0
  const { url } = await running.open(
    listenOnLoopback((request, response) => {
      request.resume()
      answer(response, asked++)
    }),
  )
  const account = { authorization: 'header', header: { name: 'X-Key', value: 'fake-key' } }
  const executor = await running.execute({ services: { s: { account, serverUrl: url, ...keys } } })
  return executor.client('s')
}

/** A part, and then nothing more. */
const stalled = (response: ServerResponse) => void response.writeHead(200).write('x'.repeat(100_000))

test('an answer that nobody has begun to read stays whole', async () => {
  const client = await clientOf(response => sendJson(response, 200, { whole: true }))
  for (let index = 0; index < 3; index++) {
    const response = await client('x')
    await pause(100)
    assert.equal(await response.json(), { whole: true })
  }
})

test('the time limit between the parts of a body holds', async () => {
  const client = await clientOf(stalled, { timeout: '600ms' })
  const error: unknown = await client('x')
    .text()
    .catch((thrown: unknown) => thrown)
  assert.instance(error, AppError)
  assert.is((error as AppError).code, 'upstream_timeout')
})

test('a caller that gives up while the body comes is heard', async () => {
  const client = await clientOf(stalled)
  const leaving = new AbortController()
  const response = await client('x', { signal: leaving.signal })
  const reading = response.text().catch((thrown: unknown) => thrown)
  await pause(100)
  leaving.abort(new Error('enough'))
  assert.is(((await reading) as Error).message, 'enough')
})

test('an answer that is not the last one, and one that the caller does not want, end', async () => {
  const ended: Promise<unknown>[] = []
  const endless = (response: ServerResponse, index: number) => {
    ended.push(once(response, 'close'))
    response.writeHead(index === 0 ? 503 : 200).write('x'.repeat(1_000_000))
  }
  clearInterval(collecting)
  const client = await clientOf(endless, { retry: {} })
  const response = await client('x')
  assert.ok(await Promise.race([ended[0], pause(60_000, undefined, { ref: false })]), 'the first one')
  await response.body?.cancel()
  assert.ok(await Promise.race([ended[1], pause(60_000, undefined, { ref: false })]), 'the second one')
})

test.run()
