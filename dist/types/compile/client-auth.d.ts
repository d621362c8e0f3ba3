import type { ClientAuthMethod } from '../config/model.ts';
export interface ClientCredentials {
    clientId: string;
    /** An empty secret is a value; `none` has no secret. */
    clientSecret: string;
}
export interface ClientAuthentication {
    headers: readonly (readonly [string, string])[];
    params: readonly (readonly [string, string])[];
}
export type AuthenticateClient = (credentials: ClientCredentials) => ClientAuthentication | Promise<ClientAuthentication>;
export declare function compileClientAuth(method: ClientAuthMethod, basicEncoding: 'form' | 'raw'): AuthenticateClient;
/** RFC 7617, over UTF-8 bytes. */
export declare function basicCredentials(username: string, password: string): string;
/** application/x-www-form-urlencoded of one text (RFC 6749 appendix B); the unreserved characters of RFC 3986 stay. */
export declare function formEncode(text: string): string;
/** Everything but `A-Za-z0-9-._~` as UTF-8 in percent form; a blank is `%20`, which all servers read the same way. */
export declare function percentEncode(text: string): string;
