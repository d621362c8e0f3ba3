// What real token endpoints want of a request: one line each with the provider, the keys of its account, and the request to
// the letter. The plain account of compiled.ts stands below each; `undefined` removes a key.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { buildRequest } from './compiled.ts'

type Keys = Record<string, unknown>

interface Expected {
  method?: 'GET'
  url?: string
  /** What differs from `Accept: application/json` and the type of a form. */
  headers?: Record<string, string | undefined>
  body: string
}

const NO_CLIENT = { clientId: undefined, clientSecret: undefined }
const LOGIN = { grant: 'login', scope: [] }
const POST = { clientAuthMethod: 'client_secret_post' }
const BASIC = `Basic ${base64('app:fake-secret')}`
const JSON_TYPE = { 'Content-Type': 'application/json' }
const CREDENTIALS = 'grant_type=client_credentials'
const CLIENT = 'client_id=app&client_secret=fake-secret'

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}

const REQUESTS: [row: string, keys: Keys, expected: Expected][] = [
  [
    '9 Stripe: the secret as a bearer',
    {
      ...NO_CLIENT,
      clientAuthMethod: 'none',
      scope: [],
      vars: { key: { env: 'SECRET' } },
      tokenRequest: { headers: { Authorization: 'Bearer {{vars.key}}' } },
    },
    { headers: { Authorization: 'Bearer fake-secret' }, body: CREDENTIALS },
  ],
  [
    '10 Workday: a scheme of its own',
    {
      ...NO_CLIENT,
      clientAuthMethod: 'none',
      scope: [],
      vars: { id: 'app', key: { env: 'SECRET' } },
      tokenRequest: { headers: { Authorization: "ID {{base64 vars.id ':' vars.key}}" } },
    },
    { headers: { Authorization: `ID ${base64('app:fake-secret')}` }, body: CREDENTIALS },
  ],
  [
    '11 Twitter: client_id in the body beside Basic',
    { tokenRequest: { clientIdInBody: true } },
    { headers: { Authorization: BASIC }, body: `${CREDENTIALS}&scope=read&client_id=app` },
  ],
  [
    '12 Spring: no client_id beside Basic',
    {},
    { headers: { Authorization: BASIC }, body: `${CREDENTIALS}&scope=read` },
  ],
  [
    '13 Greenhouse: grant_type in the query of the URL',
    { accessTokenUri: 'https://id.example/token?grant_type=client_credentials', scope: [] },
    { url: 'https://id.example/token?grant_type=client_credentials', headers: { Authorization: BASIC }, body: '' },
  ],
  [
    '14 Kno Commerce: all in the query, an empty body',
    { ...POST, tokenRequest: { format: 'query' } },
    {
      url: `https://id.example/token?${CREDENTIALS}&scope=read&${CLIENT}`,
      headers: { 'Content-Type': undefined },
      body: '',
    },
  ],
  [
    '15 Marketo: GET',
    { ...POST, accessTokenUri: 'https://id.example/token?v=1', scope: [], tokenRequest: { method: 'GET' } },
    {
      method: 'GET',
      url: `https://id.example/token?v=1&${CREDENTIALS}&${CLIENT}`,
      headers: { 'Content-Type': undefined },
      body: '',
    },
  ],
  [
    '16 Toast: other names, JSON',
    {
      ...POST,
      ...LOGIN,
      tokenRequest: {
        format: 'json',
        names: { client_id: 'clientId', client_secret: 'clientSecret' },
        params: { userAccessType: 'TOAST_MACHINE_CLIENT' },
      },
    },
    {
      headers: JSON_TYPE,
      body: '{"clientId":"app","clientSecret":"fake-secret","userAccessType":"TOAST_MACHINE_CLIENT"}',
    },
  ],
  [
    '17 TikTok: client_key in addition',
    { ...POST, scope: [], tokenRequest: { params: { client_key: { env: 'SECRET' } } } },
    { body: `${CREDENTIALS}&${CLIENT}&client_key=fake-secret` },
  ],
  [
    '18 ZoomInfo: ID and secret as user name and password',
    {
      ...POST,
      ...LOGIN,
      tokenRequest: { format: 'json', names: { client_id: 'username', client_secret: 'password' } },
    },
    { headers: JSON_TYPE, body: '{"username":"app","password":"fake-secret"}' },
  ],
  [
    '19 Redtail: three parts in the header',
    {
      ...NO_CLIENT,
      ...LOGIN,
      vars: { user: 'robot', key: { env: 'SECRET' }, password: { env: 'PASSWORD' } },
      tokenRequest: { headers: { Authorization: "Basic {{base64 vars.key ':' vars.user ':' vars.password}}" } },
    },
    { headers: { Authorization: `Basic ${base64('fake-secret:robot:fake-password')}` }, body: '' },
  ],
  [
    '30 Zoom: a grant of its own with an account',
    { scope: [], grant: 'custom', tokenRequest: { grantType: 'account_credentials', params: { account_id: 'A-1' } } },
    { headers: { Authorization: BASIC }, body: 'grant_type=account_credentials&account_id=A-1' },
  ],
  [
    '31 SAP Ariba',
    { scope: [], grant: 'custom', tokenRequest: { grantType: 'openapi_2lo' } },
    { headers: { Authorization: BASIC }, body: 'grant_type=openapi_2lo' },
  ],
  [
    '32 UKG: a URI as grant, with realm and audience',
    {
      ...POST,
      scope: [],
      grant: 'custom',
      audience: 'https://wfm.example',
      tokenRequest: {
        grantType: 'http://auth0.com/oauth/grant-type/password-realm',
        params: { realm: 'employees', username: 'robot', password: { env: 'PASSWORD' } },
      },
    },
    {
      body: `grant_type=http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2Fpassword-realm&audience=https%3A%2F%2Fwfm.example&${CLIENT}&realm=employees&username=robot&password=fake-password`,
    },
  ],
  [
    '33 WeChat: a singular grant, GET, other names',
    {
      ...POST,
      scope: [],
      grant: 'custom',
      tokenRequest: {
        method: 'GET',
        grantType: 'client_credential',
        names: { client_id: 'appid', client_secret: 'secret' },
      },
    },
    {
      method: 'GET',
      url: 'https://id.example/token?grant_type=client_credential&appid=app&secret=fake-secret',
      headers: { 'Content-Type': undefined },
      body: '',
    },
  ],
  ['34 Looker: no grant_type', { ...POST, ...LOGIN }, { body: CLIENT }],
  [
    '34 Personio: no grant_type, JSON',
    { ...POST, ...LOGIN, tokenRequest: { format: 'json' } },
    { headers: JSON_TYPE, body: '{"client_id":"app","client_secret":"fake-secret"}' },
  ],
  [
    '35 Auth0: audience',
    { ...POST, scope: [], audience: 'https://api.example/' },
    { body: `${CREDENTIALS}&audience=https%3A%2F%2Fapi.example%2F&${CLIENT}` },
  ],
  [
    '36 Dynatrace: resource, a URN',
    { ...POST, resource: 'urn:dtaccount:abc' },
    { body: `${CREDENTIALS}&scope=read&resource=urn%3Adtaccount%3Aabc&${CLIENT}` },
  ],
  [
    '36 SharePoint: a resource that is no URI',
    { ...POST, scope: [], tokenRequest: { params: { resource: '0003/acme.example@t' } } },
    { body: `${CREDENTIALS}&${CLIENT}&resource=0003%2Facme.example%40t` },
  ],
  [
    '37 Box: subject type and id',
    { ...POST, scope: [], tokenRequest: { params: { box_subject_type: 'enterprise', box_subject_id: '42' } } },
    { body: `${CREDENTIALS}&${CLIENT}&box_subject_type=enterprise&box_subject_id=42` },
  ],
  [
    '38 Sage Intacct: a boolean; Drupal: username in client_credentials',
    { ...POST, scope: [], tokenRequest: { params: { new_token: true, companyId: 7, username: 'robot' } } },
    { body: `${CREDENTIALS}&${CLIENT}&new_token=true&companyId=7&username=robot` },
  ],
  [
    '39 Entra: one URL as scope',
    { ...POST, scope: ['https://graph.example/.default'] },
    { body: `${CREDENTIALS}&scope=https%3A%2F%2Fgraph.example%2F.default&${CLIENT}` },
  ],
  [
    '40 Adobe: commas between scopes',
    { ...POST, scope: 'openid, AdobeID', tokenRequest: { scopeSeparator: ',' } },
    { body: `${CREDENTIALS}&scope=openid%2CAdobeID&${CLIENT}` },
  ],
  [
    '41 Workable: a plus between scopes',
    { ...POST, scope: 'a b', tokenRequest: { scopeSeparator: '+' } },
    { body: `${CREDENTIALS}&scope=a%2Bb&${CLIENT}` },
  ],
  ['42 Fitbit: blanks as %20', { ...POST, scope: 'a b' }, { body: `${CREDENTIALS}&scope=a%20b&${CLIENT}` }],
  [
    '43 Entra: a plus in the secret',
    { ...POST, scope: [], clientSecret: { env: 'PLUS' } },
    { body: `${CREDENTIALS}&client_id=app&client_secret=a%2Bb` },
  ],
  [
    '44 Vanta: JSON; case 19: with audience',
    { ...POST, audience: 'https://api.example', tokenRequest: { format: 'json' } },
    {
      headers: JSON_TYPE,
      body: '{"grant_type":"client_credentials","scope":"read","audience":"https://api.example","client_id":"app","client_secret":"fake-secret"}',
    },
  ],
  [
    '45 Tableau: nested JSON',
    {
      ...NO_CLIENT,
      ...LOGIN,
      tokenRequest: {
        format: 'json',
        params: {
          credentials: {
            personalAccessTokenName: 'robot',
            personalAccessTokenSecret: { env: 'SECRET' },
            site: { contentUrl: 'acme' },
          },
        },
      },
    },
    {
      headers: JSON_TYPE,
      body: '{"credentials":{"personalAccessTokenName":"robot","personalAccessTokenSecret":"fake-secret","site":{"contentUrl":"acme"}}}',
    },
  ],
  [
    '45 Semble: GraphQL',
    {
      ...NO_CLIENT,
      ...LOGIN,
      tokenRequest: { format: 'json', params: { query: 'mutation { signIn { token } }', variables: { n: [1, true] } } },
    },
    { headers: JSON_TYPE, body: '{"query":"mutation { signIn { token } }","variables":{"n":[1,true]}}' },
  ],
  ['46 Keycloak: no charset', { ...POST }, { body: `${CREDENTIALS}&scope=read&${CLIENT}` }],
  [
    '48 Walmart: a fresh correlation id',
    { scope: [], tokenRequest: { headers: { 'WM_SVC.NAME': 'Marketplace', 'WM_QOS.CORRELATION_ID': '{{uuid}}' } } },
    {
      headers: {
        Authorization: BASIC,
        'WM_SVC.NAME': 'Marketplace',
        'WM_QOS.CORRELATION_ID': '00000000-0000-4000-8000-000000000000',
      },
      body: CREDENTIALS,
    },
  ],
  [
    '48 an Accept of its own, however it is spelt',
    { ...POST, scope: [], tokenRequest: { headers: { accept: 'application/xml' } } },
    { headers: { Accept: undefined, accept: 'application/xml' }, body: `${CREDENTIALS}&${CLIENT}` },
  ],
  [
    '49 Reddit: a User-Agent that says who',
    { scope: [], tokenRequest: { headers: { 'User-Agent': 'web:bot:v1 (by /u/robot)' } } },
    { headers: { Authorization: BASIC, 'User-Agent': 'web:bot:v1 (by /u/robot)' }, body: CREDENTIALS },
  ],
  [
    'RFC 8707: resource, repeated',
    { ...POST, scope: [], resource: ['https://a.example', 'https://b.example'] },
    { body: `${CREDENTIALS}&resource=https%3A%2F%2Fa.example&resource=https%3A%2F%2Fb.example&${CLIENT}` },
  ],
  [
    'lists, and values that are empty',
    { ...POST, scope: [], tokenRequest: { params: { tag: ['a', 'b'], none: '', some: ['', 'c'] } } },
    { body: `${CREDENTIALS}&${CLIENT}&tag=a&tag=b&some=c` },
  ],
  [
    'ECU360: in JSON an empty text is a value',
    { ...POST, grant: 'login', scope: [], tokenRequest: { format: 'json', params: { mfaToken: '' } } },
    {
      headers: { 'Content-Type': 'application/json' },
      body: '{"client_id":"app","client_secret":"fake-secret","mfaToken":""}',
    },
  ],
]

const SECRETS = { PLUS: 'a+b', PASSWORD: 'fake-password' }

for (const [row, keys, expected] of REQUESTS) {
  test(row, async () => {
    const request = await buildRequest(keys, SECRETS)
    assert.is(request.method, expected.method ?? 'POST')
    assert.is(request.url.href, expected.url ?? 'https://id.example/token')
    const headers = {
      Accept: 'application/json',
      'Content-Type': 'application/x-www-form-urlencoded',
      ...expected.headers,
    }
    const sent = Object.entries(headers).filter(([, value]) => value !== undefined)
    assert.equal(Object.fromEntries(request.headers), Object.fromEntries(sent))
    assert.is(request.headers.length, sent.length)
    assert.is(request.body, expected.body)
  })
}

test.run()
