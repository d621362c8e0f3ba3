import { type PublishedHost } from '../config/templates/published-hosts.ts';
interface ExpandedUri {
    allowHttp: boolean;
    label: string;
    host: string | undefined;
    published: readonly PublishedHost[];
}
/** The last line of defence: the host is the one that was checked, and https unless told otherwise. */
export declare function checkExpanded(text: string, options: ExpandedUri): URL;
export {};
