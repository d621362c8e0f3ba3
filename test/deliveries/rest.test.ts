// Deliveries that wait for their account, whose action is gone or whose acceptance got lost, at each queue, with a clock of our own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import type { LogFields } from '../../src/base/log.ts'
import { silentLog } from '../../src/base/log.ts'
import type { AttemptOutcome } from '../../src/deliveries/attempt-log.ts'
import { Deliveries } from '../../src/deliveries/deliveries.ts'
import type { DeliveryQueue, DeliveryRecord, DeliveryState } from '../../src/deliveries/queue/delivery-queue.ts'
import { openSqliteQueue } from '../../src/deliveries/queue/sqlite.ts'
import type { Executor } from '../../src/index.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'
import { startTokenEndpoint, text, token } from '../support/hostile-token-endpoint.ts'
import { emptyDatabase, openShared, postgres } from '../support/queues.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { createRunning } from '../support/running.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-rest-'))
const running = createRunning()
test.after(async () => {
  await running.close()
  rmSync(folder, { recursive: true })
})

const STATUS: Record<string, number> = { '/bad': 403, '/down': 503 }
let refuses = true
/** How long the refusal says that it lasts. */
let retryAfter: Record<string, string> = {}
/** What the next request for a token, or to /notes, waits for. */
let holdToken: Promise<void> | undefined
let holdNote: Promise<void> | undefined
const keyFile = join(folder, 'key')
let endpoint: Awaited<ReturnType<typeof startTokenEndpoint>>
let receiver: Receiver
test.before(async () => {
  endpoint = await running.open(
    startTokenEndpoint(async () => {
      const held = holdToken
      holdToken = undefined
      await held
      return held || refuses ? text(503, 'down', retryAfter) : token('bearer')
    }),
  )
  receiver = await running.open(
    startReceiver(async ({ path }) => {
      const held = path === '/notes' ? holdNote : undefined
      if (held) holdNote = undefined
      await held
      return { status: STATUS[path] ?? 200 }
    }),
  )
})

interface Setting {
  deliveries: Deliveries
  queue: DeliveryQueue
  executor: Executor
  clock: FakeClock
  /** What the operator heard of failures, and what was counted. */
  lines: { level: string; fields: LogFields; message: string }[]
  attempts: string[]
  /** How many the worker took from the queue. */
  claimed(): number
  add(action: string, params?: Record<string, string>): Promise<string>
  count(state: DeliveryState): Promise<number>
  /** A step of the clock in which nothing but the queue itself can come to an end. */
  soonMs: number
  /** Moves the clock until it is so. */
  until(what: string, check: () => Promise<boolean>, stepMs?: number): Promise<void>
}

let count = 0
const queues: Record<string, (clock: FakeClock) => Promise<DeliveryQueue>> = {
  sqlite: async () => openSqliteQueue(join(folder, `${count++}.db`)),
  ...(postgres && { postgres: async clock => openShared(await emptyDatabase(), undefined, clock) }),
}

function testWith(kinds: readonly string[], name: string, run: (setting: Setting) => Promise<void>): void {
  for (const [kind, open] of Object.entries(queues))
    if (kinds.includes(kind)) test(`${kind}: ${name}`, () => withDeliveries(open, run))
}

const DAY_MS = 86_400_000
const NOTE = { type: 'sendToConnectedService', path: '/notes', content: { json: {} } }

