type Undici = typeof import('undici');
type Load = (name: string) => unknown;
/** As its index does; all of it where it keeps its parts elsewhere. */
export declare function loadUsed(load: Load): Pick<Undici, 'Agent' | 'ProxyAgent'>;
export declare const Agent: typeof import("undici").Agent, ProxyAgent: typeof import("undici").ProxyAgent;
/** Loaded when it is called. */
export declare const fetch: Undici['fetch'];
export {};
