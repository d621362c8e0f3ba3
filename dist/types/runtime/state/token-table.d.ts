import { AppError } from '../../base/error.ts';
import { Secret } from '../../base/secret.ts';
import type { PickedBearer } from '../../compile/plan.ts';
import type { Database } from './database.ts';
import type { Sealing } from './sealing.ts';
export interface SharedToken {
    /** Of the account as it was asked for: with another one it is another token. */
    identity: string;
    picked: PickedBearer;
    issuedAtMs: number;
}
export interface SharedFailure {
    identity: string;
    error: AppError;
    /** How many in a row. */
    count: number;
    pausedUntilMs: number;
}
export interface SharedRow {
    token?: SharedToken | undefined;
    failure?: SharedFailure | undefined;
}
export interface SeenRow extends SharedRow {
    /** Somebody's lease ended, and was not given back. */
    abandoned: boolean;
}
export interface LeasedRow extends SharedRow {
    /** The lease was not given back: who had it may have used the refresh token. */
    takenOver: boolean;
}
/** The right to ask the token endpoint; it ends by itself. */
export interface Lease {
    name: Buffer;
    owner: string;
    /** Of the same row, made under other keys of a list. */
    otherNames?: readonly Buffer[];
}
export interface RefreshTokens {
    refreshToken(name: Buffer): Promise<Secret | undefined>;
    /** `late`: whoever had the lease is done, so one that ended is as good as given back. */
    keepRefreshToken(name: Buffer, refreshToken: Secret, late?: boolean): Promise<void>;
    /** Of two this very one. */
    dropRefreshToken(name: Buffer, refreshToken: Secret): Promise<void>;
}
/** All reject with AppError `state_unavailable` or `state_refused`. */
export interface TokenTable extends RefreshTokens {
    /** The names of the same row under all keys. */
    look(...names: readonly Buffer[]): Promise<SeenRow>;
    /** Undefined while somebody else has it. One that ended, and was not given back, may be taken so long after its end; undefined: not at all. */
    lease(lease: Lease, forMs: number, takeOverAfterMs: number | undefined): Promise<LeasedRow | undefined>;
    extend(lease: Lease, forMs: number): Promise<void>;
    /** Each ends the lease, and changes nothing when it ended before. */
    publish(lease: Lease, token: SharedToken): Promise<void>;
    fail(lease: Lease, failure: SharedFailure): Promise<void>;
    release(lease: Lease): Promise<void>;
}
export declare function createTokenTable(database: Database, sealing: Sealing): TokenTable;
