// `bearerd test` with each of the common mistakes, before servers that really refuse it: the likeliest cause is the mistake,
// after as many requests as the daemon would send, and without a secret in what is told.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as endpoint from '../support/hostile-token-endpoint.ts'
import { OIDC_POST_CLIENT, OIDC_USER, startOidcServer } from '../support/oidc-server.ts'
import { runCommand } from '../support/run-command.ts'

const FOLDER = mkdtempSync(join(tmpdir(), 'bearerd-mistakes-'))
const KEYS = await generateKeyPair('ES256', { extractable: true })
const KEY = JSON.stringify(await exportJWK(KEYS.privateKey))
const SECRET = OIDC_POST_CLIENT.client_secret

const oidc = await startOidcServer({
  clients: [
    OIDC_POST_CLIENT,
    {
      client_id: 'signing',
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [{ ...(await exportJWK(KEYS.publicKey)), alg: 'ES256', use: 'sig' }] },
      scope: 'read',
    },
  ],
})

test.after(async () => {
  await oidc.close()
  rmSync(FOLDER, { recursive: true })
})

interface Told {
  text: string
  causes: string[]
}

async function told(account: object): Promise<Told> {
  const services = { s: { account: { scope: 'read', timeout: '20s', ...account }, serverUrl: 'https://x.example' } }
  const path = join(FOLDER, 'services.yaml')
  writeFileSync(path, JSON.stringify({ version: 1, services }))
  const { code, stdout, stderr } = await runCommand(['test', '-c', path], {
    cwd: FOLDER,
    env: { SECRET, KEY, PASSWORD: OIDC_USER.password },
  })
  assert.is(code, 3, `${stdout}${stderr}`)
  for (const canary of [SECRET, encodeURIComponent(SECRET), OIDC_USER.password, 'eyJ'])
    assert.not.ok(`${stdout}${stderr}`.includes(canary), canary)
  return { text: stdout, causes: [...stdout.matchAll(/^ {4}\d\. (.*)$/gm)].map(([, cause]) => cause!) }
}

const WITH_SECRET = { clientId: OIDC_POST_CLIENT.client_id, clientSecret: { env: 'SECRET' } }
const SIGNING = {
  accessTokenUri: oidc.tokenUrl,
  clientId: 'signing',
  clientAuthMethod: 'private_key_jwt',
  clientAssertion: { key: { env: 'KEY' } },
}

/** Answers as a test says, and tells how often it was asked. */
async function asked(answer: endpoint.TokenEndpoint, keys: object = {}): Promise<Told & { requests: number }> {
  const server = await endpoint.startTokenEndpoint(answer)
  try {
    const result = await told({ accessTokenUri: server.url, ...WITH_SECRET, ...keys })
    return { ...result, requests: server.requests.length }
  } finally {
    await server.close()
  }
}

for (const [basicEncoding, decode] of [
  ['form', (text: string) => text],
  ['raw', (text: string) => decodeURIComponent(text.replaceAll('+', ' '))],
] as const) {
  test(`the encoding of HTTP Basic: ${basicEncoding} before a server that wants the other one`, async () => {
    const { causes, requests } = await asked(
      ({ headers }) => {
        const basic = Buffer.from(headers.authorization?.slice('Basic '.length) ?? '', 'base64').toString()
        let known = false
        try {
          known = decode(basic.slice(basic.indexOf(':') + 1)) === SECRET
        } catch {}
        return known ? endpoint.token('t') : endpoint.json(401, { error: 'invalid_client' })
      },
      { basicEncoding },
    )
    assert.match(causes[0]!, /the two encodings of HTTP Basic write differently: see `basicEncoding`/)
    assert.is(requests, 1)
  })
}

for (const [method, where, takes] of [
  ['client_secret_basic', 'body', ({ body }) => body.includes('client_secret=')],
  ['client_secret_post', 'header', ({ headers }) => headers.authorization !== undefined],
] as [string, string, (request: endpoint.TokenRequest) => boolean][]) {
  test(`a secret in the wrong place: ${method} before a server that reads the ${where}`, async () => {
    const { causes, requests } = await asked(
      request => (takes(request) ? endpoint.token('t') : endpoint.json(401, { error: 'invalid_client' })),
      { clientAuthMethod: method },
    )
    assert.ok(
      causes.some(cause => cause.includes(`${method} was used: the server may want the secret in the ${where}`)),
    )
    assert.is(requests, 1)
  })
}

