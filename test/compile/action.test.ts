// Actions compiled: the request that each kind of content makes of an input and files, and what may not be sent.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { AppError } from '../../src/base/error.ts'
import type { ActionPlan, ActionRequest, FileFacts } from '../../src/compile/actions/action-plan.ts'
import { explainAction, renderExplanation, renderExplanationMermaid } from '../../src/compile/explain/explain.ts'
import { buildGraph } from '../../src/compile/graph/graph.ts'
import { renderGraphDot } from '../../src/compile/graph/graph-dot.ts'
import { renderGraphMermaid } from '../../src/compile/graph/graph-mermaid.ts'
import { renderGraphSvg } from '../../src/compile/graph/graph-svg.ts'
import { compileYaml, thrownBy, valuesOf } from './compiled.ts'

type Keys = Record<string, unknown>

const COPY = { type: 'copyToHttpServer', authenticateWith: 's', path: '/in', content: { file: {} } }
const SEND = { type: 'sendToConnectedService', authenticateWith: 's', path: '/in' }
const PDF: FileFacts = { name: 'invoice.pdf', size: 5, type: 'application/pdf', sha256: 'ab' }

function configOf(action: Keys) {
  const services = {
    s: {
      account: { authorization: 'none' },
      serverUrl: 'https://api.example/v1',
      vars: { of: 'service', key: { env: 'KEY' } },
    },
  }
  return compileYaml(
    JSON.stringify({ version: 1, vars: { of: 'file', other: 'x y' }, services, actions: { a: action } }),
  )
}

function compile(action: Keys): ActionPlan {
  return configOf(action).plan.actions.get('a')!
}

function request(action: Keys, input: unknown = {}, files: readonly FileFacts[] = []): ActionRequest {
  return compile(action).buildRequest({ input, files, values: valuesOf({ KEY: 'fake-key' }) })
}

function textOf({ body }: ActionRequest): string {
  return body.map(part => (part.kind === 'bytes' ? part.bytes.toString() : `<file ${part.index}>`)).join('')
}

function pathOf({ target }: ActionRequest): string {
  return target.kind === 'path' ? target.path : target.url.href
}

function header({ headers }: ActionRequest, name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}

function refusal(action: Keys, input: unknown, files: readonly FileFacts[] = []): AppError {
  return thrownBy(() => request(action, input, files)) as AppError
}

test('a file is the body, with its type by its name and its name in Content-Disposition', () => {
  const sent = request(COPY, {}, [PDF])
  assert.is(sent.method, 'POST')
  assert.equal(sent.body, [{ kind: 'file', index: 0 }])
  assert.is(header(sent, 'content-type'), 'application/pdf')
  assert.is(header(sent, 'content-disposition'), 'attachment; filename="invoice.pdf"')
})

test('names beyond ASCII are encoded twice: for old servers and by RFC 8187', () => {
  const sent = request(COPY, {}, [{ ...PDF, name: "Prüf 'a'%.pdf" }])
  const expected = `attachment; filename="Pr_f 'a'_.pdf"; filename*=UTF-8''Pr%C3%BCf%20%27a%27%25.pdf`
  assert.is(header(sent, 'content-disposition'), expected)
})

test('path and query: values are percent-encoded for their place', () => {
  const action = {
    ...COPY,
    method: 'PUT',
    path: '/{{input.year}}/{{file.outputName}}?name={{file.name}}&{{vars.other}}',
  }
  const sent = request(action, { year: 2026 }, [{ ...PDF, name: 'a/b & ü?.pdf' }])
  assert.is(sent.method, 'PUT')
  assert.is(pathOf(sent), '/2026/a%2Fb%20%26%20%C3%BC%3F.pdf?name=a%2Fb%20%26%20%C3%BC%3F.pdf&x%20y')
})

