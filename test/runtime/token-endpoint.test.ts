// Token requests against endpoints that misbehave: each ends as a typed error that holds no secret, after a known number of
// requests, in bounded time and memory.
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import { AppError, type AppErrorCode } from '../../src/base/error.ts'
import { silentLog } from '../../src/base/log.ts'
import { formEncode, percentEncode } from '../../src/compile/token/client-auth.ts'
import { createDiscovery } from '../../src/runtime/authorization-server/discovery.ts'
import { createProvers } from '../../src/runtime/authorization-server/dpop.ts'
import { tokenEndpoint } from '../../src/runtime/authorization-server/token-endpoint.ts'
import { parseRetryAfter } from '../../src/runtime/authorization-server/token-response.ts'
import { fetchBearer } from '../../src/runtime/run-pipeline.ts'
import { createSecretStore } from '../../src/runtime/secrets/secret-store.ts'
import { compileAccount } from '../compile/compiled.ts'
import { fakeClock } from '../support/fake-clock.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'

const SECRET = "fake *s+cret ~'é"
const CREDENTIALS = Buffer.from(`app:${SECRET}`).toString('base64')
const FORMS = [
  SECRET,
  encodeURIComponent(SECRET),
  percentEncode(SECRET),
  formEncode(SECRET),
  lowerEscapes(percentEncode(SECRET)),
  lowerEscapes(formEncode(SECRET)),
  Buffer.from(SECRET).toString('base64'),
  Buffer.from(SECRET).toString('base64url'),
  CREDENTIALS,
  Buffer.from(`app:${formEncode(SECRET)}`).toString('base64'),
]
/** As servers that are not written in JavaScript do it. */
function lowerEscapes(text: string): string {
  return text.replace(/%../g, octet => octet.toLowerCase())
}

const SERVED = '{"access_token":"served","token_type":"Bearer","expires_in":3600}'

function effects(clock: Clock = systemClock) {
  const secrets = createSecretStore({
    environment: { SECRET },
    accountBearer: () => Promise.reject(new Error('no account')),
  })
  const discovery = createDiscovery({ tokenEndpoint, clock, log: silentLog, random: Math.random })
  return { secrets, tokenEndpoint, discovery, provers: createProvers(clock), clock }
}

function planFor(url: string, keys: Record<string, unknown> = {}) {
  return compileAccount({ accessTokenUri: url, ...keys })
}

const open: hostile.StartedTokenEndpoint[] = []

/** Closed after the test, whether it passed or not. */
async function start(handler: hostile.TokenEndpoint): Promise<hostile.StartedTokenEndpoint> {
  const endpoint = await hostile.startTokenEndpoint(handler)
  open.push(endpoint)
  return endpoint
}

test.after.each(async () => {
  await Promise.all(open.splice(0).map(endpoint => endpoint.close()))
})

/** One request without a retry. */
async function once(handler: hostile.TokenEndpoint, timeoutMs = 20_000) {
  const endpoint = await start(handler)
  const plan = planFor(endpoint.url)
  const values = { secret: () => effects().secrets.read({ kind: 'env', name: 'SECRET' }) }
  const secret = await values.secret()
  const request = await plan.buildRequest({ secret: () => secret, uuid: () => '', now: () => '' })
  const startMs = performance.now()
  const result = await tokenEndpoint.send(plan.name, request, { timeoutMs, nowMs: Date.now }).catch(error => error)
  const tookMs = performance.now() - startMs
  const requests = endpoint.requests.length
  return { result, requests, tookMs, endpoint: new URL(endpoint.url).host }
}

function checkError(result: unknown, code: AppErrorCode, endpoint: string): AppError {
  assert.instance(result, AppError, inspect(result))
  const error = result as AppError
  assert.is(error.code, code, error.message)
  assert.is(error.details.account, 'a')
  assert.is(error.details.endpoint, `${endpoint}/token`)
  const printed = `${inspect(error, { depth: 10 })} ${error.stack} ${JSON.stringify(error)} ${error.message}`
  for (const form of FORMS) assert.not.ok(printed.includes(form), `${form} in ${printed}`)
  assert.not.match(printed, /[\u0000-\u0008\u000b-\u001f\u007f]/)
  assert.is(error.cause, undefined)
  return error
}

