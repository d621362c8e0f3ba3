import type { NamedValue, Place, Value } from './written-value.ts';
/** One extra parameter of a token request. A mapping is for JSON only. */
export type Param = {
    place: Place;
} & ({
    kind: 'value';
    value: Value;
} | {
    kind: 'constant';
    constant: number | boolean;
} | {
    kind: 'list';
    items: Param[];
} | {
    kind: 'mapping';
    entries: NamedParam[];
});
export interface NamedParam {
    name: string;
    param: Param;
}
/** How the token request differs from RFC 6749. */
export interface TokenRequestSettings {
    method: 'POST' | 'GET';
    /** `query` for the method GET. */
    format: 'form' | 'json' | 'query';
    params: NamedParam[];
    headers: NamedValue[];
    /** Standard member to the name that is sent. */
    names: Readonly<Record<string, string>>;
    scopeSeparator: string;
    /** Of the grant `custom`. */
    grantType?: string;
    /** Undefined: as the client authentication method has it. */
    clientIdInBody?: boolean;
}
/** A refresh request that is not that of RFC 6749 section 6. */
export interface RefreshRequest {
    /** Absent: the token endpoint. */
    accessTokenUri?: Value;
    /** These and the headers may name `refreshToken` and `bearer`. */
    params: NamedParam[];
    headers: NamedValue[];
    /** JSON pointer to what serves as refresh token, in each token response. */
    token: string;
}
/** `auto`: a refresh token that came is used, except that of client_credentials (RFC 6749 section 4.4.3). */
export type Refresh = 'auto' | 'never' | RefreshRequest;
