import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Log } from '../../src/base/log.ts'
import { AppError, createExecutor, type Executor, type ExecutorOptions } from '../../src/index.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'
import { startPostgres } from '../support/postgres.ts'
import { withFolder } from '../support/with-folder.ts'

export const postgres = await startPostgres()
test.after(() => postgres?.close())

export const opened: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

export const KEY = Buffer.alloc(32, 7).toString('base64')
export const [SECRET, OTHER_SECRET, OTHER_KEY] = ['fake-client-secret', 'fake-next-secret', 'ab'.repeat(32)]

export async function endpointOf(handler: hostile.TokenEndpoint) {
  const endpoint = await hostile.startTokenEndpoint(handler)
  opened.push(() => endpoint.close())
  return endpoint
}

export const counting = (members: object = {}) =>
  endpointOf((_request, index) => hostile.token(`fake-token-${index + 1}`, { ...members }))

export interface Replica {
  executor: Executor
  lines: string[]
  rewrite(text: string): Promise<void>
}

export interface ReplicaOptions extends ExecutorOptions {
  account?: object
  key?: string
  /** Instead of `key`: a list. */
  keys?: readonly string[]
  secret?: string
}

/** One more process as far as the database can tell: its own pool, cache and lease. */
export async function replica(url: string, tokenUrl: string, options: ReplicaOptions = {}): Promise<Replica> {
  const { account, key = KEY, keys, secret = SECRET, ...rest } = options
  const lines: string[] = []
  const say = (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`)
  const log: Log = { debug: say, info: say, warn: say, error: say }
  const directory = withFolder({ 'services.yaml': definitions(tokenUrl, account, keys?.length) }, opened)
  const listed = Object.fromEntries(keys?.map((text, index) => [`STATE_KEY_${index}`, text]) ?? [])
  const environment = { DATABASE_URL: url, STATE_KEY: key, ...listed, CLIENT_SECRET: secret, OTHER_SECRET }
  const executor = createExecutor({ log, directory, environment, ...rest })
  opened.push(() => executor[Symbol.asyncDispose]())
  await executor.load('services.yaml')
  const rewrite = async (text: string) => {
    writeFileSync(join(directory, 'services.yaml'), text)
    assert.ok((await executor.reload()).ok)
  }
  return { executor, lines, rewrite }
}

export function definitions(accessTokenUri: string, account: object = {}, keys = 0): string {
  const list = Array.from({ length: keys }, (_, index) => ({ env: `STATE_KEY_${index}` }))
  const encryptionKey = keys > 0 ? list : { env: 'STATE_KEY' }
  const crm = {
    accessTokenUri,
    clientId: 'app',
    clientSecret: { env: 'CLIENT_SECRET' },
    scope: [],
    timeout: '60s',
    ...account,
  }
  return JSON.stringify({
    version: 1,
    daemon: { state: { url: { env: 'DATABASE_URL' }, encryptionKey } },
    services: { s: { account: crm, serverUrl: 'https://x.example' } },
  })
}

export const bearer = async ({ executor }: Replica) => (await executor.authorize('s')).headers.Authorization
export const bearers = (replicas: readonly Replica[], calls = 1) =>
  Promise.all(replicas.flatMap(one => Array.from({ length: calls }, () => bearer(one))))

export async function eventually(what: string, check: () => unknown, limitMs = 60_000): Promise<void> {
  const endMs = performance.now() + limitMs
  while (!(await check())) {
    if (performance.now() > endMs) assert.unreachable(`${what}: not within ${limitMs} ms`)
    await sleep(10)
  }
}

export async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => assert.unreachable('expected a rejection'),
    thrown => thrown,
  )
  assert.instance(error, AppError)
  return error as AppError
}

/** A database of its own, where PostgreSQL is installed; a slow one does not count as away, unless `limits` says `default`. */
export function fleet(name: string, run: (url: string) => Promise<void>, limits: 'long' | 'default' = 'long'): void {
  const define = postgres ? test : test.skip
  define(name, async () => run(await postgres!.database(limits)))
}

export const PASSWORD = { grant: 'password', username: 'ada', password: 'fake-password' }
export const REFRESHED = { grant: 'refresh_token', refreshToken: { env: 'CLIENT_SECRET' } }

export interface RotatingEndpoint extends hostile.StartedTokenEndpoint {
  /** How each was asked for. */
  grants(): (string | null)[]
  /** Refresh tokens that came a second time: a server ends all that was made of them (RFC 9700 section 4.14.2). */
  reused: string[]
}

/** A refresh token is good once; `defined` is the one that the account's definition starts with. */
export async function rotatingEndpoint(
  defined = 'none',
  answered: (index: number) => unknown = () => {},
): Promise<RotatingEndpoint> {
  const good = new Set([defined])
  const reused: string[] = []
  const endpoint = await endpointOf(async ({ body }, index) => {
    const form = new URLSearchParams(body)
    const used = form.get('refresh_token')
    if (used !== null && !good.delete(used)) {
      reused.push(used)
      return hostile.json(400, { error: 'invalid_grant' })
    }
    good.add(`fake-refresh-${index + 1}`)
    await answered(index)
    return hostile.token(`fake-token-${index + 1}`, { refresh_token: `fake-refresh-${index + 1}` })
  })
  const grants = () => endpoint.requests.map(({ body }) => new URLSearchParams(body).get('grant_type'))
  return Object.assign(endpoint, { grants, reused })
}
