// How many requests run to a service at once: the next ones wait in line, and what finds the line full is refused.
import type { ServerResponse } from 'node:http'
import { AppError } from '../base/error.ts'

export interface SlotLimits {
  /** Requests to one service at once; undefined: any number. */
  maxConcurrent?: number
  /** Requests to one service that wait. */
  maxQueued: number
}

interface Line {
  running: number
  waiting: (() => void)[]
}

export class Slots {
  readonly #limits: () => SlotLimits
  readonly #lines = new Map<string, Line>()

  constructor(limits: () => SlotLimits) {
    this.#limits = limits
  }

  /** Calls `start`, which never throws, now or in its turn; the request runs until its response has closed. Throws AppError `too_busy`. */
  enter(service: string, response: ServerResponse, start: () => void): void {
    const { maxConcurrent, maxQueued } = this.#limits()
    if (maxConcurrent === undefined) start()
    else this.#enterLine(service, { maxConcurrent, maxQueued }, response, start)
  }

  #enterLine(service: string, limits: Required<SlotLimits>, response: ServerResponse, start: () => void): void {
    const line = this.#lines.get(service) ?? { running: 0, waiting: [] }
    this.#lines.set(service, line)
    if (line.running < limits.maxConcurrent) {
      this.#run(service, line, response, start)
      return
    }
    if (line.waiting.length >= limits.maxQueued) {
      const message = `service \`${service}\` has ${line.running} requests running and ${line.waiting.length} waiting; see \`daemon.limits\``
      throw new AppError('too_busy', message, { service, transient: true })
    }
    const turn = () => this.#run(service, line, response, start)
    line.waiting.push(turn)
    response.once('close', () => {
      const at = line.waiting.indexOf(turn)
      if (at >= 0) line.waiting.splice(at, 1)
    })
  }

  #run(service: string, line: Line, response: ServerResponse, start: () => void): void {
    line.running++
    response.once('close', () => {
      line.running--
      const next = line.waiting.shift()
      if (next) next()
      else if (line.running === 0) this.#lines.delete(service)
    })
    start()
  }
}
