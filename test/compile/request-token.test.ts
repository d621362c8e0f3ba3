// The token request, byte for byte: body, headers, and what must never be said about it.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { cleanForeignText } from '../../src/base/secret.ts'
import { formEncode, percentEncode } from '../../src/compile/token/client-auth.ts'
import { buildRequest, compileAccount, rejectionOf, valuesOf } from './compiled.ts'

const APPENDIX_B = ' %&+£€'
const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64')
const headersOf = async (keys: Record<string, unknown>, environment?: Record<string, string>) =>
  (await buildRequest(keys, environment)).headers

test('the plain request, whole', async () => {
  const { url, method, headers, body } = await buildRequest({})
  assert.is(url.href, 'https://id.example/token')
  assert.is(method, 'POST')
  assert.equal(headers, [
    ['Accept', 'application/json'],
    ['Content-Type', 'application/x-www-form-urlencoded'],
    ['Authorization', `Basic ${base64('app:fake-secret')}`],
  ])
  assert.is(body, 'grant_type=client_credentials&scope=read')
})

for (const [scope, body] of [
  ['read,write , admin', 'grant_type=client_credentials&scope=read%20write%20admin'],
  ['read write', 'grant_type=client_credentials&scope=read%20write'],
  [['b', 'a,c'], 'grant_type=client_credentials&scope=b%20a%2Cc'],
  [['https://x.example/.default'], 'grant_type=client_credentials&scope=https%3A%2F%2Fx.example%2F.default'],
  [['a+b'], 'grant_type=client_credentials&scope=a%2Bb'],
  [[], 'grant_type=client_credentials'],
] as const) {
  test(`scope ${JSON.stringify(scope)} is sent as ${body}`, async () =>
    assert.is((await buildRequest({ scope })).body, body))
}

for (const [scope, sent] of [
  ['api://{{vars.app}}/.default', 'api://a-1/.default'],
  ['openid, {{ vars.app }}.read {{vars.app}}.write', 'openid a-1.read a-1.write'],
  [['{{vars.app}}', 'x,{{ vars.app }}'], 'a-1 x,a-1'],
  ['read {{vars.role}}', 'read admin'],
] as const) {
  test(`templates in scope ${JSON.stringify(scope)}`, async () => {
    const vars = { app: 'a-1', role: { env: 'ROLE' } }
    const { body } = await compileAccount({ scope }, vars).buildRequest(valuesOf({ SECRET: 's', ROLE: 'admin' }))
    assert.is(new URLSearchParams(body).get('scope'), sent)
  })
}

test('a value in a scope cannot add another one, nor leave one empty', async () => {
  const account = compileAccount({ scope: 'orders:{{vars.role}}' }, { role: { env: 'ROLE' } })
  for (const role of ['', 'a b', 'a,b', 'a\tb', 'a"b', 'a\\b', 'é', 'a\nb']) {
    const error = (await rejectionOf(account.buildRequest(valuesOf({ SECRET: 's', ROLE: role })))) as AppError
    assert.is(error.code, 'invalid_template_value', JSON.stringify(role))
    assert.is(error.message, 'the value of {{vars.role}} is no part of one scope, as `scope` of account `a` wants it')
  }
  const { secrets } = await account.buildRequest(valuesOf({ SECRET: 's', ROLE: 'fake-role-4711' }))
  assert.ok(secrets.some(secret => secret.reveal() === 'fake-role-4711'))
})

test('the value of a scope decides which token it is; how it is written does not', () => {
  const identityOf = (scope: string, vars: object = {}) => compileAccount({ scope }, { ...vars }).tokenIdentity
  assert.is(identityOf('{{vars.app}}.read', { app: 'a' }), identityOf('a.read'))
  assert.is.not(identityOf('{{vars.app}}.read', { app: 'a' }), identityOf('{{vars.app}}.read', { app: 'b' }))
  const role = (name: string) => identityOf('{{vars.role}}', { role: { env: name } })
  assert.is.not(role('A'), role('B'))
})

for (const [text, form, percent] of [
  [APPENDIX_B, '+%25%26%2B%C2%A3%E2%82%AC', '%20%25%26%2B%C2%A3%E2%82%AC'],
  ["!'()*", '%21%27%28%29%2A', '%21%27%28%29%2A'],
  ['A-Za-z0-9-._~', 'A-Za-z0-9-._~', 'A-Za-z0-9-._~'],
  ['a:b/c=d', 'a%3Ab%2Fc%3Dd', 'a%3Ab%2Fc%3Dd'],
  ['', '', ''],
] as const) {
  test(`form encoding of ${JSON.stringify(text)}`, () => {
    assert.is(formEncode(text), form)
    assert.is(percentEncode(text), percent)
  })
}

