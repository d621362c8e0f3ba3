// Names that a value chose and that lead to an address of this machine's own link: nothing is connected to, on every way that
// a request leaves by. Names that are written out lead wherever they lead.
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { compileYaml, rejectionOf, valuesOf } from '../compile/compiled.ts'
import { type Loopback, listenOnLoopback, sendJson } from '../support/loopback.ts'
import { resolveNames } from '../support/name-server.ts'
import { createRunning } from '../support/running.ts'

const running = createRunning()
let upstream: Loopback
let seen: string[] = []

/** By name, what its look-ups say one after the other. */
const NAMES = {
  'acme.tenants.example': [['127.0.0.1']],
  'evil.tenants.example': [['169.254.169.254']],
  'six.tenants.example': [['fe80::1%lo']],
  'mapped.tenants.example': [['::ffff:169.254.169.254']],
  'cloud.tenants.example': [['fd00:ec2::254']],
  'both.tenants.example': [['169.254.169.254', 'fe80::1', '127.0.0.1']],
  'turns.tenants.example': [['127.0.0.1'], ['169.254.169.254']],
}
const EVIL = ['evil', 'six', 'mapped', 'cloud']

test.before.each(async () => {
  seen = []
  await running.open(Promise.resolve(resolveNames(NAMES)))
  upstream = await running.open(
    listenOnLoopback((incoming, response) => {
      seen.push(`${incoming.headers.host}${incoming.url}`)
      incoming.resume()
      const tenant = /^\/token\/(.*)/.exec(incoming.url ?? '')?.[1]
      if (tenant) return sendJson(response, 200, { access_token: 'fake', host: `${tenant}.tenants.example` })
      sendJson(response, 200, { ok: true }, { Connection: 'close' })
    }),
  )
})

test.after.each(() => running.close())

const port = () => new URL(upstream.url).port
const none = { authorization: 'none' }
const parameters = { tenant: { pattern: '^[a-z]+$' } }

function definitions() {
  const serverUrl = `http://{{params.tenant}}.tenants.example:${port()}`
  const account = { clientId: 'a', clientSecret: 'fake', scope: [], allowHttp: true }
  const told = (tenant: string) => ({
    account: {
      ...account,
      accessTokenUri: `${upstream.url}/token/${tenant}`,
      tokenResponse: { publish: { host: { at: '/host', hosts: ['*.tenants.example'] } } },
    },
    serverUrl: `http://{{token.host}}:${port()}`,
    allowHttp: true,
  })
  return {
    vars: { name: 'written' },
    services: {
      tenants: { account: none, serverUrl, parameters, allowHttp: true },
      logins: { account: { ...account, accessTokenUri: `${serverUrl}/token/x` }, serverUrl: upstream.url, parameters },
      'told-acme': told('acme'),
      'told-evil': told('evil'),
      written: { account: none, serverUrl: 'https://{{vars.name}}.example' },
    },
    actions: {
      send: { type: 'sendToConnectedService', authenticateWith: 'tenants', path: '/x', content: { json: {} } },
    },
  }
}

async function call(base: string, path: string) {
  const outgoing = request(`${base}/v1/services/${path}`)
  const incoming = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve).on('error', reject).end()
  })
  return { status: incoming.statusCode!, json: JSON.parse(await text(incoming)) }
}

test('the proxy', async () => {
  const { api } = await running.serve(definitions())
  assert.is((await call(api, 'tenants/proxy/x?param.tenant=acme')).status, 200)
  for (const tenant of EVIL) {
    const { status, json } = await call(api, `tenants/proxy/x?param.tenant=${tenant}`)
    assert.equal([status, json.code], [502, 'invalid_template_value'], tenant)
    assert.match(json.detail, `${tenant}.tenants.example`)
  }
  assert.equal(seen, [`acme.tenants.example:${port()}/x`])
})

test('of several addresses only the others are used', async () => {
  const { api } = await running.serve(definitions())
  assert.is((await call(api, 'tenants/proxy/x?param.tenant=both')).status, 200)
})

test('a name server that changes its mind', async () => {
  const { api } = await running.serve(definitions())
  assert.is((await call(api, 'tenants/proxy/1?param.tenant=turns')).status, 200)
  const { json } = await call(api, 'tenants/proxy/2?param.tenant=turns')
  assert.is(json.code, 'invalid_template_value')
})

test('a token endpoint', async () => {
  const { api } = await running.serve(definitions())
  assert.is((await call(api, 'logins/proxy/x?param.tenant=acme')).status, 200)
  const { status, json } = await call(api, 'logins/proxy/x?param.tenant=evil')
  assert.equal([status, json.code], [502, 'invalid_template_value'])
  assert.match(json.detail, 'account `logins`')
})

test('a host that a token response named', async () => {
  const { api } = await running.serve(definitions())
  assert.is((await call(api, 'told-acme/proxy/x')).status, 200)
  const { json } = await call(api, 'told-evil/proxy/x')
  assert.is(json.code, 'invalid_template_value')
})

test('the client of the library', async () => {
  const executor = await running.execute(definitions())
  const send = (tenant: string) => executor.client('tenants', { params: { tenant } })('x').json()
  assert.equal(await send('acme'), { ok: true })
  const error = await rejectionOf(send('evil'))
  assert.instance(error, AppError)
  assert.is((error as AppError).code, 'invalid_template_value')
})

test('a delivery', async () => {
  const executor = await running.execute(definitions())
  await executor.deliver('send', { params: { tenant: 'acme' } }).result
  const error = await rejectionOf(executor.deliver('send', { params: { tenant: 'evil' } }).result)
  assert.is((error as AppError).code, 'invalid_template_value')
})

test('a name that is written out leads wherever it leads: its connections are the usual ones', () => {
  const { plan } = compileYaml(JSON.stringify({ version: 1, ...definitions() }))
  assert.is(plan.services.get('written')!.connect, undefined)
  assert.equal(plan.services.get('told-evil')!.connect?.(valuesOf()), { guarded: true })
})

test.run()
