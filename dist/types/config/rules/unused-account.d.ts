import type { Account } from '../model/model.ts';
import type { ConfigurationRule } from './rule.ts';
export declare const unusedAccount: ConfigurationRule<Account>;
