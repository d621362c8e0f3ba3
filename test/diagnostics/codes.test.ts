// Every code has a page, every page a code, and the examples of a page show exactly what it is about.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { SUPPRESSIBLE_CODES } from '../../src/config/ignore.ts'
import { rules } from '../../src/config/rules/index.ts'
import { CODE_PAGES, codePage, helpUri } from '../../src/diagnostics/codes/index.ts'
import { check, codes } from '../config/support.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGED = CODE_PAGES.map(({ code }) => code)

/** The codes of the rules, and every text of the sources that looks like a code of one of the families. */
function codesOfSources(): Set<string> {
  const ofRules = rules.flatMap(rule => rule.codes)
  const families = new Set([...PAGED, ...ofRules, 'yaml/', 'schema/', 'file/'].map(code => code.split('/')[0]!))
  const files = globSync('src/**/*.ts', { cwd: ROOT }).filter(file => !file.startsWith('src/diagnostics/codes/'))
  const texts = files.map(file => readFileSync(join(ROOT, file), 'utf8'))
  const literals = texts.flatMap(text => [...text.matchAll(/'([a-z]+)\/([a-z]+(?:-[a-z]+)*)'/g)])
  const written = literals.filter(([, family]) => families.has(family!)).map(([, family, name]) => `${family}/${name}`)
  return new Set([...ofRules, ...written])
}

test('every code that the sources can report has a page, and every page such a code', () => {
  assert.equal([...codesOfSources()].sort(), [...PAGED].sort())
})

test('a code has one page', () => {
  assert.is(new Set(PAGED).size, PAGED.length)
  assert.is(codePage('yaml/syntax')?.code, 'yaml/syntax')
  assert.is(codePage('yaml/nothing'), undefined)
})

test('a page says the severity of its rule', () => {
  for (const { codes: reported, severity } of rules)
    for (const code of reported) assert.is(codePage(code)?.severity, severity, code)
})

test('a comment can suppress every code but those of yaml, file and ignore', () => {
  const expected = PAGED.filter(code => !/^(yaml|file|ignore|listen)\/|^daemon\/needs-restart$/.test(code))
  assert.equal([...SUPPRESSIBLE_CODES].sort(), expected.sort())
})

for (const { code, title, explanation, bad, good, described } of CODE_PAGES) {
  test(`${code}: words`, () => {
    assert.match(title, /^[`A-Z].*[^.\s]$/)
    assert.ok(title.length <= 80, 'the title is one line')
    assert.match(explanation, /^\S.*\.$/s)
    for (const line of explanation.split('\n')) assert.ok(line.length <= 80, `a line of a terminal: ${line}`)
    assert.is(helpUri(code), `https://bearerd.dev/rules/${code}`)
  })

  if (described) {
    test(`${code}: its examples are described, because no text can show them`, () => {
      assert.match(code, /^(file|listen)\/|^daemon\/needs-restart$/)
      for (const sentence of [bad, good]) assert.match(sentence, /^[`A-Z][^\n]*\.$/)
    })
    continue
  }

  test(`${code}: the wrong example gives this code and no other`, () => {
    assert.equal(codes(check(bad)), [code])
  })

  test(`${code}: the right example gives nothing`, () => {
    assert.equal(codes(check(good)), [])
  })

  test(`${code}: the right example differs in what matters only`, () => {
    const wrong = new Set(bad.split('\n'))
    const added = good.split('\n').filter(line => !wrong.has(line))
    assert.ok(added.length <= 5, added.join('\n'))
  })
}

test.run()
