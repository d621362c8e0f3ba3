import type { Action } from '../config/model.ts';
import type { Scopes } from '../config/scope.ts';
import type { ActionPlan } from './action-plan.ts';
export declare function compileAction(action: Action, scopes: Scopes): ActionPlan;
