// A failure of a pipeline -> what is probably wrong, the likeliest first. Looks at what was sent and what came back; asks
// nobody again.
import type { AppError } from '../base/error.ts'
import type { TraceFacts } from '../runtime/pipeline-trace.ts'

export interface Failure {
  error: AppError
  /** Of the request that failed; empty when none was made. */
  request: TraceFacts
  /** Of the issuer's metadata, where it was read. */
  server: TraceFacts
  clientAuthMethod: string
  nowMs: number
}

export function likelyCauses(failure: Failure): string[] {
  const { code, details } = failure.error
  switch (code) {
    case 'token_refused': {
      const others = (refusals[details.oauthError ?? ''] ?? statusCauses)(failure)
      return tellsTime(failure) ? [...skewCause(failure), ...others] : [...others, ...skewCause(failure)]
    }
    case 'token_redirect':
      return ['`accessTokenUri` is an address that has moved, or http instead of https: write the final one', LOGIN]
    case 'token_invalid_response':
      return invalidCauses(failure)
    case 'token_unreachable':
      return unreachableCauses(failure)
    case 'token_timeout':
      return ['a firewall drops the connection, or the server is slow: `timeout` of the account is the limit']
    case 'discovery_failed':
      return [
        '`issuer` is not written exactly as the metadata says it (slash at the end, upper and lower case, tenant)',
        'the server publishes no metadata: set `accessTokenUri`',
      ]
    case 'secret_unavailable':
      return secretCauses(failure)
    default:
      return []
  }
}

/** By what is said of the secret: where something was read, it is there and is something else. */
const WRONG_SECRETS: readonly (readonly [RegExp, string])[] = [
  [/neither PEM/, 'a path is written as `key: { file: PATH }`; what stands in the file must be the key itself'],
  [/is a (?:certificate|[a-z ]*public key), not/, 'this is the half that the server gets: give the private key'],
  [/JWK holds no private key/, 'this is the half that the server gets: give the private key, whose JWK has `d`'],
  [/is a set of keys/, 'a JWKS was given: write the private key of its list alone, or a PEM'],
  [/is encrypted/, 'write it without its passphrase: `openssl pkey -in KEY -out PLAIN`'],
  [/does not fit/, '`alg` is that of another key: leave it out, the one that fits is the default'],
  [/holds a key, not/, 'a key signs assertions: it goes below `key`; `file` is an assertion that something else keeps'],
  [/expired/, 'the program that renews the file stopped, or writes another one'],
  [/line break/, 'the secret is two, or was pasted with something behind it'],
  [
    /PKCS|not a JWK|not JSON|needs 2048|signs with none/,
    'the key was cut, or is of a kind that signs nothing here: RSA of 2048 bits, EC or Ed25519',
  ],
]

function secretCauses({ error: { message } }: Failure): string[] {
  if (message.startsWith('secret from '))
    return ['the secret is not there for this user or in this shell: environment, path, permissions']
  const said = message.replace(/`[^`]*`/g, '')
  return WRONG_SECRETS.filter(([pattern]) => pattern.test(said))
    .slice(0, 1)
    .map(([, cause]) => cause)
}

const LOGIN = 'the address is that of a login page for browsers, not of the token endpoint'

const refusals: Record<string, (failure: Failure) => string[]> = {
  invalid_client: clientCauses,
  unauthorized_client: failure => [
    `the client is not registered for the grant ${String(failure.request.grant_type ?? '')}`.trim(),
    'it is not registered for this way to authenticate, see `clientAuthMethod`',
  ],
  invalid_grant: ({ request }) =>
    request.grant_type === 'password'
      ? [
          '`username` or `password` is wrong, expired or locked',
          'the user needs a second factor: this grant cannot give it',
        ]
      : ['what proves the grant (assertion, refresh token) is expired, used up or meant for another client', AUDIENCE],
  invalid_scope: scopeCauses,
  unsupported_grant_type: ({ request }) => [
    `the server does not offer the grant ${String(request.grant_type ?? '')}`.trim(),
    'the request did not arrive as a form: some servers want JSON, see `tokenRequest`',
  ],
  invalid_request: failure => [
    'a parameter is missing that this server wants (audience, resource, scope)',
    ...placeCauses(failure),
    ...scopeCauses(failure),
  ],
  invalid_dpop_proof: () => ['the proof is refused: see `dpop`, its `alg`, and the clocks'],
  invalid_target: () => ['`audience` or `resource` names something that this server does not know'],
}

const AUDIENCE =
  'the assertion is meant for another audience: its `aud` must be what the server expects (issuer or token endpoint)'

function clientCauses(failure: Failure): string[] {
  const { clientAuthMethod: method, server, request } = failure
  const offered = server.authMethodsOffered as readonly string[] | undefined
  const used = `${method} was used`
  return [
    ...(offered && !offered.includes(method)
      ? [`${used}, and the metadata offers: ${offered.join(', ') || 'nothing'}; set \`clientAuthMethod\``]
      : []),
    ...(request.encodingMatters
      ? [
          'the client ID or secret has characters that the two encodings of HTTP Basic write differently: see `basicEncoding` (form, raw)',
        ]
      : []),
    ...(method.endsWith('_jwt') ? [AUDIENCE, 'the key is not the registered one, or `kid` is missing'] : []),
    'the client ID or the secret is wrong or expired, or has a line break or a blank too many',
    ...placeCauses(failure),
    ...(offered?.includes(method) ? [`${used}, which the metadata offers among: ${offered.join(', ')}`] : []),
  ]
}

