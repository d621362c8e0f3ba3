/** From its first slash, without the query; undefined for another origin, a path beside, or one that some server may read so. */
export declare function pathBelow(serverUrl: URL, url: URL): string | undefined;
