// The files of deploy/ for those who operate bearerd: what they name exists in the program, and the programs that they are for
// accept them where these are installed.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse, parseAllDocuments } from 'yaml'
import { createMetrics } from '../src/server/metrics.ts'

const ROOT = dirname(import.meta.dirname)
const directory = mkdtempSync(join(tmpdir(), 'bearerd-operated-'))
const children: ChildProcess[] = []

test.after(async () => {
  for (const child of children) {
    const closed = once(child, 'close')
    if (child.exitCode === null && child.kill('SIGKILL')) await closed
  }
  rmSync(directory, { recursive: true })
})

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Tests that need a program say aloud that they are skipped without it. */
function withProgram(program: string, name: string, run: () => void | Promise<void>): void {
  const there = spawnSync(program, ['--version']).error === undefined
  if (!there) console.log(`SKIPPED: ${name}, there is no program \`${program}\``)
  ;(there ? test : test.skip)(name, run)
}

function accepts(program: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  assert.is(status, 0, `${stdout}${stderr}`)
  assert.is(stderr.trim(), '')
}

/** What a daemon tells when each thing has happened once: names with their labels. */
async function told(): Promise<Map<string, string[]>> {
  const metrics = createMetrics()
  metrics.told.onTokenRequest('account', 'success', 1)
  metrics.told.onExpiry('account', 1)
  metrics.told.onClientSecret('account', { inUse: 1, of: 2 })
  metrics.told.onSinkWrite('service', 'success')
  metrics.tokenRejected('service')
  metrics.authorization('service', 'success')
  metrics.proxyRequest('service', 200, 1)
  metrics.proxyRetry('service', 'connection')
  metrics.reload(true, 1, 1)
  metrics.deliveryAttempted('action', 'retried')
  metrics.deliverySettled('action', 'dead')
  metrics.pendingDeliveries(async () => new Map([['action', 1]]))
  const text = await metrics.text()
  const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!)
  return new Map(
    names.map(name => {
      const line = new RegExp(`^${name}(?:_count)?(?:\\{(.*)\\})? `, 'm').exec(text)
      return [name, [...(line?.[1] ?? '').matchAll(/(\w+)="/g)].map(([, label]) => label!)]
    }),
  )
}

const SHOWN = ['deploy/prometheus/bearerd.rules.yml', 'deploy/grafana/bearerd.json']

test('rules and dashboard name metrics and labels that there are', async () => {
  const metrics = await told()
  for (const path of SHOWN) {
    const content = read(path)
    const names = [...content.matchAll(/bearerd_\w+/g)].map(([name]) => name.replace(/_(?:bucket|sum|count)$/, ''))
    assert.ok(names.length >= 7, path)
    for (const name of names) assert.ok(metrics.has(name), `${path}: ${name}`)
    const expressions = content.match(/[^\n"]*bearerd_[^\n]*/g) ?? []
    for (const expression of expressions) {
      const [, by = ''] = /(?:sum|max) by \(([\w, ]+)\)/.exec(expression) ?? []
      const [, name = ''] = /(bearerd_\w+?)(?:_bucket)?\b/.exec(expression.slice(expression.indexOf(' by ('))) ?? []
      for (const label of by.split(', ').filter(text => !['', 'instance', 'le'].includes(text)))
        assert.ok(metrics.get(name)?.includes(label), `${path}: ${name} has no label ${label}`)
    }
  }
})

test('the dashboard shows every metric', async () => {
  const dashboard = read('deploy/grafana/bearerd.json')
  const missing = [...(await told()).keys()].filter(name => !dashboard.includes(name))
  // Of interest for one account, or told by others.
  assert.equal(missing.sort(), [
    'bearerd_client_secret_in_use',
    'bearerd_config_last_reload_success_timestamp_seconds',
    'bearerd_token_request_duration_seconds',
  ])
})

test('docs/operating.md lists every metric with its labels, and no other', async () => {
  const page = read('docs/operating.md')
  const listed = [...page.matchAll(/^\| `(bearerd_\w+)` \|([^|]*)\|$/gm)].map(([, name, cell]): [string, string[]] => [
    name!,
    [...cell!.split(/[(;]/, 1)[0]!.matchAll(/`(\w+)`/g)].map(([, label]) => label!),
  ])
  const metrics = [...(await told())]
  const sorted = (list: [string, string[]][]) => list.sort(([a], [b]) => a.localeCompare(b))
  assert.equal(sorted(listed), sorted(metrics))
})

withProgram('promtool', 'Prometheus accepts the rules', () => {
  accepts('promtool', 'check', 'rules', join(ROOT, SHOWN[0]!))
})

withProgram('systemd-analyze', 'systemd accepts the unit', () => {
  const program = join(directory, 'bearerd')
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 })
  const unit = join(directory, 'bearerd.service')
  writeFileSync(unit, read('deploy/systemd/bearerd.service').replace('/usr/bin/bearerd', program))
  accepts('systemd-analyze', 'verify', '--man=no', unit)
})

test('the unit leaves more time to stop than the daemon takes, and has it watched', () => {
  const unit = read('deploy/systemd/bearerd.service')
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? ''
  assert.is(value('ExecStart'), '/usr/bin/bearerd run --config /etc/bearerd')
  assert.equal([value('Type'), value('NotifyAccess')], ['notify', 'all'])
  const [, secret = ''] = value('LoadCredential').split(':')
  assert.not.ok(secret.startsWith('/etc/bearerd/'), 'the daemon could not read its folder')
  const { stdout } = bearerd('run', '--help')
  const limit = /--shutdown-timeout[^\n]*\n?[^\n]*?(?:default:? )"?(\d+)s/.exec(stdout)?.[1]
  assert.ok(Number.parseInt(value('TimeoutStopSec'), 10) > Number(limit), `${limit} ${stdout}`)
})

function bearerd(...args: string[]) {
  const { BEARERD_CONFIG: _, ...env } = process.env
  return spawnSync(process.execPath, [join(ROOT, 'src/cli/main.ts'), ...args], { encoding: 'utf8', env })
}

/** Starts it and waits until it says that it is ready. */
async function ready(
  command: string,
  args: string[],
  env: Record<string, string>,
): Promise<{ admin: string; child: ChildProcess }> {
  const child = spawn(command, args, { env: { ...process.env, ...env } })
  children.push(child)
  let log = ''
  child.stderr.on('data', chunk => {
    log += chunk
  })
  while (!log.includes('"msg":"ready"')) {
    assert.is(child.exitCode, null, log)
    await Promise.race([once(child.stderr, 'data'), once(child, 'close')])
  }
  return { child, admin: JSON.parse(log.split('\n').find(line => line.includes('"msg":"ready"'))!).admin }
}

const LISTEN = ['--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0', '--log-format', 'json']

test('the container holds what the program needs, and starts', async () => {
  const lines = read('deploy/container/Dockerfile').split('\n')
  const app = join(directory, 'app')
  mkdirSync(app)
  for (const [, source, target] of lines.map(line => /^COPY (?!--)(\S+) (\S+)$/.exec(line) ?? [])) {
    if (source) cpSync(join(ROOT, source), join(app, target === './' ? source : target!), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(app, 'node_modules'))
  const of = (word: string) => JSON.parse(lines.find(line => line.startsWith(word))!.slice(word.length)) as string[]
  const [, entry, ...args] = [...of('ENTRYPOINT'), ...of('CMD')]
  const etc = join(directory, 'etc')
  mkdirSync(etc)
  writeFileSync(
    join(etc, 'services.yaml'),
    'version: 1\nservices:\n  open:\n    account: { authorization: none }\n    serverUrl: https://api.example\n',
  )
  const place = (text: string) => text.replace('/app', app).replace('/etc/bearerd', etc)
  const { child, admin } = await ready(process.execPath, [place(entry!), ...args.map(place), ...LISTEN], {
    STATE_DIRECTORY: directory,
  })
  assert.is((await fetch(`${admin}/-/ready`)).status, 200)
  child.kill('SIGTERM')
  assert.equal(await once(child, 'close'), [0, null])
})

interface Container {
  args: string[]
  readinessProbe: { exec: { command: string[] } }
  startupProbe: { exec: { command: string[] } }
  volumeMounts: { name: string; mountPath: string }[]
}

interface Pod {
  terminationGracePeriodSeconds: number
  initContainers: [Container]
  volumes: { name: string }[]
}

test('the pod: its configuration is valid, its files are where it says, and its probe tells ready from not ready', async () => {
  const documents = parseAllDocuments(read('deploy/kubernetes/sidecar.yaml'))
  for (const { errors, warnings } of documents) assert.equal([...errors, ...warnings], [])
  const [map, deployment] = documents.map(document => document.toJS())
  // As the kubelet lays it out.
  const etc = join(directory, 'mounted')
  mkdirSync(join(etc, '..2026'), { recursive: true })
  writeFileSync(join(etc, '..2026/services.yaml'), map.data['services.yaml'])
  symlinkSync('..2026', join(etc, '..data'))
  symlinkSync('..data/services.yaml', join(etc, 'services.yaml'))
  const { status, stdout, stderr } = bearerd('validate', '--strict', etc)
  assert.is(status, 0, stdout + stderr)
  const pod = deployment.spec.template.spec as Pod
  const [sidecar] = pod.initContainers
  assert.equal(sidecar.args, ['run', '--config', '/etc/bearerd'])
  assert.ok(pod.terminationGracePeriodSeconds > 30)
  const mounts = sidecar.volumeMounts.map(({ mountPath }) => mountPath)
  const { accounts } = parse(map.data['services.yaml'])
  assert.ok(mounts.includes(dirname(accounts.crm.clientSecret.file)))
  assert.equal(sidecar.volumeMounts.map(({ name }) => name).sort(), pod.volumes.map(({ name }) => name).sort())
  assert.equal(sidecar.startupProbe.exec, sidecar.readinessProbe.exec)
  const { child, admin } = await ready(
    process.execPath,
    [join(ROOT, 'src/cli/main.ts'), 'run', '-c', etc, ...LISTEN],
    {},
  )
  const [, ...probe] = sidecar.readinessProbe.exec.command.map(word => word.replace('http://127.0.0.1:7118', admin))
  assert.is(spawnSync(process.execPath, probe).status, 0)
  child.kill('SIGTERM')
  await once(child, 'close')
  assert.is(spawnSync(process.execPath, probe).status, 1)
})

test.run()
