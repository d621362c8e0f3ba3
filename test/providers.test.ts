// Every file of examples/providers: valid without a word, and its token request, its injection and its server URL are what
// the vendor documents.
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkConfig } from '../src/config/check.ts'
import { readSources } from '../src/config/read.ts'
import { type EveryHost, startEveryHost } from './support/every-host.ts'
import { type Answer, json, token } from './support/hostile-token-endpoint.ts'
import { type GivenAnswer, PROVIDERS } from './support/provider-expectations.ts'
import { playProvider } from './support/recording-provider.ts'

const ROOT = dirname(import.meta.dirname)
const FILES = globSync('examples/providers/*.yaml', { cwd: ROOT }).sort()

let everyHost: EveryHost

test.before(async () => {
  everyHost = await startEveryHost()
})

test.after(() => everyHost.close())

test('each provider is expected here, and there are at least thirty', () => {
  assert.equal(FILES.map(file => basename(file, '.yaml')).sort(), Object.keys(PROVIDERS).sort())
  assert.ok(FILES.length >= 30)
})

for (const file of FILES) {
  const name = basename(file, '.yaml')

  test(`${name}: names the vendor's page and is valid without a warning`, async () => {
    const { sources, diagnostics } = await readSources([file], ROOT)
    assert.match(readFileSync(join(ROOT, file), 'utf8'), /^# https:\/\/\S+\n/)
    const found = [...diagnostics, ...checkConfig(sources).diagnostics].filter(({ suppressed }) => !suppressed)
    assert.equal(
      found.map(({ code, message, range }) => `${range.start.line}: ${message} [${code}]`),
      [],
    )
  })

  test(`${name}: the request that the vendor documents`, async () => {
    const { answer, expected, params, serverUrl, authorization, life, certificate = false } = PROVIDERS[name]!
    const answers = [answer].flat().map(answerOf)
    const played = await playProvider(everyHost, join(ROOT, file), { answers, params }).catch((error: Error) => {
      throw new Error(error.message)
    })
    assert.equal(played.sent, expected ? [expected].flat() : [])
    assert.equal(played.authorization, { headers: {}, query: {}, ...authorization })
    assert.is(played.serverUrl, serverUrl)
    assert.is(played.certificate, certificate)
    if (life !== undefined) assert.ok(Math.abs((played.lifeSeconds ?? 0) - life) <= 30, `life ${played.lifeSeconds} s`)
  })
}

function answerOf(answer: GivenAnswer | undefined): Answer {
  if (typeof answer === 'function') return answer
  return answer ? json(200, answer) : token('T')
}

test.run()