interface Misbehaviour {
  answer: hostile.Answer
  code: AppErrorCode
  status?: number
  transient?: boolean
  message: RegExp
  timeoutMs?: number
}

const big = (bytes: number) => `{"access_token":"${'x'.repeat(bytes)}"}`

const MISBEHAVIOURS: Record<string, Misbehaviour> = {
  'HTML with 200': {
    answer: hostile.html(200),
    code: 'token_invalid_response',
    status: 200,
    transient: true,
    message: /200 with \d+ characters of text\/html/,
  },
  'HTML with 203': {
    answer: hostile.html(203),
    code: 'token_invalid_response',
    status: 203,
    transient: true,
    message: /203/,
  },
  'HTML with 404': {
    answer: hostile.html(404),
    code: 'token_refused',
    status: 404,
    transient: false,
    message: /answered 404$/,
  },
  'HTML with 503': {
    answer: hostile.html(503),
    code: 'token_refused',
    status: 503,
    transient: true,
    message: /answered 503$/,
  },
  'an empty 200': {
    answer: hostile.text(200, ''),
    code: 'token_invalid_response',
    status: 200,
    transient: true,
    message: /an empty answer/,
  },
  'a 204': {
    answer: response => void response.writeHead(204).end(),
    code: 'token_invalid_response',
    status: 204,
    transient: true,
    message: /an empty answer/,
  },
  'a JSON list': {
    answer: hostile.json(200, []),
    code: 'token_invalid_response',
    status: 200,
    message: /2 characters/,
  },
  'half a JSON object': {
    answer: hostile.text(200, '{"access_token":"x'),
    code: 'token_invalid_response',
    status: 200,
    transient: true,
    message: /instead of a token response/,
  },
  'a bare token': {
    answer: hostile.text(200, 'x'.repeat(30)),
    code: 'token_invalid_response',
    status: 200,
    message: /30 characters/,
  },
  'an endless body': {
    answer: hostile.endless(),
    code: 'token_invalid_response',
    status: 200,
    message: /more than 1 MiB/,
  },
  'an endless body with 500': {
    answer: hostile.endless(500),
    code: 'token_invalid_response',
    status: 500,
    message: /more than 1 MiB/,
  },
  '100 MiB': {
    answer: response => void response.writeHead(200).end(Buffer.alloc(100 * 1024 * 1024, 'x')),
    code: 'token_invalid_response',
    status: 200,
    message: /more than 1 MiB/,
  },
  'a gzip bomb': {
    answer: response =>
      void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(Buffer.alloc(100 * 1024 * 1024, 'x'))),
    code: 'token_invalid_response',
    status: 200,
    message: /more than 1 MiB/,
  },
  'broken gzip': {
    answer: hostile.text(200, SERVED, { 'Content-Encoding': 'gzip' }),
    code: 'token_unreachable',
    status: 200,
    transient: true,
    message: /Z_DATA_ERROR|connection failed/,
  },
  'one byte too much': {
    answer: hostile.text(200, big(1024 * 1024 - 19 + 1)),
    code: 'token_invalid_response',
    status: 200,
    message: /more than 1 MiB/,
  },
  'no answer': {
    answer: hostile.never(),
    code: 'token_timeout',
    transient: true,
    timeoutMs: 1_500,
    message: /did not answer within 1500 ms/,
  },
  'a body that stalls': {
    answer: hostile.stalled(),
    code: 'token_timeout',
    status: 200,
    transient: true,
    timeoutMs: 1_500,
    message: /within 1500 ms/,
  },
  'a body that is cut': {
    answer: hostile.cut(),
    code: 'token_unreachable',
    status: 200,
    transient: true,
    message: /connection/,
  },
  'a reset': {
    answer: hostile.reset(),
    code: 'token_unreachable',
    transient: true,
    message: /cannot be reached: .*conn/,
  },
  'an error with 200': {
    answer: hostile.json(200, { error: 'invalid_scope', access_token: 'hush-hush' }),
    code: 'token_refused',
    status: 200,
    transient: false,
    message: /answered 200 invalid_scope \(check scope\)$/,
  },
  'an error as a form': {
    answer: hostile.text(400, 'error=invalid_grant&error_description=no%20such%20user'),
    code: 'token_refused',
    status: 400,
    message: /400 invalid_grant: no such user/,
  },
  'an error object': {
    answer: hostile.json(400, { error: { code: 7 }, message: 'no' }),
    code: 'token_refused',
    status: 400,
    message: /answered 400 7: no$/,
  },
  '500 with JSON': {
    answer: hostile.json(500, {}),
    code: 'token_refused',
    status: 500,
    transient: false,
    message: /500$/,
  },
  '429': { answer: hostile.text(429, ''), code: 'token_refused', status: 429, transient: true, message: /429$/ },
}

