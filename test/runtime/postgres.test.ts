// The URL of a database: which servers it names, and how long they may take.
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import { QUEUE_USE } from '../../src/deliveries/queue/open-postgres.ts'
import { openPostgres } from '../../src/runtime/state/postgres.ts'
import { startPostgres } from '../support/postgres.ts'

const USE = { statementMs: 1_000, connections: 1, fullCode: 'state_unavailable' } as const

for (const [url, servers] of [
  ['postgres://h1/db', 1],
  ['postgres://h1,h2:5433/db', 2],
  ['postgresql://user:a,b@h1,h2,h3/db', 3],
  ['postgres://user:a,b@h1/db', 1],
  ['postgres://h1,h2/db?user=a@b', 2],
  ['postgres://h1,h2?user=a@b', 2],
] as const) {
  test(`${url}: ${servers}`, async () => {
    const database = await openPostgres(new Secret(url), USE)
    assert.is(database.servers, servers)
    await database.end()
  })
}

test('connect_timeout: how long a server may take to be connected', async () => {
  const sockets: Socket[] = []
  const silent = createServer(socket => sockets.push(socket)).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as { port: number }
  const outcome = async (query: string) => {
    const database = await openPostgres(new Secret(`postgres://u@127.0.0.1:${port}/x${query}`), USE)
    const message = await database.query('SELECT').then(
      () => assert.unreachable(),
      ({ message }) => message,
    )
    await database.end()
    return { query, message }
  }
  const all = ['', '?connect_timeout=60', '?connect_timeout=0.1'].map(outcome)
  const away = 'the database of `daemon.state.url` did not answer in time'
  assert.equal(await Promise.race(all), { query: '?connect_timeout=0.1', message: away })
  assert.equal(await Promise.race(all.slice(0, 2)), { query: '', message: away })
  for (const socket of sockets) socket.destroy()
  await all[1]
  silent.close()
})

const server = await startPostgres()
test.after(() => server?.close())

;(server ? test : test.skip)('statement_timeout: how long a statement may take', async () => {
  const plain = await server!.database()
  const ask = async (statement: string, milliseconds: number) => {
    const url = new URL(plain)
    url.searchParams.set('statement_timeout', String(milliseconds))
    const database = await openPostgres(new Secret(url.href), USE)
    try {
      return await database.query(statement).then(
        () => 'answered',
        ({ message }) => message,
      )
    } finally {
      await database.end()
    }
  }
  const slow = 'the database of `daemon.state.url` is slow: a statement took longer than 0.1 s'
  assert.is(await ask('SELECT pg_sleep(100)', 100), slow)
  assert.is(await ask('SELECT pg_sleep(1.6)', 60_000), 'answered')
})

;(server ? test : test.skip)('statement_timeout: shorter for tokens alone, longer for deliveries too', async () => {
  const plain = await server!.database('default')
  for (const [query, tokens, deliveries] of [
    ['', '1s', '10s'],
    ['?statement_timeout=3000', '3s', '10s'],
    ['?application_name=a%20b&statement_timeout=20000', '20s', '20s'],
  ] as const)
    for (const [use, limit] of [
      [USE, tokens],
      [{ ...QUEUE_USE, connections: 1 }, deliveries],
    ] as const) {
      const database = await openPostgres(new Secret(`${plain}${query}`), use)
      assert.equal(await database.query('SHOW statement_timeout'), [{ statement_timeout: limit }], query)
      await database.end()
    }
})

test.run()
