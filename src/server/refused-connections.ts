// Connections that end before there is a request: the first of a kind is told at once, those that follow as a number, so that
// nobody can fill a disk with them.
import type { Socket } from 'node:net'
import { type Clock, systemClock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Problem } from './problem.ts'

const PERIOD_MS = 10_000

export class RefusedConnections {
  readonly #log: Log
  readonly #clock: Clock
  /** How many came after the one that was told, by code. */
  readonly #untold = new Map<string, number>()

  constructor(log: Log, clock = systemClock) {
    this.#log = log
    this.#clock = clock
  }

  tell({ code, detail }: Pick<Problem, 'code' | 'detail'>, { remoteAddress }: Pick<Socket, 'remoteAddress'>): void {
    const untold = this.#untold.get(code)
    this.#untold.set(code, untold === undefined ? 0 : untold + 1)
    if (untold !== undefined) return
    this.#log.warn({ code, remoteAddress }, `connection refused: ${detail}`)
    this.#clock.schedule(PERIOD_MS, () => {
      const more = this.#untold.get(code)
      this.#untold.delete(code)
      if (more) this.#log.warn({ code, more }, `connections refused since the last line: ${detail}`)
    })
  }
}
