// A secret prints as [secret] wherever something prints it, and foreign texts lose every form of it.
import { format, inspect } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cleanForeignText, Secret } from '../../src/base/secret.ts'

const TEXT = 'hunter2 & p/w+ü'
const secret = new Secret(TEXT)

const PRINTED: [how: string, text: string][] = [
  ['String()', String(secret)],
  ['a template literal', `${secret}`],
  ['concatenation', '<'.concat(secret as unknown as string)],
  ['toString()', secret.toString()],
  ['join', [secret].join()],
  ['JSON', JSON.stringify(secret)],
  ['JSON, nested and indented', JSON.stringify({ a: [secret], b: { secret } }, null, 2)],
  ['inspect', inspect(secret)],
  ['inspect, nested', inspect({ a: [secret], b: new Map([['c', secret]]), d: new Set([secret]) }, { depth: 9 })],
  ['inspect, all of it', inspect(secret, { showHidden: true, depth: 9, getters: true })],
  ['inspect without custom functions', inspect({ secret }, { customInspect: false, showHidden: true, depth: 9 })],
  ['format %s', format('%s', secret)],
  ['format %o', format('%o', secret)],
  ['format %O', format('%O', secret)],
  ['format %j', format('%j', secret)],
  ['an error with it as cause', inspect(new Error('failed', { cause: secret }))],
  ['an error with it as property', inspect(Object.assign(new Error('failed'), { secret }))],
  ['its keys', JSON.stringify([Object.keys(secret), Object.entries(secret), { ...secret }])],
  ['its own names', Reflect.ownKeys(secret).map(String).join()],
  ['a property key', Object.keys({ [String(secret)]: 1 }).join()],
  ['URLSearchParams', new URLSearchParams({ a: String(secret) }).toString()],
]

test('no way of printing shows the text', () => {
  for (const [how, text] of PRINTED) assert.not.match(text, /hunter2|p\/w/, how)
  assert.is(String(secret), '[secret]')
  assert.is(JSON.stringify({ secret }), '{"secret":"[secret]"}')
  assert.is(inspect({ secret }), '{ secret: [secret] }')
})

test('a structured clone does not carry it', () => {
  const copy = structuredClone(secret) as object
  assert.not.match(inspect(copy, { showHidden: true }) + JSON.stringify(copy), /hunter2/)
})

test('reveal gives it back, and only that', () => {
  assert.is(secret.reveal(), TEXT)
  assert.is(new Secret('').reveal(), '')
})

const FORMS: [form: string, text: string][] = [
  ['plain', TEXT],
  ['percent-encoded', encodeURIComponent(TEXT)],
  ['form-encoded', new URLSearchParams({ a: TEXT }).toString().slice(2)],
  ['base64', Buffer.from(TEXT).toString('base64')],
  ['base64url', Buffer.from(TEXT).toString('base64url')],
]

test('every form of a secret is replaced in a foreign text, also twice and in the middle of words', () => {
  for (const [form, text] of FORMS) {
    assert.is(cleanForeignText(`invalid "${text}" given`, [secret]), 'invalid "[secret]" given', form)
    assert.is(cleanForeignText(`x${text}y${text}z`, [secret]), 'x[secret]y[secret]z', form)
  }
})

test('the pair of HTTP Basic is replaced when it is given', () => {
  const pair = new Secret('client:word-1234')
  const basic = Buffer.from('client:word-1234').toString('base64')
  assert.is(cleanForeignText(`Authorization: Basic ${basic}`, [pair]), 'Authorization: Basic [secret]')
})

test('a secret that contains another one is replaced whole', () => {
  const secrets = [new Secret('word'), new Secret('word-and-more')]
  assert.is(cleanForeignText('a word-and-more b word c', secrets), 'a [secret] b [secret] c')
  assert.is(cleanForeignText('a word-and-more b word c', secrets.reverse()), 'a [secret] b [secret] c')
})

test('texts too short to be secrets stay, or nothing could be read', () => {
  assert.is(cleanForeignText('the abc of it', [new Secret('abc'), new Secret('')]), 'the abc of it')
  assert.is(cleanForeignText('the abcd of it', [new Secret('abcd')]), 'the [secret] of it')
})

const CLEANED: [text: string, cleaned: string][] = [
  ['', ''],
  ['plain text', 'plain text'],
  ['  blanks  around  ', 'blanks  around'],
  ['two\nlines\r\n', 'two lines'],
  ['\x1b[31mred\x1b[0m', '[31mred [0m'],
  ['tab\tnul\0bell\x07', 'tab nul bell'],
  ['ü 😀 \u202eabc', 'abc'],
  ['a'.repeat(200), 'a'.repeat(200)],
  ['a'.repeat(201), `${'a'.repeat(197)}...`],
]

test('printable ASCII, at most 200 characters', () => {
  for (const [text, cleaned] of CLEANED) assert.is(cleanForeignText(text, []), cleaned)
  assert.is(cleanForeignText('abcdefghij', [], 6), 'abc...')
})

test('a secret across the limit of length is replaced before the text is cut', () => {
  const cut = cleanForeignText(`${'a'.repeat(195)}hunter2-and-more`, [new Secret('hunter2-and-more')])
  assert.not.match(cut, /hunter2/)
})

test('signs of regular expressions in a secret are plain text', () => {
  assert.is(cleanForeignText('x $&.*[a]( y', [new Secret('$&.*[a](')]), 'x [secret] y')
})

test.run()
