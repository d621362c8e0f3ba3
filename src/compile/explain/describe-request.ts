// How a token request differs from RFC 6749, in words: for explanations and for the comparison of two configurations.

import { constantParams } from '../../config/definitions/oauth2-parts.ts'
import type { OAuth2, TokenRequestSettings } from '../../config/model/model.ts'

export interface DescribedSetting {
  /** Where it is written, below the account. */
  keys: readonly (string | number)[]
  value: string
}

/** Every setting that has a value, also by default; texts and references stand among the parts of the account. */
export function describeTokenRequest(settings: TokenRequestSettings): DescribedSetting[] {
  const { method, format, names, scopeSeparator, grantType, clientIdInBody, params } = settings
  const simple = {
    method,
    format,
    scopeSeparator: JSON.stringify(scopeSeparator),
    grantType,
    clientIdInBody: clientIdInBody === undefined ? undefined : String(clientIdInBody),
  }
  return [
    ...Object.entries(simple).flatMap(([key, value]) => (value === undefined ? [] : [setting([key], value)])),
    ...Object.entries(names).map(([standard, name]) => setting(['names', standard], name)),
    ...constantParams(params).map(({ path, constant }) => setting(['params', ...path], String(constant))),
  ]
}

function setting(keys: readonly (string | number)[], value: string): DescribedSetting {
  return { keys: ['tokenRequest', ...keys], value }
}

/** What is constant in a refresh of its own. */
export function describeRefreshSettings({ refresh }: OAuth2): DescribedSetting[] {
  if (typeof refresh === 'string') return []
  const constants = constantParams(refresh.params).map(({ path, constant }) => ({
    keys: ['refresh', 'params', ...path],
    value: String(constant),
  }))
  return [...constants, { keys: ['refresh', 'token'], value: refresh.token }]
}

/** Not a word about what is as everybody expects it. */
export function describeRefresh({ refresh, grant }: OAuth2, written: boolean): string[] {
  if (typeof refresh === 'object') return ['renewed by refresh token, in a request of its own']
  if (grant === 'client_credentials' && !written) return []
  const used = refresh === 'auto' && grant !== 'client_credentials'
  return [used ? 'renewed by refresh token' : 'renewed by the grant']
}
