// Token requests, with the connection that they are sent through.
import type { ConnectionPlan } from './connection.ts'
import type { TokenRequest } from './plan.ts'
import type { RequestStep } from './steps/request-token.ts'
import type { Values } from './text.ts'

/** Certificates prove the client, whatever else does: they are part of who asks. */
export function connectRequests(step: RequestStep, plan: ConnectionPlan | undefined): RequestStep {
  if (!plan) return step
  const { texts, words, connect } = plan
  const connected = async (values: Values, request: Promise<TokenRequest>) => {
    const built = await request
    return { ...built, connection: connect(values) }
  }
  return {
    ...step,
    texts: [...step.texts, ...texts],
    proofs: [...step.proofs, ...texts],
    words: words ? [...step.words, words] : step.words,
    buildRequest: async values => connected(values, step.buildRequest(values)),
    buildRevocation: async (values, revocation) => connected(values, step.buildRevocation(values, revocation)),
    buildRefresh: async (values, refreshToken) => connected(values, step.buildRefresh(values, refreshToken)),
  }
}
