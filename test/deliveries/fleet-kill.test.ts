// Daemons that share a queue and are killed while they take in and deliver: what was accepted arrives, and only with its own key.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fleet, idle, until } from '../support/fleet.ts'

{
  let held = true
  fleet(
    'kill -9 of the one that sends: another one takes over within 60 s, with the same key',
    async fleet => {
      const first = await fleet.start()
      const { status, body } = await first.put(1)
      assert.is(status, 202)
      await until('it is being sent', () => fleet.receiver.received.length === 1)
      const second = await fleet.start()
      await first.end('SIGKILL')
      const startMs = Date.now()
      held = false
      await until('taken over', () => fleet.receiver.received.length === 2)
      console.log(`taken over after ${Date.now() - startMs} ms`)
      await until('delivered', async () => (await second.call(`/v1/deliveries/${body.id}`)).body.state === 'delivered')
      const { received } = fleet.receiver
      assert.equal(
        received.map(({ headers, body: sent, path }) => [headers['idempotency-key'], sent.toString(), path]),
        Array.from({ length: 2 }, () => [body.id, 'content 1', '/1']),
      )
    },
    () => (held ? new Promise(() => {}) : { status: 200 }),
  )
}

/** `npm run test:kill` takes more of both. */
const KILLS = Number(process.env.KILLS ?? 6)
const DELIVERIES = Number(process.env.DELIVERIES ?? 90)
fleet(
  'kill -9 of two daemons in turn while they take in and deliver: nothing that was accepted is lost',
  async fleet => {
    const replicas = [await fleet.start(), await fleet.start()]
    const accepted = new Map<string, number>()
    let n = 0
    for (let round = 0; round <= KILLS; round++) {
      const end = Math.ceil((DELIVERIES * (round + 1)) / (KILLS + 1))
      const send = async (worker: number): Promise<void> => {
        while (n < end) {
          const own = n++
          const sent = await replicas[(worker + own) % 2]!.put(own).catch(() => undefined)
          if (sent?.status === 202) accepted.set(sent.body.id, own)
        }
      }
      const sending = Promise.all([0, 1, 2, 3].map(send))
      if (round < KILLS) {
        await until('half of them', () => n > end - DELIVERIES / KILLS / 2)
        await replicas[round % 2]!.end('SIGKILL')
      }
      await sending
      if (round < KILLS) replicas[round % 2] = await fleet.start()
    }
    await until('all delivered', () => idle(replicas[0]!), 120_000)
    assert.equal((await replicas[1]!.call('/v1/deliveries?state=dead')).body.deliveries, [])
    assert.ok(accepted.size >= DELIVERIES / 3)
    const bodies = new Map<string, Set<string>>()
    for (const { headers, body, path } of fleet.receiver.received) {
      const key = String(headers['idempotency-key'])
      bodies.set(key, (bodies.get(key) ?? new Set()).add(`${path} ${body}`))
    }
    for (const [id, own] of accepted) assert.equal([...(bodies.get(id) ?? [])], [`/${own} content ${own}`], id)
    console.log(`${accepted.size} accepted, 0 lost, ${fleet.receiver.received.length} requests, ${KILLS} kills`)
  },
  () => ({ status: Math.random() < 0.2 ? 503 : 200 }),
)

test.run()
