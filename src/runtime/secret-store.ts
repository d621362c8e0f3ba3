// References -> secrets: environment, files, programs, systemd credentials, bearers of other accounts. Reads anew at each
// call; keeps nothing. The only file that reads secrets.
import { execFile } from 'node:child_process'
import { open, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { AppError, systemErrorCode } from '../base/error.ts'
import { jsonMember, Secret, trimSecret } from '../base/secret.ts'
import { describeReference } from '../compile/text.ts'
import type { SecretReference } from '../config/model/model.ts'

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

async function readWithMode(path: string): Promise<{ bytes: Buffer; mode: number }> {
  const file = await open(path)
  try {
    return { bytes: await file.readFile(), mode: (await file.stat()).mode }
  } finally {
    await file.close()
  }
}

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

/** No shell, its own working directory, standard error ignored: it may hold what it should not. */
function runProgram(reference: SecretReference & { kind: 'exec' }): Promise<Secret> {
  const [program, ...args] = reference.command
  const options = {
    cwd: reference.directory,
    timeout: EXEC_TIMEOUT_MS,
    maxBuffer: MAX_SECRET_BYTES,
    killSignal: 'SIGKILL' as const,
  }
  return new Promise((resolve, reject) => {
    const child = execFile(program!, args, options, (error, stdout) => {
      if (error) reject(unavailable(reference, programFailure(error)))
      else resolve(new Secret(stdout.replace(/\r?\n$/, '')))
    })
    // A program that asks for something must not wait for an answer.
    child.stdin?.end()
  })
}

function programFailure(error: Error & { code?: unknown; killed?: boolean }): string {
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'the output is larger than 1 MiB'
  if (error.killed) return 'the program took longer than 10s'
  if (error.code === 'ENOENT') return 'no such program'
  return typeof error.code === 'number' ? `the program ended with exit code ${error.code}` : 'the program failed'
}
