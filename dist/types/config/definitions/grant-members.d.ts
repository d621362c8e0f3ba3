import type { Grant, OAuth2 } from '../model/model.ts';
export type GrantKey = Extract<keyof OAuth2, 'username' | 'password' | 'refreshToken' | 'assertion' | 'subjectToken' | 'subjectTokenType' | 'actorToken' | 'actorTokenType' | 'requestedTokenType'>;
export interface GrantMember {
    key: GrantKey;
    /** On the wire. */
    name: string;
}
export interface GrantForm {
    /** RFC 6749 section 4, RFC 7523 section 2.1, RFC 7522 section 2.1, RFC 8693 section 2.1; undefined where the standards know none. */
    type: string | undefined;
    members: readonly GrantMember[];
}
export declare const GRANT_MEMBERS: Readonly<Record<Grant, GrantForm>>;
/** The `grant_type` that an account sends; undefined for none. */
export declare function grantTypeOf({ grant, tokenRequest }: OAuth2): string | undefined;
