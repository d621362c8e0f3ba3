// node bench/library.ts: a cached authorize() of the library, the memory of idle services and of 100,000 values of a parameter,
// and the start with 1,000 services.
import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createExecutor } from '../src/index.ts'
import { startTokenEndpoint, token } from '../test/support/hostile-token-endpoint.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const heapMiB = (): number => {
  collectGarbage()
  return process.memoryUsage().heapUsed / 2 ** 20
}

const SERVICES = 1000
const CALLS = 1_000_000

const endpoint = await startTokenEndpoint(() => token('bench'))
const services = Array.from(
  { length: SERVICES },
  (_, index) => `  s${index}: { account: a, serverUrl: "https://x.example/${index}" }\n`,
)
const file = join(tmpdir(), `bearerd-bench-${process.pid}.yaml`)
const account = `accessTokenUri: ${endpoint.url}\n    clientId: c\n    clientSecret: { env: S }\n    scope: []`
writeFileSync(file, `version: 1\naccounts:\n  a:\n    ${account}\nservices:\n${services.join('')}`)

const before = heapMiB()
const startMs = performance.now()
await using executor = createExecutor({ environment: { S: 'fake' } })
await executor.load(file)
console.log(`load of ${SERVICES} services: ${(performance.now() - startMs).toFixed(0)} ms`)
console.log(`memory of an idle service: ${(((heapMiB() - before) * 1024) / SERVICES).toFixed(1)} KiB`)

await executor.authorize('s1')
const times: number[] = []
for (let round = 0; round < 5; round++) {
  const roundMs = performance.now()
  for (let call = 0; call < CALLS; call++) await executor.authorize('s1')
  times.push(((performance.now() - roundMs) * 1000) / CALLS)
}
times.sort((a, b) => a - b)
console.log(
  `cached authorize(): min ${times[0]!.toFixed(2)} us, median ${times[2]!.toFixed(2)} us, max ${times[4]!.toFixed(2)} us (aim <= 1)`,
)
await endpoint.close()

const VALUES = 100_000
const LIMIT = 10_000
const tenants = `version: 1
accounts: { key: { authorization: header, header: { name: X-Key, value: { env: S } } } }
services:
  shop:
    account: key
    serverUrl: https://{{params.tenant}}.shop.example
    parameters: { tenant: { pattern: '^[a-z0-9]+$' } }
    parameterLimit: ${LIMIT}
`
writeFileSync(file, tenants)
await using shop = createExecutor({ environment: { S: 'fake' } })
await shop.load(file)
const empty = heapMiB()
const useValues = async (from: number, to: number): Promise<string> => {
  for (let value = from; value < to; value++) await shop.authorize('shop', { params: { tenant: `t${value}` } })
  return (heapMiB() - empty).toFixed(1)
}
const [full, after] = [await useValues(0, LIMIT), await useValues(LIMIT, VALUES)]
console.log(`memory of ${LIMIT} live values of a parameter: ${full} MiB; after ${VALUES} of them: ${after} MiB`)
rmSync(file)
