// Which requests `allow` lets pass, also when a path is written so that servers may read it in two ways.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compileAllow } from '../../src/compile/allow.ts'

for (const [glob, passes, refused] of [
  ['/contacts', ['/contacts', '/cont%61cts'], ['/contacts/', '/contacts/1', '/Contacts', '/', '/contactsx']],
  [
    '/contacts/*',
    ['/contacts/1', '/contacts/a%20b', '/contacts/a.b'],
    ['/contacts', '/contacts/', '/contacts/1/2', '/contacts/1%2F2'],
  ],
  [
    '/contacts/**',
    ['/contacts', '/contacts/', '/contacts/1', '/contacts/1/2', '/contacts/1%2F2'],
    ['/contact', '/contactsx', '/x/contacts/1'],
  ],
  ['/**', ['/', '/a', '/a/b'], []],
  ['/**/items', ['/items', '/a/items', '/a/b/items'], ['/a/itemsx', '/items/a']],
  ['/v*/x-*.json', ['/v1/x-a.json', '/v/x-.json'], ['/v1/x-a_json', '/v1/2/x-a.json', '/w/x-a.json']],
  ['/a+b(c)', ['/a+b(c)'], ['/aab(c)', '/abc']],
  [
    '/public/**',
    ['/public/a'],
    ['/public/%2e%2e%2fadmin', '/public/..%5cadmin', '//public/a', '/public%2Fa', '/public/%2e%2e'],
  ],
  ['/a/*/b', ['/a/x/b'], ['/a//b', '/a/x//b', '/a/%2F/b']],
] as const) {
  test(`the path ${glob}`, () => {
    const allow = compileAllow({ paths: [glob] })
    for (const path of passes) assert.ok(allow('GET', path), path)
    for (const path of refused) assert.not.ok(allow('GET', path), path)
  })
}

test('methods and paths, each alone and together', () => {
  const both = compileAllow({ methods: ['GET', 'HEAD'], paths: ['/a', '/b'] })
  assert.ok(both('GET', '/a') && both('HEAD', '/b'))
  assert.not.ok(both('POST', '/a') || both('GET', '/c') || both('get', '/a'))
  assert.ok(compileAllow({ methods: ['GET'] })('GET', '/anything/at/all'))
})

test.run()
