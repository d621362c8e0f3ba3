/** What the aliases of one document may expand to, in nodes. */
export declare const MAX_EXPANDED_NODES = 2000000;
/** What the merge keys of one document may bring into other mappings, in keys. */
export declare const MAX_MERGED_KEYS = 200000;
export declare const OVER_LIMIT: {
    code: string;
    message: string;
    hint: string;
};
export declare const OVER_MERGE_LIMIT: {
    code: string;
    message: string;
    hint: string;
};
