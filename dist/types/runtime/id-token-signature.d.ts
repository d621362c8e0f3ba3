import type { Secret } from '../base/secret.ts';
import type { TokenEndpoint } from './token-endpoint.ts';
export interface IdTokenKeys {
    /** Rejects with AppError `token_invalid_response`, or with what reading the keys rejects with. */
    verify(account: string, token: Secret, jwksUri: URL | undefined): Promise<void>;
}
export declare function createIdTokenKeys(tokenEndpoint: TokenEndpoint): IdTokenKeys;
