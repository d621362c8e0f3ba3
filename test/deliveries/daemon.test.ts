// Deliveries through a daemon: what is accepted is safe and arrives, what is not leaves nothing behind, and what each state means.
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import { startTokenEndpoint, text, token } from '../support/hostile-token-endpoint.ts'
import { startPostgres } from '../support/postgres.ts'
import { formOf, type PlannedAnswer, type Received, type Receiver, startReceiver } from '../support/receiver.ts'

const postgres = await startPostgres()
test.after(() => postgres?.close())
process.env.DELIVERIES_TEST_STATE_KEY = 'ab'.repeat(32)
const KINDS = ['sqlite', ...(postgres ? ['postgresql'] : [])] as const
let kind: string = 'sqlite'

/** Over both queues: what a caller sees is the same. */
function both(name: string, run: () => Promise<void>): void {
  for (const each of KINDS)
    test(`${each}: ${name}`, async () => {
      kind = each
      try {
        if (postgres && kind === 'postgresql') process.env.DELIVERIES_TEST_DATABASE ??= await postgres.database()
        if (postgres && kind === 'postgresql') await emptyQueue(process.env.DELIVERIES_TEST_DATABASE!)
        await run()
      } finally {
        kind = 'sqlite'
      }
    })
}

async function emptyQueue(url: string): Promise<void> {
  const [made] = await postgres!.query(url, "SELECT FROM pg_namespace WHERE nspname = 'bearerd_jobs'")
  if (made)
    await postgres!.query(url, 'TRUNCATE bearerd.delivery, bearerd.setting CASCADE; DELETE FROM bearerd_jobs.job')
}

const root = mkdtempSync(join(tmpdir(), 'bearerd-deliveries-'))
test.after(() => rmSync(root, { recursive: true }))

type Keys = Record<string, unknown>
type Json = ReturnType<typeof JSON.parse>
type Answer = (received: Received, index: number) => PlannedAnswer | Promise<PlannedAnswer>

const FAST = { retry: { attempts: 3, minDelay: '1ms', maxDelay: '2ms' } }
const NOTE = {
  type: 'sendToConnectedService',
  authenticateWith: 's',
  path: '/notes',
  content: { json: { n: '{{input.n}}' } },
  ...FAST,
}
const PUT = {
  type: 'copyToHttpServer',
  authenticateWith: 's',
  method: 'PUT',
  path: '/{{file.name}}',
  content: { file: {} },
  ...FAST,
}

class Setting {
  readonly folder: string
  readonly receiver: Receiver
  daemon!: Daemon

  constructor(folder: string, receiver: Receiver) {
    this.folder = folder
    this.receiver = receiver
  }

  get state(): string {
    return join(this.folder, 'state/deliveries')
  }

  configure(
    actions: Keys,
    { daemon = {}, account = { authorization: 'none' } }: { daemon?: Keys; account?: Keys } = {},
  ): void {
    const { state = {}, ...rest } = daemon as { state?: Keys }
    const shared = { url: { env: 'DELIVERIES_TEST_DATABASE' }, encryptionKey: { env: 'DELIVERIES_TEST_STATE_KEY' } }
    const settings = { state: { ...(kind === 'sqlite' ? { dir: 'state' } : shared), ...state }, ...rest }
    const services = { s: { account, serverUrl: this.receiver.url } }
    writeFileSync(
      join(this.folder, 'services.yaml'),
      JSON.stringify({ version: 1, services, actions, daemon: settings }),
    )
  }

  async start(): Promise<void> {
    const listen = { listen: '127.0.0.1:0', adminListen: '127.0.0.1:0' }
    this.daemon = await startDaemon({ paths: [join(this.folder, 'services.yaml')], ...listen, logLevel: 'silent' })
  }

  async call(path: string, init: RequestInit = {}): Promise<{ status: number; body: Json; headers: Headers }> {
    const response = await fetch(`${this.daemon.api}${path}`, init)
    const body = await response.text()
    return { status: response.status, headers: response.headers, body: body === '' ? undefined : JSON.parse(body) }
  }

