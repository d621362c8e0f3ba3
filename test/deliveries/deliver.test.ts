// Actions run by the library against real servers: what arrives, what a refused token, a slow or a broken server means, and
// files that are not what they should be.
import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { v2 as webdav } from 'webdav-server'
import {
  type AppError,
  createExecutor,
  type DeliverOptions,
  type DeliveryProgress,
  type Executor,
} from '../../src/index.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { type StartedTokenEndpoint, startTokenEndpoint, token } from '../support/hostile-token-endpoint.ts'
import { formOf, type PlannedAnswer, type Received, type Receiver, startReceiver } from '../support/receiver.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-deliver-'))
test.after(() => rmSync(folder, { recursive: true }))

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const TEXT = write('note.txt', 'a note')
const PDF = write('invoice.pdf', '%PDF-fake')
const BIG = randomBytes(3 * 1024 * 1024)
const BIG_FILE = write('big.bin', BIG)

type Keys = Record<string, unknown>
let endpoint: StartedTokenEndpoint
let issued = 0
test.before(async () => {
  endpoint = await startTokenEndpoint(() => token(`bearer-${++issued}`))
})
test.after(() => endpoint.close())

interface Setting {
  executor: Executor
  receiver: Receiver
  clock: ReturnType<typeof fakeClock>
}

/** One action `a` of a service below /base, with a bearer; `{{url}}` in it is the receiver's. */
async function withAction(
  action: Keys,
  run: (setting: Setting) => Promise<void>,
  answer?: (received: Received, index: number) => PlannedAnswer | Promise<PlannedAnswer>,
): Promise<void> {
  const receiver = await startReceiver(answer)
  const clock = fakeClock()
  const accounts = {
    o: { accessTokenUri: endpoint.url, clientId: 'app', clientSecret: { env: 'SECRET' }, scope: [] },
    q: { authorization: 'query', query: { name: 'key', value: { env: 'KEY' } } },
  }
  const services = {
    s: {
      account: 'o',
      serverUrl: `${receiver.url}/base/`,
      timeout: '5s',
      timeoutMessage: 'Too slow today.',
      headers: { 'X-Of': 'service' },
    },
    open: { account: { authorization: 'none' }, serverUrl: receiver.url },
    q: { account: 'q', serverUrl: receiver.url },
  }
  const text = JSON.stringify({ version: 1, accounts, services, actions: { a: action } }).replaceAll(
    'URL',
    receiver.url,
  )
  const file = write(`${receiver.url.slice(-5)}.yaml`, text)
  const environment = { SECRET: 'fake-secret', KEY: 'fake-key' }
  await using executor = createExecutor({ clock, environment, directory: folder, random: () => 1 })
  try {
    await executor.load(file)
    await run({ executor, receiver, clock })
  } finally {
    await receiver.close()
  }
}

/** Lets time pass as long as a delivery takes. */
async function timely<T>(work: Promise<T>, clock: Setting['clock']): Promise<T> {
  let over = false
  const end = () => {
    over = true
  }
  work.then(end, end)
  while (!over) await clock.advance(100)
  return work
}

async function failureOf(executor: Executor, options: DeliverOptions = {}): Promise<AppError> {
  return executor.deliver('a', options).result.then(
    () => {
      throw new Error('expected a failure')
    },
    (error: AppError) => error,
  )
}

const COPY = { type: 'copyToHttpServer', authenticateWith: 's', path: '/in', content: { file: {} } }
const OPEN = { type: 'sendToConnectedService', authenticateWith: 'open', path: '/in' }
const SEND = { type: 'sendToConnectedService', authenticateWith: 's', path: '/in' }

