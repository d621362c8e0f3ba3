/** The claims of a compact JWS, or undefined when the text is not one. */
export declare function jwtClaims(token: string): Record<string, unknown> | undefined;
/** The header of a compact JWS, or undefined when the text is not one. */
export declare function jwtHeader(token: string): Record<string, unknown> | undefined;
/** Milliseconds from now until the token's `exp`; undefined when it tells none. Never negative. */
export declare function jwtLifeMs(token: string, nowMs: number): number | undefined;
