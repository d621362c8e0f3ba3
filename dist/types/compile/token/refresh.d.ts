import type { OAuth2 } from '../../config/model/model.ts';
import { type Scope } from '../../config/templates/scope.ts';
import { type TextPlan, type UriPlan, type Values } from '../text.ts';
import type { Parameter } from './request-body.ts';
export interface RefreshPlan {
    /** Everything that may be a secret, for references and identity. */
    texts: TextPlan[];
    words: readonly unknown[];
    takesBearer: boolean;
    /** Instead of the token endpoint. */
    url?: UriPlan;
    /** The values hold the tokens. */
    render(values: Values): RefreshParts;
}
export interface RefreshParts {
    /** Standard members by their standard names. */
    members: readonly Parameter[];
    /** The user's own, which come in place of members that are sent by the same name. */
    params: readonly Parameter[];
    headers: [name: string, value: string][];
    secrets: readonly string[];
}
export declare function compileRefresh(account: string, oauth2: OAuth2, scope: Scope): RefreshPlan;
