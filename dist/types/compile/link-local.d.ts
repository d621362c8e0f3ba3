/** A host of a URL, or an address as a resolver writes it. */
export declare function isLinkLocal(host: string): boolean;
