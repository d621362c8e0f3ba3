import type { NamedValue, Value } from '../../config/model/model.ts';
import type { Scope } from '../../config/templates/scope.ts';
import { type TextPlan } from '../text.ts';
export interface NamedText {
    name: string;
    text: TextPlan;
}
export declare function compileNamed(values: readonly NamedValue[], scope: Scope): NamedText[];
export declare function compileOptional(value: Value | undefined, scope: Scope): TextPlan | undefined;
