import type { SchemaPlace } from './schema-condition.ts';
/** For a value of another type than these. */
export declare function typeHint(value: unknown, types: readonly string[], place: SchemaPlace): string | undefined;
export declare function exampleHint({ examples }: Described): string | undefined;
/** A name as it would be right: `GitHub_App` is `github-app`. */
export declare function nameHint(value: unknown, { node }: SchemaPlace): string | undefined;
interface Described {
    examples?: unknown[];
}
export {};
