// `retry` of a service, through the proxy and the library's client: what is sent again, after which pause, and when the
// answer is the caller's. The pauses are those of a fake clock, with the longest jitter.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Clock } from '../../src/base/clock.ts'
import { type Log, silentLog } from '../../src/base/log.ts'
import type { AppError, Executor } from '../../src/index.ts'
import { createMetrics } from '../../src/server/metrics.ts'
import { ServiceProxy } from '../../src/server/proxy/proxy.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'
import { type Loopback, listenOnLoopback, readBody, sendJson } from '../support/loopback.ts'
import { runCommand } from '../support/run-command.ts'
import { createRunning } from '../support/running.ts'

interface Seen {
  method: string
  body: string
  token: string
}

interface Stage {
  clock: FakeClock
  /** Of the requests to the service, in milliseconds. */
  pauses: number[]
  pausing(): boolean
  executor: Executor
  api: Loopback
  seen: Seen[]
  lines: Record<string, unknown>[]
  metrics: ReturnType<typeof createMetrics>
  door: string
}

type Answering = (request: IncomingMessage, response: ServerResponse, attempt: number) => void

const running = createRunning()
test.after.each(() => running.close())

const KEY = { authorization: 'header', header: { name: 'X-Key', value: 'fake-key' } }
const RETRY = {}

interface Setting {
  retry?: object
  service?: object
  account?: object
  limits?: { maxConcurrent: number; maxQueued: number }
}

async function stage(answering: Answering, setting: Setting = {}): Promise<Stage> {
  const { retry = RETRY, service = {}, account = KEY, limits } = setting
  const clock = fakeClock()
  const seen: Seen[] = []
  const api = await running.open(
    listenOnLoopback(async (request, response) => {
      const body = (await readBody(request)).toString()
      const token = String(request.headers.authorization ?? request.headers['x-key'])
      seen.push({ method: request.method!, body, token })
      answering(request, response, seen.length)
    }),
  )
  const services = { s: { account, serverUrl: api.url, retry, ...service } }
  const { recorded, ...paused } = recording(clock)
  const executor = await running.execute({ services }, { clock: { ...clock, sleep: recorded.sleep } })
  const lines: Record<string, unknown>[] = []
  const log: Log = { ...silentLog, info: (facts, msg) => lines.push({ ...facts, msg }) }
  const metrics = createMetrics()
  const effects = { clock: { ...clock, schedule: recorded.schedule }, random: () => 1 }
  const proxy = await running.open(
    new ServiceProxy({ log, metrics, effects, ...(limits && { limits: () => limits as never }) }),
  )
  const door = await running.open(
    listenOnLoopback((request, response) =>
      proxy.forward({ request, response, requestId: 'id' }, executor.service('s'), request.url!),
    ),
  )
  return { clock, ...paused, executor, api, seen, lines, metrics, door: door.url }
}

/** Both ways to a service. */
const WAYS: [string, (on: Stage, init?: RequestInit) => Promise<Response>][] = [
  ['proxy', ({ door }, init = {}) => fetch(`${door}/x`, init)],
  [
    'client',
    ({ executor }, init = {}) => Promise.resolve(executor.client('s')('x', { ...init, throwHttpErrors: false })),
  ],
]

/** Lets time pass whenever a request pauses; tells how long each pause was. */
async function pausesUntil<T>(
  { clock, pauses, pausing }: Stage,
  promise: Promise<T>,
): Promise<{ value: T; pauses: number[] }> {
  let settled = false
  const settling = promise.finally(() => {
    settled = true
  })
  settling.catch(() => {})
  while (!settled) {
    if (pausing()) await clock.advance(pauses.at(-1)!)
    await setTimeout(1)
  }
  return { value: await settling, pauses }
}