function placeCauses({ clientAuthMethod: method }: Failure): string[] {
  if (method === 'client_secret_basic')
    return [
      'client_secret_basic was used: the server may want the secret in the body (`clientAuthMethod: client_secret_post`)',
    ]
  if (method === 'client_secret_post')
    return [
      'client_secret_post was used: the server may want the secret in the header (`clientAuthMethod: client_secret_basic`)',
    ]
  return []
}

function scopeCauses({ request }: Failure): string[] {
  return request.scope === undefined
    ? ['no scope was sent, and the server wants one: set `scope`']
    : [`the server does not know one of the scopes, or this client may not have it: ${String(request.scope)}`]
}

function statusCauses(failure: Failure): string[] {
  const { status = 0 } = failure.error.details
  if (status === 404 || status === 405) return ['`accessTokenUri` is not the address of the token endpoint', LOGIN]
  if (status === 401 || status === 403) return clientCauses(failure)
  if (status === 415) return ['the server wants another format of the body, such as JSON: see `tokenRequest`']
  if (status === 429) return ['too many requests: wait, and look for other programs that use this client']
  return status >= 500 ? ['the server has a fault or is overloaded: try again later'] : placeCauses(failure)
}

function invalidCauses({ error }: Failure): string[] {
  const { message, details } = error
  if (details.contentType?.includes('html')) return [LOGIN, 'a proxy or a captive portal answers instead of the server']
  if (message.includes('no id_token'))
    return ['`openid` is missing in `scope`', 'the grant has no user, so there is no ID token']
  if (message.includes('id_token')) return ['the ID token is meant for another client or comes from another issuer']
  if (message.includes('has no ')) return ['the token stands elsewhere in the response: its members are listed above']
  return ['`accessTokenUri` is not the address of the token endpoint']
}

function unreachableCauses({ error }: Failure): string[] {
  if (/certificate|CERT|TLS|SSL|self.signed/i.test(error.message))
    return [
      'the certificate is not trusted here: a private authority, or a proxy that opens TLS',
      'the host name is not the one in the certificate',
    ]
  if (error.message.includes('no such host')) return ['the host name is misspelt, or only known in another network']
  return ['nothing listens at this address and port, or a firewall refuses']
}

const MAX_SKEW_MS = 30_000

/** Whether something that was sent says when it was made: an assertion, a proof. */
function tellsTime({ request, clientAuthMethod, error }: Failure): boolean {
  const names = Array.isArray(request.parameters) ? request.parameters : []
  const asserts = ['assertion', 'client_assertion'].some(name => names.includes(name))
  return asserts || clientAuthMethod.endsWith('_jwt') || error.details.oauthError === 'invalid_dpop_proof'
}

/** By the `Date` header of the answer. */
function skewCause({ error, nowMs }: Failure): string[] {
  const { dateMs } = error.details
  if (dateMs === undefined || Math.abs(nowMs - dateMs) < MAX_SKEW_MS) return []
  const seconds = Math.round(Math.abs(nowMs - dateMs) / 1000)
  return [
    `this machine's clock is ${seconds} s ${nowMs > dateMs ? 'ahead of' : 'behind'} the server's: assertions and proofs are refused`,
  ]
}
