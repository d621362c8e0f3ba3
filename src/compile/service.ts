// Service -> ServicePlan, with what its account gives.
import { DEFAULT_REJECTIONS } from '../config/definitions/read-rejections.ts'
import type { Service } from '../config/model/model.ts'
import { injectScope, type Scope } from '../config/templates/scope.ts'
import type { CompiledAccount } from './account.ts'
import { compileAllow } from './allow.ts'
import { compileConnection, connectService } from './connection.ts'
import { bearerCredential, injectIdentity, textsOf } from './credential.ts'
import { compileParameters } from './parameters.ts'
import type { ServicePlan } from './plan.ts'
import { compileRejections } from './rejection.ts'
import { serviceFingerprint } from './service-fingerprint.ts'
import { compileNamed } from './steps/expand-template.ts'
import { compileInject } from './steps/inject.ts'
import { collectReferences } from './steps/resolve-secrets.ts'
import { compileUri } from './text.ts'

export function compileService(service: Service, account: CompiledAccount, scope: Scope): ServicePlan {
  const serverUrl = compileUri(service.serverUrl, scope, { allowHttp: service.allowHttp, label: 'serverUrl' })
  const headers = compileNamed(service.headers, scope)
  const { credential: given } = account
  const own = given.kind === 'bearer' ? service.inject : undefined
  const credential = own && 'account' in given ? bearerCredential(given, own, injectScope(scope, service)) : given
  const { inject, removes } = compileInject(credential, headers)
  const injected = 'rule' in credential ? [credential.text] : []
  const texts = [...textsOf(credential), ...injected, ...headers.map(({ text }) => text)]
  const connection = compileConnection(service.connection, scope, {
    owner: `service \`${service.name}\``,
    uris: [service.serverUrl],
  })
  const parts = [
    [serverUrl.identity, injectIdentity(credential)],
    [connection?.words, connection?.texts.map(({ identity }) => identity)],
  ]
  const connect = connectService(account.plan, connection)
  return {
    name: service.name,
    ...(service.title !== undefined && { title: service.title }),
    account: service.account,
    fingerprint: serviceFingerprint(service, account.plan, parts, headers),
    serverUrl,
    timeoutMs: service.timeoutMs,
    ...(service.timeoutMessage !== undefined && { timeoutMessage: service.timeoutMessage }),
    ...(service.healthCheck !== undefined && { healthCheck: service.healthCheck }),
    references: collectReferences([
      serverUrl,
      ...injected,
      ...headers.map(({ text }) => text),
      ...(connection?.texts ?? []),
    ]),
    ...(connect && { connect }),
    cacheable: !serverUrl.dynamic && texts.every(text => !text.dynamic),
    inject,
    removes,
    sinks: service.sinks,
    ...(service.allow && { allow: compileAllow(service.allow) }),
    judge: compileRejections(service.reauthenticateOn ?? DEFAULT_REJECTIONS),
    ...(service.retry && { retry: service.retry }),
    ...(service.parameters.length > 0 && { parameters: compileParameters(service) }),
  }
}
