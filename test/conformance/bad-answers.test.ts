// Answers that nobody should send, through an executor: bounded memory and time, the other accounts are served meanwhile,
// and a token that lives stays.
import { inspect } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/index.ts'
import { fakeClock } from '../support/fake-clock.ts'
import * as endpoint from '../support/hostile-token-endpoint.ts'
import { createRunning, whileTimePasses } from '../support/running.ts'

const running = createRunning()
const { open, execute } = running
test.after.each(running.close)

const MEBIBYTE = 1024 * 1024
/** Members one after the other are one file of gzip. */
const BOMB = Buffer.concat(Array(200).fill(gzipSync(Buffer.alloc(MEBIBYTE, 'x'))))

/** A byte each time, for ever. */
const drip: endpoint.Answer = response => {
  response.writeHead(200, { 'Content-Type': 'application/json' }).write('{')
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}

interface Bad {
  answer: endpoint.Answer
  code: string
  message: RegExp
  /** It may be another one the next time: asked again within the time limit. */
  passes?: true
}

const BAD: Record<string, Bad> = {
  'an answer without an end': {
    answer: endpoint.endless(),
    code: 'token_invalid_response',
    message: /more than 1 MiB/,
  },
  'a redirect': {
    answer: endpoint.redirect('https://evil.example/token'),
    code: 'token_redirect',
    message: /answers 302 and redirects to evil\.example;/,
  },
  'a page with 200': {
    answer: endpoint.html(200),
    code: 'token_invalid_response',
    message: /\d+ characters of text\/html/,
    passes: true,
  },
  'a picture with 200': {
    answer: response => void response.writeHead(200, { 'Content-Type': 'image/png' }).end('\u0089PNG'),
    code: 'token_invalid_response',
    message: /characters of image\/png/,
    passes: true,
  },
  'the secret in a description': {
    answer: endpoint.json(401, {
      error: 'invalid_client',
      error_description: 'fake-secret is wrong, YXBwOmZha2Utc2VjcmV0',
    }),
    code: 'token_refused',
    message: /^(?!.*(?:fake-secret|YXBwOmZha2Utc2VjcmV0)).*invalid_client/,
  },
  'a gzip bomb of 200 MiB': {
    answer: response => void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(BOMB),
    code: 'token_invalid_response',
    message: /more than 1 MiB/,
  },
  'gzip in gzip': {
    answer: response => void response.writeHead(200, { 'Content-Encoding': 'gzip, gzip' }).end(gzipSync(BOMB)),
    code: 'token_invalid_response',
    message: /more than 1 MiB/,
  },
  'one byte at a time': { answer: drip, code: 'token_timeout', message: /did not answer within/ },
  'a line break in the token': {
    answer: endpoint.token('good\r\nX-Admin: yes'),
    code: 'token_invalid_response',
    message: /blanks or control characters/,
  },
  'a token that is a number': {
    answer: endpoint.json(200, { access_token: 7 }),
    code: 'token_invalid_response',
    message: /no access_token/,
  },
  'colours in a description': {
    answer: endpoint.json(400, { error: 'invalid_request', error_description: '\u001b[31mred\u0007\r\nfake: line' }),
    code: 'token_refused',
    message: /^[\x20-\x7e]*red[\x20-\x7e]*$/,
  },
}

const account = (accessTokenUri: string, timeout = '20s') => ({
  ...{ accessTokenUri, clientId: 'app', clientSecret: 'fake-secret', scope: [], timeout },
})

/** Only what never ends needs a short limit; on a busy machine every other one would be too short some day. */
const limitOf = ({ code }: Bad) => (code === 'token_timeout' ? '2s' : '20s')

