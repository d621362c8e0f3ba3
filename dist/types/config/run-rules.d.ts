import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Draft } from './definitions/draft.ts';
import type { ConfigurationRule, Part } from './rules/rule.ts';
/** What the rules found out of one document. */
export interface Looked {
    diagnostics: Diagnostic[];
    /** Only of rules that found some. */
    facts: ReadonlyMap<ConfigurationRule, readonly unknown[]>;
}
export declare function lookAtPart(part: Part): Looked;
export declare function lookAtAll(draft: Draft, looked: readonly Looked[]): Diagnostic[];
