import type { Service } from '../model/model.ts';
import type { ConfigurationRule } from './rule.ts';
/** Where the token of a service's account goes. */
interface Target {
    service: Service;
    site: string;
}
export declare const sharedToken: ConfigurationRule<Target>;
export {};
