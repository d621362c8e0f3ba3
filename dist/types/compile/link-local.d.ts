/** `hostname` of a URL: lower-case, IPv4 in four decimal numbers, IPv6 in brackets. */
export declare function isLinkLocal(hostname: string): boolean;
