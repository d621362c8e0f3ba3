// Which answers of a service say that the token was not accepted.
import { formatDuration } from '../base/duration.ts'
import type { RejectionRule } from '../config/model/model.ts'
import { equalsAt, valueAt } from './json-pointer.ts'

/** `read`: only the body can tell. `undecided`: the token is too young to be taken for a rejected one. */
export type Verdict = 'accepted' | 'rejected' | 'undecided' | 'read'

/** Without a body a verdict may be `read`, with one never. The age, in milliseconds, is that of the youngest token. */
export type Judge = (status: number, ageMs: () => number, body?: string) => Verdict

/** A larger body rejects nothing. */
export const MAX_JUDGED_BYTES = 64 * 1024

/** Also those that JSON is sent as although it is none; an endless stream of events is no answer that says so. */
const JSON_TYPE = /^(?:|text\/(?:plain|html|json|javascript)|application\/(?:[\w.-]+\+)?(?:json|javascript))$/

export function compileRejections(rules: readonly RejectionRule[]): Judge {
  const judged = new Set(rules.flatMap(({ statuses }) => statuses))
  return (status, ageMs, body) => {
    if (!judged.has(status)) return 'accepted'
    const named = rules.filter(({ statuses }) => statuses.includes(status))
    const age = ageMs()
    const due = named.filter(({ minAgeMs = 0 }) => age >= minAgeMs)
    if (due.some(({ member }) => !member)) return 'rejected'
    if (due.length > 0 && body === undefined) return 'read'
    if (due.length > 0 && rejectedBy(due, body!)) return 'rejected'
    return named.length > due.length ? 'undecided' : 'accepted'
  }
}

function rejectedBy(rules: readonly RejectionRule[], body: string): boolean {
  const json = parsed(body)
  return rules.some(({ member }) => member !== undefined && saysSo(json, member))
}

function saysSo(json: unknown, { at, equals }: NonNullable<RejectionRule['member']>): boolean {
  return equals === undefined ? (valueAt(json, at) ?? null) !== null : equalsAt(json, { at, equals })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a body of this type and length, as the headers tell them, is looked at. */
export function isJudged(contentType: string, contentLength: string): boolean {
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase()
  return JSON_TYPE.test(type) && !(Number(contentLength) > MAX_JUDGED_BYTES)
}

/** For explanations. */
export function rejectionWords(rules: readonly RejectionRule[]): string {
  return rules.map(wordsOf).join('; or ')
}

function wordsOf({ statuses, member, minAgeMs }: RejectionRule): string {
  const equals = member?.equals === undefined ? '' : ` = ${JSON.stringify(member.equals)}`
  const body = member ? `, ${member.at}${equals} in the body` : ''
  const age = minAgeMs === undefined ? '' : `, token at least ${formatDuration(minAgeMs)} old`
  return `status ${statuses.join(', ')}${body}${age}`
}
