import type { RejectionRule } from '../config/model/model.ts';
/** `read`: only the body can tell. `undecided`: the token is too young to be taken for a rejected one. */
export type Verdict = 'accepted' | 'rejected' | 'undecided' | 'read';
/** Without a body a verdict may be `read`, with one never. The age, in milliseconds, is that of the youngest token. */
export type Judge = (status: number, ageMs: () => number, body?: string) => Verdict;
/** A larger body rejects nothing. */
export declare const MAX_JUDGED_BYTES: number;
export declare function compileRejections(rules: readonly RejectionRule[]): Judge;
/** Whether a body of this type and length, as the headers tell them, is looked at. */
export declare function isJudged(contentType: string, contentLength: string): boolean;
/** For explanations. */
export declare function rejectionWords(rules: readonly RejectionRule[]): string;