for (const [name, { answer, code, status, transient, message, timeoutMs }] of Object.entries(MISBEHAVIOURS)) {
  test(`${name}: ${code} after one request`, async () => {
    const { result, requests, tookMs, endpoint } = await once(() => answer, timeoutMs)
    const error = checkError(result, code, endpoint)
    assert.is(error.details.status, status)
    if (transient !== undefined) assert.is(error.details.transient ?? false, transient)
    assert.match(error.message, message)
    assert.not.match(error.message, 'hush')
    assert.is(requests, 1)
    if (timeoutMs) assert.ok(tookMs < timeoutMs + 20_000, `took ${tookMs} ms`)
  })
}

test('nobody listens: refused', async () => {
  const endpoint = await start(() => hostile.never())
  await endpoint.close()
  const plan = planFor(endpoint.url, { timeout: '100ms' })
  const error = await fetchBearer(plan, effects(), () => 1).catch(thrown => thrown)
  checkError(error, 'token_unreachable', new URL(endpoint.url).host)
  assert.match(error.message, 'connection refused')
  assert.is(error.details.attempts, 1)
})

test('a name that nobody knows', async () => {
  const url = new URL('https://name.that.does.not.exist.invalid/token')
  const error = await tokenEndpoint.read('a', { url }, 60_000).catch(thrown => thrown)
  assert.is(error.code, 'token_unreachable')
  assert.match(error.message, /^account `a`: name\.that.*: (?:no such host|the name cannot be resolved now)$/)
})

for (const status of [301, 302, 303, 307, 308]) {
  test(`case 12: ${status} is not followed; the error names status and host, not the query`, async () => {
    const other = await start(() => hostile.token('stolen'))
    const target = `${other.url}?code=hush-hush`
    const { result, requests, endpoint } = await once(() => hostile.redirect(target, status))
    const error = checkError(result, 'token_redirect', endpoint)
    assert.is(error.details.status, status)
    assert.match(error.message, `answers ${status} and redirects to ${new URL(other.url).host};`)
    assert.not.match(error.message, 'hush')
    assert.is(requests, 1)
    assert.is(other.requests.length, 0)
  })
}

for (const [location, target] of [
  ['/elsewhere', /redirects to 127\.0\.0\.1/],
  ['http://[bad', /redirects to an unknown place/],
  ['', /redirects to an unknown place/],
] as const) {
  test(`a redirect to ${JSON.stringify(location)}`, async () => {
    const { result, endpoint } = await once(() => hostile.redirect(location))
    assert.match(checkError(result, 'token_redirect', endpoint).message, target)
  })
}

