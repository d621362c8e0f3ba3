import type { OAuth2, Place, Refresh } from '../model/model.ts';
import type { RawAccount } from './raw.ts';
export declare function readTokenRequest(raw: RawAccount, place: Place): Pick<OAuth2, 'audience' | 'resource' | 'tokenRequest'>;
export declare function readRefresh(raw: NonNullable<RawAccount['refresh']>, place: Place): Refresh;
