// How the client proves who it is, and by which grant: headers and parameters of the catalogue -> the words for them.
import type { Entry, Step } from './catalogue.ts'
import { CLIENT } from './declared.ts'
import { parseText } from './template.ts'
import type { Json, Writer } from './writer.ts'

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

interface Words {
  account: Json
  request: Json
}

const secretOfClient = (writer: Writer) => {
  writer.files['client-secret'] = CLIENT.secret
  return { file: 'client-secret' }
}

export function clientOf(entry: Entry, writer: Writer): Words {
  const base = { clientId: CLIENT.id }
  const method = entry.token_request_auth_method
  if (method === 'private_key_jwt')
    return {
      account: {
        clientAuthMethod: 'private_key_jwt',
        ...base,
        clientAssertion: { key: { file: 'key.pem' }, alg: 'RS256', kid: 'key-1', lifetime: '5m' },
      },
      request: {},
    }
  const clientSecret = secretOfClient(writer)
  if (method === 'basic') return { account: { ...base, clientSecret }, request: {} }
  const names = method === 'custom' ? { names: { client_id: 'username', client_secret: 'password' } } : {}
  return { account: { clientAuthMethod: 'client_secret_post', ...base, clientSecret }, request: names }
}

interface Found {
  entry: Entry
  step: Step
  writer: Writer
  params: Json
  headers: Record<string, string>
}

/** Takes the client's credentials out of headers and parameters. */
export function foundClient({ entry, writer, params, headers }: Found): Words {
  const basic = /^Basic \$\{base64\(\$\{([\w.]+)\}:\$\{([\w.]+)\}\)\}$/.exec(headers.authorization ?? '')
  if (basic) {
    delete headers.authorization
    const inBody = params.client_id !== undefined
    delete params.client_id
    return {
      account: { clientId: writer.secret(basic[1]!), clientSecret: writer.secret(basic[2]!), basicEncoding: 'raw' },
      request: inBody ? { clientIdInBody: true } : {},
    }
  }
  if (params.client_assertion || (entry.assertion?.type === 'jwt' && params.client_assertion_type))
    return assertedClient(entry, params, writer)
  // Parameters are not sent with a refresh, and the entry's refresh has no credentials of the client.
  if (entry.refresh_token_params) return { account: { clientAuthMethod: 'none' }, request: {} }
  const id = Object.keys(params).find(name => /^(client_?id|app_?id)$/i.test(name))
  const secret = Object.keys(params).find(name => /^((client|app)_?secret|secret)$/i.test(name))
  const clientId = id && writer.value(params[id])
  if (!id || !secret) {
    if (id) delete params[id]
    return {
      account: { clientAuthMethod: 'none', ...(id && { clientId }) },
      request: id && id !== 'client_id' ? { names: { client_id: id } } : {},
    }
  }
  const clientSecret = writer.value(params[secret])
  delete params[id]
  delete params[secret]
  const names = {
    ...(id !== 'client_id' && { client_id: id }),
    ...(secret !== 'client_secret' && { client_secret: secret }),
  }
  return {
    account: { clientAuthMethod: 'client_secret_post', clientId, clientSecret },
    request: Object.keys(names).length > 0 ? { names } : {},
  }
}

function assertedClient(entry: Entry, params: Json, writer: Writer): Words {
  const idText = (params.client_id ?? entry.assertion?.payload.iss ?? '${credentials.clientId}') as string
  const request = params.client_id ? {} : { clientIdInBody: false }
  for (const name of ['client_id', 'client_assertion', 'client_assertion_type']) delete params[name]
  const clientAssertion = entry.assertion
    ? signed(entry.assertion, Number(entry.assertion.lifetimeInSeconds), writer)
    : { file: 'assertion' }
  if (!entry.assertion) writer.files.assertion = unsigned()
  return { account: { clientAuthMethod: 'private_key_jwt', clientId: writer.value(idText), clientAssertion }, request }
}

/** As something else would keep it in a file. */
function unsigned(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: 'elsewhere', exp: 4_000_000_000 })}.c2ln`
}

/** What the entry leaves out of the usual claims is left out. */
function signed(assertion: NonNullable<Entry['assertion'] | Entry['token']>, seconds: number, writer: Writer): Json {
  const { header, payload } = assertion
  const claims: Json = {}
  for (const name of ['iss', 'sub']) claims[name] = payload[name] ? writer.text(payload[name] as string) : null
  for (const [name, value] of Object.entries(payload))
    if (!['iss', 'sub', 'aud', 'jti'].includes(name)) claims[name] = writer.text(value as string)
  if (!payload.jti) claims.jti = null
  const kid = header.kid ? writer.value(header.kid) : undefined
  return {
    key: { file: header.alg === 'ES256' ? 'ec.pem' : 'key.pem' },
    alg: header.alg,
    ...(kid !== undefined && { kid }),
    ...(header['x5t#S256'] && { x5t: writer.value(header['x5t#S256']) }),
    audience: writer.text(payload.aud as string),
    lifetime: `${seconds}s`,
    claims,
  }
}

export function grantOf(entry: Entry, params: Json, writer: Writer, step: Step): Words {
  const type = params.grant_type as string | undefined
  delete params.grant_type
  const inUrl = /[?&]grant_type=client_credentials/.test(step.token_url)
  if (type === 'client_credentials' || inUrl) return { account: {}, request: {} }
  if (type === undefined) return { account: { grant: 'login' }, request: {} }
  if (type === 'password') {
    const user = {
      username: writer.value(params.username),
      password: writer.secret(parseText(params.password as string).map(part => ('name' in part ? part.name : ''))[0]!),
    }
    delete params.username
    delete params.password
    return { account: { grant: 'password', ...user }, request: {} }
  }
  if (type === 'refresh_token') {
    const refreshToken = writer.value(params.refresh_token)
    delete params.refresh_token
    return { account: { grant: 'refresh_token', refreshToken }, request: {} }
  }
  if (type === JWT_BEARER) return jwtBearer(entry, params, writer)
  if (type.endsWith('saml2-bearer')) throw new Error('no SAML assertion is made')
  return { account: { grant: 'custom' }, request: { grantType: type } }
}

function jwtBearer(entry: Entry, params: Json, writer: Writer): Words {
  const assertion = entry.token
    ? signed(entry.token, entry.token.expires_in_ms / 1000, writer)
    : entry.assertion
      ? signed(entry.assertion, Number(entry.assertion.lifetimeInSeconds), writer)
      : writer.value(params.assertion)
  delete params.assertion
  return { account: { grant: 'jwt_bearer', assertion }, request: {} }
}
