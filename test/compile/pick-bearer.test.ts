// The bearer and its life out of token responses, and what must be refused.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { Secret } from '../../src/base/secret.ts'
import type { PickedBearer } from '../../src/compile/plan.ts'
import { compileAccount, thrownBy } from './compiled.ts'

const NOW_MS = Date.parse('2026-01-01T00:00:00Z')
const DAY_MS = 86_400_000

type Members = Record<string, unknown>

function pick(members: Members, keys: Record<string, unknown> = {}, status = 200): PickedBearer {
  return compileAccount(keys).pickBearer({ status, members }, NOW_MS)
}

function refusal(members: Members, keys?: Record<string, unknown>): AppError {
  const error = thrownBy(() => pick(members, keys)) as AppError
  assert.instance(error, AppError)
  assert.is(error.code, 'token_invalid_response')
  assert.is(error.details.account, 'a')
  assert.is(error.details.status, 200)
  return error
}

test('no secret of the request, and no token, comes back in what is told of an answer', () => {
  const [sent, token] = ['fake-sent-secret', 'fake-issued-token']
  const pickEchoed = (members: Members, keys: Record<string, unknown> = {}) => {
    const response = { status: 200, members, secrets: [new Secret(sent)] }
    return compileAccount(keys).pickBearer(response, NOW_MS)
  }
  const clean = (text: string | undefined) => assert.not.match(text ?? '', /fake-(?:sent|issued)/)
  const echo = pickEchoed({ access_token: token, token_type: `x ${sent}`, scope: `${btoa(sent)} ${token}` })
  assert.type(echo.narrowedScope, 'string')
  clean(echo.foreignType)
  clean(echo.narrowedScope)
  assert.not.match(echo.narrowedScope!, btoa(sent))
  clean(thrownBy(() => pickEchoed({ [sent]: 1, x: token })).message)
  clean(thrownBy(() => pickEchoed({ access_token: token, token_type: token }, { dpop: true })).message)
  const publish = { host: { at: '/host', hosts: ['a.example'] } }
  clean(thrownBy(() => pickEchoed({ access_token: token, [token]: 1 }, { tokenResponse: { publish } })).message)
})

test('less scope than was asked is told, in whatever form the server lists it', () => {
  const told = (scope: string[], granted: unknown) =>
    pick({ access_token: 't', scope: granted }, { scope }).narrowedScope
  for (const granted of ['read activity:read', 'activity:read,read', ['read', 'activity:read'], ['read,activity:read']])
    for (const scope of [['read', 'activity:read'], ['read,activity:read']])
      assert.is(told(scope, granted), undefined, `${scope.join(' ')} of ${granted}`)
  assert.is(told(['read,write'], 'read'), 'read')
  assert.is(told(['read', 'write'], ['read']), 'read')
  assert.is(told(['read'], undefined), undefined)
})

