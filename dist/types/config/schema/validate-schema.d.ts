/** What the reducer needs of an Ajv error. */
export interface SchemaError {
    instancePath: string;
    schemaPath: string;
    keyword: string;
    params: Record<string, unknown>;
    propertyName?: string;
}
/** A node of the JSON Schema. */
export type SchemaNode = Record<string, unknown> | boolean;
/** All violations of the schema, in Ajv's order; empty for a valid value. */
export declare function validateSchema(value: unknown): SchemaError[];
export declare function rootSchema(): SchemaNode;