test('a method that the client is not registered for: what was used, and what the metadata offers', async () => {
  const before = oidc.requests.length
  const { causes } = await told({ issuer: oidc.url, ...WITH_SECRET, clientId: 'signing' })
  assert.match(causes.at(-1)!, /client_secret_basic was used, which the metadata offers among: .*private_key_jwt/)
  assert.is(oidc.requests.length - before, 1)
})

test('`aud`: an assertion for somebody else', async () => {
  const before = oidc.requests.length
  const audience = 'https://other.example'
  const { causes } = await told({ ...SIGNING, clientAssertion: { ...SIGNING.clientAssertion, audience } })
  assert.match(causes[0]!, /another audience: its `aud` must be what the server expects/)
  assert.is(oidc.requests.length - before, 1)
})

test('clocks that differ, by the Date of the answer: first where the time is in what was sent, else last', async () => {
  const late = () =>
    endpoint.json(401, { error: 'invalid_client' }, { Date: new Date(Date.now() - 120_000).toUTCString() })
  const { accessTokenUri: _, ...signing } = SIGNING
  const { causes } = await asked(late, { ...signing, clientSecret: undefined })
  assert.match(causes[0]!, /this machine's clock is 1[12]\d s ahead of the server's/)
  const plain = await asked(late)
  assert.match(plain.causes.at(-1)!, /this machine's clock is 1[12]\d s ahead of the server's/)
  assert.match(plain.causes[0]!, /encodings/)
})

test('a redirect: where to, and one request', async () => {
  const { text, causes, requests } = await asked(() => endpoint.redirect('https://login.example/sign-in?x=1'))
  assert.match(text, 'answers 302 and redirects to login.example;')
  assert.match(causes[0]!, /`accessTokenUri` is an address that has moved/)
  assert.match(causes[1]!, /that of a login page/)
  assert.is(requests, 1)
})

test('a login page with 200', async () => {
  const { text, causes } = await asked(() => endpoint.html(200))
  assert.match(text, /answered 200 with \d+ characters of text\/html instead of a token response/)
  assert.match(causes[0]!, /that of a login page for browsers/)
})

test('a scope that is missing, and one that the client may not have', async () => {
  const wanted = await asked(() => endpoint.json(400, { error: 'invalid_scope' }), { scope: [] })
  assert.match(wanted.causes[0]!, /no scope was sent, and the server wants one/)
  assert.is(wanted.requests, 1)
  const before = oidc.requests.length
  const { causes } = await told({ ...SIGNING, scope: 'read write' })
  assert.match(causes[0]!, /does not know one of the scopes, or this client may not have it: read write/)
  assert.is(oidc.requests.length - before, 1)
})

test('an ID token that nobody asked for', async () => {
  const user = { grant: 'password', username: OIDC_USER.username, password: { env: 'PASSWORD' } }
  const post = { accessTokenUri: oidc.tokenUrl, clientAuthMethod: 'client_secret_post', ...WITH_SECRET, ...user }
  const { causes } = await told({ ...post, bearerTokenType: 'id_token' })
  assert.match(causes[0]!, '`openid` is missing in `scope`')
})

test('the account that feeds another one: its own way to authenticate is told', async () => {
  const server = await endpoint.startTokenEndpoint(() => endpoint.json(401, { error: 'invalid_client' }))
  const feeder = { accessTokenUri: server.url, clientAuthMethod: 'client_secret_post', scope: [], ...WITH_SECRET }
  const services = {
    s: {
      account: { authorization: 'header', header: { name: 'X-Key', value: { account: 'feeder' } } },
      serverUrl: 'https://x.example',
    },
  }
  const path = join(FOLDER, 'fed.yaml')
  writeFileSync(path, JSON.stringify({ version: 1, accounts: { feeder }, services }))
  const { stdout } = await runCommand(['test', '-c', path], { cwd: FOLDER, env: { SECRET } })
  await server.close()
  assert.match(stdout, 'client_secret_post was used: the server may want the secret in the header')
  assert.is(server.requests.length, 1)
})

test.run()
