// What an action would send, as text: nothing is sent, no token is asked for, and no secret is shown.

import { systemClock } from '../base/clock.ts'
import { Secret } from '../base/secret.ts'
import type { BodyPart } from '../compile/actions/action-plan.ts'
import type { Values } from '../compile/text.ts'
import type { DeliverOptions } from '../runtime/delivering.ts'
import type { Executor } from '../runtime/executor.ts'
import { openJob } from './deliver-now.ts'
import { type PreparedRequest, prepareRequest, requestsOf, type StoredFile } from './delivery.ts'

const MASKED = new Secret('[secret]')

/** Throws AppError for files and inputs that do not fit. Secrets are not even read. */
export async function describeRequests(executor: Executor, name: string, options: DeliverOptions): Promise<string> {
  const action = executor.action(name)
  const context = { action, service: () => undefined, clock: systemClock, random: () => 0, directory: '.' }
  const job = await openJob('00000000-0000-4000-8000-000000000000', context, options)
  const service = action.plan.service === undefined ? undefined : executor.service(action.plan.service, options.params)
  const values: Values = { secret: () => MASKED, uuid: () => '', now: () => '' }
  const requests = requestsOf(action.plan, job.files).map((_files, index) =>
    prepareRequest(action.plan, job, index, values),
  )
  const base = service?.plan.serverUrl.display.replace(/\/$/, '') ?? ''
  const credential = [...(service?.plan.removes.headers ?? [])].map(header => `${header}: [secret]`)
  return requests.map(request => describe(request, base, credential)).join('\n')
}

function describe(
  { method, target, headers, body, files, idempotencyKey }: PreparedRequest,
  base: string,
  credential: string[],
): string {
  const url = target.kind === 'path' ? base + target.path : target.url.href
  const lines = [
    `${method} ${url}`,
    `Idempotency-Key: ${idempotencyKey.startsWith('00000000-0000-4000-8000') ? '(the id of the delivery)' : idempotencyKey}`,
    ...headers.map(([header, value]) => `${header}: ${value}`),
    ...credential,
    '',
    ...body.map(part => describePart(part, files)),
  ]
  return `${lines.join('\n')}\n`
}

function describePart(part: BodyPart, files: readonly StoredFile[]): string {
  if (part.kind === 'bytes') return part.bytes.toString('utf8').trimEnd()
  const { name, size } = files[part.index]!
  return `(${size} bytes of ${name})`
}
