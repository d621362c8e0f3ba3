import type { ConfigurationRule } from './rule.ts';
export declare const unknownField: ConfigurationRule;