for (const value of ['..', '.', '../x', '..\\x', '..;x', 'a/../../x', '%2e%2e', '..%252f', '\uff0e\uff0e', '']) {
  test(`no value leaves the service: ${JSON.stringify(value)}`, () => {
    assert.is(refusal({ ...SEND, path: '/in/{{input.x}}/y' }, { x: value }).code, 'invalid_input')
  })
}

test('a value that leaves the service is said by its name', () => {
  const error = refusal({ ...SEND, path: '/in/{{input.y}}/{{input.x}}' }, { x: '..', y: 'a' })
  const told = '`input.x` makes a `.` or `..` of a part of the path; give another value'
  assert.is(error.message, `the path of action \`a\` would leave its service: ${told}`)
  assert.equal(error.details.errors, [{ pointer: '/x', detail: 'makes a `.` or `..` of a part of the path' }])
  const both = refusal({ ...SEND, path: '/in/{{input.y}}/{{input.x}}' }, { x: '.', y: '..' })
  assert.match(both.message, /^with these values the path of action `a` would leave/)
})

test('what no attempt could send is told before there is one, also where something else is a secret', () => {
  const check = (action: Keys, input: unknown, files: readonly FileFacts[] = []): string | undefined => {
    const values = { ...valuesOf({}), secret: (): never => assert.unreachable() as never }
    const run = () => compile(action).checkRequest({ input, files, values })
    try {
      run()
    } catch (error) {
      return (error as AppError).code
    }
    return undefined
  }
  const header = { 'X-Key': '{{vars.key}}', 'X-Of': '{{input.of}}' }
  const secret = { ...SEND, path: '/{{vars.key}}/{{input.x}}', headers: header, content: { json: '{{vars.key}}' } }
  assert.is(check(secret, { x: 'a', of: 'b' }), undefined)
  assert.is(check(secret, { x: '..', of: 'b' }), 'invalid_input')
  assert.is(check(secret, { x: 'a', of: 'a\r\nB: c' }), 'invalid_input')
  const key = { ...SEND, idempotencyKey: '{{input.of}}' }
  assert.is(check(key, { of: 'a\nb' }), 'invalid_input')
  assert.is(check({ ...SEND, idempotencyKey: '{{vars.key}}' }, {}), undefined)
  const named = { ...COPY, path: '/{{input.x}}/{{file.outputName}}', outputFileName: '{{vars.key}}-{{file.name}}' }
  assert.is(check(named, { x: 'a' }, [PDF]), undefined)
  assert.is(check(named, { x: '..' }, [PDF]), 'invalid_input')
  const own = {
    type: 'copyToHttpServer',
    url: 'https://files.example/{{input.x}}',
    content: { text: { template: 'a' } },
  }
  assert.is(check(own, { x: 'a' }), undefined)
  assert.is(check(own, { x: '..' }), 'invalid_input')
})

test('a value that is no dot segment stays', () => {
  assert.is(pathOf(request({ ...SEND, path: '/in/{{input.x}}' }, { x: '..a' })), '/in/..a')
  assert.is(pathOf(request({ ...SEND, path: '/in/{{input.x}}' }, { x: 'a%2e' })), '/in/a%252e')
})

test('what is an idempotency key in one definition and a name of a file in the other is another action', () => {
  const [key, name] = [{ idempotencyKey: '{{input.k}}' }, { outputFileName: '{{input.k}}' }]
  assert.is.not(compile({ ...COPY, ...key }).fingerprint, compile({ ...COPY, ...name }).fingerprint)
})

test('outputFileName: a template, and never a way out', () => {
  const action = { ...COPY, path: '/in/{{file.outputName}}', outputFileName: '{{input.dir}}-{{file.name}}' }
  assert.is(pathOf(request(action, { dir: '../../etc' }, [PDF])), '/in/.._.._etc-invoice.pdf')
  const sent = request(action, { dir: 'a"\r\nX: y' }, [PDF])
  assert.is(
    header(sent, 'content-disposition'),
    `attachment; filename="a___X: y-invoice.pdf"; filename*=UTF-8''a%22__X%3A%20y-invoice.pdf`,
  )
})

