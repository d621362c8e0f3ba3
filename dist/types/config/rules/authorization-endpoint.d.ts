import type { PartRule } from './rule.ts';
export declare const authorizationEndpoint: PartRule;
