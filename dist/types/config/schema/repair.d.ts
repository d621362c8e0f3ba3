import type { Path } from '../yaml/node-reader.ts';
import type { SchemaError } from './validate-schema.ts';
export interface Repaired {
    value: unknown;
    /** The path in the value as it was written. */
    written(path: Path): Path;
}
/** Undefined when nothing can be put right. */
export declare function repaired(root: unknown, errors: readonly SchemaError[]): Repaired | undefined;
