import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Secret } from '../../base/secret.ts';
import type { OAuth2AccountPlan } from '../../compile/plan.ts';
import type { AuthorizationServer, Values } from '../../compile/text.ts';
import { type ServerMetadata } from './server-metadata.ts';
import type { TokenEndpoint } from './token-endpoint.ts';
export interface Discovery {
    /**
     * What is known of the account's server; undefined without an issuer. Reads the metadata only where no token endpoint is
     * written. Rejects with AppError `discovery_failed`, `token_timeout` or `token_unreachable`.
     */
    locate(plan: OAuth2AccountPlan, values: Values, timeoutMs: number): Promise<AuthorizationServer | undefined>;
    /** The metadata of a server that was located by it. */
    metadata(server: AuthorizationServer): ServerMetadata | undefined;
    /** The signature of an ID token, by the keys of its issuer. Does nothing for a server whose metadata was not read. */
    verify(account: string, token: Secret, server: AuthorizationServer): Promise<void>;
    /** A token request to this server failed: its metadata may be old. Read again at most once until one succeeds. */
    suspect(server: AuthorizationServer): void;
    confirm(server: AuthorizationServer): void;
}
export interface DiscoveryParts {
    tokenEndpoint: TokenEndpoint;
    clock: Clock;
    log: Log;
    random(): number;
}
export declare function createDiscovery(parts: DiscoveryParts): Discovery;
