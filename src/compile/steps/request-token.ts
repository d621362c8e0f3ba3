// Step 3: the token request of an account, complete, from values: what the grant and the client send by the standards, and
// how this provider differs from them.
import { Secret } from '../../base/secret.ts'
import type { OAuth2, Value } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import type { OAuth2AccountPlan, RefreshTokens, Revocation, TokenRequest } from '../plan.ts'
import { compileText, secretsIn, type TextPlan, type UriPlan, type Values } from '../text.ts'
import { basicCredentials, compileClientAuth, formEncode, percentEncode } from '../token/client-auth.ts'
import { compileClientSecrets, type SeveralSecrets } from '../token/client-secrets.ts'
import { compileGrant } from '../token/grants.ts'
import { compileRefresh } from '../token/refresh.ts'
import { encodeRequest, type Parameter } from '../token/request-body.ts'
import {
  compileHeaders,
  compileParams,
  compileSeveral,
  type HeadersPlan,
  mergeHeaders,
  type ParamsPlan,
} from '../token/request-params.ts'
import { compileScopes } from '../token/scopes.ts'

export interface RequestStep {
  /** Every text that goes into the request, for references and identity. */
  texts: TextPlan[]
  /** Those that only authenticate the client. */
  proofs: TextPlan[]
  /** More that authenticate it, read anew for each request: what they hold does not decide which token is issued. */
  passing: TextPlan[]
  /** Where there is a choice. */
  clientSecrets?: SeveralSecrets
  /** What else decides which token is issued, known now. */
  words: readonly unknown[]
  /** What is asked for, but for scopes that are known only at run time. */
  knownScopes: readonly string[]
  buildRequest(values: Values): Promise<TokenRequest>
  /** With the same client authentication; scope stays what was granted (RFC 6749 section 6). */
  buildRefresh(values: Values, tokens: RefreshTokens): Promise<TokenRequest>
  ownRefresh: OAuth2AccountPlan['ownRefresh']
  /** With the same client authentication, as a form (RFC 7009 section 2.1). */
  buildRevocation(values: Values, revocation: Revocation): Promise<TokenRequest>
}

/** What one kind of request sends, besides what all of them do. */
interface Sent {
  /** Standard members by their standard names. */
  members: readonly Parameter[]
  /** The user's own. */
  extra: readonly Parameter[]
  /** What of it must not be said. */
  secrets: readonly string[]
  /** Instead of the token endpoint. */
  url?: UriPlan | undefined
  /** In place of those of the same name. */
  headers?: readonly (readonly [string, string])[]
}

export function compileRequest(account: string, oauth2: OAuth2, url: UriPlan, scope: Scope): RequestStep {
  const settings = oauth2.tokenRequest
  const client = compileClient(account, oauth2, scope)
  const grant = compileGrant(account, oauth2, scope)
  const scopes = compileScopes(account, oauth2, scope)
  const targets = [
    compileSeveral('audience', oauth2.audience, scope),
    compileSeveral('resource', oauth2.resource, scope),
  ]
  const refresh = compileRefresh(account, oauth2, scope)
  const params = compileParams(settings.params, scope)
  const headers = compileHeaders(account, settings.headers, scope)
  const texts = [
    ...client.texts,
    ...grant.texts,
    ...[scopes, ...targets, params, headers, refresh].flatMap(plan => plan.texts.map(unnamed)),
  ]
  const own = [...grant.texts.map(({ text }) => text), ...scopes.texts, ...params.texts]
  const build = compileBuild(oauth2, url, { client, targets, headers })
  return {
    texts: texts.map(({ text }) => text),
    proofs: client.proofs,
    passing: client.passing,
    ...(client.secrets && { clientSecrets: client.secrets }),
    words: [
      [oauth2.grant, oauth2.clientAuthMethod, oauth2.basicEncoding, scopes.words, texts.map(({ name }) => name)],
      [client.words, grant.words],
      [settings.method, settings.format, settings.scopeSeparator, settings.grantType, settings.clientIdInBody],
      [Object.entries(settings.names), params.words, headers.words, targets.map(({ words }) => words), refresh.words],
    ],
    buildRequest: async values => {
      const asking = { clientId: client.idOf(values), url: url.expand(values) }
      const { type, members, secrets } = await grant.params(values, asking)
      const hidden = [...secrets, ...secretsIn(own, values)]
      const asked = scopeMember(scopes.render(values), oauth2)
      return build(values, { members: [...type, ...asked, ...members], extra: params.render(values), secrets: hidden })
    },
    buildRefresh: async (values, { refreshToken, bearer }) => {
      const known = { ...values, refreshToken, ...(bearer && { token: { bearer } }) }
      const { params: extra, ...parts } = refresh.render(known)
      return build(known, { ...parts, extra, url: refresh.url })
    },
    knownScopes: scopes.words.filter(text => text !== null),
    ownRefresh: typeof oauth2.refresh === 'object' ? { takesBearer: refresh.takesBearer } : undefined,
    buildRevocation: (values, revocation) => buildRevocation(client, values, revocation),
  }
}