test('a file, raw: every byte, its length, its name, the credential and the key', async () => {
  await withAction(
    { ...COPY, method: 'PUT', path: '/in/{{file.outputName}}?of={{input.of}}' },
    async ({ executor, receiver }) => {
      const delivery = executor.deliver('a', { files: [BIG_FILE], input: { of: 'x y' } })
      const { id, requests } = await delivery.result
      assert.equal(requests, [{ file: 'big.bin', attempts: 1, status: 200 }])
      const [seen] = receiver.received
      assert.is(`${seen!.method} ${seen!.path}`, 'PUT /base/in/big.bin?of=x%20y')
      assert.ok(seen!.body.equals(BIG))
      assert.is(seen!.headers['content-length'], String(BIG.length))
      assert.is(seen!.headers['content-type'], 'application/octet-stream')
      assert.is(seen!.headers['content-disposition'], 'attachment; filename="big.bin"')
      assert.match(seen!.headers.authorization!, /^Bearer bearer-\d+$/)
      assert.is(seen!.headers['x-of'], 'service')
      assert.is(seen!.headers['idempotency-key'], id)
    },
  )
})

test('multipart: another parser reads the fields and every byte of the file', async () => {
  const content = { multipart: { field: 'document', fields: { department: '{{input.department}}' } } }
  await withAction({ ...COPY, content }, async ({ executor, receiver }) => {
    await executor.deliver('a', {
      files: [{ path: BIG_FILE, name: '../../ü "x"\r\n.pdf' }],
      input: { department: 'f&f' },
    }).result
    const form = await formOf(receiver.received[0]!)
    assert.is(form.get('department'), 'f&f')
    const file = form.get('document') as File
    assert.is(file.name, 'ü "x"__.pdf')
    assert.is(file.type, 'application/pdf')
    assert.ok(Buffer.from(await file.arrayBuffer()).equals(BIG))
    assert.is(receiver.received[0]!.headers['content-length'], String(receiver.received[0]!.body.length))
  })
})

test('several files: one request each with a key of its own, or all together', async () => {
  await withAction(COPY, async ({ executor, receiver }) => {
    const { id, requests } = await executor.deliver('a', { files: [TEXT, PDF] }).result
    assert.equal(
      requests.map(({ file, status }) => [file, status]),
      [
        ['note.txt', 200],
        ['invoice.pdf', 200],
      ],
    )
    assert.equal(
      receiver.received.map(({ headers }) => headers['idempotency-key']),
      [`${id}-1`, `${id}-2`],
    )
  })
  await withAction({ ...COPY, files: 'together', content: { multipart: {} } }, async ({ executor, receiver }) => {
    await executor.deliver('a', { files: [TEXT, PDF] }).result
    const form = await formOf(receiver.received[0]!)
    assert.equal(
      form.getAll('file').map(file => (file as File).name),
      ['note.txt', 'invoice.pdf'],
    )
    assert.is(receiver.received.length, 1)
  })
})

test('JSON, form and text, with the hash of a file', async () => {
  const json = { sum: '{{file.sha256}}', size: '{{file.size}}', of: '{{input.n}}' }
  await withAction({ ...SEND, content: { json } }, async ({ executor, receiver }) => {
    await executor.deliver('a', { files: [TEXT], input: { n: [1, 2] } }).result
    const sum = createHash('sha256').update('a note').digest('hex')
    assert.equal(JSON.parse(receiver.received[0]!.body.toString()), { sum, size: 6, of: [1, 2] })
  })
})

test('without a service: a URL, and no credential', async () => {
  const action = { type: 'copyToHttpServer', url: 'URL/drop/{{input.to}}', content: { text: { template: 'hello' } } }
  await withAction(action, async ({ executor, receiver }) => {
    await executor.deliver('a', { input: { to: 'a/b' } }).result
    assert.is(receiver.received[0]!.path, '/drop/a%2Fb')
    assert.is(receiver.received[0]!.headers.authorization, undefined)
    assert.is(receiver.received[0]!.body.toString(), 'hello')
  })
})

test('a key in the query is added, and cannot be said otherwise', async () => {
  await withAction(
    { ...SEND, authenticateWith: 'q', path: '/in?key={{input.k}}&a=1' },
    async ({ executor, receiver }) => {
      await executor.deliver('a', { input: { k: 'mine' } }).result
      assert.is(receiver.received[0]!.path, '/in?a=1&key=fake-key')
    },
  )
})

