import type { Log } from '../../base/log.ts';
import type { TokenStore } from './token-store.ts';
/** Makes the folder when it is not there. Throws AppError `state_unavailable`. */
export declare function createFileStore(directory: string, log: Log): TokenStore;
