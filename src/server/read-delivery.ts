// The body of a delivery on its way in: a JSON input, a form with an input and files, or one file. Files go to the disk as
// they come.
import type { IncomingMessage } from 'node:http'
import { PassThrough, type Readable } from 'node:stream'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../base/error.ts'
import type { Intake } from '../deliveries/deliveries.ts'
import { type JoinedInput, joinInput, setText } from '../deliveries/text-input.ts'
import { queryOf } from './callers/caller-params.ts'

/** Of an input; files are not counted. */
const MAX_INPUT_BYTES = 1024 * 1024
const MAX_PARTS = 1000

/** For the routes that take forms. */
export async function acceptForms(server: FastifyInstance): Promise<void> {
  await server.register(multipart, {
    limits: { fileSize: Number.MAX_SAFE_INTEGER, fieldSize: MAX_INPUT_BYTES, parts: MAX_PARTS, files: MAX_PARTS },
    throwFileSizeLimit: true,
  })
}

/** Reads the body to its end. Rejects with AppError, or with the error of a body that broke off. */
export async function readDelivery(request: FastifyRequest, intake: Intake): Promise<JoinedInput> {
  const { raw } = request
  const type = (raw.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase()
  if (request.isMultipart()) return readForm(request, intake)
  const input = queryInput(queryOf(raw.url ?? ''))
  if (type === 'application/json' && raw.headers['content-disposition'] === undefined)
    return withTexts(parseInput(await readText(raw)), input)
  if (hasBody(raw))
    await intake.add(detached(raw), {
      name: fileNameOf(raw),
      ...(type !== '' && { type: raw.headers['content-type']! }),
    })
  return { input, from: 'text' }
}

/** Of its own: whoever gives up the body must not end the connection, which the answer needs. */
function detached(request: IncomingMessage): Readable {
  // Who reads it is told, also later.
  const copy = new PassThrough().on('error', () => {})
  request.once('aborted', () => copy.destroy(new Error('the body broke off')))
  return request.pipe(copy)
}

/** A file of no bytes says at least what it is. */
function hasBody({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return true
  const named = headers['content-type'] !== undefined || headers['content-disposition'] !== undefined
  return Number(headers['content-length'] ?? 0) > 0 || (headers['content-length'] !== undefined && named)
}

async function readForm(request: FastifyRequest, intake: Intake): Promise<JoinedInput> {
  const texts = queryInput(queryOf(request.raw.url ?? ''))
  let given: JoinedInput = { input: texts, from: 'text' }
  for await (const part of request.parts()) {
    const isFile = part.type === 'file'
    if (part.fieldname === 'input' && (!isFile || part.mimetype === 'application/json'))
      given = withTexts(parseInput(isFile ? await readText(part.file) : String(part.value)), texts)
    else if (isFile) await intake.add(part.file, { name: part.filename, type: part.mimetype })
    else
      throw new AppError(
        'invalid_request',
        `a part named \`${printableName(part.fieldname)}\` has no file name; the input is one part named \`input\``,
      )
  }
  return given
}

/** The texts of the query win. */
function withTexts(input: unknown, texts: Readonly<Record<string, unknown>>): JoinedInput {
  const joined = joinInput(input, texts)
  if (joined) return joined
  throw new AppError('invalid_input', 'the input is no mapping: `input.NAME` of the query cannot add to it')
}

function printableName(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '_').slice(0, 60)
}

function parseInput(text: string): unknown {
  try {
    return text.trim() === '' ? {} : (JSON.parse(text) as unknown)
  } catch {
    throw new AppError('invalid_request', 'the input is not JSON')
  }
}

async function readText(request: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > MAX_INPUT_BYTES) throw new AppError('body_too_large', 'an input is at most 1 MiB')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** `input.NAME=VALUE`, deeper ones with dots. */
function queryInput(query: string): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const [key, value] of new URLSearchParams(query)) {
    const [first, ...path] = key.split('.')
    if (first === 'input' && path.length > 0) setText(input, path, value)
  }
  return input
}

/** RFC 6266: the encoded name wins. */
export function fileNameOf({ headers }: IncomingMessage): string {
  const header = headers['content-disposition'] ?? ''
  const encoded = /(?:^|;)\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(header)?.[1]
  const decoded = encoded === undefined ? undefined : decode(encoded)
  if (decoded !== undefined) return decoded
  const [, quoted, plain] = /(?:^|;)\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header) ?? []
  const name = quoted?.replace(/\\(.)/g, '$1') ?? plain
  // Node reads headers as Latin-1; programs write UTF-8.
  return name === undefined ? 'file' : Buffer.from(name, 'latin1').toString('utf8')
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
