import type { Dispatcher } from 'undici';
import type { KeptResponse } from '../runtime/delivering.ts';
export interface ReadOptions {
    /** Undefined: nothing is kept. */
    keepBytes?: number;
    /** Whether the body of an answer with this status says something about the token. */
    judges?(status: number): boolean;
}
export interface ReadAnswer {
    response?: KeptResponse;
    /** Absent: it says nothing about the token, or is no body that is looked at. */
    judged?: string;
}
/** Rejects with an error of the connection only where the body is to be kept. */
export declare function readAnswer({ statusCode: status, headers, body }: Dispatcher.ResponseData, { keepBytes, judges }: ReadOptions): Promise<ReadAnswer>;
