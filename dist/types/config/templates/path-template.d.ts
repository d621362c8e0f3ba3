import type { Expression, TemplatePart } from './template.ts';
import type { ConstantOf } from './uri-template.ts';
export type PathPart = {
    kind: 'text';
    text: string;
} | {
    kind: 'expression';
    expression: Expression;
    position: 'path' | 'query';
};
export interface PathFault {
    code: 'uri/invalid';
    message: string;
    hint: string;
    within?: {
        start: number;
        end: number;
    };
}
/** Constants are filled in, percent-encoded; what is left is known only when the path is used. */
export declare function analyzePath(template: readonly TemplatePart[], constantOf: ConstantOf): {
    ok: true;
    parts: PathPart[];
} | {
    ok: false;
    fault: PathFault;
};
/**
 * Whether some server could read a path as one outside of its start: a dot segment in any spelling, also beside an encoded
 * slash, a backslash or a semicolon.
 */
export declare function leavesBase(pathAndQuery: string): boolean;
