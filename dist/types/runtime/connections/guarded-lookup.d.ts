import type { LookupFunction } from 'node:net';
/** Fails with AppError `invalid_template_value` when no other address is there. */
export declare const guardedLookup: LookupFunction;
