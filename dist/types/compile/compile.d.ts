import { type Remember } from '../base/memory.ts';
import { type Steps } from '../base/steps.ts';
import type { Config } from '../config/model/config.ts';
import type { Plan } from './plan.ts';
export declare function compilePlan(written: Config, remember?: Remember): Plan;
export declare function compileInSteps(written: Config, remember: Remember): Steps<Plan>;
