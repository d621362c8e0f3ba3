// What a change means: each folder of test/golden/diff has a configuration `old`, one `new`, and what is told about them.
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type ConfigDiff, explainDiff, type Side } from '../../src/compile/explain/explain-diff.ts'
import { renderDiff } from '../../src/compile/explain/explain-diff-text.ts'
import { checkConfig } from '../../src/config/check.ts'
import { readSources } from '../../src/config/read.ts'
import { compareGolden } from '../support/golden.ts'
import { ACCOUNT } from './compiled.ts'

const FOLDER = join(import.meta.dirname, '../golden/diff')
const SECRETS = /fake-literal/

async function sideOf(folder: string, directory: string): Promise<Side> {
  const { sources } = await readSources([folder], directory)
  const checked = checkConfig(sources)
  if (!checked.ok) throw new Error(JSON.stringify(checked.diagnostics))
  return { config: checked.value, folder, singleFile: false }
}

const CASES = readdirSync(FOLDER, { withFileTypes: true }).flatMap(entry => (entry.isDirectory() ? [entry.name] : []))

for (const name of CASES) {
  test(`diff: ${name}`, async () => {
    const folder = join(FOLDER, name)
    const diff = explainDiff(await sideOf(join(folder, 'old'), folder), await sideOf(join(folder, 'new'), folder))
    const [text, json] = [renderDiff(diff), JSON.stringify(diff)]
    assert.not.match(text + json, SECRETS)
    assert.not.match(text + json, folder, 'no place of this machine')
    compareGolden(`diff/${name}.out`, text)
  })

  test(`diff: ${name} with itself in another folder`, async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'bearerd-diff-'))
    cpSync(join(FOLDER, name, 'new'), join(elsewhere, 'deeper/copy'), { recursive: true })
    const diff = explainDiff(
      await sideOf(join(FOLDER, name, 'new'), FOLDER),
      await sideOf(join(elsewhere, 'deeper/copy'), elsewhere),
    )
    rmSync(elsewhere, { recursive: true })
    assert.match(
      renderDiff(diff),
      /^No change of behaviour\.\n\nUntouched: \d+ services?, \d+ accounts?(?:, \d+ actions?)?\n$/,
    )
  })
}

/** One account `a` and a service `s` with these keys over plain ones. */
function sideWith(account: Record<string, unknown>, service: Record<string, unknown> = {}, folder = '/old'): Side {
  const definition = {
    version: 1,
    accounts: { a: { ...ACCOUNT, ...account } },
    services: { s: { account: 'a', serverUrl: 'https://api.example', ...service } },
  }
  const path = `${folder}/services.yaml`
  const checked = checkConfig([{ path, file: 'services.yaml', text: JSON.stringify(definition) }])
  if (!checked.ok) throw new Error(JSON.stringify(checked.diagnostics))
  return { config: checked.value, folder, singleFile: true }
}

function fieldsOf(diff: ConfigDiff): string[] {
  const { services, accounts } = diff
  const changes = [...services.changed, ...accounts.newToken, ...accounts.changed].flatMap(part => part.changes)
  return changes.map(({ field }) => field)
}

/** Each key of an oauth2 account, and whether the token changes with it. */
const ACCOUNT_KEYS: [field: string, account: Record<string, unknown>, newToken: boolean][] = [
  ['accessTokenUri', { accessTokenUri: 'https://other.example/token' }, true],
  ['clientId', { clientId: 'other' }, true],
  ['clientSecret', { clientSecret: { env: 'OTHER' } }, true],
  ['clientAuthMethod', { clientAuthMethod: 'client_secret_post' }, true],
  ['basicEncoding', { basicEncoding: 'raw' }, true],
  ['scope', { scope: 'write' }, true],
  ['scope', { scope: [] }, true],
  ['timeout', { timeout: '3s' }, false],
  ['allowHttp', { allowHttp: true }, false],
]

for (const [field, account, newToken] of ACCOUNT_KEYS) {
  test(`a changed ${field} is named${newToken ? ' and costs a token' : ''}: ${JSON.stringify(account)}`, () => {
    const diff = explainDiff(sideWith({}), sideWith(account))
    assert.equal(fieldsOf(diff), [field])
    assert.equal(
      diff.accounts.newToken.map(({ name }) => name),
      newToken ? ['a'] : [],
    )
    assert.equal(diff.services.changed[0]!.account, { name: 'a', newToken })
  })
}

