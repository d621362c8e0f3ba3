import { type KeyObject } from 'node:crypto';
import { type JWTPayload } from 'jose';
export interface SigningKey {
    key: KeyObject | Uint8Array;
    /** Fits the key. */
    alg: string;
    /** As a JWK names itself. */
    kid?: string;
}
export interface KeyOptions {
    /** How the key is called in errors, such as `clientAssertion.key` of account `a`. */
    label: string;
    /** Default: what a JWK says, else the first that fits. */
    alg?: string | undefined;
}
/** PKCS #8, PKCS #1 or SEC1 in PEM, or a JWK. Throws AppError `secret_unavailable` for anything else, or an `alg` that does not fit. */
export declare function readSigningKey(text: string, { label, alg }: KeyOptions): SigningKey;
/** The compact form (RFC 7515 section 7.1). */
export declare function signJwt(header: Record<string, unknown>, claims: JWTPayload, key: SigningKey['key']): Promise<string>;
