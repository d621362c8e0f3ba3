// `bearerd deliver --daemon` and `bearerd deliveries` against a daemon.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import { formOf, type Receiver, startReceiver } from '../support/receiver.ts'
import { runProgram } from '../support/run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-cli-daemon-'))
const FILE = join(folder, 'a.txt')
let receiver: Receiver
let daemon: Daemon
let status = 200

test.before(async () => {
  receiver = await startReceiver(() => ({ status, body: 'thanks' }))
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
  const services = { s: { account: { authorization: 'none' }, serverUrl: receiver.url } }
  writeFileSync(FILE, 'text a')
  writeFileSync(
    join(folder, 'services.yaml'),
    JSON.stringify({ version: 1, services, actions, daemon: { state: { dir: 'state' } } }),
  )
  const listen = { listen: '127.0.0.1:0', adminListen: '127.0.0.1:0' }
  daemon = await startDaemon({ paths: [join(folder, 'services.yaml')], ...listen, logLevel: 'silent' })
})
test.after(async () => {
  await daemon.stop(1000)
  await receiver.close()
  rmSync(folder, { recursive: true })
})

const run = (...args: string[]) => runProgram([...args, '--daemon', daemon.api])

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
  while (JSON.parse((await run('deliveries', 'show', id)).stdout).state !== 'delivered');
  assert.is((await run('deliveries', 'remove', id)).code, 0)
  assert.is((await run('deliveries', 'show', id)).code, 2)
})

test('not waited for, refused, and no daemon', async () => {
  assert.match((await run('deliver', 'note', '--no-wait', '--input', 'n=1')).stderr, /^(pending|running|delivered) /m)
  const refused = await run('deliver', 'note', '--input', 'n=x')
  assert.equal([refused.code, /\/n must be integer/.test(refused.stderr)], [2, true], refused.stderr)
  assert.is((await run('deliver', 'nott')).code, 2)
  const nobody = await runProgram(['deliveries', '--daemon', 'http://127.0.0.1:1'])
  assert.equal([nobody.code, /no daemon answers/.test(nobody.stderr)], [3, true])
})

test.run()
