import type { Account, Place } from '../model/model.ts';
import type { RawAccount } from './raw.ts';
export declare const DEFAULT_ACCOUNT_TIMEOUT_MS = 10000;
export declare function readAccount(names: {
    name: string;
    key: string;
}, raw: RawAccount, place: Place): Account;
