import type { RejectionRule } from '../model/model.ts';
import type { RawRejection } from './raw.ts';
export declare const DEFAULT_REJECTIONS: readonly RejectionRule[];
export declare function readRejections(raw: RawRejection | RawRejection[]): RejectionRule[];
