// A daemon whose database goes away, hangs, or takes no writes: callers see no error, and status, metrics and log each say what
// it is, and when it is over.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startDaemon } from '../../src/daemon/daemon.ts'
import { startTokenEndpoint, token } from '../support/hostile-token-endpoint.ts'
import { startPostgres } from '../support/postgres.ts'
import { capture } from '../support/run-command.ts'
import { withFolder } from '../support/with-folder.ts'

const opened: (() => unknown)[] = []
test.after(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

const postgres = await startPostgres()
opened.push(() => postgres?.close())
const define = postgres ? test : test.skip

async function eventually(what: string, check: () => Promise<unknown>): Promise<void> {
  const endMs = performance.now() + 60_000
  while (!(await check())) {
    if (performance.now() > endMs) assert.unreachable(what)
    await sleep(50)
  }
}

async function start(url: string) {
  const endpoint = await startTokenEndpoint((_request, index) => token(`token-${index + 1}`))
  opened.push(() => endpoint.close())
  const folder = withFolder({}, opened)
  const file = join(folder, 'services.yaml')
  const account = { accessTokenUri: endpoint.url, clientId: 'app', clientSecret: 'fake-secret', scope: [] }
  const state = { url: { file: 'database' }, encryptionKey: { file: 'key' } }
  writeFileSync(join(folder, 'database'), url, { mode: 0o600 })
  writeFileSync(join(folder, 'key'), 'ab'.repeat(32), { mode: 0o600 })
  const services = { s: { account, serverUrl: 'https://x.example' } }
  writeFileSync(file, JSON.stringify({ version: 1, services, daemon: { state } }))
  const daemon = await startDaemon({
    ...{ paths: [file], listen: '127.0.0.1:0', adminListen: '127.0.0.1:0' },
    ...{ logLevel: 'info', logFormat: 'json' },
  })
  opened.push(() => daemon.stop(500))
  const newToken = async () => {
    await fetch(`${daemon.api}/v1/services/s/token`, { method: 'DELETE' })
    return (await fetch(`${daemon.api}/v1/services/s/authorization`)).status
  }
  const told = async () => {
    const { state } = (await (await fetch(`${daemon.admin}/v1/status`)).json()) as {
      state: { ok: boolean; lastError: string }
    }
    const metrics = await (await fetch(`${daemon.admin}/metrics`)).text()
    const [, gauge] = /^bearerd_state_available (\d)$/m.exec(metrics) ?? []
    return { ...state, gauge }
  }
  return { newToken, told }
}

define('away, slow, read-only: status, metrics and log say each of them, and no caller sees an error', async () => {
  const url = await postgres!.database('default')
  const name = new URL(url).pathname.slice(1)
  const elsewhere = url.replace(name, 'postgres')
  const said = capture(process.stderr)
  opened.push(said.restore)
  const { newToken, told } = await start(url)
  assert.is(await newToken(), 200)
  assert.equal(await told(), { kind: 'postgresql', ok: true, lastError: null, gauge: '1' })
  const outages: [string, RegExp, begin: () => unknown, end: () => unknown][] = [
    [
      'away',
      /cannot be used \((ECONNREFUSED|ECONNRESET)\)|is stopping|did not answer/,
      postgres!.stop,
      postgres!.start,
    ],
    ['slow', /did not answer in time/, postgres!.freeze, postgres!.thaw],
    [
      'read-only',
      /is read-only/,
      async () => {
        await postgres!.query(elsewhere, `ALTER DATABASE ${name} SET default_transaction_read_only = on`)
        const others = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`
        await postgres!.query(elsewhere, others)
      },
      () => postgres!.query(elsewhere, `ALTER DATABASE ${name} RESET default_transaction_read_only`),
    ],
  ]
  const lines = (level: string) =>
    said
      .text()
      .split('\n')
      .filter(line => line.includes(`"level":"${level}"`))
  for (const [outage, reason, begin, end] of outages) {
    const before = { warn: lines('warn').length, info: lines('info').length }
    await begin()
    try {
      await eventually(`${outage} is noticed`, async () => {
        assert.is(await newToken(), 200, outage)
        return reason.test((await told()).lastError ?? '')
      })
      const { ok, gauge } = await told()
      assert.equal([ok, gauge], [false, '0'], outage)
      const warnings = lines('warn').slice(before.warn)
      const isIt = (line: string) => reason.test(line) && line.includes('tokens are not shared with other replicas')
      assert.ok(warnings.some(isIt), `${outage}: ${warnings.join('\n')}`)
    } finally {
      await end()
    }
    await eventually(`${outage} is over`, async () => (await told()).ok)
    assert.equal(await told(), { kind: 'postgresql', ok: true, lastError: null, gauge: '1' }, outage)
    assert.ok(
      lines('info')
        .slice(before.info)
        .some(line => line.includes('the database is back')),
      outage,
    )
  }
  assert.not.match(said.text(), /fake-database-password|fake-secret|"token-\d/)
})

test.run()
