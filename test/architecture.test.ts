// The rules of ARCHITECTURE.md over src/: directions of imports, doors, addresses of effects, sizes, names.
// Each rule is a function from source files to findings; the tables below are what may be edited.
import { globSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Import, readSource, readSourceTree, type SourceFile } from './support/source-tree.ts'

const ROOT = dirname(import.meta.dirname)
const SOURCES = readSourceTree(ROOT, 'src')

/** A folder imports from itself and from folders to its right. */
const FOLDERS = ['cli', 'daemon', 'server', 'deliveries', 'runtime', 'compile', 'config', 'diagnostics', 'base']

/** Files directly in these folders know nothing of each other; `index.ts` lists them. */
const SIBLING_FREE = ['src/compile/steps', 'src/config/rules']

/** What the siblings share: not a step or a rule itself. */
const SHARED_BY_SIBLINGS = ['src/config/rules/rule.ts']

/** How many files may import a third-party package; one when it is not named here. */
const DOORS: Record<string, number> = { jose: 2, ky: 2, fastify: 2, commander: 2 }

/** Folders without effects, the files in them that are excepted, and the packages they may use. */
const PURE_FOLDERS = ['src/compile/', 'src/diagnostics/', 'src/config/']
const NOT_PURE = ['src/config/read.ts']
const PURE_PACKAGES = ['ajv', 'ajv-formats', 'handlebars', 'jose', 'leven', 'yaml']

interface Effect {
  modules?: string[]
  /** Imported names of node:crypto; `*` when all of it is. */
  crypto?: string[]
  uses?: string[]
  /** The addresses: the only files with this effect. */
  files: string[]
}

