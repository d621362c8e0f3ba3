import type { ConfigurationRule } from './rule.ts';
export declare const duplicateName: ConfigurationRule;
