import type { JsonTemplate, Value } from '../model/model.ts';
/** The way is `claims.roles.0` for the first item of a list. */
export declare function jsonValues(json: JsonTemplate, way?: string): {
    name: string;
    value: Value;
}[];
