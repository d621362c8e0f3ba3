import type { Account, Action, Service, Value, Variables } from '../model/model.ts';
import type { ParameterNames } from './parameter-names.ts';
import { type Expression } from './template.ts';
/** Values of parameters by name. */
export type Params = Readonly<Record<string, string>>;
/**
 * The variable's value: text known now (for a `parameter`, what a caller gave), a reference read later, something made for
 * each use, or a parameter whose value is not known yet.
 */
export type Binding = {
    kind: 'constant';
    text: string;
    parameter?: true;
} | {
    kind: 'parameter';
} | {
    kind: 'value';
    value: Value;
} | {
    kind: 'generated';
    name: 'uuid' | 'now';
}
/** `input.*` or `file.*` of one delivery; `optional` when it may be absent. */
 | {
    kind: 'given';
    name: string;
    optional: boolean;
}
/** The bearer that a request gets. */
 | {
    kind: 'bearer';
}
/** What serves as refresh token now. */
 | {
    kind: 'refreshToken';
}
/** A member of the token response; `hosts` where it may be one. */
 | {
    kind: 'published';
    name: string;
    hosts?: readonly string[];
};
export interface Scope {
    lookup(name: string): Binding | undefined;
    names(): string[];
    /** Set in the scope of one set of values. */
    values?: ParameterValues;
}
/** What a scope is made for. */
export interface ParameterValues {
    params: Params;
    /** Key of the plan of an account with these values. */
    accountKey(name: string): string;
}
/** Scopes of the definitions of one configuration. */
export interface Scopes {
    of(owner: Account | Service, values?: ParameterValues): Scope;
    /** `part`: of an action's own name for a file, which cannot hold itself. */
    ofAction(action: Action, part?: 'outputFileName'): Scope;
}
export interface ScopeDefinitions {
    vars: Variables;
    accounts: Pick<ReadonlyMap<string, Account>, 'get'>;
    services: Pick<ReadonlyMap<string, Service>, 'get'>;
    parameters: Pick<ParameterNames, 'of'>;
}
export declare function definitionScopes({ vars, accounts, services, parameters: declared }: ScopeDefinitions): Scopes;
/** The scope of what is injected: it knows the bearer too. */
export declare function injectScope(scope: Scope, owner: Account | Service): Scope;
/** The scope of what a refresh request sends: it knows the tokens that are there. */
export declare function refreshScope(scope: Scope): Scope;
/** The constant text of an expression in a scope, or undefined when some part of it is known only at run time. */
export declare function constantsOf(scope: Scope): (expression: Expression) => string | undefined;
/** Whether a caller's value is part of an expression. */
export declare function parametersOf(scope: Scope): (expression: Expression) => boolean;
/** Whether some text of an account holds a parameter; those that feed it have their own. */
export declare function usesParameters(account: Account, scope: Scope): boolean;
/** Whether a secret is read for a value: it is a reference, or a text with a variable that is one. */
export declare function holdsSecret(value: Value, scope: Scope): boolean;
