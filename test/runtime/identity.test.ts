// A token's identity as a property: of random accounts, whose secrets are known only at run time, two have the same identity
// exactly when everything that decides is equal. Seeded, so that a failure can be repeated.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import type { Values } from '../../src/compile/text.ts'
import { digest } from '../../src/runtime/secrets/values.ts'
import { compileAccount } from '../compile/compiled.ts'

const SEED = 20260101
const ACCOUNTS = 400

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What decides, field by field: a few values each, so that equal accounts come up, with traps where values meet. */
const FIELDS = {
  accessTokenUri: ['https://id.example/token', 'https://id.example/token?a=b', 'https://id2.example/token'],
  clientId: ['app', 'app","x', 'a'],
  secret: ['fake-one', 'fake-two', '', 'a', 'pp'],
  clientAuthMethod: ['client_secret_basic', 'client_secret_post'],
  scope: ['read', 'write', 'read write'],
  user: [undefined, ['ada', 'fake-password'], ['ada', 'fake-other'], ['adafake', '-password']],
  bearerTokenType: ['access_token', 'id_token'],
} as const

type Meaning = { [Field in keyof typeof FIELDS]: (typeof FIELDS)[Field][number] }

/** The same meaning is written in different ways: secrets have random names, texts come from variables. */
function account(meaning: Meaning, random: () => number) {
  const secrets = new Map<string, string>()
  const name = (value: string) => {
    const variable = `V${Math.floor(random() * 1e9)}`
    secrets.set(variable, value)
    return { env: variable }
  }
  const [username, password] = meaning.user ?? []
  const keys = {
    accessTokenUri: meaning.accessTokenUri,
    clientId: random() < 0.5 ? meaning.clientId : name(meaning.clientId),
    clientSecret: name(meaning.secret),
    clientAuthMethod: meaning.clientAuthMethod,
    scope: meaning.scope,
    bearerTokenType: meaning.bearerTokenType,
    title: `T${random()}`,
    timeout: `${1 + Math.floor(random() * 9)}s`,
    ...(username !== undefined && { grant: 'password', username: name(username), password: name(password!) }),
  }
  const plan = compileAccount(keys)
  const values: Values = {
    secret: reference => new Secret(reference.kind === 'env' ? secrets.get(reference.name)! : ''),
    uuid: () => String(random()),
    now: () => String(random()),
  }
  const { token, family } = plan.identify!(values)
  return { token: digest(token), family: digest(family), tokenIdentity: plan.tokenIdentity }
}

function accounts() {
  const random = seeded(SEED)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!
  return Array.from({ length: ACCOUNTS }, () => {
    const meaning = Object.fromEntries(
      Object.entries(FIELDS).map(([field, values]) => [field, pick(values as readonly unknown[])]),
    ) as Meaning
    return { meaning, ...account(meaning, random) }
  })
}

function pairs<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((one, index) => items.slice(index + 1).map((other): [T, T] => [one, other]))
}

test(`of ${ACCOUNTS} random accounts, those with equal meaning share an identity, and no others (seed ${SEED})`, () => {
  let equal = 0
  for (const [one, other] of pairs(accounts())) {
    const same = JSON.stringify(one.meaning) === JSON.stringify(other.meaning)
    if (same) equal++
    assert.is(one.token === other.token, same, JSON.stringify([one.meaning, other.meaning]))
    if (one.tokenIdentity === other.tokenIdentity) assert.ok(same, 'equal by what is written, but not by value')
  }
  assert.ok(equal > 20, `${equal} equal pairs: enough to mean something`)
})

test('a family is the same without the client’s secret', () => {
  const without = ({ secret: _, ...meaning }: Meaning) => JSON.stringify(meaning)
  for (const [one, other] of pairs(accounts())) {
    assert.is(one.family === other.family, without(one.meaning) === without(other.meaning))
  }
})

test('what differs at each use does not decide; an account that another one feeds has no identity of values', () => {
  const values = (text: string): Values => ({ secret: () => new Secret('fake'), uuid: () => text, now: () => text })
  const plan = compileAccount({ clientId: 'app-{{uuid}}-{{now}}' })
  assert.is(plan.identify!(values('1')).token.reveal(), plan.identify!(values('2')).token.reveal())
  assert.is.not(plan.identify!(values('1')).token.reveal(), compileAccount({}).identify!(values('1')).token.reveal())
})

test('a digest says nothing without its key', () => {
  const secret = new Secret('fake')
  assert.is(digest(secret), digest(new Secret('fake')))
  assert.is.not(digest(secret), digest(secret, Buffer.alloc(32)))
  assert.is.not(digest(secret, Buffer.alloc(32)), digest(secret, Buffer.alloc(32, 1)))
})

test.run()
