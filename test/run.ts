// The test runner: each test file in a process of its own, three at a time (many of them wait), each with a time limit.
// A file that ran no test, left something open or crashed has failed; beside others, it is run once more by itself, and
// told as FLAKY when it passes then (TEST_REPEAT=0: not run again). The last line is `N passed, N failed`.
// Usage: node test/run.ts [file or part of a path ...]; TEST_TIMEOUT_MS changes the limit of 300 s, for hangs alone.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, globSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

interface Counts {
  total: number
  passed: number
  skipped: number
}

interface Outcome {
  file: string
  counts: Counts
  /** Why the file has failed; undefined when it has not. */
  failure: string | undefined
  seconds: number
  output: string
}

interface Ending {
  code: number | null
  signal: NodeJS.Signals | null
  timedOut: boolean
}

const ROOT = dirname(import.meta.dirname)
const LIMIT_MS = Number(process.env.TEST_TIMEOUT_MS ?? 300_000)
/** How long a file may live on after its closing lines: longer means that it left a server, timer or child open. */
const GRACE_MS = Math.min(10_000, LIMIT_MS)
/** Stripped of types and compiled once for all files and for the programs that they start: half of their processor time. */
const COMPILE_CACHE = process.env.NODE_COMPILE_CACHE ?? join(ROOT, 'node_modules/.cache/compiled')
const REPEAT = process.env.TEST_REPEAT !== '0'
/** Of more files that fail, none fails by accident. */
const MAX_REPEATED = 3
const ERRORS = pathToFileURL(join(ROOT, 'test/support/uvu-errors.ts')).href
const NO_COUNTS: Counts = { total: 0, passed: 0, skipped: 0 }
const running = new Set<ChildProcess>()

function findFiles(patterns: readonly string[]): string[] {
  const all = globSync('test/**/*.test.ts', { cwd: ROOT })
    .map(file => file.replaceAll('\\', '/'))
    .filter(file => !file.includes('/fixtures/'))
    .sort()
  if (patterns.length === 0) return all
  return [...new Set(patterns.flatMap(pattern => (isFile(pattern) ? [pattern] : all.filter(f => f.includes(pattern)))))]
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}

/** The numbers of uvu's last closing lines; undefined when there are none. */
function readCounts(output: string): Counts | undefined {
  const closing = /^ *Total: +(\d+)\n *Passed: +(\d+)\n *Skipped: +(\d+)$/gm
  const last = [...stripVTControlCharacters(output).matchAll(closing)].at(-1)
  return last && { total: Number(last[1]), passed: Number(last[2]), skipped: Number(last[3]) }
}

function explainFailure(counts: Counts | undefined, ending: Ending): string | undefined {
  const { code, signal, timedOut } = ending
  if (timedOut && !counts) return `stopped after ${LIMIT_MS / 1000} s`
  if (!counts) return `ended without a test result (${signal ?? `exit code ${code}`}): is the final .run() missing?`
  if (counts.total === 0) return 'ran no test'
  if (counts.passed < counts.total) return `${counts.total - counts.passed} failed`
  if (timedOut) return 'its tests ended but the process did not: something was left open'
  if (code !== 0) return `every test passed, then it ended with ${signal ?? `exit code ${code}`}`
  return undefined
}

/** Ends the child and everything it started. */
function killGroup(child: ChildProcess): void {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nobody of the group is left.
  }
}

