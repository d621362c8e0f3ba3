import { AppError } from '../../base/error.ts';
/** The pause after the `count`th failure in a row; `random` (0 to 1) shortens it by up to a quarter. */
export declare function pauseAfter(error: AppError, count: number, random: number): number;
/** Who hears of it knows when it is tried again. */
export declare function pausedUntil({ code, message, details }: AppError, retryAtMs: number, text?: string): AppError;
/** An answer such as "not yet expired" of a server that renews only shortly before the end: no fault while the old value lives. */
export declare function isTooEarly({ code, details }: AppError): boolean;
