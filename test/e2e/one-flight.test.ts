// One token request for any number of callers over HTTP: those that come at once, those that leave, and those whose token the
// service refuses, at once or late.
import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as hostile from '../support/hostile-token-endpoint.ts'
import { listenOnLoopback } from '../support/loopback.ts'
import { createRunning } from '../support/running.ts'

const CALLERS = 200
const REFUSED = 50

const running = createRunning()
test.after.each(() => running.close())

interface Caller {
  answer: Promise<{ status: number; text: string } | 'left'>
  leave(): void
}

function call(api: string, path: string, agent: Agent): Caller {
  const outgoing = request(`${api}/v1/services/s/${path}`, { agent })
  const { promise, resolve } = Promise.withResolvers<Awaited<Caller['answer']>>()
  outgoing.on('error', () => resolve('left'))
  outgoing.on('response', async response => resolve({ status: response.statusCode!, text: await text(response) }))
  outgoing.end()
  return { answer: promise, leave: () => outgoing.destroy() }
}

async function start(endpoint: hostile.StartedTokenEndpoint, serverUrl: string) {
  const account = { accessTokenUri: endpoint.url, clientId: 'app', clientSecret: 'fake-secret', scope: [] }
  const { api } = await running.serve({ services: { s: { account, serverUrl } } })
  const agent = new Agent({ keepAlive: true })
  await running.open({ close: () => agent.destroy() })
  return { api, agent }
}

test(`${CALLERS} callers of both routes at once, of which the first and a third leave: one token request`, async () => {
  const gate = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const endpoint = await running.open(
    hostile.startTokenEndpoint(async (_request, index) => {
      asked.resolve()
      await gate.promise
      return hostile.token(`token-${index + 1}`)
    }),
  )
  const service = await running.open(
    listenOnLoopback((incoming, response) => void response.end(incoming.headers.authorization)),
  )
  const { api, agent } = await start(endpoint, service.url)
  const callers = Array.from({ length: CALLERS }, (_, index) =>
    call(api, index % 2 === 0 ? 'authorization' : `proxy/${index}`, agent),
  )
  await asked.promise
  const leaves = (index: number) => index % 3 === 0
  // What was sent before is there when something sent later is answered.
  assert.is((await fetch(`${api}/v1/services`)).status, 200)
  for (const [index, { leave }] of callers.entries()) if (leaves(index)) leave()
  assert.is((await fetch(`${api}/v1/services`)).status, 200)
  gate.resolve()
  const answers = await Promise.all(callers.map(({ answer }) => answer))
  for (const [index, answer] of answers.entries()) {
    if (leaves(index)) assert.is(answer, 'left')
    else if (answer === 'left') assert.unreachable(`caller ${index} got nothing`)
    else assert.match(`${answer.status} ${answer.text}`, /^200 .*Bearer token-1/)
  }
  assert.is(endpoint.requests.length, 1)
})

test(`${REFUSED} refusals of one token at once, and a late one: one new token, and each request is repeated with it`, async () => {
  const endpoint = await running.open(
    hostile.startTokenEndpoint((_request, index) => hostile.token(`token-${index + 1}`)),
  )
  const late = Promise.withResolvers<void>()
  const all = Promise.withResolvers<void>()
  const waiting = new Set<string>()
  const service = await running.open(
    listenOnLoopback(async ({ url = '', headers }, response) => {
      if (headers.authorization === 'Bearer token-1' && url !== '/warm') {
        waiting.add(url)
        if (waiting.size === REFUSED + 1) all.resolve()
        await all.promise
        if (url === '/late') await late.promise
        response.writeHead(401)
      }
      response.end(headers.authorization)
    }),
  )
  const { api, agent } = await start(endpoint, service.url)
  await call(api, 'proxy/warm', agent).answer
  const lateOne = call(api, 'proxy/late', agent)
  const callers = Array.from({ length: REFUSED }, (_, index) => call(api, `proxy/${index}`, agent))
  const expected = { status: 200, text: 'Bearer token-2' }
  for (const { answer } of callers) assert.equal(await answer, expected)
  assert.is(endpoint.requests.length, 2)
  late.resolve()
  assert.equal(await lateOne.answer, expected)
  assert.equal(await call(api, 'proxy/after', agent).answer, expected)
  assert.is(endpoint.requests.length, 2, 'a late refusal of an older token triggers nothing')
})

test.run()
