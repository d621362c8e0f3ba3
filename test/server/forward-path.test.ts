// Which paths a proxy builds: below the service's own, whatever the caller writes.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { forwardPath } from '../../src/server/proxy/forward-path.ts'

const PASSES: [string, string][] = [
  ['', '/base/'],
  ['/', '/base/'],
  ['/a/b?c=/../d', '/base/a/b?c=/../d'],
  ['/a/./b/../c', '/base/a/c'],
  ['/a/%2e/b/%2E%2e/c', '/base/a/c'],
  ['/a/.%2e/c', '/base/c'],
  ['//a//b', '/base//a//b'],
  ['/@evil.example', '/base/@evil.example'],
  ['//evil.example/x', '/base//evil.example/x'],
  ['/:80@evil.example/', '/base/:80@evil.example/'],
  ['/http://evil.example/', '/base/http://evil.example/'],
  ['/a%2Fb', '/base/a%2Fb'],
  ['/...', '/base/...'],
  ['/.hidden', '/base/.hidden'],
  ['/a%20b%C3%A9', '/base/a%20b%C3%A9'],
  ['/100%2525', '/base/100%2525'],
  ['/v1.%252e', '/base/v1.%252e'],
]

for (const [rest, expected] of PASSES) {
  test(`${rest || 'nothing'} is ${expected}`, () => assert.is(forwardPath('/base', rest), expected))
}

const REFUSED = [
  ...['/..', '/../', '/a/../../b', '/%2e%2e/', '/.%2e/', '/%2E./', '/a/../%2e%2e/b'],
  ...[
    '/..%2fb',
    '/a/..%2F..%2Fb',
    '/%2e%2e%2fb',
    '/..%5cb',
    '/a%2f..',
    '/a%5c..%5cb',
    '/..;/b',
    '/..;x=1/b',
    '/..%3b/b',
  ],
  ...['/%252e%252e/b', '/%252e%252e%252fb', '/%25252e%25252e/b', '/..%252fb', '/..%25252fb', '/..%255cb'],
  ...['/%c0%ae%c0%ae/b', '/%c0%afb', '/%c1%9c', '/%e0%80%ae%e0%80%ae/', '/%f0%80%80%ae/', '/a%00b', '/..%00/'],
  ...['/%ef%bc%8e%ef%bc%8e/b', '/..%ef%bc%8fb', '/%e2%80%a5/b', '/a%ef%bc%bc..%ef%bc%bcb', '/%25ef%25bc%258e./b'],
  ...['/a\\..\\b', '\\\\evil.example', '/a b', '/a\tb', '/a\r\nX: y', '/a#b', '/a\0b', '/a\x7fb'],
]

for (const rest of REFUSED) {
  test(`${JSON.stringify(rest)} is refused`, () => {
    try {
      assert.unreachable(`became ${forwardPath('/base', rest)}`)
    } catch (error) {
      assert.ok(error instanceof AppError, String(error))
      assert.is(error.code, 'invalid_path')
    }
  })
}

test.run()
