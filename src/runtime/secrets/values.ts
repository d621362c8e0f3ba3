// Everything a pipeline step may ask for, read once before the step runs.
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import type { Secret } from '../../base/secret.ts'
import { referenceKey, type Values } from '../../compile/text.ts'
import type { SecretReference } from '../../config/model/model.ts'
import type { SecretStore } from './secret-store.ts'

/** The values of a pipeline that reads nothing. */
export function valuesWithout(clock: Clock): Values {
  return valuesOf(new Map(), clock)
}

export async function readValues(
  references: readonly SecretReference[],
  store: SecretStore,
  clock: Clock,
): Promise<Values> {
  const read = await Promise.all(
    references.map(async reference => [referenceKey(reference), await store.read(reference)] as const),
  )
  return valuesOf(new Map(read), clock)
}

function valuesOf(secrets: ReadonlyMap<string, Secret>, clock: Clock): Values {
  return {
    secret(reference) {
      const secret = secrets.get(referenceKey(reference))
      if (!secret) throw new Error(`${reference.kind} reference was not collected`)
      return secret
    },
    uuid: () => randomUUID(),
    now: () => new Date(clock.nowMs()).toISOString(),
  }
}

/** A store that remembers, as keyed digests, what it read last: to notice changes without keeping the secrets. */
export interface ObservedStore extends SecretStore {
  /** Whether any of these files, read again now, differs from the last reading. False when nothing was read yet. */
  changed(references: readonly SecretReference[]): Promise<boolean>
  /** Takes over what another store remembers. */
  adopt(other: ObservedStore): void
  readonly seen: ReadonlyMap<string, string>
}

export function observeStore(store: SecretStore): ObservedStore {
  const seen = new Map<string, string>()
  const read = async (reference: SecretReference): Promise<Secret> => {
    const key = referenceKey(reference)
    try {
      const secret = await store.read(reference)
      seen.set(key, digest(secret))
      return secret
    } catch (error) {
      seen.set(key, 'unreadable')
      throw error
    }
  }
  const differs = async (reference: SecretReference): Promise<boolean> => {
    const before = seen.get(referenceKey(reference))
    if (before === undefined) return false
    // A file that cannot be read now is no change: the old credential serves on.
    const now = await store.read(reference).then(digest, () => before)
    return now !== before
  }
  return {
    read,
    seen,
    adopt(other) {
      for (const [key, value] of other.seen) seen.set(key, value)
    },
    async changed(references) {
      const files = references.filter(isSecretFile)
      return (await Promise.all(files.map(differs))).includes(true)
    },
  }
}

/** A secret that may change while it is used, and is read again for that. */
export function isSecretFile(reference: SecretReference): boolean {
  return (reference.kind === 'file' && !reference.kept) || reference.kind === 'systemd'
}

const processKey = randomBytes(32)

/** Equal for equal texts; says nothing about them to whoever has not the key, by default one that ends with the process. */
export function digest(secret: Secret, key: Uint8Array = processKey): string {
  return createHmac('sha256', key).update(secret.reveal()).digest('base64url')
}
