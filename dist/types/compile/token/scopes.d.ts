import type { OAuth2 } from '../../config/model/model.ts';
import type { Scope } from '../../config/templates/scope.ts';
import { type TextPlan, type Values } from '../text.ts';
export interface ScopesPlan {
    /** Those that are known only at run time, for references and identity. */
    texts: readonly TextPlan[];
    /** All others, each at its place. */
    words: readonly (string | null)[];
    /** Throws AppError `invalid_template_value` for a value that is no part of one scope. */
    render(values: Values): readonly string[];
}
/** Throws AppError `invalid_parameter` where the value of a parameter is no part of one scope. */
export declare function compileScopes(account: string, oauth2: OAuth2, scope: Scope): ScopesPlan;
