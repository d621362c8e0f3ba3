import type { OAuth2 } from '../../config/model/model.ts';
export interface ResponseWord {
    /** As it is written, with dots. */
    key: string;
    text: string;
}
export declare function tokenResponseWords({ tokenResponse, lifetime }: OAuth2): ResponseWord[];
/** Where the token and what goes with it are found, for identities: other places give another token. */
export declare function responsePlaces({ tokenResponse }: OAuth2): unknown[];