for (const [name, kind] of Object.entries(BAD)) {
  const { answer, code, message, passes } = kind
  test(`${name}: ${code}, in bounded memory, while another account is served`, async () => {
    const bad = await open(endpoint.startTokenEndpoint(() => answer))
    const good = await open(endpoint.startTokenEndpoint(() => endpoint.token('fine')))
    const services = {
      bad: { account: account(bad.url, limitOf(kind)), serverUrl: 'https://a.example' },
      good: { account: account(good.url), serverUrl: 'https://b.example' },
    }
    const clock = fakeClock()
    const executor = await execute({ services }, { clock })
    const before = process.memoryUsage.rss()
    const refused = whileTimePasses(
      clock,
      executor.authorize('bad').catch(error => error),
    )
    assert.is((await executor.authorize('good')).headers.Authorization, 'Bearer fine')
    const error: unknown = await refused
    assert.instance(error, AppError, inspect(error))
    assert.is((error as AppError).code, code)
    assert.match((error as AppError).message, message)
    assert.ok(passes ? bad.requests.length <= 7 : bad.requests.length === 1, `${bad.requests.length} requests`)
    await executor.authorize('bad').catch(() => undefined)
    assert.ok(bad.requests.length <= (passes ? 7 : 1), 'nobody asks again within the pause')
    const grownBy = process.memoryUsage.rss() - before
    assert.ok(grownBy < 100 * MEBIBYTE, `${Math.round(grownBy / MEBIBYTE)} MiB more`)
  })

  test(`${name}, at a renewal: the token stays while it lives`, async () => {
    const clock = fakeClock()
    const server = await open(
      endpoint.startTokenEndpoint((_request, index) => (index === 0 ? endpoint.token('first') : answer)),
    )
    const executor = await execute(
      { services: { s: { account: account(server.url, limitOf(kind)), serverUrl: 'https://a.example' } } },
      { clock },
    )
    const bearer = async () => (await executor.authorize('s')).headers.Authorization
    assert.is(await bearer(), 'Bearer first')
    await clock.advance(3_000_000)
    assert.is(await bearer(), 'Bearer first')
    await whileTimePasses(clock, renewalAskedFor(server, executor))
    assert.is(await bearer(), 'Bearer first')
  })
}

/** Until the renewal was asked for. */
async function renewalAskedFor(
  server: endpoint.StartedTokenEndpoint,
  executor: { authorize(name: string): Promise<unknown> },
) {
  while (server.requests.length < 2) {
    await executor.authorize('s')
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

test('the time limit holds while garbage is collected: nobody else keeps the signal that a fetch listens to', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const server = await open(endpoint.startTokenEndpoint(() => drip))
  const executor = await execute({
    services: { s: { account: account(server.url, '2s'), serverUrl: 'https://a.example' } },
  })
  const collecting = setInterval(collect, 50)
  const error: unknown = await executor.authorize('s').catch(error => error)
  clearInterval(collecting)
  assert.is((error as AppError).code, 'token_timeout')
})

const FIVE_MINUTES_MS = 300_000
const YEAR_MS = 365 * 24 * 3_600_000
const body = (members: string) => `{"access_token":"odd","token_type":"Bearer"${members}}`
const labelled = (type: string, text = body(',"expires_in":60')) => endpoint.text(200, text, { 'Content-Type': type })

/** What is odd and harmless: the answer, and the life that follows. */
const ODD: Record<string, [endpoint.Answer, number]> = {
  'a byte order mark': [labelled('application/json', `\ufeff${body(',"expires_in":60')}`), 60_000],
  'JSON that is called HTML': [labelled('text/html'), 60_000],
  'JSON that is called a picture': [labelled('image/png'), 60_000],
  'JSON of no type': [labelled(''), 60_000],
  'a charset that nobody has': [labelled('application/json; charset=klingon'), 60_000],
  'members that come twice: the last one counts': [
    labelled('application/json', `{"access_token":"first","expires_in":1,${body(',"expires_in":60').slice(1)}`),
    60_000,
  ],
  'members that every object has': [
    labelled('application/json', body(',"__proto__":{"error":"x"},"expires_in":60')),
    60_000,
  ],
  ...Object.fromEntries(
    ['"soon"', '-5', '0', 'null', '{}', '[60]', 'true', '""', '"1e3 years"', '-1e308'].map(value => [
      `an expires_in of ${value}`,
      [labelled('application/json', body(`,"expires_in":${value}`)), FIVE_MINUTES_MS],
    ]),
  ),
  'an expires_in of 1e308': [labelled('application/json', body(',"expires_in":1e308')), YEAR_MS],
  'an expires_in of sixty digits': [labelled('application/json', body(`,"expires_in":"${'9'.repeat(60)}"`)), YEAR_MS],
}

test('what is odd and harmless: the token serves as long as a sane clock says, after one request for all callers', async () => {
  const clock = fakeClock()
  const servers = new Map<string, endpoint.StartedTokenEndpoint>()
  for (const [name, [answer]] of Object.entries(ODD))
    servers.set(name, await open(endpoint.startTokenEndpoint(() => answer)))
  const names = [...servers.keys()]
  const services = Object.fromEntries(
    names.map((name, index) => [
      `s${index}`,
      { account: account(servers.get(name)!.url), serverUrl: 'https://a.example' },
    ]),
  )
  const executor = await execute({ services }, { clock })
  for (const [index, name] of names.entries()) {
    const ask = () => executor.authorize(`s${index}`)
    const [first] = await Promise.all([ask(), ask(), ask()])
    const livesMs = Date.parse(first.expiresAt!) - clock.nowMs()
    assert.equal([first.headers.Authorization, livesMs], ['Bearer odd', ODD[name]![1]], name)
    await ask()
    assert.is(servers.get(name)!.requests.length, 1, name)
  }
})

test.run()
