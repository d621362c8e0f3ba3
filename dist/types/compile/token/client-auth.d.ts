import type { OAuth2 } from '../../config/model/model.ts';
import type { Scope } from '../../config/templates/scope.ts';
import { type TextPlan, type Values } from '../text.ts';
type Pairs = readonly (readonly [string, string])[];
/** The request that the client authenticates. */
export interface ClientContext {
    clientId: string;
    /** An empty secret is a value; `none` and `private_key_jwt` have no secret. */
    clientSecret: string;
    values: Values;
    url: URL;
}
export interface ClientAuthentication {
    headers: Pairs;
    params: Pairs;
    /** What no error may show, besides the client secret. */
    secrets?: readonly string[];
    /** For the log. */
    warning?: string;
}
export interface ClientAuth {
    /** What proves the client, besides the client secret. */
    texts: TextPlan[];
    /** Proofs that something else keeps fresh: read for every request, and a new one is no reason for a new token. */
    passing: TextPlan[];
    /** What else decides how the client authenticates, known now. */
    words: readonly unknown[];
    /** Rejects with AppError when a proof cannot be made. */
    authenticate(context: ClientContext): ClientAuthentication | Promise<ClientAuthentication>;
}
/** `account` is its name, for errors. */
export declare function compileClientAuth(account: string, oauth2: OAuth2, scope: Scope): ClientAuth;
/** RFC 7617, over UTF-8 bytes. */
export declare function basicCredentials(username: string, password: string): string;
/** application/x-www-form-urlencoded of one text (RFC 6749 appendix B); the unreserved characters of RFC 3986 stay. */
export declare function formEncode(text: string): string;
/** Everything but `A-Za-z0-9-._~` as UTF-8 in percent form; a blank is `%20`, which all servers read the same way. */
export declare function percentEncode(text: string): string;
export {};
