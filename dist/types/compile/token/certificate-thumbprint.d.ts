/** Of a PEM certificate, the SHA-256 of its DER form; a given private key must be that of the certificate. Throws AppError `secret_unavailable`. */
export declare function certificateThumbprint(text: string, key: unknown, label: string): string;
