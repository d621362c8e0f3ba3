// The program as a process: exit codes, what goes to which stream, every flag, the daemon under signals, and the demo.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createExecutor } from '../../src/index.ts'
import { OAUTH2_CLIENT, type StartedOAuth2Server, startOAuth2Server } from '../support/oauth2-server.ts'
import { type ProtectedApi, startProtectedApi } from '../support/protected-api.ts'
import { runCommand } from '../support/run-command.ts'
import { type Ending, type RunOptions, runProgram } from '../support/run-program.ts'

const ROOT = process.cwd()
const MAIN = join(ROOT, 'src/cli/main.ts')
const folder = mkdtempSync(join(tmpdir(), 'bearerd-cli-'))
const path = (name: string): string => join(folder, name)
const running = new Set<ChildProcess>()
let auth: StartedOAuth2Server
let api: ProtectedApi

const WARNED = `version: 1
accounts:
  key: { authorization: header, header: { name: X-Key, value: literal-value } }
services:
  a: { account: key, serverUrl: 'https://api.example' }
`
const BROKEN = 'version: 1\nservices:\n  a: { acount: b, serverUrl: https://api.example }\n'

test.before(async () => {
  auth = await startOAuth2Server()
  api = await startProtectedApi({ check: auth.isActive })
  const account = { accessTokenUri: auth.tokenUrl, clientId: OAUTH2_CLIENT.id, scope: [] }
  const configuration = {
    version: 1,
    accounts: {
      machine: { ...account, clientSecret: { env: 'TEST_SECRET' } },
      wrong: { ...account, clientSecret: { env: 'TEST_WRONG' } },
      key: { authorization: 'header', header: { name: 'X-Key', value: { env: 'TEST_SECRET' } } },
    },
    services: {
      orders: { account: 'machine', serverUrl: `${api.url}/shop` },
      root: { account: 'machine', serverUrl: api.url },
      refused: { account: 'wrong', serverUrl: api.url },
      keyed: { account: 'key', serverUrl: api.url },
      own: { account: 'machine', serverUrl: api.url, inject: { name: 'X-Token', prefix: 'Own ' } },
    },
  }
  writeFileSync(path('services.yaml'), JSON.stringify(configuration))
  writeFileSync(path('warned.yaml'), WARNED)
  writeFileSync(path('broken.yaml'), BROKEN)
  mkdirSync(path('no-yaml'))
  mkdirSync(path('empty'))
  mkdirSync(path('folder/services.d'), { recursive: true })
  writeFileSync(path('folder/services.d/a.yaml'), WARNED)
})

test.after(async () => {
  for (const child of running) child.kill('SIGKILL')
  for (const server of [auth, api]) await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const SECRETS = { TEST_SECRET: OAUTH2_CLIENT.secret, TEST_WRONG: 'not-the-secret' }

function start(args: readonly string[], { cwd = folder, env = {} }: RunOptions = {}): ChildProcess {
  const { NO_COLOR, FORCE_COLOR, BEARERD_CONFIG, ...rest } = process.env
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...rest, ...SECRETS, ...env } })
  running.add(child.once('close', () => running.delete(child)))
  return child
}

const run = (args: readonly string[], { env = {}, ...options }: RunOptions = {}): Promise<Ending> =>
  runCommand(args, { cwd: folder, env: { ...SECRETS, ...env }, ...options })

async function assertRun(code: number, args: readonly string[], options?: RunOptions): Promise<Ending> {
  return assertEnding(code, args, await run(args, options))
}

/** As a process of its own. */
async function assertProgram(code: number, args: readonly string[]): Promise<Ending> {
  return assertEnding(code, args, await runProgram(args, { cwd: folder, env: SECRETS }))
}

function assertEnding(code: number, args: readonly string[], ending: Ending): Ending {
  assert.is(ending.code, code, `${args.join(' ')}\n${ending.stdout}${ending.stderr}`)
  assert.not.match(ending.stderr, /internal error|^ {4}at /m)
  return ending
}

