// `# bearerd-ignore`: where such a comment is seen, what it suppresses and what is said about one that does nothing.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Memory } from '../../src/base/memory.ts'
import { checkConfig } from '../../src/config/check.ts'
import { applyIgnores, findIgnores } from '../../src/config/ignore.ts'
import { type ParsedFile, parseFile } from '../../src/config/yaml/document.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { check, codes, LIMIT_MS, places, source, textAt } from './support.ts'

function parse(text: string): ParsedFile {
  return parseFile(source(text))
}

/** One warning, on line 4, unless the comments say otherwise. */
function queryAccount(lines: { before?: string; behind?: string; after?: string } = {}): string {
  const { before = '', behind = '', after = '' } = lines
  return `version: 1
accounts:
  maps:
${before}    authorization: query${behind}
${after}    query: { name: key, value: { env: MAPS_KEY } }
services:
  maps: { account: maps, serverUrl: https://api.maps.example }
`
}

const CODE = 'oauth/credentials-in-query'

function hints(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ hint }) => hint ?? '')
}

test('without a comment the warning is told', () => {
  assert.equal(places(check(queryAccount())), [`4:20 ${CODE}`])
})

test('at the end of the line, or on a line of its own for the next one', () => {
  for (const text of [
    queryAccount({ behind: ` # bearerd-ignore ${CODE}` }),
    queryAccount({ behind: ` #bearerd-ignore ${CODE}` }),
    queryAccount({ behind: `\t#\tbearerd-ignore\t${CODE}\t` }),
    queryAccount({ behind: ` # bearerd-ignore: ${CODE}` }),
    queryAccount({ behind: ` # bearerd-ignore ${CODE} the maps have no header` }),
    queryAccount({ before: `    # bearerd-ignore ${CODE}\n` }),
    queryAccount({ before: `# bearerd-ignore ${CODE}\n` }),
    queryAccount({ before: `    # bearerd-ignore ${CODE}\n    # The maps have no header.\n` }),
    queryAccount({ behind: ` # bearerd-ignore ${CODE}` }).replaceAll('\n', '\r\n'),
    queryAccount({ before: `    # bearerd-ignore ${CODE}\n` }).replaceAll('\n', '\r\n'),
  ]) {
    assert.equal(places(check(text)), [], text)
  }
})

test('nowhere else: another line, another file, another code', () => {
  const elsewhere = [
    queryAccount({ after: `    # bearerd-ignore ${CODE}\n` }),
    queryAccount({ before: `    # bearerd-ignore ${CODE}\n\n` }),
    queryAccount({ behind: ' # bearerd-ignore oauth/password-grant' }),
  ]
  for (const text of elsewhere) assert.equal(codes(check(text)).sort(), ['ignore/unused', CODE])
  const others = check(queryAccount(), `version: 1\n\n\n# nothing\nx-a: 1 # bearerd-ignore ${CODE}\n`)
  assert.equal(codes(others), [CODE, 'ignore/unused'])
})

test('only a comment that starts with the word is one', () => {
  for (const behind of [
    `# bearerd-ignore ${CODE}`,
    ` # see bearerd-ignore ${CODE}`,
    ` # bearerd-ignored ${CODE}`,
    ` # bearerd-ignore-file ${CODE}`,
  ]) {
    assert.equal(findIgnores(parse(queryAccount({ behind }))), [], behind)
  }
})

test('a `#` within a text is no comment', () => {
  const texts = [
    `"x # bearerd-ignore ${CODE}"`,
    `'x # bearerd-ignore ${CODE}'`,
    `|\n  x # bearerd-ignore ${CODE}\n  # bearerd-ignore ${CODE}`,
    `>-\n  # bearerd-ignore ${CODE}\n`,
    `"one\n  # bearerd-ignore ${CODE}\n  two"`,
    `x# bearerd-ignore ${CODE}`,
  ]
  for (const text of texts) assert.equal(findIgnores(parse(`version: 1\nx-text: ${text}\n`)), [], text)
})

