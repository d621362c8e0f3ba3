// A page of deliveries: full as long as there is as much that the caller may see.
import type { IncomingMessage } from 'node:http'
import type { Deliveries } from '../deliveries/deliveries.ts'
import type { DeliverySummary, ListFilter } from '../deliveries/queue/delivery-queue.ts'
import { callerOf, mayUseDelivery } from './callers/admission.ts'

export interface Page {
  deliveries: DeliverySummary[]
  /** What `after` the next page is; null for the last one. */
  next: string | null
}

/** Of deliveries with values that are another caller's, in one request: then the page ends early, and says where it goes on. */
const MAX_PASSED_OVER = 10_000

export async function listDeliveries(
  deliveries: Deliveries,
  request: IncomingMessage,
  { limit, ...filter }: ListFilter,
): Promise<Page> {
  const action = visibleActions(callerOf(request)?.actions, filter.action)
  if (action?.length === 0) return { deliveries: [], next: null }
  const found: DeliverySummary[] = []
  let { before } = filter
  for (let passed = 0; passed < MAX_PASSED_OVER; ) {
    const asked = { ...filter, limit: limit + 1, ...(action && { action }), ...(before !== undefined && { before }) }
    const rows = await deliveries.list(asked)
    for (const row of rows) {
      if (!mayUseDelivery(request, row.action, deliveries.valuesOf(row))) passed++
      else if (found.length < limit) found.push(row)
      else return { deliveries: found, next: String(found.at(-1)!.seq) }
    }
    if (rows.length <= limit) return { deliveries: found, next: null }
    before = rows.at(-1)!.seq
  }
  return { deliveries: found, next: String(before) }
}

/** Undefined for all of them. */
function visibleActions(
  allowed: readonly string[] | undefined,
  wanted: readonly string[] | undefined,
): readonly string[] | undefined {
  if (!allowed || allowed.includes('*')) return wanted
  return wanted ? wanted.filter(name => allowed.includes(name)) : allowed
}
