import type { Refresh, TokenRequestSettings } from './request-model.ts';
import type { AllowRule, InjectRule, Lifetime, TokenResponseRule } from './response-model.ts';
import type { Parameter, RejectionRule, RetryRule, Sink } from './service-model.ts';
import type { JsonTemplate, NamedValue, Place, Value, Variables } from './written-value.ts';
export type { Action, ActionContent, ActionType, Retry } from './action-model.ts';
export type { NamedParam, Param, Refresh, RefreshRequest, TokenRequestSettings } from './request-model.ts';
export type { AllowRule, ExpiryUnit, InjectRule, Lifetime, MemberTest, Published, TokenResponseRule, } from './response-model.ts';
export type { Parameter, RejectionRule, RetryRule, Sink } from './service-model.ts';
export type { FileTemplate, JsonTemplate, NamedValue, Place, SecretReference, Value, Variables, } from './written-value.ts';
export type Authorization = {
    kind: 'oauth2';
    oauth2: OAuth2;
} | {
    kind: 'header';
    values: NamedValue[];
} | {
    kind: 'query';
    values: NamedValue[];
} | {
    kind: 'basic';
    username: Value;
    password: Value;
} | {
    kind: 'none';
};
export type ClientAuthMethod = 'client_secret_basic' | 'client_secret_post' | 'client_secret_jwt' | 'private_key_jwt' | 'tls_client_auth' | 'self_signed_tls_client_auth' | 'none';
/** `header`: as a bearer, for servers that know no client assertions. */
export type AssertionPlace = 'body' | 'header';
/** A JWT that is made for each request. */
export interface SignedAssertion {
    /** Undefined where the client secret signs. */
    key?: Value;
    alg?: string;
    kid?: Value;
    x5t?: Value;
    typ?: string;
    audience?: Value;
    lifetimeMs: number;
    /** Besides, or in place of, the usual ones; null leaves one out. */
    claims: JsonTemplate;
}
/** How connections are opened. The files are references: read when a connection needs them, and again when they change. */
export interface ConnectionSettings {
    caFile?: Value;
    certFile?: Value;
    keyFile?: Value;
    serverName?: string;
    /** A URL, or the word `environment`. */
    proxy?: Value;
}
/** A kept one is read from a file that something else keeps fresh; `type` is its `client_assertion_type`, where that is not the JWT's. */
export type ClientAssertion = ({
    kind: 'signed';
    in: AssertionPlace;
} & SignedAssertion) | {
    kind: 'kept';
    value: Value;
    type?: string;
};
export type Grant = 'client_credentials' | 'password' | 'refresh_token' | 'jwt_bearer' | 'saml2_bearer' | 'token_exchange' | 'custom' | 'login';
/** `on_shutdown` is at removal too. */
export type Revoke = 'never' | 'on_removal' | 'on_shutdown';
export type BearerTokenType = 'access_token' | 'id_token';
export interface OAuth2 {
    /** Absent: the issuer's metadata tells the token endpoint. At least one of the two is there. */
    accessTokenUri?: Value;
    issuer?: Value;
    /** Missing where the grant's own parameters say who asks. */
    clientId?: Value;
    /** In the order in which they are tried. */
    clientSecrets: Value[];
    clientAuthMethod: ClientAuthMethod;
    /** Of the methods that send one. */
    clientAssertion?: ClientAssertion;
    basicEncoding: 'form' | 'raw';
    grant: Grant;
    username?: Value;
    password?: Value;
    refreshToken?: Value;
    assertion?: Value;
    /** Made for each request, in place of one that is read. */
    signedAssertion?: SignedAssertion;
    subjectToken?: Value;
    subjectTokenType?: Value;
    actorToken?: Value;
    actorTokenType?: Value;
    requestedTokenType?: Value;
    /** In the order written, expressions included; empty sends no scope. */
    scope: string[];
    /** The written texts among it that hold expressions: a text with all scopes, or items of a list. */
    scopeTemplates: Value[];
    audience: Value[];
    /** RFC 8707. */
    resource: Value[];
    tokenRequest: TokenRequestSettings;
    bearerTokenType: BearerTokenType;
    dpop?: {
        key?: Value;
        alg?: string;
    };
    refresh: Refresh;
    tokenResponse?: TokenResponseRule;
    lifetime: Lifetime;
    inject?: InjectRule;
    /** Fetched at start and always kept, not only while it is used. */
    keepWarm: boolean;
    revoke: Revoke;
    /** Absent: the issuer's metadata tells it. */
    revocationUri?: Value;
    timeoutMs: number;
    /** To the token endpoint. */
    connection: ConnectionSettings;
    allowHttp: boolean;
}
export interface Account {
    /** Its name, or for an account in place the name of its service. */
    name: string;
    /** Unique over the configuration: the name, or `services.NAME` for an account in place. */
    key: string;
    title?: string;
    place: Place;
    vars: Variables;
    authorization: Authorization;
}
export interface Service {
    name: string;
    title?: string;
    place: Place;
    vars: Variables;
    /** In the order written. */
    parameters: Parameter[];
    /** How many sets of values may be live at the same time. */
    parameterLimit: number;
    sinks: Sink[];
    /** An address of its own. */
    listen?: string;
    /** Key of its account. */
    account: string;
    serverUrl: Value;
    timeoutMs: number;
    timeoutMessage?: string;
    /** Path under the server URL, with `/` at its start. */
    healthCheck?: string;
    headers: NamedValue[];
    /** In place of the account's. */
    inject?: InjectRule;
    allow?: AllowRule;
    connection: ConnectionSettings;
    /** Undefined: status 401. */
    reauthenticateOn?: RejectionRule[];
    /** Undefined: nothing is repeated. */
    retry?: RetryRule;
    allowHttp: boolean;
}
/**
 * A file with a certificate, a fingerprint in lower-case hexadecimal, or a name that an authority vouches for: a subject as in
 * RFC 4514, or a subject alternative name with its kind.
 */
