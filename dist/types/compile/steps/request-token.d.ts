import type { OAuth2 } from '../../config/model/model.ts';
import type { Scope } from '../../config/templates/scope.ts';
import type { OAuth2AccountPlan, RefreshTokens, Revocation, TokenRequest } from '../plan.ts';
import { type TextPlan, type UriPlan, type Values } from '../text.ts';
import { type SeveralSecrets } from '../token/client-secrets.ts';
export interface RequestStep {
    /** Every text that goes into the request, for references and identity. */
    texts: TextPlan[];
    /** Those that only authenticate the client. */
    proofs: TextPlan[];
    /** More that authenticate it, read anew for each request: what they hold does not decide which token is issued. */
    passing: TextPlan[];
    /** Where there is a choice. */
    clientSecrets?: SeveralSecrets;
    /** What else decides which token is issued, known now. */
    words: readonly unknown[];
    /** What is asked for, but for scopes that are known only at run time. */
    knownScopes: readonly string[];
    buildRequest(values: Values): Promise<TokenRequest>;
    /** With the same client authentication; scope stays what was granted (RFC 6749 section 6). */
    buildRefresh(values: Values, tokens: RefreshTokens): Promise<TokenRequest>;
    ownRefresh: OAuth2AccountPlan['ownRefresh'];
    /** With the same client authentication, as a form (RFC 7009 section 2.1). */
    buildRevocation(values: Values, revocation: Revocation): Promise<TokenRequest>;
}
export declare function compileRequest(account: string, oauth2: OAuth2, url: UriPlan, scope: Scope): RequestStep;
