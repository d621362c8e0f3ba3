import type { SignedAssertion } from '../../config/model/model.ts';
import type { Scope } from '../../config/templates/scope.ts';
import { type TextPlan, type Values } from '../text.ts';
/** What holds when the assertion says nothing else. */
export interface AssertionDefaults {
    /** Undefined: no such claim. */
    issuer: string | undefined;
    subject: string | undefined;
    audience: string;
    /** Header member `typ`. */
    typ: string;
    /** Signs where the assertion has no key of its own. */
    secret?: string;
}
export interface AssertionPlan {
    /** Every text in it. */
    texts: TextPlan[];
    /** What else is in it, known now. */
    words: readonly unknown[];
    /** With a new `jti` each time. Rejects with AppError `secret_unavailable` when the key cannot sign so. */
    sign(values: Values, defaults: AssertionDefaults): Promise<string>;
}
/** `label` names the assertion in errors, such as `clientAssertion` of account `a`. */
export declare function compileAssertion(assertion: SignedAssertion, scope: Scope, label: string): AssertionPlan;
