// `tls` and `proxy` -> what a connection is opened with, from the files as they are now.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { AppError } from '../base/error.ts'
import { Secret } from '../base/secret.ts'
import type { ConnectionSettings, Value } from '../config/model/model.ts'
import type { Scope } from '../config/templates/scope.ts'
import type { AccountPlan, Connection, ServicePlan } from './plan.ts'
import { compileText, hasHostFromValue, type TextPlan, type Values } from './text.ts'

export interface ConnectionPlan {
  texts: TextPlan[]
  /** What else is in it, known now. */
  words: readonly unknown[] | undefined
  /** Throws AppError `secret_unavailable` when certificate and key cannot be used, or are not of each other. */
  connect(values: Values): Connection
}

/** Where connections lead to: `owner` names the account or service in errors, such as `account \`a\``. */
export interface ConnectionUse {
  owner: string
  /** Undefined ones are not written. */
  uris: readonly (Value | undefined)[]
}

/** Undefined when nothing is written, and no value can choose the host. */
export function compileConnection(
  settings: ConnectionSettings,
  scope: Scope,
  { owner, uris }: ConnectionUse,
): ConnectionPlan | undefined {
  const text = (value: Value | undefined) => value && compileText(value, scope)
  const { serverName } = settings
  const named = {
    caFile: text(settings.caFile),
    certFile: text(settings.certFile),
    keyFile: text(settings.keyFile),
    proxy: text(settings.proxy),
  }
  const texts = Object.values(named).filter(part => part !== undefined)
  const guarded = uris.some(uri => uri !== undefined && hasHostFromValue(uri, scope))
  const written = texts.length > 0 || serverName !== undefined
  if (!written && !guarded) return undefined
  const { caFile, certFile, keyFile, proxy } = named
  return {
    texts,
    words: written ? [Object.keys(named).filter(name => named[name as 'proxy']), serverName] : undefined,
    connect(values) {
      const ca = caFile && certificatesIn(caFile.render(values), `\`tls.caFile\` of ${owner}`)
      return {
        ...(ca !== undefined && { ca }),
        ...(certFile && keyFile && identityOf(certFile.render(values), keyFile.render(values), owner)),
        ...(serverName !== undefined && { serverName }),
        ...(proxy && { proxy: new Secret(proxyOf(proxy.render(values), owner)) }),
        ...(guarded && { guarded: true as const }),
      }
    },
  }
}

function certificatesIn(pem: string, label: string): string {
  try {
    new X509Certificate(pem)
    return pem
  } catch {
    throw unusable(`${label} holds no certificate in PEM form`)
  }
}

function identityOf(cert: string, key: string, owner: string): { cert: string; key: Secret } {
  certificatesIn(cert, `\`tls.certFile\` of ${owner}`)
  const privateKey = keyOf(key, owner)
  if (!new X509Certificate(cert).checkPrivateKey(privateKey))
    throw unusable(`\`tls.certFile\` and \`tls.keyFile\` of ${owner} do not belong together`)
  return { cert, key: new Secret(key) }
}

function keyOf(key: string, owner: string): KeyObject {
  try {
    return createPrivateKey(key)
  } catch {
    throw unusable(`\`tls.keyFile\` of ${owner} is not a private key in PEM form without a passphrase`)
  }
}

/** The word `environment` says that HTTPS_PROXY and HTTP_PROXY tell. */
function proxyOf(text: string, owner: string): string {
  if (text === 'environment' || (/^https?:\/\//.test(text) && URL.canParse(text))) return text
  throw unusable(`\`proxy\` of ${owner} is not an http or https URL`)
}

function unusable(message: string): AppError {
  return new AppError('secret_unavailable', message)
}

/** A token that is bound to the client's certificate is worth nothing without it (RFC 8705 section 3). */
function boundCertificate(plan: AccountPlan): ServicePlan['connect'] {
  const byCertificate = plan.kind === 'oauth2' && plan.clientAuthMethod.endsWith('tls_client_auth')
  if (!byCertificate || !plan.connect) return undefined
  const { connect } = plan
  return values => {
    const { cert, key } = connect(values)
    return { ...(cert !== undefined && { cert }), ...(key && { key }) }
  }
}

/** What the service says wins over the certificate of its account. */
export function connectService(account: AccountPlan, own: ConnectionPlan | undefined): ServicePlan['connect'] {
  const bound = boundCertificate(account)
  return bound && own ? values => ({ ...bound(values), ...own.connect(values) }) : (own?.connect ?? bound)
}