const EFFECTS: Record<string, Effect> = {
  files: {
    modules: ['node:fs', 'node:fs/promises', 'node:sqlite'],
    files: [
      'src/config/read.ts',
      'src/runtime/places.ts',
      'src/daemon/open-deliveries.ts',
      'src/deliveries/content-store.ts',
      'src/deliveries/queue/sqlite.ts',
      'src/deliveries/open-files.ts',
      'src/deliveries/read-file.ts',
      'src/deliveries/stream-to-file.ts',
      'src/runtime/secrets/secret-store.ts',
      'src/runtime/sinks.ts',
      'src/runtime/state/file-store.ts',
      'src/runtime/state/file-hold.ts',
      'src/daemon/certificate.ts',
      'src/daemon/listen.ts',
      'src/daemon/socket-access.ts',
      'src/cli/compile-cache.ts',
      'src/cli/config-paths.ts',
      'src/cli/output.ts',
      'src/cli/commands/call.ts',
      'src/cli/given-files.ts',
      'src/cli/read-input.ts',
      'src/cli/commands/init.ts',
      'src/cli/commands/schema.ts',
    ],
  },
  network: {
    modules: ['node:net', 'node:http', 'node:https', 'node:http2', 'node:tls', 'node:dgram', 'node:dns'],
    uses: ['fetch', 'WebSocket'],
    files: [
      'src/cli/daemon-api.ts',
      'src/runtime/client.ts',
      'src/runtime/connections/guarded-lookup.ts',
      'src/server/client-error.ts',
      'src/server/http-server.ts',
      'src/server/proxy/tunnels.ts',
      'src/daemon/listen.ts',
      'src/daemon/certificate.ts',
    ],
  },
  processes: {
    modules: ['node:child_process', 'node:worker_threads', 'node:cluster'],
    files: ['src/runtime/secrets/program-output.ts', 'src/daemon/systemd.ts'],
  },
  'process and environment': {
    modules: ['node:process', 'node:os'],
    uses: ['process'],
    files: [
      'src/base/clock.ts',
      'src/daemon/open-deliveries.ts',
      'src/runtime/connections/connections.ts',
      'src/runtime/executor.ts',
      'src/runtime/secrets/program-output.ts',
      'src/runtime/secrets/secret-store.ts',
      'src/daemon/crash.ts',
      'src/daemon/daemon.ts',
      'src/daemon/listen.ts',
      'src/daemon/log.ts',
      'src/daemon/signals.ts',
      'src/daemon/systemd.ts',
      'src/cli/',
    ],
  },
  console: { uses: ['console'], files: [] },
  'timers and time': {
    modules: ['node:timers', 'node:timers/promises', 'node:perf_hooks'],
    uses: [
      ...['setTimeout', 'setInterval', 'setImmediate', 'AbortSignal.timeout'],
      ...['Date.now', 'new Date()', 'performance'],
    ],
    files: [
      'src/cli/hand-over.ts',
      'src/base/clock.ts',
      'src/deliveries/queue/group-commit.ts',
      'src/config/read.ts',
      'src/runtime/client.ts',
      'src/runtime/secrets/program-output.ts',
      'src/runtime/authorization-server/token-endpoint.ts',
      'src/runtime/watch-files.ts',
      'src/daemon/listeners.ts',
      'src/daemon/service-listeners.ts',
      'src/daemon/log.ts',
      'src/daemon/systemd.ts',
      'src/server/callers/client-certificate.ts',
      'src/server/callers/guard.ts',
      'src/server/proxy/forwarding.ts',
      'src/server/proxy/proxy.ts',
      'src/server/proxy/proxy-answer.ts',
      'src/server/proxy/slots.ts',
      'src/server/unread-body.ts',
    ],
  },
  randomness: {
    crypto: [
      '*',
      'randomBytes',
      'randomUUID',
      'randomInt',
      'randomFill',
      'randomFillSync',
      'generateKeyPairSync',
      'webcrypto',
    ],
    uses: ['Math.random', 'crypto.randomUUID', 'crypto.getRandomValues', 'crypto.randomBytes', 'globalThis.crypto'],
    files: [
      'src/cli/hand-over.ts',
      'src/cli/upload-form.ts',
      'src/deliveries/deliver-now.ts',
      'src/runtime/executor.ts',
      'src/runtime/repeats.ts',
      'src/runtime/state/file-store.ts',
      'src/runtime/authorization-server/dpop.ts',
      'src/runtime/state/open-shared.ts',
      'src/runtime/state/sealing.ts',
      'src/runtime/secrets/values.ts',
      'src/server/send-problem.ts',
      'src/daemon/open-deliveries.ts',
      'src/deliveries/deliveries.ts',
    ],
  },
}

/** The files that may call `reveal()` of a Secret. */
const REVEALERS: string[] = [
  'src/cli/commands/token.ts',
  'src/base/secret.ts',
  'src/compile/token/id-token.ts',
  'src/compile/token/refresh.ts',
  'src/compile/steps/request-token.ts',
  'src/compile/text.ts',
  'src/config/definitions/key-shape.ts',
  'src/config/rules/literal-secret.ts',
  'src/runtime/authorization-server/dpop.ts',
  'src/runtime/authorization-server/id-token-signature.ts',
  'src/runtime/state/file-store.ts',
  'src/runtime/state/postgres.ts',
  'src/runtime/state/sealing.ts',
  'src/runtime/state/token-table.ts',
  'src/runtime/pipeline-trace.ts',
  'src/runtime/sinks.ts',
  'src/runtime/connections/connections.ts',
  'src/runtime/secrets/values.ts',
  'src/runtime/generation/live-callers.ts',
]

const MAX_FILE_LINES = 300
const MAX_FUNCTION_LINES = 60
const MAX_PARAMETERS = 4
const MAX_NESTING = 3
const FORBIDDEN_FOLDERS = ['utils', 'helpers', 'lib', 'core', 'common', 'types', 'services']

type Finding = string

function folderOf(path: string): string {
  return path.split('/').length > 2 ? (path.split('/')[1] ?? '') : ''
}

function rankOf(folder: string): number {
  return FOLDERS.indexOf(folder)
}

