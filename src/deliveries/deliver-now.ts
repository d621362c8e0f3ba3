// Runs an action in this process, from its files to the last answer: nothing is stored, and progress is told on the way.
import { randomUUID } from 'node:crypto'
import { AppError } from '../base/error.ts'
import type {
  DeliverContext,
  DeliverOptions,
  Delivery,
  DeliveryProgress,
  DeliveryResult,
  SentRequest,
} from '../runtime/delivering.ts'
import { checkedInput, checkFiles } from './accept.ts'
import { checkRequests, type DeliveryJob, requestsOf } from './delivery.ts'
import { openFiles } from './open-files.ts'
import { createProgressFeed } from './progress-feed.ts'
import { retryDelay } from './retry-delay.ts'
import { sendDelivery } from './send-delivery.ts'

/** Somebody waits. */
const MAX_PAUSE_MS = 30_000

export function deliverNow(context: DeliverContext, options: DeliverOptions): Delivery {
  const id = randomUUID()
  const feed = createProgressFeed<DeliveryProgress>()
  const result = run(id, context, options, feed.push)
  result.then(feed.end, feed.fail)
  return { id, result, [Symbol.asyncIterator]: feed.iterate }
}

type Report = (progress: DeliveryProgress) => void
type Failed = DeliveryProgress['failed']

async function run(
  id: string,
  context: DeliverContext,
  options: DeliverOptions,
  report: Report,
): Promise<DeliveryResult> {
  const job = await openJob(id, context, options)
  const requests = requestsOf(context.action.plan, job.files)
  const sent: SentRequest[] = []
  for (let index = 0; index < requests.length; index++) {
    const before = requests.slice(0, index).flat()
    const sentBefore = before.reduce((sum, { size }) => sum + size, 0)
    sent.push(await sendOne({ job, index, context, options, sentBefore, report }))
  }
  return { id, requests: sent }
}

/** What is given, checked before anything is sent. */
export async function openJob(
  id: string,
  { action, clock, directory }: DeliverContext,
  options: DeliverOptions,
): Promise<DeliveryJob> {
  const { plan } = action
  const { files: given = [], input = {}, inputFrom = 'json', params = {} } = options
  checkFiles(plan, given.length)
  const checked = checkedInput(plan, input, inputFrom)
  const files = await openFiles(given, { directory, sha256: plan.needsSha256 })
  const job = { id, action: plan.name, params, input: checked, files, createdAtMs: clock.nowMs() }
  checkRequests(plan, job)
  return job
}

interface One {
  job: DeliveryJob
  index: number
  context: DeliverContext
  options: DeliverOptions
  /** Bytes of the files of earlier requests. */
  sentBefore: number
  report: Report
}

async function sendOne(one: One): Promise<SentRequest> {
  const { job, index, context, options } = one
  const { plan } = context.action
  const { retry } = plan
  const { attempts = retry.attemptsNow, signal } = options
  const pauseMs = { min: Math.min(retry.minDelayMs, MAX_PAUSE_MS), max: Math.min(retry.maxDelayMs, MAX_PAUSE_MS) }
  const requests = requestsOf(plan, job.files)
  const [file, another] = requests[index]!
  const name = file && !another ? { file: file.name } : {}
  const totalBytes = job.files.reduce((sum, { size }) => sum + size, 0)
  for (let attempt = 1; ; attempt++) {
    let sentBytes = one.sentBefore
    const which = { request: index + 1, requests: requests.length, attempt, attempts, ...name, totalBytes }
    const tell = (failed?: Failed) => one.report({ ...which, sentBytes, ...(failed && { failed }) })
    tell()
    try {
      const delivered = await sendDelivery(job, index, {
        action: context.action,
        service: context.service(job.params),
        nowMs: context.clock.nowMs,
        ...(signal && { signal }),
        onSent(bytes) {
          sentBytes += bytes
          tell()
        },
        onAgain() {
          sentBytes = one.sentBefore
        },
      })
      return { ...name, attempts: attempt, ...delivered }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const delayMs = retryDelay(error, attempt, pauseMs, context)
      if (!error.details.transient || attempt >= attempts)
        throw new AppError(error.code, error.message, { ...error.details, attempts: attempt })
      const { status } = error.details
      tell({ code: error.code, message: error.message, nextMs: delayMs, ...(status !== undefined && { status }) })
      await context.clock.sleep(delayMs, signal)
    }
  }
}
