import type { Clock } from '../base/clock.ts';
import type { Params } from '../config/templates/scope.ts';
import type { LiveAction } from './generation/live-action.ts';
import type { LiveService } from './generation/live-service.ts';
/** A file on the disk; `name` and `type` instead of those that its path says. */
export type GivenFile = string | {
    path: string;
    name?: string;
    type?: string;
};
export interface DeliverOptions {
    files?: readonly GivenFile[];
    input?: unknown;
    /** `text`: the values of the input are texts, which become what its schema wants. Default `json`. */
    inputFrom?: 'json' | 'text';
    /** Of the service. */
    params?: Params;
    /** How often a request is sent at most, while it fails for a reason that may pass. Default `retry.attempts` of the action where it is written, else 3. */
    attempts?: number;
    signal?: AbortSignal;
}
export interface DeliveryProgress {
    /** Counted from 1. */
    request: number;
    requests: number;
    attempt: number;
    /** How many there are at most. */
    attempts: number;
    /** This attempt failed, and the next one begins after a pause. */
    failed?: {
        code: string;
        message: string;
        status?: number;
        nextMs: number;
    };
    /** Of the request that is being sent. */
    file?: string;
    /** Of all files. */
    sentBytes: number;
    totalBytes: number;
}
export interface KeptResponse {
    status: number;
    contentType?: string;
    body: Buffer;
    /** It was longer. */
    cut: boolean;
}
export interface SentRequest {
    file?: string;
    status: number;
    attempts: number;
    response?: KeptResponse;
}
export interface DeliveryResult {
    id: string;
    requests: SentRequest[];
}
/** Iterating tells the progress, and throws what `result` is rejected with: an AppError. */
export interface Delivery extends AsyncIterable<DeliveryProgress> {
    /** Its own, and its `Idempotency-Key` unless the action says another one; no daemon knows it. */
    readonly id: string;
    readonly result: Promise<DeliveryResult>;
}
export interface DeliverContext {
    action: LiveAction;
    /** Throws AppError for parameters that do not fit. */
    service(params: Params): LiveService | undefined;
    clock: Clock;
    random(): number;
    /** Where relative paths start. */
    directory: string;
}
export type DeliverAction = (context: DeliverContext, options: DeliverOptions) => Delivery;
