// One changed file among 1,000 and among 10,000: how long from the write until the new generation runs, how long others wait
// meanwhile, and what 1,000 reloads leave in memory.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createExecutor, type Executor } from '../src/index.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const SMALL = 100
const FEW = 1_000
const MANY = 10_000
const CHANGES = 20
const RELOADS = 1_000

const directory = mkdtempSync(join(tmpdir(), 'bearerd-bench-'))

function write(folder: string, index: number, version: number): void {
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

const inOrder = (values: number[], digits = 0): string => {
  const sorted = values.toSorted((a, b) => a - b)
  const [min, median, max] = [sorted[0]!, sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!]
  return `min ${min.toFixed(digits)}, median ${median.toFixed(digits)}, max ${max.toFixed(digits)}`
}

/** The longest time that a request which comes now would wait, until it is stopped. */
function measurePauses(): () => number {
  let longestMs = 0
  let lastMs = performance.now()
  let running = true
  const look = (): void => {
    const nowMs = performance.now()
    longestMs = Math.max(longestMs, nowMs - lastMs)
    lastMs = nowMs
    if (running) setImmediate(look)
  }
  setImmediate(look)
  return () => {
    running = false
    return longestMs
  }
}

interface Watching {
  folder: string
  executor: Executor
  /** Milliseconds to the new generation, and the longest pause until then. */
  change(version: number): Promise<{ tookMs: number; pauseMs: number }>
}

async function watch(files: number): Promise<Watching> {
  const folder = join(directory, String(files))
  mkdirSync(folder)
  for (let index = 0; index < files; index++) write(folder, index, 0)
  // Files that were just written are read again for two seconds.
  await sleep(2_100)
  let activated = (): void => {}
  const executor = createExecutor({ directory, onReload: () => activated() })
  const startMs = performance.now()
  await executor.load(folder)
  console.log(`load of ${files} files: ${(performance.now() - startMs).toFixed(0)} ms`)
  await executor.watch({ pollIntervalMs: 3_600_000 })
  await sleep(1_000)
  const change = async (version: number) => {
    const active = new Promise<void>(resolve => {
      activated = resolve
    })
    const pauses = measurePauses()
    const changedMs = performance.now()
    write(folder, 7, version)
    await active
    return { tookMs: performance.now() - changedMs, pauseMs: pauses() }
  }
  return { folder, executor, change }
}

async function compareSizes(): Promise<void> {
  const few = await watch(FEW)
  const many = await watch(MANY)
  const columns = ['few', 'many', 'ratio', 'fewPause', 'manyPause'] as const
  const took = Object.fromEntries(columns.map(name => [name, [] as number[]])) as Record<
    (typeof columns)[number],
    number[]
  >
  for (let version = 1; version <= CHANGES; version++) {
    const [ofFew, ofMany] = [await few.change(version), await many.change(version)]
    took.few.push(ofFew.tookMs)
    took.many.push(ofMany.tookMs)
    took.ratio.push(ofMany.tookMs / ofFew.tookMs)
    took.fewPause.push(ofFew.pauseMs)
    took.manyPause.push(ofMany.pauseMs)
    await sleep(100)
  }
  console.log(
    'one changed file, from the write to the new generation; 30 ms of it wait for a second write (aim: <= 130):',
  )
  console.log(`  among ${FEW}: ${inOrder(took.few)} ms; longest pause ${inOrder(took.fewPause)} ms`)
  console.log(`  among ${MANY}: ${inOrder(took.many)} ms; longest pause ${inOrder(took.manyPause)} ms`)
  console.log(`  ten times the files take ${inOrder(took.ratio, 2)} times as long`)
  for (const { executor } of [few, many]) await executor[Symbol.asyncDispose]()
}

async function measureMemory(): Promise<void> {
  const { executor, folder } = await watch(SMALL)
  const heapMiB = (): number => {
    collectGarbage()
    return process.memoryUsage().heapUsed / 2 ** 20
  }
  const reloads = async (count: number): Promise<void> => {
    for (let version = 0; version < count; version++) {
      if (version % 10 === 0) write(folder, 7, version % 20)
      await executor.reload()
    }
  }
  await reloads(50)
  const before = heapMiB()
  await reloads(RELOADS)
  console.log(`${RELOADS} whole reloads of ${SMALL} files: heap ${before.toFixed(1)} -> ${heapMiB().toFixed(1)} MiB`)
  await executor[Symbol.asyncDispose]()
}

await measureMemory()
await compareSizes()
rmSync(directory, { recursive: true })
