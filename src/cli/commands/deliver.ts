// `bearerd deliver`: runs an action in this process, or shows the request that it would send.
import type { DeliverOptions, DeliveryResult, Executor } from '../../index.ts'
import { AppError } from '../../index.ts'
import { createByteProgress } from '../byte-progress.ts'
import { givenFiles } from '../given-files.ts'
import { loadExecutor } from '../load.ts'
import { CommandError, EXIT, print, say } from '../output.ts'
import { readInput } from '../read-input.ts'
import { readParams } from '../read-params.ts'

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
  try {
    const delivery = executor.deliver(action, { ...options, signal: stop.signal })
    for await (const step of delivery) progress.report(step)
    progress.clear()
    await report(action, await delivery.result, flags.format)
  } finally {
    progress.clear()
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

async function report(action: string, { id, requests }: DeliveryResult, format: 'text' | 'json'): Promise<void> {
  if (format === 'json') {
    const shown = requests.map(({ response, ...request }) => ({
      ...request,
      ...(response && { response: shownResponse(response) }),
    }))
    await print(`${JSON.stringify({ id, action, state: 'delivered', requests: shown }, null, 2)}\n`)
    return
  }
  for (const { file, status, attempts } of requests)
    say(`delivered ${file ?? action}: ${status}${attempts > 1 ? ` at attempt ${attempts}` : ''}`)
  for (const { response } of requests) if (response) await print(`${response.body.toString('utf8')}\n`)
}

/** A text as it is, anything else in base64. */
export function shownResponse({ body, ...rest }: { body: Buffer; status: number; contentType?: string; cut: boolean }) {
  const text = body.toString('utf8')
  return Buffer.from(text, 'utf8').equals(body)
    ? { ...rest, body: text }
    : { ...rest, bodyBase64: body.toString('base64') }
}

async function showRequests(executor: Executor, action: string, options: DeliverOptions): Promise<string> {
  const { describeRequests } = await import('../../deliveries/describe-requests.ts')
  return describeRequests(executor, action, options)
}
