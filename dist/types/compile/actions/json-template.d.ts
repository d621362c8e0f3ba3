import type { JsonTemplate, Value } from '../../config/model/model.ts';
import type { Scope } from '../../config/templates/scope.ts';
import { type TextPlan, type Values } from '../text.ts';
export interface JsonPlan {
    texts: TextPlan[];
    /** Equal for equal templates. */
    words: unknown;
    /** Undefined for an optional input that is absent: a member is left out, an item is null. */
    value(values: Values): unknown;
}
export declare function compileJson(json: JsonTemplate, scope: Scope): JsonPlan;
/** The input or file variable that a text is, when it is nothing else. */
export declare function soleGiven(value: Value, scope: Scope): {
    name: string;
    optional: boolean;
} | undefined;
