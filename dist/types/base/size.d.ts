/** Bytes of a size, or undefined when the text is not one. */
export declare function parseSize(text: string): number | undefined;
/** For people, with one digit behind the point: 1536 is `1.5 KiB`. */
export declare function formatSize(bytes: number): string;