/** Writes down what is waited for, apart from the timers of tokens. */
function recording(clock: FakeClock) {
  const pauses: number[] = []
  let waiting = 0
  const begin = (delayMs: number) => {
    pauses.push(delayMs)
    waiting++
  }
  const recorded: Pick<Clock, 'schedule' | 'sleep'> = {
    schedule(delayMs, callback) {
      begin(delayMs)
      const cancel = clock.schedule(delayMs, () => {
        waiting--
        callback()
      })
      return () => {
        waiting--
        cancel()
      }
    },
    sleep(delayMs, signal) {
      begin(delayMs)
      return clock.sleep(delayMs, signal).finally(() => waiting--)
    },
  }
  return { recorded, pauses, pausing: () => waiting > 0 }
}

async function until(condition: () => boolean): Promise<void> {
  const giveUpAtMs = performance.now() + 60_000
  while (!condition() && performance.now() < giveUpAtMs) await setTimeout(1)
  assert.ok(condition())
}

const busy: Answering = (_request, response) => sendJson(response, 503, { reason: 'busy' }, { 'X-Own': 'yes' })

const busyUntil =
  (last: number, refuse: Answering = busy): Answering =>
  (request, response, attempt) =>
    attempt < last ? refuse(request, response, attempt) : sendJson(response, 200, { attempt })

const reset: Answering = request => request.socket.destroy()

