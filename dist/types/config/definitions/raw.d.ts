import type { ClientAuthMethod, Grant } from '../model/model.ts';
export type RawReference = {
    env: string;
} | {
    file: string;
} | {
    exec: string[];
} | {
    systemd: string;
} | {
    account: string;
    field?: string;
};
export type RawValue = string | RawReference;
export type RawParam = RawValue | number | boolean | RawParam[] | {
    [name: string]: RawParam;
};
export type RawNamedValue = {
    name: string;
    value: RawValue;
};
export interface RawClientAssertion {
    key?: RawValue;
    alg?: string;
    kid?: RawValue;
    x5t?: RawValue;
    typ?: string;
    in?: 'body' | 'header';
    audience?: string;
    lifetime?: string;
    claims?: Record<string, unknown>;
    file?: string;
    type?: string;
    at?: string;
}
/** A token that something else keeps in a file. */
export interface RawKeptToken {
    file: string;
    at?: string;
}
export type RawSignedAssertion = Omit<RawClientAssertion, 'file' | 'type' | 'at'> & {
    key: RawValue;
};
export interface RawTokenResponse {
    token?: string | string[] | {
        header: string;
    };
    expires?: {
        at: string;
        as?: 'seconds' | 'milliseconds' | 'unix' | 'unix_ms' | 'datetime';
    };
    success?: {
        at: string;
        equals: string | number | boolean;
    };
    error?: string;
    publish?: Record<string, {
        at: string;
        hosts?: string[];
    }>;
}
export interface RawLifetime {
    default?: string;
    max?: string;
    refreshBefore?: string;
    minInterval?: string;
}
/** Keys of `inject`. */
export interface RawInject {
    in?: 'header' | 'query';
    name?: string;
    prefix?: string;
    value?: string;
}
export interface RawConnection {
    tls?: {
        caFile?: string;
        certFile?: string;
        keyFile?: string;
        serverName?: string;
    };
    proxy?: RawValue;
}
export interface RawRefresh {
    accessTokenUri?: string;
    params?: Record<string, RawParam>;
    headers?: Record<string, RawValue>;
    token?: string;
}
export interface RawAccount extends RawConnection {
    title?: string;
    vars?: Record<string, RawValue>;
    authorization?: 'oauth2' | 'header' | 'query' | 'basic' | 'none';
    header?: RawNamedValue | RawNamedValue[];
    query?: RawNamedValue | RawNamedValue[];
    username?: RawValue;
    password?: RawValue;
    accessTokenUri?: string;
    issuer?: string;
    clientId?: RawValue;
    clientSecret?: RawValue | RawValue[];
    clientAuthMethod?: ClientAuthMethod;
    clientAssertion?: RawClientAssertion;
    basicEncoding?: 'form' | 'raw';
    grant?: Grant;
    refreshToken?: RawValue;
    assertion?: RawValue | RawKeptToken | RawSignedAssertion;
    subjectToken?: RawValue | RawKeptToken;
    subjectTokenType?: string;
    actorToken?: RawValue | RawKeptToken;
    actorTokenType?: string;
    requestedTokenType?: string;
    scope?: string | string[];
    audience?: string | string[];
    resource?: string | string[];
    tokenRequest?: {
        method?: 'POST' | 'GET';
        format?: 'form' | 'json' | 'query';
        params?: Record<string, RawParam>;
        headers?: Record<string, RawValue>;
        names?: Record<string, string>;
        scopeSeparator?: string;
        grantType?: string;
        clientIdInBody?: boolean;
    };
    bearerTokenType?: 'access_token' | 'id_token';
    dpop?: boolean | {
        key?: RawValue;
        alg?: string;
    };
    refresh?: 'auto' | 'never' | RawRefresh;
    tokenResponse?: RawTokenResponse;
    lifetime?: RawLifetime;
    inject?: RawInject;
    keepWarm?: boolean;
    revoke?: 'never' | 'on_removal' | 'on_shutdown';
    revocationUri?: string;
    timeout?: string;
    allowHttp?: boolean;
}
export interface RawSink {
    file: string;
    format?: 'token' | 'header' | 'json';
    mode?: string;
}
export interface RawParameter {
    pattern?: string;
    default?: string;
}
export interface RawRejection {
    status: number[];
    at?: string;
    equals?: string | number | boolean;
    minAge?: string;
}
export interface RawRetry {
    attempts?: number;
    on?: (number | 'connection')[];
    maxDelay?: string;
}
export interface RawService extends RawConnection {
    title?: string;
    vars?: Record<string, RawValue>;
    parameters?: Record<string, RawParameter>;
    parameterLimit?: number;
    sinks?: RawSink[];
    allow?: {
        methods?: string[];
        paths?: string[];
    };
    reauthenticateOn?: RawRejection | RawRejection[];
    retry?: RawRetry;
    listen?: string;
    account: string | RawAccount;
    serverUrl: string;
    timeout?: string;
    timeoutMessage?: string;
    healthCheck?: string;
    headers?: Record<string, RawValue>;
    inject?: RawInject;
    allowHttp?: boolean;
}
export interface RawCaller {
    token?: RawValue;
    tokenSha256?: string;
    certificate?: {
        file?: string;
        sha256?: string;
        subject?: string;
        san?: string;
    };
    services?: string[];
    actions?: string[];
    parameters?: Record<string, string[] | {
        pattern: string;
    }>;
}
export interface RawDaemon {
    listen?: string;
    adminListen?: string;
    limits?: {
        headers?: string;
        headersTimeout?: string;
        bodyTimeout?: string;
        idle?: string;
        connections?: number;
        requestBody?: string;
        maxConcurrent?: number;
        maxQueued?: number;
        maxDeliveries?: number;
        maxDeliveriesPerAction?: number;
    };
    socket?: {
        mode?: string;
        owner?: string;
        group?: string;
    };
    tls?: {
        certFile: string;
        keyFile: string;
        caFile?: string;
    };
    callers?: Record<string, RawCaller>;
    log?: {
        level?: string;
        format?: 'json' | 'pretty';
    };
    state?: {
        dir?: string;
        url?: RawValue;
        encryptionKey?: RawValue | RawValue[];
        keepDelivered?: string;
        maxSize?: string;
    };
}
