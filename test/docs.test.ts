// The generated pages of docs/ are what the schema and the rules say, and links and commands in the hand-written ones exist.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { PAGES } from '../scripts/build-reference.ts'

const ROOT = dirname(import.meta.dirname)
const MARKDOWN = globSync(['*.md', 'docs/**/*.md', 'examples/*.md'], { cwd: ROOT }).sort()

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

for (const [path, page] of Object.entries(PAGES)) {
  test(`${path} is fresh`, () => {
    assert.ok(existsSync(join(ROOT, path)) && read(path) === page(), 'stale: run `node scripts/build-reference.ts`')
  })
}

/** As GitHub makes them. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(' ', '-')
      .replaceAll(/[^\w-]/g, ''),
  )
}

for (const file of MARKDOWN) {
  test(`links of ${file}`, () => {
    const links = [...read(file).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)]
    const broken = links.filter(([, path, anchor]) => {
      const target = path ? join(dirname(file), path) : file
      if (!existsSync(join(ROOT, target))) return true
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor)
    })
    assert.equal(
      broken.map(([link]) => link),
      [],
    )
  })

  test(`npm scripts and files named in ${file}`, () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const names = [...read(file).matchAll(/npm run (?:-s )?([\w-]+)/g)].map(([, name]) => name!)
    assert.equal(
      names.filter(name => !scripts[name]),
      [],
    )
    const paths = [
      ...read(file).matchAll(/`((?:src|test|scripts|schema|examples|docs|bench|demo)\/[\w./-]*(?:\/|\.\w+))`/g),
    ]
    assert.equal(
      paths.map(([, path]) => path!).filter(path => !existsSync(join(ROOT, path))),
      [],
    )
  })
}

test.run()