function eachImport(
  files: readonly SourceFile[],
  check: (item: Import, file: SourceFile) => Finding | undefined,
): Finding[] {
  return files.flatMap(file =>
    file.imports.flatMap(item => {
      const finding = check(item, file)
      return finding ? [`${file.path}:${item.line} ${finding}`] : []
    }),
  )
}

function checkDirections(files: readonly SourceFile[]): Finding[] {
  const unknown = files.filter(({ path }) => folderOf(path) !== '' && rankOf(folderOf(path)) === -1)
  const wrong = eachImport(files, ({ file: target, specifier }, { path }) => {
    if (path === 'src/index.ts' || !target?.startsWith('src/')) return undefined
    const [from, to] = [folderOf(path), folderOf(target)]
    if (target === 'src/index.ts') {
      return from === 'cli' || from === 'daemon' ? undefined : 'only cli/ and daemon/ may import src/index.ts'
    }
    return rankOf(to) >= rankOf(from) ? undefined : `${from}/ must not import '${specifier}': ${to}/ is to its left`
  })
  return [...unknown.map(({ path }) => `${path}:1 its folder is none of ${FOLDERS.join(', ')}`), ...wrong]
}

function checkSiblings(files: readonly SourceFile[]): Finding[] {
  return eachImport(files, ({ file: target = '', specifier }, { path }) => {
    const folder = dirname(path)
    const isRuled = SIBLING_FREE.includes(folder) && path !== `${folder}/index.ts`
    return isRuled && !SHARED_BY_SIBLINGS.includes(target) && dirname(target) === folder
      ? `must not import its sibling '${specifier}'`
      : undefined
  })
}

/** Each cycle once, from its alphabetically first file. */
function checkCycles(files: readonly SourceFile[]): Finding[] {
  const targets = new Map(files.map(({ path, imports }) => [path, imports.flatMap(item => item.file ?? [])]))
  const findings: Finding[] = []
  const search = (start: string, trail: readonly string[], seen: Set<string>): void => {
    for (const next of targets.get(trail.at(-1) ?? '') ?? []) {
      if (next === start) findings.push(`${start}:1 import cycle ${[...trail, start].join(' -> ')}`)
      if (next <= start || seen.has(next)) continue
      seen.add(next)
      search(start, [...trail, next], seen)
    }
  }
  for (const path of targets.keys()) search(path, [path], new Set())
  return findings
}

function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

function checkDoors(files: readonly SourceFile[], doors = DOORS): Finding[] {
  const importers = new Map<string, Map<string, number>>()
  for (const { path, imports } of files) {
    for (const { specifier, line, typeOnly } of imports) {
      const name = packageOf(specifier)
      if (!name || typeOnly) continue
      importers.set(name, (importers.get(name) ?? new Map()).set(path, line))
    }
  }
  return [...importers].flatMap(([name, lines]) => {
    const allowed = doors[name] ?? 1
    if (lines.size <= allowed) return []
    return [...lines].map(
      ([path, line]) => `${path}:${line} is one of ${lines.size} doors of ${name}, ${allowed} allowed`,
    )
  })
}

/** Lines of a file that have the effect, with what shows it. */
function effectsIn(file: SourceFile, effect: Effect): { line: number; name: string }[] {
  const { modules = [], crypto = [], uses = [] } = effect
  const imports = file.imports.filter(item => !item.typeOnly)
  return [
    ...imports
      .filter(({ specifier }) => modules.includes(specifier))
      .map(item => ({ line: item.line, name: item.specifier })),
    ...imports
      .filter(({ specifier }) => specifier === 'node:crypto')
      .flatMap(item => item.names.filter(name => crypto.includes(name)).map(name => ({ line: item.line, name }))),
    ...file.uses.filter(({ name }) => uses.includes(name)),
  ]
}

