import type { DocumentRule } from './rule.ts';
export declare const literalKey: DocumentRule;
