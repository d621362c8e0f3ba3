// One changed file among 1,000: how long from the write until the new generation runs, and what 1,000 reloads leave in memory.
// node bench/reload.ts [FILES]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createExecutor } from '../src/index.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const files = Number(process.argv[2] ?? 1000)
const CHANGES = 20
const RELOADS = 1000

const directory = mkdtempSync(join(tmpdir(), 'bearerd-bench-'))
const folder = join(directory, 'conf')
mkdirSync(folder)

function write(index: number, version: number): void {
  const text = `version: 1
accounts:
  a${index}:
    accessTokenUri: https://id.example/token
    clientId: c${index}
    clientSecret: { env: S${index} }
    scope: read
services:
  s${index}: { account: a${index}, serverUrl: 'https://x.example/${version}' }
`
  writeFileSync(join(folder, `f${index}.yaml`), text)
}

const inOrder = (times: number[]): string => {
  const sorted = times.toSorted((a, b) => a - b)
  const [min, median, max] = [sorted[0]!, sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!]
  return `min ${min.toFixed(0)} ms, median ${median.toFixed(0)} ms, max ${max.toFixed(0)} ms`
}

for (let index = 0; index < files; index++) write(index, 0)
// Files that were just written are read again for two seconds.
await sleep(2_100)
let activated = (): void => {}
await using executor = createExecutor({ directory, onReload: () => activated() })
const startMs = performance.now()
await executor.load('conf')
console.log(`load of ${files} files: ${(performance.now() - startMs).toFixed(0)} ms`)
await executor.watch({ pollIntervalMs: 3_600_000 })
await sleep(1_000)

const times: number[] = []
for (let version = 1; version <= CHANGES; version++) {
  const active = new Promise<void>(resolve => {
    activated = resolve
  })
  const changedMs = performance.now()
  write(7, version)
  await active
  times.push(performance.now() - changedMs)
  await sleep(100)
}
console.log(`one changed file of ${files}, from the write to the new generation: ${inOrder(times)}`)

const heapMiB = (): number => {
  collectGarbage()
  return process.memoryUsage().heapUsed / 2 ** 20
}
for (let warm = 0; warm < 20; warm++) await executor.reload()
const before = heapMiB()
const reloadMs = performance.now()
for (let version = 0; version < RELOADS; version++) {
  if (version % 10 === 0) write(7, version % 20)
  await executor.reload()
}
const eachMs = (performance.now() - reloadMs) / RELOADS
console.log(
  `${RELOADS} whole reloads: ${eachMs.toFixed(0)} ms each; heap ${before.toFixed(1)} -> ${heapMiB().toFixed(1)} MiB`,
)
rmSync(directory, { recursive: true })
