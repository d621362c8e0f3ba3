import type { OAuth2AccountPlan } from '../../compile/plan.ts';
import type { Values } from '../../compile/text.ts';
type Plan = Pick<OAuth2AccountPlan, 'clientSecrets'>;
export declare class ClientSecrets {
    #private;
    constructor(plan: Plan);
    /** Its place in the list, from 0. */
    get inUse(): number;
    /** The values of a request with the secret in use. */
    choose(values: Values): Values;
    /** For one call: after an error that another secret may mend, goes on to the next one that was not tried, whatever came first. */
    attempts(): (error: unknown) => boolean;
    /** Of the same account before a reload. */
    adopt(other: ClientSecrets): void;
}
/** From 1, for people. */
export interface SecretInUse {
    inUse: number;
    of: number;
}
/** As the account has them in its own list, whose order may differ from that of the equal account that owns the token. */
export declare function secretInUse(plan: Plan, owner: Plan, secrets: ClientSecrets): SecretInUse | undefined;
export {};