  post(action: string, input: unknown, query = ''): Promise<{ status: number; body: Json; headers: Headers }> {
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(input) }
    return this.call(`/v1/actions/${action}/deliveries${query}`, init)
  }

  async until(id: string, state: string): Promise<Json> {
    for (;;) {
      const { body } = await this.call(`/v1/deliveries/${id}`)
      if (body.state === state) return body
      await new Promise(resolve => setTimeout(resolve, 5))
    }
  }
}

let count = 0
async function withDaemon(
  actions: Keys,
  run: (setting: Setting) => Promise<void>,
  { answer, ...options }: { answer?: Answer; daemon?: Keys; account?: Keys } = {},
): Promise<void> {
  const folder = join(root, String(count++))
  mkdirSync(folder)
  const setting = new Setting(folder, await startReceiver(answer))
  setting.configure(actions, options)
  await setting.start()
  try {
    await run(setting)
  } finally {
    await setting.daemon.stop(1000)
    await setting.receiver.close()
  }
}

both('202 with its place; then delivered, with its attempts', async () => {
  await withDaemon({ note: NOTE }, async setting => {
    const { status, headers, body } = await setting.post('note', { n: 5 })
    assert.is(status, 202)
    assert.is(headers.get('location'), `/v1/deliveries/${body.id}`)
    assert.equal([body.action, body.lastError], ['note', null])
    const done = await setting.until(body.id, 'delivered')
    assert.equal([done.attempts, done.nextAttemptAt], [1, null])
    assert.equal(
      done.attemptList.map(({ status }: Keys) => status),
      [200],
    )
    assert.is(setting.receiver.received[0]!.body.toString(), '{"n":5}')
    assert.is(setting.receiver.received[0]!.headers['idempotency-key'], body.id)
    const metrics = await (await fetch(`${setting.daemon.admin}/metrics`)).text()
    assert.match(metrics, /bearerd_deliveries_total\{action="note",outcome="delivered"\} 1/)
    assert.match(metrics, /bearerd_deliveries_pending\{action="note"\} 0/)
  })
})

both('?wait answers 200 with the kept answer, 502 when it is dead, 202 when it takes longer', async () => {
  const held = Promise.withResolvers<void>()
  const answer: Answer = async ({ path }) => {
    if (path === '/slow') await held.promise
    return { status: path === '/bad' ? 403 : 200, headers: { 'Content-Type': 'text/plain' }, body: 'thanks' }
  }
  const actions = {
    note: { ...NOTE, keepResponse: {} },
    bad: { ...NOTE, path: '/bad' },
    slow: { ...NOTE, path: '/slow' },
  }
  await withDaemon(
    actions,
    async setting => {
      const good = await setting.post('note', { n: 1 }, '?wait=30s')
      assert.equal([good.status, good.body.state, good.body.response.body], [200, 'delivered', 'thanks'])
      const bad = await setting.post('bad', { n: 1 }, '?wait=30s')
      assert.equal([bad.status, bad.body.code, bad.body.upstreamStatus], [502, 'delivery_refused', 403])
      assert.match(bad.headers.get('location')!, /^\/v1\/deliveries\/[0-9a-f-]{36}$/)
      const slow = await setting.post('slow', { n: 1 }, '?wait=20ms')
      assert.is(slow.status, 202)
      await setting.until(slow.body.id, 'running')
      assert.is((await setting.call(`/v1/deliveries/${slow.body.id}`, { method: 'DELETE' })).status, 409)
      held.resolve()
      await setting.until(slow.body.id, 'delivered')
    },
    { answer },
  )
})

