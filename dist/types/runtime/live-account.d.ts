import type { Secret } from '../base/secret.ts';
import type { AccountPlan } from '../compile/plan.ts';
import type { Values } from '../compile/text.ts';
import type { SecretReference } from '../config/model.ts';
import { CachedSource } from './cached-source.ts';
import { type FetchEffects } from './fetch-token.ts';
import { type ObservedStore } from './values.ts';
/** What an account gives to its services. */
export interface Credential {
    bearer: Secret | undefined;
    values: Values;
    /** Unix time in milliseconds; null when it does not expire. */
    expiresAtMs: number | null;
}
export interface AccountEffects extends FetchEffects {
    onExpiry?(account: string, expiresAtMs: number | null): void;
}
export interface LiveAccount {
    plan: AccountPlan;
    /** Whose token this is too: the account itself, or an equal one of the same generation. */
    owner: LiveAccount;
    source: CachedSource<Credential>;
    /** Reads the secret files again; renews in the background when one changed. The old credential serves meanwhile. */
    checkSecrets(): Promise<void>;
    /** What was read for it last, as digests. */
    secrets: ObservedStore;
}
export declare function createLiveAccount(plan: AccountPlan, effects: AccountEffects): LiveAccount;
/** The bearer for an account that this one feeds. Rejects with AppError. */
export declare function bearerOf({ source }: LiveAccount): Promise<Secret>;
/** An account that is issued the same token as its owner: one token request serves both. */
export declare function shareLiveAccount(plan: AccountPlan, owner: LiveAccount): LiveAccount;
/** For an account that is issued the same token as one of an earlier generation. */
export declare function adoptToken(live: LiveAccount, earlier: LiveAccount): void;
/** Secrets that belong to no account: those of a service's own headers and URL. */
export declare function createSecretSource(references: readonly SecretReference[], effects: AccountEffects): {
    source: CachedSource<Credential>;
    checkSecrets: () => Promise<void>;
};
export declare function toRfc3339(atMs: number | null): string | null;
