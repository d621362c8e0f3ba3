// What real token endpoints want of a refresh: one line each with the row of the catalogue, the keys of the account, and the
// request to the letter. The plain account of compiled.ts stands below each; `undefined` removes a key.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import type { TokenRequest } from '../../src/compile/plan.ts'
import { checkConfig } from '../../src/config/check.ts'
import { compileAccount, valuesOf } from './compiled.ts'

type Keys = Record<string, unknown>

interface Expected {
  method?: 'GET'
  url?: string
  headers: Record<string, string>
  body: string
}

const ACCEPT = { accept: 'application/json' }
const FORM = { ...ACCEPT, 'content-type': 'application/x-www-form-urlencoded' }
const BASIC = { ...FORM, authorization: `Basic ${Buffer.from('app:fake-secret').toString('base64')}` }
const NO_CLIENT = { clientId: undefined, clientSecret: undefined, clientAuthMethod: 'none', scope: [] }
const PASSWORD = { grant: 'password', username: 'ada', password: { env: 'PASSWORD' } }
const STANDARD = 'grant_type=refresh_token&refresh_token=fake-refresh'

const environment = { SECRET: 'fake-secret', PASSWORD: 'fake-password', SHORT: 'fake-short', KEY: 'fake-key' }
const tokens = { refreshToken: new Secret('fake-refresh'), bearer: new Secret('fake-bearer') }

async function refreshOf(keys: Keys): Promise<TokenRequest> {
  return compileAccount(keys).buildRefresh!(valuesOf(environment), tokens)
}

const REQUESTS: [row: string, keys: Keys, expected: Expected][] = [
  [
    '36 Dynamics: audience and resource again, and none of the parameters of the grant',
    {
      ...PASSWORD,
      audience: 'https://api.example',
      resource: ['https://a.example', 'urn:b'],
      tokenRequest: { params: { more: 'only-with-the-grant' } },
    },
    {
      headers: BASIC,
      body: `${STANDARD}&audience=https%3A%2F%2Fapi.example&resource=https%3A%2F%2Fa.example&resource=urn%3Ab`,
    },
  ],
  [
    '93 SAP Concur: its own URL and parameters after a password',
    {
      ...PASSWORD,
      clientAuthMethod: 'client_secret_post',
      refresh: { accessTokenUri: 'https://id.example/v0/refresh', params: { credtype: 'authtoken' } },
    },
    {
      url: 'https://id.example/v0/refresh',
      headers: FORM,
      body: `${STANDARD}&client_id=app&client_secret=fake-secret&credtype=authtoken`,
    },
  ],
  [
    '93 a login API: JSON with both tokens',
    {
      ...NO_CLIENT,
      grant: 'login',
      tokenRequest: { format: 'json', params: { user: 'ada' } },
      refresh: {
        accessTokenUri: 'https://id.example/refresh',
        params: { token: '{{bearer}}', refreshToken: '{{refreshToken}}' },
        token: '/refreshToken',
      },
    },
    {
      url: 'https://id.example/refresh',
      headers: { ...ACCEPT, 'content-type': 'application/json' },
      body: '{"token":"fake-bearer","refreshToken":"fake-refresh"}',
    },
  ],
  [
    '94 Microsoft Ads: scope',
    { ...PASSWORD, refresh: { params: { scope: 'https://ads.example/msads.manage offline_access' } } },
    { headers: BASIC, body: `${STANDARD}&scope=https%3A%2F%2Fads.example%2Fmsads.manage%20offline_access` },
  ],
  [
    '94 Zendesk: a number',
    { ...PASSWORD, refresh: { params: { expires_in: 172800 } } },
    { headers: BASIC, body: `${STANDARD}&expires_in=172800` },
  ],
  [
    '94 BambooHR: request=token beside the standard, and a grant of another name in its place',
    { ...PASSWORD, refresh: { params: { request: 'token', grant_type: 'renewal' } } },
    { headers: BASIC, body: 'refresh_token=fake-refresh&request=token&grant_type=renewal' },
  ],
  [
    '95 Salesmsg: the refresh token in the header, and nothing of the standard',
    {
      ...NO_CLIENT,
      grant: 'login',
      refresh: {
        accessTokenUri: 'https://id.example/auth/refresh',
        headers: { Authorization: 'Bearer {{refreshToken}}' },
        token: '/access_token',
      },
    },
    {
      url: 'https://id.example/auth/refresh',
      headers: { ...FORM, authorization: 'Bearer fake-refresh' },
      body: '',
    },
  ],
  [
    '96 Instagram: the living access token under a private grant name, by GET',
    {
      ...NO_CLIENT,
      grant: 'custom',
      accessTokenUri: 'https://graph.example/access_token',
      tokenRequest: {
        method: 'GET',
        grantType: 'ig_exchange_token',
        params: { client_secret: { env: 'KEY' }, access_token: { env: 'SHORT' } },
      },
      refresh: {
        accessTokenUri: 'https://graph.example/refresh_access_token',
        params: { grant_type: 'ig_refresh_token', access_token: '{{refreshToken}}' },
        token: '/access_token',
      },
    },
    {
      method: 'GET',
      url: 'https://graph.example/refresh_access_token?grant_type=ig_refresh_token&access_token=fake-refresh',
      headers: ACCEPT,
      body: '',
    },
  ],
]

