import type { Issuer } from '../../compile/plan.ts';
export interface ServerMetadata {
    issuer: string;
    tokenEndpoint: URL;
    /** RFC 8705 section 5: for clients that authenticate by certificate. */
    mtlsTokenEndpoint?: URL;
    revocationEndpoint?: URL;
    jwksUri?: URL;
    /** Absent when the document does not say. */
    authMethods?: readonly string[];
}
export interface ExpectedIssuer extends Issuer {
    allowHttp: boolean;
}
/** `fault` is a part of a sentence; `weight` is how much it says about what is wrong. */
export type ReadMetadata = {
    metadata: ServerMetadata;
} | {
    fault: string;
    weight: 1 | 2;
};
/** Where the metadata may be, in the order in which it is looked for. A terminating slash is removed first. */
export declare function metadataLocations({ url }: Issuer): URL[];
export declare function readMetadata(text: string, issuer: ExpectedIssuer): ReadMetadata;