function startFile(file: string): ChildProcess {
  const env: NodeJS.ProcessEnv = { ...process.env, FORCE_COLOR: '0', NODE_COMPILE_CACHE: COMPILE_CACHE }
  delete env.NO_COLOR
  const path = isFile(file) ? file : join(ROOT, file)
  return spawn(process.execPath, ['--import', ERRORS, path], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function runFile(file: string): Promise<Outcome> {
  const startedMs = performance.now()
  const child = startFile(file)
  let output = ''
  const ending = await waitForEnd(child, text => {
    output += text
    return readCounts(output.slice(-1000)) !== undefined
  })
  const counts = readCounts(output)
  const seconds = (performance.now() - startedMs) / 1000
  return { file, counts: counts ?? NO_COUNTS, failure: explainFailure(counts, ending), seconds, output }
}

/** `onText` gets all output and says whether the closing lines have been seen, which starts the grace period. */
function waitForEnd(child: ChildProcess, onText: (text: string) => boolean): Promise<Ending> {
  return new Promise((resolve, reject) => {
    let timedOut = false
    let grace: NodeJS.Timeout | undefined
    const stop = (): void => {
      timedOut = true
      killGroup(child)
    }
    const limit = setTimeout(stop, LIMIT_MS)
    const onData = (text: string): void => {
      if (onText(text)) grace ??= setTimeout(stop, GRACE_MS)
    }
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onData)
    running.add(child)
    child.on('error', reject)
    child.on('exit', () => {
      clearTimeout(limit)
      clearTimeout(grace)
      killGroup(child)
    })
    child.on('close', (code, signal) => {
      running.delete(child)
      resolve({ code, signal, timedOut })
    })
  })
}

const nameOf = ({ file }: Outcome): string => relative(ROOT, isFile(file) ? file : join(ROOT, file))

function printOutcome(outcome: Outcome): void {
  const { failure } = outcome
  if (failure) print('FAIL', outcome, { reason: failure, output: outcome.output })
  else print('ok  ', outcome)
}

function printFlaky(outcome: Outcome, { failure, output }: Outcome): void {
  print('FLAKY', outcome, { reason: `beside others: ${failure}`, output })
}

function print(mark: string, outcome: Outcome, failed?: { reason: string; output: string }): void {
  const { counts, seconds } = outcome
  const reason = failed ? `  ${failed.reason}` : ''
  console.log(`${mark} ${nameOf(outcome)}  ${counts.passed}/${counts.total}  ${seconds.toFixed(1)}s${reason}`)
  if (failed) console.log(failed.output.trimEnd().replace(/^/gm, '     | '))
}

async function runAll(files: readonly string[]): Promise<Outcome[]> {
  const waiting = [...files]
  const outcomes: Outcome[] = []
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const outcome = await runFile(file)
      printOutcome(outcome)
      outcomes.push(outcome)
    }
  }
  await Promise.all(Array.from({ length: Math.min(3, availableParallelism() + 1) }, work))
  return outcomes
}

/** Those that failed beside others run once more, one at a time: the outcomes that count, and those of them that passed then. */
async function repeatFailed(outcomes: readonly Outcome[]): Promise<{ final: Outcome[]; flaky: Outcome[] }> {
  const failed = outcomes.filter(({ failure }) => failure)
  if (!REPEAT || outcomes.length === 1 || failed.length > MAX_REPEATED) return { final: [...outcomes], flaky: [] }
  const final = outcomes.filter(({ failure }) => !failure)
  const flaky: Outcome[] = []
  for (const before of failed) {
    const again = await runFile(before.file)
    final.push(again)
    if (again.failure) printOutcome(again)
    else {
      printFlaky(again, before)
      flaky.push(again)
    }
  }
  return { final, flaky }
}

/** A file that failed although no test of it did counts as one failure. */
function failuresOf({ counts, failure }: Outcome): number {
  return failure ? Math.max(1, counts.total - counts.passed) : 0
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function stopEverything(signal: NodeJS.Signals): void {
  for (const child of running) killGroup(child)
  process.exit(signal === 'SIGINT' ? 130 : 143)
}

async function main(): Promise<void> {
  process.on('SIGINT', stopEverything).on('SIGTERM', stopEverything)
  const patterns = process.argv.slice(2)
  const files = findFiles(patterns)
  if (files.length === 0) console.log(`no test file${patterns.length > 0 ? ` matches ${patterns.join(' ')}` : ''}`)
  const { final: outcomes, flaky } = await repeatFailed(await runAll(files))
  const passed = sum(outcomes.map(({ counts }) => counts.passed))
  const failed = sum(outcomes.map(failuresOf))
  const skipped = sum(outcomes.map(({ counts }) => counts.skipped))
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
  for (const outcome of flaky) console.log(`FLAKY ${nameOf(outcome)}`)
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
}

await main()
