/** What a parameter may be; a list is a repeated parameter, or an array of JSON. A mapping is for JSON only. */
export type ParameterValue = string | number | boolean | ParameterValue[] | {
    [name: string]: ParameterValue;
};
/** One parameter as it is sent: the name on the wire and its value. */
export type Parameter = readonly [name: string, value: ParameterValue];
export interface EncodedRequest {
    url: URL;
    body: string;
    /** No charset: some servers compare the type exactly. Undefined where there is no body. */
    contentType?: string;
}
/**
 * No parameter is sent that stands in the URL's own query, or that an earlier one has named; outside of JSON, where an empty
 * text is a value, none without a value (RFC 6749 section 3.2).
 */
export declare function encodeRequest(url: URL, format: 'form' | 'json' | 'query', params: readonly Parameter[]): EncodedRequest;
/** application/x-www-form-urlencoded: a blank is `%20`, a plus `%2B`; a parameter without a value is left out (RFC 6749 section 3.2). */
export declare function encodeForm(params: readonly Parameter[]): string;