for (const [row, keys, { method = 'POST', url = 'https://id.example/token', headers, body }] of REQUESTS) {
  test(row, async () => {
    const request = await refreshOf(keys)
    const named = Object.fromEntries(request.headers.map(([name, value]) => [name.toLowerCase(), value]))
    assert.equal(
      { method: request.method, url: request.url.href, headers: named, body: request.body },
      { method, url, headers, body },
    )
  })
}

test('the token that serves as refresh token is the one at the pointer', () => {
  const answer = {
    status: 200,
    members: { access_token: 'fake-access', refresh_token: 'fake-other', next: { t: 'n' } },
  }
  const pick = (keys: Keys) => compileAccount(keys).pickBearer(answer, 0).refreshToken?.reveal()
  assert.is(pick(PASSWORD), 'fake-other')
  assert.is(pick({ ...PASSWORD, refresh: { params: {} } }), 'fake-other')
  assert.is(pick({ ...PASSWORD, refresh: { token: '/access_token' } }), 'fake-access')
  assert.is(pick({ ...PASSWORD, refresh: { token: '/next/t' } }), 'n')
})

test('whatever form the tokens have in the request, they are not said', async () => {
  const request = await refreshOf({
    ...PASSWORD,
    refresh: { headers: { 'X-Token': "{{base64 refreshToken ':' bearer}}" } },
  })
  const known = new Set(request.secrets.map(secret => secret.reveal()))
  for (const text of ['fake-refresh', 'fake-bearer', Buffer.from('fake-refresh:fake-bearer').toString('base64')])
    assert.ok(known.has(text), text)
})

const REFUSED: [what: string, refresh: unknown, code: string, message: string][] = [
  ['a word that is none', 'sometimes', 'schema/value', 'refresh'],
  ['an unknown key', { param: {} }, 'schema/unknown-key', 'param'],
  ['a pointer that is none', { token: 'access_token' }, 'schema/value', 'token'],
  ['an unknown variable', { params: { a: '{{refreshTokens}}' } }, 'template/unknown-variable', 'refreshTokens'],
  [
    'a token in the URL',
    { accessTokenUri: 'https://id.example/{{refreshToken}}' },
    'template/unknown-variable',
    'refreshToken',
  ],
  ['a token in a path', { params: { a: { file: 'x/{{refreshToken}}' } } }, 'template/unknown-variable', 'refreshToken'],
  ['plain http', { accessTokenUri: 'http://id.example/refresh' }, 'uri/insecure', 'plain http'],
  ['the client a second time', { params: { client_id: 'b' } }, 'oauth/reserved-parameter', 'client_id'],
  [
    'a parameter that stands in the query',
    { accessTokenUri: 'https://id.example/r?a=1', params: { a: '2' } },
    'oauth/reserved-parameter',
    'refresh.accessTokenUri',
  ],
]

for (const [what, refresh, code, message] of REFUSED) {
  test(`refused: ${what}`, () => {
    const account = {
      accessTokenUri: 'https://id.example/token',
      clientId: 'app',
      clientSecret: { env: 'S' },
      scope: 'read',
    }
    const keys = { ...account, clientAuthMethod: 'client_secret_post', refresh }
    const services = { s: { account: keys, serverUrl: 'https://x.example' } }
    const checked = checkConfig([{ path: '/c/a.yaml', file: 'a.yaml', text: JSON.stringify({ version: 1, services }) }])
    const found = checked.ok ? [] : checked.diagnostics.filter(({ severity }) => severity === 'error')
    assert.equal(
      found.map(finding => finding.code),
      [code],
      found.map(finding => finding.message).join('\n'),
    )
    assert.match(found[0]!.message, message)
  })
}

test.run()
