// The lease of a row in a real PostgreSQL: who gets it knows whether the one before gave it back. And how its table is changed.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Log, silentLog } from '../../src/base/log.ts'
import { Secret } from '../../src/base/secret.ts'
import { type Database, openDatabase } from '../../src/runtime/state/database.ts'
import { openPostgres } from '../../src/runtime/state/postgres.ts'
import { createSealing } from '../../src/runtime/state/sealing.ts'
import { createTokenTable, type SharedToken, type TokenTable } from '../../src/runtime/state/token-table.ts'
import { startPostgres } from '../support/postgres.ts'

const postgres = await startPostgres()
test.after(() => postgres?.close())

const opened: (() => Promise<unknown>)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

const SEALING = createSealing(new Secret('ab'.repeat(32)))
const NAME = SEALING.name(new Secret('fake family'))
const KEYS = ['cd', 'ef'].map(digits => new Secret(digits.repeat(32)))
const [ONE, OTHER] = ['1', '2'].map(digit => ({ name: NAME, owner: `00000000-0000-4000-8000-00000000000${digit}` }))
const LONG_MS = 600_000

function token(bearer: string): SharedToken {
  const picked = { bearer: new Secret(bearer), lifeMs: 3_600_000, lifeFrom: 'expires_in' as const }
  return { identity: 'fake identity', issuedAtMs: Date.now(), picked }
}

async function open(url: string, log: Log = silentLog): Promise<Database> {
  const use = { statementMs: 60_000, connections: 2, fullCode: 'state_unavailable' } as const
  const database = await openDatabase({
    postgres: await openPostgres(new Secret(url), use),
    connections: use.connections,
    log,
    words: { away: '', back: '' },
    random: Math.random,
    onChange: () => {},
  })
  opened.push(() => database.close())
  return database
}

async function tableOf(url: string, sealing = SEALING): Promise<TokenTable> {
  return createTokenTable(await open(url), sealing)
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  await client.connect()
  opened.push(() => client.end())
  return client
}

