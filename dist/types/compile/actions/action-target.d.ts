import type { Action } from '../../config/model/model.ts';
import { type Scope } from '../../config/templates/scope.ts';
import { type TextPlan, type Values } from '../text.ts';
import type { ActionRequest } from './action-plan.ts';
export interface TargetPlan extends Omit<TextPlan, 'render' | 'dynamic'> {
    expand(values: Values): ActionRequest['target'];
    /** Throws AppError `invalid_input` for values that may not stand there, whatever its secrets are. */
    check(values: Values): void;
}
export declare function compileTarget(action: Action, scope: Scope): TargetPlan;
