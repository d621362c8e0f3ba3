// References -> secrets: environment, files, programs, systemd credentials, bearers of other accounts. Reads anew at each
// call; keeps nothing. The only file that reads secrets.
import { constants, open, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { AppError, systemErrorCode } from '../../base/error.ts'
import { jsonMember, Secret, trimSecret } from '../../base/secret.ts'
import { describeReference } from '../../compile/text.ts'
import type { SecretReference } from '../../config/model/model.ts'
import { ProgramFailure, programOutput } from './program-output.ts'

export interface SecretStore {
  /** Rejects with AppError `secret_unavailable`, which names the reference and never its content. */
  read(reference: SecretReference): Promise<Secret>
}

export interface SecretStoreOptions {
  environment?: NodeJS.ProcessEnv
  /** What an account gives to one that it feeds. */
  accountBearer(reference: SecretReference & { kind: 'account' }): Promise<Secret>
  /** A secret's file that more people can read than its owner; told once for each path. */
  onSharedFile?(path: string): void
}

const EXEC_TIMEOUT_MS = 10_000
const MAX_SECRET_BYTES = 1024 * 1024

export function createSecretStore(options: SecretStoreOptions): SecretStore {
  const environment = options.environment ?? process.env
  const told = new Set<string>()
  const onMode = (path: string, mode: number): void => {
    if ((mode & OTHERS) === 0 || told.has(path)) return
    told.add(path)
    options.onSharedFile?.(path)
  }
  return {
    async read(reference) {
      switch (reference.kind) {
        case 'literal':
          return reference.secret
        case 'account':
          return options.accountBearer(reference)
        case 'env':
          return readEnvironment(reference, environment)
        case 'file':
          return reference.kept
            ? readKept(reference, reference.kept)
            : readSecretFile(reference.path, reference, {
                within: reference.within,
                ...(!reference.public && { onMode }),
              })
        case 'systemd':
          return readCredential(reference, environment)
        case 'exec':
          return runProgram(reference)
      }
    },
  }
}

function unavailable(reference: SecretReference, reason: string): AppError {
  return new AppError('secret_unavailable', `secret from ${describeReference(reference)}: ${reason}`, {
    transient: true,
  })
}

function readEnvironment(reference: SecretReference & { kind: 'env' }, environment: NodeJS.ProcessEnv): Secret {
  const text = environment[reference.name]
  if (text === undefined) throw unavailable(reference, 'the environment variable is not set')
  return new Secret(text)
}

/** Programs that keep a file fresh write blanks around it, or JSON: then a member of it is the secret. They choose its mode too. */
async function readKept(reference: SecretReference & { kind: 'file' }, { at }: { at?: string }): Promise<Secret> {
  const secret = await readSecretFile(reference.path, reference, { within: reference.within })
  const member = at === undefined ? secret : jsonMember(secret, at)
  if (!member) throw unavailable(reference, `no text at ${at}; is it JSON?`)
  return trimSecret(member)
}

/** Group and others may read. Windows has no such bits. */
const OTHERS = 0o044

interface FileOptions {
  /** The folder that the file must be in. */
  within?: string | undefined
  onMode?(path: string, mode: number): void
}

/** One byte more than may be, so that it is seen. Without waiting for whoever would write into a pipe. */
async function readWithMode(path: string): Promise<{ bytes: Buffer; mode: number }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const info = await file.stat()
    if (!info.isFile() && !info.isDirectory()) throw new NoRegularFile()
    const chunks: Buffer[] = []
    const content = file.createReadStream({ end: MAX_SECRET_BYTES, autoClose: false })
    for await (const chunk of content) chunks.push(chunk as Buffer)
    return { bytes: Buffer.concat(chunks), mode: info.mode }
  } finally {
    await file.close()
  }
}

/** A device or a pipe: it may have no end, and cannot be read again. */
class NoRegularFile extends Error {}

/** One trailing newline is removed: editors add it. */
async function readSecretFile(path: string, reference: SecretReference, options: FileOptions = {}): Promise<Secret> {
  const { within, onMode } = options
  try {
    const { bytes, mode } = await readWithMode(within === undefined ? path : await pathWithin(within, path, reference))
    onMode?.(path, mode)
    if (bytes.length > MAX_SECRET_BYTES) throw unavailable(reference, 'larger than 1 MiB')
    return new Secret(bytes.toString('utf8').replace(/\r?\n$/, ''))
  } catch (error) {
    if (error instanceof AppError) throw error
    if (error instanceof NoRegularFile) throw unavailable(reference, 'this is no regular file')
    const reasons: Record<string, string> = {
      ENOENT: 'no such file',
      EACCES: 'permission denied',
      EISDIR: 'this is a folder',
    }
    throw unavailable(reference, reasons[systemErrorCode(error) ?? ''] ?? `cannot be read (${systemErrorCode(error)})`)
  }
}

/** Links are followed first, so that none leads out of the folder. */
async function pathWithin(within: string, path: string, reference: SecretReference): Promise<string> {
  const [folder, real] = await Promise.all([realpath(within), realpath(path)])
  if (!real.startsWith(`${folder}${sep}`)) throw unavailable(reference, `it leads out of ${within}`)
  return real
}

function readCredential(
  reference: SecretReference & { kind: 'systemd' },
  environment: NodeJS.ProcessEnv,
): Promise<Secret> {
  const directory = environment.CREDENTIALS_DIRECTORY
  if (!directory)
    throw unavailable(reference, '$CREDENTIALS_DIRECTORY is not set; is this a systemd service with LoadCredential=?')
  return readSecretFile(join(directory, reference.name), reference)
}

async function runProgram(reference: SecretReference & { kind: 'exec' }): Promise<Secret> {
  const limits = { directory: reference.directory, timeoutMs: EXEC_TIMEOUT_MS, maxBytes: MAX_SECRET_BYTES }
  try {
    return new Secret((await programOutput(reference.command, limits)).replace(/\r?\n$/, ''))
  } catch (error) {
    if (error instanceof ProgramFailure) throw unavailable(reference, error.message)
    throw error
  }
}
