export interface Meant {
    key: string;
    /** The key below it that takes the value: written so, it is `key: { inner: … }`. */
    inner?: string;
}
/** Ours, a dot before a key below it -> theirs, without signs and capitals. Of two for one place the first counts. */
export declare const FOREIGN_KEYS: Readonly<Record<string, string>>;
/** Ours -> theirs, of words that are values. */
export declare const FOREIGN_WORDS: Readonly<Record<string, string>>;
/** What a key means at a place that has these keys. */
export declare function foreignKey(name: string, keys: readonly string[]): Meant | undefined;
/** What a word means where these are allowed. */
export declare function foreignWord(word: string, allowed: readonly string[]): string | undefined;
