import type { BodyPart } from '../compile/actions/action-plan.ts';
import type { Connection } from '../compile/plan.ts';
import type { StoredFile } from './delivery.ts';
import { type ReadAnswer, type ReadOptions } from './read-answer.ts';
export interface OutgoingRequest {
    url: URL;
    method: string;
    headers: readonly (readonly [string, string])[];
    body: readonly BodyPart[];
    files: readonly StoredFile[];
}
export interface SendOptions extends ReadOptions {
    /** Who is sent to, for errors. */
    target: string;
    service?: string;
    /** Until the response headers, and between parts of the body. */
    timeoutMs: number;
    timeoutMessage?: string;
    /** How the service is reached, where it says so. */
    connection?: Connection;
    signal?: AbortSignal;
    onSent?(bytes: number): void;
}
export interface ServerAnswer extends ReadAnswer {
    status: number;
    retryAfter?: string;
    /** The headers WWW-Authenticate and DPoP-Nonce. */
    challenge?: string;
    dpopNonce?: string;
}
export declare function sendRequest(outgoing: OutgoingRequest, options: SendOptions): Promise<ServerAnswer>;
