// The callers of a generation at work: whose token a text is, whose certificate one is. Of tokens only digests are compared,
// and each comparison takes the same time.
import { createHash, timingSafeEqual, X509Certificate } from 'node:crypto'
import { type CallerRights, compileRights } from '../compile/caller-rights.ts'
import { referenceKey } from '../compile/text.ts'
import { callerSecrets } from '../config/definitions/value.ts'
import type { Caller, SecretReference, Value } from '../config/model/model.ts'
import { type AccountEffects, type Credential, createSecretSource } from './live-account.ts'

export interface LiveCallers {
  /** The caller whose token this is; waits only for secrets that were not read yet. Never rejects. */
  byToken(token: string): Promise<CallerRights | undefined>
  /** The caller whose certificate has this fingerprint: SHA-256 in lower-case hexadecimal. Never rejects. */
  byCertificate(sha256: string): Promise<CallerRights | undefined>
  /** Reads all tokens, so that the first request does not wait and the log says what cannot be read. */
  preload(): Promise<void>
  checkSecrets(): Promise<void>
  /** Takes over what was read already, so that a reload locks nobody out. */
  adopt(previous: LiveCallers): void
  readonly sources: Map<string, ReadSource>
}

type ReadSource = ReturnType<typeof createSecretSource>

/** One way in which a caller is known. */
interface Proof {
  rights: CallerRights
  kind: 'token' | 'certificate'
  /** Read when it is needed, or known from the start. */
  expected: SecretReference | Buffer
}

export function createLiveCallers(callers: readonly Caller[], effects: AccountEffects): LiveCallers {
  const proofs = callers.flatMap(proofsOf)
  const references = callers.flatMap(callerSecrets).flatMap(referenceOf)
  const sources = new Map(references.map(one => [referenceKey(one), createSecretSource([one], effects)]))
  const digests = new WeakMap<Credential, Buffer | undefined>()
  const unreadable = new Set<string>()

  const read = async ({ rights, kind }: Proof, reference: SecretReference): Promise<Buffer | undefined> => {
    const { source } = sources.get(referenceKey(reference))!
    const key = `${rights.name} ${kind}`
    try {
      const credential = source.current() ?? (await source.get())
      if (!digests.has(credential)) {
        digests.set(credential, DIGESTS[kind](credential.values.secret(reference).reveal()))
        unreadable.delete(key)
      }
      return digests.get(credential)
    } catch (error) {
      const message = `the ${kind} of this caller cannot be read: ${(error as Error).message}`
      if (!unreadable.has(key)) effects.log.warn({ caller: rights.name }, message)
      unreadable.add(key)
      return undefined
    }
  }
  const expectedOf = async (proof: Proof) =>
    Buffer.isBuffer(proof.expected) ? proof.expected : read(proof, proof.expected)
  const find = async (kind: Proof['kind'], presented: Buffer | undefined) => {
    let found: CallerRights | undefined
    for (const proof of proofs) {
      const expected = proof.kind === kind ? await expectedOf(proof) : undefined
      // No early end: the time tells nothing about which caller it was.
      if (presented && expected && timingSafeEqual(presented, expected)) found ??= proof.rights
    }
    return found
  }

  return {
    sources,
    byToken: token => find('token', digestOf(token)),
    byCertificate: sha256 => find('certificate', Buffer.from(sha256, 'hex')),
    async preload() {
      await Promise.all(proofs.map(expectedOf))
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

function proofsOf(caller: Caller): Proof[] {
  const rights = compileRights(caller)
  const { token, tokenSha256, certificate } = caller
  const file = certificate && 'file' in certificate ? certificate.file : undefined
  const sha256 = certificate && 'sha256' in certificate ? certificate.sha256 : undefined
  return [
    ...[token, file].flatMap((value, index): Proof[] => {
      const [expected] = value ? referenceOf(value) : []
      return expected ? [{ rights, kind: index === 0 ? 'token' : 'certificate', expected }] : []
    }),
    ...(tokenSha256 === undefined
      ? []
      : [{ rights, kind: 'token' as const, expected: Buffer.from(tokenSha256, 'hex') }]),
    ...(sha256 === undefined ? [] : [{ rights, kind: 'certificate' as const, expected: Buffer.from(sha256, 'hex') }]),
  ]
}

function referenceOf(value: Value): SecretReference[] {
  return value.kind === 'secret' ? [value.reference] : []
}

const DIGESTS = { token: digestOf, certificate: fingerprintOf }

/** Of an empty text none: an unset secret opens nothing. */
function digestOf(token: string): Buffer | undefined {
  return token === '' ? undefined : createHash('sha256').update(token).digest()
}

/** Throws when the text is no certificate in PEM. */
function fingerprintOf(pem: string): Buffer {
  return Buffer.from(new X509Certificate(pem).fingerprint256.replaceAll(':', ''), 'hex')
}
