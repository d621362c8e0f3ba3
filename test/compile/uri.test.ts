// URIs at run time: constants folded in, values encoded, and no value that moves the host.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import type { UriPlan } from '../../src/compile/text.ts'
import { compileAccount, compileYaml, thrownBy, valuesOf } from './compiled.ts'

function compileUri(serverUrl: string, { allowHttp = false } = {}): UriPlan {
  const vars = { region: 'eu', path: 'a b/c', url: 'https://whole.example/v1', secret: { env: 'V' } }
  const services = { s: { account: { authorization: 'none' }, serverUrl, allowHttp } }
  return compileYaml(JSON.stringify({ version: 1, vars, services })).plan.services.get('s')!.serverUrl
}

const expand = (uri: string, value: string, options = {}) =>
  compileUri(uri, options).expand(valuesOf({ V: value })).href

for (const [uri, href, display] of [
  ['https://api.example/v3', 'https://api.example/v3', 'https://api.example/v3'],
  ['https://{{vars.region}}.api.example/v3', 'https://eu.api.example/v3', 'https://eu.api.example/v3'],
  ['https://api.example/{{vars.path}}/x', 'https://api.example/a%20b%2Fc/x', 'https://api.example/a%20b%2Fc/x'],
  ['{{vars.url}}/x', 'https://whole.example/v1/x', 'https://whole.example/v1/x'],
  ['https://api.example/{{service.name}}', 'https://api.example/s', 'https://api.example/s'],
  ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/', 'http://127.0.0.1:8080/'],
] as const) {
  test(`${uri} is folded to ${href}`, () => {
    const plan = compileUri(uri)
    assert.is(plan.expand(valuesOf()).href, href)
    assert.is(plan.display, display)
    assert.equal(plan.references, [])
    assert.is(plan.dynamic, false)
    assert.is(plan.expand(valuesOf()), plan.expand(valuesOf()), 'made once')
  })
}

test('the display of a value that is read later is its name', () => {
  assert.is(
    compileUri('https://{{vars.region}}.x.example/{{vars.secret}}').display,
    'https://eu.x.example/{{vars.secret}}',
  )
})

const PATH = 'https://api.example/v1/{{vars.secret}}/end'
for (const [value, encoded] of [
  ['a', 'a'],
  ['a/b', 'a%2Fb'],
  ['a?b#c', 'a%3Fb%23c'],
  ['@evil.example', '%40evil.example'],
  ['\\evil', '%5Cevil'],
  ['a%2eb', 'a%252eb'],
  ['..a', '..a'],
  ['é', '%C3%A9'],
  ['//evil.example', '%2F%2Fevil.example'],
] as const) {
  test(`in a path, ${value} becomes ${encoded}`, () => {
    assert.is(expand(PATH, value), `https://api.example/v1/${encoded}/end`)
  })
}

test('dots in a path cannot move it', () => {
  const encoded = [
    '../..',
    'a/../b',
    '..\\x',
    '..;x',
    '%2e%2e',
    '%252e%252e/x',
    'a%2f..%2f..',
    '\uff0e\uff0e',
    '..\uff0fx',
    '\u2025',
  ]
  for (const value of ['..', '.', ...encoded]) {
    const error = thrownBy(() => expand(PATH, value)) as AppError
    assert.is(error.code, 'invalid_template_value', value)
  }
})

test('half a character, which cannot be encoded, is refused', () => {
  assert.is((thrownBy(() => expand(PATH, '\ud800')) as AppError).code, 'invalid_template_value')
})

test('in a query, a value stays one value', () => {
  const { tokenEndpoint } = compileAccount({ accessTokenUri: 'https://id.example/?a={{vars.v}}' }, { v: { env: 'V' } })
  assert.is(tokenEndpoint.expand(valuesOf({ V: 'x&b=1#y' })).href, 'https://id.example/?a=x%26b%3D1%23y')
})

const HOST = 'https://{{vars.secret}}.api.example/v1'
for (const value of ['eu', 'eu-1', 'a.b', 'EU']) {
  test(`in the authority, ${value} may stand`, () => {
    assert.is(expand(HOST, value), `https://${value.toLowerCase()}.api.example/v1`)
  })
}

for (const value of [
  'evil.example/',
  'evil.example#',
  'evil.example?',
  'evil.example\\',
  'user@evil.example',
  'evil.example:80/',
  'a..b',
  '.a',
  'a.',
  '-a',
  '',
  ' ',
  'é',
  'a\nb',
  '%2f',
]) {
  test(`in the authority, ${JSON.stringify(value)} is refused and not repeated`, () => {
    const error = thrownBy(() => expand(HOST, value)) as AppError
    assert.instance(error, AppError)
    assert.is(error.code, 'invalid_template_value')
    assert.match(error.message, '{{vars.secret}}')
    assert.match(error.message, 'serverUrl')
    if (value.trim().length > 2) assert.not.ok(error.message.includes(value))
  })
}

const START = '{{vars.secret}}/v1'
test('at the start, a value is a whole https URL', () => {
  assert.is(expand(START, 'https://a.example'), 'https://a.example/v1')
  assert.is(expand(START, 'http://localhost:1'), 'http://localhost:1/v1')
  assert.is(expand(START, 'http://a.example', { allowHttp: true }), 'http://a.example/v1')
})

for (const value of [
  'a.example',
  'ftp://a.example',
  'javascript:alert(1)',
  'https://user:pw@a.example',
  'https://a.example?x=1',
  'https://a.example#x',
  'https://a.example\\x',
  'https://a b.example',
  'http://a.example',
  '',
]) {
  test(`at the start, ${JSON.stringify(value)} is refused`, () => {
    assert.is((thrownBy(() => expand(START, value)) as AppError).code, 'invalid_template_value')
  })
}

for (const host of [
  '169.254.169.254',
  '169.254.0.1:8080',
  '2852039166',
  '0xa9.0xfe.0xa9.0xfe',
  '0251.0376.0251.0376',
  '169.254.43518',
  '[::ffff:169.254.169.254]',
  '[fe80::1]',
  '[febf::1]',
  '[fd00:ec2::254]',
  '100.100.100.200',
  '[::a9fe:a9fe]',
  '[64:ff9b::169.254.169.254]',
  '[2002:a9fe:a9fe::1]',
  '[::ffff:0:169.254.169.254]',
  '[fd00:ec2::23]',
  '169.254.169.254.',
  'metadata.google.internal',
  'METADATA.google.internal.',
  'metadata.goog',
]) {
  test(`no value leads to ${host}, but a literal may`, () => {
    const error = thrownBy(() => expand(START, `http://${host}`, { allowHttp: true })) as AppError
    assert.is(error.code, 'invalid_template_value')
    assert.match(error.message, 'link-local or metadata address')
    assert.ok(compileUri(`http://${host}/v1`, { allowHttp: true }).expand(valuesOf()))
  })
}

for (const host of [
  '169.253.1.1',
  '10.0.0.1',
  '[fec0::1]',
  '[::ffff:10.0.0.1]',
  '[64:ff9b::a00:1]',
  'metadata.example',
])
  test(`a value may lead to ${host}`, () => assert.ok(expand(START, `https://${host}`)))

test.run()
