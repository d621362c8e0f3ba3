// `bearerd call`: one authenticated request, with curl's flags. The answer's body goes to standard output.
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { AppError, systemErrorCode } from '../../base/error.ts'
import { loadExecutor } from '../load.ts'
import { CommandError, EXIT, say, stdout } from '../output.ts'
import { readParams } from '../read-params.ts'

interface CallOptions {
  config?: string[]
  request?: string
  header?: string[]
  data?: string[]
  output?: string
  include?: boolean
  param?: string[]
}

/** Exit 0 for any answer below 400, 3 for the others. */
export async function call(service: string, path: string, options: CallOptions): Promise<number> {
  await using executor = await loadExecutor(options.config)
  const client = executor.client(service, { params: readParams(options.param) })
  const body = options.data && (await readData(options.data))
  const response = await client(path, {
    method: options.request ?? (body ? 'POST' : 'GET'),
    headers: headersOf(options),
    throwHttpErrors: false,
    ...(body && { body }),
  }).catch(error => {
    // Anything else of the HTTP client could show the credential.
    throw appErrorOf(error) ?? new CommandError(EXIT.failed, `the request to service \`${service}\` failed`)
  })
  await write(partsOf(response, options), options.output).catch(error => {
    throw appErrorOf(error) ?? new CommandError(EXIT.failed, writeFailure(service, error, options.output))
  })
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

/** As curl says of data: a form, unless something else is named. */
function headersOf({ header = [], data }: CallOptions): [string, string][] {
  const headers = header.map(parseHeader)
  const named = headers.some(([name]) => name.toLowerCase() === 'content-type')
  return data && !named ? [...headers, ['content-type', 'application/x-www-form-urlencoded']] : headers
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

/** Several are one form. */
async function readData(given: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Buffer[] = []
  for (const data of given) parts.push(...(parts.length > 0 ? [Buffer.from('&')] : []), await readPart(data))
  return new Uint8Array(Buffer.concat(parts))
}

async function readPart(data: string): Promise<Buffer> {
  if (!data.startsWith('@')) return Buffer.from(data)
  if (data === '@-') return buffer(process.stdin)
  const path = data.slice(1)
  return readFile(path).catch(() => {
    throw new CommandError(EXIT.usage, `${path} cannot be read`)
  })
}

async function* partsOf(response: Response, { include }: CallOptions): AsyncGenerator<Uint8Array | string> {
  if (include) yield head(response)
  if (response.body) yield* Readable.fromWeb(response.body as import('node:stream/web').ReadableStream)
}

function head(response: Response): string {
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}\n`)
  return `HTTP/1.1 ${response.status} ${response.statusText}\n${lines.join('')}\n`
}

async function write(parts: AsyncIterable<Uint8Array | string>, output: string | undefined): Promise<void> {
  if (output !== undefined) return pipeline(parts, createWriteStream(output))
  for await (const part of parts) await new Promise<void>(resolve => stdout().write(part, () => resolve()))
}
