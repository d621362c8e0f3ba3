// Old generations are really released, and a thousand reloads leave nothing behind.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createExecutor, type Executor } from '../../src/index.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const opened: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

async function start() {
  const endpoint = await hostile.startTokenEndpoint((_request, index) => hostile.token(`token-${index + 1}`))
  opened.push(() => endpoint.close())
  const directory = mkdtempSync(join(tmpdir(), 'bearerd-memory-'))
  opened.push(() => rmSync(directory, { recursive: true, force: true }))
  const account = (scope: string) => ({
    accessTokenUri: endpoint.url,
    clientId: 'app',
    clientSecret: 'fake-secret',
    scope: [scope],
  })
  /** Everything is written anew; one account differs from version to version, and one has parameters. */
  const write = (version: number) => {
    const services = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        `s${index}`,
        { account: account(`scope-${index}`), serverUrl: 'https://x.example', headers: { 'X-V': `${version % 2}` } },
      ]),
    )
    const tenants = {
      account: account('tenants'),
      serverUrl: 'https://{{params.tenant}}.api.example',
      parameters: { tenant: { pattern: '^[a-z]+$' } },
    }
    const changing = { account: account(`changing-${version % 2}`), serverUrl: 'https://x.example' }
    const text = JSON.stringify({ version: 1, services: { ...services, tenants, changing } })
    writeFileSync(join(directory, 'services.yaml'), text)
  }
  write(0)
  const executor = createExecutor({ directory, environment: {} })
  opened.push(() => executor[Symbol.asyncDispose]())
  await executor.load('services.yaml')
  const use = async () => {
    for (const name of ['s0', 's1', 'changing']) await executor.authorize(name)
    await executor.authorize('tenants', { params: { tenant: 'acme' } })
  }
  return { executor, write, use, endpoint, directory }
}

async function reload(executor: Executor): Promise<void> {
  const { ok, diagnostics } = await executor.reload()
  assert.ok(ok, JSON.stringify(diagnostics))
}

test('a generation that was replaced is released, with its services', async () => {
  const { executor, write, use } = await start()
  await use()
  const first = new WeakRef(executor.generation!)
  const service = new WeakRef(executor.service('changing'))
  for (let version = 1; version <= 3; version++) {
    write(version)
    await reload(executor)
    await use()
  }
  for (let turn = 0; turn < 10 && (first.deref() || service.deref()); turn++) {
    await setImmediate()
    collectGarbage()
  }
  assert.is(first.deref(), undefined, 'the generation')
  assert.is(service.deref(), undefined, 'a service that changed')
})

test('200 reloads after the first 50 leave less than 2 MB behind, and cost a token only where one changed', async () => {
  const { executor, write, use, endpoint } = await start()
  const round = async (from: number, to: number) => {
    for (let version = from; version < to; version++) {
      write(version)
      await reload(executor)
      if (version % 10 === 0) await use()
    }
    await setImmediate()
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  const before = await round(1, 50)
  const requests = endpoint.requests.length
  const after = await round(50, 250)
  assert.ok(after - before < 2 * 1024 * 1024, `${Math.round((after - before) / 1024)} KiB more`)
  const scopes = endpoint.requests.slice(requests).map(({ body }) => new URLSearchParams(body).get('scope'))
  assert.equal(
    scopes.filter(scope => !scope?.startsWith('changing')),
    [],
  )
})

test('values that stay keep nothing of the configuration that ran when they came', async () => {
  const { executor, directory } = await start()
  const tenants = `version: 1
services:
  tenants: { account: { authorization: none }, serverUrl: 'https://{{params.tenant}}.x.example', parameters: { tenant: {} } }
`
  writeFileSync(join(directory, 'services.yaml'), tenants)
  const other = (version: number) => `version: 1
daemon: { log: { level: ${version % 2 ? 'info' : 'warn'} } }
services: { other: { account: { authorization: none }, serverUrl: 'https://x.example/${version}' } }
`
  writeFileSync(join(directory, 'other.yaml'), other(0))
  await executor.load(['services.yaml', 'other.yaml'])
  const documents: WeakRef<object>[] = []
  for (let version = 1; version <= 5; version++) {
    documents.push(new WeakRef(executor.generation!.plan.daemon.place!.document))
    executor.service('tenants', { tenant: `value-${version}` })
    writeFileSync(join(directory, 'other.yaml'), other(version))
    await reload(executor)
  }
  for (let turn = 0; turn < 10 && documents.some(document => document.deref()); turn++) {
    await setImmediate()
    collectGarbage()
  }
  assert.is(executor.generation!.variants.live('tenants').length, 5)
  assert.equal(
    documents.filter(document => document.deref()),
    [],
  )
})

test('services that stay while others of their file change keep no earlier text of it', async () => {
  const { executor, directory } = await start()
  const versions: number[] = new Array(60).fill(0)
  const write = () => {
    const services = versions.map(
      (version, index) => `  s${index}:
    account: { accessTokenUri: https://id.example/token, clientId: a-client-of-its-own-${index}, clientSecret: { env: S }, scope: [] }
    serverUrl: https://a-long-name.x.example/${version}
    headers: { X-V: "{{vars.version}}" }
    vars: { version: the-version-${version} }
`,
    )
    writeFileSync(
      join(directory, 'services.yaml'),
      `version: 1\nservices:\n${services.join('')}# ${'x'.repeat(300_000)}\n`,
    )
  }
  const heap = async () => {
    await setImmediate()
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  write()
  await reload(executor)
  const before = await heap()
  for (const index of versions.keys()) {
    versions[index] = 1
    write()
    await reload(executor)
  }
  const more = (await heap()) - before
  assert.ok(more < 4 * 1024 * 1024, `${Math.round(more / 1024)} KiB more`)
})

test.run()
