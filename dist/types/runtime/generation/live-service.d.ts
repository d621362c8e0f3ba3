import type { Connection, Injection, ServicePlan } from '../../compile/plan.ts';
import type { Verdict } from '../../compile/rejection.ts';
import type { CachedSource } from '../tokens/cached-source.ts';
import { type AccountEffects, type Credential, type LiveAccount } from './live-account.ts';
/** What one request gets. The same object as long as nothing changes. Holds secrets: never log it. */
export interface Authorized {
    injection: Injection;
    /** Scheme, host and path under which the service answers. */
    serverUrl: URL;
    /** Those of `serverUrl`, which would put them together at each call. */
    origin: string;
    pathname: string;
    /** Undefined for the usual one. */
    connection: Connection | undefined;
    /** Unix time in milliseconds; null when it does not expire. */
    expiresAtMs: number | null;
    /** The account's. */
    credential: Credential;
    /** What a refusal is about; empty where no token is in it. */
    tokens: readonly Token[];
}
interface Token {
    source: CachedSource<Credential>;
    credential: Credential;
}
export interface LiveService {
    plan: ServicePlan;
    account: LiveAccount;
    /** Of its own secrets, where it has any. */
    own: CachedSource<Credential> | undefined;
    /** At once, without waiting, when everything is there; otherwise undefined. */
    current(minTtlMs?: number): Authorized | undefined;
    /** Rejects with AppError. */
    authorize(minTtlMs?: number): Promise<Authorized>;
    /** What an answer says about the token; without a body it may be `read`. Always `accepted` where there is none. */
    judge(authorized: Authorized, status: number, body?: string): Verdict;
    /** Exactly these tokens were not accepted: the next request has new ones, unless refusals are the rule. */
    reject(authorized: Authorized): void;
    accept(authorized: Authorized): void;
    checkSecrets(): Promise<void>;
    /** Its token is kept whether it is used or not, and each new one is told. Returns what ends the telling. */
    keepWarm(onRenewed: () => void): () => void;
    /** Calls back when anything that a request needs has a new value, until the returned function is called. Throws AppError when an account is gone. */
    onRenewed(listener: () => void): () => void;
    stop(): void;
}
export declare function createLiveService(plan: ServicePlan, account: LiveAccount, effects: AccountEffects): LiveService;
export {};