function definitions(): Record<'accounts' | 'services' | 'actions', Record<string, object>> {
  const account = { clientId: 'a', clientSecret: { env: 'S' }, scope: [] }
  return {
    accounts: {
      one: { ...account, accessTokenUri: endpoint.url },
      each: { ...account, accessTokenUri: `${endpoint.url}/{{params.tenant}}` },
      fed: { authorization: 'header', header: { name: 'X-Key', value: { account: 'one' } } },
      found: { ...account, issuer: endpoint.url },
    },
    services: {
      s: { account: 'one', serverUrl: receiver.url },
      fed: { account: 'fed', serverUrl: receiver.url },
      own: { account: { authorization: 'none' }, serverUrl: receiver.url, headers: { 'X-Key': { file: keyFile } } },
      open: { account: { authorization: 'none' }, serverUrl: receiver.url },
      found: { account: 'found', serverUrl: receiver.url },
      few: {
        ...{ account: 'each', serverUrl: receiver.url, parameterLimit: 1 },
        parameters: { tenant: { pattern: '^[a-z]+$' } },
      },
      signs: {
        ...{ account: { authorization: 'none' }, serverUrl: receiver.url, headers: { 'X-Key': { file: keyFile } } },
        ...{ parameterLimit: 1, parameters: { tenant: { pattern: '^[a-z]+$' } } },
      },
      tenants: { account: 'each', serverUrl: receiver.url, parameters: { tenant: { pattern: '^[a-z]+$' } } },
    },
    actions: {
      note: { ...NOTE, authenticateWith: 's' },
      line: { ...NOTE, authenticateWith: 's', ordered: true },
      free: { ...NOTE, authenticateWith: 'open' },
      bad: { ...NOTE, authenticateWith: 'open', path: '/bad' },
      down: { ...NOTE, authenticateWith: 'open', path: '/down', retry: { attempts: 3 } },
      found: { ...NOTE, authenticateWith: 'found' },
      tenant: { ...NOTE, authenticateWith: 'tenants' },
      few: { ...NOTE, authenticateWith: 'few' },
      signs: { ...NOTE, authenticateWith: 'signs' },
      fed: { ...NOTE, authenticateWith: 'fed' },
      keyed: { ...NOTE, authenticateWith: 'own' },
      signed: { ...NOTE, authenticateWith: 'open', headers: { 'X-Key': { file: keyFile } } },
      file: { type: 'copyToHttpServer', url: `${receiver.url}/file`, content: { file: {} } },
    },
  }
}

async function withDeliveries(
  open: (clock: FakeClock) => Promise<DeliveryQueue>,
  run: (setting: Setting) => Promise<void>,
) {
  const clock = fakeClock(Date.now())
  const executor = await running.execute(definitions(), { clock, environment: { S: 'fake-secret' }, random: () => 1 })
  const queue = await open(clock)
  let claimed = 0
  const claim = queue.claim.bind(queue)
  queue.claim = async limits => {
    const result = await claim(limits)
    claimed += result.records.length
    return result
  }
  const directory = queue.shared ? undefined : join(folder, `content-${count++}`)
  const lines: Setting['lines'] = []
  const say = (level: string) => (fields: LogFields, message: string) => void lines.push({ level, fields, message })
  const log = { ...silentLog, info: say('info'), warn: say('warn'), error: say('error') }
  const attempts: string[] = []
  const onAttempt = (action: string, outcome: AttemptOutcome) => void attempts.push(`${action} ${outcome}`)
  const deliveries = await Deliveries.open({ executor, directory, queue, clock, random: () => 1, log, onAttempt })
  refuses = true
  retryAfter = {}
  try {
    await run({
      deliveries,
      queue,
      executor,
      clock,
      lines,
      attempts,
      claimed: () => claimed,
      soonMs: queue.shared ? 20 : 1,
      async add(action, params = {}) {
        const intake = await deliveries.begin(action, 0)
        return (await intake.accept({ input: {}, from: 'json', params })).id
      },
      count: async state => (await deliveries.list({ state: [state], limit: 1000 })).length,
      async until(what, check, stepMs = 100) {
        const giveUpMs = Date.now() + 60_000
        while (!(await check())) {
          if (Date.now() > giveUpMs) assert.unreachable(what)
          await clock.advance(stepMs)
          // A database takes its time, whatever our clock says.
          await new Promise(resolve => setTimeout(resolve, queue.shared ? 30 : 2))
        }
      },
    })
  } finally {
    let stopped = false
    const stop = deliveries.stop(0).then(() => {
      stopped = true
    })
    while (!stopped) await clock.advance(1)
    await stop
  }
}

