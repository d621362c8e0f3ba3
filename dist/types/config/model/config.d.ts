import type { UsedBearer } from '../definitions/value.ts';
import type { Scopes } from '../templates/scope.ts';
import type { Account, Action, DaemonSettings, Service, Variables } from './model.ts';
export interface Config {
    vars: Variables;
    accounts: ReadonlyMap<string, Account>;
    services: ReadonlyMap<string, Service>;
    actions: ReadonlyMap<string, Action>;
    daemon: DaemonSettings;
    /** Values that are bearers of other accounts. */
    bearers: readonly UsedBearer[];
    /** What each value may name. */
    scopes: Scopes;
    /** Names of the files it came from. */
    files: string[];
}
