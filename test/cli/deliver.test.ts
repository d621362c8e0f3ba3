// `bearerd deliver` in this process: what is sent, what is printed where, and the exit codes.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { barLine, createByteProgress } from '../../src/cli/byte-progress.ts'
import { formOf, type Receiver, startReceiver } from '../support/receiver.ts'
import { runCommand } from '../support/run-command.ts'
import { type Ending, MAIN } from '../support/run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-cli-deliver-'))
const temporary = mkdtempSync(join(tmpdir(), 'bearerd-cli-tmp-'))
let receiver: Receiver
let status = 200
let failures = 0

test.before(async () => {
  receiver = await startReceiver(() => ({
    status: failures-- > 0 ? 503 : status,
    headers: { 'Content-Type': 'application/json' },
    body: '{"ok":true}',
  }))
  const account = { authorization: 'header', header: { name: 'X-Key', value: { env: 'DELIVER_KEY' } } }
  const definition = {
    version: 1,
    services: { s: { account, serverUrl: `${receiver.url}/v1` } },
    actions: {
      put: {
        type: 'copyToHttpServer',
        authenticateWith: 's',
        method: 'PUT',
        path: '/{{input.year}}/{{file.name}}',
        content: { file: {} },
        retry: { attempts: 2 },
        input: { type: 'object', properties: { year: { type: 'integer' } }, required: ['year'] },
      },
      form: {
        type: 'copyToHttpServer',
        authenticateWith: 's',
        path: '/form',
        files: 'together',
        content: { multipart: { fields: { of: '{{input.of}}' } } },
      },
      note: {
        type: 'sendToConnectedService',
        authenticateWith: 's',
        path: '/notes',
        content: { json: { n: '{{input.n}}', deep: '{{input.deep}}' } },
        keepResponse: {},
      },
    },
  }
  writeFileSync(join(folder, 'services.yaml'), JSON.stringify(definition))
  writeFileSync(join(folder, 'a.txt'), 'text a')
  writeFileSync(join(folder, 'b.txt'), 'text b')
  writeFileSync(join(folder, 'input.json'), '{"n":5,"deep":{"x":[1]}}')
})
test.before.each(() => {
  status = 200
  receiver.received.length = 0
})
test.after(async () => {
  await receiver.close()
  rmSync(folder, { recursive: true })
  rmSync(temporary, { recursive: true })
})

const run = (args: string[], input = ''): Promise<Ending> =>
  runCommand(['deliver', ...args], { cwd: folder, env: { DELIVER_KEY: 'fake-deliver-key', TMPDIR: temporary }, input })

test('files by a glob of our own, input as text', async () => {
  const { code, stdout, stderr } = await run(['put', '--input', 'year=2026', '?.txt'])
  assert.equal([code, stdout], [0, ''])
  assert.equal(
    receiver.received.map(({ path, body }) => `${path} ${body}`),
    ['/v1/2026/a.txt text a', '/v1/2026/b.txt text b'],
  )
  assert.is(receiver.received[0]!.headers['x-key'], 'fake-deliver-key')
  assert.match(stderr, /^sending 1\/2 a\.txt 12 B in all\nsending 2\/2 b\.txt 12 B in all\ndelivered\n$/)
})

test('standard input with a name; the temporary file is gone', async () => {
  const { code } = await run(['form', '--name', 'in.csv', '--input', 'of=x', '-', 'a.txt'], 'a;b')
  assert.is(code, 0)
  const form = await formOf(receiver.received[0]!)
  const files = form.getAll('file') as File[]
  assert.equal(
    files.map(({ name, type }) => [name, type]),
    [
      ['in.csv', 'text/csv'],
      ['a.txt', 'text/plain'],
    ],
  )
  assert.is(await files[0]!.text(), 'a;b')
  assert.is(form.get('of'), 'x')
  assert.equal(
    readdirSync(temporary).filter(name => name.startsWith('bearerd-')),
    [],
  )
})

test('input from a file keeps its types; the kept answer is printed; JSON tells all', async () => {
  const { code, stdout } = await run(['note', '--input-file', 'input.json'])
  assert.equal([code, stdout], [0, '{"ok":true}\n'])
  assert.equal(JSON.parse(receiver.received[0]!.body.toString()), { n: 5, deep: { x: [1] } })
  const told = JSON.parse(
    (await run(['note', '--input-file', 'input.json', '--input', 'deep.y=z', '--format', 'json'])).stdout,
  )
  assert.equal(JSON.parse(receiver.received[1]!.body.toString()).deep, { x: [1], y: 'z' })
  assert.equal(
    [told.action, told.state, told.requests[0].status, told.requests[0].response.body],
    ['note', 'delivered', 200, '{"ok":true}'],
  )
})

