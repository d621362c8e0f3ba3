// Which one of several client secrets an account uses: the one that worked last, until it fails or one of them changes. Then
// again from the first. Keeps no secret, only keyed digests.
import { AppError } from '../../base/error.ts'
import type { OAuth2AccountPlan } from '../../compile/plan.ts'
import type { Values } from '../../compile/text.ts'
import { digest } from '../secrets/values.ts'

type Plan = Pick<OAuth2AccountPlan, 'clientSecrets'>

export class ClientSecrets {
  readonly #plan: Plan
  /** Digests of what was read last, in order. */
  #known: readonly string[] = []
  #index = 0

  constructor(plan: Plan) {
    this.#plan = plan
  }

  /** Its place in the list, from 0. */
  get inUse(): number {
    return this.#index
  }

  /** The values of a request with the secret in use. */
  choose(values: Values): Values {
    const { clientSecrets } = this.#plan
    if (!clientSecrets) return values
    const read = clientSecrets.read(values).map(secret => digest(secret))
    if (read.join() !== this.#known.join()) this.#index = 0
    this.#known = read
    return { ...values, clientSecret: this.#index }
  }

  /** For one call: after an error that another secret may mend, goes on to the next one that was not tried, whatever came first. */
  attempts(): (error: unknown) => boolean {
    const tried = new Set<string>()
    return error => {
      if (!this.#plan.clientSecrets || !isUnknownClient(error)) return false
      tried.add(this.#known[this.#index]!)
      const later = this.#known.map((_, step) => (this.#index + step) % this.#known.length)
      const next = later.find(index => !tried.has(this.#known[index]!))
      this.#index = next ?? 0
      return next !== undefined
    }
  }

  /** Of the same account before a reload. */
  adopt(other: ClientSecrets): void {
    if (identitiesOf(this.#plan) !== identitiesOf(other.#plan)) return
    this.#known = other.#known
    this.#index = other.#index
  }
}

function identitiesOf({ clientSecrets }: Plan): string | undefined {
  return clientSecrets?.identities.join()
}

/** RFC 6749 section 5.2; nothing else says that the secret is the wrong one. */
function isUnknownClient(error: unknown): boolean {
  return error instanceof AppError && error.code === 'token_refused' && error.details.oauthError === 'invalid_client'
}

/** From 1, for people. */
export interface SecretInUse {
  inUse: number
  of: number
}

/** As the account has them in its own list, whose order may differ from that of the equal account that owns the token. */
export function secretInUse(plan: Plan, owner: Plan, secrets: ClientSecrets): SecretInUse | undefined {
  const identities = plan.clientSecrets?.identities
  const used = owner.clientSecrets?.identities[secrets.inUse]
  if (!identities || used === undefined) return undefined
  return { inUse: identities.indexOf(used) + 1, of: identities.length }
}
