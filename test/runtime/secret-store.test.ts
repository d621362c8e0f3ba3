// Where secrets come from, and that what goes wrong there names the reference and never the content.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { Secret } from '../../src/base/secret.ts'
import type { SecretReference } from '../../src/config/model/model.ts'
import { createSecretStore } from '../../src/runtime/secrets/secret-store.ts'
import { observeStore } from '../../src/runtime/secrets/values.ts'

const FOLDER = mkdtempSync(join(tmpdir(), 'bearerd-secrets-'))
const HUSH = 'fake-hush-hush'

test.after(() => rmSync(FOLDER, { recursive: true }))

function storeWith(environment: NodeJS.ProcessEnv = {}) {
  return createSecretStore({ environment, accountBearer: async ({ account }) => new Secret(`bearer of ${account}`) })
}

async function read(reference: SecretReference, environment?: NodeJS.ProcessEnv): Promise<string> {
  return (await storeWith(environment).read(reference)).reveal()
}

async function failure(reference: SecretReference, environment?: NodeJS.ProcessEnv): Promise<AppError> {
  const error = await storeWith(environment)
    .read(reference)
    .then(
      () => undefined,
      thrown => thrown,
    )
  assert.instance(error, AppError)
  assert.is(error.code, 'secret_unavailable')
  assert.is(error.details.transient, true)
  assert.is(error.cause, undefined)
  assert.not.match(inspect(error, { depth: 10 }), HUSH)
  return error
}

function file(name: string, content: string | Buffer): SecretReference {
  const path = join(FOLDER, name)
  writeFileSync(path, content)
  return { kind: 'file', path }
}

const program = (script: string, ...more: string[]): SecretReference => ({
  kind: 'exec',
  command: [process.execPath, '-e', script, ...more],
  directory: FOLDER,
})

test('env: the value as it is, also empty and with a newline', async () => {
  for (const text of ['x', '', ' a\n', 'é€']) assert.is(await read({ kind: 'env', name: 'V' }, { V: text }), text)
})

test('a file that others can read is told once, and read', async () => {
  const told: string[] = []
  const store = createSecretStore({
    environment: {},
    accountBearer: () => Promise.reject(new Error('none')),
    onSharedFile: path => told.push(path),
  })
  const [open, closed] = [file('open', HUSH), file('closed', HUSH)] as { kind: 'file'; path: string }[]
  chmodSync(open!.path, 0o640)
  chmodSync(closed!.path, 0o600)
  for (const reference of [open!, open!, closed!]) assert.is((await store.read(reference)).reveal(), HUSH)
  assert.equal(told, [open!.path])
})

test('env: not set', async () => {
  const { message } = await failure({ kind: 'env', name: 'NAME' }, { OTHER: HUSH })
  assert.is(message, 'secret from env NAME: the environment variable is not set')
})

for (const [content, text] of [
  ['x', 'x'],
  ['x\n', 'x'],
  ['x\r\n', 'x'],
  ['x\n\n', 'x\n'],
  ['x\r\n\r\n', 'x\r\n'],
  ['\nx', '\nx'],
  [' x ', ' x '],
  ['x\r', 'x\r'],
  ['', ''],
  ['\n', ''],
  ['é€\n', 'é€'],
] as const) {
  test(`file ${JSON.stringify(content)} and output of a program are ${JSON.stringify(text)}`, async () => {
    assert.is(await read(file('secret', content)), text)
    assert.is(await read(program('process.stdout.write(process.argv[1])', '--', content)), text)
  })
}

test('file: read anew each time', async () => {
  const store = storeWith()
  const reference = file('rotating', 'one')
  assert.is((await store.read(reference)).reveal(), 'one')
  file('rotating', 'two')
  assert.is((await store.read(reference)).reveal(), 'two')
})

test('file: missing, a folder, unreadable, too large', async () => {
  const path = join(FOLDER, 'missing')
  assert.is((await failure({ kind: 'file', path })).message, `secret from file ${path}: no such file`)
  assert.match((await failure({ kind: 'file', path: FOLDER })).message, 'this is a folder')
  assert.match((await failure(file('large', HUSH.repeat(100_000)))).message, 'larger than 1 MiB')
  if (process.getuid?.() === 0) return
  const closed = file('closed', HUSH)
  chmodSync(join(FOLDER, 'closed'), 0)
  assert.match((await failure(closed)).message, 'permission denied')
})

test('exec: no shell, its own folder, standard error ignored', async () => {
  assert.is(await read(program('process.stdout.write(process.argv[1])', '--', '$HOME; `id` "')), '$HOME; `id` "')
  assert.is(await read(program('console.error("noise"); console.log(process.cwd())')), FOLDER)
})

test('exec: an exit code is named, output is not', async () => {
  const { message } = await failure(program(`console.log('${HUSH}'); console.error('${HUSH}'); process.exitCode = 3`))
  assert.is(message, `secret from exec ${process.execPath}: the program ended with exit code 3`)
})

