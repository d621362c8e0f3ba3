import type { Grouped } from '../base/grouped.ts';
import type { Remember } from '../base/memory.ts';
import type { AccountPlan, TokenOwners } from './plan.ts';
/** The same while no account has another identity. */
export declare function tokenOwners(accounts: Grouped<AccountPlan>, remember: Remember): TokenOwners;
