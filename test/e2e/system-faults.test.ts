// What the system under a daemon may do: a disk that is full, a clock that is set back, and being process 1 of a container.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
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

const LARGE_INPUT = JSON.stringify({ text: 'x'.repeat(60_000) })

test('a full disk: an upload gets 507 and leaves nothing behind, requests are served, and small ones are accepted', async () => {
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  if (!works('mount', '-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk)) return
  const receiver = await startReceiver()
  const endpoint = await startTokenEndpoint((_request, index) =>
    token(`token-${index + 1}`, { refresh_token: `fake-refresh-${index + 1}` }),
  )
  let daemon: Daemon | undefined
  try {
    const file = join(folder, 'disk.yaml')
    const put = { type: 'copyToHttpServer', authenticateWith: 's', path: '/in', content: { file: {} } }
    const note = {
      type: 'sendToConnectedService',
      authenticateWith: 's',
      path: '/note',
      content: { json: '{{input.text}}' },
    }
    const user = {
      grant: 'password',
      username: 'ada',
      password: 'fake',
      clientId: 'app',
      clientSecret: 'fake',
      scope: [],
    }
    const services = {
      s: { account: { authorization: 'none' }, serverUrl: receiver.url },
      rotating: {
        account: { ...user, accessTokenUri: endpoint.url },
        serverUrl: receiver.url,
        sinks: [{ file: join(disk, 'sink'), format: 'token' }],
      },
    }
    writeFileSync(
      file,
      JSON.stringify({ version: 1, services, actions: { put, note }, daemon: { state: { dir: disk } } }),
    )
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
    const rotating = async () => (await fetch(`${started.api}/v1/services/rotating/authorization`)).status
    assert.is(await rotating(), 200)
    let sink = ''
    for (const endMs = performance.now() + 60_000; sink === '' && performance.now() < endMs; await setImmediate())
      sink = existsSync(join(disk, 'sink')) ? readFileSync(join(disk, 'sink'), 'utf8') : ''
    const fill = join(disk, 'fill')
    assert.throws(() => writeFileSync(fill, Buffer.alloc(4 << 20)), /ENOSPC/)
    for (const known of [1, 2]) {
      await fetch(`${started.api}/v1/services/rotating/token`, { method: 'DELETE' })
      assert.is(await rotating(), 200, 'a refresh token that cannot be written serves from memory')
      assert.is(new URLSearchParams(endpoint.requests.at(-1)!.body).get('refresh_token'), `fake-refresh-${known}`)
    }
    assert.is(readFileSync(join(disk, 'sink'), 'utf8'), sink, 'the old file stays')
    rmSync(fill)
    const full = await upload(4 << 20)
    assert.equal([full.status, full.code], [507, 'storage_full'])
    assert.is((await fetch(`${started.api}/v1/services/s/proxy/x`)).status, 200)
    const small = await upload(1000)
    assert.equal([small.status, small.state], [200, 'delivered'])
    assert.equal(
      receiver.received.filter(({ path }) => path === '/in').map(({ body }) => body.length),
      [1000],
    )
    // The file of the queue itself, where no upload is stored.
    const post = async () => {
      const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: LARGE_INPUT }
      const reply = await fetch(`${started.api}/v1/actions/note/deliveries`, init)
      return { status: reply.status, ...((await reply.json()) as { id?: string; code?: string }) }
    }
    const filler = join(disk, 'filler')
    assert.throws(() => writeFileSync(filler, Buffer.alloc(4 << 20)), /ENOSPC/)
    const answers = [await post()]
    while (answers.at(-1)!.status === 202 && answers.length < 100) answers.push(await post())
    assert.equal([answers.at(-1)!.status, answers.at(-1)!.code], [507, 'storage_full'])
    assert.is((await fetch(`${started.api}/v1/deliveries`)).status, 200)
    rmSync(filler)
    answers.push(await post())
    assert.is(answers.at(-1)!.status, 202)
    for (const { id } of answers.filter(({ status }) => status === 202))
      while (!(await (await fetch(`${started.api}/v1/deliveries/${id}`)).text()).includes('"state":"delivered"'));
  } finally {
    await daemon?.stop(1000)
    execFileSync('umount', ['-l', disk])
    await receiver.close()
    await endpoint.close()
  }
})

test('more secret files than a process may have open: each change is noticed', async () => {
  const many = join(folder, 'many')
  mkdirSync(many)
  const names = Array.from({ length: 200 }, (_, index) => `s${index}`)
  for (const name of names) writeFileSync(join(many, name), 'old', { mode: 0o600 })
  const account = (name: string) => ({ authorization: 'header', header: { name: 'X-Key', value: { file: name } } })
  const services = names.map(name => [name, { account: account(name), serverUrl: 'https://x.example' }])
  writeFileSync(join(many, 'services.yaml'), JSON.stringify({ version: 1, services: Object.fromEntries(services) }))
  const script = `
    import { writeFileSync } from 'node:fs'
    import { createExecutor } from ${JSON.stringify(join(import.meta.dirname, '../../src/index.ts'))}
    await using executor = createExecutor()
    await executor.load('services.yaml')
    const names = [...executor.generation.services.keys()]
    for (const name of names) await executor.authorize(name)
    for (const name of names) writeFileSync(name, 'new')
    await executor.generation.checkSecrets()
    const left = () => names.filter(name => executor.service(name).current().injection.headers[0][1] === 'old')
    for (let turn = 0; turn < 3000 && left().length > 0; turn++) await new Promise(resolve => setTimeout(resolve, 20))
    console.log(left().length)`
  const args = ['-c', 'ulimit -n 80; exec "$@"', 'sh', process.execPath, '--input-type=module', '-e', script]
  assert.is(execFileSync('sh', args, { cwd: many, encoding: 'utf8' }), '0\n')
})

test('a thousand files, and no more watches for this user: a warning, and an edit is found all the same', async () => {
  const limited = ['-Ur', 'sh', '-c', 'echo 0 > /proc/sys/user/max_inotify_watches; exec "$@"', 'sh']
  if (process.platform !== 'linux' || !works('unshare', ...limited, 'true')) return
  const many = join(folder, 'watched')
  mkdirSync(many)
  const define = (index: number, title: string) => {
    const services = { [`s${index}`]: { title, account: { authorization: 'none' }, serverUrl: 'https://x.example' } }
    writeFileSync(join(many, `${index}.yaml`), JSON.stringify({ version: 1, services }))
  }
  for (let index = 0; index < 1_000; index++) define(index, 'before')
  const script = `
    import { createExecutor } from ${JSON.stringify(join(import.meta.dirname, '../../src/index.ts'))}
    const say = (fields, text) => console.log(text)
    await using executor = createExecutor({ log: { debug() {}, info() {}, warn: say, error: say } })
    await executor.load('.')
    await executor.watch({ pollIntervalMs: 3_600_000 })
    // The first look, for what was edited meanwhile, is over then.
    await new Promise(resolve => setTimeout(resolve, 500))
    console.log('watching')
    while (executor.service('s999').plan.title !== 'after') await new Promise(resolve => setTimeout(resolve, 20))
    console.log('found')`
  const child = spawn('unshare', [...limited, process.execPath, '--input-type=module', '-e', script], { cwd: many })
  let said = ''
  for await (const chunk of child.stdout) {
    said += chunk
    if (String(chunk).includes('watching')) define(999, 'after')
  }
  assert.match(said, /^found$/m)
  const warnings = said.split('\n').filter(line => line.includes('file events are not reliable'))
  assert.is(warnings.length, 1, said)
  assert.match(warnings[0]!, /\(ENOSPC\).*raise fs\.inotify\.max_user_watches/)
})

for (const format of ['json', 'pretty']) {
  test(`a log on a full disk, ${format}: the process lives on, and later lines are written`, async () => {
    const disk = join(folder, `log-${format}`)
    mkdirSync(disk)
    if (!works('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk)) return
    try {
      const script = `
        import { rmSync, writeFileSync } from 'node:fs'
        import { createLog } from ${JSON.stringify(join(import.meta.dirname, '../../src/daemon/log.ts'))}
        const log = createLog({ level: 'info', format: '${format}' })
        log.info({}, 'first')
        try { writeFileSync('fill', Buffer.alloc(1 << 20)) } catch {}
        for (let line = 0; line < 1000; line++) log.info({ line }, 'this one finds no room')
        rmSync('fill')
        log.info({}, 'last')`
      const log = openSync(join(disk, 'log'), 'w')
      const args = ['--input-type=module', '-e', script]
      const child = spawn(process.execPath, args, { cwd: disk, stdio: ['ignore', 'ignore', log] })
      assert.equal(await once(child, 'close'), [0, null])
      closeSync(log)
      const written = readFileSync(join(disk, 'log'), 'utf8')
      assert.match(written, 'first')
      assert.match(written, /last|no room/)
    } finally {
      execFileSync('umount', ['-l', disk])
    }
  })
}

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
