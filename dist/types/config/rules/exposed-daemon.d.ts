import type { Rule } from './rule.ts';
export declare const exposedDaemon: Rule;
/** Whether an address is neither a Unix socket nor a loopback host with a port. */
export declare function isExposed(address: string): boolean;
