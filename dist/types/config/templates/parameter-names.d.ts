import type { UsedBearer } from '../definitions/value.ts';
import type { Account, Service } from '../model/model.ts';
export interface ParameterNames {
    /** In the order of the definition. */
    of(owner: Account | Service): readonly string[];
    /** The first service that uses this account and has no such parameter; undefined when none uses it at all. */
    lacking(account: Account, name: string): Service | undefined;
    /** The services whose requests need this account. */
    users(account: Account): readonly Service[];
}
export interface AccountUses {
    services: ReadonlyMap<string, Service>;
    /** Where the bearer of an account is a secret of something else. */
    bearers: readonly UsedBearer[];
}
/** Names of parameters by the key of an account. */
export type AccountParameters = ReadonlyMap<string, readonly string[]>;
/** Where no service has any. */
export declare const NO_PARAMETERS: AccountParameters;
/** Depends on nothing but names: of services and their parameters, of accounts, and of who uses which. */
export declare function parametersByAccount(uses: AccountUses): AccountParameters;
export declare function parameterNames(uses: AccountUses, byAccount: AccountParameters): ParameterNames;
