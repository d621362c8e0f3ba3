// What one file says of another: an edit of one is seen in what was remembered of the others.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Memory, type Remember } from '../../src/base/memory.ts'
import { atOnce } from '../../src/base/steps.ts'
import { compilePlan } from '../../src/compile/compile.ts'
import type { Plan } from '../../src/compile/plan.ts'
import { checkConfig, checkFiles } from '../../src/config/check.ts'
import { checkFile } from '../../src/config/check-file.ts'
import type { Config } from '../../src/config/model/config.ts'
import type { Checked } from '../../src/diagnostics/diagnostic.ts'
import { source } from '../config/support.ts'

type Files = Record<string, object>

/** Each file is a part of its own; unchanged texts are the very same parts. */
function reading() {
  const [files, checks, plans] = [new Memory(), new Memory(), new Memory()]
  return (given: Files): unknown => {
    const groups = files.run(remember =>
      Object.entries(given).map(([id, definitions]) => {
        const one = sourceOf(id, definitions)
        return { id, files: remember('file', id, [one.text], () => [checkFile(one, () => {})]) }
      }),
    )
    const checked = checks.run(remember => atOnce(checkFiles(groups, remember, [])))
    return seen(checked, config => plans.run(remember => compilePlan(config, remember)))
  }
}

/** All files are one part, and nothing is remembered. */
function together(given: Files): unknown {
  const sources = Object.entries(given).map(([id, definitions]) => sourceOf(id, definitions))
  return seen(checkConfig(sources), compilePlan)
}

function sourceOf(id: string, definitions: object) {
  return source(JSON.stringify({ version: 1, ...definitions }), `${id}.yaml`)
}

function seen(checked: Checked<Config>, compile: (config: Config) => Plan): unknown {
  return checked.ok ? [checked.diagnostics, printed(compile(checked.value))] : checked.diagnostics
}

function printed({ accounts, services, actions, owners, secretFiles }: Plan): unknown {
  const prints = (plans: ReadonlyMap<string, { fingerprint: string }>) =>
    [...plans].map(([name, { fingerprint }]) => [name, fingerprint])
  return [...[accounts, services, actions].map(prints), [...owners.byIdentity], [...owners.byAccount], secretFiles]
}

const account = (more: object = {}) => ({
  accessTokenUri: 'https://id.example/token',
  clientId: 'app',
  clientSecret: { env: 'SECRET' },
  scope: 'read',
  ...more,
})
const service = (more: object = {}) => ({ account: 'crm', serverUrl: 'https://x.example', ...more })
const send = (path: string) => ({
  type: 'sendToConnectedService',
  authenticateWith: 'crm',
  path,
  content: { json: {} },
})

const accounts = (crm: object = account()) => ({ accounts: { crm } })
const services = (crm: object = service()) => ({ services: { crm } })
const tenant = { parameters: { tenant: {} } }

