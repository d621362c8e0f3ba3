import { type Grouped } from '../../base/grouped.ts';
import type { Plan } from '../../compile/plan.ts';
import type { Params } from '../../config/templates/scope.ts';
import { type AccountEffects, type LiveAccount } from './live-account.ts';
import { type LiveAction } from './live-action.ts';
import { type LiveCallers } from './live-callers.ts';
import { type LiveService } from './live-service.ts';
import { Variants } from './variants.ts';
export interface Generation {
    id: number;
    activatedAtMs: number;
    plan: Plan;
    accounts: Grouped<LiveAccount>;
    /** One for each definition. One with parameters only says what it is; `variants` has those that run. */
    services: Grouped<LiveService>;
    variants: Variants;
    actions: Grouped<LiveAction>;
    /** Undefined: everyone who can connect may use the daemon. */
    callers: LiveCallers | undefined;
    /** The service for these values. Throws AppError `unknown_service` or `invalid_parameter`. */
    service(name: string, params?: Params): LiveService;
    /** Throws AppError `unknown_action`. */
    action(name: string): LiveAction;
    /** Throws AppError `unknown_service`. */
    definition(name: string): LiveService;
    /** Throws AppError `secret_unavailable` for an account that this generation does not have. */
    account(name: string): LiveAccount;
    checkSecrets(): Promise<void>;
}
export declare function buildGeneration(plan: Plan, effects: AccountEffects, previous: Generation | undefined): Generation;
/** Once it runs: the tokens that are always kept, and those that callers prove themselves with. */
export declare function warmGeneration({ accounts, callers }: Generation): void;
/** Ends the background work of what the next generation did not take over, and forgets the tokens of what is gone. Requests in flight finish on what they hold. */
export declare function retireGeneration(old: Generation, next: Generation | undefined): void;
/** Each account that has a token of its own or shares one, those for values of parameters included. */
export declare function liveAccounts({ accounts, variants }: Generation): LiveAccount[];
