// One run of an action: what it was given, and the requests that it is made of. The same at each attempt.
import { createHash } from 'node:crypto'
import type { ActionPlan, ActionRequest, FileFacts, RequestInput } from '../compile/actions/action-plan.ts'
import type { Values } from '../compile/text.ts'
import type { Params } from '../config/templates/scope.ts'

/** A file of a delivery and where its bytes are. */
export interface StoredFile extends FileFacts {
  path: string
  /** Instead of a path, where they were read already. */
  bytes?: Buffer
}

export interface DeliveryJob {
  id: string
  action: string
  params: Params
  input: unknown
  files: readonly StoredFile[]
  /** Unix time in milliseconds: the `now` of its texts. */
  createdAtMs: number
}

/** The files of each request. */
export function requestsOf({ files: how }: Pick<ActionPlan, 'files'>, files: readonly StoredFile[]): StoredFile[][] {
  return how === 'together' || files.length === 0 ? [[...files]] : files.map(file => [file])
}

export interface PreparedRequest extends ActionRequest {
  files: readonly StoredFile[]
  idempotencyKey: string
}

/** `secrets` are those of the action now; all other values are the delivery's own. Throws AppError for values that may not be sent. */
export function prepareRequest(plan: ActionPlan, job: DeliveryJob, index: number, secrets: Values): PreparedRequest {
  const requests = requestsOf(plan, job.files)
  const files = requests[index]!
  const given = (use: string): RequestInput => ({
    input: job.input,
    files,
    values: stableValues(secrets, job, `${index} ${use}`),
  })
  const own = requests.length > 1 ? `${job.id}-${index + 1}` : job.id
  return {
    ...plan.buildRequest(given('request')),
    files,
    idempotencyKey: plan.idempotencyKey?.(given('key')) ?? own,
  }
}

/** Throws AppError `invalid_input` for values that no attempt could send. Reads no secret. */
export function checkRequests(plan: ActionPlan, job: DeliveryJob): void {
  const values = stableValues({ secret: unread }, job, 'check')
  for (const files of requestsOf(plan, job.files)) plan.checkRequest({ input: job.input, files, values })
}

function unread(): never {
  throw new Error('a check needs no secret')
}

/** `uuid` and `now` of a delivery do not change from one attempt to the next: a retry must not make a second file. */
function stableValues(secrets: Omit<Values, 'now' | 'uuid'>, job: DeliveryJob, use: string): Values {
  let count = 0
  return {
    ...secrets,
    now: () => new Date(job.createdAtMs).toISOString(),
    uuid: () => uuidOf(`${job.id} ${use} ${count++}`),
  }
}

/** RFC 9562 version 8: made of a hash. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