test('a date in a name, by its format', () => {
  const action = { ...COPY, outputFileName: '{{date now "yyyyMMdd-HHmmss.SSS"}}-{{date input.day "dd.MM."}}.pdf' }
  const sent = request(action, { day: '2026-03-04' }, [PDF])
  assert.is(header(sent, 'content-disposition'), 'attachment; filename="20260101-000000.000-04.03..pdf"')
})

test('a date that is later by a duration', () => {
  const action = { ...COPY, outputFileName: '{{date now "yyyy-MM-dd" "31d"}}-{{date input.day "HH:mm" "90m"}}.pdf' }
  const sent = request(action, { day: '2026-03-04T23:00:00Z' }, [PDF])
  assert.is(header(sent, 'content-disposition'), 'attachment; filename="2026-02-01-00:30.pdf"')
})

test('multipart: fields, then the file in its field; nothing in a name ends it', () => {
  const content = { multipart: { field: 'doc"ument', fields: { department: '{{input.department}}', note: 'n' } } }
  const sent = request({ ...COPY, content }, { department: 'finance' }, [{ ...PDF, name: 'a"b\u00fc.pdf' }])
  const boundary = /boundary=(.*)$/.exec(header(sent, 'content-type')!)![1]!
  const lines = [
    `--${boundary}`,
    'Content-Disposition: form-data; name="department"',
    '',
    'finance',
    `--${boundary}`,
    'Content-Disposition: form-data; name="note"',
    '',
    'n',
    `--${boundary}`,
    'Content-Disposition: form-data; name="doc%22ument"; filename="a%22b\u00fc.pdf"',
    'Content-Type: application/pdf',
    '',
    '<file 0>',
    `--${boundary}--`,
    '',
  ]
  assert.is(textOf(sent), lines.join('\r\n'))
  assert.is(header(sent, 'content-disposition'), undefined)
})

test('together: one form with all files, each by its own name', () => {
  const action = {
    ...COPY,
    files: 'together',
    content: { multipart: {} },
    outputFileName: '{{file.size}}-{{file.name}}',
  }
  const text = textOf(request(action, {}, [PDF, { ...PDF, name: 'b.txt', size: 7, type: 'text/plain' }]))
  assert.match(text, /name="file"; filename="5-invoice.pdf"\r\nContent-Type: application\/pdf\r\n\r\n<file 0>\r\n--/)
  assert.match(text, /name="file"; filename="7-b.txt"\r\nContent-Type: text\/plain\r\n\r\n<file 1>\r\n--/)
})

test('text: values as they are, and a name of its own where one is given', () => {
  const content = { text: { template: '{{input.a}};{{vars.of}}', contentType: 'text/csv' } }
  const sent = request({ ...COPY, content, outputFileName: '{{input.a}}.csv' }, { a: '1' })
  assert.is(textOf(sent), '1;service')
  assert.is(header(sent, 'content-type'), 'text/csv')
  assert.is(header(sent, 'content-disposition'), 'attachment; filename="1.csv"')
  assert.is(compile({ ...COPY, content, outputFileName: '{{input.a}}.csv' }).needsFile, false)
})

test('JSON: values are escaped, and one expression alone keeps its type', () => {
  const json = {
    text: 'say {{input.text}}',
    count: '{{input.count}}',
    deep: ['{{input.list}}', { flag: '{{input.flag}}' }, null, 5, true],
    key: '{{vars.key}}',
  }
  const input = { text: '"}\n', count: 5, list: [1, { a: null }], flag: false }
  assert.equal(JSON.parse(textOf(request({ ...SEND, content: { json } }, input))), {
    text: 'say "}\n',
    count: 5,
    deep: [[1, { a: null }], { flag: false }, null, 5, true],
    key: 'fake-key',
  })
})

