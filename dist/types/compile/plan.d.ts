import type { Grouped } from '../base/grouped.ts';
import type { Secret } from '../base/secret.ts';
import type { ClientAuthMethod, DaemonSettings, Lifetime, RetryRule, Revoke, SecretReference, Sink, TokenResponseRule } from '../config/model/model.ts';
import type { Params } from '../config/templates/scope.ts';
import type { Range } from '../diagnostics/diagnostic.ts';
import type { ActionPlan } from './actions/action-plan.ts';
import type { Allow } from './allow.ts';
import type { TokenIdentity } from './identity.ts';
import type { Judge } from './rejection.ts';
import type { TextPlan, UriPlan, Values } from './text.ts';
import type { SeveralSecrets } from './token/client-secrets.ts';
import type { CheckIdToken } from './token/id-token.ts';
/** What a connection is opened with; texts in PEM. */
export interface Connection {
    /** Trusted instead of the usual authorities. */
    ca?: string;
    cert?: string;
    key?: Secret;
    /** Asked for and checked instead of the host of the URL. */
    serverName?: string;
    /** A URL, maybe with credentials, or `environment`. */
    proxy?: Secret;
    /** A value chose the host: no address of a link, where clouds keep the credentials of the machine, is connected to. */
    guarded?: true;
}
/** One request to a token endpoint, complete. */
export interface TokenRequest {
    url: URL;
    method: 'POST' | 'GET';
    headers: readonly (readonly [string, string])[];
    /** Empty for GET. */
    body: string;
    /** Everything that must not appear in what is said about this request. */
    secrets: readonly Secret[];
    /** For the log. */
    warning?: string;
    connection?: Connection;
}
/** What a refresh starts from. */
export interface RefreshTokens {
    refreshToken: Secret;
    /** The present one, if any. */
    bearer?: Secret;
}
/** A token that is no longer needed (RFC 7009). */
export interface Revocation {
    endpoint: URL;
    token: Secret;
    hint: 'refresh_token' | 'access_token';
}
/** A decoded answer of a token endpoint with a 2xx status. */
export interface TokenResponse {
    status: number;
    /** Host and path that answered, for errors. */
    endpoint?: string;
    members: Readonly<Record<string, unknown>>;
    /** The header DPoP-Nonce. */
    dpopNonce?: string;
    /** That of a header, or the whole text, where the account says so. */
    token?: string;
    /** The server's clock by its `Date` header. */
    serverTimeMs?: number;
    /** Of the request: what is told of the answer must not hold them. */
    secrets?: readonly Secret[];
}
export interface PickedBearer {
    bearer: Secret;
    /** Life in milliseconds from now. */
    lifeMs: number;
    /** Where the life comes from: the answer, the token, the account's `lifetime`, or `default` when nobody told. */
    lifeFrom: 'expires_in' | 'exp' | 'lifetime' | 'default';
    /** More than a year was told: probably in another unit. */
    implausible?: boolean;
    /** Cleaned `token_type` of a token that may not be sent as a bearer (RFC 6749 section 7.1). */
    foreignType?: string;
    /** Scope granted, when the answer says it differs from what was asked. */
    narrowedScope?: string;
    /** Came with the answer (RFC 6749 section 5.1). */
    refreshToken?: Secret;
    /** What it was refreshed by is good for more: no other one came in its place (RFC 6749 section 6). Without a value, that of the definition. */
    reusable?: {
        refreshToken?: Secret | undefined;
    };
    /** Of the key that the token is bound to. */
    prover?: Prover;
    /** Members by the names of `publish`. */
    published?: Readonly<Record<string, Secret>>;
}
/** What a request to a service gets: set, after whatever has the same name was removed. */
export interface Injection {
    headers: readonly (readonly [string, string])[];
    query: readonly (readonly [string, string])[];
}
export interface Issuer {
    /** As written: compared character by character (RFC 8414 section 3.3). */
    identifier: string;
    url: URL;
}
export interface IssuerPlan extends Omit<TextPlan, 'render'> {
    /** The metadata is read: no token endpoint is written. */
    discovers: boolean;
    allowHttp: boolean;
    /** Throws AppError `invalid_template_value`. */
    expand(values: Values): Issuer;
}
export interface ProofRequest {
    method: string;
    url: URL;
    /** Towards a service (RFC 9449 section 7). */
    bearer?: Secret;
}
/** Proves with each request that whoever sends it holds a key (RFC 9449). */
export interface Prover {
    /** For one request: another one each time. */
    proof(request: ProofRequest): Promise<string>;
    /** Remembers the nonce that came with an answer, for its origin; false when it is no new one. */
    learn(url: URL, nonce: string | null | undefined): boolean;
}
export interface DpopPlan {
    alg?: string;
    /** Absent: made in memory. */
    key?: TextPlan;
}
interface AccountBase {
    name: string;
    /** Of the account; with a suffix for a plan that is for certain values of parameters. */
    key: string;
    /** Of a plan for values: that of the account's plan without them. */
    generalKey?: string;
    title?: string;
    /** Equal for accounts that behave the same: such an account is carried over whole by a reload. */
    fingerprint: string;
    /** Equal for accounts that are issued the same token. */
    tokenIdentity: string;
    /** What must be read before the pipeline runs. */
    references: readonly SecretReference[];
    /** The values that it was compiled for. */
    params?: Params;
    /** It only says what the account is: what runs is compiled for values. */
    needsValues?: true;
}
export interface OAuth2AccountPlan extends AccountBase {
    kind: 'oauth2';
    timeoutMs: number;
    keepWarm: boolean;
    /** How the answer is read where it differs from RFC 6749 section 5. */
    reading?: TokenResponseRule;
    lifetime: Lifetime;
    revoke: Revoke;
    /** Nothing else opens it; a server may end a refresh token with its access token (RFC 7009 section 2.1). */
    onlyRefreshes?: true;
    /** Absent: the metadata of the issuer tells it. */
    revocationEndpoint?: UriPlan;
    /** Not an ID token, which nobody can revoke. */
    bearerIsAccessToken: boolean;
    /** Of an account with an issuer alone it expands with `values.server`. */
    tokenEndpoint: UriPlan;
    issuer?: IssuerPlan;
    clientAuthMethod: ClientAuthMethod;
    /** Where there is a choice: `values.clientSecret` says which one a request is made with. */
    clientSecrets?: SeveralSecrets;
    dpop?: DpopPlan;
    /** Values in, request out; asynchronous because an assertion is signed. Rejects with AppError for values that may not be sent. */
    buildRequest(values: Values): Promise<TokenRequest>;
    /** What these values make of the token; undefined for an account that another one feeds, whose values change all the time. */
    identify?(values: Values): TokenIdentity;
    /** As `buildRequest`, with a refresh token in place of the grant (RFC 6749 section 6); undefined when none is used. */
    buildRefresh?(values: Values, tokens: RefreshTokens): Promise<TokenRequest>;
    /** Of a refresh that is not the standard's: whether it needs the present bearer too. */
    ownRefresh?: {
        takesBearer: boolean;
    };
    buildRevocation(values: Values, revocation: Revocation): Promise<TokenRequest>;
    /** To the token endpoint; undefined for the usual connection. Throws AppError `secret_unavailable`. */
    connect?(values: Values): Connection;
    /** Pure: answer in, bearer out. Throws AppError `token_invalid_response` or `token_refused`. */
    pickBearer(response: TokenResponse, nowMs: number): PickedBearer;
    /** Where the bearer is an ID token. */
    checkIdToken?: CheckIdToken;
}
export interface StaticAccountPlan extends AccountBase {
    kind: 'static';
}
export type AccountPlan = OAuth2AccountPlan | StaticAccountPlan;
/** The values of an oauth2 account hold its token. */
export type Inject = (values: Values) => Injection;
export interface ServicePlan {
    name: string;
    title?: string;
    /** Key of the account's plan. */
    account: string;
    fingerprint: string;
    serverUrl: UriPlan;
    timeoutMs: number;
    timeoutMessage?: string;
    healthCheck?: string;
    /** What must be read besides the account's own references. */
    references: readonly SecretReference[];
    /** Nothing in it changes while secrets and bearer stay the same. */
    cacheable: boolean;
    inject: Inject;
    /** Undefined for the usual connection. Throws AppError `secret_unavailable`. */
    connect?(values: Values): Connection;
    /** Lower-case header names and query names that a caller's request must not bring. */
    removes: {
        headers: ReadonlySet<string>;
        query: ReadonlySet<string>;
    };
    sinks: readonly Sink[];
    /** Whether a request may pass; undefined when all may. */
    allow?: Allow;
    /** What an answer says about the token. */
    judge: Judge;
    /** Undefined: no request is repeated. */
    retry?: RetryRule;
    /** An address of its own, and where it is written. */
    listen?: {
        address: string;
        file: string;
        range: Range;
    };
    /** Of a service that needs values: this plan says what it is, and those for certain values run. */
    parameters?: ParametersPlan;
    /** The values that it was compiled for. */
    params?: Params;
}
export interface ParametersPlan {
    names: readonly string[];
    /** How many sets of values may be live at the same time. */
    limit: number;
    /** All values in a fixed order, defaults filled in. Throws AppError `invalid_parameter`. */
    fill(given: Params): Params;
    /** Of what `fill` gave, against the patterns. Throws AppError `invalid_parameter`. */
    check(values: Params): void;
}
export interface SpecializedService {
    service: ServicePlan;
    /** Plans that differ from those of the accounts without values, feeders included. */
    accounts: readonly AccountPlan[];
}
export interface TokenOwners {
    /** Its key, by `tokenIdentity`. */
    byIdentity: ReadonlyMap<string, string>;
    /** Its key, by that of each other account with its token. */
    byAccount: ReadonlyMap<string, string>;
}
export interface Plan {
    accounts: Grouped<AccountPlan>;
    services: Grouped<ServicePlan>;
    actions: Grouped<ActionPlan>;
    /** Accounts that are issued the same token have one owner, the first of them. */
    owners: TokenOwners;
    /** For a service with parameters, and what their `fill` gave. Throws AppError `invalid_parameter` for values that do not fit. */
    specialize(service: string, values: Params): SpecializedService;
    daemon: DaemonSettings;
    /** Absolute paths of all secret files, to be watched. For a path with parameters their folder, with a slash at its end. */
    secretFiles: readonly string[];
}
export {};
