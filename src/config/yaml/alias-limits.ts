// What the aliases and the merge keys of one document may stand for, and what is said about more.

/** What the aliases of one document may expand to, in nodes. */
export const MAX_EXPANDED_NODES = 2_000_000

/** What the merge keys of one document may bring into other mappings, in keys. */
export const MAX_MERGED_KEYS = 200_000

export const OVER_LIMIT = {
  code: 'yaml/alias-limit',
  message: 'the aliases of this file expand to too many values',
  hint: `at most ${MAX_EXPANDED_NODES} values: alias fewer lists within lists`,
}

export const OVER_MERGE_LIMIT = {
  code: 'yaml/alias-limit',
  message: 'the merge keys of this file bring in too many keys',
  hint: `at most ${MAX_MERGED_KEYS} keys: merge smaller mappings`,
}
