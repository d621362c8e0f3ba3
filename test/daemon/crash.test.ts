// Errors that nobody caught: what is told of them, and that the process ends.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError, errorFacts } from '../../src/base/error.ts'

const SECRET = 'canary-of-a-crash'

test('of a foreign error kind, code and place are told, and nothing of its text', () => {
  const error = Object.assign(new TypeError(`fetch failed\n    at Bearer ${SECRET}`), {
    code: 'ECONNRESET',
    headers: SECRET,
  })
  const facts = errorFacts(error)
  assert.equal([facts.error, facts.errorCode], ['TypeError', 'ECONNRESET'])
  assert.match(facts.stack[0]!, 'crash.test.ts')
  assert.not.match(JSON.stringify(facts), SECRET)
  for (const odd of [SECRET, { message: SECRET }, undefined, Object.assign(new Error('x'), { code: SECRET })])
    assert.not.match(JSON.stringify(errorFacts(odd)), SECRET)
})

test('of our own error the message is told', () => {
  assert.is(
    errorFacts(new AppError('invalid_path', 'the path leaves the service')).error,
    'the path leaves the service',
  )
})

for (const how of [`throw new Error('${SECRET}')`, `Promise.reject(new Error('${SECRET}'))`]) {
  test(`the process ends with a message: ${how.slice(0, 14)}`, async () => {
    const script = `
      import { endOnCrash } from './src/daemon/crash.ts'
      import { createLog } from './src/daemon/log.ts'
      const log = createLog({ level: 'info', format: 'json' })
      endOnCrash(() => log)
      setTimeout(() => { ${how} })
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { cwd: process.cwd() })
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    assert.is(code, 3)
    assert.match(stderr, /"level":"error".*"error":"Error".*bearerd ends/)
    assert.not.match(stderr, SECRET)
  })
}

test.run()
