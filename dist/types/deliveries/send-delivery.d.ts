import type { KeptResponse } from '../runtime/delivering.ts';
import type { LiveAction } from '../runtime/generation/live-action.ts';
import type { LiveService } from '../runtime/generation/live-service.ts';
import { type DeliveryJob } from './delivery.ts';
export interface AttemptContext {
    action: LiveAction;
    /** Undefined for an action with a URL of its own. */
    service: LiveService | undefined;
    nowMs(): number;
    signal?: AbortSignal;
    /** Bytes of files, as they leave. */
    onSent?(bytes: number): void;
    /** The token was refused, or its proof lacked a nonce: what was sent is sent again. */
    onAgain?(): void;
}
export interface DeliveredRequest {
    status: number;
    response?: KeptResponse;
}
/** Rejects with AppError; `details.transient` says that a later attempt may succeed, `details.retryAtMs` not before when. */
export declare function sendDelivery(job: DeliveryJob, index: number, context: AttemptContext): Promise<DeliveredRequest>;
/** RFC 9110 section 10.2.3: seconds or a date. At most a day. */
export declare function retryTime(header: string | undefined, nowMs: number): number | undefined;