function checkEffects(files: readonly SourceFile[], effects = EFFECTS): Finding[] {
  return Object.entries(effects).flatMap(([kind, effect]) =>
    files
      .filter(({ path }) => !effect.files.some(address => isAt(path, address)))
      .flatMap(file =>
        effectsIn(file, effect).map(({ line, name }) => `${file.path}:${line} has an effect (${kind}): ${name}`),
      ),
  )
}

/** An address is a file, or a folder that ends with a slash. */
function isAt(path: string, address: string): boolean {
  return address.endsWith('/') ? path.startsWith(address) : path === address
}

function isPure(path: string): boolean {
  return PURE_FOLDERS.some(folder => path.startsWith(folder)) && !NOT_PURE.includes(path)
}

function checkPurity(files: readonly SourceFile[], effects = EFFECTS): Finding[] {
  const pure = files.filter(({ path }) => isPure(path))
  const everywhere = Object.fromEntries(
    Object.entries(effects).map(([kind, effect]) => [kind, { ...effect, files: [] }]),
  )
  const packages = eachImport(pure, ({ specifier, typeOnly }) => {
    const name = packageOf(specifier)
    return name && !typeOnly && !PURE_PACKAGES.includes(name) ? `${name} is not one of the pure packages` : undefined
  })
  return [...checkEffects(pure, everywhere), ...packages]
}

/** Table entries that nothing needs any more. */
function findStaleEntries(files: readonly SourceFile[]): Finding[] {
  const byPath = new Map(files.map(file => [file.path, file]))
  const effects = Object.entries(EFFECTS).flatMap(([kind, effect]) =>
    effect.files
      .filter(address => !files.some(file => isAt(file.path, address) && effectsIn(file, effect).length > 0))
      .map(path => `${kind}: ${path}`),
  )
  const reveals = REVEALERS.filter(path => !byPath.get(path)?.uses.some(({ name }) => name === '.reveal()'))
  return [...effects, ...reveals.map(path => `reveal(): ${path}`)]
}

function checkSizes(files: readonly SourceFile[]): Finding[] {
  return files.flatMap(({ path, lines, functions }) => [
    ...(lines > MAX_FILE_LINES ? [`${path}:${lines} has ${lines} lines, at most ${MAX_FILE_LINES}`] : []),
    ...functions.flatMap(fact => {
      const at = `${path}:${fact.line} ${fact.name}`
      return [
        ...(fact.lines > MAX_FUNCTION_LINES ? [`${at} has ${fact.lines} lines, at most ${MAX_FUNCTION_LINES}`] : []),
        ...(fact.parameters > MAX_PARAMETERS
          ? [`${at} has ${fact.parameters} parameters, at most ${MAX_PARAMETERS}`]
          : []),
        ...(fact.nesting > MAX_NESTING ? [`${at} nests ${fact.nesting} blocks, at most ${MAX_NESTING}`] : []),
      ]
    }),
  ])
}

function checkReveals(files: readonly SourceFile[], revealers = REVEALERS): Finding[] {
  return files
    .filter(({ path }) => !revealers.includes(path))
    .flatMap(({ path, uses }) =>
      uses
        .filter(({ name }) => name === '.reveal()')
        .map(({ line }) => `${path}:${line} calls reveal() and is not listed`),
    )
}

function checkNames(paths: readonly string[]): Finding[] {
  return paths.flatMap(path => {
    const parts = path.split('/')
    const forbidden = parts.slice(0, -1).find(part => FORBIDDEN_FOLDERS.includes(part))
    const odd = parts.find(part => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/.test(part))
    return [
      ...(forbidden ? [`${path}:1 a folder must not be called ${forbidden}`] : []),
      ...(odd ? [`${path}:1 ${odd} is not kebab-case`] : []),
    ]
  })
}

function checkDefaultExports(files: readonly SourceFile[]): Finding[] {
  return files.flatMap(({ path, defaultExports }) => defaultExports.map(line => `${path}:${line} has a default export`))
}