both('values that no attempt could send are 422, and nothing is stored', async () => {
  const actions = {
    note: { ...NOTE, path: '/in/{{input.x}}' },
    put: { ...PUT, path: '/{{input.dir}}/{{file.name}}' },
    named: { ...PUT, headers: { 'X-Of': '{{input.of}}' } },
  }
  const send = (query: string) => ({
    method: 'POST',
    body: query,
    headers: { 'Content-Disposition': 'a; filename="f"' },
  })
  await withDaemon(actions, async setting => {
    const note = await setting.post('note', { n: 1, x: '..' })
    assert.equal([note.status, note.body.code], [422, 'invalid_input'])
    assert.equal(note.body.errors, [{ pointer: '/x', detail: 'makes a `.` or `..` of a part of the path' }])
    for (const query of ['put/deliveries?input.dir=%252e%252e', 'named/deliveries?input.of=a%0Ab']) {
      const { status, body } = await setting.call(`/v1/actions/${query}`, send(query))
      assert.equal([status, body.code], [422, 'invalid_input'])
    }
    assert.equal((await setting.call('/v1/deliveries')).body.deliveries, [])
    if (kind === 'sqlite') assert.equal(readdirSync(join(setting.state, 'content')), [])
  })
})

both('a list of an action that cannot exist is 400, and the queue stays', async () => {
  await withDaemon({ note: NOTE }, async setting => {
    for (const action of ['%00', 'note,a%00', 'Note', ''])
      assert.is((await setting.call(`/v1/deliveries?action=${action}`)).status, 400, action)
    assert.is((await setting.call('/v1/deliveries?action=note,other')).status, 200)
    assert.is((await setting.post('note', { n: 1 })).status, 202)
  })
})

test('files: a raw body, and a form with an input; nothing of them stays', async () => {
  const big = randomBytes(2 * 1024 * 1024)
  const form = {
    ...PUT,
    files: 'together',
    method: 'POST',
    path: '/form',
    content: { multipart: { fields: { of: '{{input.of}}' } } },
  }
  const sum = { ...NOTE, content: { json: '{{file.sha256}}' } }
  await withDaemon({ put: { ...PUT, path: '/{{input.dir}}/{{file.name}}' }, form, sum }, async setting => {
    const raw = await setting.call('/v1/actions/put/deliveries?input.dir=a%20b&wait=30s', {
      method: 'POST',
      headers: {
        'Content-Disposition': "attachment; filename*=UTF-8''%C3%BC..%2F..%2Fx.pdf",
        'Content-Type': 'application/pdf',
      },
      body: big,
    })
    assert.is(raw.status, 200, JSON.stringify(raw.body))
    const [first] = setting.receiver.received
    assert.equal([first!.path, first!.headers['content-type']], ['/a%20b/x.pdf', 'application/pdf'])
    assert.ok(first!.body.equals(big))
    const data = new FormData()
    data.append('file', new Blob([big]), '../../evil\\name.bin')
    data.append('input', '{"of":"finance"}')
    data.append('file', new Blob(['text']), 'b.txt')
    const sent = await setting.call('/v1/actions/form/deliveries?wait=30s', { method: 'POST', body: data })
    assert.is(sent.status, 200, JSON.stringify(sent.body))
    const received = await formOf(setting.receiver.received[1]!)
    assert.is(received.get('of'), 'finance')
    const files = received.getAll('file') as File[]
    assert.equal(
      files.map(({ name, size }) => [name, size]),
      [
        ['name.bin', big.length],
        ['b.txt', 4],
      ],
    )
    const typed = new FormData()
    typed.append('input', new Blob(['{"of":"sales"}'], { type: 'application/json' }), 'input.json')
    typed.append('input', new Blob(['text']), 'c.txt')
    const also = await setting.call('/v1/actions/form/deliveries?wait=30s', { method: 'POST', body: typed })
    assert.is(also.status, 200, JSON.stringify(also.body))
    const third = await formOf(setting.receiver.received.pop()!)
    assert.equal([third.get('of'), (third.get('file') as File).name], ['sales', 'c.txt'])
    const hashed = await setting.call('/v1/actions/sum/deliveries?wait=30s', { method: 'POST', body: 'text' })
    assert.is(hashed.status, 200, JSON.stringify(hashed.body))
    assert.is(
      JSON.parse(setting.receiver.received[2]!.body.toString()),
      createHash('sha256').update('text').digest('hex'),
    )
    for (const part of ['content', 'uploads']) assert.equal(readdirSync(join(setting.state, part)), [])
  })
})

