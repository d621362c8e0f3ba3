import type { Service } from '../model/model.ts';
import type { ConfigurationRule } from './rule.ts';
export declare const exposedDaemon: ConfigurationRule<Service>;
/** Whether an address is neither a Unix socket nor a loopback host with a port. */
export declare function isExposed(address: string): boolean;