function assertNone(findings: readonly Finding[]): void {
  if (findings.length === 0) return
  const error = new Error(`\n      ${findings.join('\n      ')}`)
  error.stack = ''
  throw error
}

test('there are sources to check', () => assert.ok(SOURCES.length > 5))
test('folders import only to the right', () => assertNone(checkDirections(SOURCES)))
test('steps and rules do not import their siblings', () => assertNone(checkSiblings(SOURCES)))
test('no import cycles', () => assertNone(checkCycles(SOURCES)))
test('one door per package', () => assertNone(checkDoors(SOURCES)))
test('effects have addresses', () => assertNone(checkEffects(SOURCES)))
test('compile, config and diagnostics have no effects', () => assertNone(checkPurity(SOURCES)))
test('files, functions, parameters and nesting have limits', () => assertNone(checkSizes(SOURCES)))
test('reveal() has few callers', () => assertNone(checkReveals(SOURCES)))
test('the tables hold no stale entry', () => assertNone(findStaleEntries(SOURCES)))
test('no default exports', () => assertNone(checkDefaultExports(SOURCES)))
test('names of files and folders', () => {
  const paths = globSync('src/**/*.*', { cwd: ROOT }).filter(path => !path.endsWith('.generated.js'))
  assertNone(checkNames(paths.map(path => path.replaceAll('\\', '/'))))
})

/** Made-up files: prove that a rule that finds nothing above can find something. */
function filesOf(sources: Record<string, string>): SourceFile[] {
  return Object.entries(sources)
    .sort()
    .map(([path, source]) => readSource(path, source))
}

test('rule at work: directions, siblings, cycles', () => {
  const files = filesOf({
    'src/index.ts': "export { a } from './cli/a.ts'\n",
    'src/cli/a.ts': "import { x } from '../index.ts'\nimport { b } from '../base/b.ts'\n",
    'src/base/b.ts': "import type { C } from '../config/c.ts'\nimport '../index.ts'\n",
    'src/config/rules/one.ts': "import { two } from './two.ts'\n",
    'src/config/rules/two.ts': "import { d } from '../d.ts'\n",
    'src/config/d.ts': "import { one } from './rules/one.ts'\n",
    'src/config/rules/index.ts': "import { one } from './one.ts'\n",
    'src/other/e.ts': '',
  })
  assert.equal(checkDirections(files), [
    'src/other/e.ts:1 its folder is none of cli, daemon, server, deliveries, runtime, compile, config, diagnostics, base',
    "src/base/b.ts:1 base/ must not import '../config/c.ts': config/ is to its left",
    'src/base/b.ts:2 only cli/ and daemon/ may import src/index.ts',
  ])
  assert.equal(checkSiblings(files), ["src/config/rules/one.ts:1 must not import its sibling './two.ts'"])
  assert.equal(checkCycles(files), [
    'src/base/b.ts:1 import cycle src/base/b.ts -> src/index.ts -> src/cli/a.ts -> src/base/b.ts',
    'src/cli/a.ts:1 import cycle src/cli/a.ts -> src/index.ts -> src/cli/a.ts',
    'src/config/d.ts:1 import cycle src/config/d.ts -> src/config/rules/one.ts -> src/config/rules/two.ts -> src/config/d.ts',
  ])
})

test('rule at work: doors', () => {
  const files = filesOf({
    'src/a.ts': "import pino from 'pino'\nimport ky from 'ky'\nimport a from '@x/y/z'\nimport type { B } from 'yaml'\n",
    'src/b.ts': "import 'pino/file'\nimport ky from 'ky'\nconst a = await import('@x/y')\nimport { b } from 'yaml'\n",
  })
  assert.equal(checkDoors(files, { ky: 2 }), [
    'src/a.ts:1 is one of 2 doors of pino, 1 allowed',
    'src/b.ts:1 is one of 2 doors of pino, 1 allowed',
    'src/a.ts:3 is one of 2 doors of @x/y, 1 allowed',
    'src/b.ts:3 is one of 2 doors of @x/y, 1 allowed',
  ])
})

