import type { ActionPlan, ActionRequest, FileFacts } from '../compile/actions/action-plan.ts';
import type { Values } from '../compile/text.ts';
import type { Params } from '../config/templates/scope.ts';
/** A file of a delivery and where its bytes are. */
export interface StoredFile extends FileFacts {
    path: string;
    /** Instead of a path, where they were read already. */
    bytes?: Buffer;
}
export interface DeliveryJob {
    id: string;
    action: string;
    params: Params;
    input: unknown;
    files: readonly StoredFile[];
    /** Unix time in milliseconds: the `now` of its texts. */
    createdAtMs: number;
}
/** The files of each request. */
export declare function requestsOf({ files: how }: Pick<ActionPlan, 'files'>, files: readonly StoredFile[]): StoredFile[][];
export interface PreparedRequest extends ActionRequest {
    files: readonly StoredFile[];
    idempotencyKey: string;
}
/** `secrets` are those of the action now; all other values are the delivery's own. Throws AppError for values that may not be sent. */
export declare function prepareRequest(plan: ActionPlan, job: DeliveryJob, index: number, secrets: Values): PreparedRequest;
/** Throws AppError `invalid_input` for values that no attempt could send. Reads no secret. */
export declare function checkRequests(plan: ActionPlan, job: DeliveryJob): void;
