import type { Action } from '../../config/model/model.ts';
import { type Scope } from '../../config/templates/scope.ts';
import { type TextPlan, type Values } from '../text.ts';
import type { ActionRequest } from './action-plan.ts';
export interface TargetPlan extends Omit<TextPlan, 'render' | 'dynamic'> {
    expand(values: Values): ActionRequest['target'];
}
export declare function compileTarget(action: Action, scope: Scope): TargetPlan;
