import type { Action, Service } from '../model/model.ts';
import type { ConfigurationRule } from './rule.ts';
export declare const reservedHeader: ConfigurationRule<Service | Action>;
