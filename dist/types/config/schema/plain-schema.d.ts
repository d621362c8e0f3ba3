/** One type for each value, with the common keywords of that type. */
export declare function isPlainSchema(schema: unknown): boolean;