for (const [way, call] of WAYS) {
  test(`${way}: 503 twice: the third attempt is the answer, after pauses that double`, async () => {
    const on = await stage(busyUntil(3))
    const { value, pauses } = await pausesUntil(on, call(on))
    assert.is(value.status, 200)
    assert.equal(await value.json(), { attempt: 3 })
    assert.equal(pauses, [250, 500])
  })

  test(`${way}: when every attempt fails, the caller gets the last answer as it is`, async () => {
    const on = await stage(busy)
    const { value } = await pausesUntil(on, call(on))
    assert.is(value.status, 503)
    assert.is(value.headers.get('x-own'), 'yes')
    assert.equal(await value.json(), { reason: 'busy' })
    assert.is(on.seen.length, 3)
  })

  for (const [status, requests] of [
    [429, 2],
    [502, 2],
    [503, 2],
    [504, 2],
    [500, 1],
    [404, 1],
    [408, 1],
  ] as const) {
    test(`${way}: ${status} is ${requests > 1 ? '' : 'not '}repeated where \`on\` says nothing`, async () => {
      const on = await stage(busyUntil(2, (_request, response) => sendJson(response, status, {})))
      const { value } = await pausesUntil(on, call(on))
      assert.is(value.status, requests > 1 ? 200 : status)
      assert.is(on.seen.length, requests)
    })
  }

  test(`${way}: what \`on\` lists counts in place of the defaults`, async () => {
    const listed = await stage(
      busyUntil(2, (_request, response) => sendJson(response, 500, {})),
      { retry: { on: [500] } },
    )
    assert.is((await pausesUntil(listed, call(listed))).value.status, 200)
    const other = await stage(busy, { retry: { on: [500] } })
    assert.is((await pausesUntil(other, call(other))).value.status, 503)
    assert.is(other.seen.length, 1)
  })

  for (const method of ['POST', 'PATCH', 'PROPFIND']) {
    test(`${way}: ${method} is never repeated`, async () => {
      const on = await stage(busy)
      const body = method === 'PROPFIND' ? null : 'x'
      assert.is((await pausesUntil(on, call(on, { method, body }))).value.status, 503)
      assert.is(on.seen.length, 1)
    })
  }

  for (const method of ['HEAD', 'OPTIONS', 'DELETE', 'PUT']) {
    test(`${way}: ${method} is repeated`, async () => {
      const on = await stage(busyUntil(2))
      assert.is((await pausesUntil(on, call(on, { method }))).value.status, 200)
      assert.equal(
        on.seen.map(seen => seen.method),
        [method, method],
      )
    })
  }

  test(`${way}: PUT has the same body each time, and is not repeated where it is too large to be kept`, async () => {
    const small = await stage(busyUntil(3))
    await pausesUntil(small, call(small, { method: 'PUT', body: 'hello' }))
    assert.equal(
      small.seen.map(({ body }) => body),
      ['hello', 'hello', 'hello'],
    )
    const large = await stage(busyUntil(3))
    const { value } = await pausesUntil(large, call(large, { method: 'PUT', body: 'x'.repeat(70_000) }))
    assert.is(value.status, 503)
    assert.is(large.seen.length, 1)
  })

  test(`${way}: a service without retry, or with one attempt, is asked once`, async () => {
    for (const retry of [undefined, { attempts: 1 }]) {
      const on = await stage(busy, { service: { retry } })
      assert.is((await pausesUntil(on, call(on))).value.status, 503)
      assert.is(on.seen.length, 1)
    }
  })

  test(`${way}: a connection that ends before the answer is one more attempt`, async () => {
    const on = await stage(busyUntil(3, reset))
    const { value } = await pausesUntil(on, call(on))
    assert.equal(await value.json(), { attempt: 3 })
    const always = await stage(reset)
    await pausesUntil(always, call(always)).catch(() => undefined)
    assert.is(always.seen.length, 3)
    const post = await stage(reset)
    await pausesUntil(post, call(post, { method: 'POST', body: 'x' })).catch(() => undefined)
    assert.is(post.seen.length, 1)
  })

  test(`${way}: an answer that breaks off after its head is not repeated`, async () => {
    const on = await stage((_request, response) => {
      response.writeHead(200, { 'Content-Length': '10' }).write('half')
      setImmediate(() => response.destroy())
    })
    const { value } = await pausesUntil(
      on,
      call(on).then(async response => {
        assert.is(response.status, 200)
        return response.text().catch(() => 'broken')
      }),
    )
    assert.is(value, 'broken')
    assert.is(on.seen.length, 1)
  })

  test(`${way}: Retry-After is waited for, as seconds and as a date`, async () => {
    const seconds = await stage(
      busyUntil(2, (_request, response) => sendJson(response, 429, {}, { 'Retry-After': '2' })),
    )
    assert.equal((await pausesUntil(seconds, call(seconds))).pauses, [2250])
    const date = await stage(
      busyUntil(2, (_request, response) => {
        const at = new Date(date.clock.nowMs() + 3000).toUTCString()
        sendJson(response, 503, {}, { 'Retry-After': at })
      }),
    )
    assert.equal((await pausesUntil(date, call(date))).pauses, [3250])
  })

  test(`${way}: a Retry-After of maxDelay is waited for, a longer one is the caller's`, async () => {
    const later = (after: string): Answering =>
      busyUntil(2, (_request, response) => sendJson(response, 503, {}, { 'Retry-After': after }))
    const within = await stage(later('1'), { retry: { maxDelay: '1s' } })
    assert.equal((await pausesUntil(within, call(within))).pauses, [1000])
    const above = await stage(later('2'), { retry: { maxDelay: '1s' } })
    const { value, pauses } = await pausesUntil(above, call(above))
    assert.is(value.status, 503)
    assert.is(value.headers.get('retry-after'), '2')
    assert.equal(pauses, [])
  })

  test(`${way}: all attempts stay within timeout`, async () => {
    const on = await stage(busy, { service: { timeout: '3s' }, retry: { attempts: 6 } })
    const { value, pauses } = await pausesUntil(on, call(on))
    assert.is(value.status, 503)
    assert.equal(pauses, [250, 500, 1000], 'the next one would be 2000')
    const after = await stage((_request, response) => sendJson(response, 503, {}, { 'Retry-After': '5' }), {
      service: { timeout: '4s' },
    })
    assert.is((await pausesUntil(after, call(after))).value.headers.get('retry-after'), '5')
    assert.is(after.seen.length, 1)
  })

  test(`${way}: a later attempt has what is left of timeout, and a timeout is the end`, async () => {
    const on = await stage((request, response, attempt) => attempt === 1 && busy(request, response, attempt), {
      service: { timeout: '2s', timeoutMessage: 'too slow today' },
    })
    const startedAtMs = performance.now()
    const outcome = await pausesUntil(on, call(on)).catch((error: AppError) => error)
    assert.is(on.seen.length, 2)
    assert.ok(performance.now() - startedAtMs > 200)
    if (way === 'client') return assert.is((outcome as AppError).code, 'upstream_timeout')
    const { value } = outcome as { value: Response }
    assert.is(value.status, 504)
    const { detail, attempts } = (await value.json()) as Record<string, unknown>
    assert.equal({ detail, attempts }, { detail: 'too slow today', attempts: 2 })
  })

  test(`${way}: a caller that leaves within the pause ends it`, async () => {
    const on = await stage(busy)
    const leaving = new AbortController()
    const outcome = call(on, { signal: leaving.signal }).then(
      () => 'answered',
      () => 'left',
    )
    await until(on.pausing)
    leaving.abort()
    assert.is(await outcome, 'left')
    await until(() => !on.pausing())
    await on.clock.advance(60_000)
    assert.is(on.seen.length, 1)
  })

  test(`${way}: a new token after 401 is no attempt, and the new one is used from then on`, async () => {
    const account = await issuing()
    const on = await stage(
      (request, response, attempt) => {
        if (attempt === 2) sendJson(response, 401, {})
        else busyUntil(4)(request, response, attempt)
      },
      { account, retry: { attempts: 3 } },
    )
    const { value } = await pausesUntil(on, call(on))
    assert.equal(await value.json(), { attempt: 4 })
    const tokens = on.seen.map(({ token }) => token)
    assert.is(tokens[0], tokens[1])
    assert.is.not(tokens[1], tokens[2])
    assert.is(tokens[2], tokens[3])
  })

  test(`${way}: a token that was replaced in the pause is not sent again`, async () => {
    const on = await stage(busyUntil(2), { account: await issuing() })
    const { source } = on.executor.service('s').account
    await on.executor.authorize('s')
    const answer = call(on)
    await until(on.pausing)
    source.forget()
    await pausesUntil(on, answer)
    assert.is.not(on.seen[0]!.token, on.seen[1]!.token)
  })

  test(`${way}: one status for both: the body says whether the token or the service is at fault`, async () => {
    const on = await stage(
      (_request, response, attempt) => {
        if (attempt === 1) sendJson(response, 503, { code: 'busy' })
        else if (attempt === 2) sendJson(response, 503, { code: 'token' })
        else sendJson(response, 200, {})
      },
      {
        account: await issuing(),
        service: { reauthenticateOn: { status: [503], at: '/code', equals: 'token' } },
        retry: { attempts: 2 },
      },
    )
    assert.is((await pausesUntil(on, call(on))).value.status, 200)
    assert.is(on.seen.length, 3)
    assert.is(on.seen[0]!.token, on.seen[1]!.token)
    assert.is.not(on.seen[1]!.token, on.seen[2]!.token)
  })

  test(`${way}: a reload within the pause: the request ends on what it began with`, async () => {
    const on = await stage(busyUntil(2))
    const other = await running.open(listenOnLoopback((_request, response) => response.end('other')))
    const answer = call(on)
    await until(on.pausing)
    await on.executor.load(writeServices({ s: { account: KEY, serverUrl: other.url } }))
    const { value } = await pausesUntil(on, answer)
    assert.equal(await value.json(), { attempt: 2 })
    assert.is(await (await call(on)).text(), 'other')
  })
}

