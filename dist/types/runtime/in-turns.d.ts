import type { Steps } from '../base/steps.ts';
/** Requests do not wait for more than a slice. */
export declare function inTurns<T>(steps: Steps<T>): Promise<T>;
