// docs/http.md is what the server does: every route of both listeners, every problem code with its status.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { OPENAPI } from '../src/server/openapi.ts'

const ROOT = dirname(import.meta.dirname)
const page = readFileSync(join(ROOT, 'docs/http.md'), 'utf8')

test('every route is there', () => {
  const routes = Object.keys(OPENAPI.paths as object).map(path => path.replace('{path}', '...'))
  const missing = routes.filter(route => !page.includes(`\`${route}`) && !page.includes(` ${route}\``))
  assert.equal(
    missing.filter(route => route !== '/v1/services/{service}/proxy'),
    [],
  )
})

/** Of rows such as `a`, `b` | 400, 401 |. */
function listedCodes(): Map<string, string> {
  const rows = [...page.slice(page.indexOf('| code | status |')).matchAll(/^\| (`\w+`(?:, `\w+`)*) \| ([\d, ]+) \|/gm)]
  return new Map(
    rows.flatMap(([, codes = '', statuses = '']) => {
      const each = statuses.trim().split(', ')
      return codes.split(', ').map((code, at): [string, string] => [code.replaceAll('`', ''), each[at] ?? each.at(-1)!])
    }),
  )
}

test('every problem code is there, with its status, and no other', () => {
  const sources = globSync('src/server/**/*.ts', { cwd: ROOT }).map(path => readFileSync(join(ROOT, path), 'utf8'))
  const told = sources.flatMap(source => [
    ...source.matchAll(/^ {2}(\w+): \{ status: (\d+), title/gm),
    ...source.matchAll(/problem\(\s*'(\w+)',\s*(\d+)/g),
  ])
  const codes = told.map(([, code, status]): [string, string] => [code!, status!])
  assert.ok(codes.length > 30)
  assert.equal([...new Map([...listedCodes()].sort())], [...new Map(codes.sort())])
})

test.run()