both('what does not fit is refused with its pointers, and leaves nothing', async () => {
  const input = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'], additionalProperties: false }
  await withDaemon({ note: { ...NOTE, input }, put: PUT }, async setting => {
    const { status, body } = await setting.post('note', { n: 'x', m: 1 })
    assert.equal([status, body.code], [422, 'invalid_input'])
    assert.equal(body.errors, [
      { pointer: '/m', detail: 'is not known' },
      { pointer: '/n', detail: 'must be integer' },
    ])
    const upload = (action: string, body: NonNullable<RequestInit['body']>) =>
      setting.call(`/v1/actions/${action}/deliveries`, { method: 'POST', body })
    assert.is((await upload('note', 'a file')).status, 422)
    assert.is((await setting.post('put', {})).status, 422)
    assert.equal(
      [(await setting.post('nott', {})).status, (await setting.post('nott', {})).body.code],
      [404, 'unknown_action'],
    )
    const broken = await setting.call('/v1/actions/note/deliveries', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{',
    })
    assert.is(broken.status, 400)
    assert.equal((await setting.call('/v1/deliveries')).body, { deliveries: [], next: null })
    if (kind === 'sqlite') assert.equal(readdirSync(join(setting.state, 'uploads')), [])
    assert.is(setting.receiver.received.length, 0)
  })
})

both('an upload that breaks off leaves nothing in the folder or the queue, and the daemon goes on', async () => {
  const run = async (setting: Setting) => {
    const names = (part: string) => {
      const path = join(setting.state, part)
      return existsSync(path) ? readdirSync(path) : []
    }
    const headers = { 'Content-Length': '3000000', 'Content-Disposition': 'attachment; filename="large.bin"' }
    const request = httpRequest(`${setting.daemon.api}/v1/actions/put/deliveries`, { method: 'POST', headers })
    request.on('error', () => {})
    // More than a database takes.
    request.write(Buffer.alloc(2 * 1024 * 1024))
    while (names('uploads').length === 0) await new Promise(resolve => setTimeout(resolve, 5))
    request.destroy()
    while (names('uploads').length > 0) await new Promise(resolve => setTimeout(resolve, 5))
    assert.equal([names('content'), (await setting.call('/v1/deliveries')).body.deliveries], [[], []])
    if (kind === 'postgresql') {
      const rows = await postgres!.query(process.env.DELIVERIES_TEST_DATABASE!, 'SELECT FROM bearerd.delivery_content')
      assert.is(rows.length, 0)
    }
    assert.is((await setting.call('/v1/actions/put/deliveries?wait=30s', { method: 'POST', body: 'x' })).status, 200)
  }
  await withDaemon({ put: PUT }, run, { daemon: { state: { dir: 'state' } } })
})

both('too large: 413 before it is read, also without a length; a full state folder: 507; room comes back', async () => {
  const held = Promise.withResolvers<void>()
  const answer: Answer = async () => {
    await held.promise
    return { status: 200 }
  }
  const daemon = { limits: { requestBody: '100KiB' }, state: { maxSize: '150KiB' } }
  await withDaemon(
    { put: PUT },
    async setting => {
      const upload = (body: NonNullable<RequestInit['body']>, extra: object = {}) =>
        setting.call('/v1/actions/put/deliveries', { method: 'POST', body, ...extra })
      assert.equal([(await upload(Buffer.alloc(200_000))).status, setting.receiver.received.length], [413, 0])
      // Nothing of the body comes before the answer.
      const early = httpRequest(`${setting.daemon.api}/v1/actions/put/deliveries`, {
        method: 'POST',
        headers: { 'Content-Length': '1000000000' },
      })
      early.flushHeaders()
      const answered = await new Promise<number>(resolve =>
        early.on('response', ({ statusCode }) => resolve(statusCode!)),
      )
      early.on('error', () => {}).destroy()
      assert.is(answered, 413)
      const endless = new ReadableStream({ pull: controller => controller.enqueue(new Uint8Array(10_000)) })
      assert.is((await upload(endless, { duplex: 'half' })).status, 413)
      const first = await upload(Buffer.alloc(90_000))
      assert.is(first.status, 202)
      const full = await upload(Buffer.alloc(90_000))
      assert.equal([full.status, full.body.code], [507, 'storage_full'])
      const headers = { 'Idempotency-Key': 'k' }
      const small = await upload(Buffer.alloc(30_000), { headers })
      for (let n = 0; n < 3; n++)
        assert.is(
          (await upload(Buffer.alloc(30_000), { headers })).body.id,
          small.body.id,
          'a repetition takes no room',
        )
      held.resolve()
      await setting.until(first.body.id, 'delivered')
      assert.is((await upload(Buffer.alloc(90_000))).status, 202)
    },
    { answer, daemon },
  )
})

