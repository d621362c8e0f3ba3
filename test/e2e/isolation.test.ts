// Nothing of one request reaches another one: callers with other rights, parameters, headers and bodies at the same time, over the
// same connections, on both routes.
import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startTokenEndpoint, token } from '../support/hostile-token-endpoint.ts'
import { listenOnLoopback, readBody, sendJson } from '../support/loopback.ts'
import { createRunning } from '../support/running.ts'

const running = createRunning()
const TENANTS = ['acme', 'globex', 'initech', 'umbrella', 'hooli']
const agent = new Agent({ keepAlive: true, maxSockets: 4 })
let api: string

test.before(async () => {
  const endpoint = await running.open(startTokenEndpoint(({ url }) => token(`bearer-of-${url.split('/').at(-1)}`)))
  const upstream = await running.open(
    listenOnLoopback(async (incoming, response) => {
      const body = (await readBody(incoming)).toString()
      // Answers in another order than the requests came.
      setTimeout(
        () => sendJson(response, 200, { url: incoming.url, headers: incoming.headers, body }),
        Math.random() * 5,
      )
    }),
  )
  const account = {
    accessTokenUri: `${endpoint.url}/{{params.tenant}}`,
    clientId: 'c',
    clientSecret: 'fake-secret',
    scope: [],
  }
  const caller = (tenant: string) => ({
    token: `fake-token-of-${tenant}`,
    services: ['shop'],
    parameters: { tenant: [tenant] },
  })
  const daemon = await running.serve({
    services: {
      shop: {
        account,
        serverUrl: `${upstream.url}/{{params.tenant}}`,
        parameters: { tenant: { pattern: '^[a-z]+$' } },
      },
    },
    daemon: { callers: Object.fromEntries(TENANTS.map(tenant => [tenant, caller(tenant)])) },
  })
  api = daemon.api
})

test.after(async () => {
  agent.destroy()
  await running.close()
})

interface Sent {
  by: string
  tenant: string
  index: number
  route: 'proxy' | 'authorization'
}

async function send({ by, tenant, index, route }: Sent) {
  const headers = {
    Authorization: `Bearer fake-token-of-${by}`,
    'X-Request-Id': `${by}-${index}`,
    'X-Own': `${by}-${index}`,
    ...(index % 2 === 0 && { 'X-Bearerd-Param-Tenant': tenant }),
  }
  const query = index % 2 === 0 ? '' : `?param.tenant=${tenant}`
  const path = `/v1/services/shop/${route === 'proxy' ? `proxy/${index}` : route}${query}`
  const method = route === 'proxy' && index % 3 === 0 ? 'POST' : 'GET'
  const outgoing = request(`${api}${path}`, { agent, method, headers })
  const incoming = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    outgoing
      .on('response', resolve)
      .on('error', reject)
      .end(method === 'POST' ? `body-${by}-${index}` : undefined)
  })
  return { status: incoming.statusCode, headers: incoming.headers, json: JSON.parse(await text(incoming)), method }
}

async function check(sent: Sent): Promise<void> {
  const { by, tenant, index, route } = sent
  const { status, headers, json, method } = await send(sent)
  const id = `${by}-${index}`
  assert.is(headers['x-request-id'], id)
  if (by !== tenant) {
    assert.equal([status, json.code, json.caller, json.requestId], [403, 'forbidden', by, id])
    return
  }
  assert.is(status, 200, JSON.stringify(json))
  const bearer = `Bearer bearer-of-${tenant}`
  if (route === 'authorization') {
    assert.equal([headers.authorization, json.headers.Authorization], [bearer, bearer])
    return
  }
  assert.equal([json.url, json.headers.authorization, json.headers['x-own']], [`/${tenant}/${index}`, bearer, id])
  assert.is(json.body, method === 'POST' ? `body-${id}` : '')
  assert.not.match(JSON.stringify(json), 'fake-token')
}

test('1000 requests of five callers over four connections', async () => {
  const all = Array.from({ length: 1000 }, (_, index): Sent => {
    const by = TENANTS[index % TENANTS.length]!
    // Each seventh one tries the tenant of somebody else.
    const tenant = index % 7 === 0 ? TENANTS[(index + 1) % TENANTS.length]! : by
    return { by, tenant, index, route: index % 4 === 0 ? 'authorization' : 'proxy' }
  })
  await Promise.all(all.map(check))
})

test.run()
