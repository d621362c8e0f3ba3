import type { ClientAssertion, Place, SignedAssertion } from '../model/model.ts';
import type { RawAccount, RawClientAssertion } from './raw.ts';
export declare const DEFAULT_ASSERTION_LIFETIME_MS = 60000;
/** `client_secret_jwt` needs no word about its assertion: the client secret signs it. */
export declare function readClientAssertion(raw: RawAccount, account: Place): {
    clientAssertion?: ClientAssertion;
};
export declare function readSignedAssertion(raw: RawClientAssertion, place: Place): SignedAssertion;
export declare function readKeptAssertion({ file, type, at: pointer }: RawClientAssertion, place: Place): Omit<ClientAssertion & {
    kind: 'kept';
}, 'kind'>;
