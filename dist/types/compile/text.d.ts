import type { Secret } from '../base/secret.ts';
import type { SecretReference, Value } from '../config/model/model.ts';
import { type Scope } from '../config/templates/scope.ts';
import { type Expression } from '../config/templates/template.ts';
/** What is known of an authorization server when a request to it is made. */
export interface AuthorizationServer {
    /** As configured; what the server says of itself was found equal. */
    issuer: string;
    /** From the metadata; absent where the account names it. */
    tokenEndpoint?: URL;
    revocationEndpoint?: URL;
}
/** What a token response brought. */
export interface TokenValues {
    bearer: Secret;
    /** By the names of `publish`. */
    published?: Readonly<Record<string, Secret>>;
    /** Cleaned `token_type` of a token that is no bearer. */
    foreignType?: string;
}
/** What is known only when a pipeline runs. */
export interface Values {
    /** Set where a request to a service is made, for an account that has a bearer. */
    token?: TokenValues;
    secret(reference: SecretReference): Secret;
    uuid(): string;
    /** RFC 3339, UTC. */
    now(): string;
    /** `input.*` or `file.*` of a delivery; undefined when it is absent. */
    given?(name: string): unknown;
    /** Set where a token is refreshed. */
    refreshToken?: Secret;
    /** Of an account with an issuer. */
    server?: AuthorizationServer;
    /** Which one of several client secrets is used, from 0; default the first. */
    clientSecret?: number;
}
/** A text whose rendering needs the secrets of its references. */
export interface TextPlan {
    references: readonly SecretReference[];
    /** Differs at each use (`uuid`, `now`). */
    dynamic: boolean;
    /** Equal for equal texts; says nothing about a secret. */
    identity: string;
    render(values: Values): string;
}
/** A URI that keeps its host whatever the values are. */
export interface UriPlan extends Omit<TextPlan, 'render'> {
    /** The URI as written, with constants filled in: for people. */
    display: string;
    /** Throws AppError `invalid_template_value` when a value may not stand where it is used. */
    expand(values: Values): URL;
}
export declare function referenceKey(reference: SecretReference): string;
/** How a reference is written in explanations. */
export declare function describeReference(reference: SecretReference): string;
/** `constant`: its text, when that is known now. */
interface Piece extends TextPlan {
    constant?: string;
}
/** Rules have passed: every template parses and every variable exists. */
export declare function compileText(value: Value, scope: Scope): Piece;
export declare function compileExpression(expression: Expression, scope: Scope): Piece;
/** Everything secret in some texts: the secrets themselves, each whole text that holds one, and that without its first word, such as `Basic`. */
export declare function secretsIn(texts: readonly (TextPlan | UriPlan)[], values: Values): string[];
/** Whether a caller, a secret or a token response has a part in the host of a URI. */
export declare function hasHostFromValue(value: Value, scope: Scope): boolean;
/** `label` names the URI in errors, such as `serverUrl`. */
export declare function compileUri(value: Value, scope: Scope, options: {
    allowHttp: boolean;
    label: string;
}): UriPlan;
/** An expression as it is written between the braces. */
export declare function describeExpression(expression: Expression): string;
export {};
