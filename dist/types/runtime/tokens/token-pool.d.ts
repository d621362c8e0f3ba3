import { type Clock, type Moment } from '../../base/clock.ts';
import type { Secret } from '../../base/secret.ts';
import type { PickedBearer } from '../../compile/plan.ts';
/** A token, and when the answer came that it was in: its life begins then. */
export interface Issued {
    picked: PickedBearer;
    since: Moment;
}
/** What was fetched, and the identity that it belongs to: a secret may have changed while it was asked for. */
export interface Fresh extends Issued {
    identity: string;
}
export interface TokenPool {
    /** The token that is there, unless it is the one that the asker holds or due for renewal; else fetched, once for all who ask meanwhile. */
    take(identity: string, held: Secret | undefined, fetch: () => Promise<Fresh>): Promise<Issued>;
    /** It was refused, or is to be forgotten. */
    drop(bearer: Secret): void;
}
export declare function createTokenPool(clock: Clock): TokenPool;