test('--dry-run shows the request, sends nothing and shows no secret', async () => {
  const { code, stdout } = await run(['put', '--dry-run', '--input', 'year=2026', 'a.txt'])
  assert.is(code, 0)
  assert.is(receiver.received.length, 0)
  const lines = ['PUT http', '/v1/2026/a.txt', 'Content-Type: text/plain', 'x-key: [secret]', '(6 bytes of a.txt)']
  for (const line of lines) assert.ok(stdout.includes(line), stdout)
  assert.not.match(stdout, /fake-deliver-key/)
})

test('exit codes: 3 refused, 2 for what does not fit', async () => {
  status = 403
  const refused = await run(['put', '--input', 'year=1', 'a.txt'])
  assert.is(refused.code, 3)
  assert.match(refused.stderr, /not delivered: service `s` answered 403/)
  for (const [args, said] of [
    [['put', '--input', 'year=x', 'a.txt'], /\/year must be integer/],
    [['put', '--input', 'year=1', 'missing.txt'], /missing\.txt: no such file/],
    [['put', '--input', 'year=1', '*.none'], /no file matches/],
    [['put', '--input', 'year=1'], /needs a file/],
    [['put', '--input', 'year', 'a.txt'], /NAME=VALUE/],
    [['form', '--name', 'x', 'a.txt'], /--name/],
    [['putt', 'a.txt'], /no action `putt`; did you mean `put`\?/],
    [['note', '--input-file', 'a.txt'], /is not JSON/],
  ] as const) {
    const { code, stderr } = await run([...args])
    assert.equal([code, said.test(stderr)], [2, true], stderr)
  }
})

test('an attempt that failed is told with the next one', async () => {
  failures = 1
  const { code, stderr } = await run(['put', '--input', 'year=1', 'a.txt'])
  assert.is(code, 0)
  const [first, failed, again, end] = stderr.split('\n')
  assert.equal([first, again, end], ['sending a.txt 6 B', 'sending a.txt attempt 2 6 B', 'delivered at attempt 2'])
  assert.is(failed, 'attempt 1 of 2 failed: service `s` answered 503; next in 1s')
})

test('on a terminal, a failed attempt is a line that stays, above the bar', () => {
  const written: string[] = []
  const bar = createByteProgress({ isTTY: true, write: text => written.push(text) }, () => 5)
  const step = { request: 2, requests: 2, attempt: 1, attempts: 3, file: 'a.txt', sentBytes: 1, totalBytes: 4 }
  bar.report({ ...step, failed: { code: 'delivery_refused', message: 'answered 503', nextMs: 61_000 } })
  bar.clear()
  assert.equal(written, ['\r\x1b[2K2/2 a.txt: attempt 1 of 3 failed: answered 503; next in 1m01s\n'])
})

const hasScript = spawnSync('script', ['--version']).status === 0
if (!hasScript && process.env.CI === 'true')
  throw new Error('the program `script` is missing: apt-get install bsdutils')
if (!hasScript) console.error('SKIPPED: the bar on a terminal: the program `script` is missing')

if (hasScript)
  test('the bar on a terminal: rewritten in its place, and gone before the end is told', async () => {
    const command = [process.execPath, MAIN, 'deliver', 'put', '--input', 'year=1', 'a.txt'].join(' ')
    const { TERM: _, NO_COLOR: _no, ...rest } = process.env
    const env = { ...rest, TERM: 'xterm', DELIVER_KEY: 'fake-deliver-key' }
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const closed = once(child, 'close') as Promise<[number | null]>
    const shown = await text(child.stdout)
    assert.is((await closed)[0], 0, shown)
    assert.match(shown, /^\r\x1b\[2K\[\.{24}\] a\.txt 0 B of 6 B/)
    assert.match(shown, /\r\x1b\[2K\[#{24}\] a\.txt 6 B of 6 B, .*\/s, 0s left\r\x1b\[2Kdelivered\r\n$/)
    assert.is(shown.split('\n').length, 2)
  })

test('the bar: bytes, speed and the time that is left', () => {
  const progress = {
    request: 1,
    requests: 2,
    attempt: 1,
    attempts: 3,
    file: 'a\x1b.txt',
    sentBytes: 1024 * 1024,
    totalBytes: 4 * 1024 * 1024,
  }
  const line = barLine(progress, 1000)
  assert.match(line, /^\[#{6}\.{18}\] 1\/2 a.*\.txt 1 MiB of 4 MiB, 1 MiB\/s, 3s left$/)
  assert.not.match(line, /\x1b/)
  const written: string[] = []
  const bar = createByteProgress({ isTTY: true, write: text => written.push(text) }, () => 5)
  bar.report(progress)
  bar.clear()
  assert.is(written.length, 2)
})

test.run()
