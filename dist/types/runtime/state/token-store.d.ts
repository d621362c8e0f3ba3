import type { Secret } from '../../base/secret.ts';
export interface TokenStore {
    /** The one that came last. */
    refreshToken(identity: string): Promise<Secret | undefined>;
    /** In place of the one before. Resolved when it is as safe as the store can make it. */
    keep(identity: string, refreshToken: Secret): Promise<void>;
    /** Forgets this very token; a newer one stays. */
    drop(identity: string, refreshToken: Secret): Promise<void>;
}
