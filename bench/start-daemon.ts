// The built daemon with a configuration of its own below .bench/, on one processor.
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { startPeer } from './measure.ts'

/** Of this repository; git does not see it. */
export const FOLDER = resolve('.bench')

export interface DaemonPorts {
  api: number
  admin: number
}

/** Resolves when it is ready. `text` is its configuration, in which the account may use BENCH_SECRET. */
export function startDaemon(name: string, text: string, { api, admin }: DaemonPorts): Promise<ChildProcess> {
  process.env.BENCH_SECRET = 'fake'
  mkdirSync(FOLDER, { recursive: true })
  const path = `${FOLDER}/${name}.yaml`
  writeFileSync(path, text)
  const listen = ['--listen', `127.0.0.1:${api}`, '--admin-listen', `127.0.0.1:${admin}`]
  return startPeer(0, 'dist/cli.js', 'run', '-c', path, ...listen, '--log-format', 'json')
}

/** One service `orders`, whose upstream and token endpoint are at this port. */
export function oneService(upstream: number): string {
  return `version: 1
accounts:
  bench:
    accessTokenUri: http://127.0.0.1:${upstream}/token
    clientId: bench
    clientSecret: { env: BENCH_SECRET }
    scope: []
services:
  orders: { account: bench, serverUrl: "http://127.0.0.1:${upstream}" }
`
}
