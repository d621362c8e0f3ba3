import type { Sealing } from './sealing.ts';
import type { TokenStore } from './token-store.ts';
import type { TokenTable } from './token-table.ts';
export declare function createSharedStore(table: TokenTable, sealing: Sealing): TokenStore;
