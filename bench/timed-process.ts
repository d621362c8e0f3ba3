// One whole process on one processor, watched until it ends (Linux).
import { spawn } from 'node:child_process'
import { cpuSeconds, memoryMiB } from './measure.ts'

export interface TimedProcess {
  seconds: number
  cpu: number
  /** MiB: the most that was resident. */
  peak: number
  stdout: string
}

const LOOK_EVERY_MS = 5

/** Rejects for any exit but 0. */
export async function timedProcess(command: string, args: readonly string[]): Promise<TimedProcess> {
  const startMs = performance.now()
  const child = spawn('taskset', ['-c', '0', command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const seen = { cpu: 0, peak: 0 }
  const look = setInterval(() => {
    try {
      seen.cpu = cpuSeconds(child.pid!)
      seen.peak = Math.max(seen.peak, memoryMiB(child.pid!).peak || 0)
    } catch {
      // It has ended.
    }
  }, LOOK_EVERY_MS)
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text: Buffer) => {
    stdout += text
  })
  child.stderr.on('data', (text: Buffer) => {
    stderr += text
  })
  const code = await new Promise(resolve => child.once('close', resolve))
  clearInterval(look)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${stderr}`)
  return { seconds: (performance.now() - startMs) / 1000, ...seen, stdout }
}
