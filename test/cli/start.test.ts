// What a short command loads: its time is mostly the loading. `validate` needs none of the packages that stay outside of
// dist/, and few of Node's own modules.
import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const ROOT = dirname(dirname(import.meta.dirname))

const LISTENER = `
import { registerHooks } from 'node:module'
const urls = []
registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) })
process.on('exit', () => process.stderr.write(JSON.stringify({ urls, modules: process.moduleLoadList })))
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

test("and none of Node's modules for programs, connections and cryptography", () => {
  const heavy = ['child_process', 'http', 'https', 'http2', 'crypto', 'sqlite', 'worker_threads'].map(
    name => `NativeModule ${name}`,
  )
  assert.equal(
    modules.filter(name => heavy.includes(name)),
    [],
  )
})

test.run()
