// `bearerd deliver --daemon` and `bearerd deliveries` against a daemon.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import { listenOnLoopback, readBody } from '../support/loopback.ts'
import { formOf, type Receiver, startReceiver } from '../support/receiver.ts'
import { runCommand } from '../support/run-command.ts'
import { type Ending, MAIN, runProgram } from '../support/run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-cli-daemon-'))
const FILE = join(folder, 'a.txt')
let receiver: Receiver
let daemon: Daemon
let status = 200
let wait: Promise<void> | undefined

test.before(async () => {
  receiver = await startReceiver(async () => {
    await wait
    return { status, body: 'thanks' }
  })
  const input = { type: 'object', properties: { n: { type: 'integer' } } }
  const actions = {
    form: {
      type: 'copyToHttpServer',
      authenticateWith: 's',
      path: '/form',
      content: { multipart: { fields: { n: '{{input.n}}' } } },
      input,
    },
    note: {
      type: 'sendToConnectedService',
      authenticateWith: 's',
      path: '/notes',
      content: { json: '{{input.n}}' },
      input,
      keepResponse: {},
    },
  }
  const content = { json: { n: '{{input.n}}', list: '{{input.list}}', deep: '{{input.deep}}' } }
  const all = { content, type: 'sendToConnectedService', authenticateWith: 's', path: '/all' }
  const raw = { type: 'copyToHttpServer', authenticateWith: 's', path: '/raw', content: { file: {} } }
  const services = { s: { account: { authorization: 'none' }, serverUrl: receiver.url } }
  const settings = { state: { dir: 'state' }, limits: { requestBody: '4MiB' } }
  writeFileSync(FILE, 'text a')
  writeFileSync(
    join(folder, 'services.yaml'),
    JSON.stringify({ version: 1, services, actions: { ...actions, all, raw }, daemon: settings }),
  )
  const listen = { listen: '127.0.0.1:0', adminListen: '127.0.0.1:0' }
  daemon = await startDaemon({ paths: [join(folder, 'services.yaml')], ...listen, logLevel: 'silent' })
})
test.after(async () => {
  await daemon.stop(1000)
  await receiver.close()
  rmSync(folder, { recursive: true })
})

const run = (...args: string[]) => runCommand([...args, '--daemon', daemon.api])

test('handed over, waited for; texts become what the schema wants', async () => {
  const { code, stderr } = await run('deliver', 'form', FILE, '--input', 'n=5')
  assert.equal([code, /^delivered [0-9a-f-]{36}$/m.test(stderr)], [0, true], stderr)
  const form = await formOf(receiver.received.at(-1)!)
  assert.equal([form.get('n'), (form.get('file') as File).name], ['5', 'a.txt'])
  const note = await run('deliver', 'note', '--input', 'n=7')
  assert.equal([note.code, note.stdout, receiver.received.at(-1)!.body.toString()], [0, 'thanks\n', '7'])
})

test('a dead one ends with 3, can be listed, retried and removed', async () => {
  status = 403
  const dead = await run('deliver', 'note', '--input', 'n=1', '--format', 'json')
  assert.is(dead.code, 3)
  const { id } = JSON.parse(dead.stdout) as { id: string }
  const listed = await run('deliveries', 'list', '--state', 'dead')
  assert.match(listed.stdout, new RegExp(`^ID +STATE .*\n${id} +dead +1 .* note +service \`s\` answered 403`, 'm'))
  status = 200
  assert.is((await run('deliveries', 'retry', id)).code, 0)
  while (!/^state +delivered$/m.test((await run('deliveries', 'show', id)).stdout));
  const shown = (await run('deliveries', 'show', id)).stdout
  assert.match(shown, new RegExp(`^id +${id}\naction +note\nstate +delivered\naccepted +2`))
  assert.match(shown, /^attempt +.*, answered 403: service `s` answered 403.*\nattempt +.*, \d+ ms, answered 200$/m)
  assert.match(shown, /^answer +200\n\nthanks$/m)
  const { attemptList } = JSON.parse((await run('deliveries', 'show', id, '--format', 'json')).stdout)
  assert.is(attemptList.length, 2)
  assert.is((await run('deliveries', 'remove', id)).code, 0)
  assert.is((await run('deliveries', 'show', id)).code, 2)
})

test('an input file keeps its types, and texts of the command line are set over it', async () => {
  const file = join(folder, 'input.json')
  writeFileSync(file, JSON.stringify({ n: 1, list: [1, { a: '2' }], deep: { kept: true, other: 0 } }))
  const { code, stderr } = await run(
    'deliver',
    'all',
    '--input-file',
    file,
    '--input',
    'n=9',
    '--input',
    'deep.other=x',
  )
  assert.is(code, 0, stderr)
  assert.equal(JSON.parse(receiver.received.at(-1)!.body.toString()), {
    n: '9',
    list: [1, { a: '2' }],
    deep: { kept: true, other: 'x' },
  })
  writeFileSync(file, '[1]')
  const list = await run('deliver', 'all', '--input-file', file, '--input', 'n=9')
  assert.equal([list.code, /holds no mapping/.test(list.stderr)], [2, true], list.stderr)
})

