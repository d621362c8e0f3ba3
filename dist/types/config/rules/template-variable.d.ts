import { type UsedValue } from '../definitions/value.ts';
import type { Place } from '../model/model.ts';
import { type Scope } from '../templates/scope.ts';
import type { ConfigurationRule } from './rule.ts';
type Owner = NonNullable<UsedValue['owner']>;
/** A variable that the scope of its place does not have. */
interface Unknown {
    owner: Owner;
    place: Place;
    variable: {
        name: string;
        start: number;
        end: number;
    };
    scope: Scope;
}
export declare const templateVariable: ConfigurationRule<Unknown>;
export {};
