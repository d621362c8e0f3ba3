// The daemon as a process under systemd and signals, and what its admin listener shows to people and programs.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import { OPENAPI } from '../../src/server/openapi.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-operating-'))
const file = join(folder, 'services.yaml')
const children = new Set<ChildProcess>()
const CONFIGURATION = {
  version: 1,
  services: {
    'a-service': { account: { authorization: 'none' }, serverUrl: 'http://127.0.0.1:9' },
    lost: {
      account: { accessTokenUri: 'http://127.0.0.1:9/token', clientId: 'c', clientSecret: 's', scope: [] },
      serverUrl: 'http://127.0.0.1:9',
    },
  },
}

test.before(() => writeFileSync(file, JSON.stringify(CONFIGURATION)))

test.after(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

interface Running {
  child: ChildProcess
  log(): string
  /** Waits until the log has this. */
  until(pattern: RegExp): Promise<RegExpExecArray>
}

function run(env: Record<string, string> = {}): Running {
  const args = ['run', '-c', file, '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0', '--log-format', 'json']
  const child = spawn(process.execPath, ['src/cli/main.ts', ...args], { env: { ...process.env, ...env } })
  children.add(child)
  let log = ''
  child.stderr.on('data', chunk => {
    log += chunk
  })
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(log)
      if (found) return found
      if (child.exitCode !== null) throw new Error(`ended: ${log}`)
      await Promise.race([once(child.stderr, 'data'), once(child, 'close')])
    }
  }
  return { child, until, log: () => log }
}

test('SIGUSR1 changes how much is logged: a line for each request, without the query', async () => {
  const daemon = run()
  const [, api] = await daemon.until(/"api":"([^"]+)".*"ready"/)
  await fetch(`${api}/v1/services?secret=1`)
  assert.not.match(daemon.log(), '"msg":"request"')
  daemon.child.kill('SIGUSR1')
  await daemon.until(/"logLevel":"debug"/)
  await fetch(`${api}/v1/services?secret=1`, { headers: { 'x-request-id': 'r-9' } })
  const [line] = await daemon.until(/\{[^\n]*"msg":"request"\}/)
  const { method, path, status, requestId, durationMs } = JSON.parse(line)
  assert.equal([method, path, status, requestId], ['GET', '/v1/services', 200, 'r-9'])
  assert.type(durationMs, 'number')
  assert.not.match(daemon.log(), 'secret=1')
  for (const level of ['trace', 'info']) {
    daemon.child.kill('SIGUSR1')
    await daemon.until(new RegExp(`"logLevel":"${level}"`))
  }
  assert.not.match(daemon.log(), 'Debugger')
  daemon.child.kill('SIGTERM')
  assert.equal(await once(daemon.child, 'close'), [0, null])
})

/** Receives what `systemd-notify` sends, as systemd does: Node has no Unix datagram sockets. */
const RECEIVER = `
import socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
print('bound', flush=True)
while True:
    print(receiver.recv(4096).decode().replace('\\n', ' '), flush=True)
`
const PROGRAMS = ['systemd-notify', 'python3'].filter(name => spawnSync(name, ['--version']).error !== undefined)
const systemd = PROGRAMS.length === 0 ? test : test.skip
if (PROGRAMS.length > 0) console.log(`SKIPPED: what systemd is told, there is no ${PROGRAMS.join(', ')}`)

systemd('systemd is told: ready, alive, reloading and ready again, stopping', async () => {
  const socket = join(folder, 'notify.sock')
  const receiver = spawn('python3', ['-c', RECEIVER, socket])
  children.add(receiver)
  let told = ''
  receiver.stdout.on('data', chunk => {
    told += chunk
  })
  const seen = async (pattern: RegExp) => {
    const giveUpAtMs = performance.now() + 60_000
    while (!pattern.test(told) && performance.now() < giveUpAtMs) await new Promise(resolve => setTimeout(resolve, 10))
    assert.match(told, pattern)
  }
  await seen(/^bound$/m)
  const daemon = run({ NOTIFY_SOCKET: socket, WATCHDOG_USEC: '100000' })
  await seen(new RegExp(`^READY=1 MAINPID=${daemon.child.pid}$`, 'm'))
  await seen(/^WATCHDOG=1$/m)
  daemon.child.kill('SIGHUP')
  await seen(/^RELOADING=1 MONOTONIC_USEC=\d+$[\s\S]*^READY=1/m)
  daemon.child.kill('SIGTERM')
  await once(daemon.child, 'close')
  await seen(/^STOPPING=1$/m)
})

test('a program systemd-notify that hangs does not pile up, and does not hold up the stop', async () => {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'systemd-notify'), `#!/bin/sh\necho "$@" >> ${bin}/told\nexec sleep 10\n`, { mode: 0o755 })
  const PATH = `${bin}${delimiter}${process.env.PATH}`
  const daemon = run({ NOTIFY_SOCKET: '/nowhere', WATCHDOG_USEC: '20000', PATH })
  await daemon.until(/"msg":"ready"/)
  const told = join(bin, 'told')
  while (!existsSync(told) || readFileSync(told, 'utf8') === '') await new Promise(resolve => setTimeout(resolve, 10))
  await new Promise(resolve => setTimeout(resolve, 500))
  daemon.child.kill('SIGTERM')
  assert.equal(await once(daemon.child, 'close'), [0, null])
  assert.match(readFileSync(told, 'utf8'), /^READY=1 MAINPID=\d+\n$/)
})

async function withDaemon(use: (daemon: Daemon) => Promise<void>): Promise<void> {
  const daemon = await startDaemon({
    paths: [file],
    listen: '127.0.0.1:0',
    adminListen: '127.0.0.1:0',
    logLevel: 'silent',
  })
  try {
    await use(daemon)
  } finally {
    await daemon.stop(200)
  }
}

