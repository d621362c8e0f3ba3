import type { ConnectionSettings } from '../config/model/model.ts';
import type { Scope } from '../config/templates/scope.ts';
import type { AccountPlan, Connection, ServicePlan } from './plan.ts';
import { type TextPlan, type Values } from './text.ts';
export interface ConnectionPlan {
    texts: TextPlan[];
    /** What else is in it, known now. */
    words: readonly unknown[];
    /** Throws AppError `secret_unavailable` when certificate and key cannot be used, or are not of each other. */
    connect(values: Values): Connection;
}
/** Undefined when nothing is written. `owner` names the account or service in errors, such as `account \`a\``. */
export declare function compileConnection(settings: ConnectionSettings, scope: Scope, owner: string): ConnectionPlan | undefined;
/** What the service says wins over the certificate of its account. */
export declare function connectService(account: AccountPlan, own: ConnectionPlan | undefined): ServicePlan['connect'];