const EDITS: Record<string, [before: Files, after: Files]> = {
  'a variable that an account names': [
    { a: { vars: { id: 'one' } }, b: accounts(account({ clientId: '{{vars.id}}' })), c: services() },
    { a: { vars: { id: 'two' } }, b: accounts(account({ clientId: '{{vars.id}}' })), c: services() },
  ],
  'an account whose variable its service names': [
    {
      a: accounts(account({ vars: { host: 'one' } })),
      b: services(service({ serverUrl: 'https://{{vars.host}}.example' })),
    },
    {
      a: accounts(account({ vars: { host: 'two' } })),
      b: services(service({ serverUrl: 'https://{{vars.host}}.example' })),
    },
  ],
  'an account that authenticates in another way': [
    { a: accounts(), b: services() },
    { a: accounts({ authorization: 'header', name: 'X-Key', value: { env: 'KEY' } }), b: services() },
  ],
  'an account that goes': [
    { a: { accounts: { crm: account(), erp: account() } }, b: services() },
    { a: { accounts: { erp: account() } }, b: services() },
  ],
  'a parameter that a service gives to its account': [
    { a: accounts(account({ audience: '{{params.tenant}}' })), b: services(service(tenant)) },
    { a: accounts(account({ audience: '{{params.tenant}}' })), b: services() },
  ],
  'a parameter that an account gets': [
    { a: accounts(account({ audience: '{{params.tenant}}' })), b: services(), c: { services: { d: service(tenant) } } },
    {
      a: accounts(account({ audience: '{{params.tenant}}' })),
      b: services(service(tenant)),
      c: { services: { d: service(tenant) } },
    },
  ],
  'a service whose variable an action names': [
    { a: accounts(), b: services(service({ vars: { at: 'one' } })), c: { actions: { put: send('/{{vars.at}}') } } },
    { a: accounts(), b: services(service({ vars: { at: 'two' } })), c: { actions: { put: send('/{{vars.at}}') } } },
  ],
  'an account whose variable an action names': [
    { a: accounts(account({ vars: { at: 'one' } })), b: services(), c: { actions: { put: send('/{{vars.at}}') } } },
    { a: accounts(account({ vars: { at: 'two' } })), b: services(), c: { actions: { put: send('/{{vars.at}}') } } },
  ],
  'a name that becomes that of another account': [
    { a: { accounts: { one: account() } }, b: { services: { crm: service({ account: 'one' }) } } },
    { a: { accounts: { two: account() } }, b: { services: { crm: service({ account: 'two' }) } } },
  ],
  'an account that feeds one that feeds another': [
    {
      a: { accounts: { one: account() } },
      b: { accounts: { two: account({ clientSecret: { account: 'one' } }) } },
      c: accounts(account({ clientSecret: { account: 'two' } })),
      d: services(),
    },
    {
      a: { accounts: { one: account({ scope: 'write' }) } },
      b: { accounts: { two: account({ clientSecret: { account: 'one' } }) } },
      c: accounts(account({ clientSecret: { account: 'two' } })),
      d: services(),
    },
  ],
  'an account that feeds a service': [
    {
      a: { accounts: { one: account() } },
      b: accounts(),
      c: services(service({ headers: { 'X-Key': { account: 'one' } } })),
    },
    {
      a: { accounts: { one: account({ scope: 'write' }) } },
      b: accounts(),
      c: services(service({ headers: { 'X-Key': { account: 'one' } } })),
    },
  ],
  'a second service of one account, of another provider': [
    { a: accounts(), b: services(), c: {} },
    { a: accounts(), b: services(), c: { services: { erp: service({ serverUrl: 'https://y.test' }) } } },
  ],
  'a service elsewhere that moves to another provider than the one beside its account': [
    { a: { ...accounts(), ...services() }, b: { services: { erp: service() } } },
    { a: { ...accounts(), ...services() }, b: { services: { erp: service({ serverUrl: 'https://y.test' }) } } },
  ],
  'the only user of an account that goes': [
    { a: accounts(), b: services() },
    { a: accounts(), b: {} },
  ],
  'a name that is written again elsewhere': [
    { a: accounts(), b: services() },
    { a: accounts(), b: { ...accounts(account({ scope: 'write' })), ...services() } },
  ],
  'a header that an account sets now': [
    { a: accounts(), b: services(service({ headers: { 'X-Key': 'fake' } })) },
    {
      a: accounts({ authorization: 'header', name: 'X-Key', value: { env: 'KEY' } }),
      b: services(service({ headers: { 'X-Key': 'fake' } })),
    },
  ],
  'a secret file that another account reads': [
    { a: accounts(account({ clientSecret: { file: 'one' } })), b: services() },
    { a: accounts(account({ clientSecret: { file: 'two' } })), b: services() },
  ],
}

test('a name that is written twice makes no other file be looked at again', () => {
  const looked: unknown[] = []
  const [files, checks] = [new Memory(), new Memory()]
  const look = (given: Files) => {
    looked.length = 0
    const groups = files.run(remember =>
      Object.entries(given).map(([id, definitions]) => {
        const one = sourceOf(id, definitions)
        return { id, files: remember('file', id, [one.text], () => [checkFile(one, () => {})]) }
      }),
    )
    const counting: (remember: Remember) => Remember = remember => (kind, about, from, make) =>
      remember(kind, about, from, () => {
        if (kind === 'look') looked.push(about)
        return make()
      })
    checks.run(remember => atOnce(checkFiles(groups, counting(remember), [])))
    return [...looked]
  }
  const twice = { a: accounts(), b: services(), c: accounts(), d: { 'x-note': 1 } }
  assert.equal(look(twice), ['a', 'b', 'c', 'd'])
  assert.equal(look({ ...twice, d: { 'x-note': 2 } }), ['c', 'd'])
})

for (const [edit, [before, after]] of Object.entries(EDITS)) {
  test(`${edit}: as if nothing were remembered`, () => {
    const [then, now] = [together(before), together(after)]
    assert.not.equal(then, now, 'the edit changes something')
    const read = reading()
    assert.equal(read(before), then)
    assert.equal(read(after), now)
    assert.equal(read(before), then)
  })
}

test.run()
