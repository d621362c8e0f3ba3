import type { ConfigurationRule } from './rule.ts';
export declare const reservedHeader: ConfigurationRule;
