// Requests as nobody's library writes them, over raw sockets: what is forwarded of them, and that no second request hides in one.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import { type Loopback, listenOnLoopback, readBody } from '../support/loopback.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-raw-'))
const seen: { method: string; url: string; headers: string; body: string; trailers: string }[] = []
let upstream: Loopback
let daemon: Daemon

test.before(async () => {
  upstream = await listenOnLoopback(async (request, response) => {
    const body = (await readBody(request)).toString()
    const [headers, trailers] = [request.rawHeaders.join('|'), request.rawTrailers.join('|')]
    seen.push({ method: request.method!, url: request.url!, headers, body, trailers })
    response.writeHead(200, { 'Transfer-Encoding': 'chunked', Trailer: 'X-Sum', 'Keep-Alive': 'timeout=9' })
    response.addTrailers({ 'X-Sum': '1', 'Set-Cookie': 'a=b', Location: '/' })
    response.end('fine')
  })
  const file = join(folder, 'services.yaml')
  const account = { authorization: 'header', header: { name: 'X-Key', value: 'the-key' } }
  const services = { a: { account, serverUrl: `${upstream.url}/base` } }
  writeFileSync(file, JSON.stringify({ version: 1, services }))
  daemon = await startDaemon({ paths: [file], listen: '127.0.0.1:0', adminListen: '127.0.0.1:0', logLevel: 'silent' })
})

test.after(async () => {
  await daemon?.stop(200)
  await upstream?.close()
  rmSync(folder, { recursive: true, force: true })
})

test.before.each(() => {
  seen.length = 0
})

/** All that comes back until the daemon closes; the last request should ask for that. */
function exchange(...parts: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(new URL(daemon.api).port), '127.0.0.1')
    socket.setTimeout(60_000, () => socket.destroy(new Error(`no end: ${answer}`)))
    socket.on('data', chunk => {
      answer += chunk.toString('latin1')
    })
    socket.on('error', error => (answer === '' ? reject(error) : resolve(answer)))
    socket.on('close', () => resolve(answer))
    for (const part of parts) socket.write(part)
  })
}

const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`
const statuses = (answer: string) => [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(match => Number(match[1]))
const TARGET = '/v1/services/a/proxy/x'
const HOST = 'Host: 127.0.0.1'
const CLOSE = 'Connection: close'

test('an absolute target is refused: this is no forward proxy', async () => {
  for (const target of [
    'http://evil.example/v1/services/a/proxy/x',
    `http://127.0.0.1${TARGET}`,
    `http://user@127.0.0.1${TARGET}`,
    '*',
  ]) {
    const method = target === '*' ? 'OPTIONS' : 'GET'
    const answer = await exchange(lines(`${method} ${target} HTTP/1.1`, HOST, CLOSE))
    assert.equal(statuses(answer), [400], target)
    assert.match(answer, 'no forward proxy')
  }
  assert.equal(seen, [])
})

test('CONNECT opens no tunnel', async () => {
  const answer = await exchange(lines('CONNECT evil.example:443 HTTP/1.1', 'Host: evil.example:443'))
  assert.not.match(answer, / 200 /)
  assert.equal(seen, [])
})

test('two hosts, no host, or a host of two lines', async () => {
  for (const hosts of [
    [HOST, 'Host: evil.example'],
    [HOST, HOST],
    [],
    [HOST, 'host : evil.example'],
    [HOST, ' evil.example'],
  ]) {
    const answer = await exchange(lines(`GET ${TARGET} HTTP/1.1`, ...hosts, CLOSE))
    assert.equal(statuses(answer), [400], hosts.join('|'))
  }
  assert.equal(seen, [])
})

