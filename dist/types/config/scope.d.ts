import type { Account, Service, Value, Variables } from './model.ts';
import { type Expression } from './template.ts';
/** The variable's value: text known now, a reference read later, or something made for each use. */
export type Binding = {
    kind: 'constant';
    text: string;
} | {
    kind: 'value';
    value: Value;
} | {
    kind: 'generated';
    name: 'uuid' | 'now';
};
export interface Scope {
    lookup(name: string): Binding | undefined;
    names(): string[];
}
/** Scopes of the definitions of one configuration. */
export interface Scopes {
    of(owner: Account | Service): Scope;
}
export declare function definitionScopes(draft: {
    vars: Variables;
    accounts: Iterable<Account>;
    services: Iterable<Service>;
}): Scopes;
/** The constant text of an expression in a scope, or undefined when some part of it is known only at run time. */
export declare function constantsOf(scope: Scope): (expression: Expression) => string | undefined;
