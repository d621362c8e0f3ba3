// A line on the terminal that says how far a long check is. Shown after a second, rewritten in place, gone at the end.
import { systemClock } from '../base/clock.ts'
import type { CheckProgress } from '../config/check.ts'
import { printable } from '../diagnostics/render-human.ts'

const SHOWN_AFTER_MS = 1_000
const REWRITTEN_AFTER_MS = 100

/** To the start of the line, and clear it. */
const CLEAR = '\r\x1b[2K'

export interface Progress {
  /** Called as often as wanted. */
  report(progress: CheckProgress, total: number): void
  /** Before anything else is written. */
  clear(): void
}

export interface Terminal {
  isTTY?: boolean
  write(text: string): unknown
}

/**
 * The second counts from here; the terminal is asked for after it. Nothing is written to what is no terminal, or to one that
 * cannot clear a line.
 */
export function createProgress(openTerminal: () => Terminal, nowMs: () => number = systemClock.monotonicMs): Progress {
  let dueMs = nowMs() + SHOWN_AFTER_MS
  let shownOn: Terminal | undefined
  return {
    report(progress, total) {
      if (nowMs() < dueMs) return
      dueMs = nowMs() + REWRITTEN_AFTER_MS
      const terminal = openTerminal()
      if (!terminal.isTTY || process.env.TERM === 'dumb') return
      shownOn = terminal
      terminal.write(CLEAR + describe(progress, total))
    },
    clear() {
      shownOn?.write(CLEAR)
      shownOn = undefined
    },
  }
}

/** Of a long path the end, so that the line is one. */
const MAX_NAME = 40

function describe({ done, reading }: CheckProgress, total: number): string {
  if (done === total) return 'checking what the files say together'
  const checked = `checked ${done} of ${total} files`
  if (!reading) return checked
  const name = reading.file.length > MAX_NAME ? `…${reading.file.slice(1 - MAX_NAME)}` : reading.file
  const part = `reading ${printable(name)}: ${Math.floor(reading.part * 100)} %`
  return total === 1 ? part : `${checked}, ${part}`
}
