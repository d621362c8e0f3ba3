import type { Account, Place, Service } from '../model/model.ts';
import { type TemplatePart } from '../templates/template.ts';
import type { ConfigurationRule } from './rule.ts';
export declare const parameterInUri: ConfigurationRule<UsedUri>;
interface UsedUri {
    parts: readonly TemplatePart[];
    place: Place;
    owner: Account | Service;
}
export {};
