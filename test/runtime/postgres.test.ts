// The URL of a database: which servers it names. Nothing is asked here.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import { openPostgres } from '../../src/runtime/state/postgres.ts'

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

test.run()
