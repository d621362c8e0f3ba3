// No literal secret is printed, whatever else is wrong in its file; what surrounds it stays where it is.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { maskSecrets } from '../../src/config/mask-secrets.ts'
import { source } from './support.ts'

const MASKED: [text: string, masked: string][] = [
  ['clientSecret: abc\n', 'clientSecret: ***\n'],
  ['clientSecret: "a b" # note\n', 'clientSecret: "* *" # note\n'],
  ["password: 'it''s'\n", "password: '*****'\n"],
  ['clientSecret: 12345\n', 'clientSecret: *****\n'],
  ['clientSecret: |\n  ab\n  cd\nscope: x\n', 'clientSecret: |\n  **\n  **\nscope: x\n'],
  ['clientSecret: >-\r\n  ab cd\r\nscope: x\r\n', 'clientSecret: >-\r\n  ** **\r\nscope: x\r\n'],
  ['clientSecret: [ab, cd]\n', 'clientSecret: [**, **]\n'],
  ['client_secret: abc\n', 'client_secret: ***\n'],
  ['a: { clientSecret:abc, scope:x }\n', 'a: { ****************, scope:x }\n'],
  ['clientSecrte: abc\n', 'clientSecrte: ***\n'],
  ['pasword: abc\n', 'pasword: ***\n'],
  ['psswd: abc\n', 'psswd: ***\n'],
  ['clientScret: abc\n', 'clientScret: ***\n'],
  ['api_kye: abc\n', 'api_kye: ***\n'],
  ['daemon: { socket: abc, state: abc }\n', 'daemon: { socket: abc, state: abc }\n'],
  ['clientSecret: { literal: abc }\n', 'clientSecret: { literal: *** }\n'],
  ['clientSecret: { env: ABC }\n', 'clientSecret: { env: ABC }\n'],
  ['clientSecret: { exec: [pass, show] }\n', 'clientSecret: { exec: [pass, show] }\n'],
  ['header: { name: X-Key, value: abc }\n', 'header: { name: X-Key, value: *** }\n'],
  ['value: "ab {{vars.a}} cd"\n', 'value: "** {{vars.a}} **"\n'],
  ['value: "{{base64 \'ab\'}}"\n', 'value: "******** ******"\n'],
  ['headers: { Authorization: abc, Accept: abc }\n', 'headers: { Authorization: ***, Accept: abc }\n'],
  ['heders: { Authorization: abc, Accept: abc }\n', 'heders: { Authorization: ***, Accept: abc }\n'],
  ['a: { b: { heders: { authorization: abc } } }\n', 'a: { b: { heders: { authorization: *** } } }\n'],
  ['x: { account: { authorization: none } }\n', 'x: { account: { authorization: none } }\n'],
  ['vars: { apiKey: abc, region: eu }\n', 'vars: { apiKey: ***, region: eu }\n'],
  ['x: &s abc\nclientSecret: *s\n', 'x: &s ***\nclientSecret: *s\n'],
  ['x: &s { password: abc }\ny: { <<: *s }\n', 'x: &s { password: *** }\ny: { <<: *s }\n'],
  ['clientSecret: "\\u0061bc"\n', 'clientSecret: "********"\n'],
  ['clientSecret: p😀w\n', 'clientSecret: ****\n'],
  ['url: https://robot:abc@api.example/\n', 'url: https://robot:***@api.example/\n'],
  [
    'accessTokenUri: https://a.example\nbearerTokenType: id_token\n',
    'accessTokenUri: https://a.example\nbearerTokenType: id_token\n',
  ],
  ['accounts: { maps-key: { title: abc } }\n', 'accounts: { maps-key: { title: abc } }\n'],
  ['clientSecret:\n', 'clientSecret:\n'],
  ['clientAssertion: { key: abc, kid: abc, alg: abc }\n', 'clientAssertion: { key: ***, kid: abc, alg: abc }\n'],
  ['assertion: abc\n', 'assertion: ***\n'],
  ['tokenResponse: { token: /data/token }\n', 'tokenResponse: { token: /data/token }\n'],
]

test('what is masked, at unchanged length', () => {
  for (const [text, masked] of MASKED) {
    assert.is(maskSecrets(source(text)), masked)
    assert.is(masked.length, text.length, text)
  }
})

const BROKEN: [text: string, masked: string][] = [
  ['a: [\nAuthorization: Basic def\n', 'a: [\nAuthorization: ***** ***\n'],
  ['a: [\nb: { authorization: none }\n', 'a: [\nb: { authorization: none }\n'],
  ['a: [\nclientSecret: abc\n', 'a: [\nclientSecret: ***\n'],
  ['a: { clientSecret: abc, b: c: d }\n', 'a: { clientSecret: ***, b: c: d }\n'],
  ['a: b: c\n"password": "abc"\n', 'a: b: c\n"password": "***"\n'],
  ['\tpassword: abc def # x\n', '\tpassword: *** *** * *\n'],
  ['a: b: c\nclientSecret: { env: ABC }\n', 'a: b: c\nclientSecret: { env: ABC }\n'],
  ['a: b: c\nheader: { name: X, value: abc }\n', 'a: b: c\nheader: { name: X, value: *** }\n'],
  ['clientSecret: "abc\nb: c\n', 'clientSecret: "***\nb: c\n'],
]

test('a file that cannot be parsed is searched for what looks like a secret', () => {
  for (const [text, masked] of BROKEN) assert.is(maskSecrets(source(text)), masked)
})

test('a bomb of aliases costs nothing', () => {
  const levels = Array.from(
    { length: 30 },
    (_, i) => `x-${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]\n`,
  )
  const text = `x-0: &a0 [x, x]\n${levels.join('')}clientSecret: *a5\n`
  assert.is(maskSecrets(source(text)).length, text.length)
})

test.run()
