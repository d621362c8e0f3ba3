// Compiled code is kept where no other user can put code of theirs, or nowhere.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compileCacheFolder } from '../../src/cli/compile-cache.ts'
import { runProgram } from '../support/run-program.ts'
import { withFolder } from '../support/with-folder.ts'

const closers: (() => unknown)[] = []

test.after(() => {
  for (const close of closers) close()
})

test('in the cache folder of the user, or below the home folder', () => {
  const folder = (environment: Record<string, string>) => compileCacheFolder(environment, () => true)
  assert.is(folder({ HOME: '/home/a' }), '/home/a/.cache/bearerd')
  assert.is(folder({ HOME: '/home/a', XDG_CACHE_HOME: '/caches/a' }), '/caches/a/bearerd')
  assert.is(folder({ LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local' }), 'C:\\Users\\a\\AppData\\Local/bearerd')
})

test('nowhere, when that folder is not there or belongs to another user', () => {
  assert.is(compileCacheFolder({}), undefined)
  assert.is(compileCacheFolder({ HOME: '/no/such/folder' }), undefined)
  assert.is(
    compileCacheFolder({ HOME: '/home/a' }, () => false),
    undefined,
  )
})

test('every command keeps it there, unless Node is told not to', async () => {
  const folder = withFolder({}, closers)
  const env = { HOME: folder, XDG_CACHE_HOME: '', LOCALAPPDATA: '', NODE_COMPILE_CACHE: '' }
  assert.is((await runProgram(['--version'], { env: { ...env, NODE_DISABLE_COMPILE_CACHE: '1' } })).code, 0)
  assert.not.ok(existsSync(join(folder, '.cache')))
  assert.is((await runProgram(['--version'], { env })).code, 0)
  assert.is(readdirSync(join(folder, '.cache/bearerd')).length, 1)
})

test.run()
