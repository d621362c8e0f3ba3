import { type CallerRights } from '../../compile/caller-rights.ts';
import type { Caller } from '../../config/model/model.ts';
import { type AccountEffects, createSecretSource } from './live-account.ts';
export interface LiveCallers {
    /** The caller whose token this is; waits only for secrets that were not read yet. Never rejects. */
    byToken(token: string): Promise<CallerRights | undefined>;
    /** The caller whose certificate this is. Never rejects. */
    byCertificate(certificate: ShownCertificate): Promise<CallerRights | undefined>;
    /** Reads all tokens, so that the first request does not wait and the log says what cannot be read. */
    preload(): Promise<void>;
    checkSecrets(): Promise<void>;
    /** Takes over what was read already, so that a reload locks nobody out. */
    adopt(previous: LiveCallers): void;
    readonly sources: Map<string, ReadSource>;
}
/** Of a client that has the key of it. */
export interface ShownCertificate {
    /** SHA-256 in lower-case hexadecimal. */
    sha256: string;
    /** Those that an authority of `daemon.tls.caFile` vouches for, in the forms of certificate-name.ts. */
    subject?: string | undefined;
    alternativeNames: readonly string[];
}
type ReadSource = ReturnType<typeof createSecretSource>;
export declare function createLiveCallers(callers: readonly Caller[], effects: AccountEffects): LiveCallers;
export {};
