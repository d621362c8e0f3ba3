import type { Action } from '../../config/model/model.ts';
import type { Scopes } from '../../config/templates/scope.ts';
import type { ActionPlan } from './action-plan.ts';
export declare function compileAction(action: Action, scopes: Scopes): ActionPlan;