both('a request that is repeated with its Idempotency-Key is accepted once', async () => {
  await withDaemon({ note: NOTE, put: PUT }, async setting => {
    const post = (key: string, body: string, action = 'put', query = '') =>
      setting.call(`/v1/actions/${action}/deliveries${query}`, {
        method: 'POST',
        headers: { 'Idempotency-Key': key, 'Content-Disposition': 'attachment; filename=a.txt' },
        body,
      })
    const [first, second] = await Promise.all([post('"k-1"', 'text'), post('k-1', 'text')])
    assert.equal([first.status, second.status, second.body.id], [202, 202, first.body.id])
    await setting.until(first.body.id, 'delivered')
    const later = await post('k-1', 'text', 'put', '?wait=30s')
    assert.equal([later.status, later.body.id, later.body.state], [200, first.body.id, 'delivered'])
    const other = await post('k-1', 'another text')
    assert.equal([other.status, other.body.code], [422, 'idempotency_key_reused'])
    assert.equal([(await post('k 1', 'text')).status, (await post('k'.repeat(256), 'text')).status], [400, 400])
    const headers = { 'Idempotency-Key': 'k-1', 'Content-Type': 'application/json' }
    const note = () => setting.call('/v1/actions/note/deliveries', { method: 'POST', headers, body: '{"n":1}' })
    const noted = await note()
    assert.equal([noted.status, (await note()).body.id], [202, noted.body.id])
    await setting.until(noted.body.id, 'delivered')
    assert.equal(setting.receiver.received.map(({ path }) => path).sort(), ['/a.txt', '/notes'])
    if (kind === 'sqlite')
      for (const part of ['content', 'uploads']) assert.equal(readdirSync(join(setting.state, part)), [])
  })
})

if (postgres)
  test('postgresql: a database whose disk is full is 507 and never 202, and the daemon goes on', async () => {
    kind = 'postgresql'
    process.env.DELIVERIES_TEST_DATABASE ??= await postgres.database()
    const url = process.env.DELIVERIES_TEST_DATABASE
    await withDaemon({ note: NOTE }, async setting => {
      assert.is((await setting.post('note', { n: 1 }, '?wait=30s')).status, 200)
      await postgres.query(
        url,
        `CREATE FUNCTION bearerd.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON bearerd.delivery FOR EACH ROW EXECUTE FUNCTION bearerd.full()`,
      )
      const { status, body } = await setting.post('note', { n: 2 })
      assert.equal([status, body.code, /no room left on its disk/.test(body.detail)], [507, 'storage_full', true])
      assert.is((await setting.call('/v1/deliveries?limit=1')).status, 200)
      await postgres.query(url, 'DROP FUNCTION bearerd.full() CASCADE')
      assert.is((await setting.post('note', { n: 3 }, '?wait=30s')).status, 200)
      assert.equal(
        setting.receiver.received.map(({ body }) => body.toString()),
        ['{"n":1}', '{"n":3}'],
      )
    }).finally(() => {
      kind = 'sqlite'
    })
  })