test('a refused token: a new one, and the whole file again', async () => {
  const answer = (_seen: Received, index: number) => ({ status: index === 0 ? 401 : 201 })
  await withAction(
    COPY,
    async ({ executor, receiver, clock }) => {
      const { requests } = await timely(executor.deliver('a', { files: [BIG_FILE] }).result, clock)
      assert.equal(requests, [{ file: 'big.bin', attempts: 1, status: 201 }])
      const [first, second] = receiver.received
      assert.is.not(first!.headers.authorization, second!.headers.authorization)
      assert.is(first!.headers['idempotency-key'], second!.headers['idempotency-key'])
      assert.ok(second!.body.equals(BIG))
    },
    answer,
  )
})

test('a token that is refused for ever: two requests, then the reason', async () => {
  await withAction(
    COPY,
    async ({ executor, receiver, clock }) => {
      const error = await timely(failureOf(executor, { files: [TEXT] }), clock)
      assert.equal([error.code, error.details.status, error.details.transient], ['delivery_refused', 401, false])
      assert.match(error.message, /answered 401, also to a credential made anew/)
      assert.is(receiver.received.length, 2)
    },
    () => ({ status: 401 }),
  )
})

for (const status of [301, 400, 403, 404, 409, 413, 422]) {
  test(`${status} is final`, async () => {
    await withAction(
      SEND,
      async ({ executor, receiver }) => {
        const error = await failureOf(executor)
        assert.equal([error.code, error.details.status, error.details.transient], ['delivery_refused', status, false])
        assert.is(receiver.received.length, 1)
      },
      () => ({ status, headers: { Location: 'http://other.invalid/' } }),
    )
  })
}

for (const status of [408, 425, 429, 500, 502, 503, 504]) {
  test(`${status} is tried again with the same key`, async () => {
    const answer = (_seen: Received, index: number) => ({ status: index === 0 ? status : 200 })
    await withAction(
      OPEN,
      async ({ executor, receiver, clock }) => {
        const { result } = executor.deliver('a')
        while (receiver.received.length < 1 || clock.pending() === 0)
          await new Promise(resolve => setImmediate(resolve))
        await clock.advance(1000)
        assert.is((await result).requests[0]!.attempts, 2)
        assert.is(new Set(receiver.received.map(({ headers }) => headers['idempotency-key'])).size, 1)
      },
      answer,
    )
  })
}

test('Retry-After is honoured, and after three attempts it is over', async () => {
  await withAction(
    OPEN,
    async ({ executor, receiver, clock }) => {
      const { result } = executor.deliver('a')
      const failure = result.then(
        () => undefined,
        (error: AppError) => error,
      )
      for (const attempt of [1, 2]) {
        while (receiver.received.length < attempt || clock.pending() === 0)
          await new Promise(resolve => setImmediate(resolve))
        await clock.advance(58_000)
        assert.is(receiver.received.length, attempt)
        await clock.advance(3_000)
      }
      const error = await failure
      assert.equal([error?.details.status, error?.details.attempts], [503, 3])
    },
    () => ({ status: 503, headers: { 'Retry-After': '60' } }),
  )
})

test('a written retry counts here too', async () => {
  for (const attempts of [1, 5])
    await withAction(
      { ...SEND, retry: { attempts, minDelay: '1ms', maxDelay: '2ms' } },
      async ({ executor, receiver, clock }) => {
        const failure = failureOf(executor)
        for (let attempt = 1; attempt < attempts; attempt++) {
          while (receiver.received.length < attempt || clock.pending() === 0)
            await new Promise(resolve => setImmediate(resolve))
          await clock.advance(2)
        }
        assert.is((await failure).details.attempts, attempts)
        assert.is(receiver.received.length, attempts)
      },
      () => ({ status: 503 }),
    )
})

test('successStatus says what is delivered', async () => {
  await withAction(
    { ...SEND, successStatus: [409] },
    async ({ executor }) => {
      assert.is((await executor.deliver('a').result).requests[0]!.status, 409)
    },
    () => ({ status: 409 }),
  )
  await withAction({ ...SEND, successStatus: [201] }, async ({ executor }) => {
    assert.is((await failureOf(executor)).details.status, 200)
  })
})

