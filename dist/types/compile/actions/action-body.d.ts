import type { Action, NamedValue } from '../../config/model/model.ts';
import type { Scope } from '../../config/templates/scope.ts';
import { type TextPlan, type Values } from '../text.ts';
import type { BodyPart, FileFacts } from './action-plan.ts';
/** A file, and the name that the server sees. */
export interface OutgoingFile extends FileFacts {
    outputName: string;
}
export interface Body {
    headers: (readonly [string, string])[];
    parts: BodyPart[];
}
export interface BodyPlan {
    texts: TextPlan[];
    build(values: Values, files: readonly OutgoingFile[]): Body;
}
export declare function compileBody({ content }: Action, scope: Scope): BodyPlan;
export interface FieldsPlan {
    texts: TextPlan[];
    render(values: Values): (readonly [string, string])[];
    /** Those without a secret. */
    renderKnown(values: Values): (readonly [string, string])[];
}
/** One that is nothing but an optional input is left out when that is absent. */
export declare function compileFields(named: readonly NamedValue[], scope: Scope): FieldsPlan;
