// A daemon that is killed again and again while it takes in and delivers: what was accepted arrives, and only with its own key.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startProgram } from '../support/program.ts'
import { startReceiver } from '../support/receiver.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-kill-'))
test.after(() => rmSync(folder, { recursive: true }))

/** `npm run test:kill` takes more of both. */
const KILLS = Number(process.env.KILLS ?? 4)
const DELIVERIES = Number(process.env.DELIVERIES ?? 60)

test('kill -9 in a loop: nothing that was accepted is lost', async () => {
  const receiver = await startReceiver(() => ({ status: Math.random() < 0.2 ? 503 : 200 }))
  const action = {
    type: 'copyToHttpServer',
    authenticateWith: 's',
    method: 'PUT',
    path: '/{{input.n}}',
    content: { file: {} },
    retry: { attempts: 1000, minDelay: '1ms', maxDelay: '5ms' },
  }
  const services = { s: { account: { authorization: 'none' }, serverUrl: receiver.url } }
  writeFileSync(
    join(folder, 'services.yaml'),
    JSON.stringify({ version: 1, services, actions: { put: action }, daemon: { state: { dir: 'state' } } }),
  )
  const accepted = new Map<string, number>()
  let n = 0
  for (let round = 0; round <= KILLS; round++) {
    let killed = false
    const { api, end } = await startProgram(join(folder, 'services.yaml'))
    const until = Math.ceil((DELIVERIES * (round + 1)) / (KILLS + 1))
    const send = async (): Promise<void> => {
      while (accepted.size < until && !killed) {
        const own = n++
        const sent = await fetch(`${api}/v1/actions/put/deliveries?input.n=${own}`, {
          method: 'POST',
          body: `content ${own}`,
        }).catch(() => undefined)
        // It stands in the head already: the rest may not come any more.
        if (sent?.status === 202) accepted.set(sent.headers.get('location')!.split('/').at(-1)!, own)
        await sent?.text().catch(() => undefined)
      }
    }
    const sending = Promise.all([send(), send(), send()])
    if (round < KILLS) {
      const moment = accepted.size + Math.random() * (until - accepted.size)
      while (accepted.size < moment) await new Promise(resolve => setTimeout(resolve, Math.random() * 3))
      killed = true
      await end('SIGKILL')
      await sending
    } else {
      await sending
      for (;;) {
        const open = (await (await fetch(`${api}/v1/deliveries?state=pending,running`)).json()) as {
          deliveries: unknown[]
        }
        if (open.deliveries.length === 0) break
      }
      const dead = (await (await fetch(`${api}/v1/deliveries?state=dead`)).json()) as { deliveries: unknown[] }
      assert.equal(dead.deliveries, [])
      await end('SIGTERM')
    }
  }
  assert.ok(accepted.size >= DELIVERIES)
  const bodies = new Map<string, Set<string>>()
  for (const { headers, body, path } of receiver.received) {
    const key = String(headers['idempotency-key'])
    bodies.set(key, (bodies.get(key) ?? new Set()).add(`${path} ${body}`))
  }
  for (const [id, own] of accepted) assert.equal([...(bodies.get(id) ?? [])], [`/${own} content ${own}`], id)
  console.log(`${accepted.size} accepted, 0 lost, ${receiver.received.length} requests, ${KILLS} kills`)
  await receiver.close()
})

test.run()