const ESCAPE = /[\u001b\u009b]/

test('validate: human form, talk on stderr, no escape codes without a terminal', async () => {
  const { stdout, stderr } = await assertRun(1, ['validate', 'broken.yaml'])
  assert.match(stdout, /^broken\.yaml:3:8: error: .*acount.* \[schema\/unknown-key\]\n/)
  assert.match(stdout, /\n.*\^/)
  assert.match(stdout, /did you mean/i)
  assert.match(stderr, /1 file: \d+ errors?/)
  assert.not.match(stdout + stderr, ESCAPE)
})

test('a process ends and says as the tests of commands see it', async () => {
  for (const args of [['validate', 'broken.yaml'], ['token', 'order'], ['validate', '--nonsense'], ['schema']])
    assert.equal(await runProgram(args, { cwd: folder, env: SECRETS }), await run(args), args.join(' '))
})

test('validate: warnings are exit 0, with --strict 1, with --quiet nothing', async () => {
  assert.match(
    (await assertRun(0, ['validate', 'warned.yaml'])).stdout,
    /^warned\.yaml:3:\d+: warning: .*\[secrets\/literal\]/,
  )
  assert.match((await assertRun(1, ['validate', '--strict', 'warned.yaml'])).stdout, /error: .*\[secrets\/literal\]/)
  const quiet = await assertRun(0, ['validate', '--quiet', 'warned.yaml'])
  assert.equal([quiet.stdout, quiet.stderr], ['', ''])
})

test('validate --format concise: first lines only', async () => {
  const { stdout } = await assertRun(1, ['validate', '--format', 'concise', 'broken.yaml'])
  for (const line of stdout.trimEnd().split('\n'))
    assert.match(line, /^broken\.yaml:\d+:\d+: (error|warning): .* \[[a-z]+\/[a-z-]+\]$/)
})

test('validate --format json: the document, and nothing else', async () => {
  const { stdout, stderr } = await assertRun(1, ['validate', '--format', 'json', 'broken.yaml', 'warned.yaml'])
  const report = JSON.parse(stdout)
  assert.is(report.version, 1)
  assert.is(report.summary.files, 2)
  assert.ok(report.summary.errors > 0 && report.summary.warnings > 0)
  for (const { code, severity, message, file, range } of report.diagnostics) {
    for (const member of [code, severity, message, file]) assert.type(member, 'string')
    for (const number of [range.start.line, range.start.column, range.end.line, range.end.column])
      assert.ok(number >= 1)
  }
  assert.is(stderr, '')
  const fine = JSON.parse((await assertRun(0, ['validate', '--format', 'json', 'services.yaml'])).stdout)
  assert.equal(fine, { version: 1, diagnostics: [], summary: { files: 1, errors: 0, warnings: 0 } })
})

test('validate reads standard input under the name that it is given', async () => {
  const args = ['validate', '-', '--stdin-filename', 'editor.yaml', '--format', 'concise']
  assert.match((await assertRun(1, args, { input: BROKEN })).stdout, /^editor\.yaml:3:8: error/)
  await assertRun(0, ['validate', '-'], { input: 'version: 1\n' })
})

test('all paths of one call are one configuration', async () => {
  writeFileSync(path('one.yaml'), 'version: 1\naccounts:\n  open: { authorization: none }\n')
  writeFileSync(path('two.yaml'), 'version: 1\nservices:\n  a: { account: open, serverUrl: https://api.example }\n')
  await assertRun(0, ['validate', 'one.yaml', 'two.yaml'])
  assert.match((await assertRun(1, ['validate', 'two.yaml'])).stdout, 'reference/unknown-account')
})

