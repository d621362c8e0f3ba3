// Builds dist/: the program and the library as a few bundled files, because a short command spends most of its time finding
// and loading modules. The daemon's packages and Handlebars stay outside and are loaded when they are needed.
// dist/ is committed, for installs from a Git clone: the same sources give the same bytes in any folder.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { build, type Metafile, type Plugin, transformSync } from 'esbuild'
import { writeValidators } from './build-validator.ts'

const ROOT = dirname(import.meta.dirname)
const ENTRIES: Record<string, string> = { cli: 'src/cli/main.ts', index: 'src/index.ts' }
const OUTSIDE = [
  ...['fastify', '@fastify/multipart', 'pino', 'undici', 'ky', 'chokidar', 'prom-client', 'handlebars'],
  ...['pg', 'pg-boss'],
]

/** Generated files, that are loaded by name: as they are. */
const AS_THEY_ARE = ['is-valid', 'validate-schema'].map(name => `src/config/schema/${name}.generated.cjs`)

/** What commander imports and a short command never uses: loading it costs as much as reading a small file. */
const UNUSED: Record<string, string> = {
  'node:child_process': 'export default {}',
  'node:fs': 'export default {}',
  'node:process': 'export default process',
  'node:util': 'export const stripVTControlCharacters = text => text',
}

const withoutUnused: Plugin = {
  name: 'without-unused',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, importer }) =>
      path in UNUSED && importer.includes('/commander/') ? { path, namespace: 'unused' } : undefined,
    )
    onLoad({ filter: /^/, namespace: 'unused' }, ({ path }) => ({ contents: UNUSED[path]! }))
  },
}

/** `import` makes each name of a module of Node at once, and some of these load a good part of Node: what the sources use. */
const PLAIN: Record<string, string> = {
  'node:fs':
    'chmodSync, closeSync, createReadStream, createWriteStream, existsSync, fsyncSync, glob, mkdirSync, openSync, readdir, ' +
    'readFile, readFileSync, stat, statSync, unlinkSync, writeFileSync, writeSync',
  'node:util': 'promisify',
  'node:v8': 'setFlagsFromString',
}

const withoutUnusedNames: Plugin = {
  name: 'without-unused-names',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path }) => (path in PLAIN ? { path, namespace: 'plain' } : undefined))
    onLoad({ filter: /^/, namespace: 'plain' }, ({ path }) => ({
      contents: `import { createRequire } from 'node:module'
        // Node below 20.16 has no function for it.
        const builtin = process.getBuiltinModule ?? createRequire(import.meta.url)
        export const { ${PLAIN[path]} } = builtin('${path}')`,
    }))
  },
}

/** What is said to its readers is not read at each start. */
const withoutComments: Plugin = {
  name: 'without-comments',
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/(commander|yaml)\/.*\.js$/ }, ({ path }) => ({
      contents: transformSync(readFileSync(path, 'utf8'), { minifyWhitespace: true }).code,
    }))
  },
}

/** Empties `outdir` and fills it from the sources; writes nothing else. */
export async function buildInto(outdir: string): Promise<void> {
  const files = await bundle()
  rmSync(outdir, { recursive: true, force: true })
  mkdirSync(outdir, { recursive: true })
  for (const [name, text] of files) writeFileSync(join(outdir, name), text)
  for (const file of AS_THEY_ARE) copyFileSync(join(ROOT, file), join(outdir, basename(file)))
  chmodSync(join(outdir, 'cli.js'), 0o755)
  writeDeclarations(join(outdir, 'types'))
}

/** The text of each bundled file by its name. */
async function bundle(): Promise<Map<string, string>> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES,
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: OUTSIDE,
    // The same parser without questions to the environment at each word, as modules of which the unused ones stay out.
    alias: { yaml: './node_modules/yaml/browser/dist/index.js' },
    plugins: [withoutUnused, withoutUnusedNames, withoutComments],
    logLevel: 'warning',
    // Comments name the modules by their path below the checkout, also where node_modules is a link.
    preserveSymlinks: true,
    metafile: true,
    write: false,
  })
  const names = stableNames(metafile.outputs)
  const hashed = new RegExp([...names.keys()].map(name => name.replace('.', '\\.')).join('|'), 'g')
  return new Map(
    outputFiles.map(({ path, text }) => {
      const name = basename(path)
      return [names.get(name) ?? name, text.replaceAll(hashed, found => names.get(found)!)]
    }),
  )
}

type Output = Metafile['outputs'][string]

/** Names with a hash of the content would rename files with every change: here a file is named after what it holds. */
function stableNames(outputs: Metafile['outputs']): Map<string, string> {
  const taken = new Set(Object.keys(ENTRIES))
  const names = new Map<string, string>()
  const chunks = Object.entries(outputs).filter(
    ([, { entryPoint }]) => !Object.values(ENTRIES).includes(`${entryPoint}`),
  )
  for (const [path, output] of chunks.sort(([, a], [, b]) => (contentOf(a) < contentOf(b) ? -1 : 1))) {
    const wanted = nameOf(output)
    let name = wanted
    for (let count = 2; taken.has(name); count++) name = `${wanted}-${count}`
    taken.add(name)
    names.set(basename(path), `${name}.js`)
  }
  return names
}

/** Decides which of two files gets a name that both want. */
function contentOf({ inputs }: Output): string {
  return Object.keys(inputs).sort().join()
}

/** What is loaded by itself has its module's name; what several share that of the largest module in it. */
function nameOf({ entryPoint, inputs }: Output): string {
  if (entryPoint) return moduleName(entryPoint)
  const [largest] = Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
  return `shared-${largest ? moduleName(largest[0]) : 'runtime'}`
}

function moduleName(path: string): string {
  const [, owner] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? []
  return (owner ?? basename(path)).replace(/\.[jt]s$|^plain:/, '').replace(/[/:]/, '-')
}

function writeDeclarations(outdir: string): void {
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  const { status } = spawnSync(tsc, ['-p', join(ROOT, 'tsconfig.build.json'), '--outDir', outdir], { stdio: 'inherit' })
  if (status !== 0) throw new Error('tsc could not write the declarations')
}

if (process.argv[1] === import.meta.filename) {
  writeValidators()
  await buildInto(join(ROOT, 'dist'))
}