testWith(
  ['sqlite', 'postgres'],
  'one delivery tries for all while the account has no token, and all go as soon as it has one',
  async setting => {
    const { deliveries, executor, clock, soonMs, add, until, count, claimed } = setting
    const ids: string[] = []
    for (let n = 0; n < 12; n++) ids.push(await add(n % 2 ? 'note' : 'line'))
    const before = endpoint.requests.length
    await until('a minute of pauses', async () => endpoint.requests.length - before >= 6, 500)
    assert.ok(claimed() < ids.length, `${claimed()} taken from the queue for ${ids.length} that wait`)
    for (const id of ids) {
      const { state, attempts, lastError } = await deliveries.get(id)
      assert.equal([attempts, state === 'running' || /^token_/.test(lastError?.code ?? '')], [0, true])
    }
    const free = await add('free')
    await until('another action goes on', async () => (await deliveries.get(free)).state === 'delivered', soonMs)
    refuses = false
    executor.forget('s')
    let authorized = false
    const asked = executor.authorize('s').then(() => {
      authorized = true
    })
    await until('authorized', async () => authorized)
    await asked
    const atMs = clock.nowMs()
    await until('all delivered', async () => (await count('pending')) + (await count('running')) === 0, soonMs)
    // The sixth pause would be longer.
    assert.ok(clock.nowMs() - atMs < 20_000, `${clock.nowMs() - atMs} ms`)
    for (const id of ids) assert.equal([(await deliveries.get(id)).attempts], [1])
  },
)

testWith(
  ['sqlite', 'postgres'],
  'each attempt that failed is a line with the next one, and is counted',
  async ({ add, deliveries, until, lines, attempts }) => {
    const id = await add('down')
    await until('dead', async () => (await deliveries.get(id)).state === 'dead')
    const about = { delivery: id, action: 'down', attempts: 3, code: 'delivery_refused', status: 503 }
    assert.equal(
      lines.map(({ level, fields: { nextAttemptAt, ...fields } }) => [level, fields, typeof nextAttemptAt]),
      [
        ['info', { ...about, attempt: 1 }, 'string'],
        ['info', { ...about, attempt: 2 }, 'string'],
        ['warn', { ...about, attempt: 3 }, 'undefined'],
      ],
    )
    assert.is(lines[0]!.message, 'attempt failed: service `open` answered 503')
    const free = await add('free')
    await until('delivered', async () => (await deliveries.get(free)).state === 'delivered')
    assert.equal(attempts, ['down retried', 'down retried', 'down dead', 'free delivered'])
  },
)

testWith(
  ['sqlite'],
  'a pause is one line, however many deliveries wait, and one for all sets of values in a minute',
  async ({ add, until, lines, attempts }) => {
    for (let n = 0; n < 10; n++) await add('note')
    await until('three pauses', async () => lines.length >= 3)
    assert.equal(
      lines.map(({ level, fields: { action, code } }) => [level, action, code]),
      Array(lines.length).fill(['warn', 'note', 'token_refused']),
    )
    assert.equal(attempts, Array(lines.length).fill('note waiting'))
    const before = lines.length
    for (const tenant of ['acme', 'globex', 'initech']) await add('tenant', { tenant })
    const ofTenants = () => attempts.filter(told => told === 'tenant waiting').length
    await until('each has paused', async () => ofTenants() >= 3)
    assert.is(lines.slice(before).filter(({ fields }) => fields.action === 'tenant').length, 1)
  },
)

testWith(
  ['sqlite'],
  'an issuer whose metadata cannot be read rests what waits for it',
  async ({ add, deliveries, until }) => {
    const ids = [await add('found'), await add('found')]
    await until('paused', async () => (await deliveries.get(ids[1]!)).lastError !== null)
    for (const id of ids) {
      const { attempts, lastError } = await deliveries.get(id)
      assert.equal([attempts, lastError?.code], [0, 'discovery_failed'])
    }
  },
)

testWith(['sqlite'], 'a changed configuration ends a pause', async ({ add, deliveries, soonMs, until, claimed }) => {
  const id = await add('note')
  await until('paused', async () => (await deliveries.get(id)).lastError !== null)
  const before = claimed()
  await deliveries.wake()
  await until('tried again', async () => claimed() > before, soonMs)
})

testWith(
  ['sqlite'],
  'the account of one tenant does not hold up another one',
  async ({ add, deliveries, soonMs, until }) => {
    const waits = await add('tenant', { tenant: 'acme' })
    await until('paused', async () => (await deliveries.get(waits)).lastError !== null)
    refuses = false
    const goes = await add('tenant', { tenant: 'globex' })
    await until('delivered', async () => (await deliveries.get(goes)).state === 'delivered', soonMs)
    await until('delivered too', async () => (await deliveries.get(waits)).state === 'delivered')
  },
)

