// `bearerd deliver`: runs an action in this process, or shows the request that it would send.
import type { DeliverOptions, DeliveryResult, Executor, KeptResponse } from '../../index.ts'
import { AppError } from '../../index.ts'
import { createByteProgress } from '../byte-progress.ts'
import { givenFiles } from '../given-files.ts'
import { loadExecutor } from '../load.ts'
import { CommandError, EXIT, print } from '../output.ts'
import { readInput } from '../read-input.ts'
import { readParams } from '../read-params.ts'
import { type ShownDelivery, type ShownResponse, showDelivery } from '../show-delivery.ts'

export interface DeliverFlags {
  config?: string[]
  input?: string[]
  inputFile?: string
  param?: string[]
  name?: string
  format: 'text' | 'json'
  dryRun?: boolean
  daemon?: string
  wait: boolean
}

/** Exit 0 when it is delivered, 3 when it is not, 2 for files and inputs that do not fit. */
export async function deliver(action: string, paths: string[], flags: DeliverFlags): Promise<number> {
  if (flags.dryRun && flags.daemon !== undefined)
    throw new CommandError(EXIT.usage, '--dry-run shows what this process would send: leave out --daemon')
  const input = await readInput(flags)
  const params = readParams(flags.param)
  await using files = await givenFiles(paths, flags.name)
  if (flags.daemon !== undefined) {
    const { handOver } = await import('../hand-over.ts')
    const { daemon, wait, format } = flags
    await handOver({ daemon, action, files: files.files, input, params, wait, format })
    return EXIT.ok
  }
  await using executor = await loadExecutor(flags.config)
  const options = { files: files.files, input: input.joined.input, inputFrom: input.joined.from, params }
  try {
    if (flags.dryRun) await print(await showRequests(executor, action, options))
    else await run(executor, action, options, flags)
    return EXIT.ok
  } catch (error) {
    if (error instanceof AppError && USAGE.has(error.code)) throw new CommandError(EXIT.usage, error.message)
    throw error
  }
}

const USAGE = new Set(['unknown_action', 'invalid_input', 'invalid_parameter', 'file_unavailable'])

async function run(executor: Executor, action: string, options: DeliverOptions, flags: DeliverFlags): Promise<void> {
  const stop = new AbortController()
  const onSignal = () =>
    stop.abort(new CommandError(EXIT.failed, 'stopped: the request that was on its way may have arrived'))
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  const progress = createByteProgress(process.stderr)
  const delivery = executor.deliver(action, { ...options, signal: stop.signal })
  try {
    for await (const step of delivery) progress.report(step)
    progress.clear()
    await showDelivery({ ...delivered(await delivery.result), action }, { format: flags.format, own: true })
  } catch (error) {
    progress.clear()
    if (!(error instanceof AppError) || USAGE.has(error.code)) throw error
    await showDelivery({ ...dead(delivery.id, error), action }, { format: flags.format, own: true })
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

function delivered({ id, requests }: DeliveryResult): Omit<ShownDelivery, 'action'> {
  const shown = requests.map(({ response, ...request }) => ({
    ...request,
    ...(response && { response: shownResponse(response) }),
  }))
  const attempts = Math.max(...requests.map(request => request.attempts))
  const last = shown.at(-1)?.response
  return { id, state: 'delivered', attempts, lastError: null, ...(last && { response: last }), requests: shown }
}

function dead(id: string, { code, message, details }: AppError): Omit<ShownDelivery, 'action'> {
  const { status, attempts = 0 } = details
  return { id, state: 'dead', attempts, lastError: { code, message, ...(status !== undefined && { status }) } }
}

function shownResponse({ body, ...rest }: KeptResponse): ShownResponse {
  const text = body.toString('utf8')
  return Buffer.from(text, 'utf8').equals(body)
    ? { ...rest, body: text }
    : { ...rest, bodyBase64: body.toString('base64') }
}

async function showRequests(executor: Executor, action: string, options: DeliverOptions): Promise<string> {
  const { describeRequests } = await import('../../deliveries/describe-requests.ts')
  return describeRequests(executor, action, options)
}
