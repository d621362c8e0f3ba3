import type { OAuth2, Place } from './model.ts';
import type { RawAccount } from './raw.ts';
export declare function readTokenRequest(raw: RawAccount, place: Place): Pick<OAuth2, 'audience' | 'resource' | 'tokenRequest'>;
