// What decides how a service behaves -> its fingerprint.
import type { Service } from '../config/model/model.ts'
import { fingerprint } from './fingerprint.ts'
import type { AccountPlan } from './plan.ts'
import type { NamedText } from './steps/expand-template.ts'

export function serviceFingerprint(
  service: Service,
  account: AccountPlan,
  parts: readonly unknown[],
  headers: readonly NamedText[],
): string {
  return fingerprint(
    // Where accounts are equal, it is the name that finds the one at work.
    [service.account, account.fingerprint],
    parts,
    headers.map(({ name, text }) => [name, text.identity]),
    [service.listen, service.title, service.timeoutMs, service.timeoutMessage, service.allowHttp, service.healthCheck],
    [service.allow, service.reauthenticateOn, service.retry],
    service.sinks.map(({ path, format, mode }) => [path, format, mode]),
    [service.parameterLimit, service.parameters.map(({ name, pattern, default: value }) => [name, pattern, value])],
  )
}
