export interface Pattern {
    /** Whether the whole value matches. A value longer than MAX_VALUE_LENGTH never does. */
    matches(value: string): boolean;
    /** Whether some value of these characters alone may match; true also where that is not easily known. */
    acceptsSomeOf(characters: string): boolean;
}
export declare const MAX_VALUE_LENGTH = 256;
/** JavaScript's syntax without what only backtracking can do. `fault`: why this pattern cannot be used. */
export declare function compilePattern(source: string): {
    pattern: Pattern;
} | {
    fault: string;
};
