/** A distinguished name in the form of RFC 4514, the last attribute of the certificate first; undefined for what is none. */
export declare function subjectText(written: string): string | undefined;
/** Of the `subject` of an X509Certificate: a line for each part, in the order of the certificate. */
export declare function subjectOf(lines: string): string | undefined;
/** `DNS:`, `URI:` or `email:` and a name, as in a configuration. */
export declare const ALTERNATIVE_NAME: RegExp;
/** Of the `subjectAltName` of an X509Certificate; none where it cannot be read to its end. */
export declare function alternativeNamesOf(text: string): string[];
