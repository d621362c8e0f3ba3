import type { ActionType, Retry, SecretReference } from '../../config/model/model.ts';
import type { CheckInput } from '../../config/schema/input-schema.ts';
import type { Values } from '../text.ts';
/** What is known of a file before it is sent. */
export interface FileFacts {
    /** As its owner calls it, without folders. */
    name: string;
    /** Bytes. */
    size: number;
    type: string;
    /** Hex; needed only by actions that say so. */
    sha256?: string;
}
/** A body as it goes over the wire: bytes, and files by their position, one after the other. */
export type BodyPart = {
    kind: 'bytes';
    bytes: Buffer;
} | {
    kind: 'file';
    index: number;
};
export interface ActionRequest {
    method: string;
    /** Below the service's URL, with query; or a whole URL, `guarded` where a value chose its host. */
    target: {
        kind: 'path';
        path: string;
    } | {
        kind: 'url';
        url: URL;
        guarded: boolean;
    };
    headers: (readonly [string, string])[];
    body: BodyPart[];
}
/** What one request is made of. */
export interface RequestInput {
    input: unknown;
    /** One for `each`, all for `together`, none for an action without files. */
    files: readonly FileFacts[];
    /** Secrets, and the `uuid` and `now` of this delivery. */
    values: Values;
}
export interface ActionPlan {
    name: string;
    title?: string;
    type: ActionType;
    /** Name of its service. */
    service?: string;
    /** Equal for actions that behave the same. */
    fingerprint: string;
    /** What must be read besides the service's own. */
    references: readonly SecretReference[];
    files: 'each' | 'together';
    /** It cannot run without a file. An action that does not need one takes none. */
    needsFile: boolean;
    /** Its texts name `file.sha256`. */
    needsSha256: boolean;
    /** Undefined: any 2xx. */
    successStatus?: readonly number[];
    keepResponseBytes?: number;
    retry: Retry;
    ordered: boolean;
    checkInput: CheckInput;
    /** Throws AppError `invalid_input` for values that no attempt could send, whatever the secrets are: reads none. */
    checkRequest(given: RequestInput): void;
    /** Throws AppError `invalid_input` or `invalid_template_value` for values that may not be sent. */
    buildRequest(given: RequestInput): ActionRequest;
    /** Undefined: the delivery's own id. */
    idempotencyKey?(given: RequestInput): string;
}
