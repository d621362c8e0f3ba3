import type { Lifetime, TokenResponseRule } from '../model/model.ts';
import type { RawLifetime, RawTokenResponse } from './raw.ts';
export declare function readTokenResponseRule(raw: RawTokenResponse): TokenResponseRule;
export declare function readLifetime(raw?: RawLifetime): Lifetime;
