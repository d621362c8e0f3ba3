import type { Log } from '../../base/log.ts';
import type { Secret } from '../../base/secret.ts';
import type { Connection } from '../../compile/plan.ts';
import type { TokenEndpoint } from './token-endpoint.ts';
/** Where an issuer publishes its keys, and how that is reached. */
export interface PublishedKeys {
    uri: URL | undefined;
    connection?: Connection | undefined;
}
export interface IdTokenKeys {
    /** Rejects with AppError `token_invalid_response`, or with what reading the keys rejects with. */
    verify(account: string, token: Secret, jwks: PublishedKeys): Promise<void>;
}
export declare function createIdTokenKeys(tokenEndpoint: TokenEndpoint, log: Log): IdTokenKeys;
