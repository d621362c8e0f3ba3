// A line on the terminal that says how far a long check is. Shown after a second, rewritten in place, gone at the end.
import { systemClock } from '../base/clock.ts'

const SHOWN_AFTER_MS = 1_000
const REWRITTEN_AFTER_MS = 100

/** To the start of the line, and clear it. */
const CLEAR = '\r\x1b[2K'

export interface Progress {
  /** Called between files, as often as wanted. */
  report(done: number, total: number): void
  /** Before anything else is written. */
  clear(): void
}

export interface Terminal {
  isTTY?: boolean
  write(text: string): unknown
}

/** The second counts from here. Nothing is written to what is no terminal, or to one that cannot clear a line. */
export function createProgress(terminal: Terminal, nowMs: () => number = systemClock.monotonicMs): Progress {
  if (!terminal.isTTY || process.env.TERM === 'dumb') return { report: () => {}, clear: () => {} }
  let dueMs = nowMs() + SHOWN_AFTER_MS
  let isShown = false
  return {
    report(done, total) {
      if (nowMs() < dueMs) return
      dueMs = nowMs() + REWRITTEN_AFTER_MS
      isShown = true
      terminal.write(`${CLEAR}checked ${done} of ${total} files`)
    },
    clear() {
      if (isShown) terminal.write(CLEAR)
      isShown = false
    },
  }
}
