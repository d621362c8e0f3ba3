/** Parts are texts, numbers, booleans and lists of them, never secrets. */
export declare function fingerprint(...parts: readonly unknown[]): string;
