// dist/ is committed: it is what the sources give, in any folder, and one changed module changes one file of it.
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { buildInto } from '../scripts/build.ts'

const ROOT = dirname(import.meta.dirname)
const directory = mkdtempSync(join(tmpdir(), 'bearerd-build-'))
const fresh = join(directory, 'fresh')
const checkout = join(directory, 'some/other checkout')

test.before(() => buildInto(fresh))
test.after(() => rmSync(directory, { recursive: true }))

/** The files of a folder with their content. */
function contentOf(folder: string): Map<string, string> {
  const files = globSync('**/*', { cwd: folder }).filter(file => statSync(join(folder, file)).isFile())
  return new Map(files.sort().map(file => [file.replaceAll('\\', '/'), readFileSync(join(folder, file), 'latin1')]))
}

/** The files that only one has or that are not the same. */
function differences(a: Map<string, string>, b: Map<string, string>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter(file => a.get(file) !== b.get(file)).sort()
}

function buildCheckout(): Map<string, string> {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.ts'], { cwd: checkout, encoding: 'utf8' })
  assert.is(status, 0, stderr)
  return contentOf(join(checkout, 'dist'))
}

test('dist/ is not stale', () => {
  const stale = differences(contentOf(join(ROOT, 'dist')), contentOf(fresh))
  assert.equal(stale, [], `dist/ is stale (${stale.join(', ')}): run \`node scripts/build.ts\` and commit it`)
})

test('the program in dist/ can be executed', () => {
  assert.is(statSync(join(ROOT, 'dist/cli.js')).mode & 0o111, 0o111)
})

test('another folder gives the same bytes', () => {
  for (const path of ['src', 'scripts', 'schema', 'package.json', 'tsconfig.json', 'tsconfig.build.json']) {
    cpSync(join(ROOT, path), join(checkout, path), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'))
  assert.equal(differences(buildCheckout(), contentOf(fresh)), [])
})

test('one changed module changes one file and no name', () => {
  const path = join(checkout, 'src/cli/commands/token.ts')
  writeFileSync(path, `${readFileSync(path, 'utf8')}\nexport const CHANGED = process.uptime()\nprocess.title = 'x'\n`)
  assert.equal(differences(buildCheckout(), contentOf(fresh)), ['token.js'])
})

test('nothing tells of the folder it was built in', () => {
  for (const [file, text] of contentOf(fresh)) {
    assert.not.ok(text.includes(ROOT) || text.includes(directory), file)
  }
})

test('Git keeps it, as it is', () => {
  const ignored = readFileSync(join(ROOT, '.gitignore'), 'utf8').split('\n')
  assert.not.ok(ignored.some(line => /^\/?dist\/?$/.test(line)))
  assert.match(readFileSync(join(ROOT, '.gitattributes'), 'utf8'), /^dist\/\*\* .*-text.*linguist-generated/m)
})

test.run()
