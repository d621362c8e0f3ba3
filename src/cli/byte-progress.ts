// How far a delivery is: a bar with bytes, speed and remaining time on a terminal, a line for each file elsewhere.
import { systemClock } from '../base/clock.ts'
import { formatSize } from '../base/size.ts'
import { printable } from '../diagnostics/render-human.ts'
import type { DeliveryProgress } from '../index.ts'
import type { Terminal } from './progress.ts'

const REWRITTEN_AFTER_MS = 100
/** To the start of the line, and clear it. */
const CLEAR = '\r\x1b[2K'
const WIDTH = 24

export interface ByteProgress {
  report(progress: DeliveryProgress): void
  /** Before anything else is written. */
  clear(): void
}

export function createByteProgress(terminal: Terminal, nowMs: () => number = systemClock.monotonicMs): ByteProgress {
  return terminal.isTTY && process.env.TERM !== 'dumb' ? createBar(terminal, nowMs) : createLines(terminal)
}

function createBar(terminal: Terminal, nowMs: () => number): ByteProgress {
  const startedMs = nowMs()
  let dueMs = 0
  let isShown = false
  return {
    report(progress) {
      const now = nowMs()
      if (progress.failed) {
        terminal.write(`${CLEAR}${failedLine(progress, progress.failed)}\n`)
        isShown = false
        return
      }
      if (now < dueMs && progress.sentBytes < progress.totalBytes) return
      dueMs = now + REWRITTEN_AFTER_MS
      isShown = true
      terminal.write(`${CLEAR}${barLine(progress, now - startedMs)}`)
    },
    clear() {
      if (isShown) terminal.write(CLEAR)
      isShown = false
    },
  }
}

/** For `elapsedMs` since the start. */
export function barLine(progress: DeliveryProgress, elapsedMs: number): string {
  const { sentBytes, totalBytes } = progress
  const share = totalBytes === 0 ? 1 : Math.min(1, sentBytes / totalBytes)
  const bar = '#'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '.')
  const perSecond = elapsedMs > 0 ? (sentBytes / elapsedMs) * 1000 : 0
  const left = perSecond > 0 ? `, ${durationOf((totalBytes - sentBytes) / perSecond)} left` : ''
  const speed = perSecond > 0 ? `, ${formatSize(Math.round(perSecond))}/s${left}` : ''
  return `[${bar}] ${nameOf(progress)}${formatSize(sentBytes)} of ${formatSize(totalBytes)}${speed}`
}

function nameOf({ file, request, requests, attempt }: DeliveryProgress): string {
  const which = requests > 1 ? `${request}/${requests} ` : ''
  const again = attempt > 1 ? `attempt ${attempt} ` : ''
  return `${which}${file === undefined ? '' : `${printable(file).slice(0, 40)} `}${again}`
}

function failedLine(progress: DeliveryProgress, { message, nextMs }: NonNullable<DeliveryProgress['failed']>): string {
  const { attempt, attempts, file, request, requests } = progress
  const what = requests > 1 ? `${request}/${requests} ${file === undefined ? '' : printable(file).slice(0, 40)}: ` : ''
  return `${what}attempt ${attempt} of ${attempts} failed: ${message}; next in ${durationOf(nextMs / 1000)}`
}

function durationOf(seconds: number): string {
  const whole = Math.ceil(seconds)
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`
}

/** A line when a request begins, and again when it is repeated. */
function createLines(terminal: Terminal): ByteProgress {
  let said = ''
  return {
    report(progress) {
      const { failed } = progress
      const line = failed ? failedLine(progress, failed) : `sending ${nameOf(progress)}${sizeOf(progress)}`
      if (line !== said) terminal.write(`${line}\n`)
      said = line
    },
    clear() {},
  }
}

function sizeOf({ file, requests, totalBytes }: DeliveryProgress): string {
  if (file === undefined) return 'the request'
  return `${formatSize(totalBytes)}${requests > 1 ? ' in all' : ''}`
}
