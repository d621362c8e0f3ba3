import { Secret } from '../../base/secret.ts';
export interface Sealing {
    /** Tells keys apart, and nothing about them. */
    keyId: string;
    /** Equal for equal texts under one key. */
    name(text: Secret): Buffer;
    /** The names under all keys, the one of the first key first. */
    names(text: Secret): Buffer[];
    /** AES-256-GCM, for this place only: moved to another one it does not open. */
    seal(text: Secret, place: string): Buffer;
    /** Undefined for what was sealed under another key, for another place, or changed. */
    open(sealed: Buffer, place: string): Secret | undefined;
    sealBytes(bytes: Buffer, place: string): Buffer;
    openBytes(sealed: Buffer, place: string): Buffer | undefined;
}
/** The first key makes names and seals; each of them opens what it sealed. Throws AppError `state_unavailable` for what is not 32 bytes in base64 or hexadecimal. */
export declare function createSealing(...encryptionKeys: readonly Secret[]): Sealing;
