// What a short command loads: its time is mostly the loading. `validate` needs none of the packages that stay outside of
// dist/, few of Node's own modules, and no code that is optimized; `deliver` little of them.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const ROOT = dirname(dirname(import.meta.dirname))

const LISTENER = `
import { registerHooks } from 'node:module'
const urls = []
registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) })
process.on('exit', () => {
  const modules = [...process.moduleLoadList]
  process.stderr.write(JSON.stringify({ urls, modules }))
})
`

interface Loaded {
  urls: string[]
  modules: string[]
}

function loadedBy(args: string[]): Loaded {
  const listener = `data:text/javascript,${encodeURIComponent(LISTENER)}`
  const { stderr } = spawnSync(process.execPath, ['--import', listener, 'dist/cli.js', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return JSON.parse(stderr.slice(stderr.indexOf('{'))) as Loaded
}

const { urls, modules } = loadedBy(['validate', 'services.example.yaml'])

test('validate loads no package', () => {
  assert.ok(urls.some(url => url.endsWith('/dist/validate.js')))
  assert.equal(
    urls.filter(url => url.includes('/node_modules/')),
    [],
  )
})

test('nor what tells violations of the schema, when there are none', () => {
  assert.equal(
    urls.filter(url => url.includes('.generated.')).map(url => basename(url)),
    ['is-valid.generated.cjs'],
  )
})

test("and none of Node's modules for programs, connections, terminals and cryptography", () => {
  const heavy = [
    'child_process',
    'http',
    'https',
    'http2',
    'crypto',
    'sqlite',
    'fs/promises',
    'net',
    'tty',
    'perf_hooks',
  ]
  assert.equal(
    modules.filter(name => heavy.includes(name.replace('NativeModule ', ''))),
    [],
  )
})

test('V8 optimizes nothing of a short check', () => {
  const { stdout } = spawnSync(process.execPath, ['--trace-opt', 'dist/cli.js', 'validate', 'services.example.yaml'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const optimized = stdout.match(/^\[compiling method .*/gm) ?? []
  // Node's own, before it; without the setting they are about fifty.
  assert.ok(optimized.length < 15, optimized.join('\n'))
})

test('a delivery loads of the packages what it uses, and nothing that watches files', () => {
  const config = join(mkdtempSync(join(tmpdir(), 'bearerd-start-')), 'services.yaml')
  const action = '{ type: copyToHttpServer, url: http://127.0.0.1:9/, content: { file: {} } }'
  writeFileSync(config, `version: 1\nactions: { upload: ${action} }\n`)
  const { urls } = loadedBy(['deliver', 'upload', 'LICENSE', '--dry-run', '-c', config])
  rmSync(dirname(config), { recursive: true })
  const loaded = urls.flatMap(url => /\/node_modules\/(.+)/.exec(url)?.[1] ?? [])
  assert.ok(loaded.includes('undici/lib/dispatcher/agent.js'))
  assert.equal(
    loaded.filter(path => !/^(ky|undici\/lib\/(core|dispatcher|handler|api|util|llhttp))\//.test(path)),
    [],
  )
})

test.run()
