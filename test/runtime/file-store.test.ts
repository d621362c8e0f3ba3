// Refresh tokens on disk: private, whole, found again by the next process, and never in the way of a token.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import type { Log } from '../../src/base/log.ts'
import { Secret } from '../../src/base/secret.ts'
import { createExecutor } from '../../src/index.ts'
import { holdFolder, waitForFile } from '../../src/runtime/state/file-hold.ts'
import { createFileStore } from '../../src/runtime/state/file-store.ts'
import { json, startTokenEndpoint, token } from '../support/hostile-token-endpoint.ts'

const folders: string[] = []
test.after.each(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true })
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bearerd-state-'))
  folders.push(path)
  return path
}

function listening() {
  const lines: string[] = []
  const say = (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`)
  const log: Log = { debug: say, info: say, warn: say, error: say }
  return { log, lines }
}

const FAMILY = new Secret('["https://id.example/token","ada","fake-password"]')
const OTHER = new Secret('["https://id.example/token","eve","fake-password"]')
const text = (secret: Secret | undefined) => secret?.reveal()

test('kept, found by the next process, replaced, and dropped', async () => {
  const [directory, { log, lines }] = [join(folder(), 'deep', 'state'), listening()]
  const store = createFileStore(directory, log)
  assert.is(await store.refreshToken(FAMILY), undefined)
  await store.keep(FAMILY, new Secret('fake-one'))
  await store.keep(OTHER, new Secret('fake-other'))
  await store.keep(FAMILY, new Secret('fake-two'))
  const next = createFileStore(directory, log)
  assert.is(text(await next.refreshToken(FAMILY)), 'fake-two')
  await next.drop(FAMILY, new Secret('fake-one'))
  assert.is(text(await next.refreshToken(FAMILY)), 'fake-two', 'only this very token is dropped')
  await next.drop(FAMILY, new Secret('fake-two'))
  assert.is(await store.refreshToken(FAMILY), undefined, 'files are read anew')
  assert.is(text(await store.refreshToken(OTHER)), 'fake-other')
  assert.equal(lines, [])
})

test('for the owner only, and names say nothing', async () => {
  const directory = folder()
  chmodSync(directory, 0o755)
  const store = createFileStore(directory, listening().log)
  await store.keep(FAMILY, new Secret('fake-one'))
  const inside = join(directory, 'refresh-tokens')
  const mode = (path: string) => statSync(path).mode & 0o777
  assert.is(mode(inside), 0o700)
  const names = readdirSync(inside)
  assert.is(names.length, 2, 'the key and one token, nothing beside')
  for (const name of names) assert.is(mode(join(inside, name)), 0o600)
  assert.not.match(names.join(), /ada|fake|example/)
  const elsewhere = createFileStore(folder(), listening().log)
  await elsewhere.keep(FAMILY, new Secret('fake-one'))
  const other = readdirSync(join(folders.at(-1)!, 'refresh-tokens'))
  assert.is(names.filter(name => name !== 'key' && other.includes(name)).length, 0, 'each folder has a key of its own')
})

test('a folder that was there already is made private', () => {
  const directory = folder()
  mkdirSync(join(directory, 'refresh-tokens'), { mode: 0o755 })
  createFileStore(directory, listening().log)
  assert.is(statSync(join(directory, 'refresh-tokens')).mode & 0o777, 0o700)
})

for (const [name, content] of Object.entries({
  'cut in the middle': '{"refreshToken":"fa',
  empty: '',
  'another shape': '{"refreshToken":7}',
  'an empty token': '{"refreshToken":""}',
})) {
  test(`a file that is ${name} is no token, and is said without its content`, async () => {
    const [directory, { log, lines }] = [folder(), listening()]
    const store = createFileStore(directory, log)
    await store.keep(FAMILY, new Secret('fake-one'))
    const inside = join(directory, 'refresh-tokens')
    const file = readdirSync(inside).find(entry => entry !== 'key')!
    writeFileSync(join(inside, file), content)
    assert.is(await store.refreshToken(FAMILY), undefined)
    assert.is(lines.length, 1)
    assert.not.match(lines[0]!, 'fa"')
    await store.keep(FAMILY, new Secret('fake-two'))
    assert.is(text(await store.refreshToken(FAMILY)), 'fake-two')
  })
}

test('a folder that is gone while it runs: said, kept in memory, and written again when it can be', async () => {
  const [directory, { log, lines }] = [folder(), listening()]
  const store = createFileStore(directory, log)
  const inside = join(directory, 'refresh-tokens')
  rmSync(inside, { recursive: true })
  await store.keep(FAMILY, new Secret('fake-one'))
  assert.is(text(await store.refreshToken(FAMILY)), 'fake-one')
  assert.match(lines.join(), 'cannot be written')
  assert.not.match(lines.join(), 'fake-one')
  mkdirSync(inside, { mode: 0o700 })
  await store.keep(FAMILY, new Secret('fake-two'))
  assert.is(text(await store.refreshToken(FAMILY)), 'fake-two')
  assert.is(readdirSync(inside).length, 1)
  await store.drop(FAMILY, new Secret('fake-two'))
  assert.is(await store.refreshToken(FAMILY), undefined)
})

test('what cannot be a state folder is refused at once', () => {
  const directory = folder()
  writeFileSync(join(directory, 'file'), '')
  mkdirSync(join(directory, 'used', 'refresh-tokens'), { recursive: true })
  writeFileSync(join(directory, 'used', 'refresh-tokens', 'key'), 'not a key')
  for (const name of ['file', 'used']) {
    try {
      createFileStore(join(directory, name), listening().log)
      assert.unreachable()
    } catch (error) {
      assert.instance(error, AppError)
      assert.is((error as AppError).code, 'state_unavailable')
    }
  }
  assert.is(readFileSync(join(directory, 'used', 'refresh-tokens', 'key'), 'utf8'), 'not a key')
})

test('many at once: each file is whole, the last one counts', async () => {
  const directory = folder()
  const store = createFileStore(directory, listening().log)
  await Promise.all(Array.from({ length: 50 }, (_, index) => store.keep(FAMILY, new Secret(`fake-${index}`))))
  assert.is(text(await store.refreshToken(FAMILY)), 'fake-49')
  assert.ok(existsSync(join(directory, 'refresh-tokens', 'key')))
  assert.is(readdirSync(join(directory, 'refresh-tokens')).length, 2)
})

test('a second process with the same folder says so; one after the other do not, nor does a command', async () => {
  const directory = folder()
  const service = { account: { authorization: 'none' }, serverUrl: 'https://x.example' }
  const definitions = { version: 1, daemon: { state: { dir: 'state' } }, services: { s: service } }
  writeFileSync(join(directory, 'services.yaml'), JSON.stringify(definitions))
  const warnings = async (work: () => Promise<void> = async () => {}, shortRun = false) => {
    const { log, lines } = listening()
    await using executor = createExecutor({ directory, log, shortRun })
    await executor.load('services.yaml')
    await executor.reload()
    await work()
    return lines.filter(line => line.includes('another process uses the state folder'))
  }
  let beside: string[] = []
  let command: string[] = []
  const first = await warnings(async () => {
    beside = await warnings()
    command = await warnings(undefined, true)
  })
  assert.equal([first, command, await warnings()], [[], [], []])
  assert.is(beside.length, 1)
  assert.match(beside[0]!, /give each daemon a folder of its own/)
})

test('processes with one folder use up each refresh token once: a family with reuse detection lives on', async () => {
  let last = 0
  let alive = true
  const endpoint = await startTokenEndpoint(async ({ body }) => {
    const form = new URLSearchParams(body)
    if (form.get('grant_type') === 'refresh_token') {
      alive &&= form.get('refresh_token') === `fake-r${last}`
      if (!alive) return json(400, { error: 'invalid_grant' })
    }
    const refresh_token = `fake-r${++last}`
    // Whoever asks meanwhile would have the token of before.
    await new Promise(resolve => setTimeout(resolve, 15))
    return token(`t${last}`, { refresh_token })
  })
  const directory = folder()
  const account = {
    grant: 'password',
    username: 'ada',
    password: 'fake',
    clientId: 'app',
    clientSecret: 'fake',
    scope: [],
  }
  const s = { account: { ...account, accessTokenUri: endpoint.url }, serverUrl: 'https://x.example' }
  writeFileSync(
    join(directory, 'services.yaml'),
    JSON.stringify({ version: 1, daemon: { state: { dir: 'state' } }, services: { s } }),
  )
  const executors = [createExecutor({ directory }), createExecutor({ directory }), createExecutor({ directory })]
  for (const executor of executors) await executor.load('services.yaml')
  for (let round = 0; round < 4; round++) {
    for (const executor of executors) executor.forget('s')
    await Promise.all(executors.map(executor => executor.authorize('s')))
  }
  for (const executor of executors) await executor[Symbol.asyncDispose]()
  await endpoint.close()
  const grants = endpoint.requests.map(({ body }) => new URLSearchParams(body).get('grant_type'))
  assert.equal(grants, ['password', ...Array.from({ length: 11 }, () => 'refresh_token')])
  assert.ok(alive)
})

const COUNTING = `
import { readFileSync, writeFileSync } from 'node:fs'
const { waitForFile } = await import(process.argv[1])
const [, , path, counter] = process.argv
for (let n = 0; n < 100; n++) {
  const release = await waitForFile(path, 60_000)
  const count = Number(readFileSync(counter, 'utf8'))
  await new Promise(setImmediate)
  writeFileSync(counter, String(count + 1))
  release()
}
`

test('one process at a time, and no file is left of what nobody holds', async () => {
  const directory = folder()
  const [path, counter] = [join(directory, 'held'), join(directory, 'counter')]
  writeFileSync(counter, '0')
  const module = join(import.meta.dirname, '../../src/runtime/state/file-hold.ts')
  const counting = [1, 2, 3].map(() =>
    spawn(process.execPath, ['--input-type=module', '-e', COUNTING, module, path, counter], { stdio: 'inherit' }),
  )
  const codes = await Promise.all(counting.map(child => once(child, 'exit')))
  assert.equal(
    codes.map(([code]) => code),
    [0, 0, 0],
  )
  assert.is(readFileSync(counter, 'utf8'), '300')
  assert.equal(readdirSync(directory), ['counter'])
  const store = createFileStore(directory, listening().log)
  const release = await store.hold(FAMILY, 1_000)
  assert.is(readdirSync(join(directory, 'locks')).length, 1)
  assert.is(await store.hold(FAMILY, 0), undefined)
  release?.()
  release?.()
  assert.equal(readdirSync(join(directory, 'locks')), [])
})

test('a file that goes while it is looked at is no lock: who got that one looks again', async () => {
  const directory = folder()
  const path = join(directory, 'held')
  const before = await waitForFile(path, 0)
  const look = fs.statSync
  let looks = 0
  fs.statSync = ((...args: Parameters<typeof look>) => {
    if (++looks === 1) before?.()
    return look(...args)
  }) as typeof look
  syncBuiltinESMExports()
  try {
    const release = await waitForFile(path, 60_000)
    assert.ok(release)
    assert.is(await waitForFile(path, 0), undefined)
    release()
  } finally {
    fs.statSync = look
    syncBuiltinESMExports()
  }
  assert.equal(readdirSync(directory), [], 'it knew which file it held, and removed it')
})

test('a lock that cannot be removed is released all the same, and none that can be taken is in no way of a token', async () => {
  const directory = folder()
  const locks = join(directory, 'locks')
  const store = createFileStore(directory, listening().log)
  // Even for root nothing below it can be seen, made or removed.
  const away = () => {
    renameSync(locks, `${locks}-away`)
    symlinkSync(locks, locks)
  }
  const back = () => {
    rmSync(locks)
    renameSync(`${locks}-away`, locks)
  }
  const release = await store.hold(FAMILY, 1_000)
  away()
  release?.()
  const unlocked = await store.hold(FAMILY, 1_000)
  unlocked?.()
  back()
  const again = await store.hold(FAMILY, 1_000)
  assert.ok(release && unlocked && again, 'not held for good')
  release()
  assert.is(readdirSync(locks).length, 1, 'who is done removes nothing of the next one')
  again()
})

test('the hold of a process that is killed is gone', async () => {
  const directory = folder()
  const module = join(import.meta.dirname, '../../src/runtime/state/file-hold.ts')
  const script = `const { holdFolder } = await import(${JSON.stringify(module)}); globalThis.held = await holdFolder(${JSON.stringify(directory)}); console.log(typeof held); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [line] = await once(child.stdout, 'data')
  assert.is(String(line).trim(), 'function')
  assert.is(await holdFolder(directory), undefined)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const release = await holdFolder(directory)
  assert.type(release, 'function')
  release?.()
})

test.run()
