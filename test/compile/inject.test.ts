// What a request to a service gets from each kind of account, and what it must not bring itself.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { Secret } from '../../src/base/secret.ts'
import type { Injection, ServicePlan } from '../../src/compile/plan.ts'
import { ACCOUNT, compileYaml, thrownBy, valuesOf } from './compiled.ts'

function compileService(account: unknown, keys: Record<string, unknown> = {}): ServicePlan {
  const services = { s: { account, serverUrl: 'https://api.example', ...keys } }
  return compileYaml(JSON.stringify({ version: 1, services })).plan.services.get('s')!
}

const header = (value: unknown, name = 'X-Api-Key') => ({ authorization: 'header', header: { name, value } })

function inject(plan: ServicePlan, environment: Record<string, string> = {}, bearer?: string): Injection {
  return plan.inject({
    ...valuesOf(environment),
    ...(bearer !== undefined && { token: { bearer: new Secret(bearer) } }),
  })
}

test('oauth2: Bearer with capital B and one blank; the caller brings no Authorization', () => {
  const plan = compileService({ ...ACCOUNT })
  assert.equal(inject(plan, {}, 'tok'), { headers: [['Authorization', 'Bearer tok']], query: [] })
  assert.equal([...plan.removes.headers], ['authorization'])
  assert.equal([...plan.removes.query], [])
})

test('oauth2 without a bearer injects nothing: it throws', () => {
  assert.match(thrownBy(() => inject(compileService({ ...ACCOUNT }))).message, 'only with a bearer')
})

test('header: one or several, names removed from the caller in any case', () => {
  const one = compileService(header({ env: 'K' }))
  assert.equal(inject(one, { K: 'key' }), { headers: [['X-Api-Key', 'key']], query: [] })
  assert.equal([...one.removes.headers], ['x-api-key'])
  const values = [
    { name: 'X-Id', value: { env: 'ID' } },
    { name: 'X-Key', value: { env: 'K' } },
  ]
  const two = compileService({ authorization: 'header', header: values })
  assert.equal(inject(two, { ID: 'i', K: 'k' }).headers, [
    ['X-Id', 'i'],
    ['X-Key', 'k'],
  ])
  assert.equal([...two.removes.headers], ['x-id', 'x-key'])
})

for (const text of ['a\r\nX-Evil: 1', 'a\nb', 'a\0b', 'a€b', '\u007f']) {
  test(`a header value ${JSON.stringify(text)} is refused and not repeated`, () => {
    const error = thrownBy(() => inject(compileService(header({ env: 'K' })), { K: text })) as AppError
    assert.instance(error, AppError)
    assert.is(error.code, 'secret_unavailable')
    assert.match(error.message, '`X-Api-Key`')
    assert.not.ok(error.message.includes(text))
  })
}

for (const text of ['a\tb', 'ümläut', ' a ', '']) {
  test(`a header value ${JSON.stringify(text)} is sent`, () => {
    assert.equal(inject(compileService(header({ env: 'K' })), { K: text }).headers, [['X-Api-Key', text]])
  })
}

test('query: values as they are; names kept in their case', () => {
  const account = { authorization: 'query', query: { name: 'apiKey', value: { env: 'K' } } }
  const plan = compileService(account)
  assert.equal(inject(plan, { K: 'a b&c=é\n' }), { headers: [], query: [['apiKey', 'a b&c=é\n']] })
  assert.equal([...plan.removes.query], ['apiKey'])
  assert.equal([...plan.removes.headers], [])
})

test('basic: base64 over UTF-8 bytes, not form-encoded', () => {
  const account = { authorization: 'basic', username: 'jürgen', password: { env: 'P' } }
  const plan = compileService(account)
  const credentials = Buffer.from('jürgen:p+ w€:%', 'utf8').toString('base64')
  assert.equal(inject(plan, { P: 'p+ w€:%' }), { headers: [['Authorization', `Basic ${credentials}`]], query: [] })
  assert.equal([...plan.removes.headers], ['authorization'])
})

test('none: nothing, and the callers’ own headers pass', () => {
  const plan = compileService({ authorization: 'none' })
  assert.equal(inject(plan), { headers: [], query: [] })
  assert.is(plan.removes.headers.size + plan.removes.query.size, 0)
})

test('constant headers: beside the credential, templates and secrets, also for none', () => {
  const headers = { 'X-Tenant': 't-{{service.name}}', 'X-Second': { env: 'K' } }
  const plan = compileService({ ...ACCOUNT }, { headers })
  assert.equal(inject(plan, { K: 'k' }, 'tok').headers, [
    ['Authorization', 'Bearer tok'],
    ['X-Tenant', 't-s'],
    ['X-Second', 'k'],
  ])
  assert.equal([...plan.removes.headers], ['authorization', 'x-tenant', 'x-second'])
  assert.is(plan.cacheable, true)
  const open = compileService({ authorization: 'none' }, { headers: { 'X-Id': '{{uuid}}' } })
  assert.equal(inject(open).headers, [['X-Id', '00000000-0000-4000-8000-000000000000']])
  assert.is(open.cacheable, false, 'each request has its own')
})

