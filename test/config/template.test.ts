// Templates: the quick path for plain variables gives what the full parse gives, and nothing but variables and functions passes.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { callFunction, parseTemplate, type TemplatePart } from '../../src/config/templates/template.ts'
import { pick, random } from './support.ts'

function parts(text: string): TemplatePart[] {
  const parsed = parseTemplate(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.fault.message}`)
  return parsed.parts
}

/** A function in a function, which the quick path does not know, sends the whole text through the full parse. */
function fullParts(text: string): TemplatePart[] {
  return parts(`${text}{{base64 (json 'x')}}`).slice(0, -1)
}

const NAMES = ['vars.region', 'uuid', 'now', 'service.name', 'vars.a-b_c', 'vars.A1.b', 'x', 'vars.ifx', 'elsewhere']
const CALLS = [
  'base64 vars.a',
  'json  input.b-c',
  "date now 'yyyy-MM-dd'",
  'date\tvars.x "HH:mm"',
  "date now ''",
  'date now "dd" "7d"',
  'base64 vars.a ":" vars.b',
  "base64 'x' vars.c",
]
NAMES.push(...CALLS)
const BLANKS = ['', ' ', '  ', '\t', '\n', ' \n ']
const TEXTS = [
  '',
  'a',
  '{',
  '}',
  '}}',
  ' { ',
  '/',
  '"',
  "'",
  '\n',
  'é',
  '😀',
  '&amp;',
  '<b>',
  '~',
  '!',
  '#',
  '\\a',
  '%7B',
  ' ',
]

/** A text of variables and other signs; `{` never stands right before an expression, nor `}` behind it: see below. */
function generate(next: () => number): string {
  let text = ''
  for (let count = Math.floor(next() * 6); count >= 0; count--) {
    const piece =
      next() < 0.5 ? `{{${pick(next, BLANKS)}${pick(next, NAMES)}${pick(next, BLANKS)}}}` : pick(next, TEXTS)
    const touches = (text.endsWith('{') && piece.startsWith('{')) || (text.endsWith('}') && piece.startsWith('}'))
    text += touches ? ` ${piece}` : piece
  }
  return text.endsWith('{') ? `${text}.` : text
}

test('the quick path and the full parse give the same parts', () => {
  const next = random(20260730)
  let compared = 0
  for (let round = 0; round < 3000; round++) {
    const text = generate(next)
    // The full parse splits and joins texts at braces in its own way; what counts is the text between two expressions.
    assert.equal(joined(parts(text)), joined(fullParts(text)), JSON.stringify(text))
    compared++
  }
  assert.is(compared, 3000)
})

function joined(list: readonly TemplatePart[]): unknown[] {
  const result: unknown[] = []
  for (const part of list) {
    const last = result.at(-1)
    if (part.kind === 'text' && typeof last === 'string') result[result.length - 1] = last + part.text
    else result.push(part.kind === 'text' ? part.text : part)
  }
  return result
}

test('offsets are those of the name and of the whole expression', () => {
  const text = 'a {{ vars.one }}\nb {{vars.two}} {{base64 (json vars.three)}}'
  const parsed = parseTemplate(text)
  assert.ok(parsed.ok)
  assert.equal(
    parsed.variables.map(({ name, start, end }) => [name, text.slice(start, end)]),
    [
      ['vars.one', 'vars.one'],
      ['vars.two', 'vars.two'],
      ['vars.three', 'vars.three'],
    ],
  )
  const spans = parsed.parts.flatMap(part => (part.kind === 'text' ? [] : [text.slice(part.start, part.end)]))
  assert.equal(spans, ['{{ vars.one }}', '{{vars.two}}', '{{base64 (json vars.three)}}'])
})

test('parts put together are the text', () => {
  const next = random(7)
  for (let round = 0; round < 500; round++) {
    const text = generate(next)
    const whole = parts(text).map(part => (part.kind === 'text' ? part.text : text.slice(part.start, part.end)))
    assert.is(whole.join(''), text)
  }
})

const UNSUPPORTED = [
  '{{#if a}}b{{/if}}',
  '{{#each a}}b{{/each}}',
  '{{#a}}b{{/a}}',
  '{{^a}}b{{/a}}',
  '{{#if a}}b{{else}}c{{/if}}',
  '{{#a as |b|}}c{{/a}}',
  '{{> a}}',
  '{{#> a}}b{{/a}}',
  '{{{a}}}',
  'x{{{ vars.a }}}y',
  '{{&a}}',
  '{{{{a}}}}b{{{{/a}}}}',
  '{{! a }}',
  '{{!-- a --}}',
  '{{* a}}',
  "{{#*inline 'a'}}b{{/inline}}",
  '{{base64 a b=c}}',
  '{{@root}}',
  '{{@root.vars.a}}',
  '{{base64 @key}}',
  '{{../a}}',
  '{{base64 ../a}}',
  '{{./a}}',
  '{{this.[a]}}',
  '{{vars.[a]}}',
  '{{vars/a}}',
  '{{upper a}}',
  '{{log a}}',
  "{{lookup a 'b'}}",
  '{{helperMissing a}}',
  '{{constructor a}}',
  '{{__proto__ a}}',
  '{{json a b}}',
  '{{base64 (upper a)}}',
  '{{base64 true}}',
  '{{base64 null}}',
  '{{base64 undefined}}',
  '{{base64 (json a b)}}',
]

test('everything else of the language is refused', () => {
  for (const text of UNSUPPORTED) {
    const parsed = parseTemplate(text)
    assert.is(parsed.ok ? 'accepted' : parsed.fault.code, 'template/unsupported', text)
  }
})

test('a part that is refused does not pass among others', () => {
  for (const text of UNSUPPORTED) {
    assert.not.ok(parseTemplate(`{{vars.a}} ${text} {{vars.b}}`).ok, text)
  }
})

const BROKEN: [text: string, marked: string][] = [
  ['a {{vars.b', '{{vars.b'],
  ['{{', '{{'],
  ['{{}}', '{{}}'],
  ['{{vars.a}} {{ 5 + }} {{vars.b}}', '{{ 5 + }}'],
  ["{{base64 'a}}", "{{base64 'a}}"],
  ['{{a}} {{b c', '{{b c'],
  ['{{#if a}}b', '{{#if a}}'],
  ['{{base64 (a}}', '{{base64 (a}}'],
]

test('an expression that cannot be read is marked', () => {
  for (const [text, marked] of BROKEN) {
    const parsed = parseTemplate(text)
    assert.not.ok(parsed.ok, text)
    if (parsed.ok) continue
    assert.is(parsed.fault.code, 'template/syntax', text)
    assert.is(text.slice(parsed.fault.start, parsed.fault.end), marked)
  }
})

test('literals and functions', () => {
  assert.equal(
    parts("{{'a b'}}{{5}}").map(part => part.kind === 'expression' && part.expression),
    [
      { kind: 'literal', text: 'a b' },
      { kind: 'literal', text: '5' },
    ],
  )
  assert.is(callFunction('base64', 'ä:', '😀'), 'w6Q68J+YgA==')
  assert.is(callFunction('json', 'a"b\n'), '"a\\"b\\n"')
})

test('a backslash makes an expression plain text, two are one backslash before it', () => {
  assert.equal(joined(parts('a \\{{b}} c')), ['a {{b}} c'])
  assert.equal(parts('a \\\\{{b}}')[0], { kind: 'text', text: 'a \\' })
  assert.is(parts('a \\\\{{b}}').length, 2)
  assert.equal(joined(parts('C:\\a\\{b}\\')), ['C:\\a\\{b}\\'])
})

test('the same text gives the same answer', () => {
  assert.is(parseTemplate('{{vars.same}}'), parseTemplate('{{vars.same}}'))
})

test.run()
