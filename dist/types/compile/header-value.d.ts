/** RFC 9110 section 5.5: no control characters, which would start another header. */
export declare function isHeaderValue(text: string): boolean;