test('a constant header that a secret would break is refused', () => {
  const plan = compileService({ authorization: 'none' }, { headers: { 'X-A': { env: 'K' } } })
  assert.instance(
    thrownBy(() => inject(plan, { K: 'a\r\nb' })),
    AppError,
  )
})

const bearerPlan = (inject: unknown, keys: Record<string, unknown> = {}) => compileService({ ...ACCOUNT, inject }, keys)

for (const [name, rule, headers, query] of [
  ['own header, bare token', { name: 'X-Auth-Token', prefix: '' }, [['X-Auth-Token', 'tok']], []],
  ['bare token in Authorization', { prefix: '' }, [['Authorization', 'tok']], []],
  ['own scheme', { prefix: 'Zoho-oauthtoken ' }, [['Authorization', 'Zoho-oauthtoken tok']], []],
  ['own header, default scheme', { name: 'X-Token' }, [['X-Token', 'Bearer tok']], []],
  [
    'base64 of several texts',
    { prefix: 'Basic ', value: '{{base64 "42:" bearer}}' },
    [['Authorization', `Basic ${Buffer.from('42:tok').toString('base64')}`]],
    [],
  ],
  ['json', { name: 'X-Json', prefix: '', value: '{"token":{{json bearer}} }' }, [['X-Json', '{"token":"tok" }']], []],
  ['query', { in: 'query', name: 'access_token' }, [], [['access_token', 'tok']]],
  ['query with a prefix', { in: 'query', name: 'a', prefix: 'Bearer ' }, [], [['a', 'Bearer tok']]],
] as const) {
  test(`inject, ${name}: of the account or of the service`, () => {
    assert.equal(inject(bearerPlan(rule), {}, 'tok'), { headers, query })
    const ofService = compileService({ ...ACCOUNT, inject: { name: 'X-Other' } }, { inject: rule })
    assert.equal(inject(ofService, {}, 'tok'), { headers, query })
    assert.is.not(ofService.fingerprint, bearerPlan({ name: 'X-Other' }).fingerprint)
  })
}

test('what inject names is taken from the caller in header and query', () => {
  for (const rule of [{ name: 'X-Token' }, { in: 'query', name: 'X-Token' }]) {
    const { removes } = bearerPlan(rule)
    assert.equal([...removes.headers], ['x-token'])
    assert.equal([...removes.query], ['X-Token'])
  }
  assert.equal([...bearerPlan({ prefix: 'Ghost ' }).removes.headers], ['authorization'])
})

test('variables in inject: those of the account where it stands there, and their secrets are read', () => {
  const plan = compileService(
    {
      ...ACCOUNT,
      inject: { prefix: 'Userkeyauth ', value: '{{base64 vars.key ":" bearer}}' },
      vars: { key: { env: 'K' } },
    },
    {},
  )
  const value = Buffer.from('k:tok').toString('base64')
  assert.equal(inject(plan, { K: 'k' }, 'tok').headers, [['Authorization', `Userkeyauth ${value}`]])
  assert.equal(plan.references, [{ kind: 'env', name: 'K' }])
})

test('a bearer with a line break cannot write headers, whatever makes the value', () => {
  const error = thrownBy(() => inject(bearerPlan({ value: 'x{{bearer}}' }), {}, 'a\r\nX-Evil: 1')) as AppError
  assert.is(error.code, 'secret_unavailable')
})

test('a token of a foreign type is injected only where a prefix is written', () => {
  const token = { bearer: new Secret('tok'), foreignType: 'mac' }
  const error = thrownBy(() => bearerPlan({ name: 'X-Token' }).inject({ ...valuesOf(), token })) as AppError
  assert.is(error.code, 'token_invalid_response')
  assert.match(error.message, 'token_type `mac` is not a bearer')
  assert.not.match(error.message, 'tok ')
  const { headers } = bearerPlan({ prefix: 'Bearer ' }).inject({ ...valuesOf(), token })
  assert.equal(headers, [['Authorization', 'Bearer tok']])
})

test('inject.value is checked like every template', () => {
  assert.match(thrownBy(() => bearerPlan({ value: '{{baerer}}' })).message, 'unknown variable `baerer`')
  const elsewhere = () => compileService({ ...ACCOUNT }, { headers: { 'X-Copy': '{{bearer}}' } })
  assert.match(thrownBy(elsewhere).message, 'unknown variable `bearer`')
})

test('a service header may not say what inject says', () => {
  const same = () => bearerPlan({ name: 'X-Token' }, { headers: { 'x-token': 'other' } })
  assert.match(thrownBy(same).message, 'oauth/reserved-parameter')
  assert.ok(bearerPlan({ name: 'X-Token' }, { headers: { Authorization: 'Basic eDp5' } }))
  assert.match(thrownBy(() => compileService(header({ env: 'K' }), { inject: {} })).message, 'reference/no-bearer')
})

test.run()
