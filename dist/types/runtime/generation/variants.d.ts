import { type Grouped } from '../../base/grouped.ts';
import type { Steps } from '../../base/steps.ts';
import type { Plan, ServicePlan } from '../../compile/plan.ts';
import type { Params } from '../../config/templates/scope.ts';
import { type AccountEffects, type LiveAccount } from './live-account.ts';
import { type LiveService } from './live-service.ts';
export declare class Variants {
    #private;
    /** Takes over what is live in `previous` and still fits, with its tokens. */
    constructor(effects: AccountEffects, accounts: Grouped<LiveAccount>, plan: VariedPlan, previous?: Variants);
    /** What a service with another fingerprint must be compiled for anew. */
    outdated({ name, fingerprint, parameters }: ServicePlan): Iterable<Params>;
    /** Throws AppError `invalid_parameter`; nothing is kept then. */
    service(plan: ServicePlan, given: Params): LiveService;
    /** What is live of a service. */
    live(service: string): LiveService[];
    account(key: string): LiveAccount | undefined;
    /** Those for values. */
    accounts(): LiveAccount[];
    owner(tokenIdentity: string): LiveAccount | undefined;
    /** Those that no account without values owns. */
    owners(): LiveAccount[];
    services(): LiveService[];
}
/** Of a plan, what variants are made of. */
export type VariedPlan = Pick<Plan, 'services' | 'owners' | 'specialize'>;
/**
 * The same plan, of which those values that are live now are compiled already: there may be thousands of them, and a
 * generation is built in one step.
 */
export declare function specializeAhead(plan: Plan, previous: Variants | undefined): Steps<Plan>;
