// Paths that some server would read as other ones: dots and separators in every spelling, encoded once and more, in the target
// of a request and in a parameter. Whatever reaches the service stays below its URL, and within what `allow` lets pass.
import { Agent, request } from 'node:http'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Loopback, listenOnLoopback } from '../support/loopback.ts'
import { createRunning } from '../support/running.ts'

const running = createRunning()
const agent = new Agent({ keepAlive: true })
let targets: string[] = []
let upstream: Loopback
let api: string

const none = { authorization: 'none' }

test.before(async () => {
  upstream = await running.open(
    listenOnLoopback((incoming, response) => {
      targets.push(incoming.url!)
      response.end()
    }),
  )
  const anything = { pattern: '^.*$' }
  const daemon = await running.serve({
    services: {
      base: { account: none, serverUrl: `${upstream.url}/base` },
      root: { account: none, serverUrl: upstream.url },
      allow: { account: none, serverUrl: `${upstream.url}/base`, allow: { paths: ['/public/**', '/one/*'] } },
      tenant: {
        account: none,
        serverUrl: `${upstream.url}/base/{{params.tenant}}/api`,
        parameters: { tenant: anything },
      },
    },
  })
  api = daemon.api
})

test.after(async () => {
  agent.destroy()
  await running.close()
})

async function statusOf(path: string): Promise<number> {
  const outgoing = request(`${api}/`, { path, agent })
  const incoming = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve).on('error', reject).end()
  })
  incoming.resume()
  await new Promise(resolve => incoming.once('end', resolve))
  return incoming.statusCode!
}

/** As the most willing server would: decoded until nothing is left, look-alikes folded, parameters of segments dropped. */
function readings(target: string): string[] {
  const path = target.split('?', 1)[0]!
  const read: string[] = []
  for (let text = path, before = ''; text !== before; ) {
    read.push(resolved(text))
    before = text
    text = text.replace(/%u00([\da-f]{2})/gi, '%$1').replace(/(?:%[\da-f]{2})+/gi, octets => decoded(octets))
    text = text.normalize('NFKC')
  }
  return read
}

function decoded(octets: string): string {
  const bytes = Buffer.from(octets.replaceAll('%', ''), 'hex')
  // Overlong forms, as old decoders took them.
  return bytes
    .toString('latin1')
    .replace(/[\xc0\xc1]([\x80-\xbf])/g, (all, low: string) =>
      String.fromCharCode(((all.charCodeAt(0) & 1) << 6) | (low.charCodeAt(0) & 63)),
    )
    .replace(/[\x80-\xff]+/g, run => Buffer.from(run, 'latin1').toString('utf8'))
}

function resolved(path: string): string {
  const kept: string[] = []
  for (const segment of path.replaceAll('\\', '/').split('/').slice(1)) {
    const plain = segment.split(/[;\0]/, 1)[0]
    if (plain === '..') kept.pop()
    else if (plain !== '.') kept.push(segment)
  }
  return `/${kept.join('/')}`
}

const DOTS = [
  '..',
  '%2e%2e',
  '%2E.',
  '.%2e',
  '%c0%ae%c0%ae',
  '%ef%bc%8e%ef%bc%8e',
  '%e2%80%a5',
  '..;',
  '..;a=1',
  '..%00',
]
const SEPARATORS = ['/', '%2f', '%5c', '%c0%af', '%ef%bc%8f', '%ef%bc%bc', '//', '%2f/']
const LAYERS = [0, 1, 2, 3]

/** One more layer of percent-encoding. */
function encoded(text: string, layers: number): string {
  return layers === 0 ? text : encoded(text.replaceAll('%', '%25'), layers - 1)
}

const CLIMBS = DOTS.flatMap(dots =>
  SEPARATORS.flatMap(separator =>
    LAYERS.map(layers => encoded(`${dots}${separator}${dots}${separator}secret`, layers)),
  ),
)

function assertWithin(start: RegExp, path: string, status: number): void {
  assert.is(targets.length, status === 200 ? 1 : 0, path)
  for (const target of targets)
    for (const reading of readings(target)) assert.match(reading, start, `${path} became ${target}`)
}

async function climb(service: string, start: RegExp, places: readonly ((climb: string) => string)[]): Promise<void> {
  let forwarded = 0
  for (const place of places) {
    for (const text of CLIMBS) {
      targets = []
      const path = `/v1/services/${service}${place(text)}`
      const status = await statusOf(path)
      assert.ok([200, 400, 403, 404].includes(status), `${path} ${status}`)
      assertWithin(start, path, status)
      forwarded += targets.length
    }
  }
  // What is resolved here, and what no server reads as dots.
  assert.ok(forwarded < places.length * CLIMBS.length)
}

test('in the path of a request', () =>
  climb('base', /^\/base(?:\/|$)/, [
    text => `/proxy/${text}`,
    text => `/proxy/a/${text}`,
    text => `/proxy/a%2f${text}`,
    text => `/proxy/a;${text}`,
    text => `/%70roxy/${text}`,
    text => `/proxy${text}`,
    text => `/proxy/a?b=/${text}`,
  ]))

test('past `allow`', async () => {
  await climb('allow', /^\/base\/(?:public(?:\/|$)|one\/[^/]*$)/, [
    text => `/proxy/public/${text}`,
    text => `/proxy/public/a/${text}`,
    text => `/proxy/one/${text}`,
    text => `/proxy/one/a${text}`,
  ])
})

for (const separator of SEPARATORS) {
  test(`one segment of \`allow\` holds no second one: ${separator}`, async () => {
    for (const layers of LAYERS) {
      targets = []
      const path = `/v1/services/allow/proxy/one/a${encoded(separator, layers)}b`
      assertWithin(/^\/base\/one\/[^/]*$/, path, await statusOf(path))
    }
  })
}

test('in a parameter', () =>
  climb('tenant', /^\/base\/[^/]*(?:\/[^/]*)*\/api\/x$/, [
    text => `/proxy/x?param.tenant=${encodeURIComponent(text)}`,
    text => `/proxy/x?param.tenant=${text}`,
    text => `/proxy/x?param.tenant=a/${text}`,
  ]))

test('the route itself may be percent-encoded, and the rest is the same', async () => {
  for (const route of ['/v1/services/base/proxy', '/v1/services/base/%70roxy', '/%76%31/services/%62ase/prox%79']) {
    targets = []
    assert.is(await statusOf(`${route}/a/b?c=/proxy/d`), 200)
    assert.equal(targets, ['/base/a/b?c=/proxy/d'], route)
  }
})

test('a host in place of a path', async () => {
  for (const rest of [
    '//evil.example/',
    '/@evil.example/',
    '@evil.example/',
    ':80@evil.example/',
    '/%09//evil.example',
  ]) {
    targets = []
    const status = await statusOf(`/v1/services/root/proxy${rest}`)
    assertWithin(/^\//, rest, status)
  }
})

test.run()
