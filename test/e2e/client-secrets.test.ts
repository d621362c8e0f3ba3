// Several client secrets in the daemon: status and metric say which one is in use, and how many requests that took.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startDaemon } from '../../src/daemon/daemon.ts'
import { OAUTH2_CLIENT, startOAuth2Server } from '../support/oauth2-server.ts'

test('status and metrics say which client secret is in use', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bearerd-client-secrets-'))
  const auth = await startOAuth2Server()
  const account = { accessTokenUri: auth.tokenUrl, clientId: OAUTH2_CLIENT.id, scope: [] }
  const accounts = {
    rotating: { ...account, clientSecret: ['fake-new-secret', OAUTH2_CLIENT.secret] },
    plain: { ...account, clientSecret: OAUTH2_CLIENT.secret },
  }
  const services = Object.fromEntries(
    Object.keys(accounts).map(name => [name, { account: name, serverUrl: 'https://x.example' }]),
  )
  const file = join(folder, 'services.yaml')
  writeFileSync(file, JSON.stringify({ version: 1, accounts, services }))
  const addresses = { listen: '127.0.0.1:0', adminListen: '127.0.0.1:0' }
  const daemon = await startDaemon({ paths: [file], ...addresses, logLevel: 'silent' })
  try {
    for (const name of Object.keys(services))
      assert.is((await fetch(`${daemon.api}/v1/services/${name}/authorization`)).status, 200)
    const status = await (await fetch(`${daemon.admin}/v1/status`)).text()
    const told = (JSON.parse(status) as { services: Record<string, { clientSecret?: unknown }> }).services
    assert.equal(told.rotating?.clientSecret, { inUse: 2, of: 2 })
    assert.is(told.plain?.clientSecret, undefined)
    const metrics = await (await fetch(`${daemon.admin}/metrics`)).text()
    const lines = metrics.split('\n').filter(line => /^bearerd_(client_secret|token_requests)/.test(line))
    assert.equal(lines.sort(), [
      'bearerd_client_secret_in_use{account="rotating"} 2',
      'bearerd_token_requests_total{account="plain",outcome="success"} 1',
      'bearerd_token_requests_total{account="rotating",outcome="failure"} 1',
      'bearerd_token_requests_total{account="rotating",outcome="success"} 1',
    ])
    for (const text of [status, metrics]) assert.not.match(text, new RegExp(`fake-new-secret|${OAUTH2_CLIENT.secret}`))
  } finally {
    await daemon.stop(500)
    await auth.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

test.run()
