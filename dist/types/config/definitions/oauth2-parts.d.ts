import type { NamedParam, OAuth2, Value } from '../model/model.ts';
export interface OAuth2Part {
    /** The key as it is written; of a nested one, its whole path with dots. */
    key: string;
    value: Value;
    /** `uri`: the place decides how a value is encoded. `secret`: a text there is a literal secret. */
    use: 'uri' | 'text' | 'secret';
    /** Its expressions may name the tokens that a refresh has: `refreshToken` and `bearer`. */
    refresh?: true;
    /** A private key, that signs. */
    signs?: true;
}
export declare function oauth2Parts(oauth2: OAuth2): OAuth2Part[];
/** The URI that says where the authorization server is: the token endpoint, or else the issuer. */
export declare function serverOf({ accessTokenUri, issuer }: OAuth2): Value;
/** The numbers and booleans among the parameters, which are no values: each with its path below `params`. */
export declare function constantParams(params: readonly NamedParam[]): {
    path: (string | number)[];
    constant: number | boolean;
}[];
