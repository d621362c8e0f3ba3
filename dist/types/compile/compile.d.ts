import type { Config } from '../config/model/model.ts';
import type { Plan } from './plan.ts';
export declare function compilePlan(config: Config): Plan;
