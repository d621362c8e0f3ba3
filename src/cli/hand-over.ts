// Hands an action with its files to a running daemon, and waits for the end of the delivery when that is wanted.
import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { GivenFile } from '../index.ts'
import { askDaemon, type ListedDelivery } from './daemon-api.ts'
import { CommandError, EXIT, print, say } from './output.ts'

export interface HandOver {
  daemon: string
  action: string
  files: readonly GivenFile[]
  input: unknown
  inputFrom: 'json' | 'text'
  params: Readonly<Record<string, string>>
  wait: boolean
  format: 'text' | 'json'
}

const WAIT_AGAIN_MS = 1_000

/** Throws CommandError when it is refused, or dead. */
export async function handOver(given: HandOver): Promise<void> {
  const { daemon, action, wait, format } = given
  const query = queryOf(given)
  const path = `/v1/actions/${encodeURIComponent(action)}/deliveries${query === '' ? '' : `?${query}`}`
  const accepted = await askDaemon<ListedDelivery>(daemon, path, { method: 'POST', body: await bodyOf(given) })
  const delivery = wait ? await untilSettled(daemon, accepted.body) : accepted.body
  if (format === 'json') await print(`${JSON.stringify(delivery, null, 2)}\n`)
  else {
    say(`${delivery.state} ${delivery.id}`)
    if (delivery.response?.body !== undefined) await print(`${delivery.response.body}\n`)
  }
  if (delivery.state === 'dead')
    throw new CommandError(
      EXIT.failed,
      `delivery ${delivery.id} is dead: ${delivery.lastError?.message ?? 'no reason'}`,
    )
}

async function untilSettled(daemon: string, { id }: ListedDelivery): Promise<ListedDelivery> {
  for (;;) {
    const { body } = await askDaemon<ListedDelivery>(daemon, `/v1/deliveries/${id}`)
    if (body.state === 'delivered' || body.state === 'dead') return body
    await pause(WAIT_AGAIN_MS / 5)
  }
}

/** Texts of the command line go into the query: the daemon makes of them what the schema of the input wants. */
function queryOf({ input, inputFrom, params }: HandOver): string {
  const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [`param.${name}`, value]))
  if (inputFrom === 'text') addTexts(query, 'input', input)
  return query.toString()
}

function addTexts(query: URLSearchParams, name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) query.append(name, String(value))
  else for (const [key, child] of Object.entries(value)) addTexts(query, `${name}.${key}`, child)
}

async function bodyOf({ files, input, inputFrom }: HandOver): Promise<FormData | null> {
  if (files.length === 0 && inputFrom === 'text') return null
  const form = new FormData()
  if (inputFrom === 'json') form.append('input', JSON.stringify(input))
  for (const file of files) {
    const { path, name = basename(path) } = typeof file === 'string' ? { path: file } : file
    form.append('file', await openBlob(path), name)
  }
  return form
}

/** Read while it is sent. */
async function openBlob(path: string): Promise<Blob> {
  return openAsBlob(path).catch(() => {
    throw new CommandError(EXIT.usage, `${path} cannot be read`)
  })
}