test('the answer is kept up to a size, and only when it is asked for', async () => {
  const answer = () => ({ status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'x'.repeat(1000) })
  await withAction(
    { ...SEND, keepResponse: { maxSize: '10B' } },
    async ({ executor }) => {
      const { response } = (await executor.deliver('a').result).requests[0]!
      assert.equal(response, { status: 200, contentType: 'text/plain', body: Buffer.from('x'.repeat(10)), cut: true })
    },
    answer,
  )
  await withAction(
    SEND,
    async ({ executor }) => {
      assert.is((await executor.deliver('a').result).requests[0]!.response, undefined)
    },
    answer,
  )
})

test('a connection that is cut, and one that is refused', async () => {
  await withAction(
    SEND,
    async ({ executor }) => {
      const error = await failureOf(executor, { attempts: 1 })
      assert.equal([error.code, error.details.transient], ['upstream_reset', true])
    },
    () => ({ status: 0, cut: true }),
  )
  await withAction(SEND, async ({ executor, receiver }) => {
    await receiver.close()
    const error = await failureOf(executor, { attempts: 1 })
    assert.equal([error.code, error.details.transient], ['upstream_unreachable', true])
    assert.not.match(error.message, /Bearer|fake/)
  })
})

test('files that are none: said before anything is sent', async () => {
  mkdirSync(join(folder, 'sub'), { recursive: true })
  await withAction(COPY, async ({ executor, receiver }) => {
    for (const [path, reason] of [
      ['missing.txt', /missing\.txt: no such file/],
      ['sub', /sub: this is a folder/],
      ['/dev/null', /no regular file/],
      [`${'x'.repeat(5000)}`, /too long/],
      ['a\0b', /NUL/],
    ] as const) {
      const error = await failureOf(executor, { files: [TEXT, path] })
      assert.is(error.code, 'file_unavailable')
      assert.match(error.message, reason)
    }
    assert.is((await failureOf(executor)).code, 'invalid_input')
    assert.is(receiver.received.length, 0)
  })
  await withAction(SEND, async ({ executor }) => {
    assert.match((await failureOf(executor, { files: [TEXT] })).message, /sends no file/)
  })
})

test('an empty file is delivered, and names are made safe', async () => {
  const empty = write('empty.txt', '')
  await withAction({ ...COPY, path: '/in/{{file.name}}' }, async ({ executor, receiver }) => {
    await executor.deliver('a', { files: [{ path: empty, name: `../..\\${'ä'.repeat(3000)}\n.txt` }] }).result
    const [seen] = receiver.received
    assert.is(seen!.headers['content-length'], '0')
    const name = decodeURIComponent(seen!.path.split('/').at(-1)!)
    assert.match(name, /^ä+\.txt$/)
    assert.ok(Buffer.byteLength(name) <= 255)
  })
})

test('a file that shrinks while it is read is an error, one that grows is cut', async () => {
  const shrinking = write('shrinking.bin', Buffer.alloc(4 * 1024 * 1024))
  await withAction({ ...COPY, authenticateWith: 'open' }, async ({ executor, receiver }) => {
    const delivery = executor.deliver('a', { files: [shrinking], attempts: 1 })
    const failure = delivery.result.then(
      () => undefined,
      (error: AppError) => error,
    )
    // Its size is known now.
    await delivery[Symbol.asyncIterator]().next()
    truncateSync(shrinking, 1024)
    const error = await failure
    assert.equal(
      [error?.code, error?.message],
      ['file_unavailable', 'file `shrinking.bin` became shorter while it was read'],
    )
    assert.is(receiver.received.length, 0)
  })
  const growing = write('growing.bin', BIG)
  await withAction({ ...COPY, authenticateWith: 'open' }, async ({ executor, receiver }) => {
    const delivery = executor.deliver('a', { files: [growing], attempts: 1 })
    await delivery[Symbol.asyncIterator]().next()
    appendFileSync(growing, 'more')
    await delivery.result
    assert.ok(receiver.received[0]!.body.equals(BIG))
  })
})

test('progress counts the bytes of all files, and ends at the total', async () => {
  await withAction(COPY, async ({ executor }) => {
    const seen: DeliveryProgress[] = []
    for await (const progress of executor.deliver('a', { files: [TEXT, BIG_FILE] })) seen.push(progress)
    assert.equal(seen.at(-1), {
      request: 2,
      requests: 2,
      attempt: 1,
      attempts: 3,
      file: 'big.bin',
      sentBytes: BIG.length + 6,
      totalBytes: BIG.length + 6,
    })
    assert.ok(seen.length > 3)
  })
})

