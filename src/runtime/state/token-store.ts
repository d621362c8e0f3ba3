// Where the refresh tokens of accounts are kept between token requests. Accounts of one family share one.
import type { Secret } from '../../base/secret.ts'

/** A family is everything that decides which refresh token it is, secrets included: a store keeps no more of it than a keyed digest. */
export interface TokenStore {
  /**
   * The one that came last. `alone`: others may use what is kept now, so only one that they do not know is given. Rejects with
   * AppError `state_unavailable` when there is none of these and others may have one.
   */
  refreshToken(family: Secret, alone?: boolean): Promise<Secret | undefined>
  /** In place of the one before. Resolved when it is as safe as the store can make it; never rejects. */
  keep(family: Secret, refreshToken: Secret): Promise<void>
  /**
   * No other process asks with a refresh token of this family until the returned function is called: a server may end a family
   * of which one is used twice. Undefined when another one has it for longer than the limit.
   */
  hold(family: Secret, limitMs: number): Promise<(() => void) | undefined>
  /** Forgets this very token; a newer one stays. */
  drop(family: Secret, refreshToken: Secret): Promise<void>
}
