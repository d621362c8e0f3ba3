// The library's public surface.
import { deliverNow } from './deliveries/deliver-now.ts'
import { createExecutorWith, type Executor, type ExecutorOptions } from './runtime/executor.ts'
import { watchFiles } from './runtime/watch-files.ts'

export type { Clock } from './base/clock.ts'
export { AppError, type AppErrorCode, type AppErrorDetails } from './base/error.ts'
export type { Log } from './base/log.ts'
export type { Diagnostic, Position, Range, Related, Severity } from './diagnostics/diagnostic.ts'
export type { Authorization } from './runtime/authorization.ts'
export type {
  DeliverOptions,
  Delivery,
  DeliveryProgress,
  DeliveryResult,
  GivenFile,
  KeptResponse,
  SentRequest,
} from './runtime/delivering.ts'
export type { Executor, ExecutorOptions } from './runtime/executor.ts'
export type { GenerationDiff } from './runtime/generation/generation-diff.ts'
export { ConfigurationError, type LoadResult } from './runtime/load-result.ts'

/** An executor with nothing loaded. Dispose of it (`await using`) to end its watching and its background renewals. */
export function createExecutor(options: ExecutorOptions = {}): Executor {
  return createExecutorWith({ watchPaths: watchFiles, deliver: deliverNow }, options)
}
