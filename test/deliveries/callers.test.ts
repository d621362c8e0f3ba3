// What a caller may see and change of deliveries: those of its actions, with the values that it may give.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startReceiver } from '../support/receiver.ts'
import { createRunning } from '../support/running.ts'

const running = createRunning()
const token = (name: string) => `fake-token-of-${name}`
let api: string

test.before(async () => {
  const receiver = await running.open(startReceiver(({ path }) => ({ status: 200, body: `private to ${path}` })))
  const action = { type: 'sendToConnectedService', authenticateWith: 'tenants', path: '/notes', content: { json: {} } }
  const caller = (name: string, tenants: string[], actions = ['note']) => ({
    token: token(name),
    actions,
    parameters: { tenant: tenants },
  })
  const daemon = await running.serve({
    services: {
      tenants: {
        account: { authorization: 'none' },
        serverUrl: `${receiver.url}/{{params.tenant}}`,
        parameters: { tenant: { pattern: '^[a-z]+$', default: 'house' } },
      },
    },
    actions: { note: { ...action, keepResponse: {} }, other: action },
    daemon: {
      state: { dir: 'state' },
      callers: { acme: caller('acme', ['acme']), globex: caller('globex', ['globex', 'house'], ['*']) },
    },
  })
  api = daemon.api
})

test.after(() => running.close())

async function call(name: string, path: string, method = 'GET', more: Record<string, string> = {}) {
  const headers = { Authorization: `Bearer ${token(name)}`, 'Content-Type': 'application/json', ...more }
  const body = method === 'POST' ? '{}' : null
  const reply = await fetch(`${api}/v1/${path}`, { method, headers, body })
  const text = await reply.text()
  return { status: reply.status, json: text === '' ? undefined : JSON.parse(text) }
}

for (const query of ['?wait=10s&param.tenant=globex', '?wait=10s']) {
  test(`another tenant's delivery is not there: ${query}`, async () => {
    const made = await call('globex', `actions/note/deliveries${query}`, 'POST')
    assert.is(made.status, 200)
    assert.match(JSON.stringify(made.json), 'private to')
    const { id } = made.json
    const own = await call('acme', 'actions/note/deliveries?wait=10s&param.tenant=acme', 'POST')
    for (const [path, method] of [
      [`deliveries/${id}`, 'GET'],
      [`deliveries/${id}/retry`, 'POST'],
      [`deliveries/${id}`, 'DELETE'],
    ] as const) {
      const { status, json } = await call('acme', path, method)
      assert.equal([status, json?.code], [404, 'unknown_delivery'], `${method} ${path}`)
    }
    const listed = await call('acme', 'deliveries')
    const ids = listed.json.deliveries.map((delivery: { id: string }) => delivery.id)
    assert.ok(ids.includes(own.json.id))
    assert.not.ok(ids.includes(id))
    assert.is((await call('globex', `deliveries/${id}`)).status, 200)
  })
}

test('an action that is not listed: 403 that names caller and action, and nothing is accepted', async () => {
  const { status, json } = await call('acme', 'actions/other/deliveries?wait=10s&param.tenant=acme', 'POST')
  assert.equal([status, json.code], [403, 'forbidden'])
  assert.match(json.detail, 'caller `acme` may not use action `other`')
  assert.equal((await call('globex', 'deliveries?action=other')).json.deliveries, [])
  assert.is((await call('globex', 'actions/other/deliveries?wait=10s&param.tenant=globex', 'POST')).status, 200)
})

test('the idempotency key of another caller is another one', async () => {
  const made = async (name: string) => {
    const path = `actions/note/deliveries?param.tenant=${name}`
    return (await call(name, path, 'POST', { 'Idempotency-Key': 'same' })).json.id
  }
  const [acme, globex] = [await made('acme'), await made('globex')]
  assert.is.not(acme, globex)
  assert.is(await made('acme'), acme)
})

test('pages are full of what the caller may see, whatever lies between', async () => {
  const accept = async (name: string, action: string) => {
    const made = await call(name, `actions/${action}/deliveries?wait=10s&param.tenant=${name}`, 'POST')
    return made.json.id as string
  }
  const own: string[] = []
  for (let n = 0; n < 4; n++) {
    own.unshift(await accept('acme', 'note'))
    for (const action of ['note', 'other', 'note']) await accept('globex', action)
  }
  const page = async (query: string) => {
    const { deliveries, next } = (await call('acme', `deliveries?${query}`)).json
    return { ids: deliveries.map(({ id }: { id: string }) => id), next }
  }
  const first = await page('limit=2')
  assert.equal(first.ids, own.slice(0, 2))
  await accept('globex', 'note')
  const second = await page(`limit=2&after=${first.next}`)
  assert.equal(second.ids, own.slice(2))
  const rest = await page(`limit=100&after=${second.next}`)
  assert.equal([rest.ids.some((id: string) => own.includes(id)), rest.next], [false, null])
  assert.equal(await page('action=other'), { ids: [], next: null })
})

test.run()
