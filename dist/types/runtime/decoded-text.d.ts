/** Empty for what cannot be decoded, or is larger than `maxBytes` then. */
export declare function decodedText(bytes: Buffer, encoding: string, maxBytes: number): string;
