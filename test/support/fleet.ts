// Daemons that share a queue in a real PostgreSQL, each a process of its own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startPostgres } from './postgres.ts'
import { type RunningProgram, startProgram } from './program.ts'
import { type PlannedAnswer, type Received, type Receiver, startReceiver } from './receiver.ts'

type Json = ReturnType<typeof JSON.parse>
type Keys = Record<string, unknown>
type Answer = (received: Received, index: number) => PlannedAnswer | Promise<PlannedAnswer>

export const root = mkdtempSync(join(tmpdir(), 'bearerd-fleet-'))
test.after(() => rmSync(root, { recursive: true }))
export const postgres = await startPostgres()
test.after(() => postgres?.close())

export const PUT = {
  type: 'copyToHttpServer',
  authenticateWith: 's',
  method: 'PUT',
  path: '/{{input.n}}',
  content: { file: {} },
  retry: { attempts: 1000, minDelay: '1ms', maxDelay: '5ms' },
}

const opened: (() => Promise<unknown>)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

export interface ReplicaOptions {
  actions?: Keys
  state?: Keys
  serverUrl?: string
}

export interface Replica extends RunningProgram {
  call(path: string, init?: RequestInit): Promise<{ status: number; body: Json; headers: Headers }>
  put(
    n: number,
    body?: string | Buffer<ArrayBuffer>,
    query?: string,
  ): Promise<{ status: number; body: Json; headers: Headers }>
  status(): Promise<Json>
}

export class Fleet {
  readonly url: string
  readonly receiver: Receiver
  #count = 0

  constructor(url: string, receiver: Receiver) {
    this.url = url
    this.receiver = receiver
  }

  async start({
    actions = { put: PUT },
    state = {},
    serverUrl = this.receiver.url,
  }: ReplicaOptions = {}): Promise<Replica> {
    const folder = join(root, `${new URL(this.url).pathname.slice(1)}-${this.#count++}`)
    mkdirSync(folder)
    const config = join(folder, 'services.yaml')
    const services = { s: { account: { authorization: 'none' }, serverUrl } }
    const shared = { url: { env: 'FLEET_TEST_DATABASE' }, encryptionKey: { env: 'FLEET_TEST_KEY' }, ...state }
    writeFileSync(config, JSON.stringify({ version: 1, services, actions, daemon: { state: shared } }))
    const environment = { FLEET_TEST_DATABASE: this.url, FLEET_TEST_KEY: 'ab'.repeat(32) }
    const program = await startProgram(config, environment)
    opened.push(() => program.end('SIGKILL'))
    const call: Replica['call'] = async (path, init) => {
      const response = await fetch(`${program.api}${path}`, init)
      const text = await response.text()
      return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
    }
    return {
      ...program,
      call,
      put: (n, body = `content ${n}`, query = '') =>
        call(`/v1/actions/put/deliveries?input.n=${n}${query}`, { method: 'POST', body }),
      status: async () => (await fetch(`${program.admin}/v1/status`)).json(),
    }
  }
}

export function fleet(name: string, run: (fleet: Fleet) => Promise<void>, answer?: Answer): void {
  if (!postgres) return
  test(name, async () => {
    const receiver = await startReceiver(answer)
    opened.push(() => receiver.close())
    await run(new Fleet(await postgres.database(), receiver))
  })
}

export async function until(what: string, check: () => Promise<boolean> | boolean, limitMs = 120_000): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await check())) {
    if (Date.now() > end) assert.unreachable(`${what}: not within ${limitMs} ms`)
    await sleep(100)
  }
}

export const idle = async (replica: Replica): Promise<boolean> =>
  (await replica.call('/v1/deliveries?state=pending,running')).body.deliveries.length === 0
