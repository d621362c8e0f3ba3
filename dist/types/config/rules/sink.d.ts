import type { Service } from '../model/model.ts';
import type { ConfigurationRule } from './rule.ts';
export declare const sink: ConfigurationRule<Service>;
