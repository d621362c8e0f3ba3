import type { ConnectionSettings, Value } from '../config/model/model.ts';
import type { Scope } from '../config/templates/scope.ts';
import type { AccountPlan, Connection, ServicePlan } from './plan.ts';
import { type TextPlan, type Values } from './text.ts';
export interface ConnectionPlan {
    texts: TextPlan[];
    /** What else is in it, known now. */
    words: readonly unknown[] | undefined;
    /** Throws AppError `secret_unavailable` when certificate and key cannot be used, or are not of each other. */
    connect(values: Values): Connection;
}
/** Where connections lead to: `owner` names the account or service in errors, such as `account \`a\``. */
export interface ConnectionUse {
    owner: string;
    /** Undefined ones are not written. */
    uris: readonly (Value | undefined)[];
}
/** Undefined when nothing is written, and no value can choose the host. */
export declare function compileConnection(settings: ConnectionSettings, scope: Scope, { owner, uris }: ConnectionUse): ConnectionPlan | undefined;
/** What the service says wins over the certificate of its account. */
export declare function connectService(account: AccountPlan, own: ConnectionPlan | undefined): ServicePlan['connect'];
