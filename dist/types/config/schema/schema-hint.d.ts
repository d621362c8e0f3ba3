import type { SchemaPlace } from './schema-condition.ts';
/** For a value of another type than these. */
export declare function typeHint(value: unknown, types: readonly string[], place: SchemaPlace): string | undefined;
export declare function exampleHint({ examples }: Described): string | undefined;
interface Described {
    examples?: unknown[];
}
export {};
