import type { SecretReference } from '../config/model.ts';
import type { Scope } from '../config/scope.ts';
/** Rules have passed: every expression is a parameter or a constant. A reference without values stays as it is. */
export declare function resolveFile(reference: SecretReference, scope: Scope): SecretReference;
/** Up to the last slash. */
export declare function folderOf(path: string): string;
