// What token endpoints of the wild answer, one line a quirk: the whole way from the bytes to the bearer.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { Secret } from '../../src/base/secret.ts'
import type { PickedBearer } from '../../src/compile/plan.ts'
import { type RawResponse, readTokenResponse } from '../../src/runtime/authorization-server/token-response.ts'
import { ACCOUNT, compileAccount, compileYaml, thrownBy, valuesOf } from './compiled.ts'

const NOW_MS = Date.parse('2026-01-01T00:00:00Z')
const HOUR_MS = 3_600_000

interface Answer {
  status?: number
  type?: string
  headers?: Record<string, string>
  body: unknown
}

function pick(
  { status = 200, type = 'application/json', headers = {}, body }: Answer,
  keys: object = {},
): PickedBearer {
  const { pickBearer, reading } = compileAccount({ ...keys })
  const raw: RawResponse = {
    status,
    contentType: type,
    retryAfter: null,
    location: null,
    text: typeof body === 'string' ? body : JSON.stringify(body),
    date: headers.Date ?? null,
    header: name => headers[name] ?? null,
  }
  const details = { account: 'a', endpoint: 'id.example/token' }
  const response = readTokenResponse(raw, details, [new Secret('hush-hush')], {
    nowMs: NOW_MS,
    ...(reading && { rule: reading }),
  })
  return pickBearer(response, NOW_MS)
}

