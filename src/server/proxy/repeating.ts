// A forwarded request that `retry` sends again: after a pause, without its slot meanwhile, told in log and metrics.
import type { Log } from '../../base/log.ts'
import { REAL_EFFECTS, type RepeatCause, type RepeatEffects, type Repeats, repeatsOf } from '../../runtime/repeats.ts'
import type { Metrics } from '../metrics.ts'
import type { Forwarding } from './forwarding.ts'
import type { Slots } from './slots.ts'

export interface RepeatingParts {
  slots: Slots
  log: Log
  metrics: Metrics
  effects?: RepeatEffects | undefined
}

/** Why, and the header Retry-After of the answer. */
export interface Occasion {
  cause: RepeatCause
  retryAfter?: string
}

/** What follows the pause: exactly one of the two, unless the caller left. */
export interface Sequel {
  send(leave?: () => void): void
  refuse(error: unknown): void
}

export class Repeating {
  readonly #parts: RepeatingParts
  readonly #effects: RepeatEffects

  constructor(parts: RepeatingParts) {
    this.#parts = parts
    this.#effects = parts.effects ?? REAL_EFFECTS
  }

  /** To be called before the first attempt: the time for all of them starts then. */
  prepare(forwarding: Forwarding): void {
    const { service, request, body } = forwarding
    const replayable = body.kind !== 'stream'
    forwarding.repeats ??= repeatsOf(service.plan, request.method ?? '', replayable, this.#effects)
  }

  /** False when there is no further attempt. Who pauses does not run: another request takes the slot until then. */
  pause(forwarding: Forwarding, { cause, retryAfter }: Occasion, sequel: Sequel): boolean {
    const { repeats, response } = forwarding
    const delayMs = repeats?.next(cause, retryAfter)
    if (delayMs === undefined) return false
    this.tell(forwarding, cause, delayMs)
    // The nonce may be another one by then.
    forwarding.proven = false
    forwarding.leaveSlot?.()
    const cancel = this.#effects.clock.schedule(delayMs, () => {
      response.off('close', cancel)
      this.#enterAgain(forwarding, repeats!, sequel)
    })
    response.once('close', cancel)
    return true
  }

  #enterAgain({ service, response }: Forwarding, repeats: Repeats, { send, refuse }: Sequel): void {
    const plan = { name: service.plan.name, timeoutMs: repeats.leftMs() }
    this.#parts.slots.enterAgain({ plan, response, start: send, refuse })
  }

  tell({ service, repeats, requestId }: Forwarding, cause: RepeatCause, delayMs = 0): void {
    const { name } = service.plan
    this.#parts.metrics.proxyRetry(name, String(cause))
    const facts = { service: name, cause, attempt: repeats!.attempts, delayMs: Math.round(delayMs) }
    this.#parts.log.info({ ...facts, requestId }, 'sent again')
  }
}
