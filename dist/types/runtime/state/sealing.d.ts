import { Secret } from '../../base/secret.ts';
export interface Sealing {
    /** Tells keys apart, and nothing about them. */
    keyId: string;
    /** Equal for equal texts under one key. */
    name(text: Secret): Buffer;
    /** AES-256-GCM, for this place only: moved to another one it does not open. */
    seal(text: Secret, place: string): Buffer;
    /** Undefined for what was sealed under another key, for another place, or changed. */
    open(sealed: Buffer, place: string): Secret | undefined;
    sealBytes(bytes: Buffer, place: string): Buffer;
    openBytes(sealed: Buffer, place: string): Buffer | undefined;
}
/** Takes 32 bytes in base64 or hexadecimal. Throws AppError `state_unavailable` for anything else. */
export declare function createSealing(encryptionKey: Secret): Sealing;
