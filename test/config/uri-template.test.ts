// URIs with expressions: what stands where, what a value may be there, and that no value moves the host.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exposedDaemon, isExposed } from '../../src/config/rules/exposed-daemon.ts'
import { parseTemplate } from '../../src/config/templates/template.ts'
import { analyzeUri, encodeAt, isLoopback, type UriPosition } from '../../src/config/templates/uri-template.ts'

type Outcome = { url: string; positions: UriPosition[]; hostKnown: boolean } | { code: string; marked?: string }

function analyze(text: string, constants: Record<string, string> = {}): Outcome {
  const parsed = parseTemplate(text)
  if (!parsed.ok) throw new Error(text)
  const result = analyzeUri(parsed.parts, ({ ...expression }) =>
    expression.kind === 'variable' ? constants[expression.name] : undefined,
  )
  if (!result.ok) {
    const { code, within } = result.fault
    return within ? { code, marked: text.slice(within.start, within.end) } : { code }
  }
  const { parts, url, hostKnown } = result.value
  return { url: url.href, hostKnown, positions: parts.flatMap(part => (part.kind === 'text' ? [] : [part.position])) }
}

const POSITIONS: [text: string, positions: UriPosition[], hostKnown: boolean][] = [
  ['https://api.example/v3', [], true],
  ['{{a}}', ['start'], false],
  ['{{a}}/v3', ['start'], false],
  ['{{a}}/v3/{{b}}', ['start', 'component'], false],
  ['https://{{a}}', ['authority'], false],
  ['https://{{a}}.api.example', ['authority'], false],
  ['https://{{a}}.{{b}}.example', ['authority', 'authority'], false],
  ['https://api.{{a}}', ['authority'], false],
  ['https://api.example:{{a}}', ['authority'], false],
  ['https://api.example/{{a}}', ['component'], true],
  ['https://api.example/{{a}}/{{b}}', ['component', 'component'], true],
  ['https://api.example?{{a}}', ['component'], true],
  ['https://api.example?a={{a}}&b={{b}}', ['component', 'component'], true],
  ['HTTPS://api.example/{{a}}', ['component'], true],
]

test('each expression has its position', () => {
  for (const [text, positions, hostKnown] of POSITIONS) {
    const outcome = analyze(text)
    assert.ok('positions' in outcome, text)
    assert.equal([outcome.positions, outcome.hostKnown], [positions, hostKnown], text)
  }
})

const CONSTANTS: [text: string, value: string, expected: string][] = [
  ['https://{{v}}.api.example/', 'eu', 'https://eu.api.example/'],
  ['https://{{v}}/', 'api.crm.example', 'https://api.crm.example/'],
  ['https://api.example:{{v}}/', '8443', 'https://api.example:8443/'],
  ['https://api.example/{{v}}', 'a/b', 'https://api.example/a%2Fb'],
  ['https://api.example/{{v}}', 'a?b#c', 'https://api.example/a%3Fb%23c'],
  ['https://api.example/{{v}}', '@evil.example', 'https://api.example/%40evil.example'],
  ['https://api.example/{{v}}', '\\evil', 'https://api.example/%5Cevil'],
  ['https://api.example/?a={{v}}', 'b&c=d', 'https://api.example/?a=b%26c%3Dd'],
  ['https://api.example/{{v}}', 'ü 😀', 'https://api.example/%C3%BC%20%F0%9F%98%80'],
  ['https://api.example/{{v}}', '', 'https://api.example/'],
  ['{{v}}/token', 'https://login.example', 'https://login.example/token'],
  ['{{v}}/token', 'http://localhost:8080/base', 'http://localhost:8080/base/token'],
]

test('constants are filled in, encoded for their place', () => {
  for (const [text, value, expected] of CONSTANTS) {
    const outcome = analyze(text, { v: value })
    assert.is('url' in outcome ? outcome.url : outcome.code, expected, `${text} ${value}`)
  }
})

/** Values that would move the host if they passed as they are. */
const HOSTILE = [
  '',
  '/',
  'evil.example/',
  'evil.example/x',
  'evil.example?',
  'evil.example#',
  'user@evil.example',
  '@evil.example',
  ':80@evil.example',
  'evil.example:80',
  'evil.example\\',
  '\\evil.example',
  'evil example',
  'evil.example\n',
  '\tevil.example',
  'evil%2eexample',
  'evil..example',
  '.evil.example',
  'evil.example.',
  '-evil',
  'evil-',
  '[::1]',
  '::1',
  'évil.example',
  'evil。example',
  'evil\u00adexample',
  'evil\0',
  '{{x}}',
]

test('no hostile value passes in the authority', () => {
  for (const value of HOSTILE) {
    assert.is(encodeAt('authority', value), undefined, JSON.stringify(value))
    assert.equal(analyze('https://{{v}}.api.example/x', { v: value }), { code: 'uri/host-from-value', marked: '{{v}}' })
    assert.equal(analyze('https://api.{{v}}', { v: value }), { code: 'uri/host-from-value', marked: '{{v}}' })
  }
})