export type CallerCertificate = {
    file: Value;
} | {
    sha256: string;
} | {
    subject: string;
} | {
    san: string;
};
/** A local program that uses the daemon: how it is known, and what it may use. */
export interface Caller {
    name: string;
    place: Place;
    token?: Value;
    /** Lower-case hexadecimal. */
    tokenSha256?: string;
    certificate?: CallerCertificate;
    /** Names, or `*`. */
    services: string[];
    actions: string[];
    /** What is not here may have any value. */
    parameters: {
        name: string;
        place: Place;
        allowed: {
            values: string[];
        } | {
            pattern: string;
        };
    }[];
}
/** Absolute paths. */
export interface TlsSettings {
    certFile: string;
    keyFile: string;
    caFile?: string;
}
/** `mode` in octal; names or numbers. */
export interface SocketSettings {
    mode?: string;
    owner?: string;
    group?: string;
}
export interface Limits {
    headersBytes: number;
    headersTimeoutMs: number;
    bodyTimeoutMs: number;
    idleMs: number;
    connections: number;
    /** Undefined: any. */
    requestBodyBytes?: number;
    /** Of one service; undefined: any number. */
    maxConcurrent?: number;
    maxQueued: number;
    maxDeliveries: number;
    maxDeliveriesPerAction: number;
}
/** References, or literals. */
export interface StateDatabase {
    url: Value;
    /** The first one encrypts. */
    encryptionKeys: readonly Value[];
}
export interface DaemonSettings {
    limits?: Limits;
    listen?: string;
    adminListen?: string;
    socket?: SocketSettings;
    tls?: TlsSettings;
    /** Undefined: everyone who can connect. An empty list: nobody. */
    callers?: Caller[];
    logLevel?: string;
    logFormat?: 'json' | 'pretty';
    /** Absolute. */
    stateDir?: string;
    keepDeliveredMs?: number;
    /** Of the files of all deliveries. */
    maxStateBytes?: number;
    stateDatabase?: StateDatabase;
    place?: Place;
}
