import type { Path } from '../yaml/node-reader.ts';
import { type Condition } from './schema-condition.ts';
import type { SchemaError } from './validate-schema.ts';
/** A finding about a value, before it has a place in a text. */
export interface SchemaFinding {
    code: 'schema/unknown-key' | 'schema/missing-key' | 'schema/type' | 'schema/value' | 'schema/not-allowed';
    path: Path;
    part: 'key' | 'value';
    message: string;
    hint?: string;
}
/** With what the reducer must know to see which finding follows from which. */
export interface Draft extends SchemaFinding {
    /** The key that this finding is about. */
    key: string;
    /** The keys that the finding depends on, the outermost first. */
    conditions?: Condition[];
    /** The innermost of them, when it is absent and its default refuses this key. */
    absent?: Condition;
    /** For an unknown key, the one that was probably meant. */
    meant?: string;
    /** The key below that one that takes the value. */
    inner?: string;
    /** Keys that are not missing because of it. */
    covers?: readonly string[];
    /** It is about the number of keys of a mapping. */
    counts?: true;
}
export declare function draftOf(error: SchemaError, root: unknown): Draft | undefined;
/** `actual` is what the deciding key says; undefined when it is absent. */
export declare function notAllowedMessage(keys: readonly string[], condition: Condition, actual?: unknown): string;
export declare function pathOf(pointer: string): (string | number)[];