test('no hostile value moves the host from the path or the query', () => {
  for (const value of [...HOSTILE, 'https://evil.example', '//evil.example', '/a//evil.example']) {
    for (const text of ['https://api.example/{{v}}', 'https://api.example/a{{v}}', 'https://api.example?{{v}}']) {
      const outcome = analyze(text, { v: value })
      assert.ok('url' in outcome, `${text} ${value}`)
      assert.is(new URL(outcome.url).host, 'api.example', `${text} ${value}`)
    }
  }
})

test('no value becomes a segment that moves the path', () => {
  const moved = (text: string, value: string) => 'code' in analyze(text, { v: value })
  for (const text of ['https://api.example/{{v}}', 'https://api.example/a/{{v}}/b', 'https://api.example/{{v}}?x=/..'])
    for (const value of ['.', '..']) assert.ok(moved(text, value), `${text} ${value}`)
  for (const text of ['https://api.example/.{{v}}/b', 'https://api.example/%2e{{v}}/b', 'https://api.example/{{v}}%2E'])
    for (const value of ['', '.']) assert.ok(moved(text, value), `${text} ${value}`)
  // Beside an encoded separator, and in a segment that is decoded twice.
  for (const value of ['..%2f', '../..', 'a/../..', '..\\', '..;', '%2e', '%2e%2E', '%252e.', '\uff0e.'])
    assert.ok(moved('https://api.example/{{v}}', value), value)
  for (const value of ['...', '.a', 'a..', '..%', 'a/b', '%2ea']) assert.not(moved('https://api.example/{{v}}', value))
  // What the author wrote moves it where the author wants, and a query has no segments.
  assert.not(moved('https://api.example/a/../{{v}}', 'b'))
  assert.not(moved('https://api.example/a?b=/{{v}}/c', '..'))
})

const NO_START = [
  '',
  'api.example',
  '//api.example',
  '/path',
  'ftp://api.example',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https://',
  'https://user@api.example',
  'https://user:word@api.example',
  'https://api.example?a=b',
  'https://api.example#a',
  'https://api example',
  'https://api.example\\a',
  ' https://api.example',
  'https://api.example\n',
  'https://api.example:99999',
]

test('at the start, only an absolute URL without user, query and fragment', () => {
  for (const value of NO_START) {
    assert.is(encodeAt('start', value), undefined, JSON.stringify(value))
    assert.equal(analyze('{{v}}/x', { v: value }), { code: 'uri/host-from-value', marked: '{{v}}' }, value)
  }
  assert.is(encodeAt('start', 'https://api.example/base'), 'https://api.example/base')
})

const INVALID: [text: string, marked?: string][] = [
  ['api.example'],
  ['//api.example'],
  ['/v3'],
  ['ftp://api.example'],
  ['https:api.example'],
  ['https:/api.example'],
  ['https://'],
  ['https:///token'],
  ['https:///{{a}}'],
  ['https://?{{a}}'],
  ['http{{a}}://api.example', '{{a}}'],
  ['https:{{a}}', '{{a}}'],
  ['https:/{{a}}', '{{a}}'],
  ['api.{{a}}', '{{a}}'],
  ['https://{{a}}@api.example'],
  ['https://user:{{a}}@api.example'],
  ['https://api.example/#{{a}}'],
  ['https://api.example/a b'],
  ['https://api.example\\@evil.example'],
  ['https://api.example:99999'],
  ['https://api..example:x'],
]

test('what is no URI', () => {
  for (const [text, marked] of INVALID) {
    assert.equal(analyze(text), { code: 'uri/invalid', ...(marked && { marked }) }, text)
  }
})

test('loopback, and what only looks like it', () => {
  for (const host of ['localhost', 'LOCALHOST', 'a.localhost', '127.0.0.1', '127.255.0.3', '::1', '[::1]']) {
    assert.ok(isLoopback(host), host)
  }
  for (const host of [
    'localhost.example',
    '127.0.0.1.example',
    '128.0.0.1',
    '0.0.0.0',
    '::',
    '[::]',
    '10.0.0.1',
    '',
    'x',
  ]) {
    assert.not.ok(isLoopback(host), host)
  }
})

test('addresses that other machines reach', () => {
  assert.is(exposedDaemon.codes[0], 'daemon/exposed')
  for (const address of ['127.0.0.1:7117', 'localhost:7117', '[::1]:7117', 'unix:/run/bearerd.sock']) {
    assert.not.ok(isExposed(address), address)
  }
  for (const address of [':7117', '0.0.0.0:7117', '[::]:7117', '*:7117', 'api.example:7117', '10.0.0.1:7117']) {
    assert.ok(isExposed(address), address)
  }
})

test.run()
