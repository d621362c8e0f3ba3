import type { ActionPlan } from '../compile/actions/action-plan.ts';
/** Throws AppError `invalid_input` with the pointers of all values that do not fit. */
export declare function checkedInput(plan: ActionPlan, input: unknown, from: 'json' | 'text'): unknown;
/** Throws AppError `invalid_input` for no file where one is needed, and for any where none can be sent. */
export declare function checkFiles({ name, needsFile }: ActionPlan, count: number): void;
