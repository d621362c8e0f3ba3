import type { Diagnostic } from '../diagnostics/diagnostic.ts';
/** Says that a related place is the one that an alias or a merge key repeats. */
export declare const DEFINED_HERE = "defined here";
/**
 * Of findings that say the same about one definition, the one at the definition stays, or else the first. `diagnostics` are
 * sorted.
 */
export declare function withoutRepeats(diagnostics: readonly Diagnostic[]): Diagnostic[];