both('a credential that is refused for ever: dead with the reason, two requests and two tokens', async () => {
  const endpoint = await startTokenEndpoint((_request, index) => token(`bearer-${index}`))
  const account = { accessTokenUri: endpoint.url, clientId: 'a', clientSecret: 'fake-secret', scope: [] }
  await withDaemon(
    { note: NOTE },
    async setting => {
      const { body } = await setting.post('note', { n: 1 })
      const { attempts, lastError } = await setting.until(body.id, 'dead')
      assert.equal([attempts, lastError.code, lastError.status], [1, 'delivery_refused', 401])
      assert.match(lastError.message, /answered 401, also to a credential made anew: check the account/)
      assert.equal([setting.receiver.received.length, endpoint.requests.length], [2, 2])
    },
    { account, answer: () => ({ status: 401 }) },
  )
  await endpoint.close()
})

both('names that are none: without a way out, a control character or a line break, and never too long', async () => {
  await withDaemon({ put: PUT }, async setting => {
    const names = ['%00a%0D%0Ab.txt', '..%2F..%2Fup.txt', '..', `${'%C3%A4'.repeat(2000)}.txt`, '%22q%22.txt']
    for (const name of names) {
      const headers = { 'Content-Disposition': `attachment; filename*=UTF-8''${name}` }
      const sent = await setting.call('/v1/actions/put/deliveries?wait=30s', { method: 'POST', headers, body: 'x' })
      assert.is(sent.status, 200, JSON.stringify(sent.body))
      const arrived = decodeURIComponent(setting.receiver.received.at(-1)!.path.slice(1))
      assert.is(sent.body.files[0].name, arrived)
      assert.ok(Buffer.byteLength(arrived) <= 255 && !/[\x00-\x1f\x7f/\\]/.test(arrived), JSON.stringify(arrived))
      assert.not.ok(['', '.', '..'].includes(arrived))
      const { 'content-disposition': disposition } = setting.receiver.received.at(-1)!.headers
      assert.match(disposition!, /^attachment; filename="(?:[^"\\]|\\.)*"/)
    }
  })
})

both('tried again with the same key until it is delivered, or dead; a dead one can be revived or removed', async () => {
  let status = 503
  await withDaemon(
    { note: NOTE },
    async setting => {
      const { body } = await setting.post('note', { n: 1 })
      const dead = await setting.until(body.id, 'dead')
      assert.equal([dead.attempts, dead.lastError.status], [3, 503])
      assert.equal(
        dead.attemptList.map((attempt: Keys) => attempt.status),
        [503, 503, 503],
      )
      assert.is(new Set(setting.receiver.received.map(({ headers }) => headers['idempotency-key'])).size, 1)
      status = 200
      assert.is((await setting.call(`/v1/deliveries/${body.id}/retry`, { method: 'POST' })).status, 202)
      await setting.until(body.id, 'delivered')
      assert.is((await setting.call(`/v1/deliveries/${body.id}/retry`, { method: 'POST' })).status, 409)
      assert.is((await setting.call(`/v1/deliveries/${body.id}`, { method: 'DELETE' })).status, 204)
      assert.is((await setting.call(`/v1/deliveries/${body.id}`)).status, 404)
    },
    { answer: () => ({ status }) },
  )
})

both('which statuses are tried again can be said', async () => {
  const actions = { note: { ...NOTE, retry: { ...FAST.retry, on: [409] } } }
  await withDaemon(
    actions,
    async setting => {
      assert.is((await setting.post('note', { n: 1 }, '?wait=30s')).status, 200)
      assert.equal(setting.receiver.received.length, 2)
      assert.is((await setting.post('note', { n: 1 }, '?wait=30s')).body.upstreamStatus, 503)
    },
    { answer: (_seen, index) => ({ status: [409, 200, 503][index]! }) },
  )
})

