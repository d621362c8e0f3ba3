import type { OAuth2 } from '../model/model.ts';
export interface SentMember {
    /** The standard's name. */
    standard: string;
    /** On the wire, after `tokenRequest.names`. */
    name: string;
}
export declare function sentMembers(oauth2: OAuth2): SentMember[];
