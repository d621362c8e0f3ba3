import type { OAuth2 } from '../../config/model/model.ts';
import type { PickedBearer, TokenResponse } from '../plan.ts';
export type PickBearer = (response: TokenResponse, nowMs: number) => PickedBearer;
/** `asked`: the scopes that an answer without `scope` grants (RFC 6749 section 5.1). */
export declare function compilePickBearer(account: string, oauth2: OAuth2, asked: readonly string[]): PickBearer;