test('form: encoded fields', () => {
  const sent = request({ ...SEND, content: { form: { a: '{{input.a}}', 'b&': 'x y' } } }, { a: 'ü&=' })
  assert.is(textOf(sent), 'a=%C3%BC%26%3D&b%26=x%20y')
  assert.is(header(sent, 'content-type'), 'application/x-www-form-urlencoded')
})

test('an optional input that is absent: left out where it is all, an empty text beside others, refused in a path', () => {
  const input = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } }, required: ['b'] }
  const json = { only: '{{input.a}}', beside: 'x{{input.a}}', list: ['{{input.a}}'] }
  const action = { ...SEND, input, headers: { 'X-A': '{{input.a}}', 'X-B': '-{{input.a}}' }, content: { json } }
  const sent = request(action, { b: '1' })
  assert.equal(JSON.parse(textOf(sent)), { beside: 'x', list: [null] })
  assert.is(header(sent, 'x-a'), undefined)
  assert.is(header(sent, 'x-b'), '-')
  assert.is(refusal({ ...action, path: '/in/{{input.a}}' }, { b: '1' }).code, 'invalid_input')
})

test('an input that is missing is said by its name', () => {
  const error = refusal({ ...SEND, content: { json: '{{input.a.b}}' } }, { a: 5 })
  assert.is(error.code, 'invalid_input')
  assert.match(error.message, /`input\.a\.b` is missing/)
  assert.is(refusal({ ...SEND, content: { json: '{{input.constructor}}' } }, {}).code, 'invalid_input')
})

test('what its texts need is told as the schema would tell it, all at once, also where there is no schema', () => {
  const content = { json: { a: '{{input.a}}', b: 'x{{input.b.c}}', again: '{{input.a}}' } }
  const { checkInput } = compile({ ...SEND, path: '/in/{{input.d}}', content })
  for (const [input, missing] of [
    [{ a: null, b: { c: false }, d: 0 }, []],
    [{ a: 1, b: {} }, ['/b/c', '/d']],
    [[1], ['/a', '/b/c', '/d']],
    [undefined, ['/a', '/b/c', '/d']],
  ] as const) {
    const checked = checkInput(input, 'json')
    assert.equal(checked.ok ? [] : checked.problems.map(({ pointer }) => pointer).sort(), [...missing].sort())
  }
  const input = { type: 'object', properties: { a: {}, b: { type: 'object' } }, required: ['b'] }
  const optional = compile({ ...SEND, input, content: { json: ['{{input.a}}', '{{input.b}}'] } })
  assert.ok(optional.checkInput({ b: {} }, 'json').ok, 'what the schema makes optional is not needed')
})

test('headers: the action’s own win, secrets are read, and no value starts another header', () => {
  const headers = { 'content-type': 'x/y', 'X-Key': '{{vars.key}}', 'X-A': '{{input.a}}' }
  const sent = request({ ...COPY, headers }, { a: 'b' }, [PDF])
  assert.equal(
    sent.headers.filter(([name]) => name.toLowerCase() === 'content-type'),
    [['content-type', 'x/y']],
  )
  assert.is(header(sent, 'x-key'), 'fake-key')
  assert.is(refusal({ ...COPY, headers }, { a: 'b\r\nX: y' }, [PDF]).code, 'invalid_input')
})

test('a URL without a service keeps its host', () => {
  const action = {
    type: 'copyToHttpServer',
    url: 'https://drop.example/{{input.a}}',
    content: { text: { template: 'x' } },
  }
  assert.is(pathOf(request(action, { a: '@evil.example/' })), 'https://drop.example/%40evil.example%2F')
})

