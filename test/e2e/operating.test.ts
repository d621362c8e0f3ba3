// The daemon as a process under systemd and signals, and what its admin listener shows to people and programs.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
  daemon.child.kill('SIGTERM')
  assert.equal(await once(daemon.child, 'close'), [0, null])
})

test('systemd is told: ready, alive, reloading and ready again, stopping', async () => {
  const told = join(folder, 'told')
  writeFileSync(join(folder, 'systemd-notify'), `#!/bin/sh\necho "$@" >> ${told}\n`)
  chmodSync(join(folder, 'systemd-notify'), 0o755)
  const daemon = run({
    NOTIFY_SOCKET: '/nowhere',
    WATCHDOG_USEC: '100000',
    PATH: `${folder}${delimiter}${process.env.PATH}`,
  })
  const seen = async (pattern: RegExp) => {
    const giveUpAtMs = performance.now() + 20_000
    while (!(existsSync(told) && pattern.test(readFileSync(told, 'utf8'))) && performance.now() < giveUpAtMs)
      await new Promise(resolve => setTimeout(resolve, 10))
    assert.match(readFileSync(told, 'utf8'), pattern)
  }
  await seen(new RegExp(`^READY=1 MAINPID=${daemon.child.pid}$`, 'm'))
  await seen(/^WATCHDOG=1$/m)
  daemon.child.kill('SIGHUP')
  await seen(/^RELOADING=1 MONOTONIC_USEC=\d+$[\s\S]*^READY=1/m)
  daemon.child.kill('SIGTERM')
  await once(daemon.child, 'close')
  await seen(/^STOPPING=1$/m)
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
      assert.match((await tab.textContent('#generation')) ?? '', /Generation 1, active since \d{4}-/)
      assert.match(
        (await tab.textContent('#services')) ?? '',
        /a-service[\s\S]*ready[\s\S]*lost[\s\S]*failing[\s\S]*token_unreachable/,
      )
      assert.equal(
        complaints.filter(text => !text.includes('favicon')).filter(text => !text.includes('404')),
        [],
      )
      writeFileSync(file, 'version: 1\n"<img src=x onerror=alert(1)>": 1\n')
      await fetch(`${daemon.admin}/-/reload`, { method: 'POST' })
      await tab.reload()
      await tab.waitForSelector('#problems li')
      assert.match((await tab.textContent('#problems')) ?? '', '<img src=x')
      assert.is(await tab.locator('img').count(), 0)
    } finally {
      await browser.close()
      writeFileSync(file, JSON.stringify(CONFIGURATION))
    }
  })
})

test.run()
