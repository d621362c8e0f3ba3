import type { Secret } from '../base/secret.ts';
import type { Plan } from '../compile/plan.ts';
import { type AccountEffects, type LiveAccount } from './live-account.ts';
import { type LiveService } from './live-service.ts';
export interface Generation {
    id: number;
    activatedAtMs: number;
    plan: Plan;
    accounts: ReadonlyMap<string, LiveAccount>;
    services: ReadonlyMap<string, LiveService>;
    /** Throws AppError `unknown_service`. */
    service(name: string): LiveService;
    accountBearer(name: string): Promise<Secret>;
    checkSecrets(): Promise<void>;
}
export declare function buildGeneration(plan: Plan, effects: AccountEffects, previous: Generation | undefined): Generation;
/** Once it runs: the tokens that are always kept. */
export declare function warmGeneration({ accounts }: Generation): void;
/** Ends the background work of what the next generation did not take over. Requests in flight finish on what they hold. */
export declare function retireGeneration(old: Generation, next: Generation | undefined): void;
