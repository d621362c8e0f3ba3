import type { Value } from '../model/model.ts';
export type KeyShape = 'private' | 'public' | 'certificate' | 'none';
/** PEM or a JWK; in an environment variable or in one line of YAML the line breaks of a PEM may be missing. */
export declare function keyShape(text: string): KeyShape;
/** Of a value that is written in the file; undefined for a reference, which only tells where the key is. */
export declare function keyShapeOf(value: Value): KeyShape | undefined;