for (const [name, keys, secret, credentials] of [
  ['RFC 6749 appendix B', { clientId: APPENDIX_B }, APPENDIX_B, '+%25%26%2B%C2%A3%E2%82%AC:+%25%26%2B%C2%A3%E2%82%AC'],
  ['case 1', {}, 'a+b c%&=é:', 'app:a%2Bb+c%25%26%3D%C3%A9%3A'],
  ['a colon in the id', { clientId: 'a:b' }, 'c:d', 'a%3Ab:c%3Ad'],
  ['unreserved characters', { clientId: 'a-._~b' }, 'c-._~d', 'a-._~b:c-._~d'],
  ['an empty secret', {}, '', 'app:'],
  ['case 2: raw', { basicEncoding: 'raw' }, 'a+b c%&=é:', 'app:a+b c%&=é:'],
] as const) {
  test(`client_secret_basic, ${name}: ${credentials}`, async () => {
    const { headers, body } = await buildRequest(keys, { SECRET: secret })
    assert.equal(headers.at(-1), ['Authorization', `Basic ${base64(credentials)}`])
    assert.is(body, 'grant_type=client_credentials&scope=read')
  })
}

test('client_secret_post: body only', async () => {
  const { headers, body } = await buildRequest({ clientAuthMethod: 'client_secret_post' }, { SECRET: 'a+b c%&=é' })
  assert.is(headers.length, 2)
  assert.is(body, 'grant_type=client_credentials&scope=read&client_id=app&client_secret=a%2Bb%20c%25%26%3D%C3%A9')
})

const PASSWORD = { grant: 'password', username: 'ada', password: { env: 'PASSWORD' } }

test('none: the client id in the body and nothing else', async () => {
  const { headers, body } = await buildRequest(
    { ...PASSWORD, clientAuthMethod: 'none', clientSecret: undefined },
    { PASSWORD: 'p' },
  )
  assert.is(headers.length, 2)
  assert.is(body, 'grant_type=password&scope=read&username=ada&password=p&client_id=app')
})

test('password grant: with client authentication, any Unicode', async () => {
  const { headers, body } = await buildRequest({ ...PASSWORD, username: 'a d@é' }, { PASSWORD: 'p+ss wörd%&=:' })
  assert.equal(headers.at(-1), ['Authorization', `Basic ${base64('app:fake-secret')}`])
  assert.is(body, 'grant_type=password&scope=read&username=a%20d%40%C3%A9&password=p%2Bss%20w%C3%B6rd%25%26%3D%3A')
})

for (const lineBreak of ['\n', '\r', 'x\r\ny']) {
  test(`a password that holds ${JSON.stringify(lineBreak)} is refused and not repeated`, async () => {
    const error = (await rejectionOf(buildRequest(PASSWORD, { PASSWORD: `hush${lineBreak}hush` }))) as AppError
    assert.instance(error, AppError)
    assert.is(error.code, 'secret_unavailable')
    assert.is(error.details.account, 'a')
    assert.match(error.message, '`password` of account `a` holds a line break')
    assert.not.match(error.message, 'hush')
  })
}

test('a query of the token endpoint stays', async () => {
  assert.is((await buildRequest({ accessTokenUri: 'https://id.example/token?p=policy' })).url.search, '?p=policy')
})

test('no parameter is sent twice', async () => {
  const { body } = await buildRequest({ ...PASSWORD, clientAuthMethod: 'client_secret_post' }, { PASSWORD: 'p' })
  const names = [...new URLSearchParams(body).keys()]
  assert.equal(names, [...new Set(names)])
})

test('every form of the secrets is known, so that no echo of them is repeated', async () => {
  const secret = "fake *a b~!+%&'é"
  const password = 'fake *p w~!+'
  for (const clientAuthMethod of ['client_secret_basic', 'client_secret_post']) {
    for (const basicEncoding of clientAuthMethod === 'client_secret_basic' ? ['form', 'raw'] : [undefined]) {
      const request = await buildRequest(
        { ...PASSWORD, clientAuthMethod, basicEncoding, clientId: 'a b' },
        { SECRET: secret, PASSWORD: password },
      )
      const echoes = [
        request.body,
        ...request.headers.map(([, value]) => value),
        ...[secret, password].flatMap(text => [text, encodeURIComponent(text), percentEncode(text), formEncode(text)]),
        ...[secret, password].map(base64),
        base64(`a b:${secret}`),
        base64(`${formEncode('a b')}:${formEncode(secret)}`),
      ]
      const cleaned = cleanForeignText(echoes.join(' | '), request.secrets, 100_000)
      for (const text of [secret, password]) {
        for (const form of [text, encodeURIComponent(text), percentEncode(text), formEncode(text), base64(text)]) {
          assert.not.ok(cleaned.includes(form), `${form} is left in ${cleaned}`)
        }
      }
      assert.not.ok(cleaned.includes(base64(`a b:${secret}`)))
      assert.not.ok(cleaned.includes(base64(`${formEncode('a b')}:${formEncode(secret)}`)))
    }
  }
})

test('an empty secret hides nothing: every text would match it', async () => {
  const { secrets } = await buildRequest({}, { SECRET: '' })
  assert.is(cleanForeignText('a description', secrets), 'a description')
})

test('the secret is read when the request is built, not before', async () => {
  assert.is((await headersOf({}, { SECRET: 'one' })).at(-1)?.[1], `Basic ${base64('app:one')}`)
  assert.is((await headersOf({}, { SECRET: 'two' })).at(-1)?.[1], `Basic ${base64('app:two')}`)
})

test.run()