const json = (body: unknown): Answer => ({ body })
const token = (more: object = {}): Answer => json({ access_token: 't', ...more })
const at = (place: unknown) => ({ tokenResponse: { token: place } })
const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`

/** The row, the answer, the account's words, the token. */
const TOKENS: [string, Answer, object, string][] = [
  ['55 success is 201', { status: 201, body: { access_token: 't' } }, {}, 't'],
  ['56 `ok: true` beside the token', token({ ok: true, error: '' }), {}, 't'],
  [
    '56 code 0 is no error (Feishu)',
    json({ code: 0, token: 't' }),
    { tokenResponse: { token: '/token', error: '/code' } },
    't',
  ],
  ['69 nested', json({ data: { token: 't' } }), at('/data/token'), 't'],
  ['69 nested twice', json({ tokens: { access: { token: 't' } } }), at('/tokens/access/token'), 't'],
  ['69 in a list', json({ tokens: [{ token: 't' }] }), at('/tokens/0/token'), 't'],
  ['70 Pascal case', json({ AccessToken: 't' }), at('/AccessToken'), 't'],
  ['71 another name', json({ jwt: 't' }), at('/jwt'), 't'],
  ['71 a name with a slash and a tilde', json({ 'a/b~c': 't' }), at('/a~1b~0c'), 't'],
  ['72 bare text', { type: 'text/plain', body: 't\n' }, at('text'), 't'],
  ['72 bare text in quotes', { body: '"t"' }, at('text'), 't'],
  [
    '73 in a header',
    { status: 201, headers: { 'X-Subject-Token': 't' }, body: { token: {} } },
    at({ header: 'X-Subject-Token' }),
    't',
  ],
  [
    '73 in a header, no body',
    { status: 204, headers: { 'X-Subject-Token': 't' }, body: '' },
    at({ header: 'X-Subject-Token' }),
    't',
  ],
  ['75 the first of several', json({ token: 't', access_token: 'u' }), at(['/token', '/access_token']), 't'],
  ['75 the second of several', json({ access_token: 'u' }), at(['/token', '/access_token']), 'u'],
  ['76 a form labelled as one', { type: 'application/x-www-form-urlencoded', body: 'access_token=t&scope=a' }, {}, 't'],
  ['76 a form labelled text', { type: 'text/plain; charset=utf-8', body: 'access_token=t&expires=5' }, {}, 't'],
  ['76 a form with another name', { type: 'text/plain', body: 'key=t' }, at('/key'), 't'],
  ['77 JSON labelled HTML', { type: 'text/html', body: { access_token: 't' } }, {}, 't'],
  ['78 a byte order mark', { body: '\ufeff{"access_token":"t"}' }, {}, 't'],
  [
    '80 WWW-Authenticate on success',
    { headers: { 'WWW-Authenticate': 'Basic' }, body: { access_token: 't' } },
    {},
    't',
  ],
  ['81 slash, plus and equals sign', token({ access_token: 'a/b+c==' }), {}, 'a/b+c=='],
]

for (const [name, answer, keys, expected] of TOKENS)
  test(`row ${name}`, () => assert.is(pick(answer, keys).bearer.reveal(), expected))

/** The row, the answer, the account's words, the life and where it is from. */
const LIVES: [string, Answer, object, number, string][] = [
  ['60 a text (case-5)', token({ expires_in: '300' }), {}, 300_000, 'expires_in'],
  [
    '61 milliseconds',
    token({ expires_in: 86_399_999 }),
    expires('/expires_in', 'milliseconds'),
    86_399_999,
    'expires_in',
  ],
  ['62 zero means unknown (case-7)', token({ expires_in: 0 }), {}, 300_000, 'default'],
  ['62 zero, with a lifetime', token({ expires_in: 0 }), { lifetime: { default: '2m' } }, 120_000, 'lifetime'],
  ['63 null', token({ expires_in: null }), {}, 300_000, 'default'],
  ['63 huge', token({ expires_in: 1e300 }), {}, 365 * 24 * HOUR_MS, 'expires_in'],
  ['63 not in the format', token({ expires_in: 'soon' }), { lifetime: { default: '1h' } }, HOUR_MS, 'lifetime'],
  ['64 another name', token({ expire: 60 }), expires('/expire'), 60_000, 'expires_in'],
  ['64 nested', token({ data: { ttl: '60' } }), expires('/data/ttl', 'seconds'), 60_000, 'expires_in'],
  ['65 seconds since 1970', token({ exp: NOW_MS / 1000 + 60 }), expires('/exp', 'unix'), 60_000, 'expires_in'],
  [
    '65 milliseconds since 1970',
    token({ exp: String(NOW_MS + 60_000) }),
    expires('/exp', 'unix_ms'),
    60_000,
    'expires_in',
  ],
  ['65 date and time', token({ exp: '2026-01-01T01:00:00Z' }), expires('/exp', 'datetime'), HOUR_MS, 'expires_in'],
  [
    '65 with an offset',
    token({ exp: '2026-01-01T02:00:00+01:00' }),
    expires('/exp', 'datetime'),
    HOUR_MS,
    'expires_in',
  ],
  [
    '65 without a zone: UTC',
    token({ exp: '2026-01-01 01:00:00.5' }),
    expires('/exp', 'datetime'),
    HOUR_MS + 500,
    'expires_in',
  ],
  ['65 in the past', token({ exp: 1 }), expires('/exp', 'unix'), 300_000, 'default'],
  [
    '65 by the clock of the server, which is an hour behind',
    { headers: { Date: 'Wed, 31 Dec 2025 23:00:00 GMT' }, body: { access_token: 't', exp: NOW_MS / 1000 - 3540 } },
    expires('/exp', 'unix'),
    60_000,
    'expires_in',
  ],
  ['66 days:hours:minutes is not understood', token({ left: '177:05:38' }), expires('/left'), 300_000, 'default'],
  ['67 none (case-6)', token(), { lifetime: { default: '2m' } }, 120_000, 'lifetime'],
  [
    '67 none, but the token is a JWT',
    token({ access_token: jwt({ exp: NOW_MS / 1000 + 90 }) }),
    { lifetime: { default: '2m' } },
    90_000,
    'exp',
  ],
  ['68 the rest of a life', token({ expires_in: 7 }), {}, 7_000, 'expires_in'],
  [
    '75 sixty seconds if absent',
    json({ token: 't' }),
    { ...at('/token'), lifetime: { default: '60s' } },
    60_000,
    'lifetime',
  ],
  ['lifetime.max', token({ expires_in: 7200 }), { lifetime: { max: '1h' } }, HOUR_MS, 'expires_in'],
  [
    'the earlier of the two',
    token({ access_token: jwt({ exp: NOW_MS / 1000 + 90 }), ttl: 60 }),
    expires('/ttl'),
    60_000,
    'expires_in',
  ],
  [
    '107 an ID token lives by its own exp',
    json({ access_token: 'u', id_token: jwt({ exp: NOW_MS / 1000 + 90 }), expires_in: 10 }),
    { bearerTokenType: 'id_token', grant: 'password', username: 'a', password: { env: 'P' } },
    90_000,
    'exp',
  ],
]

function expires(pointer: string, unit?: string): object {
  return { tokenResponse: { expires: { at: pointer, ...(unit && { as: unit }) } } }
}

for (const [name, answer, keys, lifeMs, lifeFrom] of LIVES) {
  test(`row ${name}: ${lifeMs} ms by ${lifeFrom}`, () => {
    const picked = pick(answer, keys)
    assert.is(picked.lifeMs, lifeMs)
    assert.is(picked.lifeFrom, lifeFrom)
  })
}

test('row 61: more than a year is a sign of another unit', () => {
  assert.is(pick(token({ expires_in: 86_399_999 })).implausible, true)
  assert.is(pick(token({ expires_in: 3600 })).implausible, undefined)
})

for (const [row, type, foreign] of [
  ['50', undefined, undefined],
  ['51', 'BearerToken', undefined],
  ['52', 'Application Access Token', undefined],
  ['52', 'User Access Token', undefined],
  ['53', 'BEARER', undefined],
  ['53', 'bearer', undefined],
  ['54', 'Zoho-oauthtoken', 'Zoho-oauthtoken'],
  ['—', 'mac', 'mac'],
] as const) {
  test(`row ${row}: token_type ${type} is ${foreign ? 'no' : 'a'} bearer (case-8)`, () => {
    assert.is(pick(token({ token_type: type })).foreignType, foreign)
  })
}

/** The row, the answer, the account's words, the code of the provider, a part of the message. */
const FAILURES: [string, Answer, object, string | undefined, string][] = [
  [
    '56 error with 200 (case-11)',
    json({ error: 'invalid_grant', access_token: 't' }),
    {},
    'invalid_grant',
    'invalid_grant',
  ],
  ['56 Slack', json({ ok: false, error: 'invalid_auth' }), {}, 'invalid_auth', 'invalid_auth'],
  [
    '56 WeChat',
    json({ errcode: 40013, errmsg: 'invalid appid' }),
    { tokenResponse: { error: '/errcode' } },
    '40013',
    '40013: invalid appid',
  ],
  [
    '56 a condition',
    json({ access_token: 't', ok: 'no' }),
    { tokenResponse: { success: { at: '/ok', equals: true } } },
    undefined,
    '/ok is not true',
  ],
  [
    '56 a condition, number as text',
    json({ access_token: 't', code: '1' }),
    { tokenResponse: { success: { at: '/code', equals: 0 } } },
    undefined,
    '/code is not 0',
  ],
  [
    '57 Fitbit',
    {
      status: 400,
      body: { errors: [{ errorType: 'invalid_grant', message: 'Refresh token invalid' }], success: false },
    },
    {},
    'invalid_grant',
    'Refresh token invalid',
  ],
  [
    '57 a list of errors with 200',
    json({ errors: [{ errorType: 'invalid_client', message: 'm' }] }),
    {},
    'invalid_client',
    'm',
  ],
  [
    '58 Twitch',
    { status: 403, body: { status: 403, message: 'invalid client secret' } },
    {},
    undefined,
    'invalid client secret',
  ],
  [
    '59 UPS',
    { status: 401, body: { response: { errors: [{ code: '10401', message: 'ClientId is Invalid' }] } } },
    {},
    '10401',
    'ClientId is Invalid',
  ],
  ['Google: an object', { status: 400, body: { error: { code: 7, status: 'DENIED', message: 'no' } } }, {}, '7', 'no'],
]

for (const [name, answer, keys, code, part] of FAILURES) {
  test(`row ${name}: refused`, () => {
    const error = thrownBy(() => pick(answer, keys)) as AppError
    assert.is(error.code, 'token_refused', error.message)
    assert.is(error.details.oauthError, code)
    assert.match(error.message, part)
  })
}

/** The row, the answer, the account's words, a part of the message. */
const INVALID: [string, Answer, object, string][] = [
  ['69 without the setting (case-9)', json({ data: { token: 'hush-hush' } }), {}, 'no access_token; it has: data'],
  [
    '69 with another pointer',
    json({ data: { token: 'hush-hush' } }),
    at(['/token', '/data/jwt']),
    'no token at /token or /data/jwt; it has: data',
  ],
  ['69 a pointer to a mapping', json({ data: { token: 'hush-hush' } }), at('/data'), 'no token at /data'],
  ['69 no member of an object’s prototype', json({}), at('/constructor/name'), 'it has: nothing'],
  [
    '72 bare text that nobody asked for',
    { type: 'text/plain', body: 'hush-hush' },
    {},
    '9 characters of text/plain instead of',
  ],
  [
    '72 HTML is no bare text',
    { type: 'text/html', body: '<html>hush-hush</html>' },
    at('text'),
    'characters of text/html',
  ],
  ['72 several words are no token', { type: 'text/plain', body: 'please hush-hush' }, at('text'), 'holds blanks'],
  [
    '73 the header is missing',
    json({ hush: 'hush-hush' }),
    at({ header: 'X-Subject-Token' }),
    'no header X-Subject-Token; it has: hush',
  ],
  ['76 a form labelled JSON', { body: 'access_token=hush-hush' }, {}, 'characters of application/json'],
  ['79 HTML with 200', { type: 'text/html', body: '<p>access_token=hush-hush</p>' }, {}, 'characters of text/html'],
  ['79 an empty 202', { status: 202, body: '' }, {}, 'an empty answer'],
  [
    '98 a published member is missing',
    token({ x: 'hush-hush' }),
    { tokenResponse: { publish: { host: { at: '/host', hosts: ['a.example'] } } } },
    'nothing at /host to publish as host; it has: access_token, x',
  ],
  [
    'case-20: no id_token, never the access token',
    token({ access_token: 'hush-hush' }),
    { bearerTokenType: 'id_token', grant: 'password', username: 'a', password: { env: 'P' } },
    'no id_token; it has: access_token',
  ],
]

for (const [name, answer, keys, part] of INVALID) {
  test(`row ${name}: an error that does not repeat the answer`, () => {
    const error = thrownBy(() => pick(answer, keys)) as AppError
    assert.is(error.code, 'token_invalid_response', error.message)
    assert.match(error.message, part)
    assert.not.match(error.message, 'hush-hush')
  })
}

test('row 82: a redirect is not followed, and its target is named', () => {
  const raw = { status: 301, contentType: '', retryAfter: null, location: 'https://other.example/o/token/', text: '' }
  const error = thrownBy(() =>
    readTokenResponse(raw, { account: 'a', endpoint: 'id.example/o/token' }, [], { nowMs: NOW_MS }),
  ) as AppError
  assert.is(error.code, 'token_redirect')
  assert.match(error.message, '301 and redirects to other.example')
})

const PUBLISH = {
  instance: { at: '/instance_url', hosts: ['*.sales.example', 'sales.example'] },
  tenant: { at: '/id', hosts: [] },
}

function serverUrl(url: string, instance: string, tenant: unknown = 7): string {
  const accounts = { a: { ...ACCOUNT, tokenResponse: { publish: PUBLISH } } }
  const services = { s: { account: 'a', serverUrl: url } }
  const { plan } = compileYaml(JSON.stringify({ version: 1, accounts, services }))
  const account = plan.accounts.get('a')! as ReturnType<typeof compileAccount>
  const picked = account.pickBearer(
    { status: 200, members: { access_token: 't', instance_url: instance, id: tenant } },
    NOW_MS,
  )
  return plan.services.get('s')!.serverUrl.expand({ ...valuesOf(), token: picked }).href
}

test('row 101: the base URL comes with the token, and only from listed hosts', () => {
  assert.is(serverUrl('{{token.instance}}/v1', 'https://eu7.my.sales.example'), 'https://eu7.my.sales.example/v1')
  assert.is(serverUrl('https://{{token.instance}}/v1', 'SALES.example'), 'https://sales.example/v1')
  assert.is(serverUrl('https://api.example/{{token.tenant}}/{{token.instance}}', 'a/b'), 'https://api.example/7/a%2Fb')
  for (const host of ['evil.example', 'sales.example.evil.example', 'evilsales.example', '.sales.example']) {
    const error = thrownBy(() => serverUrl('{{token.instance}}/v1', `https://${host}`)) as AppError
    assert.instance(error, AppError, host)
    assert.is(error.code, 'invalid_template_value')
  }
  const message = thrownBy(() => serverUrl('{{token.instance}}/v1', 'https://evil.example')).message
  assert.match(
    message,
    'serverUrl: the token response names the host evil.example, which `hosts` of `publish.instance` does not list',
  )
  for (const value of [
    'https://sales.example@evil.example',
    'https://evil.example#.sales.example',
    'http://a.sales.example',
    'x',
  ])
    assert.instance(
      thrownBy(() => serverUrl('{{token.instance}}/v1', value)),
      AppError,
    )
})

