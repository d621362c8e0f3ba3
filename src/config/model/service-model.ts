// What a service takes from its callers, gives to files, and reads in answers; part of the model.
import type { MemberTest } from './response-model.ts'

/** An answer that says that the token is not accepted: all of it must hold. */
export interface RejectionRule {
  statuses: readonly number[]
  /** In its JSON body; without a value anything but null may stand there. */
  member?: Pick<MemberTest, 'at'> & Partial<MemberTest>
  /** A younger token is not taken for a rejected one. */
  minAgeMs?: number
}

/** When a request that may be repeated is sent again. */
export interface RetryRule {
  /** In all, the first one included. */
  attempts: number
  statuses: readonly number[]
  /** Also when the connection failed before the answer began. */
  connection: boolean
  maxDelayMs: number
}

/** What a caller says with a request: `params.NAME`. */
export interface Parameter {
  name: string
  /** As written; the whole value must match. */
  pattern: string
  default?: string
}

/** A file that always holds the current credential of a service. */
export interface Sink {
  /** Absolute. */
  path: string
  format: 'token' | 'header' | 'json'
  /** Permission bits. */
  mode: number
}
