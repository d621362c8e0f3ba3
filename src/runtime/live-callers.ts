// The callers of a generation at work: whose token a text is. Only digests are compared, and each comparison takes the same time.
import { createHash, timingSafeEqual } from 'node:crypto'
import { referenceKey } from '../compile/text.ts'
import type { Caller, SecretReference } from '../config/model.ts'
import { type AccountEffects, type Credential, createSecretSource } from './live-account.ts'

export interface LiveCallers {
  /** The caller whose token this is; waits only for secrets that were not read yet. Never rejects. */
  byToken(token: string): Promise<Caller | undefined>
  /** Reads all tokens, so that the first request does not wait and the log says what cannot be read. */
  preload(): Promise<void>
  checkSecrets(): Promise<void>
  /** Takes over what was read already, so that a reload locks nobody out. */
  adopt(previous: LiveCallers): void
  readonly sources: Map<string, TokenSource>
}

type TokenSource = ReturnType<typeof createSecretSource>

export function createLiveCallers(callers: readonly Caller[], effects: AccountEffects): LiveCallers {
  const known = callers.map(caller => ({ caller, reference: referenceOf(caller), digest: digestOfHash(caller) }))
  const sources = new Map<string, TokenSource>()
  const digests = new WeakMap<Credential, Buffer | undefined>()
  for (const { reference } of known) {
    if (reference) sources.set(referenceKey(reference), createSecretSource([reference], effects))
  }

  const unreadable = new Set<string>()

  const read = async (caller: string, reference: SecretReference): Promise<Buffer | undefined> => {
    const { source } = sources.get(referenceKey(reference))!
    try {
      const credential = source.current() ?? (await source.get())
      unreadable.delete(caller)
      if (!digests.has(credential)) digests.set(credential, digestOf(credential.values.secret(reference).reveal()))
      return digests.get(credential)
    } catch (error) {
      if (!unreadable.has(caller))
        effects.log.warn({ caller }, `nobody can be this caller: ${(error as Error).message}`)
      unreadable.add(caller)
      return undefined
    }
  }

  return {
    sources,
    async byToken(token) {
      const presented = digestOf(token)
      let found: Caller | undefined
      for (const { caller, reference, digest } of known) {
        const secret = reference && (await read(caller.name, reference))
        // No early end: the time tells nothing about which caller it was.
        for (const expected of [secret, digest]) {
          if (presented && expected && timingSafeEqual(presented, expected)) found ??= caller
        }
      }
      return found
    },
    async preload() {
      await Promise.all(known.map(({ caller, reference }) => reference && read(caller.name, reference)))
    },
    async checkSecrets() {
      await Promise.all([...sources.values()].map(source => source.checkSecrets()))
    },
    adopt(previous) {
      for (const key of sources.keys()) {
        const earlier = previous.sources.get(key)
        if (earlier) sources.set(key, earlier)
      }
    },
  }
}

function referenceOf({ token }: Caller): SecretReference | undefined {
  return token?.kind === 'secret' ? token.reference : undefined
}

function digestOfHash({ tokenSha256 }: Caller): Buffer | undefined {
  return tokenSha256 === undefined ? undefined : Buffer.from(tokenSha256, 'hex')
}

/** Of an empty text none: an unset secret opens nothing. */
function digestOf(token: string): Buffer | undefined {
  return token === '' ? undefined : createHash('sha256').update(token).digest()
}
