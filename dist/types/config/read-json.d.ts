import type { JsonTemplate, Place } from './model.ts';
export declare function readJson(raw: unknown, place: Place): JsonTemplate;
