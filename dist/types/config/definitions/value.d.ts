import type { Account, Action, Caller, DaemonSettings, Place, Service, Value, Variables } from '../model/model.ts';
import type { RawValue } from './raw.ts';
/** A text may hold expressions. */
export declare function readText(raw: RawValue, place: Place): Value;
export declare function readVariables(raw: Record<string, RawValue> | undefined, place: Place): Variables;
/** The place of a key below a place. */
export declare function at(place: Place, ...keys: (string | number)[]): Place;
/** A text is a literal secret, taken as it is; with `template`, one that holds `{{` is a template of secrets. */
export declare function readSecret(raw: RawValue, place: Place, texts?: 'literal' | 'template'): Value;
/** The text of a value that may hold expressions, and where it is written; undefined for a reference without any. */
export declare function templateOf(value: Value): {
    text: string;
    place: Place;
} | undefined;
/** `uri`: the place decides how a value is encoded. `secret`: a text there is a literal secret. */
export interface UsedValue {
    value: Value;
    use: 'uri' | 'text' | 'secret' | 'variable';
    /** Its expressions may name what a token response brought: `bearer`. */
    inject?: true;
    /** They may name the tokens that a refresh has: `refreshToken` and `bearer`. */
    refresh?: true;
    /** A private key, that signs. */
    signs?: true;
    /** Whose scope its expressions have; undefined for a file-wide variable. */
    owner?: Account | Service | Action;
    /** Of an action: where its expressions stand, when that is not the request. */
    part?: 'outputFileName';
}
/** The bearer of another account, or a member of its token response. */
export type UsedBearer = UsedValue & {
    value: {
        kind: 'secret';
        reference: {
            kind: 'account';
        };
    };
};
export declare function isBearer(used: UsedValue): used is UsedBearer;
/** Every value of some definitions, in their order. */
export declare function allValues(draft: {
    vars: Variables;
    accounts: Iterable<Account>;
    services: Iterable<Service>;
    daemon?: DaemonSettings;
    actions: Iterable<Action>;
}): UsedValue[];
export declare function accountValues(account: Account): UsedValue[];
export declare function serviceValues(owner: Service): UsedValue[];
/** What is read to know a caller: its token, its certificate. */
export declare function callerSecrets({ token, certificate }: Caller): Value[];
export declare function actionValues(owner: Action): UsedValue[];
export declare function variableValues(vars: Variables, owner?: Account | Service | Action): UsedValue[];
