// The `refresh` of an account -> what its refresh request sends: that of RFC 6749 section 6, or as this provider wants it.

import { oauth2Parts } from '../../config/definitions/oauth2-parts.ts'
import type { OAuth2, RefreshRequest } from '../../config/model/model.ts'
import { refreshScope, type Scope } from '../../config/templates/scope.ts'
import { parseTemplate } from '../../config/templates/template.ts'
import { compileUri, secretsIn, type TextPlan, type UriPlan, type Values } from '../text.ts'
import type { Parameter } from './request-body.ts'
import { compileHeaders, compileParams } from './request-params.ts'

export interface RefreshPlan {
  /** Everything that may be a secret, for references and identity. */
  texts: TextPlan[]
  words: readonly unknown[]
  takesBearer: boolean
  /** Instead of the token endpoint. */
  url?: UriPlan
  /** The values hold the tokens. */
  render(values: Values): RefreshParts
}

export interface RefreshParts {
  /** Standard members by their standard names. */
  members: readonly Parameter[]
  /** The user's own, which come in place of members that are sent by the same name. */
  params: readonly Parameter[]
  headers: [name: string, value: string][]
  secrets: readonly string[]
}

/** How the standard says it. */
const STANDARD: RefreshRequest = { params: [], headers: [], token: '/refresh_token' }

export function compileRefresh(account: string, oauth2: OAuth2, scope: Scope): RefreshPlan {
  const { accessTokenUri, params, headers, token } = typeof oauth2.refresh === 'object' ? oauth2.refresh : STANDARD
  const tokens = refreshScope(scope)
  const compiled = { params: compileParams(params, tokens), headers: compileHeaders(account, headers, tokens) }
  const { allowHttp } = oauth2
  const url = accessTokenUri && compileUri(accessTokenUri, scope, { allowHttp, label: 'refresh.accessTokenUri' })
  const texts = [...compiled.params.texts, ...compiled.headers.texts]
  const named = namedTokens(oauth2)
  return {
    texts: [...texts, ...(url ? [{ ...url, render: (values: Values) => url.expand(values).href }] : [])],
    words:
      oauth2.refresh === 'auto' || oauth2.refresh === 'never'
        ? []
        : [token, compiled.params.words, compiled.headers.words],
    takesBearer: named.has('bearer'),
    ...(url && { url }),
    render(values) {
      const refreshToken = values.refreshToken!.reveal()
      const rendered = compiled.headers.render(values)
      const shown = named.size > 0 ? rendered.map(([, value]) => value) : []
      return {
        // Who says where the token goes says everything.
        members: named.size > 0 ? [] : standardMembers(refreshToken),
        params: compiled.params.render(values),
        headers: rendered,
        secrets: [
          refreshToken,
          ...(values.token ? [values.token.bearer.reveal()] : []),
          ...shown,
          ...secretsIn(texts, values),
        ],
      }
    },
  }
}

function standardMembers(refreshToken: string): Parameter[] {
  return [
    ['grant_type', 'refresh_token'],
    ['refresh_token', refreshToken],
  ]
}

/** Which tokens the account's own words put into the request. */
function namedTokens(oauth2: OAuth2): ReadonlySet<string> {
  const names = oauth2Parts(oauth2).flatMap(({ value, refresh }) => {
    const parsed = refresh && value.kind === 'template' ? parseTemplate(value.text) : undefined
    return parsed?.ok ? parsed.variables.map(({ name }) => name) : []
  })
  return new Set(names.filter(name => name === 'refreshToken' || name === 'bearer'))
}
