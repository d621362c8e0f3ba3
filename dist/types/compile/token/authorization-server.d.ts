import type { OAuth2 } from '../../config/model/model.ts';
import type { Scope } from '../../config/templates/scope.ts';
import type { IssuerPlan } from '../plan.ts';
import { type UriPlan, type Values } from '../text.ts';
export interface ServerStep {
    tokenEndpoint: UriPlan;
    issuer?: IssuerPlan;
    /** What tells this server from others. */
    where(values: Values): unknown;
}
export declare function compileServer(oauth2: OAuth2, scope: Scope): ServerStep;