const HIDDEN = `GET ${TARGET}-hidden HTTP/1.1\r\n${HOST}\r\n\r\n`
const SMUGGLING: [string, string[], string][] = [
  ['both lengths', ['Content-Length: 5', 'Transfer-Encoding: chunked'], `0\r\n\r\n${HIDDEN}`],
  ['two lengths', ['Content-Length: 0', `Content-Length: ${HIDDEN.length}`], HIDDEN],
  ['a list of lengths', ['Content-Length: 0, 5'], HIDDEN],
  ['a signed length', ['Content-Length: +5'], HIDDEN],
  ['an encoding that is not the last', ['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${HIDDEN}`],
  ['an encoding with a blank', ['Transfer-Encoding : chunked'], `0\r\n\r\n${HIDDEN}`],
  ['an encoding with a tab', ['Transfer-Encoding:\x0bchunked'], `0\r\n\r\n${HIDDEN}`],
  ['an unknown encoding', ['Transfer-Encoding: xchunked'], `0\r\n\r\n${HIDDEN}`],
  ['a wrong chunk size', ['Transfer-Encoding: chunked'], `0x5\r\nabcde\r\n0\r\n\r\n${HIDDEN}`],
  ['a chunk size that is too large', ['Transfer-Encoding: chunked'], `ffffffffffffffff1\r\nabc\r\n0\r\n\r\n${HIDDEN}`],
  ['a header with a line feed alone', ['X: y\nContent-Length: 5', 'Transfer-Encoding: chunked'], `0\r\n\r\n${HIDDEN}`],
  ['a folded header', ['X: y', ' Content-Length: 5', 'Content-Length: 0'], HIDDEN],
  ['a folded encoding', ['Transfer-Encoding:', ' chunked'], `0\r\n\r\n${HIDDEN}`],
  ['a header with a carriage return alone', ['X: y\rTransfer-Encoding: chunked', 'Content-Length: 0'], HIDDEN],
  ['a NUL in a header', ['X: y\0', 'Content-Length: 0'], HIDDEN],
  ['a header without a colon', ['Content-Length 5', 'Content-Length: 0'], HIDDEN],
  ['a header without a name', [': y', 'Content-Length: 0'], HIDDEN],
  ['two encodings', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], `0\r\n\r\n${HIDDEN}`],
  ['a negative length', ['Content-Length: -1'], HIDDEN],
  ['a length in hexadecimal', ['Content-Length: 0x5'], HIDDEN],
  ['a length that no number holds', ['Content-Length: 99999999999999999999'], HIDDEN],
  ['a chunk that is longer than it says', ['Transfer-Encoding: chunked'], `1\r\nabc\r\n0\r\n\r\n${HIDDEN}`],
  ['a chunk that ends with a line feed alone', ['Transfer-Encoding: chunked'], `3\r\nabc\n0\r\n\r\n${HIDDEN}`],
  ['a chunk size with a line feed alone', ['Transfer-Encoding: chunked'], `3\nabc\r\n0\r\n\r\n${HIDDEN}`],
  ['a line feed in a chunk extension', ['Transfer-Encoding: chunked'], `3;a\nb\r\nabc\r\n0\r\n\r\n${HIDDEN}`],
  ['a length in a trailer', ['Transfer-Encoding: chunked'], `0\r\nContent-Length: 5\r\n\r\n${HIDDEN}`],
  ['a last chunk with a line feed alone', ['Transfer-Encoding: chunked'], `0\n\n${HIDDEN}`],
  ['a chunk size with a sign', ['Transfer-Encoding: chunked'], `+3\r\nabc\r\n0\r\n\r\n${HIDDEN}`],
]

for (const [name, headers, body] of SMUGGLING) {
  test(`no request hides behind ${name}`, async () => {
    const answer = await exchange(lines(`POST ${TARGET} HTTP/1.1`, HOST, ...headers) + body)
    assert.ok(statuses(answer).includes(400), answer)
    assert.ok(!seen.some(({ url }) => url.includes('hidden')), JSON.stringify(seen))
  })
}

test('no request hides behind lines that end with a line feed alone, or a protocol that is none', async () => {
  for (const text of [
    `POST ${TARGET} HTTP/1.1\n${HOST}\nContent-Length: 0\n\n${HIDDEN}`,
    `POST ${TARGET} HTTP/1.1\r\n${HOST}\r\nContent-Length: 0\n\n${HIDDEN}`,
    `POST ${TARGET} HTTP/2.0\r\n${HOST}\r\n\r\n${HIDDEN}`,
    `POST ${TARGET} HTTP/1.2\r\n${HOST}\r\n\r\n${HIDDEN}`,
    `POST ${TARGET}\r\n${HIDDEN}`,
    `POST ${TARGET} HTTP/1.1 HTTP/1.1\r\n${HOST}\r\n\r\n${HIDDEN}`,
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ]) {
    const answer = await exchange(text)
    assert.equal(statuses(answer), [400], text)
  }
  assert.equal(seen, [])
})

test('chunk extensions end here, and are not taken without a bound', async () => {
  const head = lines(`POST ${TARGET} HTTP/1.1`, HOST, 'Transfer-Encoding: chunked', CLOSE)
  assert.equal(statuses(await exchange(`${head}3;name="a;b"\r\nabc\r\n0;last\r\n\r\n`)), [200])
  assert.equal(
    seen.splice(0).map(({ body, headers }) => [body, /name=|last/.test(headers)]),
    [['abc', false]],
  )
  const long = `3;${'x'.repeat(40_000)}\r\nabc\r\n`
  assert.equal(statuses(await exchange(`${head}${long}0\r\n\r\n`)), [400])
})

test('trailers of a request are dropped, whatever they say; its body passes', async () => {
  const trailers = ['X-Sum: 1', 'X-Key: of-the-trailer', 'Authorization: Bearer trailer', 'Host: evil.example']
  for (const te of [[], ['TE: trailers']]) {
    const head = [`POST ${TARGET} HTTP/1.1`, HOST, 'Transfer-Encoding: chunked', 'Trailer: X-Sum', ...te, CLOSE]
    const answer = await exchange(`${lines(...head)}4\r\nbody\r\n0\r\n${lines(...trailers)}`)
    assert.equal(statuses(answer), [200])
    const [{ body, headers, trailers: arrived }] = seen.splice(0) as [(typeof seen)[0]]
    assert.equal([body, arrived], ['body', ''])
    assert.match(headers, /X-Key\|the-key/)
    assert.not.match(headers, /x-sum|trailer|\|te\||evil/i)
  }
})

test('a path that is no text reaches no service, and no encoded slash makes a route', async () => {
  for (const target of ['/v1/services/a%2Fproxy/x', '/v1/services%2Fa/proxy/x', '/v1%2Fservices/a/proxy/x'])
    assert.equal(statuses(await exchange(lines(`GET ${target} HTTP/1.1`, HOST, CLOSE))), [404], target)
  for (const rest of ['%zz', '%ff', '%', 'a%2'])
    assert.equal(statuses(await exchange(lines(`GET ${TARGET}/${rest}?q HTTP/1.1`, HOST, CLOSE))), [400], rest)
  assert.equal(seen, [])
  for (const target of ['/v1/services/%61/proxy/x?%zz', `${TARGET}?%zz`])
    assert.equal(statuses(await exchange(lines(`GET ${target} HTTP/1.1`, HOST, CLOSE))), [200], target)
  assert.equal(
    seen.map(({ url }) => url),
    ['/base/x?%zz', '/base/x?%zz'],
  )
})

test('what a body holds is not a request', async () => {
  const answer = await exchange(
    lines(`POST ${TARGET} HTTP/1.1`, HOST, `Content-Length: ${HIDDEN.length}`, CLOSE) + HIDDEN,
  )
  assert.equal(statuses(answer), [200])
  assert.equal(
    seen.map(({ url, body }) => [url, body]),
    [['/base/x', HIDDEN]],
  )
})

test('headers of the hop, and those that Connection names, stay here; the credential cannot be named away', async () => {
  const answer = await exchange(
    lines(
      `GET ${TARGET} HTTP/1.1`,
      HOST,
      'Connection: close, X-Named, X-Key',
      'X-Named: 1',
      'X-Kept: 1',
      'Keep-Alive: timeout=5',
      'TE: deflate',
      'Trailer: X-Later',
      'Proxy-Authorization: Basic eDp5',
      'Proxy-Connection: keep-alive',
      'X-Key: of-the-caller',
    ),
  )
  assert.equal(statuses(answer), [200])
  const [{ headers }] = seen as [(typeof seen)[0]]
  assert.not.match(headers, /x-named|\|te\||trailer|proxy-|of-the-caller|timeout=5/i)
  assert.match(headers, /X-Kept\|1/)
  assert.match(headers, /X-Key\|the-key/)
  assert.not.match(answer, /timeout=9|x-sum/i)
})

test('trailers pass to a caller that takes them, without those that belong before a body', async () => {
  const asked = lines(`GET ${TARGET} HTTP/1.1`, HOST, CLOSE, 'TE: deflate, trailers')
  const answer = await exchange(asked)
  assert.match(answer, /\r\n0\r\nx-sum: 1\r\n\r\n$/i)
})

test('Expect: 100-continue is answered here, and not forwarded; any other expectation is refused', async () => {
  const head = (expect: string) =>
    lines(`POST ${TARGET} HTTP/1.1`, HOST, `Expect: ${expect}`, 'Content-Length: 4', CLOSE)
  assert.equal(statuses(await exchange(head('100-continue'), 'body')), [100, 200])
  assert.not.match(seen[0]!.headers, /expect/i)
  assert.equal(seen[0]!.body, 'body')
  assert.equal(statuses(await exchange(head('tea'), 'body')), [417])
})

test('request ids go in and out; a traceparent passes', async () => {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const own = await exchange(
    lines(`GET ${TARGET} HTTP/1.1`, HOST, 'X-Request-Id: mine-1', `traceparent: ${trace}`, CLOSE),
  )
  assert.match(own, /x-request-id: mine-1/i)
  assert.match(seen[0]!.headers, /X-Request-Id\|mine-1/)
  assert.match(seen[0]!.headers, `traceparent|${trace}`)
  const given = /x-request-id: (\S+)/i.exec(await exchange(lines(`GET ${TARGET} HTTP/1.1`, HOST, CLOSE)))?.[1]
  assert.ok(given)
  assert.match(seen[1]!.headers, `X-Request-Id|${given}`)
  const list = await exchange(lines('GET /v1/services HTTP/1.1', HOST, CLOSE))
  assert.match(list, /x-request-id: \S+/i)
})

test.run()
