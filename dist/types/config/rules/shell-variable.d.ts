import type { DocumentRule } from './rule.ts';
export declare const shellVariable: DocumentRule;