test('iterating throws what went wrong; a delivery that nobody looks at ends quietly', async () => {
  await withAction(
    SEND,
    async ({ executor }) => {
      let error: AppError | undefined
      try {
        for await (const _progress of executor.deliver('a'));
      } catch (thrown) {
        error = thrown as AppError
      }
      assert.is(error?.code, 'delivery_refused')
      executor.deliver('a')
    },
    () => ({ status: 400 }),
  )
})

test('a signal ends it', async () => {
  const stop = new AbortController()
  await withAction(
    SEND,
    async ({ executor }) => {
      const error = await failureOf(executor, { signal: stop.signal })
      assert.is(error.message, 'enough')
    },
    async () => {
      stop.abort(new Error('enough'))
      return { status: 200 }
    },
  )
})

test('an unknown action, and parameters of a service that has none', async () => {
  await withAction(SEND, async ({ executor }) => {
    assert.throws(
      () => executor.deliver('b'),
      (error: AppError) => error.code === 'unknown_action',
    )
    assert.is((await failureOf(executor, { params: { tenant: 'x' } })).code, 'invalid_parameter')
  })
})

test('the example of docs/actions.md for the library', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/actions.md'), 'utf8')
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? []
  assert.match(code, /executor\.deliver\('archive-invoice'/)
  const receiver = await startReceiver()
  const action = { type: 'copyToHttpServer', url: `${receiver.url}/inbox/{{input.year}}`, content: { multipart: {} } }
  const actions = { 'archive-invoice': { ...action, outputFileName: '{{input.number}}-{{file.name}}' } }
  await using executor = createExecutor({ directory: folder })
  await executor.load(write('example.yaml', JSON.stringify({ version: 1, actions })))
  const told: number[][] = []
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as FunctionConstructor
  const log = (...numbers: number[]) => told.push(numbers)
  await (AsyncFunction('executor', 'console', code) as (...given: unknown[]) => Promise<void>)(executor, { log })
  assert.equal(told.at(-1), [9, 9])
  assert.is(receiver.received[0]!.path, '/inbox/2026')
  assert.is(((await formOf(receiver.received[0]!)).get('file') as File).name, '17-invoice.pdf')
  await receiver.close()
})

test('PUT to a real WebDAV server', async () => {
  const users = new webdav.SimpleUserManager()
  const user = users.addUser('robot', 'fake-password', false)
  const privileges = new webdav.SimplePathPrivilegeManager()
  privileges.setRights(user, '/', ['all'])
  const server = new webdav.WebDAVServer({
    port: 0,
    hostname: '127.0.0.1',
    httpAuthentication: new webdav.HTTPBasicAuthentication(users, 'test'),
    privilegeManager: privileges,
  })
  const http = await server.startAsync(0)
  const { port } = http.address() as { port: number }
  const file = write(
    'webdav.yaml',
    JSON.stringify({
      version: 1,
      services: {
        dav: {
          account: { authorization: 'basic', username: 'robot', password: { env: 'PASSWORD' } },
          serverUrl: `http://127.0.0.1:${port}`,
        },
      },
      actions: {
        put: {
          type: 'copyToHttpServer',
          authenticateWith: 'dav',
          method: 'PUT',
          path: '/{{file.outputName}}',
          content: { file: {} },
          outputFileName: '{{input.n}} {{file.name}}',
        },
      },
    }),
  )
  await using executor = createExecutor({ environment: { PASSWORD: 'fake-password' } })
  await executor.load(file)
  const { requests } = await executor.deliver('put', { files: [BIG_FILE], input: { n: 'ü' } }).result
  assert.is(requests[0]!.status, 201)
  const authorization = `Basic ${Buffer.from('robot:fake-password').toString('base64')}`
  const stored = await fetch(`http://127.0.0.1:${port}/%C3%BC%20big.bin`, { headers: { authorization } })
  assert.ok(Buffer.from(await stored.arrayBuffer()).equals(BIG))
  await server.stopAsync()
})

test.run()