const HOUR = { 'Retry-After': '3600' }
const ACME = { tenant: 'acme' }

testWith(
  ['sqlite', 'postgres'],
  'a pause of an hour ends at once when what was missing is there: by values, by a feeder, by own secrets',
  async ({ add, deliveries, executor, clock, count, until, soonMs }) => {
    retryAfter = HOUR
    rmSync(keyFile, { force: true })
    const ids = [await add('tenant', ACME), await add('fed'), await add('keyed'), await add('signed')]
    const restMs = async (id: string) => ((await deliveries.get(id)).nextAttemptAtMs ?? 0) - clock.nowMs()
    await until('long pauses', async () => (await Promise.all(ids.map(restMs))).every(ms => ms > 7_000))
    refuses = false
    writeFileSync(keyFile, 'fake-key', { mode: 0o600 })
    executor.service('tenants', ACME).account.source.renew()
    executor.service('s').account.source.renew()
    const atMs = clock.nowMs()
    await executor.generation!.checkSecrets()
    await until('all delivered', async () => (await count('delivered')) === ids.length, soonMs)
    assert.ok(clock.nowMs() - atMs < 60_000, `${clock.nowMs() - atMs} ms`)
  },
)

testWith(
  ['sqlite', 'postgres'],
  'a changed configuration ends a pause of one set of values',
  async ({ add, deliveries, executor, clock, until, soonMs }) => {
    retryAfter = HOUR
    const id = await add('tenant', ACME)
    await until('paused', async () => (await deliveries.get(id)).lastError !== null)
    refuses = false
    executor.forget('tenants', { params: ACME })
    const atMs = clock.nowMs()
    await deliveries.wake()
    await until('delivered', async () => (await deliveries.get(id)).state === 'delivered', soonMs)
    assert.ok(clock.nowMs() - atMs < 60_000, `${clock.nowMs() - atMs} ms`)
  },
)

testWith(
  ['sqlite'],
  'a pause of values that `parameterLimit` let go ends when a token for them comes',
  async ({ add, deliveries, executor, clock, until, soonMs }) => {
    retryAfter = HOUR
    const id = await add('few', ACME)
    await until('paused', async () => (await deliveries.get(id)).lastError !== null)
    const others = ['globex', 'initech'].map(tenant => ({ params: { tenant } }))
    for (const other of others) await executor.authorize('few', other).catch(() => undefined)
    refuses = false
    const atMs = clock.nowMs()
    await executor.authorize('few', { params: ACME })
    await until('delivered', async () => (await deliveries.get(id)).state === 'delivered', soonMs)
    assert.ok(clock.nowMs() - atMs < 60_000, `${clock.nowMs() - atMs} ms`)
  },
)

testWith(
  ['sqlite'],
  'a pause for want of an own secret, of values that `parameterLimit` let go, ends when somebody reads it for them',
  async ({ add, deliveries, executor, clock, until, soonMs }) => {
    rmSync(keyFile, { force: true })
    const id = await add('signs', ACME)
    const restMs = async () => ((await deliveries.get(id)).nextAttemptAtMs ?? 0) - clock.nowMs()
    await until('a long pause', async () => (await restMs()) > 20_000)
    const others = ['globex', 'initech'].map(tenant => ({ params: { tenant } }))
    for (const other of others) await executor.authorize('signs', other).catch(() => undefined)
    writeFileSync(keyFile, 'fake-key', { mode: 0o600 })
    const atMs = clock.nowMs()
    await executor.authorize('signs', { params: ACME })
    await until('delivered', async () => (await deliveries.get(id)).state === 'delivered', soonMs)
    assert.ok(clock.nowMs() - atMs < 10_000, `${clock.nowMs() - atMs} ms`)
  },
)

