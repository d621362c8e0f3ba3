import type { Path } from '../yaml/node-reader.ts';
import { type Draft, type SchemaFinding } from './schema-finding.ts';
import { type SchemaError } from './validate-schema.ts';
export type { SchemaFinding } from './schema-finding.ts';
export declare function reduceErrors(errors: readonly SchemaError[], root: unknown): SchemaFinding[];
export declare function draftsOf(errors: readonly SchemaError[], root: unknown): Draft[];
/** Every path at or above a violation. */
export declare function refusedPaths(errors: readonly SchemaError[]): Set<string>;
/** A path as a key of sets and maps. */
export declare function pathId(path: Path): string;
