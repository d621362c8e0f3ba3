// What the system under a daemon may do: a disk that is full, a clock that is set back, and being process 1 of a container.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import { createExecutor } from '../../src/index.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { startTokenEndpoint, token } from '../support/hostile-token-endpoint.ts'
import { startReceiver } from '../support/receiver.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-system-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

function works(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    console.log(`SKIPPED: \`${command} ${args[0]}\` does not work here; run as root to test this`)
    return false
  }
}

test('a clock that is set back a day, and on again: the token lives as long as it was issued for', async () => {
  const endpoint = await startTokenEndpoint((_request, index) => token(`token-${index + 1}`))
  const file = join(folder, 'clock.yaml')
  const account = { accessTokenUri: endpoint.url, clientId: 'app', clientSecret: 'fake-secret', scope: [] }
  const services = { s: { account, serverUrl: 'https://api.example' } }
  writeFileSync(file, JSON.stringify({ version: 1, services }))
  const clock = fakeClock()
  const executor = createExecutor({ clock, environment: {} })
  await executor.load(file)
  const bearer = async () => (await executor.authorize('s')).headers.Authorization
  const DAY_MS = 86_400_000
  assert.is(await bearer(), 'Bearer token-1')
  clock.jump(-DAY_MS)
  assert.is(await bearer(), 'Bearer token-1')
  await clock.advance(3_600_000)
  assert.is(await bearer(), `Bearer token-${endpoint.requests.length}`)
  assert.ok(endpoint.requests.length > 1)
  const before = endpoint.requests.length
  clock.jump(DAY_MS)
  await bearer()
  assert.ok(endpoint.requests.length <= before + 1)
  await executor[Symbol.asyncDispose]()
  await endpoint.close()
})

test('a full disk: an upload gets 507 and leaves nothing behind, requests are served, and small ones are accepted', async () => {
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  if (!works('mount', '-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk)) return
  const receiver = await startReceiver()
  let daemon: Daemon | undefined
  try {
    const file = join(folder, 'disk.yaml')
    const put = { type: 'copyToHttpServer', authenticateWith: 's', path: '/in', content: { file: {} } }
    const services = { s: { account: { authorization: 'none' }, serverUrl: receiver.url } }
    writeFileSync(file, JSON.stringify({ version: 1, services, actions: { put }, daemon: { state: { dir: disk } } }))
    const started = await startDaemon({
      paths: [file],
      listen: '127.0.0.1:0',
      adminListen: '127.0.0.1:0',
      logLevel: 'silent',
    })
    daemon = started
    const upload = async (bytes: number) => {
      const body = Buffer.alloc(bytes, 'x')
      const reply = await fetch(`${started.api}/v1/actions/put/deliveries?wait=20s`, { method: 'POST', body })
      return { status: reply.status, ...((await reply.json()) as { code?: string; state?: string }) }
    }
    const full = await upload(4 << 20)
    assert.equal([full.status, full.code], [507, 'storage_full'])
    assert.is((await fetch(`${started.api}/v1/services/s/proxy/x`)).status, 200)
    const small = await upload(1000)
    assert.equal([small.status, small.state], [200, 'delivered'])
    assert.equal(
      receiver.received.filter(({ path }) => path === '/in').map(({ body }) => body.length),
      [1000],
    )
  } finally {
    await daemon?.stop(1000)
    execFileSync('umount', ['-l', disk])
    await receiver.close()
  }
})

/** What `unshare` started, which is process 1 of its namespace. */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'))
}

test('as process 1 of a namespace: serves, and SIGTERM ends it with 0', async () => {
  const namespace = ['--pid', '--fork', '--mount-proc']
  if (process.platform !== 'linux' || !works('unshare', ...namespace, 'true')) return
  const file = join(folder, 'container.yaml')
  const services = { s: { account: { authorization: 'none' }, serverUrl: 'https://api.example' } }
  writeFileSync(file, JSON.stringify({ version: 1, services }))
  const listen = ['--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0', '--log-format', 'json']
  const program = [process.execPath, 'src/cli/main.ts', 'run', '-c', file, ...listen]
  const child = spawn('unshare', [...namespace, ...program])
  let log = ''
  child.stderr.on('data', chunk => {
    log += chunk
  })
  while (!log.includes('"msg":"ready"')) {
    assert.is(child.exitCode, null, log)
    await Promise.race([once(child.stderr, 'data'), once(child, 'close')])
  }
  const { api } = JSON.parse(log.split('\n').find(line => line.includes('"msg":"ready"'))!)
  assert.is((await fetch(`${api}/v1/services`)).status, 200)
  const pid = childOf(child.pid!)
  assert.match(readFileSync(`/proc/${pid}/status`, 'utf8'), /^NSpid:\s+\d+\s+1$/m)
  const closed = once(child, 'close')
  process.kill(pid, 'SIGTERM')
  assert.equal(await closed, [0, null], log)
})

test.run()
