// `bearerd call`: one authenticated request, with curl's flags. The answer's body goes to standard output.
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { AppError, systemErrorCode } from '../../base/error.ts'
import { loadExecutor } from '../load.ts'
import { CommandError, EXIT, print, say, stdout } from '../output.ts'
import { readParams } from '../read-params.ts'

interface CallOptions {
  config?: string[]
  request?: string
  header?: string[]
  data?: string
  output?: string
  include?: boolean
  param?: string[]
}

/** Exit 0 for any answer below 400, 3 for the others. */
export async function call(service: string, path: string, options: CallOptions): Promise<number> {
  await using executor = await loadExecutor(options.config)
  const client = executor.client(service, { params: readParams(options.param) })
  const body = options.data === undefined ? undefined : await readData(options.data)
  const response = await client(path, {
    method: options.request ?? (body === undefined ? 'GET' : 'POST'),
    headers: (options.header ?? []).map(parseHeader),
    throwHttpErrors: false,
    ...(body !== undefined && { body }),
  }).catch(error => {
    // Anything else of the HTTP client could show the credential.
    throw appErrorOf(error) ?? new CommandError(EXIT.failed, `the request to service \`${service}\` failed`)
  })
  if (options.include) await print(head(response))
  if (response.body) {
    await write(response.body, options.output).catch(error => {
      throw appErrorOf(error) ?? new CommandError(EXIT.failed, writeFailure(service, error, options.output))
    })
  }
  if (response.status >= 400) say(`bearerd: service \`${service}\` answered ${response.status}`)
  return response.status < 400 ? EXIT.ok : EXIT.failed
}

function writeFailure(service: string, error: unknown, output: string | undefined): string {
  const code = systemErrorCode(error)
  return (error as NodeJS.ErrnoException).syscall === 'open'
    ? `${output} cannot be written: ${code}`
    : `the answer of service \`${service}\` broke off${code ? ` (${code})` : ''}`
}

function appErrorOf(error: unknown): AppError | undefined {
  for (let current = error; current instanceof Error; current = current.cause)
    if (current instanceof AppError) return current
  return undefined
}

function parseHeader(text: string): [string, string] {
  const at = text.indexOf(':')
  const header: [string, string] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  if (at < 1 || !isHeader(header)) throw new CommandError(EXIT.usage, '-H takes "Name: value"')
  return header
}

function isHeader(header: [string, string]): boolean {
  try {
    return new Headers([header]) !== undefined
  } catch {
    return false
  }
}

async function readData(data: string): Promise<string | Uint8Array<ArrayBuffer>> {
  if (!data.startsWith('@')) return data
  if (data === '@-') return new Uint8Array(await buffer(process.stdin))
  const path = data.slice(1)
  return new Uint8Array(
    await readFile(path).catch(() => {
      throw new CommandError(EXIT.usage, `${path} cannot be read`)
    }),
  )
}

function head(response: Response): string {
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}\n`)
  return `HTTP/1.1 ${response.status} ${response.statusText}\n${lines.join('')}\n`
}

async function write(body: ReadableStream<Uint8Array>, output: string | undefined): Promise<void> {
  const source = Readable.fromWeb(body as import('node:stream/web').ReadableStream)
  if (output !== undefined) return pipeline(source, createWriteStream(output))
  for await (const chunk of source) await new Promise<void>(resolve => stdout().write(chunk as Buffer, () => resolve()))
}
