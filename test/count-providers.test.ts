// The count over a catalogue: what can be written runs as declared, what cannot is named, others do not count.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const ROOT = join(import.meta.dirname, '..')

test('two of three entries are as declared', () => {
  const script = join(ROOT, 'scripts/count-providers/count.ts')
  const told = execFileSync(process.execPath, [script, join(ROOT, 'test/fixtures/catalogue.yaml')], {
    encoding: 'utf8',
  })
  const [, reason, result] = /\n(.*)\n(.*)\n$/.exec(told)!
  assert.is(reason, 'login-elsewhere: no XML body')
  assert.is(result, '2 of 3 as declared')
  assert.match(told, '| `tokenRequest.format: json` | 1 |')
  assert.match(told, '| one account fed by another | 2 | 66.7 % |')
})

test.run()
