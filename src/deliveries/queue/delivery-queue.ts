// What waits, runs and was done: the one thing that must survive. Whatever a method has answered is on the disk.
import type { Params } from '../../config/templates/scope.ts'
import type { KeptResponse } from '../../runtime/delivering.ts'
import type { DeliveryJob } from '../delivery.ts'

export type DeliveryState = 'pending' | 'running' | 'delivered' | 'dead'

export interface DeliveryProblem {
  code: string
  message: string
  /** HTTP status of the other side. */
  status?: number
}

export interface DeliveryRecord extends DeliveryJob {
  params: Params
  /** Grows with each accepted one; the order of `ordered` and of lists. */
  seq: number
  state: DeliveryState
  attempts: number
  /** Requests of it that were delivered. */
  sent: number
  /** Unix time in milliseconds; null unless it is pending. */
  nextAttemptAtMs: number | null
  lastError: DeliveryProblem | null
  settledAtMs: number | null
  response: KeptResponse | null
}

export interface AttemptRecord {
  atMs: number
  durationMs: number
  status?: number
  problem?: DeliveryProblem
}

/** What may be claimed now. */
export interface ClaimLimits {
  nowMs: number
  count: number
  /** Actions that have enough at work, or must wait. */
  except: readonly string[]
  /** Actions of which only the oldest open delivery may run. */
  ordered: readonly string[]
}

export interface Claimed {
  records: DeliveryRecord[]
  /** When the next one that these limits allow is due; undefined for none. */
  nextDueMs?: number
}

/** What one attempt changes. */
export interface Outcome {
  state: 'pending' | 'delivered' | 'dead'
  attempts: number
  nextAttemptAtMs: number | null
  lastError: DeliveryProblem | null
  settledAtMs: number | null
  response?: KeptResponse
}

export interface ListFilter {
  action?: readonly string[]
  state?: readonly DeliveryState[]
  /** Only older ones: the `seq` of the last one of the page before. */
  before?: number
  limit: number
}

/** Without what may be large. */
export type DeliverySummary = Omit<DeliveryRecord, 'input' | 'response'>

export interface AddOptions {
  /** As its action says now. */
  ordered: boolean
  /** One with the same key is the same one. */
  key?: string
  /** The bytes of its files, one after the other, where the queue keeps them itself. */
  content?: Buffer
}

/** The actions that are known now. */
export interface Order {
  ordered: readonly string[]
  parallel: readonly string[]
}

export interface DeliveryQueue {
  /** Other processes use it as well. */
  readonly shared: boolean
  /** The earlier one, and nothing is added, where the key was given before. Rejects with AppError `state_refused` for what it cannot keep. */
  add(job: DeliveryJob, options: AddOptions): Promise<DeliveryRecord>
  /** They are running from now on. */
  claim(limits: ClaimLimits): Promise<Claimed>
  /** One more request of a running delivery is delivered. */
  progress(id: string, sent: number): Promise<void>
  /** The end of an attempt; `attempt` undefined when none was made. False, and nothing changed, when another process has taken it over. */
  settle(id: string, outcome: Outcome, attempt: AttemptRecord | undefined): Promise<boolean>
  /** What `add` was given. Undefined when there is none, or not any more. */
  content(id: string): Promise<Buffer | undefined>
  get(id: string): Promise<DeliveryRecord | undefined>
  attempts(id: string): Promise<AttemptRecord[]>
  /** The newest first. */
  list(filter: ListFilter): Promise<DeliverySummary[]>
  /** A dead one is pending again, with all its attempts ahead. False when it is not dead. */
  revive(id: string, nowMs: number): Promise<boolean>
  /** False when it is running, or not there. */
  remove(id: string): Promise<boolean>
  /** All that wait of these actions are due now; only those that failed last with one of `codes`, where they are given. */
  expedite(actions: readonly string[], nowMs: number, codes?: readonly string[]): Promise<void>
  /** Those that wait are in line as their actions say now. */
  arrange(order: Order, nowMs: number): Promise<void>
  /** Those of these ids that wait or run. */
  openAmong(ids: readonly string[]): Promise<string[]>
  /** Those of these ids whose files are still needed. */
  undeliveredAmong(ids: readonly string[]): Promise<string[]>
  /** Of the files of all that are not delivered. */
  storedBytes(): Promise<number>
  /** Ids of delivered ones that were settled before this time, at most a thousand. */
  settledBefore(atMs: number): Promise<string[]>
  /** Open ones by action. */
  counts(): Promise<Map<string, number>>
  /** What the first process said, for all that use the queue. */
  agree(name: string, value: string): Promise<string>
  close(): Promise<void>
}
