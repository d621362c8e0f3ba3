import type { Scope } from './scope.ts';
import type { UriPart } from './uri-template.ts';
export interface PublishedHost {
    name: string;
    /** Undefined when the entry does not say which hosts it may name. */
    hosts?: readonly string[];
    /** Where the variable stands in the template's text. */
    start: number;
    end: number;
}
export declare function publishedHosts(parts: readonly UriPart[], scope: Scope): PublishedHost[];
/** A pattern is a host, or `*.` and a suffix, for one label or more before it. */
export declare function isListedHost(hostname: string, patterns: readonly string[]): boolean;
