import type { Place } from '../model/model.ts';
import type { ConfigurationRule } from './rule.ts';
/** The definition or the value that names one below `account`. */
interface Use {
    name: string;
    place: Place;
}
export declare const unknownAccount: ConfigurationRule<Use>;
export {};
