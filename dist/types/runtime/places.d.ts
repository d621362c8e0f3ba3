/** One text for all; what cannot be found counts by its reason. Never rejects. */
export declare function placesOf(paths: readonly string[]): Promise<string>;
