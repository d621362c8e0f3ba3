// Work that waits its turn: only so much runs at once.

export interface Row {
  /** The work must not reject. */
  push(work: () => Promise<void>): void
  /** How much has not begun. */
  readonly waiting: number
  /** When nothing runs and nothing waits. */
  ended(): Promise<void>
}

export function createRow(atOnce: number): Row {
  const waiting: (() => Promise<void>)[] = []
  const running = new Set<Promise<void>>()
  const next = () => {
    const work = running.size < atOnce ? waiting.shift() : undefined
    if (!work) return
    const run = work().finally(() => {
      running.delete(run)
      next()
    })
    running.add(run)
  }
  return {
    get waiting() {
      return waiting.length
    },
    push(work) {
      waiting.push(work)
      next()
    },
    async ended() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
