import type { InjectRule, Place } from '../model/model.ts';
import type { RawInject } from './raw.ts';
export declare function readInject(raw: RawInject, place: Place): InjectRule;
