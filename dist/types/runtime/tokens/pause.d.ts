import type { AppError } from '../../base/error.ts';
/** The pause after the `count`th failure in a row; `random` (0 to 1) shortens it by up to a quarter. */
export declare function pauseAfter(error: AppError, count: number, random: number): number;
/** An answer such as "not yet expired" of a server that renews only shortly before the end: no fault while the old value lives. */
export declare function isTooEarly({ code, details }: AppError): boolean;
