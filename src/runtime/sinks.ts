// Files that always hold the current credential of a service: written beside and renamed, at each renewal. A write that fails
// leaves the old file, and is tried again.
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Clock } from '../base/clock.ts'
import { AppError, systemErrorCode } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import { Secret } from '../base/secret.ts'
import type { Sink } from '../config/model/model.ts'
import type { Credential } from './generation/live-account.ts'
import type { Authorized, LiveService } from './generation/live-service.ts'

export interface SinkEffects {
  clock: Clock
  log: Log
  random(): number
  onSinkWrite?(service: string, outcome: 'success' | 'failure'): void
}

/** How often a file is looked at besides: what a renewal does not tell of is seen then, and a failed write is repeated. */
const LOOK_MS = 30_000

/** Keeps the files of the services of the running generation, and is told when that is another one. */
export class Sinks {
  readonly #effects: SinkEffects
  /** What each file holds, by its path. */
  readonly #written = new Map<string, Secret>()
  #stops: (() => void)[] = []
  #work: Promise<void> = Promise.resolve()
  /** Of each folder that is made: who may read one of the files gets to it. */
  #folderMode = 0o700

  constructor(effects: SinkEffects) {
    this.#effects = effects
  }

  /** These services, which have some, from now on, and no others. Their tokens are kept from now on whether anybody uses them or not. */
  keep(services: readonly LiveService[]): void {
    this.stop()
    this.#folderMode = folderModeFor(services.flatMap(({ plan }) => plan.sinks))
    for (const service of services) {
      const write = this.#once(looked => this.#writeAll(service, looked))
      this.#stops.push(service.keepWarm(write), this.#every(write))
      write()
    }
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop()
  }

  /** Resolves when what is being written is written. */
  settled(): Promise<void> {
    return this.#work
  }

  #every(look: () => void): () => void {
    const { clock } = this.#effects
    let cancel = (): void => {}
    const wait = (): void => {
      cancel = clock.schedule(LOOK_MS, () => {
        look()
        wait()
      })
    }
    wait()
    return () => cancel()
  }

  /** One after the other, so that the last one written is the newest; and not again before it has looked. */
  #once(work: (looked: () => void) => Promise<void>): () => void {
    let waiting = false
    return () => {
      if (waiting) return
      waiting = true
      const looked = () => {
        waiting = false
      }
      this.#work = this.#work.then(() => work(looked))
    }
  }

  async #writeAll(service: LiveService, looked: () => void): Promise<void> {
    let fault: AppError | undefined
    const authorized = await service.authorize().catch((error: unknown) => {
      fault = appErrorOnly(error)
    })
    // A token that no header may hold (RFC 6749 section 7.1) is one for a file all the same.
    const credential = authorized?.credential ?? service.account.source.current()
    looked()
    // The account tells of it; the old file stays.
    if (!credential) return
    for (const sink of service.plan.sinks) {
      if (sink.format !== 'header') await this.#write(service, sink, contentOf(credential, sink.format))
      else if (authorized) await this.#write(service, sink, headersOf(authorized))
      else this.#tell(service, sink, fault!)
    }
  }

  #tell({ plan }: LiveService, { path }: Sink, { code, message }: AppError): void {
    const { log, onSinkWrite } = this.#effects
    log.warn({ service: plan.name, file: path, code }, `sink \`${path}\` not written: ${message}`)
    onSinkWrite?.(plan.name, 'failure')
  }

  async #write({ plan }: LiveService, { path, mode }: Sink, content: Secret): Promise<void> {
    const { log, random, onSinkWrite } = this.#effects
    const same = this.#written.get(path)?.reveal() === content.reveal()
    if (same && (await lstat(path).catch(() => undefined))) return
    try {
      await replaceFile(path, content, { mode, folderMode: this.#folderMode, suffix: random().toString(36).slice(2) })
      this.#written.set(path, content)
      onSinkWrite?.(plan.name, 'success')
    } catch (error) {
      const reason = systemErrorCode(error) ?? 'unknown'
      log.error({ service: plan.name, file: path, reason }, `sink \`${path}\` cannot be written; the old file stays`)
      onSinkWrite?.(plan.name, 'failure')
    }
  }
}

function appErrorOnly(error: unknown): AppError {
  if (error instanceof AppError) return error
  throw error
}

function folderModeFor(sinks: readonly Sink[]): number {
  const readers = sinks.reduce((all, { mode }) => all | (mode & 0o044), 0)
  return 0o700 | readers | (readers >> 2)
}

function headersOf({ injection }: Authorized): Secret {
  return new Secret(injection.headers.map(([name, value]) => `${name}: ${value}\n`).join(''))
}

function contentOf({ bearer, expiresAtMs }: Credential, format: 'token' | 'json'): Secret {
  const token = bearer!.reveal()
  if (format === 'token') return new Secret(token)
  const expires_on = expiresAtMs === null ? null : Math.floor(expiresAtMs / 1000)
  return new Secret(`${JSON.stringify({ access_token: token, expires_on })}\n`)
}

/** Whoever reads the file sees the old content or the new one, whole. */
async function replaceFile(
  path: string,
  content: Secret,
  how: { mode: number; folderMode: number; suffix: string },
): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${how.suffix}`)
  try {
    await mkdir(dirname(path), { recursive: true, mode: how.folderMode })
    const file = await open(beside, 'wx', 0o600)
    try {
      await file.chmod(how.mode)
      await file.writeFile(content.reveal())
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}