function scopeMember(scopes: readonly string[], { tokenRequest }: OAuth2): Parameter[] {
  return scopes.length > 0 ? [['scope', scopes.join(tokenRequest.scopeSeparator)]] : []
}

interface Common {
  client: ReturnType<typeof compileClient>
  targets: readonly ParamsPlan[]
  headers: HeadersPlan
}

/** What all kinds of request have in common. */
function compileBuild({ tokenRequest: settings }: OAuth2, url: UriPlan, { client, targets, headers }: Common) {
  const common = [url, ...[...targets, headers].flatMap(plan => plan.texts), ...client.texts.map(({ text }) => text)]
  return async (values: Values, sending: Sent): Promise<TokenRequest> => {
    const { members, extra, secrets } = sending
    const target = (sending.url ?? url).expand(values)
    const proof = await client.authenticate(values, target)
    const standard = [...members, ...targets.flatMap(target => target.render(values)), ...proof.params]
    const renamed = standard.map(([name, value]): Parameter => [settings.names[name] ?? name, value])
    const sent = encodeRequest(target, settings.format, withOwn(renamed, extra))
    const hidden = [...secrets, ...proof.secrets, ...secretsIn(common, values)]
    return {
      url: sent.url,
      method: settings.method,
      headers: mergeHeaders([
        ...standardHeaders(sent.contentType),
        ...proof.headers,
        ...headers.render(values),
        ...(sending.headers ?? []),
      ]),
      body: sent.body,
      secrets: secretsOf(hidden),
      ...(proof.warning !== undefined && { warning: proof.warning }),
    }
  }
}

/** What the user writes comes in place of a member of the same name. */
function withOwn(members: readonly Parameter[], own: readonly Parameter[]): Parameter[] {
  const names = new Set(own.map(([name]) => name))
  return [...members.filter(([name]) => !names.has(name)), ...own]
}

/** The account's own parameters and headers are those of its token endpoint. */
async function buildRevocation(
  client: ReturnType<typeof compileClient>,
  values: Values,
  { endpoint, token, hint }: Revocation,
): Promise<TokenRequest> {
  const proof = await client.authenticate(values, endpoint)
  const text = token.reveal()
  const members: Parameter[] = [
    ['token', text],
    ['token_type_hint', hint],
  ]
  const { url, body, contentType } = encodeRequest(endpoint, 'form', [...members, ...proof.params])
  const headers = mergeHeaders([...standardHeaders(contentType), ...proof.headers])
  return { url, method: 'POST', headers, body, secrets: secretsOf([text, ...proof.secrets]) }
}

interface NamedText {
  name: string
  text: TextPlan
}

function unnamed(text: TextPlan): NamedText {
  return { name: '', text }
}

/** Who asks, and how that is proved. */
function compileClient(account: string, oauth2: OAuth2, scope: Scope) {
  const clientId = optionalText('clientId', oauth2.clientId, scope)
  const clientSecret = compileClientSecrets(oauth2, scope)
  const { texts, passing, words, authenticate } = compileClientAuth(account, oauth2, scope)
  return {
    texts: [...clientId, ...clientSecret.all.map(text => ({ name: 'clientSecret', text })), ...texts.map(unnamed)],
    proofs: [...clientSecret.all, ...texts],
    passing,
    secrets: clientSecret.several,
    words,
    idOf: (values: Values) => clientId[0]?.text.render(values) ?? '',
    async authenticate(values: Values, url: URL) {
      const id = clientId[0]?.text.render(values) ?? ''
      const secret = clientSecret.render(values)
      const proof = await authenticate({ clientId: id, clientSecret: secret, values, url })
      const secrets = [secret, ...basicForms(id, secret), ...(proof.secrets ?? [])]
      return { ...proof, params: withClientId(proof.params, id, oauth2), secrets }
    },
  }
}

function optionalText(name: string, value: Value | undefined, scope: Scope): NamedText[] {
  return value ? [{ name, text: compileText(value, scope) }] : []
}

function withClientId(
  params: readonly (readonly [string, string])[],
  id: string,
  { tokenRequest: { clientIdInBody } }: OAuth2,
): readonly Parameter[] {
  const others = params.filter(([name]) => name !== 'client_id')
  if (clientIdInBody === undefined) return params
  return clientIdInBody ? [['client_id', id], ...others] : others
}

function standardHeaders(contentType: string | undefined): [string, string][] {
  const accept: [string, string] = ['Accept', 'application/json']
  return contentType === undefined ? [accept] : [accept, ['Content-Type', contentType]]
}

/** As joined for HTTP Basic: servers echo that too. */
function basicForms(id: string, secret: string): string[] {
  if (secret === '') return []
  const basic = [basicCredentials(id, secret), basicCredentials(formEncode(id), formEncode(secret))]
  return basic.map(text => text.slice('Basic '.length))
}

/** As they are, and as they stand in a form, in a query and in JSON. */
function secretsOf(texts: readonly string[]): Secret[] {
  const forms = texts.flatMap(text => [text, percentEncode(text), formEncode(text), JSON.stringify(text).slice(1, -1)])
  const known = new Set(forms)
  known.delete('')
  return [...known].map(text => new Secret(text))
}
