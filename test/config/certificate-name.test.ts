// Names of certificates: equal ones in every spelling, and no other ones.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { alternativeNamesOf, subjectOf, subjectText } from '../../src/config/definitions/certificate-name.ts'

/** Of a certificate as Node writes it, and as a configuration does. */
const EQUAL: [string, string][] = [
  ['C=DE\nO=Shop\\, Inc.\nCN=b + OU=a', 'OU=a+CN=b,O=Shop\\, Inc.,C=DE'],
  ['C=DE\nCN=b + OU=a', 'cn=b + ou=a, c=DE'],
  ['CN=a\\+b\\ ', 'CN=a\\+b\\20'],
  ['CN=é', 'CN=\\c3\\a9'],
  ['CN=\\#abc', 'CN=\\#abc'],
  ['1.2.3.4=x', '1.2.3.4=x'],
  ['CN=a=b', 'CN=a\\=b'],
]

for (const [subject, written] of EQUAL)
  test(`${JSON.stringify(subject)} is ${written}`, () => {
    assert.type(subjectText(written), 'string')
    assert.is(subjectOf(subject), subjectText(written))
  })

const DIFFERENT: [string, string][] = [
  ['O=Shop\nCN=a', 'O=Shop,CN=a'],
  ['CN=a\\,O=Shop', 'CN=a,O=Shop'],
  ['CN=A', 'CN=a'],
  ['CN=a\\ ', 'CN=a'],
  ['CN=a\\00', 'CN=a'],
  ['CN=a + O=b', 'O=b,CN=a'],
  ['CN=a\nCN=a', 'CN=a'],
]

for (const [subject, written] of DIFFERENT)
  test(`${JSON.stringify(subject)} is not ${written}`, () => assert.is.not(subjectOf(subject), subjectText(written)))

for (const text of [
  '',
  'x',
  'CN=',
  'CN=a,',
  ',CN=a',
  'CN=a\\',
  'CN="a"',
  'CN=#0402',
  'CN=a;b',
  'CN=a++',
  '=a',
  '/CN=a',
])
  test(`${JSON.stringify(text)} is no name`, () => assert.is(subjectText(text), undefined))

test('alternative names, those in quotes too; none of what cannot be read', () => {
  const all = 'DNS:a.example, URI:spiffe://x/y, email:a@b.example, IP Address:10.0.0.1, DirName:CN=DNS:evil'
  assert.equal(alternativeNamesOf(all), ['DNS:a.example', 'URI:spiffe://x/y', 'email:a@b.example'])
  assert.equal(alternativeNamesOf('URI:"spiffe://x/y, DNS:evil.example", DNS:b'), ['DNS:b'])
  assert.equal(alternativeNamesOf('DNS:a,DNS:b'), [])
  assert.equal(alternativeNamesOf(''), [])
})

test.run()