test('exec: a missing program, one that is killed, and too much output', async () => {
  const missing = await failure({ kind: 'exec', command: ['/nonexistent/prog', HUSH], directory: FOLDER })
  assert.is(missing.message, 'secret from exec /nonexistent/prog: no such program')
  assert.match((await failure(program('process.kill(process.pid, "SIGTERM")'))).message, 'the program failed')
  assert.match((await failure(program(`console.log('${HUSH}'.repeat(200000))`))).message, 'larger than 1 MiB')
})

test('exec: a program that reads its input finds the end of it', async () => {
  assert.is(await read(program('process.stdin.on("data", () => {}).on("end", () => console.log("end"))')), 'end')
})

test('exec: what a program that fails has started ends with it', async () => {
  const pidFile = join(FOLDER, 'child.pid')
  const script = `const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
    require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(child.pid))
    process.stdout.write('x'.repeat(2 ** 21))`
  assert.match((await failure(program(script))).message, 'larger than 1 MiB')
  const pid = Number(readFileSync(pidFile, 'utf8'))
  const isAlive = () => {
    const state = readFileSync(`/proc/${pid}/stat`, { encoding: 'utf8', flag: 'r' }).split(') ')[1]
    return state?.[0] !== 'Z'
  }
  const giveUpAtMs = performance.now() + 60_000
  for (;;) {
    try {
      if (!isAlive()) break
    } catch {
      break
    }
    assert.ok(performance.now() < giveUpAtMs, 'it has ended')
    await new Promise(setImmediate)
  }
})

test('file: neither a pipe, which nobody may ever write to, nor a device without an end', async () => {
  const pipe = join(FOLDER, 'pipe')
  execFileSync('mkfifo', [pipe])
  for (const path of [pipe, '/dev/zero', '/dev/null'])
    assert.match((await failure({ kind: 'file', path })).message, 'this is no regular file')
})

test('systemd: a file of the credentials folder', async () => {
  const directory = join(FOLDER, 'credentials')
  mkdirSync(directory)
  writeFileSync(join(directory, 'db'), 'x\n')
  const environment = { CREDENTIALS_DIRECTORY: directory }
  assert.is(await read({ kind: 'systemd', name: 'db' }, environment), 'x')
  assert.is(
    (await failure({ kind: 'systemd', name: 'other' }, environment)).message,
    'secret from systemd other: no such file',
  )
  assert.match((await failure({ kind: 'systemd', name: 'db' })).message, '$CREDENTIALS_DIRECTORY is not set')
})

test('account and literal', async () => {
  assert.is(await read({ kind: 'account', account: 'crm' }), 'bearer of crm')
  assert.is(await read({ kind: 'literal', secret: new Secret(HUSH) }), HUSH)
})

test('a secret never prints', async () => {
  const secret = await storeWith({ V: HUSH }).read({ kind: 'env', name: 'V' })
  for (const text of [String(secret), JSON.stringify({ secret }), inspect({ secret }), `${secret}`]) {
    assert.not.match(text, HUSH)
  }
})

test('an observed store notices a changed file once it was read, and keeps no secret', async () => {
  const store = observeStore(storeWith({ V: 'x' }))
  const reference = file('observed', HUSH)
  const env: SecretReference = { kind: 'env', name: 'V' }
  assert.is(await store.changed([reference]), false, 'nothing was read yet')
  await store.read(reference)
  await store.read(env)
  assert.is(await store.changed([reference, env]), false)
  file('observed', `${HUSH}\n`)
  assert.is(await store.changed([reference]), false, 'the same content')
  file('observed', `${HUSH}2`)
  assert.is(await store.changed([reference]), true)
  await store.read(reference)
  assert.is(await store.changed([reference]), false)
  rmSync(join(FOLDER, 'observed'))
  assert.is(await store.changed([reference]), false, 'a missing file is no change')
  await store.read(reference).catch(() => undefined)
  file('observed', HUSH)
  assert.is(await store.changed([reference]), true, 'readable again')
  assert.not.match(inspect([...store.seen]), HUSH)
})

test('an observed store that takes over another one notices what that one would', async () => {
  const reference = file('adopted', 'one')
  const [old, next] = [observeStore(storeWith()), observeStore(storeWith())]
  await old.read(reference)
  next.adopt(old)
  file('adopted', 'two')
  assert.is(await next.changed([reference]), true)
})

test('a check during the first reading asks for no second one', async () => {
  let open = () => {}
  const slow = {
    async read() {
      await new Promise<void>(resolve => {
        open = resolve
      })
      return new Secret('x')
    },
  }
  const store = observeStore(slow)
  const reference: SecretReference = { kind: 'file', path: '/slow' }
  const reading = store.read(reference)
  assert.is(await store.changed([reference]), false)
  open()
  await reading
})

test.run()
