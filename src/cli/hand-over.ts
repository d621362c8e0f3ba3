// Hands an action with its files to a running daemon, and waits for the end of the delivery when that is wanted.
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { GivenFile } from '../index.ts'
import { createByteProgress } from './byte-progress.ts'
import { askDaemon, type ListedDelivery, NoAnswer } from './daemon-api.ts'
import { CommandError, EXIT } from './output.ts'
import type { GivenInput } from './read-input.ts'
import { showDelivery } from './show-delivery.ts'
import { uploadForm } from './upload-form.ts'
import { createWaiting } from './waiting.ts'

export interface HandOver {
  daemon: string
  action: string
  files: readonly GivenFile[]
  input: GivenInput
  params: Readonly<Record<string, string>>
  wait: boolean
  format: 'text' | 'json'
}

const ASKED_EVERY_MS = 200
const ATTEMPTS = 3
const AGAIN_AFTER_MS = 1_000

/** Throws CommandError when it is refused, or dead. Whoever interrupts it ends the waiting, not the delivery. */
export async function handOver(given: HandOver): Promise<void> {
  const { daemon, wait, format } = given
  const stop = new AbortController()
  const onSignal = () => stop.abort()
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  let accepted: ListedDelivery | undefined
  try {
    accepted = await accept(given, stop.signal)
    await showDelivery(wait ? await untilSettled(daemon, accepted, stop.signal) : accepted, { format })
  } catch (error) {
    throw stop.signal.aborted ? interrupted(accepted) : error
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

function interrupted(accepted: ListedDelivery | undefined): CommandError {
  if (!accepted)
    return new CommandError(EXIT.failed, 'stopped: the daemon may have accepted it; see `bearerd deliveries`')
  const { id } = accepted
  return new CommandError(EXIT.failed, `delivery ${id} goes on in the daemon: see \`bearerd deliveries show ${id}\``)
}

/** The daemon does not answer any more, which says nothing of what it has accepted. */
function outOfSight(id: string, error: unknown): unknown {
  if (!(error instanceof CommandError) || error.exitCode !== EXIT.failed) return error
  return new CommandError(
    EXIT.failed,
    `${error.message}\ndelivery ${id} was accepted and is not lost: it goes on when the daemon runs; see \`bearerd deliveries show ${id}\``,
  )
}

/** When nobody knows whether it was accepted it is sent again, with the same key. */
async function accept(given: HandOver, signal: AbortSignal): Promise<ListedDelivery> {
  const { daemon, action, files, input } = given
  const query = queryOf(given)
  const path = `/v1/actions/${encodeURIComponent(action)}/deliveries${query === '' ? '' : `?${query}`}`
  const headers = { 'idempotency-key': randomUUID() }
  for (let attempt = 1; ; attempt++) {
    const progress = createByteProgress(process.stderr)
    try {
      const body = await uploadForm({ input: input.read, files }, step =>
        progress.report({ ...step, attempt, attempts: ATTEMPTS }),
      )
      return await askDaemon<ListedDelivery>(daemon, path, { method: 'POST', headers, signal, ...(body && { body }) })
    } catch (error) {
      if (signal.aborted || !(error instanceof NoAnswer) || attempt >= ATTEMPTS) throw error
      await pause(AGAIN_AFTER_MS, undefined, { signal })
    } finally {
      progress.clear()
    }
  }
}

async function untilSettled(daemon: string, accepted: ListedDelivery, signal: AbortSignal): Promise<ListedDelivery> {
  const waiting = createWaiting(process.stderr)
  const { id } = accepted
  try {
    for (let delivery = accepted; ; ) {
      if (delivery.state === 'delivered' || delivery.state === 'dead') return delivery
      waiting.show(`${id}: ${delivery.state}${delivery.attempts > 0 ? `, attempt ${delivery.attempts}` : ''}`)
      await pause(ASKED_EVERY_MS, undefined, { signal })
      delivery = await askDaemon<ListedDelivery>(daemon, `/v1/deliveries/${id}`, { signal }).catch(error => {
        throw outOfSight(id, error)
      })
    }
  } finally {
    waiting.clear()
  }
}

/** Texts of the command line go into the query: the daemon makes of them what the schema of the input wants. */
function queryOf({ input, params }: HandOver): string {
  const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [`param.${name}`, value]))
  addTexts(query, 'input', input.texts)
  return query.toString()
}

function addTexts(query: URLSearchParams, name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) query.append(name, String(value))
  else for (const [key, child] of Object.entries(value)) addTexts(query, `${name}.${key}`, child)
}