test('wrong usage is exit 2 and says what to write', async () => {
  const missing = await assertRun(2, ['validate', 'service.yaml'])
  assert.match(missing.stdout, /^service\.yaml:1:1: error: no such file or folder \[file\/not-found\]/)
  assert.match(missing.stdout, 'did you mean `services.yaml`')
  assert.match((await assertRun(2, ['validate', '--strct'])).stderr, 'Did you mean --strict')
  assert.match((await assertRun(2, ['validat'])).stderr, 'Did you mean validate')
  assert.match((await assertRun(2, ['validate', '--format', 'xml'])).stderr, 'human, concise, json')
  assert.match((await assertRun(2, ['validate', '--color=pink', 'services.yaml'])).stderr, 'always, never, auto')
  assert.match(
    (await assertRun(2, ['validate'], { cwd: path('empty') })).stderr,
    /no configuration.*services\.yaml.*--config/,
  )
  await assertRun(2, ['explain'])
  await assertRun(2, ['call', 'orders'])
  await assertRun(2, ['token', 'orders', '--min-ttl', 'soon'])
  await assertRun(2, ['call', 'orders', '/x', '-H', 'no-colon'])
  await assertRun(2, ['call', 'orders', '/x', '-d', '@no-such-file'])
  await assertRun(2, ['run', '--poll-interval', 'often'])
  await assertRun(2, ['run', '--shutdown-timeout', '30'])
  await assertRun(2, ['run', '--log-level', 'loud'])
  for (const command of ['token', 'explain']) await assertRun(2, [command, 'orders', '-c', 'no-such.yaml'])
  await assertRun(2, ['run', '-c', 'no-such.yaml'])
})

test('a folder without YAML is a problem', async () => {
  assert.match((await assertRun(1, ['validate', 'no-yaml'])).stdout, /^no-yaml:1:1: error: .*\[file\/empty-folder\]/)
})

test('without paths: BEARERD_CONFIG, else services.yaml and services.d', async () => {
  assert.match((await assertRun(0, ['validate'], { cwd: path('folder') })).stdout, /^services\.d\/a\.yaml:3:/)
  const env = { BEARERD_CONFIG: path('broken.yaml') }
  assert.match((await assertRun(1, ['validate'], { env })).stdout, 'broken.yaml:3:8')
  assert.match((await assertRun(0, ['validate', 'services.yaml'], { env })).stderr, 'no problems')
})

test('-c before, after, twice and with = means the same', async () => {
  for (const args of [
    ['explain', '-c', 'services.yaml', 'orders'],
    ['explain', 'orders', '-c', 'services.yaml'],
    ['explain', '--config=services.yaml', 'orders'],
    ['explain', '-c', 'one.yaml', '-c', 'services.yaml', 'orders'],
    ['token', '-c', 'services.yaml', 'orders'],
    ['call', '-c', 'services.yaml', '-H', 'X-A: 1', '-H', 'X-B: 2', 'orders', '/x'],
  ]) {
    await assertRun(0, args)
  }
})

test('colours: only with a terminal or when asked for', async () => {
  for (const args of [['--color'], ['--color=always']]) {
    assert.match((await assertRun(1, ['validate', ...args, 'broken.yaml'])).stdout, ESCAPE, args[0])
  }
  for (const args of [[], ['--color=never'], ['--color=auto']]) {
    assert.not.match((await assertRun(1, ['validate', ...args, 'broken.yaml'])).stdout, ESCAPE)
  }
  const env = { NO_COLOR: '1' }
  assert.not.match((await assertRun(1, ['validate', 'broken.yaml'], { env })).stdout, ESCAPE)
  assert.match((await assertRun(1, ['validate', 'broken.yaml', '--color=always'], { env })).stdout, ESCAPE)
})

