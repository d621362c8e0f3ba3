import type { TokenStore } from './token-store.ts';
export declare function createMemoryStore(): TokenStore;
