export declare function valueAt(root: unknown, pointer: string): unknown;
/** Compared as texts: `0` and `"0"` are the same answer in two spellings. A mapping or a list equals nothing. */
export declare function equalsAt(root: unknown, { at, equals }: {
    at: string;
    equals: string | number | boolean;
}): boolean;