interface Described {
  paths: object
  components: { schemas: object }
}

test('openapi.json has every route of the sources, and each of its references leads somewhere', async () => {
  await withDaemon(async ({ admin }) => {
    const answer = (await (await fetch(`${admin}/openapi.json`)).json()) as typeof OPENAPI & Described
    assert.equal(answer, JSON.parse(JSON.stringify(OPENAPI)))
    const sources = globSync('src/server/**/*.ts').filter(path => !path.endsWith('openapi.ts'))
    const routes = sources.flatMap(path =>
      [...readFileSync(path, 'utf8').matchAll(/'(\/(?:v1\/[^'?]*|-\/\w+|metrics|openapi\.json))'/g)].map(match =>
        match[1]!.replace(/:(\w+)/g, '{$1}').replace('/*', '/{path}'),
      ),
    )
    const described = Object.keys(answer.paths)
    const missing = [...new Set(routes)].filter(route => !described.includes(route) && route !== '/v1/services/')
    assert.equal(missing, [])
    for (const [, name] of JSON.stringify(answer).matchAll(/"#\/components\/schemas\/(\w+)"/g))
      assert.ok(name! in answer.components.schemas, name)
  })
})

const CHROMIUM = '/usr/bin/chromium'
const page = existsSync(CHROMIUM) ? test : test.skip
if (!existsSync(CHROMIUM)) console.log(`SKIPPED: the status page in a browser, there is no ${CHROMIUM}`)

page('the status page shows generation, services and what is wrong, as text and by its own policy', async () => {
  await withDaemon(async daemon => {
    await fetch(`${daemon.api}/v1/services/lost/authorization`)
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    try {
      const tab = await browser.newPage()
      const complaints: string[] = []
      tab.on('console', message => message.type() === 'error' && complaints.push(message.text()))
      await tab.goto(daemon.admin)
      await tab.waitForSelector('td.failing')
      assert.match((await tab.textContent('#generation')) ?? '', /Generation 1, active since .*20\d\d/)
      assert.match(
        (await tab.textContent('#services')) ?? '',
        /lost[\s\S]*failing[\s\S]*token_unreachable[\s\S]*a-service[\s\S]*ready/,
      )
      assert.match(await tab.title(), /^1 failing/)
      assert.match((await tab.textContent('#services tbody tr')) ?? '', /^lost/)
      assert.equal(complaints, [])
      writeFileSync(file, 'version: 1\n"<img src=x onerror=alert(1)>": 1\n')
      await fetch(`${daemon.admin}/-/reload`, { method: 'POST' })
      await tab.reload()
      await tab.waitForSelector('#problems li')
      assert.match((await tab.textContent('#reloads')) ?? '', /refused[\s\S]*2 services added/)
      assert.match((await tab.textContent('#problems')) ?? '', '<img src=x')
      assert.is(await tab.locator('img').count(), 0)
    } finally {
      await browser.close()
      writeFileSync(file, JSON.stringify(CONFIGURATION))
    }
  })
})

/** In the page: of all its texts, by their computed colours, the least ratio of WCAG 2.2, 1.4.3. */
const LEAST_CONTRAST = `(() => {
  const luminance = color => {
    const [red, green, blue] = color.match(/[\\d.]+/g).slice(0, 3).map(Number).map(value =>
      value <= 10.31 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const canvas = document.createElement('div')
  canvas.style.setProperty('background-color', 'Canvas')
  document.body.append(canvas)
  const background = luminance(getComputedStyle(canvas).backgroundColor)
  return Math.min(...[...document.querySelectorAll('h1, h2, p, li, th, td, a')].map(element => {
    const own = luminance(getComputedStyle(element).color)
    return (Math.max(own, background) + 0.05) / (Math.min(own, background) + 0.05)
  }))
})()`
const TEXT_COLOR = 'getComputedStyle(document.body).color'
const IS_WIDE = 'document.documentElement.scrollWidth > window.innerWidth'
const FOCUSED = 'document.activeElement.textContent.trim().slice(0, 20)'

page(
  'the status page can be read in light and dark, on a phone and with the keyboard, and asks nobody else',
  async () => {
    await withDaemon(async daemon => {
      await fetch(`${daemon.api}/v1/services/lost/authorization`)
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
      try {
        const texts = new Set<string>()
        for (const colorScheme of ['light', 'dark'] as const) {
          const tab = await browser.newPage({ colorScheme, viewport: { width: 380, height: 700 } })
          const asked = new Set<string>()
          tab.on('request', request => asked.add(new URL(request.url()).origin))
          const answer = await tab.goto(daemon.admin)
          assert.match(answer?.headers()['content-security-policy'] ?? '', /default-src 'none'/)
          await tab.waitForSelector('td.failing')
          assert.ok((await tab.evaluate<number>(LEAST_CONTRAST)) >= 4.5, colorScheme)
          texts.add(await tab.evaluate<string>(TEXT_COLOR))
          assert.not.ok(await tab.evaluate(IS_WIDE), 'the page itself needs no scrolling to the side')
          const focused: string[] = []
          for (let presses = 0; presses < 6; presses++) {
            await tab.keyboard.press('Tab')
            focused.push(await tab.evaluate<string>(FOCUSED))
          }
          assert.ok(focused.includes('/metrics') && focused.some(text => text.startsWith('Service')), focused.join())
          assert.equal([...asked], [daemon.admin])
          await tab.close()
        }
        assert.is(texts.size, 2, 'the colours follow the scheme')
      } finally {
        await browser.close()
      }
    })
  },
)

test.run()