both('several files, one request each: what was delivered is not sent again', async () => {
  const answer: Answer = ({ path }, index) => ({ status: path === '/b.txt' && index === 1 ? 500 : 200 })
  await withDaemon(
    { put: PUT },
    async setting => {
      const data = new FormData()
      for (const name of ['a.txt', 'b.txt', 'c.txt']) data.append('file', new Blob([name]), name)
      const { status } = await setting.call('/v1/actions/put/deliveries?wait=30s', { method: 'POST', body: data })
      assert.is(status, 200)
      assert.equal(
        setting.receiver.received.map(({ path }) => path),
        ['/a.txt', '/b.txt', '/b.txt', '/c.txt'],
      )
    },
    { answer },
  )
})

both('ordered: one after the other, also when one must wait', async () => {
  const answer: Answer = (_seen, index) => ({ status: index < 2 ? 503 : 200 })
  await withDaemon(
    { note: { ...NOTE, ordered: true } },
    async setting => {
      const ids: string[] = []
      for (let n = 0; n < 5; n++) ids.push((await setting.post('note', { n })).body.id)
      for (const id of ids) await setting.until(id, 'delivered')
      assert.equal(
        setting.receiver.received.map(({ body }) => JSON.parse(body.toString()).n),
        [0, 0, 0, 1, 2, 3, 4],
      )
    },
    { answer },
  )
})

both('so many at once, and of one action, as `daemon.limits` says', async () => {
  const waiting: (() => void)[] = []
  const seen = () => waiting.length
  const answer: Answer = () => new Promise(resolve => waiting.push(() => resolve({ status: 200 })))
  const daemon = { limits: { maxDeliveries: 3, maxDeliveriesPerAction: 2 } }
  await withDaemon(
    { note: NOTE, other: NOTE },
    async setting => {
      const ids: string[] = []
      for (const action of ['note', 'note', 'note', 'other', 'other'])
        ids.push((await setting.post(action, { n: 1 })).body.id)
      const running = async () =>
        (await setting.call('/v1/deliveries?state=running')).body.deliveries.map(({ action }: Keys) => action).sort()
      while (seen() < 3) await new Promise(resolve => setTimeout(resolve, 5))
      assert.equal(await running(), ['note', 'note', 'other'])
      waiting.shift()!()
      while (seen() < 3) await new Promise(resolve => setTimeout(resolve, 5))
      assert.is((await running()).length, 3)
      const drain = setInterval(() => waiting.shift()?.(), 5)
      for (const id of ids) await setting.until(id, 'delivered')
      clearInterval(drain)
    },
    { answer, daemon },
  )
})

both('an account without a token costs no attempt; it goes on when the token is there', async () => {
  let refuses = true
  const endpoint = await startTokenEndpoint(() => (refuses ? text(503, 'down') : token('bearer')))
  process.env.DELIVERIES_TEST_SECRET = 'fake-secret'
  const account = {
    accessTokenUri: endpoint.url,
    clientId: 'a',
    clientSecret: { env: 'DELIVERIES_TEST_SECRET' },
    scope: [],
    timeout: '1s',
  }
  await withDaemon(
    { note: NOTE },
    async setting => {
      const { body } = await setting.post('note', { n: 1 })
      let waiting: Json
      do waiting = (await setting.call(`/v1/deliveries/${body.id}`)).body
      while (waiting.lastError === null)
      assert.equal([waiting.state, waiting.attempts], ['pending', 0])
      assert.match(waiting.lastError.code, /^token_/)
      refuses = false
      assert.equal((await setting.until(body.id, 'delivered')).attempts, 1)
    },
    { account },
  )
  await endpoint.close()
})

test('each attempt uses the definition of its time; deliveries of an action that is gone wait for it', async () => {
  const often = { retry: { attempts: 1000, minDelay: '1ms', maxDelay: '2ms' } }
  const answer: Answer = ({ path }) => ({ status: path === '/other' ? 200 : 503 })
  const actions = { note: { ...NOTE, ...often }, gone: { ...NOTE, retry: { minDelay: '1h' } } }
  await withDaemon(
    actions,
    async setting => {
      const [kept, gone] = [await setting.post('note', { n: 1 }), await setting.post('gone', { n: 2 })]
      for (const { body } of [kept, gone])
        while ((await setting.call(`/v1/deliveries/${body.id}`)).body.attempts === 0);
      setting.configure({ note: { ...NOTE, ...often, path: '/other' } })
      assert.is((await fetch(`${setting.daemon.admin}/-/reload`, { method: 'POST' })).status, 200)
      await setting.until(kept.body.id, 'delivered')
      const { state, attempts } = (await setting.call(`/v1/deliveries/${gone.body.id}`)).body
      assert.equal([state, attempts], ['pending', 1])
    },
    { answer },
  )
})

