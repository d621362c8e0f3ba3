// SARIF logs against the JSON Schema of SARIF 2.1.0, which is in test/fixtures/sarif/.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import * as assert from 'uvu/assert'

const FILE = join(import.meta.dirname, '../fixtures/sarif/sarif-2.1.0-rtm.5.json')

/** Of draft 4, of which this schema uses nothing that draft 7 reads in another way but its own name. */
const { $schema, id, ...schema } = JSON.parse(readFileSync(FILE, 'utf8'))

const ajv = new Ajv({
  strict: false,
  allErrors: true,
  unicodeRegExp: false,
  formats: {
    uri: text => URL.canParse(text),
    'uri-reference': text => /^[\w!#$%&'()*+,./:;=?@~-]*$/.test(text) && URL.canParse(text, 'https://base.example/'),
    'date-time': text => !Number.isNaN(Date.parse(text)),
  },
})
const isLog = ajv.compile(schema)

export function assertSarif(log: unknown): void {
  assert.ok(isLog(log), JSON.stringify(isLog.errors, null, 2))
}