test('every command takes --color, also before its name, and shows problems so', async () => {
  for (const args of [
    ['explain', 'a', '--color', '-c', 'broken.yaml'],
    ['--color=always', '-c', 'broken.yaml', 'token', 'a'],
    ['--config=broken.yaml', '--color', 'graph'],
    ['--color', 'always', 'explain', 'a', '-c', 'broken.yaml'],
  ])
    assert.match((await assertRun(1, args)).stderr, ESCAPE, args.join(' '))
  for (const args of [['rules'], ['schema'], ['completion', 'bash'], ['explain', 'orders'], ['token', 'orders']])
    assert.not.match((await assertRun(0, [...args, '--color=never'])).stdout, ESCAPE)
})

test('control codes of the input do not reach the terminal', async () => {
  const input = 'version: 1\n"\\e[31mred": "\\e]0;title\\a"\n'
  const raw = 'version: 1\nname\u001b[31m: \u009b31m x\n'
  for (const given of [input, raw]) {
    for (const format of ['human', 'concise', 'json']) {
      assert.not.match((await assertRun(1, ['validate', '-', '--format', format], { input: given })).stdout, ESCAPE)
    }
  }
})

test('explain: text and json, secrets as references', async () => {
  const { stdout } = await assertRun(0, ['explain', 'orders'])
  assert.match(stdout, 'TEST_SECRET')
  assert.match(stdout, /services\.yaml:\d+/)
  assert.not.match(stdout, OAUTH2_CLIENT.secret)
  const json = await assertRun(0, ['explain', 'orders', '--format', 'json'])
  assert.type(JSON.parse(json.stdout), 'object')
  assert.match((await assertRun(2, ['explain', 'order'])).stderr, 'did you mean `orders`')
  assert.match((await assertRun(1, ['explain', 'a', '-c', 'broken.yaml'])).stderr, 'schema/unknown-key')
})

test('token: four formats', async () => {
  const bearer = (await assertRun(0, ['token', 'orders'])).stdout
  assert.match(bearer, /^\S+\n$/)
  assert.ok(await auth.isActive(bearer.trim()))
  assert.match((await assertRun(0, ['token', 'orders', '--format', 'header'])).stdout, /^Authorization: Bearer \S+\n$/)
  assert.match(
    (await assertRun(0, ['token', 'orders', '--format', 'curl'])).stdout,
    /^-H 'Authorization: Bearer \S+'\n$/,
  )
  const json = JSON.parse((await assertRun(0, ['token', 'orders', '--format', 'json', '--min-ttl', '10m'])).stdout)
  assert.equal(Object.keys(json), ['service', 'headers', 'query', 'expiresAt'])
  const own = (await assertRun(0, ['token', 'own'])).stdout
  assert.ok(await auth.isActive(own.trim()), 'wherever the bearer goes')
  assert.is((await assertRun(0, ['token', 'keyed', '--format', 'header'])).stdout, `X-Key: ${OAUTH2_CLIENT.secret}\n`)
})

test('token: what goes into the query', async () => {
  const asked = { authorization: 'query', query: { name: 'key', value: "it's & so" } }
  const services = { asked: { account: asked, serverUrl: 'https://api.example' } }
  writeFileSync(path('asked.yaml'), JSON.stringify({ version: 1, services }))
  const token = ['token', 'asked', '-c', 'asked.yaml', '--format']
  assert.is((await assertRun(0, [...token, 'curl'])).stdout, "--url-query 'key=it'\\''s & so'\n")
  assert.match((await assertRun(3, [...token, 'header'])).stderr, 'no header; use --format curl')
})

test('token: failures are exit 3, with a message and nothing on stdout', async () => {
  const refused = await assertRun(3, ['token', 'refused'])
  assert.is(refused.stdout, '')
  assert.match(refused.stderr, /^bearerd: account `wrong`: .*invalid_client/)
  assert.match((await assertRun(3, ['token', 'keyed'])).stderr, 'no bearer')
  assert.match((await assertRun(3, ['token', 'orders'], { env: { TEST_SECRET: undefined } })).stderr, 'TEST_SECRET')
  assert.match((await assertRun(2, ['token', 'order'])).stderr, 'did you mean `orders`')
  await assertRun(1, ['token', 'a', '-c', 'broken.yaml'])
})

