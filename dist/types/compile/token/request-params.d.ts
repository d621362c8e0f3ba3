import type { NamedParam, TokenRequestSettings, Value } from '../../config/model/model.ts';
import type { Scope } from '../../config/templates/scope.ts';
import { type TextPlan, type Values } from '../text.ts';
import type { Parameter } from './request-body.ts';
export interface ParamsPlan {
    texts: TextPlan[];
    /** Names and everything constant. */
    words: readonly unknown[];
    render(values: Values): Parameter[];
}
export declare function compileParams(params: readonly NamedParam[], scope: Scope): ParamsPlan;
/** One text alone, several as a list (RFC 8707 section 2, RFC 8693 section 2.1). */
export declare function compileSeveral(name: string, values: readonly Value[], scope: Scope): ParamsPlan;
export interface HeadersPlan {
    texts: TextPlan[];
    words: readonly unknown[];
    render(values: Values): [name: string, value: string][];
}
export declare function compileHeaders(account: string, headers: TokenRequestSettings['headers'], scope: Scope): HeadersPlan;
/** The last one of a name counts, whatever the case of its letters. */
export declare function mergeHeaders(headers: readonly (readonly [string, string])[]): [string, string][];
