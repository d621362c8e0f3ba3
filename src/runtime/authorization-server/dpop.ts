// Proofs that whoever sends a token holds its key (RFC 9449). A key is made in memory, or is a secret of the account; nonces
// belong to the origin that gave them and go nowhere else.
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { AppError } from '../../base/error.ts'
import { Secret } from '../../base/secret.ts'
import type { OAuth2AccountPlan, ProofRequest, Prover, TokenRequest, TokenResponse } from '../../compile/plan.ts'
import type { Values } from '../../compile/text.ts'
import { readSigningKey, signJwt } from '../../compile/token/jws.ts'
import { digest } from '../secrets/values.ts'

export interface Provers {
  /** The same one for the same key; undefined for an account without DPoP. Throws AppError `secret_unavailable`. */
  of(plan: OAuth2AccountPlan, values: Values): Prover | undefined
}

const MAX_PROVERS = 1_000

export function createProvers(clock: Clock): Provers {
  const kept = new Map<string, Prover>()
  const keep = (id: string, create: () => Prover): Prover => {
    const prover = kept.get(id) ?? create()
    kept.delete(id)
    kept.set(id, prover)
    if (kept.size > MAX_PROVERS) kept.delete(kept.keys().next().value!)
    return prover
  }
  return {
    of({ name, dpop, tokenIdentity }, values) {
      if (!dpop) return undefined
      const text = dpop.key?.render(values)
      // Of a refresh token the key must stay the same (RFC 9449 section 5).
      if (text === undefined)
        return keep(`made ${tokenIdentity}`, () => createProver(makeKey(dpop.alg ?? 'ES256'), clock))
      const label = `account \`${name}\`: \`dpop.key\``
      const read = () => readSigningKey(text, { label, alg: dpop.alg })
      return keep(digest(new Secret(`${dpop.alg} ${text}`)), () => createProver(privateKeyOf(read()), clock))
    },
  }
}

interface ProofKey {
  key: KeyObject
  alg: string
}

function privateKeyOf({ key, alg }: { key: KeyObject | Uint8Array; alg: string }): ProofKey {
  return { key: key as KeyObject, alg }
}

const CURVES: Record<string, string> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }

function makeKey(alg: string): ProofKey {
  const namedCurve = CURVES[alg]
  if (namedCurve) return { key: generateKeyPairSync('ec', { namedCurve }).privateKey, alg }
  if (alg === 'EdDSA') return { key: generateKeyPairSync('ed25519').privateKey, alg }
  return { key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, alg }
}

function createProver({ key, alg }: ProofKey, clock: Clock): Prover {
  const jwk = createPublicKey(key).export({ format: 'jwk' })
  const nonces = new Map<string, string>()
  return {
    proof({ method, url, bearer }: ProofRequest) {
      const nonce = nonces.get(url.origin)
      const claims = {
        jti: randomUUID(),
        htm: method,
        htu: `${url.origin}${url.pathname}`,
        iat: Math.floor(clock.nowMs() / 1000),
        ...(bearer && { ath: createHash('sha256').update(bearer.reveal()).digest('base64url') }),
        ...(nonce !== undefined && { nonce }),
      }
      return signJwt({ typ: 'dpop+jwt', alg, jwk }, claims, key)
    },
    learn({ origin }, nonce) {
      // RFC 9449 section 8.1: the characters of a nonce.
      if (!nonce || nonce.length > 1_000 || !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(nonce) || nonces.get(origin) === nonce)
        return false
      nonces.delete(origin)
      nonces.set(origin, nonce)
      if (nonces.size > MAX_PROVERS) nonces.delete(nonces.keys().next().value!)
      return true
    },
  }
}

/** Sends with a proof, and once more when the server wants a nonce that it gives (RFC 9449 section 8). */
export async function sendProven(
  prover: Prover | undefined,
  request: TokenRequest,
  send: (request: TokenRequest) => Promise<TokenResponse>,
): Promise<TokenResponse> {
  if (!prover) return send(request)
  const { url, method } = request
  const once = async () => {
    const proof = await prover.proof({ method, url })
    return send({ ...request, headers: [...request.headers, ['DPoP', proof]] })
  }
  const response = await once().catch(error => {
    if (!(error instanceof AppError)) throw error
    const learned = prover.learn(url, error.details.dpopNonce)
    if (learned && error.details.oauthError === 'use_dpop_nonce') return once()
    throw error
  })
  prover.learn(url, response.dpopNonce)
  return response
}

/** Whether a 401 asks for a nonce (RFC 9449 section 9). */
export function wantsNonce(status: number, challenge: string | null | undefined): boolean {
  return status === 401 && /\bDPoP\b/i.test(challenge ?? '') && /error\s*=\s*"?use_dpop_nonce\b/i.test(challenge ?? '')
}