test('rule at work: effects and purity', () => {
  const source = [
    "import { createHash, randomBytes } from 'node:crypto'",
    "import { readFile } from 'node:fs/promises'",
    'const env = process.env',
    'const now = [Date.now(), new Date(), new Date(5), performance.now()]',
    'const later = (clock: { setTimeout(): void; fetch(): void }) => [clock.setTimeout(), clock.fetch(), fetch("/")]',
    'setTimeout(() => console.log(Math.random()), 5)',
    "import { got } from 'got'",
    'AbortSignal.timeout(5)',
    'const own = (process: Own, { console: crypto }) => [process.env, crypto.randomUUID()]',
  ].join('\n')
  const findings = (path: string): string[] => checkPurity(filesOf({ [path]: source }))
  assert.equal(
    findings('src/compile/a.ts').map(finding => finding.replace('src/compile/a.ts:', '')),
    [
      '2 has an effect (files): node:fs/promises',
      '5 has an effect (network): fetch',
      '3 has an effect (process and environment): process',
      '6 has an effect (console): console',
      '4 has an effect (timers and time): Date.now',
      '4 has an effect (timers and time): new Date()',
      '4 has an effect (timers and time): performance',
      '6 has an effect (timers and time): setTimeout',
      '8 has an effect (timers and time): AbortSignal.timeout',
      '1 has an effect (randomness): randomBytes',
      '6 has an effect (randomness): Math.random',
      '7 got is not one of the pure packages',
    ],
  )
  assert.equal(findings('src/config/read.ts'), [])
  const files = filesOf({ 'src/base/a.ts': 'setTimeout(f, 5)', 'src/base/b.ts': 'setTimeout(f, 5)' })
  const table = { timers: { uses: ['setTimeout'], files: ['src/base/a.ts'] } }
  assert.equal(checkEffects(files, table), ['src/base/b.ts:1 has an effect (timers): setTimeout'])
})

test('rule at work: sizes', () => {
  const nested = 'function deep(a) { if (a) { for (;;) { try { while (a) {} } catch {} } } }'
  const chain = 'const flat = a => { if (a) {} else if (b) {} else if (c) {} else if (d) {} else {} }'
  const long = `const o = { long() {\n${'f()\n'.repeat(60)}} }`
  const files = filesOf({
    'src/a.ts': `${nested}\n${chain}\nconst five = (a: 1, b: 2, c: 3, d: 4, e: 5) => a\n${long}\n`,
    'src/b.ts': 'f()\n'.repeat(301),
  })
  assert.equal(checkSizes(files).sort(), [
    'src/a.ts:1 deep nests 4 blocks, at most 3',
    'src/a.ts:3 five has 5 parameters, at most 4',
    'src/a.ts:4 long has 62 lines, at most 60',
    'src/b.ts:301 has 301 lines, at most 300',
  ])
})

test('rule at work: reveal, names, default exports', () => {
  const files = filesOf({ 'src/a.ts': 'f(x.reveal(),\n  y?.z.reveal())\n', 'src/b.ts': 'export default 1' })
  assert.equal(checkReveals(files, []), [
    'src/a.ts:1 calls reveal() and is not listed',
    'src/a.ts:2 calls reveal() and is not listed',
  ])
  assert.equal(checkReveals(files, ['src/a.ts']), [])
  assert.equal(
    checkNames(['src/base/clock.ts', 'src/utils/x.ts', 'src/base/fakeClock.ts', 'src/server/page/a-b.html']),
    ['src/utils/x.ts:1 a folder must not be called utils', 'src/base/fakeClock.ts:1 fakeClock.ts is not kebab-case'],
  )
  assert.equal(checkDefaultExports(files), ['src/b.ts:1 has a default export'])
})

test.run()
