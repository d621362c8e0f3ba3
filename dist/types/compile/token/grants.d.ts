import type { OAuth2 } from '../../config/model/model.ts';
import type { Scope } from '../../config/templates/scope.ts';
import { type TextPlan, type Values } from '../text.ts';
import type { Parameter } from './request-body.ts';
export interface GrantPlan {
    /** The values that go into the request, by their keys. */
    texts: {
        name: string;
        text: TextPlan;
    }[];
    /** What else decides which token is issued, known now. */
    words: readonly unknown[];
    /** Rejects with AppError for values that may not be sent, or a key that cannot sign. */
    params(values: Values, asking: Asking): Promise<GrantParams>;
}
/** Who asks whom: what an assertion says by default. */
export interface Asking {
    /** Empty for none. */
    clientId: string;
    url: URL;
}
export interface GrantParams {
    /** `grant_type`, where the grant has one. */
    type: Parameter[];
    members: Parameter[];
    /** What of it must not be said, as it was read and as it is sent. */
    secrets: string[];
}
export declare function compileGrant(account: string, oauth2: OAuth2, scope: Scope): GrantPlan;
