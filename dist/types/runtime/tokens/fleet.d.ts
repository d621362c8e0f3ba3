import { type Clock, type Moment } from '../../base/clock.ts';
import type { Secret } from '../../base/secret.ts';
import type { PickedBearer } from '../../compile/plan.ts';
import type { Sealing } from '../state/sealing.ts';
import type { TokenStore } from '../state/token-store.ts';
import type { TokenTable } from '../state/token-table.ts';
import type { Issued } from './token-pool.ts';
export interface FleetAsk {
    account: string;
    /** Whose refresh tokens they are: of those, one asks at a time. */
    family: Secret;
    /** Undefined: the token is not to be shared. */
    identity: Secret | undefined;
    /** The token that the asker wants another one for. */
    held: Secret | undefined;
    /** It serves its callers meanwhile. */
    heldLives: boolean;
    /** Nothing but a refresh token opens the account, and a use may have used it up: none is sent that the one before may have sent. */
    cautious: boolean;
    /** What is left of its time. */
    timeoutMs: number;
    /** After that long, a request of any replica has ended. */
    takeOverAfterMs: number;
}
/** What was fetched, and for whom: a secret may have changed while it was asked for. */
export interface FleetAnswer {
    picked: PickedBearer;
    since: Moment;
    identity: Secret | undefined;
}
/**
 * What is known of the others while one asks: they wait; or the one before died and may have used the refresh token; or, with
 * the database away, nothing.
 */
export type Standing = 'leased' | 'takenOver' | 'away';
export type FleetRequest = (standing: Standing) => Promise<FleetAnswer>;
export interface Fleet {
    /**
     * The token of another replica, or what `request` brings, which is called at most once. Rejects with AppError: that of
     * `request`, or the last one of the fleet while its pause lasts.
     */
    take(ask: FleetAsk, request: FleetRequest): Promise<Issued>;
    /** It was refused, or is to be forgotten: not taken again. */
    drop(bearer: Secret): void;
    /** Refresh tokens that only this replica can use. */
    readonly own: TokenStore;
    /** Gives back the leases that ended while the database was away; for when it is back. Never rejects. */
    catchUp(): Promise<void>;
}
export interface FleetParts {
    table: TokenTable;
    sealing: Sealing;
    clock: Clock;
    random(): number;
    newId(): string;
    /** Since when the database is back from having been away; Infinity when it never was. */
    backForMs(): number;
}
export declare function createFleet(parts: FleetParts): Fleet;
