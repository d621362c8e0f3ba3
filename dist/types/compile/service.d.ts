import type { Service } from '../config/model/model.ts';
import { type Scope } from '../config/templates/scope.ts';
import type { CompiledAccount } from './account.ts';
import type { ServicePlan } from './plan.ts';
export declare function compileService(service: Service, account: CompiledAccount, scope: Scope): ServicePlan;
