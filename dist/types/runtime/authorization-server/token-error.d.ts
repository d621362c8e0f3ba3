import { type Secret } from '../../base/secret.ts';
export interface ErrorTexts {
    error?: string;
    description?: string;
}
type Members = Readonly<Record<string, unknown>>;
export declare function errorTexts(members: Members, secrets: readonly Secret[], at?: string): ErrorTexts;
/** An `error` member, or one where the account says that errors stand: failure whatever the status (RFC 6749 section 5.2). */
export declare function hasError(members: Members, at?: string): boolean;
/** A list of errors, which counts where there is no token. */
export declare function hasErrorList(members: Members): boolean;
export {};
