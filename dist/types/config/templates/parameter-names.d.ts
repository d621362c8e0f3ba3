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
    services: readonly Service[];
    /** Where the bearer of an account is a secret of something else. */
    bearers: readonly UsedBearer[];
}
export declare function parameterNames(uses: AccountUses): ParameterNames;
