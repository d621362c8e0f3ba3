// The callers of a generation at work: whose token a text is, whose certificate one is. Of tokens only digests are compared,
// and each comparison takes the same time.
import { createHash, timingSafeEqual, X509Certificate } from 'node:crypto'
import { type CallerRights, compileRights } from '../../compile/caller-rights.ts'
import { referenceKey } from '../../compile/text.ts'
import { subjectText } from '../../config/definitions/certificate-name.ts'
import { callerSecrets } from '../../config/definitions/value.ts'
import type { Caller, CallerCertificate, SecretReference, Value } from '../../config/model/model.ts'
import { type AccountEffects, type Credential, createSecretSource } from './live-account.ts'

export interface LiveCallers {
  /** The caller whose token this is; waits only for secrets that were not read yet. Never rejects. */
  byToken(token: string): Promise<CallerRights | undefined>
  /** The caller whose certificate this is. Never rejects. */
  byCertificate(certificate: ShownCertificate): Promise<CallerRights | undefined>
  /** Reads all tokens, so that the first request does not wait and the log says what cannot be read. */
  preload(): Promise<void>
  checkSecrets(): Promise<void>
  /** Takes over what was read already, so that a reload locks nobody out. */
  adopt(previous: LiveCallers): void
  readonly sources: Map<string, ReadSource>
}

/** Of a client that has the key of it. */
export interface ShownCertificate {
  /** SHA-256 in lower-case hexadecimal. */
  sha256: string
  /** Those that an authority of `daemon.tls.caFile` vouches for, in the forms of certificate-name.ts. */
  subject?: string | undefined
  alternativeNames: readonly string[]
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
  const find = async (kind: Proof['kind'], presented: readonly Buffer[]) => {
    let found: CallerRights | undefined
    for (const proof of proofs) {
      const expected = proof.kind === kind ? await expectedOf(proof) : undefined
      // No early end: the time tells nothing about which caller it was.
      for (const digest of presented) if (expected && timingSafeEqual(digest, expected)) found ??= proof.rights
    }
    return found
  }

  return {
    sources,
    byToken: token => find('token', [digestOf(token) ?? []].flat()),
    byCertificate: shown => find('certificate', digestsOf(shown)),
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
  const known = (kind: Proof['kind'], expected: Proof['expected']): Proof => ({ rights, kind, expected })
  return [
    ...(token ? referenceOf(token).map(reference => known('token', reference)) : []),
    ...(tokenSha256 === undefined ? [] : [known('token', Buffer.from(tokenSha256, 'hex'))]),
    ...(certificate ? certificateProof(certificate).map(expected => known('certificate', expected)) : []),
  ]
}

function certificateProof(certificate: CallerCertificate): Proof['expected'][] {
  if ('file' in certificate) return referenceOf(certificate.file)
  if ('sha256' in certificate) return [Buffer.from(certificate.sha256, 'hex')]
  return [nameDigest('san' in certificate ? certificate.san : `subject:${subjectText(certificate.subject)}`)]
}

function digestsOf({ sha256, subject, alternativeNames }: ShownCertificate): Buffer[] {
  const names = [...(subject === undefined ? [] : [`subject:${subject}`]), ...alternativeNames]
  return [Buffer.from(sha256, 'hex'), ...names.map(nameDigest)]
}

/** As long as a fingerprint; an alternative name starts with its kind, which is never `subject`. */
function nameDigest(name: string): Buffer {
  return createHash('sha256').update(name).digest()
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
