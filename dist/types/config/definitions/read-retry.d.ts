import type { RetryRule } from '../model/model.ts';
import type { RawRetry } from './raw.ts';
export declare function readRetry({ attempts, on, maxDelay }: RawRetry): RetryRule;