test('proxy: nothing listens: three attempts, and a problem that says so', async () => {
  const on = await stage(busy)
  await on.api.close()
  const { value, pauses } = await pausesUntil(on, fetch(`${on.door}/x`))
  assert.is(value.status, 502)
  const { code, attempts } = (await value.json()) as Record<string, unknown>
  assert.equal({ code, attempts }, { code: 'upstream_unreachable', attempts: 3 })
  assert.equal(pauses, [250, 500])
})

test('client: nothing listens: three attempts, then the error', async () => {
  const on = await stage(busy)
  await on.api.close()
  const failing = Promise.resolve(on.executor.client('s')('x')).catch(error => error)
  const { value, pauses } = await pausesUntil(on, failing)
  assert.is((value as AppError).code, 'upstream_unreachable')
  assert.equal(pauses, [250, 500])
})

test('proxy: an answer that is no HTTP is no failed connection', async () => {
  const on = await stage(request => request.socket.end('SSH-2.0-other\r\n'))
  const { value } = await pausesUntil(on, fetch(`${on.door}/x`))
  assert.is(value.status, 502)
  assert.is(on.seen.length, 1)
})

test('proxy: each repeat is a line in the log and counted with its cause', async () => {
  const on = await stage((request, response, attempt) =>
    (attempt === 1 ? reset : busyUntil(3))(request, response, attempt),
  )
  await pausesUntil(on, fetch(`${on.door}/x`))
  assert.equal(on.lines, [
    { service: 's', cause: 'connection', attempt: 2, delayMs: 0, requestId: 'id', msg: 'sent again' },
    { service: 's', cause: 503, attempt: 3, delayMs: 500, requestId: 'id', msg: 'sent again' },
  ])
  const text = await on.metrics.text()
  assert.match(text, 'bearerd_proxy_retries_total{service="s",cause="connection"} 1')
  assert.match(text, 'bearerd_proxy_retries_total{service="s",cause="503"} 1')
  assert.match(text, 'bearerd_proxy_requests_total{service="s",status="200"} 1')
})

