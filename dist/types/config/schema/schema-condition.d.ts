import { type SchemaNode } from './validate-schema.ts';
/** `key` being one of `values` (or absent, when one of them is the default) decided the branch; without values, its presence. */
export interface Condition {
    key: string;
    values: string[];
    branch: 'then' | 'else';
    /** What the key is when it is absent. */
    default?: string;
    /** Further keys of the same mapping that the condition looks at. */
    others?: string[];
    /** How many keys below the deciding key's mapping the schema node stands. */
    depth: number;
}
export interface SchemaPlace {
    /** The schema node that holds the violated keyword. */
    node: SchemaNode;
    /** The deciding keys on the way, the outermost first. */
    conditions: Condition[];
    /** The innermost node on the way that has a title. */
    described: Record<string, unknown>;
    /** The other type that is accepted too, where the schema has two by if/else. */
    otherType?: string;
}
/** Follows an Ajv schemaPath (`#/$defs/account/allOf/0/then/required`) to the node that holds its last segment. */
export declare function schemaPlace(schemaPath: string): SchemaPlace;
/** The property names of the object schema at a schema path such as `#/$defs/account/additionalProperties`. */
export declare function knownKeys(schemaPath: string): string[];