test('files are told as they leave, several in one delivery, each with its length', async () => {
  const other = join(folder, 'b.bin')
  writeFileSync(other, Buffer.alloc(300_000, 7))
  const { code, stderr } = await run('deliver', 'raw', FILE, other)
  assert.is(code, 0, stderr)
  assert.match(
    stderr,
    /^sending 1\/2 a\.txt 293\.0 KiB in all\nsending 2\/2 b\.bin 293\.0 KiB in all\ndelivered /,
    stderr,
  )
  assert.equal(
    receiver.received.slice(-2).map(({ body }) => body.length),
    [6, 300_000],
  )
  const missing = await run('deliver', 'raw', join(folder, 'none'))
  assert.equal([missing.code, /none: no such file/.test(missing.stderr)], [2, true], missing.stderr)
})

test('an upload that the daemon refuses before its end: its reason, not a broken connection', async () => {
  const large = join(folder, 'large.bin')
  writeFileSync(large, Buffer.alloc(8 * 1024 * 1024))
  const refused = await run('deliver', 'raw', large)
  assert.is(refused.code, 2, refused.stderr)
  assert.match(refused.stderr, /larger than `daemon.limits.requestBody`/, refused.stderr)
})

test('an answer that is lost: handed over again with the same key, and accepted once', async () => {
  const keys: (string | undefined)[] = []
  const lossy = await listenOnLoopback(async (request, response) => {
    const { url = '', method = '', headers } = request
    const body = await readBody(request)
    if (method === 'POST') keys.push(headers['idempotency-key'] as string | undefined)
    const own = Object.entries(headers).filter(([name]) => /^(content-type|idempotency-key)$/.test(name))
    const passed = { method, headers: Object.fromEntries(own) as Record<string, string> }
    const reply = await fetch(`${daemon.api}${url}`, {
      ...passed,
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    })
    const text = await reply.text()
    if (keys.length === 1) response.destroy()
    else response.writeHead(reply.status, { 'Content-Type': 'application/json' }).end(text)
  })
  const before = receiver.received.length
  const { code, stderr } = await runProgram(['deliver', 'raw', FILE, '--daemon', lossy.url])
  await lossy.close()
  assert.is(code, 0, stderr)
  assert.equal([keys.length, new Set(keys).size, receiver.received.length - before], [2, 1, 1])
})

test('the same output, errors and exit codes with a daemon and without', async () => {
  const told = ({ code, stdout, stderr }: Ending) =>
    `${code}\n${stdout}${stderr.replace(/^sending .*\n/gm, '')}`
      // Only a daemon's delivery can be asked for.
      .replace(/ [0-9a-f-]{36}$/m, '')
      .replace(/delivery [0-9a-f-]{36} is dead/, 'not delivered')
  const both = async (...args: string[]): Promise<string> => {
    const direct = told(await runCommand(['deliver', ...args, '-c', join(folder, 'services.yaml')]))
    assert.is(told(await run('deliver', ...args)), direct, args.join(' '))
    return direct
  }
  assert.is(await both('note', '--input', 'n=7'), '0\nthanks\ndelivered\n')
  assert.is(await both('raw', FILE), '0\ndelivered\n')
  for (const [args, said] of [
    [['nott'], /^2\n.*no action `nott`; did you mean `note`/],
    [['note', '--input', 'n=x'], /^2\n.*\/n must be integer/],
    [['note', FILE], /^2\n.*sends no file/],
    [['raw'], /^2\n.*needs a file/],
    [['raw', 'none.txt'], /^2\n.*none\.txt: no such file/],
    [['note', '--param', 'tenant=x'], /^2\n/],
  ] as const)
    assert.match(await both(...args), said)
  status = 403
  assert.match(await both('note', '--input', 'n=7'), /^3\n.*not delivered: service `s` answered 403/)
  const json = async (args: string[]) => {
    const { id, action, state, attempts, lastError, response } = JSON.parse(
      (await runCommand(['deliver', 'note', '--input', 'n=7', '--format', 'json', ...args])).stdout,
    )
    return { id: typeof id, action, state, attempts, lastError, response }
  }
  const ways = [
    ['-c', join(folder, 'services.yaml')],
    ['--daemon', daemon.api],
  ]
  const [directly, handed] = [await json(ways[0]!), await json(ways[1]!)]
  assert.equal([directly, directly.state, directly.lastError.status], [handed, 'dead', 403])
  status = 200
  assert.equal(await json(ways[0]!), await json(ways[1]!))
  const dry = await run('deliver', 'note', '--dry-run', '--input', 'n=7')
  assert.equal([dry.code, /leave out --daemon/.test(dry.stderr)], [2, true])
})

