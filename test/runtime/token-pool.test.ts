// Equal accounts share one token request, and nobody gets a token of another identity, or the one that it wants to replace.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { momentOf } from '../../src/base/clock.ts'
import { Secret } from '../../src/base/secret.ts'
import { createTokenPool, type Fresh } from '../../src/runtime/tokens/token-pool.ts'
import { fakeClock } from '../support/fake-clock.ts'

const LIFE_MS = 3_600_000
const fresh = (text: string, identity: string): Fresh => ({
  picked: { bearer: new Secret(text), lifeMs: LIFE_MS, lifeFrom: 'expires_in' },
  identity,
  since: momentOf(fakeClock()),
})
const textOf = async (issued: Promise<{ picked: Fresh['picked'] }>) => (await issued).picked.bearer.reveal()

test('one request for all who ask meanwhile, and for those who come later', async () => {
  const pool = createTokenPool(fakeClock())
  let requests = 0
  const fetch = async () => fresh(`t${++requests}`, 'a')
  const got = await Promise.all([1, 2, 3].map(() => textOf(pool.take('a', undefined, fetch))))
  assert.equal([...got, await textOf(pool.take('a', undefined, fetch))], ['t1', 't1', 't1', 't1'])
})

test('whoever holds that token, and wants another one, gets another one, which serves the others too', async () => {
  const pool = createTokenPool(fakeClock())
  let requests = 0
  const fetch = async () => fresh(`t${++requests}`, 'a')
  const first = await pool.take('a', undefined, fetch)
  const second = await pool.take('a', first.picked.bearer, fetch)
  assert.is(second.picked.bearer.reveal(), 't2')
  assert.is(await textOf(pool.take('a', first.picked.bearer, fetch)), 't2')
  assert.is(requests, 2)
})

test('a secret that changed while it was asked for: who waits with another identity asks for itself', async () => {
  const pool = createTokenPool(fakeClock())
  const gate = Promise.withResolvers<Fresh>()
  const asked = textOf(pool.take('a', undefined, () => gate.promise))
  const waits = textOf(pool.take('a', undefined, async () => fresh('own', 'a')))
  gate.resolve(fresh('other', 'b'))
  assert.is(await asked, 'other')
  assert.is(await waits, 'own', 'not the token of another secret')
  assert.is(await textOf(pool.take('b', undefined, async () => fresh('again', 'b'))), 'other')
})

test('a dropped token, and one that is due, are not given again', async () => {
  const clock = fakeClock()
  const pool = createTokenPool(clock)
  const { picked } = await pool.take('a', undefined, async () => fresh('t1', 'a'))
  pool.drop(picked.bearer)
  assert.is(await textOf(pool.take('a', undefined, async () => fresh('t2', 'a'))), 't2')
  await clock.advance(LIFE_MS * 0.8 - 1)
  assert.is(await textOf(pool.take('a', undefined, async () => fresh('t3', 'a'))), 't2')
  await clock.advance(1)
  assert.is(await textOf(pool.take('a', undefined, async () => fresh('t3', 'a'))), 't3')
})

test.run()
