// `bearerd rules`: the list, a page, and a code that is none.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CODE_PAGES, codePage } from '../../src/diagnostics/codes/index.ts'
import { runCommand } from '../support/run-command.ts'

test('the list has a line for every code', async () => {
  const { code, stdout, stderr } = await runCommand(['rules'])
  assert.equal([code, stderr], [0, ''])
  const lines = stdout.trimEnd().split('\n')
  assert.is(lines.length, CODE_PAGES.length)
  assert.ok(lines.some(line => /^oauth\/credentials-in-query +warning +A credential in the query$/.test(line)))
  assert.ok(lines.every(line => line.length <= 120))
})

test('the list as JSON', async () => {
  const { code, stdout } = await runCommand(['rules', '--format', 'json'])
  assert.is(code, 0)
  assert.equal(
    JSON.parse(stdout),
    CODE_PAGES.map(({ code, severity, title }) => ({ code, severity, title })),
  )
})

test('the page of a code', async () => {
  const { code, stdout, stderr } = await runCommand(['rules', 'schema/value'])
  assert.equal([code, stderr], [0, ''])
  assert.is(
    stdout,
    `schema/value (error)

A value that is not one of the allowed ones, or has the wrong form

The type is right and the value is not: a word that is none of the list, a
duration without a unit, a name with a character that names do not have. The
hint shows an example, or the nearest allowed word.

Wrong:

    version: 1
    services:
      weather:
        account: { authorization: none }
        serverUrl: https://api.weather.example
        timeout: 20 seconds

Right:

    version: 1
    services:
      weather:
        account: { authorization: none }
        serverUrl: https://api.weather.example
        timeout: 20s
`,
  )
})

test('the page of a code as JSON', async () => {
  const { stdout } = await runCommand(['rules', 'schema/value', '--format', 'json'])
  assert.equal(JSON.parse(stdout), codePage('schema/value'))
})

test('a code that is none is wrong usage, with a suggestion', async () => {
  for (const [given, expected] of [
    ['oauth/pasword-grant', 'did you mean `oauth/password-grant`?'],
    ['password-grant', 'did you mean `oauth/password-grant`?'],
    ['pasword-grant', 'did you mean `oauth/password-grant`?'],
    ['E0308', '`bearerd rules` lists them'],
    ['\u001b[31mred', '`bearerd rules` lists them'],
  ] as const) {
    const { code, stdout, stderr } = await runCommand(['rules', given])
    assert.equal([code, stdout], [2, ''])
    assert.match(stderr, expected)
    assert.not.match(stderr, '\u001b')
  }
})

test.run()