for (const [name, answer] of Object.entries({
  'a byte order mark': hostile.text(200, `\ufeff${SERVED}`, { 'Content-Type': 'application/json' }),
  'JSON labelled text/html': hostile.text(200, SERVED, { 'Content-Type': 'text/html' }),
  'JSON without a label': response => void response.writeHead(200).end(SERVED),
  'JSON after blank lines': hostile.text(200, `\r\n\r\n${SERVED}\n`),
  'a form': hostile.text(200, 'access_token=served&token_type=bearer&expires_in=3600', {
    'Content-Type': 'application/x-www-form-urlencoded',
  }),
  'a form labelled text/plain': hostile.text(200, 'scope=&access_token=served'),
  'case 10: 201': hostile.json(201, { access_token: 'served' }),
  'an empty error member': hostile.json(200, { access_token: 'served', error: '' }),
  gzip: response => void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(SERVED)),
} satisfies Record<string, hostile.Answer>)) {
  test(`${name} is understood`, async () => {
    const { result, requests } = await once(() => answer)
    assert.is((result as { members: { access_token: string } }).members?.access_token, 'served', inspect(result))
    assert.is(requests, 1)
  })
}

test('one mebibyte is still read', async () => {
  const { result } = await once(() => hostile.text(200, big(1024 * 1024 - 19)))
  assert.is((result as { members: { access_token: string } }).members.access_token.length, 1024 * 1024 - 19)
})

test('what goes over the wire: one POST with Content-Length, no charset, our name', async () => {
  const endpoint = await start(() => hostile.token('t'))
  await fetchBearer(planFor(endpoint.url), effects(), () => 1)
  const [request] = endpoint.requests
  assert.is(endpoint.requests.length, 1)
  assert.is(request?.method, 'POST')
  assert.is(request?.body, 'grant_type=client_credentials&scope=read')
  assert.is(request?.headers['content-type'], 'application/x-www-form-urlencoded')
  assert.is(request?.headers['content-length'], String(request?.body.length))
  assert.is(request?.headers['transfer-encoding'], undefined)
  assert.is(request?.headers.accept, 'application/json')
  assert.match(request?.headers['user-agent'] ?? '', /^bearerd\b/)
  assert.is(request?.headers.authorization, `Basic ${Buffer.from(`app:${formEncode(SECRET)}`).toString('base64')}`)
})

for (const [name, description] of Object.entries({
  plain: `the secret ${SECRET} is wrong`,
  'percent-encoded': `body client_secret=${percentEncode(SECRET)}`,
  'form-encoded': `body client_secret=${formEncode(SECRET)}`,
  'in base64': `saw ${Buffer.from(SECRET).toString('base64')}`,
  'in base64url': `saw ${Buffer.from(SECRET).toString('base64url')}`,
  'percent-encoded in lower case': `body client_secret=${lowerEscapes(percentEncode(SECRET))}`,
  'form-encoded in lower case': `body client_secret=${lowerEscapes(formEncode(SECRET))}`,
  'as HTML': `the secret <b>${SECRET.replace("'", '&#39;')}</b> is wrong`,
  'as Basic, raw': `header Basic ${CREDENTIALS}`,
  'as Basic, encoded': `header Basic ${Buffer.from(`app:${formEncode(SECRET)}`).toString('base64')}`,
  'after 190 characters': `${'x'.repeat(190)}${SECRET}`,
})) {
  for (const member of ['error_description', 'error', 'message']) {
    test(`a secret that comes back ${name} in ${member} is not repeated`, async () => {
      const { result, endpoint } = await once(() =>
        hostile.json(401, { error: 'invalid_client', [member]: description }),
      )
      const error = checkError(result, 'token_refused', endpoint)
      if (member !== 'error' && !name.startsWith('after')) assert.match(error.message, '[secret]')
    })
  }
}

