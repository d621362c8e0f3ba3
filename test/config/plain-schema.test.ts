// What counts as a plain schema is one for Ajv too, and what Ajv refuses never counts as plain.
import Ajv2020 from 'ajv/dist/2020.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isPlainSchema } from '../../src/config/schema/plain-schema.ts'
import { pick, random } from './support.ts'

const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null', 'strng', undefined, ['string']]
const KEYWORDS: Record<string, unknown[]> = {
  title: ['T', 1],
  default: ['x', null, 3],
  enum: [['a'], [], ['a', 'a'], [1, 2], 'a'],
  minLength: [1, -1, 1.5, '1'],
  maximum: [1, -1.5, '1'],
  required: [['a'], ['a', 'a'], [1], 'a'],
  additionalProperties: [false, true, 'no'],
  minItems: [0, -2],
  propertis: [{}],
  pattern: ['^a', '('],
}

function schemaOf(next: () => number, depth = 0): Record<string, unknown> {
  const schema: Record<string, unknown> = { type: pick(next, TYPES) }
  for (const [name, values] of Object.entries(KEYWORDS)) if (next() < 0.15) schema[name] = pick(next, values)
  if (depth < 3 && next() < 0.6) schema.properties = { a: schemaOf(next, depth + 1), b: schemaOf(next, depth + 1) }
  if (depth < 3 && next() < 0.3) schema.items = schemaOf(next, depth + 1)
  return JSON.parse(JSON.stringify(schema))
}

test('a plain schema is one for Ajv in strict mode', () => {
  const next = random(20261124)
  let plain = 0
  for (let round = 0; round < 1000; round++) {
    const schema = schemaOf(next)
    if (!isPlainSchema(schema)) continue
    plain++
    const ajv = new Ajv2020.default({ strict: true, strictRequired: false, validateFormats: false, logger: false })
    assert.not.throws(() => ajv.compile(schema), JSON.stringify(schema))
  }
  assert.ok(plain > 30, `${plain} plain schemas`)
})

test('the usual schema is plain', () => {
  const properties = {
    number: { type: 'string', minLength: 1 },
    total: { type: 'number' },
    tag: { type: 'string', enum: ['a'] },
  }
  assert.ok(isPlainSchema({ type: 'object', properties, required: ['number'], additionalProperties: false }))
})

test.run()
