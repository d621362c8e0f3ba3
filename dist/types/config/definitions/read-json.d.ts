import type { JsonTemplate, Place } from '../model/model.ts';
export declare function readJson(raw: unknown, place: Place): JsonTemplate;
