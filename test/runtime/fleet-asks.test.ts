// What a replica is told that asks for a token while the row of its account is somebody else's: no database is needed for that.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Moment, momentOf, systemClock } from '../../src/base/clock.ts'
import { AppError } from '../../src/base/error.ts'
import { Secret } from '../../src/base/secret.ts'
import { createSealing } from '../../src/runtime/state/sealing.ts'
import type { SharedToken, TokenTable } from '../../src/runtime/state/token-table.ts'
import { createFleet, type FleetAnswer, type FleetAsk, type Standing } from '../../src/runtime/tokens/fleet.ts'
import { fakeClock } from '../support/fake-clock.ts'

const SEALING = createSealing(new Secret('ab'.repeat(32)))
const [IDENTITY, OTHER_IDENTITY] = [new Secret('fake identity'), new Secret('fake identity with the next secret')]
const [MINUTE_MS, HOUR_MS, TIMEOUT_MS] = [60_000, 3_600_000, 600_000]

interface Row {
  token?: SharedToken | undefined
  owner: string | null
  until: number | null
  /** Passes between the look and the lease. */
  waitMs?: number
}

/** One row, with the conditions of the table in the database. Leases run by the wall clock, as there. */
function tableOf(row: Row): TokenTable {
  const giveBack = async () => void Object.assign(row, { owner: null, until: null })
  return {
    look: async () => ({ token: row.token, abandoned: row.until !== null && row.until < Date.now() }),
    async lease({ owner }, forMs, takeOverAfterMs) {
      await systemClock.sleep(row.waitMs ?? 0)
      const isOpen = takeOverAfterMs !== undefined && row.until !== null && row.until < Date.now() - takeOverAfterMs
      if (row.until !== null && !isOpen) return undefined
      const takenOver = row.owner !== null
      Object.assign(row, { owner, until: Date.now() + forMs })
      return { token: row.token, takenOver }
    },
    extend: async () => {},
    publish: giveBack,
    fail: giveBack,
    release: giveBack,
    refreshToken: async () => undefined,
    keepRefreshToken: async () => {},
    dropRefreshToken: async () => {},
  }
}

/** Of an hour's life, so old. */
function aged(minutes: number, identity = IDENTITY): SharedToken {
  const picked = { bearer: new Secret('fake-shared'), lifeMs: HOUR_MS, lifeFrom: 'expires_in' as const }
  const name = SEALING.name(identity).toString('base64url')
  return { identity: name, issuedAtMs: clock.nowMs() - minutes * MINUTE_MS, picked }
}

const clock = fakeClock()
/** Its lease ended so long ago, and nobody gave it back. */
const dead = (agoMs: number) => ({ owner: 'another', until: Date.now() - agoMs })
const living = () => ({ owner: 'another', until: Date.now() + HOUR_MS })

/** What a replica gets, as a word: `sent` when the token endpoint is asked. */
async function ask(row: Row, asked: Partial<FleetAsk> = {}): Promise<string> {
  const parts = { table: tableOf(row), sealing: SEALING, clock, random: () => 0, newId: () => 'this one' }
  const fleet = createFleet({ ...parts, backForMs: () => Number.POSITIVE_INFINITY })
  const whole: FleetAsk = {
    account: 's',
    family: new Secret('fake family'),
    identity: IDENTITY,
    held: undefined,
    heldLives: false,
    cautious: true,
    timeoutMs: TIMEOUT_MS,
    takeOverAfterMs: TIMEOUT_MS,
    ...asked,
  }
  const since: Moment = momentOf(clock)
  const request = async (_standing: Standing): Promise<FleetAnswer> => ({
    picked: { bearer: new Secret('sent'), lifeMs: HOUR_MS, lifeFrom: 'expires_in' as const },
    since,
    identity: whole.identity,
  })
  try {
    return (await fleet.take(whole, request)).picked.bearer.reveal()
  } catch (error) {
    assert.instance(error, AppError)
    return (error as AppError).message
  }
}

const IN_DOUBT = /^a replica died.* used the refresh token of `s`/
const WAITED = /^another replica asks for the token of `s` and has no answer after \d+s$/
const HELD = { held: new Secret('fake-own'), heldLives: true }

test('a replica without a token is given the old one while it is in doubt whether the refresh token was used', async () => {
  assert.is(await ask({ ...dead(MINUTE_MS), token: aged(50) }), 'fake-shared')
  assert.is(await ask({ ...dead(MINUTE_MS), token: aged(50) }, { held: new Secret('fake-ended') }), 'fake-shared')
  assert.match(await ask({ ...dead(MINUTE_MS), token: aged(50) }, HELD), IN_DOUBT, 'who has one is told')
  assert.is(await ask({ ...dead(HOUR_MS), token: aged(61) }), 'sent', 'and there is none')
})

test('… and while the one that asks for the next one has no answer', async () => {
  const short = { timeoutMs: 1 }
  assert.is(await ask({ ...living(), token: aged(50) }, short), 'fake-shared')
  assert.match(await ask({ ...living(), token: aged(50) }, { ...short, ...HELD }), WAITED)
  assert.match(await ask({ ...living(), token: aged(61) }, short), WAITED)
})

test('when a lease may be taken over has nothing to do with the time that the asker has left', async () => {
  assert.match(await ask(living(), { timeoutMs: -2 * HOUR_MS }), WAITED, 'not that of a living replica')
  assert.match(await ask(dead(TIMEOUT_MS / 2), { timeoutMs: 1 }), WAITED, 'not while its request may run')
  assert.is(await ask(dead(2 * TIMEOUT_MS)), 'sent')
})

test('the token that the asker has counts, also where the row does not know it', async () => {
  assert.match(await ask(dead(HOUR_MS), { ...HELD, identity: undefined }), IN_DOUBT, 'one that is not shared')
  const other = { ...dead(HOUR_MS), token: aged(1, OTHER_IDENTITY) }
  assert.match(await ask(other, HELD), IN_DOUBT, 'one of another client secret')
  assert.is(await ask(other, { ...HELD, heldLives: false }), 'sent')
})

test('no refresh token is sent by whom the lease comes too late to await the answer, and the lease is given back', async () => {
  const late = { owner: null, until: null, waitMs: 60 }
  const row: Row = { ...late }
  assert.match(await ask(row, { timeoutMs: 100 }), WAITED)
  assert.is(row.owner, null)
  assert.is(await ask({ ...late, token: aged(50) }, { timeoutMs: 100 }), 'fake-shared')
  assert.is(await ask({ ...late }, { timeoutMs: 100, cautious: false }), 'sent', 'where the grant can go without')
})

test.run()
