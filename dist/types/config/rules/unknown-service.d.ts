import type { Action } from '../model/model.ts';
import type { ConfigurationRule } from './rule.ts';
export declare const unknownService: ConfigurationRule<Action>;
