import type { Account } from '../model/model.ts';
import type { ConfigurationRule } from './rule.ts';
/** What a part does not know of its own: who else uses its accounts, and whose are those that it uses. */
interface Fact {
    unused: readonly Account[];
    foreign: readonly string[];
}
export declare const unusedAccount: ConfigurationRule<Fact>;
export {};
