// An input and files -> a form (RFC 7578) with its length; the files are read while it is sent.
import { randomUUID } from 'node:crypto'
import { AppError } from '../base/error.ts'
import { formName } from '../compile/actions/file-name.ts'
import type { StoredFile } from '../deliveries/delivery.ts'
import { openFiles } from '../deliveries/open-files.ts'
import { readFile } from '../deliveries/read-file.ts'
import type { DeliveryProgress, GivenFile } from '../index.ts'
import type { DaemonBody } from './daemon-api.ts'
import { CommandError, EXIT } from './output.ts'

interface UploadParts {
  /** Sent as JSON where there is one. */
  input: unknown
  files: readonly GivenFile[]
}

/** Undefined for nothing to send. Throws CommandError for a file that cannot be read. */
export async function uploadForm(
  { input, files: given }: UploadParts,
  onProgress: (progress: DeliveryProgress) => void,
): Promise<DaemonBody | undefined> {
  if (given.length === 0 && input === undefined) return undefined
  const files = await openFiles(given, { directory: process.cwd(), sha256: false }).catch(usage)
  const boundary = `bearerd-${randomUUID()}`
  const heads = files.map(file => fileHead(boundary, file))
  const start = input === undefined ? '' : inputPart(boundary, JSON.stringify(input))
  const end = `--${boundary}--\r\n`
  const framing = [start, ...heads, end].reduce((sum, text) => sum + Buffer.byteLength(text), 2 * files.length)
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0)

  async function* chunks(): AsyncGenerator<Buffer> {
    let sentBytes = 0
    yield Buffer.from(start)
    for (const [index, file] of files.entries()) {
      const tell = () =>
        onProgress({
          request: index + 1,
          requests: files.length,
          attempt: 1,
          attempts: 1,
          file: file.name,
          sentBytes,
          totalBytes,
        })
      tell()
      yield Buffer.from(heads[index]!)
      yield* readFile(file, bytes => {
        sentBytes += bytes
        tell()
      })
      yield Buffer.from('\r\n')
    }
    yield Buffer.from(end)
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    size: framing + totalBytes,
    chunks: asUsage(chunks()),
  }
}

function inputPart(boundary: string, json: string): string {
  return `--${boundary}\r\nContent-Disposition: form-data; name="input"\r\n\r\n${json}\r\n`
}

function fileHead(boundary: string, { name, type }: StoredFile): string {
  const disposition = `Content-Disposition: form-data; name="file"; filename="${formName(name)}"`
  return `--${boundary}\r\n${disposition}\r\nContent-Type: ${type}\r\n\r\n`
}

async function* asUsage(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* chunks
  } catch (error) {
    usage(error)
  }
}

function usage(error: unknown): never {
  if (error instanceof AppError) throw new CommandError(EXIT.usage, error.message)
  throw error
}
