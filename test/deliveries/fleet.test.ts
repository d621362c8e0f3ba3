// A queue that replicas share, seen by callers: a database that comes and goes, files, and what one replica does for another one.
import { existsSync, readdirSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fleet, idle, PUT, postgres, root, until } from '../support/fleet.ts'
import { startReceiver } from '../support/receiver.ts'

fleet('no database, at the start or later: 503 and never 202; what waits goes on when it is back', async fleet => {
  await postgres!.stop()
  const replica = await fleet.start()
  // A 503 may come from a database that failed while it committed: what is repeated with its key is accepted once.
  const accepted = async (n: number) => {
    const init = { method: 'POST', body: `content ${n}`, headers: { 'Idempotency-Key': `key-${n}` } }
    return (await replica.call(`/v1/actions/put/deliveries?input.n=${n}`, init)).status === 202
  }
  const refused = async () => {
    const { status, body, headers } = await replica.put(1)
    assert.equal([status, body.code], [503, 'state_unavailable'])
    assert.ok(Number(headers.get('retry-after')) > 0)
    const { deliveries } = await replica.status()
    assert.equal([deliveries.queue, deliveries.ok], ['postgresql', false])
    assert.match(deliveries.lastError, /the database of `daemon.state.url` cannot be used/)
    assert.match(await (await fetch(`${replica.admin}/metrics`)).text(), /^bearerd_deliveries_available 0$/m)
    assert.is((await replica.call('/v1/deliveries')).status, 503)
    assert.is((await fetch(`${replica.admin}/-/ready`)).status, 200)
  }
  await refused()
  await postgres!.start()
  await until('accepted', () => accepted(2))
  await until('delivered', () => idle(replica))
  assert.match(await (await fetch(`${replica.admin}/metrics`)).text(), /^bearerd_deliveries_available 1$/m)
  await postgres!.stop('kill')
  await until('noticed', async () => (await replica.status()).deliveries.ok === false)
  await refused()
  await postgres!.start()
  await until('accepted again', () => accepted(3))
  await until('delivered', () => idle(replica))
  const sent = new Map(fleet.receiver.received.map(({ path, headers }) => [headers['idempotency-key'], path]))
  assert.equal([...sent.values()], ['/2', '/3'])
})

fleet('who waits hears of it when another replica delivers', async fleet => {
  const nowhere = await startReceiver()
  await nowhere.close()
  // With pauses in which the other one can look: without, its thousand attempts may be over before.
  const put = { ...PUT, retry: { attempts: 1000, minDelay: '100ms', maxDelay: '200ms' } }
  const cannot = await fleet.start({ serverUrl: nowhere.url, actions: { put } })
  const can = await fleet.start()
  assert.is((await can.call('/v1/deliveries')).status, 200)
  const { status, body } = await cannot.put(1, 'x', '&wait=60s')
  assert.equal([status, body.state], [200, 'delivered'])
})

{
  let status = 503
  const slow = { ...PUT, retry: { attempts: 100, minDelay: '1s', maxDelay: '1s' } }
  fleet(
    'an action that one replica does not know is left to the others',
    async fleet => {
      const late = await fleet.start({ actions: { other: PUT } })
      const early = await fleet.start({ actions: { put: slow } })
      const { body } = await early.put(1)
      const looked = Date.now()
      await until('several looks', () => Date.now() - looked > 6_000)
      assert.not.equal((await late.call(`/v1/deliveries/${body.id}`)).body.state, 'dead')
      status = 200
      await until('delivered', async () => (await late.call(`/v1/deliveries/${body.id}`)).body.state === 'delivered')
    },
    () => ({ status }),
  )
}

fleet('without a folder: up to 1 MiB; more is 413 with what to do, also without a length', async fleet => {
  const replica = await fleet.start()
  const [most, more] = [Buffer.alloc(1024 * 1024, 'a'), Buffer.alloc(1024 * 1024 + 1, 'a')]
  assert.is((await replica.put(1, most, '&wait=60s')).status, 200)
  assert.ok(fleet.receiver.received[0]!.body.equals(most))
  for (const size of [more, Buffer.alloc(4 * 1024 * 1024)]) {
    const { status, body } = await replica.put(2, size)
    assert.equal([status, body.code], [413, 'body_too_large'])
    assert.match(body.detail, /name one as `daemon.state.dir`, beside `url`/)
  }
  assert.is((await replica.call('/v1/deliveries')).body.deliveries.length, 1)
})

const contents = (folder: string) =>
  ['content', 'uploads']
    .map(part => join(folder, 'deliveries', part))
    .filter(path => existsSync(path))
    .flatMap(path => readdirSync(path))

{
  let status = 503
  fleet(
    'a shared folder: what one replica took in another one delivers; nothing of it stays',
    async fleet => {
      const dir = join(root, 'shared')
      const slow = { ...PUT, retry: { attempts: 100, minDelay: '1s', maxDelay: '1s' } }
      const first = await fleet.start({ state: { dir }, actions: { put: slow } })
      const large = Buffer.alloc(3 * 1024 * 1024, 'b')
      const form = new FormData()
      form.append('file', new Blob(['small']), 'small.txt')
      form.append('file', new Blob([large]), 'large.bin')
      const sent = await first.call('/v1/actions/put/deliveries?input.n=1', { method: 'POST', body: form })
      assert.is(sent.status, 202)
      assert.equal(contents(dir), [sent.body.id])
      await until('pending', async () => (await first.call(`/v1/deliveries/${sent.body.id}`)).body.state === 'pending')
      await first.end('SIGKILL')
      const second = await fleet.start({ state: { dir } })
      assert.equal(contents(dir), [sent.body.id])
      status = 200
      await until('delivered', () => idle(second))
      const bodies = fleet.receiver.received.slice(-2).map(({ body }) => body)
      assert.equal(
        bodies.map(body => [body.length, body.subarray(0, 5).toString()]),
        [
          [5, 'small'],
          [large.length, 'bbbbb'],
        ],
      )
      await until('gone', () => contents(dir).length === 0)
    },
    () => ({ status }),
  )
}

fleet('an upload goes on while another replica starts', async fleet => {
  const state = { dir: join(root, 'uploading') }
  const first = await fleet.start({ state })
  const upload = httpRequest(`${first.api}/v1/actions/put/deliveries?input.n=1`, { method: 'POST' })
  const answered = new Promise<number>((resolve, reject) => {
    upload.on('response', ({ statusCode }) => resolve(statusCode!)).on('error', reject)
  })
  answered.catch(() => undefined)
  for (let part = 0; part < 3; part++) upload.write(Buffer.alloc(600_000, 'c'))
  await until('in the folder', () => contents(state.dir).length === 1)
  const second = await fleet.start({ state })
  assert.is((await second.call('/v1/deliveries')).status, 200)
  upload.end('end')
  assert.is(await answered, 202)
  await until('delivered', () => idle(second))
  assert.is(fleet.receiver.received[0]!.body.length, 1_800_003)
})

fleet('a folder that is not the shared one is refused, with what to do', async fleet => {
  const first = await fleet.start({ state: { dir: join(root, 'one') } })
  assert.is((await first.put(1)).status, 202)
  const second = await fleet.start({ state: { dir: join(root, 'two') } })
  const { status, body } = await second.put(2)
  assert.equal([status, body.code], [503, 'state_unavailable'])
  assert.match(body.detail, /not the folder that the other replicas see: mount the same one/)
})

test.run()
