import { type CallerRights } from '../compile/caller-rights.ts';
import type { Caller } from '../config/model/model.ts';
import { type AccountEffects, createSecretSource } from './live-account.ts';
export interface LiveCallers {
    /** The caller whose token this is; waits only for secrets that were not read yet. Never rejects. */
    byToken(token: string): Promise<CallerRights | undefined>;
    /** The caller whose certificate has this fingerprint: SHA-256 in lower-case hexadecimal. Never rejects. */
    byCertificate(sha256: string): Promise<CallerRights | undefined>;
    /** Reads all tokens, so that the first request does not wait and the log says what cannot be read. */
    preload(): Promise<void>;
    checkSecrets(): Promise<void>;
    /** Takes over what was read already, so that a reload locks nobody out. */
    adopt(previous: LiveCallers): void;
    readonly sources: Map<string, ReadSource>;
}
type ReadSource = ReturnType<typeof createSecretSource>;
export declare function createLiveCallers(callers: readonly Caller[], effects: AccountEffects): LiveCallers;
export {};
