import type { OAuth2 } from '../../config/model/model.ts';
import type { PickedBearer, TokenResponse } from '../plan.ts';
export type TokenLife = Pick<PickedBearer, 'lifeMs' | 'lifeFrom' | 'implausible'>;
export type LifeOf = (token: string, response: TokenResponse, nowMs: number) => TokenLife;
export declare function compileLife({ bearerTokenType, tokenResponse, lifetime }: OAuth2): LifeOf;
