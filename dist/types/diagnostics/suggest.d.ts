/** The candidate at the smallest edit distance, if it is near enough to be meant: at most 3 and under half of the word. */
export declare function suggest(word: string, candidates: Iterable<string>): string | undefined;
/** `did you mean \`x\`?` or undefined. */
export declare function didYouMean(word: string, candidates: Iterable<string>): string | undefined;
/** For many words: it ends looking after a million comparisons, as a file wants that no hand wrote. */
export declare function createDidYouMean(): (word: string, candidates: ReadonlySet<string>) => string | undefined;
/** For a code `family/name` also by its name alone. */
export declare function didYouMeanCode(word: string, codes: Iterable<string>): string | undefined;