test('what needs a file, and what needs its hash', () => {
  const needs = (action: Keys) => [compile(action).needsFile, compile(action).needsSha256]
  assert.equal(needs(COPY), [true, false])
  assert.equal(needs({ ...SEND, content: { json: '{{file.sha256}}' } }), [true, true])
  assert.equal(needs({ ...SEND, content: { json: '{{input.x}}' } }), [false, false])
})

test('input: checked by its schema, with defaults; texts become what the schema wants', () => {
  const schema = {
    type: 'object',
    properties: { year: { type: 'integer' }, kind: { enum: ['a', 'b'], default: 'a' } },
    required: ['year'],
    additionalProperties: false,
  }
  const { checkInput } = compile({ ...SEND, input: schema })
  assert.equal(checkInput({ year: 5 }, 'json'), { ok: true, input: { year: 5, kind: 'a' } })
  assert.equal(checkInput({ year: '5' }, 'text'), { ok: true, input: { year: 5, kind: 'a' } })
  assert.equal(checkInput({ year: '5' }, 'json'), {
    ok: false,
    problems: [{ pointer: '/year', detail: 'must be integer' }],
  })
  assert.equal(checkInput({ kind: 'c', 'x/y': 1 }, 'json'), {
    ok: false,
    problems: [
      { pointer: '/year', detail: 'is required' },
      { pointer: '/x~1y', detail: 'is not known' },
      { pointer: '/kind', detail: 'must be equal to one of the allowed values: a, b' },
    ],
  })
})

test('idempotencyKey: of the input, the same for the same', () => {
  const plan = compile({ ...SEND, idempotencyKey: 'n-{{input.n}}' })
  assert.is(plan.idempotencyKey!({ input: { n: 7 }, files: [], values: valuesOf() }), 'n-7')
  assert.is(compile(SEND).idempotencyKey, undefined)
})

const CHANGES: [string, Keys][] = [
  ['path', { path: '/other' }],
  ['method', { method: 'PUT' }],
  ['headers', { headers: { 'X-A': 'b' } }],
  ['content', { content: { json: 5 } }],
  ['JSON literals', { content: { json: [5] } }],
  ['successStatus', { successStatus: [200] }],
  ['keepResponse', { keepResponse: {} }],
  ['input', { input: { type: 'object' } }],
  ['idempotencyKey', { idempotencyKey: 'x' }],
]

test('every key that changes what is sent changes the fingerprint', () => {
  const prints = [compile(SEND), ...CHANGES.map(([, keys]) => compile({ ...SEND, ...keys }))].map(
    plan => plan.fingerprint,
  )
  assert.is(new Set(prints).size, prints.length)
  assert.is(compile({ ...SEND, description: 'D' }).fingerprint, compile(SEND).fingerprint)
})

test('explained: each line with its place, the credential of the service, no secret', () => {
  const action = { ...COPY, headers: { 'X-Key': '{{vars.key}}', 'X-Of': '{{vars.of}}' }, title: 'T' }
  const explanation = explainAction(configOf(action).config, 'a')!
  const text = renderExplanation(explanation)
  for (const line of [
    'a: T',
    'service s',
    'vars.key from env KEY',
    'header X-Of: service',
    'body: the file itself',
    'path /in',
  ])
    assert.ok(text.includes(line), `${line}\n${text}`)
  assert.match(text, /server URL https:\/\/api\.example\/v1/)
  assert.match(renderExplanationMermaid(explanation), /copyToHttpServer/)
  assert.is(explainAction(configOf(action).config, 'b'), undefined)
})

test('drawn: each action below its service, and those with a URL on their own', () => {
  const url = { type: 'copyToHttpServer', url: 'https://drop.example/in', content: { file: {} } }
  for (const [action, expected] of [
    [SEND, 'POST /in'],
    [url, 'drop.example'],
  ] as const) {
    const graph = buildGraph(configOf(action).config)
    for (const render of [renderGraphMermaid, renderGraphDot, renderGraphSvg])
      assert.ok(render(graph).includes(expected))
  }
})

test.run()
