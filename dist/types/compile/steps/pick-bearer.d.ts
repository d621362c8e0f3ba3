import type { OAuth2 } from '../../config/model/model.ts';
import type { PickedBearer, TokenResponse } from '../plan.ts';
export type PickBearer = (response: TokenResponse, nowMs: number) => PickedBearer;
export declare function compilePickBearer(account: string, oauth2: OAuth2): PickBearer;
