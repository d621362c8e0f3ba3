// How many requests run to a service at once: the next ones wait in line, and what finds the line full is refused.
import type { ServerResponse } from 'node:http'
import { AppError } from '../../base/error.ts'

export interface SlotLimits {
  /** Requests to one service at once; undefined: any number. */
  maxConcurrent?: number
  /** Requests to one service that wait. */
  maxQueued: number
}

/** A request that wants to run; neither of its functions throws. */
export interface Entry {
  plan: { name: string; timeoutMs: number }
  response: ServerResponse
  /** `leave` gives its place to the next one before the response has closed; undefined where there is no limit. */
  start(leave?: () => void): void
  /** Called with AppError `too_busy` when it waited as long as the service's timeout. */
  refuse(error: AppError): void
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

  /** There is no limit, and nobody who began under one: whoever wants to may start without entering. */
  areUnlimited(): boolean {
    return this.#lines.size === 0 && this.#limits().maxConcurrent === undefined
  }

  /** Starts the entry now or in its turn; it runs until it leaves or its response has closed. Throws AppError `too_busy`. */
  enter(entry: Entry): void {
    if (this.areUnlimited()) entry.start()
    else this.#enterLine(entry, this.#limits().maxQueued)
  }

  #enterLine(entry: Entry, maxQueued: number): void {
    const line = this.#lineOf(entry)
    // A reload may have made room.
    this.#advance(line)
    if (this.#hasRoom(line)) this.#run(line, entry)
    else if (line.waiting.length < maxQueued) this.#wait(line, entry)
    else throw busy(entry.plan.name, `has ${line.running} requests running and ${line.waiting.length} waiting`)
  }

  /** One that ran and left before: the next in line, however long that is. */
  enterAgain(entry: Entry): void {
    const line = this.#limits().maxConcurrent === undefined ? undefined : this.#lineOf(entry)
    if (!line) entry.start()
    else if (this.#hasRoom(line)) this.#run(line, entry)
    else this.#wait(line, entry, 'unshift')
  }

  #lineOf({ plan: { name } }: Entry): Line {
    const line = this.#lines.get(name) ?? { running: 0, waiting: [] }
    this.#lines.set(name, line)
    return line
  }

  #hasRoom({ running }: Line): boolean {
    return running < (this.#limits().maxConcurrent ?? Infinity)
  }

  /** As many as there is room for now. */
  #advance(line: Line): void {
    while (line.waiting.length > 0 && this.#hasRoom(line)) line.waiting.shift()!()
  }

  #wait(line: Line, entry: Entry, place: 'push' | 'unshift' = 'push'): void {
    const { response, plan } = entry
    const leave = () => {
      clearTimeout(timer)
      const at = line.waiting.indexOf(turn)
      if (at >= 0) line.waiting.splice(at, 1)
    }
    const turn = () => {
      clearTimeout(timer)
      response.off('close', leave)
      this.#run(line, entry)
    }
    const timer = setTimeout(() => {
      leave()
      response.off('close', leave)
      entry.refuse(busy(plan.name, 'had no room for this request within its `timeout`'))
    }, plan.timeoutMs)
    line.waiting[place](turn)
    response.once('close', leave)
  }

  #run(line: Line, { plan, response, start }: Entry): void {
    line.running++
    const leave = () => {
      response.off('close', leave)
      line.running--
      this.#advance(line)
      if (line.running === 0) this.#lines.delete(plan.name)
    }
    response.once('close', leave)
    start(leave)
  }
}

function busy(service: string, what: string): AppError {
  return new AppError('too_busy', `service \`${service}\` ${what}; see \`daemon.limits\``, { service, transient: true })
}
