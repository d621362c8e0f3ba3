// What `bearerd deliver` says of a delivery that has ended, or waits in a daemon: the same, whoever sent it.
import { CommandError, EXIT, print, say } from './output.ts'

export interface ShownDelivery {
  id: string
  action: string
  state: 'pending' | 'running' | 'delivered' | 'dead'
  attempts: number
  lastError: { code: string; message: string; status?: number } | null
  response?: ShownResponse
  /** Of one that this process sent. */
  requests?: readonly object[]
}

/** A text as it is, anything else in base64. */
export interface ShownResponse {
  status: number
  contentType?: string
  cut?: boolean
  body?: string
  bodyBase64?: string
}

/** `own`: this process sent it, and no daemon knows its id. Throws CommandError, exit 3, for a dead one. */
export async function showDelivery(
  delivery: ShownDelivery,
  { format, own = false }: { format: 'text' | 'json'; own?: boolean },
): Promise<void> {
  const { id, state, attempts, lastError, response } = delivery
  if (format === 'json') await print(`${JSON.stringify(delivery, null, 2)}\n`)
  else if (state !== 'dead') {
    say(`${state}${own ? '' : ` ${id}`}${attempts > 1 ? ` at attempt ${attempts}` : ''}`)
    if (response?.body !== undefined) await print(`${response.body}\n`)
    else if (response) say('the answer is no text: see --format json')
  }
  if (state !== 'dead') return
  const what = own ? `not delivered${attempts > 1 ? ` after ${attempts} attempts` : ''}` : `delivery ${id} is dead`
  throw new CommandError(EXIT.failed, `${what}: ${lastError?.message ?? 'no reason'}`)
}
