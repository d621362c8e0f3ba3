/** Milliseconds of a duration, or undefined when the text is not one. */
export declare function parseDuration(text: string): number | undefined;
/** The shortest exact spelling: 90000 is `90s`, 120000 is `2m`. */
export declare function formatDuration(durationMs: number): string;
