import type { PartRule } from './rule.ts';
export declare const valueAsName: PartRule;
