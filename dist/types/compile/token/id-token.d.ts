import { AppError } from '../../base/error.ts';
import { type Secret } from '../../base/secret.ts';
import type { OAuth2 } from '../../config/model/model.ts';
import type { Scope } from '../../config/templates/scope.ts';
import { type Values } from '../text.ts';
/** Throws AppError `token_invalid_response`. `values.server` tells the expected issuer, where one is known. */
export type CheckIdToken = (token: Secret, values: Values, nowMs: number) => void;
export declare function compileIdTokenCheck(account: string, oauth2: OAuth2, scope: Scope): CheckIdToken;
export declare function idTokenError(account: string, fault: string): AppError;
