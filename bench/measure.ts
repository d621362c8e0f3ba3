// Processes to measure, and numbers in a table: minimum, median, maximum.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** Starts a program, pinned to one processor where taskset is there, and waits for its line `ready`. */
export async function startPeer(processor: number, ...args: string[]): Promise<ChildProcess> {
  const pinned = hasTaskset
    ? ['taskset', '-c', String(processor), process.execPath, ...args]
    : [process.execPath, ...args]
  const child = spawn(pinned[0]!, pinned.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] })
  await new Promise<void>((resolve, reject) => {
    let said = ''
    const look = (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('ready')) resolve()
    }
    child.stdout.on('data', look)
    child.stderr.on('data', look)
    child.once('exit', code => reject(new Error(`${args.join(' ')} ended with ${code}: ${said}`)))
  })
  return child
}

export const hasTaskset = spawnSync('taskset', ['-V']).status === 0

/** Moves this process, which makes the load, to these processors, such as `1` or `0-1`: never that of the server. */
export function pinSelf(processors: string): void {
  if (hasTaskset) spawnSync('taskset', ['-acp', processors, String(process.pid)])
}

export const ALL_PROCESSORS = `0-${cpus().length - 1}`

/** Processor time of a running process and its children so far, in seconds (Linux; 100 ticks a second). */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  const own = (Number(fields[11]) + Number(fields[12])) / 100
  return children.reduce((sum, child) => sum + cpuSeconds(Number(child)), own)
}

/** Resident memory of a process in MiB (Linux): now, and the most since `forgetPeak`. */
export function memoryMiB(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const of = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
  return { now: of('VmRSS'), peak: of('VmHWM') }
}

export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

/** Wall seconds of a whole process that must succeed. */
export function timeProcess(args: readonly string[]): number {
  const startMs = performance.now()
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
  return (performance.now() - startMs) / 1000
}

export interface Row {
  name: string
  unit: string
  ours: number[]
  reference: number[]
  /** ours / reference, pair by pair. */
  ratios: number[]
  aim: string
}

export function row(name: string, unit: string, aim: string): Row {
  return { name, unit, aim, ours: [], reference: [], ratios: [] }
}

export function addPair(target: Row, ours: number, reference: number): void {
  target.ours.push(ours)
  target.reference.push(reference)
  target.ratios.push(ours / reference)
}

export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ name, unit, ours, reference, ratios, aim }) => [
    `${name} (${unit})`,
    spread(ours),
    spread(reference),
    spread(ratios),
    aim,
  ])
  const all = [['what', 'bearerd min/med/max', 'reference min/med/max', 'ratio min/med/max', 'aim'], ...cells]
  const widths = all[0]!.map((_, column) => Math.max(...all.map(line => line[column]!.length)))
  return all
    .map(line =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** `-` for what has no reference. */
function spread(values: readonly number[]): string {
  if (values.some(Number.isNaN)) return '-'
  const sorted = [...values].sort((a, b) => a - b)
  const picked = [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!]
  return picked.map(value => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))).join(' / ')
}