testWith(
  ['sqlite'],
  'an attempt of the configuration before does not rest the one of now',
  async ({ add, deliveries, executor, clock, until, soonMs }) => {
    retryAfter = HOUR
    let release = () => {}
    holdToken = new Promise(resolve => {
      release = resolve
    })
    const id = await add('note')
    await until('asked', async () => holdToken === undefined)
    refuses = false
    const { accounts, ...rest } = definitions()
    const file = join(folder, `${count++}.yaml`)
    writeFileSync(
      file,
      JSON.stringify({ version: 1, ...rest, accounts: { ...accounts, one: { ...accounts.one, clientId: 'b' } } }),
    )
    await executor.load(file)
    await deliveries.wake()
    const atMs = clock.nowMs()
    release()
    await until('delivered', async () => (await deliveries.get(id)).state === 'delivered', soonMs)
    assert.ok(clock.nowMs() - atMs < 60_000, `${clock.nowMs() - atMs} ms`)
  },
)

testWith(
  ['sqlite'],
  'an upload that began before a pause does not hold up what comes after it',
  async ({ add, deliveries, executor, until }) => {
    refuses = false
    let release = () => {}
    holdNote = new Promise(resolve => {
      release = resolve
    })
    await add('note')
    await until('being sent', async () => holdNote === undefined)
    refuses = true
    executor.forget('s')
    const id = await add('note')
    await until('paused', async () => (await deliveries.get(id)).lastError !== null)
    refuses = false
    await until('settled', async () => (await deliveries.get(id)).state === 'delivered', 1_000)
    release()
  },
)

testWith(
  ['sqlite', 'postgres'],
  'what was delivered is forgotten after a week, what is dead is not',
  async ({ add, deliveries, clock, count, until }) => {
    const [good, bad] = [await add('free'), await add('bad')]
    await until('settled', async () => (await count('delivered')) + (await count('dead')) === 2)
    clock.jump(6 * DAY_MS)
    for (let round = 0; round < 3; round++) await clock.advance(60_000)
    assert.is((await deliveries.get(good)).state, 'delivered')
    clock.jump(DAY_MS)
    await until('forgotten', async () => (await count('delivered')) === 0, 60_000)
    assert.is((await deliveries.get(bad)).state, 'dead')
  },
)

testWith(
  ['sqlite', 'postgres'],
  'an action that was removed: its deliveries are dead after ten minutes',
  async ({ add, deliveries, executor, clock, until }) => {
    const id = await add('note')
    await until('paused', async () => (await deliveries.get(id)).lastError !== null)
    const { actions, ...rest } = definitions()
    const file = join(folder, `${count++}.yaml`)
    writeFileSync(file, JSON.stringify({ version: 1, ...rest, actions: { free: actions.free } }))
    await executor.load(file)
    await deliveries.wake()
    const atMs = clock.nowMs()
    await until('dead', async () => (await deliveries.get(id)).state === 'dead', 10_000)
    const { lastError, attempts, settledAtMs } = await deliveries.get(id)
    assert.equal([lastError!.code, attempts], ['unknown_action', 0])
    assert.match(lastError!.message, /action `note` was removed from the configuration/)
    const waitedMs = settledAtMs! - atMs
    assert.ok(waitedMs >= 600_000 && waitedMs < 3_600_000, `${waitedMs} ms`)
  },
)

testWith(
  ['sqlite'],
  'a delivery that the database took without saying so has its files when the request is repeated',
  async ({ deliveries, queue, until }) => {
    const add = queue.add.bind(queue)
    queue.add = async (...given) => {
      await add(...given)
      queue.add = add
      throw new AppError('state_unavailable', 'the connection broke off')
    }
    const attempt = async () => {
      const intake = await deliveries.begin('file', 3)
      try {
        await intake.add(Readable.from([Buffer.from('abc')]), { name: 'a.txt' })
        return await intake.accept({ input: {}, from: 'text', params: {}, repeatable: { key: 'k' } })
      } catch (error) {
        await intake.drop()
        return (error as AppError).code
      }
    }
    assert.is(await attempt(), 'state_unavailable')
    const { id } = (await attempt()) as DeliveryRecord
    await deliveries.wake()
    await until('settled', async () => (await deliveries.get(id)).settledAtMs !== null)
    assert.is(
      receiver.received
        .filter(({ path }) => path === '/file')
        .map(({ body }) => String(body))
        .join(),
      'abc',
    )
  },
)

test.run()
