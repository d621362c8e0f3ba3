/** Letters in both cases with digits, or hexadecimal, of a length that no name of a variable has. */
export declare function looksLikeSecret(text: string): boolean;
