import type { Sealing } from './sealing.ts';
import type { TokenStore } from './token-store.ts';
import type { TokenTable } from './token-table.ts';
export interface SharedTokenStore extends TokenStore {
    /** Writes what could not be written; for when the database is back. Never rejects. */
    catchUp(): Promise<void>;
}
export declare function createSharedStore(table: TokenTable, sealing: Sealing): SharedTokenStore;