test('call: method, headers, data, output and head', async () => {
  const plain = JSON.parse((await assertRun(0, ['call', 'orders', '/42?x=1'])).stdout)
  assert.equal([plain.method, plain.path], ['GET', '/shop/42?x=1'])
  const posted = JSON.parse(
    (await assertRun(0, ['call', 'orders', '/42', '-d', 'text', '-H', 'X-A: 1', '-H', 'X-B: 2'])).stdout,
  )
  assert.equal([posted.method, posted.body, posted.headers['x-a'], posted.headers['x-b']], ['POST', 'text', '1', '2'])
  assert.is(posted.headers['content-type'], 'application/x-www-form-urlencoded')
  const form = ['call', 'orders', '/42', '-d', 'a=1', '-d', '@-', '-H', 'Content-Type: text/x']
  const joined = JSON.parse((await assertRun(0, form, { input: 'b=2' })).stdout)
  assert.equal([joined.body, joined.headers['content-type']], ['a=1&b=2', 'text/x'])
  const own = JSON.parse(
    (
      await assertRun(0, ['call', 'orders', '/1', '-X', 'PUT', '-d', '@-', '-H', 'Authorization: mine'], {
        input: 'piped',
      })
    ).stdout,
  )
  assert.equal([own.method, own.body], ['PUT', 'piped'])
  assert.match(own.headers.authorization, /^Bearer /)
  writeFileSync(path('data.json'), '{"a":1}')
  assert.is(JSON.parse((await assertRun(0, ['call', 'orders', '/1', '-d', '@data.json'])).stdout).body, '{"a":1}')
  assert.match((await assertRun(0, ['call', 'orders', '/1', '-i'])).stdout, /^HTTP\/1\.1 200 OK\n(?:[\w-]+: .*\n)+\n\{/)
  const silent = await assertRun(0, ['call', 'root', '/stream?mb=2', '-o', 'out.bin'])
  assert.is(silent.stdout, '')
  assert.is(readFileSync(path('out.bin')).length, 2 * 1024 * 1024)
  assert.is((await assertRun(0, ['call', 'orders', '/1', '-i', '-o', 'out.http'])).stdout, '')
  assert.match(readFileSync(path('out.http'), 'utf8'), /^HTTP\/1\.1 200 OK\n(?:[\w-]+: .*\n)+\n\{/)
})

test('call: failures are exit 3', async () => {
  const missing = await assertRun(3, ['call', 'root', '/status/404'])
  assert.is(missing.stdout, '{"status":404}')
  assert.match(missing.stderr, 'answered 404')
  await assertRun(0, ['call', 'root', '/redirect'])
  assert.is((await assertRun(3, ['call', 'refused', '/'])).stdout, '')
  assert.match((await assertRun(3, ['call', 'orders', '/', '-o', 'no/such/folder'])).stderr, 'no/such/folder')
  assert.match((await assertRun(2, ['call', 'order', '/'])).stderr, 'did you mean `orders`')
  await assertRun(2, ['call', 'orders', '/', '-H', 'bad name: x'])
})

test('schema is the file; version is the one of the package', async () => {
  assert.is((await assertRun(0, ['schema'])).stdout, readFileSync(join(ROOT, 'schema/bearerd.schema.json'), 'utf8'))
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  assert.is((await assertRun(0, ['--version'])).stdout, `${version}\n`)
})

test('help: of the program and of each command, with examples', async () => {
  const { stdout } = await assertRun(0, ['--help'])
  const commands = ['validate', 'explain', 'token', 'call', 'run', 'schema']
  for (const command of commands) {
    assert.match(stdout, new RegExp(`^  ${command} `, 'm'))
    const help = await assertRun(0, [command, '--help'])
    assert.match(help.stdout, new RegExp(`Examples:\\n  \\$ .*bearerd ${command}`), command)
    assert.not.match(help.stdout, ESCAPE)
  }
})

test('a reader that leaves early is no error', async () => {
  const child = start(['schema'])
  child.stdout!.destroy()
  const [code] = await once(child, 'close')
  assert.is(code, 0)
})

interface RunningDaemon {
  child: ChildProcess
  api: string
  admin: string
  log(): string
  logged(text: string | RegExp): Promise<void>
}

async function startRun(args: readonly string[] = [], options: RunOptions = {}): Promise<RunningDaemon> {
  const listen = ['--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0', '--log-format', 'json']
  const child = start(['run', ...listen, ...args], options)
  let log = ''
  child.stderr!.on('data', chunk => {
    log += chunk
  })
  const logged = async (wanted: string | RegExp): Promise<void> => {
    while (!(typeof wanted === 'string' ? log.includes(wanted) : wanted.test(log))) {
      await Promise.race([once(child.stderr!, 'data'), once(child, 'close')])
      if (child.exitCode !== null) assert.match(log, wanted)
    }
  }
  await logged('"msg":"ready"')
  const line = JSON.parse(log.split('\n').find(entry => entry.includes('"msg":"ready"'))!)
  return { child, api: line.api, admin: line.admin, log: () => log, logged }
}

async function codeAfter(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const closed = once(child, 'close')
  child.kill(signal)
  return (await closed)[0]
}

test('run: starts, says ready, answers, reloads on SIGHUP, stops on SIGINT', async () => {
  const config = path('run.yaml')
  writeFileSync(config, WARNED)
  const daemon = await startRun(['-c', config, '--no-watch'])
  assert.is((await fetch(`${daemon.api}/v1/services/b`)).status, 404)
  writeFileSync(config, `${WARNED}  b: { account: key, serverUrl: 'https://api.example' }\n`)
  daemon.child.kill('SIGHUP')
  await daemon.logged('"generation":2')
  assert.is((await fetch(`${daemon.api}/v1/services/b`)).status, 200)
  writeFileSync(config, BROKEN)
  daemon.child.kill('SIGHUP')
  await daemon.logged('configuration refused')
  assert.is((await fetch(`${daemon.api}/v1/services/b`)).status, 200)
  for (const line of daemon.log().trimEnd().split('\n')) assert.type(JSON.parse(line).msg, 'string')
  assert.is(await codeAfter(daemon.child, 'SIGINT'), 0)
})

test('run: an edit is picked up without being told', async () => {
  const config = path('watched.yaml')
  writeFileSync(config, WARNED)
  const daemon = await startRun(['-c', config])
  writeFileSync(config, `${WARNED}  b: { account: key, serverUrl: 'https://api.example' }\n`)
  await daemon.logged('"generation":2')
  assert.is(await codeAfter(daemon.child, 'SIGTERM'), 0)
})

test('run: SIGTERM lets a slow request finish and exits 0', async () => {
  const daemon = await startRun()
  const before = api.count()
  const slow = fetch(`${daemon.api}/v1/services/root/proxy/slow?ms=400`)
  while (api.count() === before) await new Promise(setImmediate)
  const code = codeAfter(daemon.child, 'SIGTERM')
  await daemon.logged('stopping')
  assert.is((await slow).status, 200)
  assert.is(await code, 0)
  assert.not.match(daemon.log(), 'time is up', 'it does not wait for a connection that nothing uses any more')
})

test('run: a second signal exits at once', async () => {
  const daemon = await startRun()
  const before = api.count()
  const slow = fetch(`${daemon.api}/v1/services/root/proxy/slow?ms=20000`).catch(() => 'cut')
  while (api.count() === before) await new Promise(setImmediate)
  daemon.child.kill('SIGTERM')
  await daemon.logged('stopping')
  const startedAt = performance.now()
  assert.is(await codeAfter(daemon.child, 'SIGTERM'), 1)
  assert.is(await slow, 'cut')
  assert.ok(performance.now() - startedAt < 15_000)
})

test('run: --shutdown-timeout ends what does not finish', async () => {
  const daemon = await startRun(['--shutdown-timeout', '200ms'])
  const before = api.count()
  const slow = fetch(`${daemon.api}/v1/services/root/proxy/slow?ms=20000`).catch(() => 'cut')
  while (api.count() === before) await new Promise(setImmediate)
  assert.is(await codeAfter(daemon.child, 'SIGTERM'), 0)
  assert.is(await slow, 'cut')
})

test('run: a wrong configuration stops the start', async () => {
  const { stdout, stderr } = await assertProgram(1, ['run', '-c', 'broken.yaml', '--listen', '127.0.0.1:0'])
  assert.is(stdout, '')
  assert.match(stderr, /^broken\.yaml:3:8: error: .*\[schema\/unknown-key\]/m)
  assert.is(stderr.match(/unknown-key/g)?.length, 1, stderr)
})

test('run: addresses that cannot be used', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  const args = ['run', '--admin-listen', '127.0.0.1:0', '--log-level', 'silent']
  const { stderr } = await assertProgram(3, [...args, '--listen', `127.0.0.1:${port}`])
  assert.is(stderr, `bearerd: cannot listen on 127.0.0.1:${port}: another process listens there\n`)
  taken.close()
  assert.match((await assertProgram(1, [...args, '--listen', '0.0.0.0:0'])).stderr, 'daemon/exposed')
  assert.match((await assertProgram(2, [...args, '--listen', 'nonsense'])).stderr, 'is not an address')
})

test('run: a second daemon with the same folder and the same address: the address is told, and it alone', async () => {
  const definitions = { daemon: { state: { dir: 'state' } }, services: {} }
  writeFileSync(path('held.yaml'), JSON.stringify({ version: 1, ...definitions }))
  await using executor = createExecutor({ directory: folder })
  await executor.load('held.yaml')
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  const args = ['run', '-c', 'held.yaml', '--admin-listen', '127.0.0.1:0', '--log-level', 'warn']
  const { stderr } = await assertProgram(3, [...args, '--listen', `127.0.0.1:${port}`])
  taken.close()
  assert.is(stderr, `bearerd: cannot listen on 127.0.0.1:${port}: another process listens there\n`)
  const second = start([...args, '--listen', '127.0.0.1:0'])
  const [line] = await once(second.stderr!, 'data')
  assert.match(String(line), 'another process uses the state folder')
  second.kill('SIGKILL')
})

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const listening = new Promise<boolean>(resolve => {
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
  })
  const free = await listening
  if (free) await new Promise(resolve => server.close(resolve))
  return free
}

const DEMO_PORTS = [7117, 7118, 7119, 7120]
const demoPortsAreFree = (await Promise.all(DEMO_PORTS.map(isFree))).every(Boolean)

;(demoPortsAreFree ? test : test.skip)('npm start answers, ends by a signal to npm, and leaves its ports', async () => {
  const child = spawn('npm', ['start'], { cwd: ROOT })
  running.add(child.once('close', () => running.delete(child)))
  let stdout = ''
  child.stdout.on('data', chunk => {
    stdout += chunk
  })
  while (!stdout.includes('Ctrl-C ends everything')) {
    await Promise.race([once(child.stdout, 'data'), once(child, 'close')])
    assert.is(child.exitCode, null)
  }
  const reply = await fetch('http://127.0.0.1:7117/v1/services/orders/proxy/42')
  assert.is(reply.status, 200)
  assert.is(((await reply.json()) as { path: string }).path, '/shop/42')
  assert.is((await fetch('http://127.0.0.1:7120/shop/42')).status, 401)
  assert.is(await codeAfter(child, 'SIGTERM'), 0)
  for (const port of DEMO_PORTS) assert.ok(await isFree(port), String(port))
})

test.run()
