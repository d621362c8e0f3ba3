// What the watcher notices in the layouts that GitOps tools and editors leave behind, without waiting for a poll; and what
// happens where there are no file events.
import { EventEmitter } from 'node:events'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createExecutor, type Executor } from '../../src/index.ts'
import { createExecutorWith } from '../../src/runtime/executor.ts'
import { type FileEvents, watchFilesBy } from '../../src/runtime/watch-files.ts'
import type { WatchRequest } from '../../src/runtime/watching.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'

const opened: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bearerd-watch-'))
  opened.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Longer than any test: what is noticed, is noticed without it. */
const NO_POLL_MS = 3_600_000

async function eventually(what: string, check: () => unknown, limitMs = 60_000): Promise<void> {
  const endMs = performance.now() + limitMs
  while (!(await check())) {
    if (performance.now() > endMs) assert.unreachable(`${what}: not within ${limitMs} ms`)
    await sleep(10)
  }
}

const defining = (name: string) =>
  `version: 1\nservices:\n  ${name}: { account: { authorization: none }, serverUrl: https://x.example }\n`

const has = (executor: Executor, name: string) => executor.generation?.services.has(name)

type Layout = (at: (path: string) => string) => { path: string; change(): void }

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function swapLink(target: string, link: string): void {
  symlinkSync(target, `${link}.new`)
  renameSync(`${link}.new`, link)
}

const kubernetes: Layout = at => {
  write(at('config/..1/services.yaml'), defining('one'))
  symlinkSync('..1', at('config/..data'))
  symlinkSync('..data/services.yaml', at('config/services.yaml'))
  return {
    path: 'config/services.yaml',
    change() {
      write(at('config/..2/services.yaml'), defining('two'))
      swapLink('..2', at('config/..data'))
    },
  }
}

const gitSync: Layout = at => {
  write(at('worktrees/1/conf/services.yaml'), defining('one'))
  symlinkSync('worktrees/1', at('current'))
  return {
    path: 'current/conf/services.yaml',
    change() {
      write(at('worktrees/2/conf/services.yaml'), defining('two'))
      swapLink('worktrees/2', at('current'))
    },
  }
}

const plainFile: Layout = at => {
  write(at('services.yaml'), defining('one'))
  return { path: 'services.yaml', change: () => {} }
}

const LAYOUTS: Record<string, Layout> = {
  'Kubernetes, a file, the old target kept': kubernetes,
  'Kubernetes, a file, the old target removed': at => {
    const { path, change } = kubernetes(at)
    return {
      path,
      change() {
        change()
        rmSync(at('config/..1'), { recursive: true })
      },
    }
  },
  'Kubernetes, the folder': at => ({ ...kubernetes(at), path: 'config' }),
  'git-sync, a file': gitSync,
  'git-sync, the folder': at => ({ ...gitSync(at), path: 'current/conf' }),
  'git-sync, the link itself': at => ({ ...gitSync(at), path: 'current' }),
  'a renamed parent': at => {
    write(at('a/b/conf/services.yaml'), defining('one'))
    write(at('next/conf/services.yaml'), defining('two'))
    return {
      path: 'a/b/conf',
      change() {
        renameSync(at('a/b'), at('a/old'))
        renameSync(at('next'), at('a/b'))
      },
    }
  },
  'a folder deleted, and made again': at => {
    write(at('conf/services.yaml'), defining('one'))
    return {
      path: 'conf',
      change() {
        rmSync(at('conf'), { recursive: true })
        write(at('conf/services.yaml'), defining('two'))
      },
    }
  },
  'an atomic save': at => ({
    ...plainFile(at),
    change() {
      write(at('services.yaml~'), defining('two'))
      renameSync(at('services.yaml~'), at('services.yaml'))
    },
  }),
  'a save that moves the old file away': at => ({
    ...plainFile(at),
    change() {
      renameSync(at('services.yaml'), at('services.yaml.bak'))
      write(at('services.yaml'), defining('two'))
    },
  }),
  'the same length, and the old times put back': at => ({
    ...plainFile(at),
    change() {
      write(at('services.yaml'), defining('two'))
      utimesSync(at('services.yaml'), 0, 0)
    },
  }),
}

for (const [name, layout] of Object.entries(LAYOUTS)) {
  test(`noticed without a poll: ${name}`, async () => {
    const directory = folder()
    const { path, change } = layout(relative => join(directory, relative))
    const executor = createExecutor({ directory })
    opened.push(() => executor[Symbol.asyncDispose]())
    await executor.load(path)
    await executor.watch({ pollIntervalMs: NO_POLL_MS })
    assert.ok(has(executor, 'one'))
    change()
    await eventually('the other version', () => has(executor, 'two'))
  })
}

