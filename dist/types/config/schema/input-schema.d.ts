export interface InputFault {
    /** Where in the schema; empty for all of it. */
    path: string[];
    message: string;
    hint?: string;
}
export interface InputProblem {
    /** JSON Pointer of the value in the input. */
    pointer: string;
    detail: string;
}
/** Gives the input with the schema's defaults, or what is wrong with it. `text`: its values came as texts, and become what the schema wants. */
export type CheckInput = (input: unknown, from: 'json' | 'text') => {
    ok: true;
    input: unknown;
} | {
    ok: false;
    problems: InputProblem[];
};
/** The first reason why this is no schema in the sense of Ajv's strict mode. */
export declare function inputSchemaFault(schema: Record<string, unknown>): InputFault | undefined;
export declare function compileInputCheck(schema: Record<string, unknown> | undefined): CheckInput;
/** What an expression such as `input.customer.name` means by a schema: `open` when the schema does not say all its names. */
export declare function inputProperty(schema: unknown, path: readonly string[]): 'required' | 'optional' | 'open' | undefined;
/** Every name that a schema says, for suggestions. */
export declare function inputNames(schema: unknown): string[];
