// One line on the terminal while something takes its time; gone before anything else is written.
import type { Terminal } from './progress.ts'

export interface Waiting {
  show(text: string): void
  clear(): void
}

/** To the start of the line, and clear it. */
const CLEAR = '\r\x1b[2K'

/** Nothing is written to what is no terminal, or to one that cannot clear a line. */
export function createWaiting(terminal: Terminal): Waiting {
  if (!terminal.isTTY || process.env.TERM === 'dumb') return { show: () => {}, clear: () => {} }
  return {
    show: text => void terminal.write(`${CLEAR}${text} …`),
    clear: () => void terminal.write(CLEAR),
  }
}