test('grant, user and kind of token are named', () => {
  const password = { grant: 'password', username: 'robot', password: { env: 'P' } }
  const one = explainDiff(sideWith({}), sideWith(password))
  assert.equal(fieldsOf(one), ['grant', 'username', 'password'])
  const two = explainDiff(sideWith(password), sideWith({ ...password, username: 'other', bearerTokenType: 'id_token' }))
  assert.equal(fieldsOf(two), ['username', 'bearerTokenType'])
})

const SERVICE_KEYS: [field: string, service: Record<string, unknown>][] = [
  ['serverUrl', { serverUrl: 'https://other.example' }],
  ['timeout', { timeout: '3s' }],
  ['timeoutMessage', { timeoutMessage: 'slow' }],
  ['healthCheck', { healthCheck: '/me' }],
  ['reauthenticateOn', { reauthenticateOn: { status: [401], minAge: '1m' } }],
  ['retry', { retry: { attempts: 4 } }],
  ['title', { title: 'T' }],
  ['allowHttp', { allowHttp: true }],
  ['header X-A', { headers: { 'X-A': 'b' } }],
]

for (const [field, service] of SERVICE_KEYS) {
  test(`a changed ${field} of a service is named and costs no token`, () => {
    const diff = explainDiff(sideWith({}), sideWith({}, service))
    assert.equal(fieldsOf(diff), [field])
    assert.equal(diff.accounts.untouched, ['a'])
  })
}

test('values are told old and new, defaults as defaults', () => {
  const diff = explainDiff(sideWith({}), sideWith({}, { timeout: '3s', serverUrl: 'https://b.example' }))
  assert.equal(diff.services.changed[0]!.changes, [
    { field: 'serverUrl', old: 'https://api.example', new: 'https://b.example' },
    { field: 'timeout', old: '30s (default)', new: '3s' },
  ])
})

test('relative secret files are compared by position, absolute ones by their path', () => {
  const relative = { clientSecret: { file: '../secrets/a' } }
  assert.equal(fieldsOf(explainDiff(sideWith(relative, {}, '/x'), sideWith(relative, {}, '/very/far/away'))), [])
  const absolute = { clientSecret: { file: '/run/secrets/a' } }
  assert.equal(fieldsOf(explainDiff(sideWith(absolute, {}, '/x'), sideWith(absolute, {}, '/very/far/away'))), [])
  const other = { clientSecret: { file: '../secrets/b' } }
  const { accounts } = explainDiff(sideWith(relative), sideWith(other))
  assert.equal(accounts.newToken[0]!.changes, [
    { field: 'clientSecret', old: 'file ../secrets/a', new: 'file ../secrets/b' },
  ])
  const program = { clientSecret: { exec: ['./secret'] } }
  assert.equal(fieldsOf(explainDiff(sideWith(program, {}, '/x'), sideWith(program, {}, '/very/far/away'))), [])
})

test('nothing from a file moves the terminal', () => {
  const diff = explainDiff(sideWith({}), sideWith({}, { timeoutMessage: 'a\u001b[2Jb\nc' }))
  assert.match(renderDiff(diff), 'new: a\ufffd[2Jb\ufffdc')
})

test('2 000 services are compared in a moment', () => {
  const side = (timeout: string): Side => {
    const names = Array.from({ length: 2000 }, (_, index) => `s${index}`)
    const accounts = Object.fromEntries(names.map(name => [`a${name}`, { ...ACCOUNT, clientId: name, timeout }]))
    const services = Object.fromEntries(
      names.map(name => [name, { account: `a${name}`, serverUrl: 'https://x.example' }]),
    )
    const text = JSON.stringify({ version: 1, accounts, services })
    const checked = checkConfig([{ path: '/x/services.yaml', file: 'services.yaml', text }])
    return { config: checked.value!, folder: '/x', singleFile: true }
  }
  const [old, next] = [side('3s'), side('4s')]
  const startedMs = performance.now()
  const diff = explainDiff(old, next)
  assert.is(diff.services.changed.length, 2000)
  assert.ok(performance.now() - startedMs < 30_000, `${performance.now() - startedMs} ms`)
})

test.run()
