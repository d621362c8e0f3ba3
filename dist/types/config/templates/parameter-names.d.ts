import type { Account, Service, Variables } from '../model/model.ts';
export interface ParameterNames {
    /** In the order of the definition. */
    of(owner: Account | Service): readonly string[];
    /** The first service that uses this account and has no such parameter; undefined when none uses it at all. */
    lacking(account: Account, name: string): Service | undefined;
    /** The services whose requests need this account. */
    users(account: Account): readonly Service[];
}
export interface Definitions {
    vars: Variables;
    accounts: Iterable<Account>;
    services: Iterable<Service>;
}
export declare function parameterNames(definitions: Definitions): ParameterNames;
