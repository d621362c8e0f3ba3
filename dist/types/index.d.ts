import { type Executor, type ExecutorOptions } from './runtime/executor.ts';
export type { Clock } from './base/clock.ts';
export { AppError, type AppErrorCode, type AppErrorDetails } from './base/error.ts';
export type { Log } from './base/log.ts';
export type { Diagnostic, Position, Range, Related, Severity } from './diagnostics/diagnostic.ts';
export { type Authorization, ConfigurationError, type Executor, type ExecutorOptions, type LoadResult, } from './runtime/executor.ts';
/** An executor with nothing loaded. Dispose of it (`await using`) to end its watching and its background renewals. */
export declare function createExecutor(options?: ExecutorOptions): Executor;
