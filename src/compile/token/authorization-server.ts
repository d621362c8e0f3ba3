// Where an account's authorization server is: a token endpoint that is written, or an issuer whose metadata tells it
// (RFC 8414, OpenID Connect Discovery).
import type { OAuth2 } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import type { Issuer, IssuerPlan } from '../plan.ts'
import { compileText, compileUri, type UriPlan, type Values } from '../text.ts'

export interface ServerStep {
  tokenEndpoint: UriPlan
  issuer?: IssuerPlan
  /** What tells this server from others. */
  where(values: Values): unknown
}

export function compileServer(oauth2: OAuth2, scope: Scope): ServerStep {
  const { accessTokenUri, allowHttp } = oauth2
  const written = accessTokenUri && compileUri(accessTokenUri, scope, { allowHttp, label: 'accessTokenUri' })
  const issuer = oauth2.issuer && compileIssuer(oauth2, scope)
  return {
    tokenEndpoint: written ?? discovered(issuer!),
    ...(issuer && { issuer }),
    where: values => [written?.expand(values).href, issuer?.expand(values).identifier],
  }
}

function compileIssuer({ issuer, accessTokenUri, allowHttp }: OAuth2, scope: Scope): IssuerPlan {
  const uri = compileUri(issuer!, scope, { allowHttp, label: 'issuer' })
  const text = compileText(issuer!, scope)
  const { references, dynamic, identity } = uri
  const expand = (values: Values): Issuer => ({ identifier: text.render(values), url: uri.expand(values) })
  return { references, dynamic, identity, discovers: accessTokenUri === undefined, allowHttp, expand }
}

function discovered({ references, dynamic, identity }: IssuerPlan): UriPlan {
  return {
    references,
    dynamic,
    identity: `issuer ${identity}`,
    display: 'from the metadata of the issuer',
    expand(values) {
      const url = values.server?.tokenEndpoint
      if (!url) throw new Error('the metadata of the issuer was not read')
      return url
    },
  }
}
