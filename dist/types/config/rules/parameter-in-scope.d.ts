import type { Account, Place } from '../model/model.ts';
import { type Expression } from '../templates/template.ts';
import type { ConfigurationRule } from './rule.ts';
export declare const parameterInScope: ConfigurationRule<UsedParameter>;
/** An expression of `scope` that is nothing but a parameter. */
interface UsedParameter {
    account: Account;
    name: string;
    expression: Expression;
    place: Place;
}
export {};
