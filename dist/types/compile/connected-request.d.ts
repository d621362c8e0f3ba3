import type { ConnectionPlan } from './connection.ts';
import type { RequestStep } from './steps/request-token.ts';
/** Certificates prove the client, whatever else does: they are part of who asks. */
export declare function connectRequests(step: RequestStep, plan: ConnectionPlan | undefined): RequestStep;
