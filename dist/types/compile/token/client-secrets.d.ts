import { Secret } from '../../base/secret.ts';
import type { OAuth2 } from '../../config/model/model.ts';
import type { Scope } from '../../config/templates/scope.ts';
import { type TextPlan, type Values } from '../text.ts';
/** Of an account that has more than one. */
export interface SeveralSecrets {
    /** In order. */
    identities: readonly string[];
    /** In order. */
    read(values: Values): Secret[];
}
export interface ClientSecretTexts {
    /** All of them as one text, for references and identity; none where no secret is written. */
    all: TextPlan[];
    several?: SeveralSecrets;
    /** The one that these values use; empty where none is written. */
    render(values: Values): string;
}
export declare function compileClientSecrets({ clientSecrets }: OAuth2, scope: Scope): ClientSecretTexts;
