import type { OAuth2, Place } from '../model/model.ts';
import type { RawAccount } from './raw.ts';
export declare function readGrant(raw: RawAccount, place: Place): Partial<OAuth2>;
