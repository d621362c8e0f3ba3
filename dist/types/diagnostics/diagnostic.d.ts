export interface Position {
    line: number;
    column: number;
}
export interface Range {
    start: Position;
    end: Position;
}
export type Severity = 'error' | 'warning';
export interface Related {
    file: string;
    range: Range;
    message: string;
}
export interface Diagnostic {
    /** `family/name`, listed in codes/index.ts. */
    code: string;
    severity: Severity;
    message: string;
    file: string;
    range: Range;
    hint?: string;
    related?: Related[];
    /** An error that a comment in the file hides from `validate`: what has it cannot run all the same. */
    suppressed?: true;
}
/** A value together with warnings, or no value and at least one error. */
export type Checked<T> = {
    ok: true;
    value: T;
    diagnostics: Diagnostic[];
} | {
    ok: false;
    value?: undefined;
    diagnostics: Diagnostic[];
};
export declare function hasErrors(diagnostics: readonly Diagnostic[]): boolean;
/** A message or hint may repeat what is in the file, which may be of any length. */
export declare function shortText(text: string): string;
/** By file, then by place, errors before warnings at the same place. */
export declare function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[];