/** The row, the account's `inject`, the header or query that a request gets. */
for (const [row, inject, headers, query] of [
  ['102', { name: 'X-Shopify-Access-Token', prefix: '' }, [['X-Shopify-Access-Token', 'tok']], []],
  ['103', { prefix: '' }, [['Authorization', 'tok']], []],
  ['104 Ghost', { prefix: 'Ghost ' }, [['Authorization', 'Ghost tok']], []],
  ['104 Tripletex', { prefix: 'Basic ', value: '{{base64 "0:" bearer}}' }, [['Authorization', 'Basic MDp0b2s=']], []],
  ['105', { in: 'query', name: 'access_token' }, [], [['access_token', 'tok']]],
] as const) {
  test(`row ${row}: how the token is sent`, () => {
    const services = { s: { account: { ...ACCOUNT, inject }, serverUrl: 'https://api.example' } }
    const plan = compileYaml(JSON.stringify({ version: 1, services })).plan.services.get('s')!
    assert.equal(plan.inject({ ...valuesOf(), token: { bearer: new Secret('tok') } }), { headers, query })
  })
}

test('row 106: constant headers beside the token', () => {
  const headers = { 'X-Tenant-ID': '{{vars.tenant}}' }
  const services = { s: { account: ACCOUNT, serverUrl: 'https://api.example', headers, vars: { tenant: 'acme' } } }
  const plan = compileYaml(JSON.stringify({ version: 1, services })).plan.services.get('s')!
  assert.equal(plan.inject({ ...valuesOf(), token: { bearer: new Secret('tok') } }).headers.at(-1), [
    'X-Tenant-ID',
    'acme',
  ])
})

test.run()
