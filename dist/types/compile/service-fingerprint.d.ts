import type { Service } from '../config/model/model.ts';
import type { AccountPlan } from './plan.ts';
import type { NamedText } from './steps/expand-template.ts';
export declare function serviceFingerprint(service: Service, account: AccountPlan, parts: readonly unknown[], headers: readonly NamedText[]): string;
