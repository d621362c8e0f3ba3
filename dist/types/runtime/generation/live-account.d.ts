import type { Secret } from '../../base/secret.ts';
import type { AccountPlan, Prover } from '../../compile/plan.ts';
import type { Values } from '../../compile/text.ts';
import type { SecretReference } from '../../config/model/model.ts';
import { type ObservedStore } from '../secrets/values.ts';
import { CachedSource } from '../tokens/cached-source.ts';
import { ClientSecrets, type SecretInUse } from '../tokens/client-secrets.ts';
import { type FetchEffects } from '../tokens/fetch-token.ts';
/** What an account gives to its services. */
export interface Credential {
    bearer: Secret | undefined;
    /** Each request with this bearer needs a proof. */
    prover?: Prover;
    /** Of a bearer that is none by its `token_type`. */
    foreignType?: string;
    /** Fewer scopes than were asked for. */
    narrowedScope?: string;
    /** Members of the token response by the names of `publish`. */
    published?: Readonly<Record<string, Secret>>;
    values: Values;
    /** Unix time in milliseconds; null when it does not expire. */
    expiresAtMs: number | null;
    /** What it has of other accounts. */
    fed?: ReadonlyMap<LiveAccount, Credential>;
}
export type FeederReference = SecretReference & {
    kind: 'account';
};
export interface AccountEffects extends FetchEffects {
    /** The account that a reference names. Throws AppError when it is gone. */
    feeder(reference: FeederReference): LiveAccount;
    onExpiry?(account: string, expiresAtMs: number | null): void;
    onClientSecret?(account: string, inUse: SecretInUse): void;
    /** Before the token of values that left is forgotten. */
    onLeft?(account: LiveAccount): void;
}
export interface LiveAccount {
    plan: AccountPlan;
    /** Whose token this is too: the account itself, or an equal one of the same generation. */
    owner: LiveAccount;
    source: CachedSource<Credential>;
    /** Reads the secret files again; renews in the background when one changed. The old credential serves meanwhile. */
    checkSecrets(): Promise<void>;
    /** The accounts whose present bearer a static one gives on. Throws AppError when one is gone. */
    feeders(): LiveAccount[];
    /** All that its credential comes from: its own source, and those of the accounts that feed it. Throws AppError when one is gone. */
    sources(): CachedSource<Credential>[];
    /** What was read for it last, as digests. */
    secrets: ObservedStore;
    clientSecrets: ClientSecrets;
}
export declare function createLiveAccount(plan: AccountPlan, effects: AccountEffects): LiveAccount;
/** Calls back when one of them has a new value, until the returned function is called. */
export declare function onAnyRenewed(sources: readonly CachedSource<Credential>[], listener: () => void): () => void;
/** Undefined for an account that has not several. */
export declare function clientSecretOf({ plan, owner, clientSecrets }: LiveAccount): SecretInUse | undefined;
/** What an account gives to one that it feeds. Rejects with AppError, which names the feeder. */
export declare function feed({ source, plan }: LiveAccount, minTtlMs?: number): Promise<Credential>;
/** The secret that a reference to another account stands for. Throws AppError for a member that did not come. */
export declare function fedSecret(credential: Credential, { account, field }: FeederReference): Secret;
/** An account that is issued the same token as its owner: one token request serves both. */
export declare function shareLiveAccount(plan: AccountPlan, owner: LiveAccount): LiveAccount;
/** For an account that is issued the same token as one of an earlier generation. */
export declare function adoptToken(live: LiveAccount, earlier: LiveAccount): void;
/** Secrets that belong to no account: those of a service's own headers and URL. */
export declare function createSecretSource(references: readonly SecretReference[], effects: AccountEffects): {
    source: CachedSource<Credential>;
    checkSecrets: () => Promise<void>;
    sources: () => CachedSource<Credential>[];
};
export declare function toRfc3339(atMs: number | null): string | null;