const WAITING = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`

const define = postgres ? test : test.skip

function table(name: string, run: (table: TokenTable, url: string) => Promise<void>): void {
  define(name, async () => {
    const url = await postgres!.database()
    await run(await tableOf(url), url)
  })
}

table('one at a time; who comes after one that gave it back takes nothing over', async held => {
  assert.is((await held.lease(ONE!, LONG_MS, 0))?.takenOver, false, 'the first one')
  assert.is(await held.lease(OTHER!, LONG_MS, 0), undefined)
  await held.release(ONE!)
  assert.is((await held.lease(OTHER!, LONG_MS, 0))?.takenOver, false)
})

table('a lease that ended by itself is taken over, by those who may', async held => {
  await held.lease(ONE!, -1, 0)
  assert.is(await held.lease(OTHER!, LONG_MS, undefined), undefined)
  assert.is((await held.lease(OTHER!, LONG_MS, 0))?.takenOver, true)
  await held.release(OTHER!)
  assert.is((await held.lease(ONE!, LONG_MS, 0))?.takenOver, false, 'and given back')
})

table('who asks for it in the moment in which it is given back takes nothing over', async (held, url) => {
  await held.lease(ONE!, LONG_MS, 0)
  const giving = await connect(url)
  await giving.query('BEGIN')
  await giving.query('UPDATE bearerd.token SET lease_owner = NULL, lease_until = NULL')
  const asked = held.lease(OTHER!, LONG_MS, 0)
  while ((await giving.query(WAITING)).rows.length === 0) await sleep(10)
  await giving.query('COMMIT')
  assert.is((await asked)?.takenOver, false)
})

table('the token of a lease that ended is published by who had it, unless somebody took it over', async held => {
  await held.lease(ONE!, -1, 0)
  await held.keepRefreshToken(NAME, new Secret('fake-refresh-2'))
  await held.publish(ONE!, token('fake-token-2'))
  assert.is((await held.look(NAME)).token?.picked.bearer.reveal(), 'fake-token-2')
  assert.is((await held.lease(OTHER!, -1, 0))?.takenOver, false, 'and the lease is given back')
  await held.lease(ONE!, LONG_MS, 0)
  await held.publish(OTHER!, token('fake-token-3'))
  assert.is((await held.look(NAME)).token?.picked.bearer.reveal(), 'fake-token-2')
})

table('what is written late ends a lease that ended, and none that runs', async held => {
  const late = () => held.keepRefreshToken(NAME, new Secret('fake-refresh-2'), true)
  await held.lease(ONE!, -1, 0)
  await late()
  assert.is((await held.lease(OTHER!, LONG_MS, undefined))?.takenOver, false)
  await late()
  assert.is(await held.lease(ONE!, LONG_MS, 0), undefined)
})

/** Two replicas while the key is changed: the first key of each is the second one of the other. */
async function changing(url: string) {
  const orders = [KEYS, KEYS.toReversed()]
  const [one, other] = await Promise.all(
    orders.map(async keys => {
      const sealing = createSealing(...keys)
      const [name, ...otherNames] = sealing.names(new Secret('fake family')) as [Buffer, ...Buffer[]]
      const lease = { name, otherNames, owner: randomUUID() }
      const held = await tableOf(url, sealing)
      const read = async () => (await held.refreshToken(name))?.reveal()
      const keep = (text: string, late?: boolean) => held.keepRefreshToken(name, new Secret(text), late)
      return { ...held, read, keep, held: lease }
    }),
  )
  const client = await connect(url)
  const rows = async () => (await client.query('SELECT FROM bearerd.token')).rowCount
  return { one: one!, other: other!, rows }
}

table('while the key is changed, a lease that ended stays where it is until it may be taken over', async (_, url) => {
  const { one, other, rows } = await changing(url)
  await one.keep('fake-refresh-1')
  await one.lease(one.held, -1_000, 0)
  await one.publish(one.held, token('fake-token-1'))
  await one.lease(one.held, -1_000, 0)
  const seen = await other.look(other.held.name, ...other.held.otherNames)
  assert.equal([seen.token?.picked.bearer.reveal(), seen.abandoned], ['fake-token-1', true], 'under the other name too')
  assert.is(await other.lease(other.held, LONG_MS, undefined), undefined)
  assert.is(await other.lease(other.held, LONG_MS, LONG_MS), undefined)
  await one.keep('fake-refresh-2', true)
  assert.is((await other.lease(other.held, LONG_MS, undefined))?.takenOver, false)
  assert.equal([await other.read(), await rows()], ['fake-refresh-2', 1])
})

table('… what is written after that counts once the row is asked for again, and there is one row', async (_, url) => {
  const { one, other, rows } = await changing(url)
  await one.keep('fake-refresh-1')
  await one.lease(one.held, -1_000, 0)
  assert.is((await other.lease(other.held, -1, 0))?.takenOver, true, 'known after the move')
  await one.keep('fake-refresh-2', true)
  assert.is(await rows(), 2)
  assert.is((await other.lease(other.held, LONG_MS, 0))?.takenOver, true)
  assert.equal([await other.read(), await rows()], ['fake-refresh-2', 1])
  await other.keep('fake-refresh-3')
  assert.is(await one.lease(one.held, LONG_MS, 0), undefined, 'a lease that runs')
  await other.release(other.held)
  assert.ok(await one.lease(one.held, LONG_MS, 0))
  assert.equal([await one.read(), await rows()], ['fake-refresh-3', 1], 'and back again')
})

define('a migration that somebody who reads keeps waiting gives up: others go on, and it is tried again', async () => {
  const url = await postgres!.database()
  await (await open(url)).close()
  const other = await connect(url)
  const sql = async (text: string) => (await other.query<{ name: string }>(text)).rows
  await sql('ALTER TABLE bearerd.token DROP COLUMN taken_over; DELETE FROM bearerd.migration WHERE version >= 5')
  const state = () =>
    sql(`SELECT version::text AS name FROM bearerd.migration UNION ALL
      SELECT attname FROM pg_attribute WHERE attrelid = 'bearerd.token'::regclass ORDER BY 1`)
  const before = await state()
  const reader = await connect(url)
  await reader.query('BEGIN; SELECT FROM bearerd.token')
  const warn: string[] = []
  const opening = open(url, { ...silentLog, warn: ({ error }) => warn.push(String(error)) })
  while ((await sql(WAITING)).length === 0) await sleep(10)
  await sql('UPDATE bearerd.token SET used_at = now()')
  const database = await opening
  const held =
    'the database of `daemon.state.url` has a table that another transaction holds, such as a backup: it is tried again'
  assert.equal([warn, database.status], [[held], { ok: false, lastError: held }])
  assert.equal(await state(), before)
  await reader.query('COMMIT')
  while (!database.status.ok) await sleep(10)
  assert.is((await createTokenTable(database, SEALING).lease(ONE!, LONG_MS, 0))?.takenOver, false)
})

test.run()
