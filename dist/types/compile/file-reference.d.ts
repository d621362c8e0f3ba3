import type { SecretReference } from '../config/model/model.ts';
import type { Scope } from '../config/templates/scope.ts';
/** Rules have passed: every expression is a parameter or a constant. A reference without values stays as it is. */
export declare function resolveFile(reference: SecretReference, scope: Scope): SecretReference;
/** What to look at to see a change: the file, or for one with expressions the folder before the first, with its slash. */
export declare function watchedPath(reference: SecretReference): string | undefined;