test('a description is cleaned and cut', async () => {
  const description = `\u001b[31mred\r\nX: 1\u0000\u202e${'y'.repeat(500)}`
  const { result, endpoint } = await once(() => hostile.json(400, { error: 'x', error_description: description }))
  const error = checkError(result, 'token_refused', endpoint)
  assert.is(error.details.description?.length, 200)
  assert.match(error.details.description!, /^\[31mred X: 1 y+\.\.\.$/)
})

const NOW_MS = Date.parse('2026-01-01T00:00:00Z')
for (const [text, waitMs] of [
  [null, undefined],
  ['', undefined],
  ['1', 1_000],
  [' 2 ', 2_000],
  ['0', undefined],
  ['3600', 3_600_000],
  ['3601', 3_600_000],
  ['9'.repeat(30), 3_600_000],
  ['9'.repeat(400), undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['1s', undefined],
  ['Thu, 01 Jan 2026 00:00:05 GMT', 5_000],
  ['Thu, 01 Jan 2026 00:00:00 GMT', undefined],
  ['Wed, 31 Dec 2025 23:59:59 GMT', undefined],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 3_600_000],
] as const) {
  test(`Retry-After ${JSON.stringify(text?.slice(0, 40))}: ${waitMs ?? 'not said'}`, () => {
    assert.is(parseRetryAfter(text, NOW_MS), waitMs === undefined ? undefined : NOW_MS + waitMs)
  })
}

/** The retry loop on the fake clock against a real endpoint; the clock moves when nothing else does. */
async function loop(handler: hostile.TokenEndpoint, keys: Record<string, unknown> = {}) {
  const clock = fakeClock()
  const endpoint = await start(handler)
  const sleeps: number[] = []
  const sleep = (ms: number) => {
    sleeps.push(ms)
    return clock.sleep(ms)
  }
  const own = { ...clock, sleep }
  const outcomes: string[] = []
  const all = { ...effects(own), onTokenRequest: (_account: string, outcome: string) => outcomes.push(outcome) }
  let done = false
  const running = fetchBearer(planFor(endpoint.url, keys), all, () => 1)
    .catch(error => error as AppError)
    .finally(() => {
      done = true
    })
  const startMs = clock.monotonicMs()
  while (!done) {
    if (clock.pending() > 0) await clock.advance(10)
    else await new Promise(resolve => setTimeout(resolve, 1))
  }
  const result = await running
  return { result, sleeps, outcomes, requests: endpoint.requests.length, tookMs: clock.monotonicMs() - startMs }
}

const success = hostile.token('good')
const bearerOf = (result: unknown) => (result as { bearer?: { reveal(): string } }).bearer?.reveal()

for (const [name, answer] of Object.entries({
  '503': hostile.text(503, ''),
  '502 with HTML': hostile.html(502),
  '504': hostile.text(504, ''),
  '408': hostile.text(408, ''),
  'an empty 200': hostile.text(200, ''),
  'HTML with 200': hostile.html(200),
  'a reset': hostile.reset(),
  'a cut body': hostile.cut(),
})) {
  test(`${name}, then success: two requests`, async () => {
    const { result, requests, sleeps, outcomes } = await loop((_request, index) => (index === 0 ? answer : success))
    assert.is(bearerOf(result), 'good', inspect(result))
    assert.is(requests, 2)
    assert.equal(sleeps, [250])
    assert.equal(outcomes, ['failure', 'success'])
  })
}

test('the pauses double up to 8 s, and end with the time limit', async () => {
  const { result, requests, sleeps, tookMs } = await loop(() => hostile.text(503, ''), { timeout: '30s' })
  assert.equal(sleeps, [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000])
  assert.is(requests, 8)
  assert.ok(tookMs <= 30_000)
  assert.is((result as AppError).details.attempts, 8)
  assert.is((result as AppError).details.status, 503)
})

test('429 that does not tell how long is repeated with more patience', async () => {
  const { requests, sleeps } = await loop(() => hostile.text(429, ''))
  assert.equal(sleeps, [2_000, 4_000])
  assert.is(requests, 3)
})

test('case 13: 429 with Retry-After: 1 waits a second at least, then two requests in all', async () => {
  const limited = hostile.text(429, '', { 'Retry-After': '1' })
  const { result, requests, tookMs } = await loop((_request, index) => (index === 0 ? limited : success))
  assert.is(bearerOf(result), 'good')
  assert.is(requests, 2)
  assert.ok(tookMs >= 1_000 && tookMs < 1_500, `waited ${tookMs} ms`)
})

test('a Retry-After beyond the time limit is not waited for: one request, and the error knows when', async () => {
  const { result, requests } = await loop(() => hostile.text(429, '', { 'Retry-After': '60' }))
  const error = result as AppError
  assert.is(requests, 1)
  assert.is(error.details.attempts, 1)
  assert.is(error.details.retryAtMs, Date.parse('2026-01-01T00:01:00Z'))
})

for (const [name, answer] of Object.entries({
  'case 3: invalid_client': hostile.json(401, { error: 'invalid_client' }),
  invalid_grant: hostile.json(400, { error: 'invalid_grant' }),
  'case 11: an error with 200': hostile.json(200, { error: 'invalid_request', access_token: 'x' }),
  'a redirect': hostile.redirect('https://x.example/'),
  '404': hostile.html(404),
  '500': hostile.text(500, ''),
  'too much': hostile.endless(),
  'no access_token': hostile.json(200, { token: 'x' }),
})) {
  test(`${name}: exactly one request`, async () => {
    const { result, requests, sleeps, outcomes } = await loop(() => answer)
    assert.instance(result, AppError)
    assert.is(requests, 1)
    assert.equal(sleeps, [])
    assert.equal(outcomes, ['failure'])
  })
}

test('a missing secret makes no request', async () => {
  const { result, requests, outcomes } = await loop(() => success, { clientSecret: { env: 'MISSING' } })
  assert.is((result as AppError).code, 'secret_unavailable')
  assert.is(requests, 0)
  assert.equal(outcomes, [])
})

for (const [quota, seconds] of [
  ['b=per_hour;q=10;r=0;t=900,b=per_day;q=50;r=47;t=43200', 900],
  ['b=per_hour;q=10;r=0;t=900,b=per_day;q=50;r=0;t=1800', 1800],
  ['b=per_day;q=50;r=0;t=43200', 3600],
  ['b=per_hour;q=10;r=3;t=900', undefined],
  ['nonsense', undefined],
] as const) {
  test(`the quota of Auth0 ${quota}: ${seconds ?? 'nothing'} to wait`, async () => {
    const { result } = await loop(() => hostile.text(429, '', { 'Auth0-Client-Quota-Limit': quota }))
    const { retryAtMs } = (result as AppError).details
    assert.is(retryAtMs === undefined ? undefined : Math.ceil((retryAtMs - NOW_MS) / 1000), seconds)
  })
}

test('Retry-After counts from the answer, however slow it was', async () => {
  const clock = fakeClock()
  const endpoint = await start(async () => {
    await clock.advance(5_000)
    return hostile.text(429, '', { 'Retry-After': '1' })
  })
  const request = await planFor(endpoint.url).buildRequest({
    secret: () => ({ reveal: () => SECRET }) as never,
    uuid: () => '',
    now: () => '',
  })
  const limits = { timeoutMs: 5_000, nowMs: clock.nowMs }
  const error: AppError = await tokenEndpoint.send('a', request, limits).catch(thrown => thrown)
  assert.is(error.details.retryAtMs, clock.nowMs() + 1_000)
})

test('the time that secrets take counts: a request gets what is left', async () => {
  const clock = fakeClock()
  const given: number[] = []
  const read = async () => {
    await clock.advance(7_000)
    return { reveal: () => 'x' } as never
  }
  const slow = { read }
  const endpoint = {
    ...tokenEndpoint,
    async send(_account: string, _request: unknown, { timeoutMs }: { timeoutMs: number }) {
      given.push(timeoutMs)
      return { status: 200, members: { access_token: 't' } }
    },
  }
  const parts = { ...effects(clock), secrets: slow, tokenEndpoint: endpoint }
  await fetchBearer(planFor('https://id.example/token'), parts, () => 1)
  assert.equal(given, [3_000])
})

test.run()
