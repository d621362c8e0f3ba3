import type { Account, InjectRule, OAuth2 } from '../config/model/model.ts';
import { type Scope } from '../config/templates/scope.ts';
import type { Credential } from './steps/inject.ts';
/** Where the account says nothing, the header of RFC 6750. */
export declare function accountBearer(account: Account, { inject, dpop }: OAuth2, scope: Scope): Credential;
export declare function bearerCredential({ account, proves }: {
    account: string;
    proves: boolean;
}, rule: InjectRule, scope: Scope): Credential;
type StaticAuthorization = Exclude<Account['authorization'], {
    kind: 'oauth2';
}>;
export declare function staticCredential(authorization: StaticAuthorization, scope: Scope): Credential;
export declare function textsOf(credential: Credential): import("./text.ts").TextPlan[];
export declare function injectIdentity(credential: Credential): unknown;
export {};