both('a list by state and action, in pages; bad filters are refused', async () => {
  await withDaemon({ note: NOTE, other: NOTE }, async setting => {
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.push((await setting.post(n % 2 ? 'other' : 'note', { n }, '?wait=30s')).body.id)
    const first = (await setting.call('/v1/deliveries?limit=2')).body
    const second = (await setting.call(`/v1/deliveries?limit=3&after=${first.next}`)).body
    assert.equal(
      [...first.deliveries, ...second.deliveries].map(({ id }: Keys) => id),
      ids.toReversed(),
    )
    assert.is(second.next, null)
    assert.is((await setting.call('/v1/deliveries?action=other&state=delivered,dead')).body.deliveries.length, 2)
    assert.equal((await setting.call('/v1/deliveries?state=pending')).body.deliveries, [])
    for (const query of ['state=odd', 'limit=0', 'limit=x', 'after=x'])
      assert.is((await setting.call(`/v1/deliveries?${query}`)).status, 400, query)
  })
})

both('a stop lets what runs finish, and what waits goes on at the next start', async () => {
  const held = Promise.withResolvers<void>()
  const answer: Answer = async (_seen, index) => {
    if (index === 0) await held.promise
    return { status: 200 }
  }
  await withDaemon(
    { note: { ...NOTE, ordered: true } },
    async setting => {
      const running = await setting.post('note', { n: 0 })
      const waits = await setting.post('note', { n: 1 })
      const asked = setting.call(`/v1/deliveries/${waits.body.id}`)
      await asked
      const stopped = setting.daemon.stop(5000)
      held.resolve()
      await stopped
      await setting.start()
      await setting.until(waits.body.id, 'delivered')
      assert.is((await setting.until(running.body.id, 'delivered')).attempts, 1)
      assert.equal(
        setting.receiver.received.map(({ body }) => JSON.parse(body.toString()).n),
        [0, 1],
      )
    },
    { answer },
  )
})

test('one state folder, one daemon: the second one says so and goes on', async () => {
  await withDaemon({ note: NOTE }, async setting => {
    assert.is((await setting.post('note', { n: 1 })).status, 202)
    const first = setting.daemon
    await setting.start()
    const { status, body } = await setting.post('note', { n: 1 })
    assert.equal([status, body.code], [503, 'state_unavailable'])
    assert.match(body.detail, /another bearerd uses it/)
    assert.is((await fetch(`${setting.daemon.admin}/-/healthy`)).status, 200)
    await first.stop(1000)
  })
})

test('no secret is in the queue or in what is told', async () => {
  process.env.DELIVERIES_TEST_KEY = 'fake-canary-5f1c'
  const account = { authorization: 'header', header: { name: 'X-Key', value: { env: 'DELIVERIES_TEST_KEY' } } }
  await withDaemon(
    { note: { ...NOTE, headers: { 'X-Own': '{{vars.k}}' }, vars: { k: { env: 'DELIVERIES_TEST_KEY' } } } },
    async setting => {
      const { body } = await setting.post('note', { n: 1 }, '?wait=30s')
      assert.is(setting.receiver.received[0]!.headers['x-own'], 'fake-canary-5f1c')
      const told = JSON.stringify([body, (await setting.call('/v1/deliveries')).body])
      const stored = readdirSync(setting.state)
        .filter(name => name.startsWith('queue'))
        .map(name => readFileSync(join(setting.state, name), 'latin1'))
      for (const place of [told, ...stored]) assert.not.match(place, /fake-canary/)
    },
    { account },
  )
})

test.run()
