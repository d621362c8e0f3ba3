// A hundred reloads while both routes are in full use: no request fails, and no account that stays asks for a token again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent } from 'undici'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startDaemon } from '../../src/daemon/daemon.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'
import { listenOnLoopback } from '../support/loopback.ts'

const RELOADS = 100
const CALLERS = 8

const opened: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

async function start() {
  const endpoint = await hostile.startTokenEndpoint(({ body }) =>
    hostile.token(new URLSearchParams(body).get('scope')!),
  )
  opened.push(() => endpoint.close())
  const upstream = await listenOnLoopback((request, response) => response.end(request.headers.authorization))
  opened.push(() => upstream.close())
  const directory = mkdtempSync(join(tmpdir(), 'bearerd-load-'))
  opened.push(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'services.yaml')
  const account = (scope: string) => ({
    accessTokenUri: endpoint.url,
    clientId: 'app',
    clientSecret: 'fake-secret',
    scope: [scope],
  })
  /** Version by version: a service that stays, one whose own settings change, one whose account changes, one that comes and goes. */
  const write = (version: number) => {
    const services = {
      stays: { account: 'stays', serverUrl: upstream.url },
      retitled: { account: 'stays', serverUrl: upstream.url, title: `Version ${version}` },
      renewed: { account: account(`renewed-${version}`), serverUrl: upstream.url },
      ...(version % 2 === 0 && { visitor: { account: account('visitor'), serverUrl: upstream.url } }),
    }
    writeFileSync(path, JSON.stringify({ version: 1, accounts: { stays: account('stays') }, services }))
  }
  write(0)
  const options = { paths: [path], listen: '127.0.0.1:0', adminListen: '127.0.0.1:0', logLevel: 'silent' } as const
  const daemon = await startDaemon(options)
  opened.push(() => daemon.stop(1_000))
  return { daemon, write, endpoint }
}

test(`${RELOADS} reloads under load on both routes`, async () => {
  const { daemon, write, endpoint } = await start()
  const agent = new Agent({ connections: CALLERS })
  opened.push(() => agent.close())
  let running = true
  let answers = 0
  const failed: string[] = []
  const call = async (path: string) => {
    const { statusCode, body } = await agent.request({
      origin: daemon.api,
      path: `/v1/services/${path}`,
      method: 'GET',
    })
    const text = await body.text()
    answers++
    const service = path.split('/')[0]!
    const expected = service === 'renewed' ? 'Bearer renewed-' : 'Bearer stays'
    if (statusCode !== 200 || !text.includes(expected)) failed.push(`${path}: ${statusCode} ${text}`)
  }
  const caller = async (index: number) => {
    for (let turn = index; running; turn++) {
      const service = ['stays', 'retitled', 'renewed'][turn % 3]
      await call(turn % 2 === 0 ? `${service}/authorization` : `${service}/proxy/x`)
    }
  }
  const callers = Array.from({ length: CALLERS }, (_, index) => caller(index))
  for (let version = 1; version <= RELOADS; version++) {
    write(version)
    const { ok, diagnostics } = await daemon.executor.reload()
    assert.ok(ok, JSON.stringify(diagnostics))
  }
  running = false
  await Promise.all(callers)
  assert.equal(failed, [])
  assert.ok(answers > RELOADS, `${answers} answers`)
  assert.is(daemon.executor.generation?.id, RELOADS + 1)
  const scopes = endpoint.requests.map(({ body }) => new URLSearchParams(body).get('scope')!)
  assert.is(scopes.filter(scope => scope === 'stays').length, 1)
  const renewals = scopes.filter(scope => scope.startsWith('renewed-'))
  assert.is(new Set(renewals).size, renewals.length, 'one request for each version of the account')
})

test.run()