function jwt(claims: unknown): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part(claims)}.c2ln`
}

const inSeconds = (seconds: number) => NOW_MS / 1000 + seconds
const ID_TOKEN = {
  bearerTokenType: 'id_token',
  grant: 'password',
  username: 'ada',
  password: { env: 'PASSWORD' },
}

for (const [name, expiresIn, lifeMs, lifeFrom] of [
  ['a number', 3600, 3_600_000, 'expires_in'],
  ['case 5: a text', '300', 300_000, 'expires_in'],
  ['a text with blanks', ' 300 ', 300_000, 'expires_in'],
  ['a fraction', '0.5', 500, 'expires_in'],
  ['one second', 1, 1_000, 'expires_in'],
  ['case 6: nothing', undefined, 300_000, 'default'],
  ['case 7: zero', 0, 300_000, 'default'],
  ['case 7: zero as text', '0', 300_000, 'default'],
  ['case 7: null', null, 300_000, 'default'],
  ['a negative number', -1, 300_000, 'default'],
  ['a word', 'soon', 300_000, 'default'],
  ['an empty text', '', 300_000, 'default'],
  ['hexadecimal', '0x10', 300_000, 'default'],
  ['an exponent', '1e3', 300_000, 'default'],
  ['a negative text', '-300', 300_000, 'default'],
  ['true', true, 300_000, 'default'],
  ['a list', [300], 300_000, 'default'],
  ['an object', {}, 300_000, 'default'],
  ['a huge number', 1e300, 365 * DAY_MS, 'expires_in'],
  ['a text of a thousand digits', '9'.repeat(1000), 300_000, 'default'],
  ['ten years', 10 * 365 * 86_400, 365 * DAY_MS, 'expires_in'],
] as const) {
  test(`expires_in, ${name}: ${lifeMs} ms by ${lifeFrom}`, () => {
    const picked = pick({ access_token: 'opaque', expires_in: expiresIn })
    assert.is(picked.lifeMs, lifeMs)
    assert.is(picked.lifeFrom, lifeFrom)
    assert.is(picked.bearer.reveal(), 'opaque')
  })
}

for (const [name, exp, expiresIn, lifeMs, lifeFrom] of [
  ['alone', inSeconds(60), undefined, 60_000, 'exp'],
  ['earlier than expires_in', inSeconds(60), 3600, 60_000, 'exp'],
  ['later than expires_in', inSeconds(7200), 3600, 3_600_000, 'expires_in'],
  ['past, expires_in told: our clock may be wrong', inSeconds(-60), 3600, 3_600_000, 'expires_in'],
  ['past, nothing told: no storm', inSeconds(-60), undefined, 300_000, 'default'],
  ['not a number', 'tomorrow', 3600, 3_600_000, 'expires_in'],
  ['missing', undefined, 3600, 3_600_000, 'expires_in'],
  ['in a thousand years', inSeconds(1000 * 365 * 86_400), undefined, 365 * DAY_MS, 'exp'],
] as const) {
  test(`exp of a JWT access token, ${name}: ${lifeMs} ms by ${lifeFrom}`, () => {
    const picked = pick({ access_token: jwt({ exp }), expires_in: expiresIn })
    assert.is(picked.lifeMs, lifeMs)
    assert.is(picked.lifeFrom, lifeFrom)
  })
}

for (const token of ['a.b.c', '..', 'a..c', `a.${Buffer.from('[1]').toString('base64url')}.c`, jwt(null), jwt('x')]) {
  test(`${token} is no JWT with claims, and a bearer all the same`, () => {
    assert.is(pick({ access_token: token, expires_in: 60 }).lifeMs, 60_000)
  })
}

for (const type of [
  undefined,
  null,
  'Bearer',
  'bearer',
  'BEARER',
  'BearerToken',
  'Application Access Token',
  'User Access Token',
]) {
  test(`case 8: token_type ${JSON.stringify(type)} is a bearer`, () => {
    assert.is(pick({ access_token: 't', token_type: type }).foreignType, undefined)
  })
}

for (const type of ['mac', 'N_A', 'DPoP', 'Bearer2', '', 7]) {
  test(`token_type ${JSON.stringify(type)} is told: what is injected as a bearer must be one`, () => {
    assert.is(pick({ access_token: 't', token_type: type }).foreignType, String(type))
  })
}

test('a foreign token_type is cleaned before it is repeated', () => {
  const { foreignType } = pick({ access_token: 't', token_type: `\u001b[31m${'x'.repeat(500)}` })
  assert.not.match(foreignType!, '\u001b')
  assert.ok(foreignType!.length < 50)
})

for (const token of [undefined, null, '', 7, {}, ['t']]) {
  test(`access_token ${JSON.stringify(token)} is none`, () => {
    const { message } = refusal({ access_token: token, refresh_token: 'hush-hush' })
    assert.match(message, 'the response has no access_token; it has: access_token, refresh_token')
    assert.not.match(message, 'hush')
  })
}

test('case 9: a nested token is not found; the members are named, not the body', () => {
  const { message } = refusal({ data: { token: 'hush-hush' }, 'x\u0007y': 1 })
  assert.match(message, 'no access_token; it has: data, x y')
  assert.not.match(message, 'hush')
})

test('an answer without members says so', () => assert.match(refusal({}).message, 'it has: nothing'))

for (const token of ['a\r\nX-Evil: 1', 'a\nb', 'a\0b', 'a\tb', 'a b', 'tökén', '\u007f']) {
  test(`a token with ${JSON.stringify(token)} is refused and not repeated`, () => {
    const { message } = refusal({ access_token: token })
    assert.match(message, 'holds blanks or control characters')
    assert.not.ok(message.includes(token))
  })
}

test('every visible character may stand in a token', () => {
  const token = String.fromCharCode(...Array.from({ length: 94 }, (_, index) => 33 + index))
  assert.is(pick({ access_token: token }).bearer.reveal(), token)
})

test('case 10: 201 is as good', () => {
  assert.is(pick({ access_token: 't', expires_in: 60 }, {}, 201).bearer.reveal(), 't')
})

test('case 20: id_token missing is an error, never the access token', () => {
  const { message } = refusal({ access_token: 'hush-hush', expires_in: 60 }, ID_TOKEN)
  assert.match(message, 'the response has no id_token; it has: access_token, expires_in')
  assert.not.match(message, 'hush')
})

test('an id_token lives as its own exp says, not as expires_in does', () => {
  const id = jwt({ exp: inSeconds(120) })
  for (const expiresIn of [60, 3600, undefined]) {
    const picked = pick({ access_token: 'other', id_token: id, expires_in: expiresIn, token_type: 'mac' }, ID_TOKEN)
    assert.is(picked.bearer.reveal(), id)
    assert.is(picked.lifeMs, 120_000)
    assert.is(picked.lifeFrom, 'exp')
  }
})

test('the access token is taken though an id_token is there', () => {
  assert.is(pick({ access_token: 'at', id_token: jwt({ exp: inSeconds(1) }) }).bearer.reveal(), 'at')
})

for (const [granted, narrowedScope] of [
  [undefined, undefined],
  [null, undefined],
  ['read write', undefined],
  ['write,read', undefined],
  [['write', 'read', 'more'], undefined],
  ['read', 'read'],
  [['write'], 'write'],
  ['', ''],
] as const) {
  test(`asked for read and write, granted ${JSON.stringify(granted)}: ${narrowedScope ?? 'as asked'}`, () => {
    assert.is(pick({ access_token: 't', scope: granted }, { scope: 'read write' }).narrowedScope, narrowedScope)
  })
}

test.run()