test('proxy: who pauses leaves its slot to others, and is the next one then', async () => {
  const held: ServerResponse[] = []
  const on = await stage(
    (request, response, attempt) => {
      if (request.url === '/held') held.push(response)
      else busyUntil(2)(request, response, attempt)
    },
    { limits: { maxConcurrent: 1, maxQueued: 1 } },
  )
  const repeated = fetch(`${on.door}/x`)
  await until(on.pausing)
  const others = [fetch(`${on.door}/held`), fetch(`${on.door}/held`)]
  await until(() => held.length === 1)
  await on.clock.advance(250)
  assert.is(on.seen.length, 2)
  held[0]!.end('done')
  assert.equal(await (await repeated).json(), { attempt: 3 })
  await until(() => held.length === 2)
  held[1]!.end('done')
  assert.equal(await Promise.all(others.map(async other => (await other).text())), ['done', 'done'])
  assert.is((await fetch(`${on.door}/x`)).status, 200)
})

test('`bearerd call` repeats too', async () => {
  const on = await stage(busyUntil(2))
  const file = writeServices({ s: { account: KEY, serverUrl: on.api.url, retry: {} } })
  const { code, stdout } = await runCommand(['call', '-c', file, 's', '/x'])
  assert.equal({ code, body: JSON.parse(stdout) }, { code: 0, body: { attempt: 2 } })
})

async function issuing(): Promise<object> {
  let issued = 0
  const { url } = await running.open(
    listenOnLoopback((request, response) => {
      request.resume()
      issued++
      sendJson(response, 200, { access_token: `token-${issued}`, token_type: 'Bearer', expires_in: 3600 })
    }),
  )
  return { accessTokenUri: `${url}/token`, clientId: 'job', clientSecret: 'fake-secret', scope: [] }
}

function writeServices(services: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'bearerd-retry-'))
  running.open({ close: () => rmSync(folder, { recursive: true }) })
  writeFileSync(join(folder, 'services.yaml'), JSON.stringify({ version: 1, services }))
  return join(folder, 'services.yaml')
}

test.run()
