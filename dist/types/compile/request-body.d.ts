/** One parameter as it is sent: the name on the wire and its value. */
export type Parameter = readonly [name: string, value: string];
/** application/x-www-form-urlencoded: a blank is `%20`, a plus `%2B`; a parameter without a value is left out (RFC 6749 section 3.2). */
export declare function encodeForm(params: readonly Parameter[]): string;
/** One JSON object; no member twice, none without a value. */
export declare function encodeJson(params: readonly Parameter[]): string;
