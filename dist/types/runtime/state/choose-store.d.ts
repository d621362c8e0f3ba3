import type { Log } from '../../base/log.ts';
import type { TokenStore } from './token-store.ts';
export interface StoreChoice {
    /** Where it is kept when the configuration names no folder. */
    stateDirectory?: string;
    /** A folder that cannot be used is only told. */
    lenient: boolean;
    log: Log;
}
/** Asked at each activation; chooses at the first: what is kept in one folder does not move to another. Throws AppError `state_unavailable`. */
export declare function createStoreChooser({ stateDirectory, lenient, log }: StoreChoice): (dir?: string) => TokenStore;
