// Calls back when something that the requests of a delivery need got a new value.
import { AppError } from '../base/error.ts'
import type { Executor } from '../runtime/executor.ts'
import type { DeliveryRecord } from './queue/delivery-queue.ts'

/** Until the returned function is called. */
export function whenRenewed(executor: Executor, record: DeliveryRecord, renewed: () => void): () => void {
  try {
    const live = executor.action(record.action)
    const { service } = live.plan
    const stopService = service === undefined ? undefined : executor.service(service, record.params).onRenewed(renewed)
    const stopAction = live.onRenewed(renewed)
    return () => {
      stopService?.()
      stopAction()
    }
  } catch (gone) {
    if (gone instanceof AppError) return () => {}
    throw gone
  }
}
