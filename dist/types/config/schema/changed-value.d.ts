import type { Path } from '../yaml/node-reader.ts';
type Mapping = Record<string, unknown>;
/** `change` gets the mapping that holds the last key of the path. The same value when there is none. */
export declare function changed(value: unknown, path: Path, change: (mapping: Mapping, key: string) => Mapping): unknown;
/** The last key of the path has another name, and its value stands below `inner`; the same value when that name is taken. */
export declare function renamed(value: unknown, path: Path, name: string, inner?: string): unknown;
export declare function without(value: unknown, path: Path): unknown;
export {};