test('comments stand wherever YAML has comments', () => {
  const text = `# bearerd-ignore a/a
version: 1 # bearerd-ignore b/b
x-block: | # bearerd-ignore c/c
  text # bearerd-ignore no/no
x-flow: [ # bearerd-ignore d/d
  "é😀", # bearerd-ignore e/e
] # bearerd-ignore f/f
--- # bearerd-ignore g/g
x-plain: a text
  of two lines # bearerd-ignore h/h
- broken: [ # bearerd-ignore i/i
`
  const found = findIgnores(parse(text))
  assert.equal(
    found.map(({ line, codes: [first] }) => `${line} ${first!.code}`),
    ['2 a/a', '2 b/b', '3 c/c', '5 d/d', '6 e/e', '7 f/f', '8 g/g', '10 h/h', '11 i/i'],
  )
  for (const { range, codes: listed } of found) {
    assert.match(textAt(text, range), /^# bearerd-ignore ./)
    for (const { code, range: place } of listed) assert.is(textAt(text, place), code)
  }
})

test('several codes, each for itself', () => {
  const grant = `version: 1
accounts:
  old:
    accessTokenUri: https://old.example/token
    clientId: a
    clientSecret: literal # bearerd-ignore secrets/literal ,oauth/password-grant, uri/insecure
    grant: password # bearerd-ignore oauth/password-grant
    username: u
    password: { env: P }
    scope: []
services: { old: { account: old, serverUrl: https://old.example } }
`
  const found = check(grant)
  assert.equal(places(found), ['6:61 ignore/unused', '6:83 ignore/unused'])
  assert.equal(
    found.map(({ message }) => message),
    ['no `oauth/password-grant` on this line', 'no `uri/insecure` on this line'],
  )
  const [comment] = findIgnores(parse(grant))
  assert.equal(
    comment!.codes.map(({ code }) => code),
    ['secrets/literal', 'oauth/password-grant', 'uri/insecure'],
  )
})

test('a comment that suppresses nothing is told once, at the comment', () => {
  const found = check('version: 1\n# bearerd-ignore uri/insecure, uri/invalid\nx-a: 1\n')
  assert.equal(places(found), ['2:1 ignore/unused'])
  assert.is(found[0]!.severity, 'warning')
  assert.is(found[0]!.message, 'this comment suppresses nothing: no `uri/insecure` or `uri/invalid` on line 3')
})

test('a comment without a code', () => {
  const found = check('version: 1 # bearerd-ignore\n')
  assert.equal(places(found), ['1:12 ignore/unused'])
  assert.equal(hints(found), ['write `# bearerd-ignore CODE`'])
})

test('an unknown code is told at the code, with a suggestion', () => {
  const behind = ` # bearerd-ignore ${CODE}, oauth/credential-in-query, credentials-in-query, credntials-in-query, why`
  const found = check(queryAccount({ behind }))
  assert.equal(codes(found), Array(4).fill('ignore/unknown-code'))
  const meant = `did you mean \`${CODE}\`?`
  assert.equal(hints(found), [meant, meant, meant, '`bearerd rules` lists them'])
  assert.is(textAt(queryAccount({ behind }), found[0]!.range), 'oauth/credential-in-query')
})

test('what YAML refuses, what cannot be read and the comments themselves are never suppressed', () => {
  const found = check(`version: 1
x-a: 1
x-a: 2 # bearerd-ignore yaml/duplicate-key
x-b: 1 # bearerd-ignore file/not-found, ignore/unused
`)
  assert.equal(places(found), [
    '3:1 yaml/duplicate-key',
    '3:25 ignore/unused',
    '4:25 ignore/unused',
    '4:41 ignore/unused',
  ])
  assert.is(found[1]!.message, '`yaml/duplicate-key` cannot be suppressed')
})

test('a suppressed error is marked, and keeps the configuration from running', () => {
  const text =
    'version: 1\nservices:\n  a: { account: b, serverUrl: https://a.example } # bearerd-ignore reference/unknown-account\n'
  const checked = checkConfig([source(text)])
  assert.not(checked.ok)
  assert.equal(
    checked.diagnostics.map(({ code, suppressed }) => ({ code, suppressed })),
    [{ code: 'reference/unknown-account', suppressed: true }],
  )
})

test('a schema error can be suppressed', () => {
  const text = 'version: 1\nservces: {} # bearerd-ignore schema/unknown-key\n'
  assert.equal(
    check(text).map(({ code, suppressed }) => ({ code, suppressed })),
    [{ code: 'schema/unknown-key', suppressed: true }],
  )
})

test('nothing is called unused that could not be looked for', () => {
  const ignored = queryAccount({
    before: '    # bearerd-ignore oauth/password-grant, schema/type\n',
    behind: ` # bearerd-ignore ${CODE}`,
  })
  assert.equal(codes(check(ignored)), ['ignore/unused'])
  // The schema says no to the account: no rule looks at it. Of the schema itself everything is known.
  const refused = ignored.replace('query: {', 'qury: {')
  assert.equal(codes(check(refused)), ['ignore/unused', 'schema/unknown-key'])
  assert.match(check(refused)[0]!.message, 'schema/type')
  assert.not.match(check(refused)[0]!.message, 'password-grant')
  // Another file may hold what the rule would see.
  assert.equal(codes(check(ignored, 'version: [\n')), ['ignore/unused', 'yaml/syntax'])
  // This one is not read at all.
  assert.equal(codes(check(`${ignored}x-a: [\n`)), ['yaml/syntax'])
})

test('diagnostics and comments of several documents and files keep their order', () => {
  const unused = 'version: 1\nx-a: 1 # bearerd-ignore uri/invalid\n'
  const found = check(unused, `${queryAccount()}---\nx-b: 1 # bearerd-ignore uri/invalid\n`)
  assert.equal(places(found), ['2:8 ignore/unused', `4:20 ${CODE}`, '9:8 ignore/unused'])
})

test('without the word nothing is done', () => {
  const untouched = [{ code: CODE }] as unknown as Diagnostic[]
  assert.equal(applyIgnores(untouched, []), untouched)
  assert.equal(findIgnores(parse('# a comment\n'.repeat(1000))), [])
})

test('comments of unchanged files are remembered', () => {
  const memory = new Memory()
  const sources = [source(queryAccount({ behind: ` # bearerd-ignore ${CODE}` }))]
  const check = () => memory.run(remember => checkConfig(sources, remember)).diagnostics
  assert.equal(check(), [])
  assert.equal(check(), [])
})

test('many comments take no time to speak of', () => {
  const lines = Array.from({ length: 10_000 }, (_, index) => `x-${index}: 1 # bearerd-ignore uri/invalid\n`)
  const start = performance.now()
  assert.is(check(`version: 1\n${lines.join('')}`).length, 10_000)
  const stacked = check(`version: 1\n${'# bearerd-ignore uri/invalid\n'.repeat(10_000)}x-a: 1\n`)
  assert.is(stacked.length, 10_000)
  assert.ok(performance.now() - start < LIMIT_MS)
})

test.run()
