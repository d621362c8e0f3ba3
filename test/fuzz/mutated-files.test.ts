// A few hundred seeded mutations of good files: whatever comes out, nothing throws, every place lies in the text, what is
// printed holds no control character and no planted secret, and nothing is good that the schema refuses.
import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAllDocuments } from 'yaml'
import { EDITOR_KEYWORDS } from '../../scripts/build-validator.ts'
import { Memory } from '../../src/base/memory.ts'
import { checkConfig } from '../../src/config/check.ts'
import { renderJson } from '../../src/diagnostics/render-json.ts'
import { human, pick, random, source } from '../config/support.ts'

const GOOD = [
  `version: 1
vars: { region: eu, tenant: { env: TENANT } }
x-base: &base
  clientAuthMethod: client_secret_post
  timeout: 5s
accounts:
  crm:
    <<: *base
    accessTokenUri: https://login.{{vars.region}}.crm.example/oauth2/token
    clientId: invoices
    clientSecret: { env: CRM_CLIENT_SECRET }
    scope: contacts.read, contacts.write
  archive:
    accessTokenUri: https://id.archive.example/token
    clientId: bearerd
    clientSecret: { account: crm }
    grant: password
    username: robot@archive.example
    password: PLANTED-SECRET
    scope: [openid, files]
    bearerTokenType: id_token
services:
  contacts:
    title: Contacts of the CRM
    account: crm
    serverUrl: https://{{vars.region}}.api.crm.example/v3
    headers: { X-Tenant: "{{vars.tenant}}", X-Id: '{{base64 (json uuid)}}' }
  documents: { account: archive, serverUrl: https://files.archive.example, timeout: 1m }
daemon: { listen: 127.0.0.1:7117, log: { level: debug, format: pretty } }
`,
  `# Two documents.
version: 1
services:
  weather:
    account:
      authorization: header
      header:
        - { name: X-Api-Key, value: { file: secrets/weather } }
        - name: X-More
          value: "PLANTED-SECRET {{vars.a}}"
    vars:
      a: >-
        folded
        text
    serverUrl: "https://api.weather.ex\\u0061mple"
---
services: { maps: { account: { authorization: query, query: { name: key, value: { exec: [pass, show] } } }, serverUrl: http://localhost:8080 } }
...
`,
]

const PIECES = [
  '{', '}', '[', ']', ':', ': ', '- ', ',', '#', '&a ', '*a', '*base', '!', '!env ', '"', "'", '\\', '|', '>', '\n', '\r\n',
  '\t', ' ', '  ', '---\n', '...\n', '<<: ', '? ', '{{', '}}', '{{vars.x}}', 'null', 'true', '5', '1e999', '~', '0x1f', '\0',
  '\u001b[2J', '\u202e', '\ufeff', '\ufffd', '😀', 'é', '日本', '%', '@', '`', '__proto__: ', 'constructor: ', 'x-', '.inf',
] // biome-ignore format: one line each would say no more

function mutate(text: string, next: () => number): string {
  const at = Math.floor(next() * (text.length + 1))
  const length = Math.floor(next() * next() * 40)
  const lines = text.split('\n')
  const line = Math.floor(next() * lines.length)
  switch (Math.floor(next() * 7)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length)
    case 1:
      return text.slice(0, at) + pick(next, PIECES) + text.slice(at)
    case 2:
      return text.slice(0, at) + pick(next, PIECES) + text.slice(at + length)
    case 3:
      return lines.toSpliced(line, 1).join('\n')
    case 4:
      return lines.toSpliced(Math.floor(next() * lines.length), 0, lines[line]!).join('\n')
    case 5:
      return lines.with(line, ' '.repeat(Math.floor(next() * 8)) + lines[line]!.trimStart()).join('\n')
    default:
      return text.slice(0, at) + text.slice(at, at + length).toUpperCase() + text.slice(at + length)
  }
}

function mutations(seed: number): string {
  const next = random(seed)
  let text = pick(next, GOOD)
  for (let count = 1 + Math.floor(next() * 4); count > 0; count--) text = mutate(text, next)
  return text
}

test('the files are good before they are changed', () => {
  for (const text of GOOD) {
    const { diagnostics } = checkConfig([source(text)])
    assert.equal([...new Set(diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code))], [])
  }
})

const schema = JSON.parse(readFileSync(new URL('../../schema/bearerd.schema.json', import.meta.url), 'utf8'))

/** By Ajv and the YAML package alone. */
function isGoodByPlainSchema(text: string, isValid: ValidateFunction): boolean {
  const documents = [...parseAllDocuments(text.replace(/^\ufeff/, ''), { merge: true, logLevel: 'silent' })]
  // Only the first document says the version.
  const values = documents.map((document, index) => ({ ...(index > 0 && { version: 1 }), ...document.toJS() }))
  return values.every(value => isValid(value))
}

/** FUZZ_SEEDS=10000 for a longer run. */
const SEEDS = Number(process.env.FUZZ_SEEDS ?? 400)

test('nothing throws, every place exists, and nothing is good that the plain schema refuses', () => {
  const isValid = new Ajv2020({ strict: true }).addVocabulary(EDITOR_KEYWORDS).compile(schema)
  let wrong = 0
  for (let seed = 1; seed <= SEEDS; seed++) {
    const text = mutations(seed)
    const read = source(text)
    const { ok, diagnostics } = checkConfig([read])
    const output = human(diagnostics, [read])
    const lines = text.split('\n')
    for (const { range, message } of diagnostics) {
      const line = lines[range.start.line - 1]
      assert.ok(line !== undefined && range.start.column <= line.length + 1, `${seed} ${message}`)
      assert.ok(range.end.line > range.start.line || range.end.column >= range.start.column, `${seed} ${message}`)
      assert.not.match(message, /undefined|\[object|is not a function$|of null/, `${seed} ${message}`)
    }
    assert.is(ok, !diagnostics.some(({ severity }) => severity === 'error'))
    assert.not.match(output, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/, `${seed}`)
    assert.is(JSON.parse(renderJson(diagnostics, 1)).diagnostics.length, diagnostics.length)
    if (!ok) wrong++
    else assert.ok(isGoodByPlainSchema(text, isValid), `${seed}: ${JSON.stringify(isValid.errors)}`)
  }
  assert.ok(wrong > SEEDS * 0.5 && wrong < SEEDS * 0.96, `${wrong} of ${SEEDS} mutations are wrong`)
})

test('a memory changes no finding', () => {
  const memory = new Memory()
  for (let seed = 1; seed <= 100; seed++) {
    const sources = [source(mutations(seed)), source(GOOD[1]!, 'b.yaml')]
    const { diagnostics } = memory.run(remember => checkConfig(sources, remember))
    assert.equal(diagnostics, checkConfig(sources).diagnostics, `${seed}`)
  }
})

test.run()
