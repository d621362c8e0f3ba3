import type { ConfigurationRule } from './rule.ts';
export declare const unknownService: ConfigurationRule;