test('an edit between load and watch is noticed', async () => {
  const directory = folder()
  write(join(directory, 'services.yaml'), defining('one'))
  const executor = createExecutor({ directory })
  opened.push(() => executor[Symbol.asyncDispose]())
  await executor.load('services.yaml')
  write(join(directory, 'services.yaml'), defining('two'))
  await executor.watch({ pollIntervalMs: NO_POLL_MS })
  await eventually('the edit', () => has(executor, 'two'))
})

test('a file that is written in pieces: the last good configuration until it is whole', async () => {
  const directory = folder()
  const path = join(directory, 'services.yaml')
  write(path, defining('one'))
  const executor = createExecutor({ directory })
  opened.push(() => executor[Symbol.asyncDispose]())
  await executor.load('services.yaml')
  await executor.watch({ pollIntervalMs: NO_POLL_MS })
  const text = defining('two')
  writeFileSync(path, text.slice(0, 30))
  await eventually('the half is refused', () => executor.lastReload?.ok === false)
  assert.ok(has(executor, 'one'))
  appendFileSync(path, text.slice(30))
  await eventually('the whole', () => has(executor, 'two'))
})

test('a secret of a Kubernetes volume whose link is swapped', async () => {
  const directory = folder()
  const endpoint = await hostile.startTokenEndpoint((_request, index) => hostile.token(`token-${index + 1}`))
  opened.push(() => endpoint.close())
  write(join(directory, 'secrets/..1/client'), 'fake-one')
  symlinkSync('..1', join(directory, 'secrets/..data'))
  symlinkSync('..data/client', join(directory, 'secrets/client'))
  const account = { accessTokenUri: endpoint.url, clientId: 'app', clientSecret: { file: 'secrets/client' }, scope: [] }
  const services = { s: { account, serverUrl: 'https://x.example' } }
  write(join(directory, 'services.yaml'), JSON.stringify({ version: 1, services }))
  const executor = createExecutor({ directory })
  opened.push(() => executor[Symbol.asyncDispose]())
  await executor.load('services.yaml')
  await executor.watch({ pollIntervalMs: NO_POLL_MS })
  await executor.authorize('s')
  write(join(directory, 'secrets/..2/client'), 'fake-two')
  swapLink('..2', join(directory, 'secrets/..data'))
  await eventually('the other secret', () => endpoint.requests.length === 2)
  assert.is(endpoint.requests[1]?.headers.authorization, `Basic ${btoa('app:fake-two')}`)
})

/** File events as a test says them. */
function quietEvents() {
  const emitter = new EventEmitter()
  const events: FileEvents = {
    on: (name, listener) => emitter.on(name, listener),
    once: (_name, listener) => setImmediate(listener),
    add: () => {},
    unwatch: () => {},
    close: async () => {},
  }
  return { emitter, events }
}

for (const code of ['ENOSPC', 'EMFILE']) {
  test(`${code}: one warning with advice, and polling takes over`, async () => {
    const { emitter, events } = quietEvents()
    const warnings: string[] = []
    const silent = () => {}
    const log = { debug: silent, info: silent, warn: (_: object, text: string) => warnings.push(text), error: silent }
    const directory = folder()
    write(join(directory, 'services.yaml'), defining('one'))
    const watchPaths = (request: WatchRequest) => {
      assert.is(request.pollIntervalMs, 40)
      return watchFilesBy(() => events, request)
    }
    const executor = createExecutorWith({ watchPaths }, { directory, log })
    opened.push(() => executor[Symbol.asyncDispose]())
    await executor.load('services.yaml')
    await executor.watch({ pollIntervalMs: 40 })
    for (let time = 0; time < 3; time++) emitter.emit('error', Object.assign(new Error('no watch'), { code }))
    write(join(directory, 'services.yaml'), defining('two'))
    await eventually('found by reading', () => has(executor, 'two'))
    assert.is(warnings.length, 1)
    assert.match(warnings[0]!, `(${code})`)
    assert.match(warnings[0]!, 'raise fs.inotify.max_user_')
  })
}

test('a hint without a change is no reload', async () => {
  const { emitter, events } = quietEvents()
  const directory = folder()
  write(join(directory, 'services.yaml'), defining('one'))
  let looked = 0
  const watchPaths = (request: WatchRequest) =>
    watchFilesBy(() => events, {
      ...request,
      onHint: async suspects => {
        await request.onHint(suspects)
        looked++
      },
    })
  const executor = createExecutorWith({ watchPaths }, { directory })
  opened.push(() => executor[Symbol.asyncDispose]())
  await executor.load('services.yaml')
  await executor.watch({ pollIntervalMs: NO_POLL_MS })
  await eventually('the first look', () => looked === 1)
  for (let hint = 0; hint < 10; hint++) emitter.emit('all')
  await eventually('the second look', () => looked === 2)
  assert.is(executor.reloads.length, 1)
})

test.run()
