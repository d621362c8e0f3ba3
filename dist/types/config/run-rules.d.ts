import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Draft } from './definitions/draft.ts';
import type { Part as DraftPart } from './definitions/part.ts';
import type { ConfigurationRule } from './rules/rule.ts';
import type { Scopes } from './templates/scope.ts';
/** What the rules found out of one part. */
export interface Looked {
    diagnostics: Diagnostic[];
    /** Only of rules that found some. */
    facts: ReadonlyMap<ConfigurationRule, readonly unknown[]>;
}
export declare function lookAtPart({ definitions, ...named }: DraftPart, scopes: Scopes): Looked;
export declare function lookAtAll(draft: Draft, looked: readonly Looked[]): Diagnostic[];