test('Ctrl-C ends the waiting, and the delivery goes on; without a daemon it ends the delivery', async () => {
  const held = Promise.withResolvers<void>()
  wait = held.promise
  const interrupt = async (...args: string[]) => {
    const before = receiver.received.length
    const child = spawn(process.execPath, [MAIN, 'deliver', 'note', '--input', 'n=7', ...args], { stdio: 'pipe' })
    const said = text(child.stderr)
    const ended = once(child, 'close')
    while (receiver.received.length === before) await new Promise(resolve => setTimeout(resolve, 10))
    child.kill('SIGINT')
    return { code: (await ended)[0], said: await said }
  }
  const alone = await interrupt('-c', join(folder, 'services.yaml'))
  assert.equal([alone.code, /stopped: the request that was on its way may have arrived/.test(alone.said)], [3, true])
  const waiting = await interrupt('--daemon', daemon.api)
  assert.is(waiting.code, 3, waiting.said)
  // The second one when it is interrupted before the daemon's answer is read.
  assert.match(waiting.said, /delivery \S+ goes on in the daemon: see `bearerd deliveries show|may have accepted it/)
  const [{ id }] = JSON.parse((await run('deliveries', 'list', '--limit', '1', '--format', 'json')).stdout).deliveries
  wait = undefined
  held.resolve()
  while (!/^state +delivered$/m.test((await run('deliveries', 'show', id)).stdout));
})

test('Ctrl-C within the hand-over: it says that the daemon may have it', async () => {
  const silent = await listenOnLoopback(() => {})
  const child = spawn(process.execPath, [MAIN, 'deliver', 'raw', FILE, '--daemon', silent.url], { stdio: 'pipe' })
  const said = text(child.stderr)
  const ended = once(child, 'close')
  await once(child.stderr, 'data')
  child.kill('SIGINT')
  assert.is((await ended)[0], 3)
  assert.match(await said, /stopped: the daemon may have accepted it; see `bearerd deliveries`/)
  await silent.close()
})

test('a daemon behind a Unix socket', async () => {
  const socket = join(folder, 'api.sock')
  writeFileSync(join(folder, 'other.yaml'), 'version: 1\ndaemon: { state: { dir: other } }\n')
  const listen = { listen: `unix:${socket}`, adminListen: '127.0.0.1:0' }
  const other = await startDaemon({ paths: [join(folder, 'other.yaml')], ...listen, logLevel: 'silent' })
  try {
    const { code, stdout } = await runCommand(['deliveries', '--daemon', `unix:${socket}`])
    assert.equal([code, stdout], [0, 'no deliveries\n'])
  } finally {
    await other.stop(1000)
  }
  // As a process of its own: it has no connection from before.
  const gone = await runProgram(['deliveries', '--daemon', `unix:${socket}`])
  assert.equal([gone.code, /no daemon answers at unix:/.test(gone.stderr)], [3, true], gone.stderr)
})

test('a daemon that stops while it is waited for: what was accepted is named', async () => {
  const nowhere = await startReceiver()
  await nowhere.close()
  const services = { s: { account: { authorization: 'none' }, serverUrl: nowhere.url } }
  const note = { type: 'sendToConnectedService', authenticateWith: 's', path: '/x', content: { json: 1 } }
  const state = { dir: 'stopping' }
  writeFileSync(
    join(folder, 'stopping.yaml'),
    JSON.stringify({ version: 1, services, actions: { note }, daemon: { state } }),
  )
  const listen = { listen: '127.0.0.1:0', adminListen: '127.0.0.1:0' }
  const other = await startDaemon({ paths: [join(folder, 'stopping.yaml')], ...listen, logLevel: 'silent' })
  const handed = runProgram(['deliver', 'note', '--daemon', other.api])
  let waiting: { id: string }[] = []
  while (waiting.length === 0) {
    const answer = await fetch(`${other.api}/v1/deliveries`)
    waiting = ((await answer.json()) as { deliveries: { id: string }[] }).deliveries
  }
  await other.stop(1000)
  const { code, stderr } = await handed
  assert.is(code, 3)
  assert.match(stderr, `delivery ${waiting[0]!.id} was accepted and is not lost`)
})

test('not waited for, refused, and no daemon', async () => {
  assert.match((await run('deliver', 'note', '--no-wait', '--input', 'n=1')).stderr, /^(pending|running|delivered) /m)
  const refused = await run('deliver', 'note', '--input', 'n=x')
  assert.equal([refused.code, /\/n must be integer/.test(refused.stderr)], [2, true], refused.stderr)
  assert.is((await run('deliver', 'nott')).code, 2)
  const nobody = await runCommand(['deliveries', '--daemon', 'http://127.0.0.1:1'])
  assert.equal([nobody.code, /no daemon answers/.test(nobody.stderr)], [3, true])
})

test.run()
