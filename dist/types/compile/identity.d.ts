import { Secret } from '../base/secret.ts';
import type { TextPlan, Values } from './text.ts';
export interface TokenIdentity {
    /** Accounts for which this is equal are issued the same token. */
    token: Secret;
    /** The same without what only authenticates the client: a refresh token outlives a new client secret. */
    family: Secret;
}
export interface IdentityParts {
    /** Grant, method, scope and whatever else is known when compiling. */
    words: readonly unknown[];
    /** Which authorization server. */
    where(values: Values): unknown;
    /** Of the request. */
    texts: readonly TextPlan[];
    /** Those of them that only authenticate the client. */
    proofs: readonly TextPlan[];
}
/** Values in, identity out. */
export declare function compileIdentity({ words, where, texts, proofs }: IdentityParts): (values: Values) => TokenIdentity;
