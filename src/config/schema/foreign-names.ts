// What other tools call the same: names that no spelling leads to ours. For suggestions alone, nothing is accepted by them.

export interface Meant {
  key: string
  /** The key below it that takes the value: written so, it is `key: { inner: … }`. */
  inner?: string
}

/** Ours, a dot before a key below it -> theirs, without signs and capitals. Of two for one place the first counts. */
export const FOREIGN_KEYS: Readonly<Record<string, string>> = {
  accessTokenUri:
    'tokenurl tokenuri tokenendpoint tokenendpointurl tokenendpointuri tokenserver tokenserverurl tokenpath accesstokenendpoint accesstokenpath oauthurl oauth2url oauthtokenurl authurl authuri authendpoint authorizationurl authorizationuri authorizationendpoint tokenrefreshendpoint refreshurl',
  issuer:
    'issueruri issuerurl authority authserverurl discoveryurl discoveryuri discovery wellknown wellknownurl openidconfiguration metadataurl realmurl',
  clientId: 'appid applicationid consumerkey apikeyid client',
  'clientSecret.file': 'clientsecretfile clientsecretpath',
  'clientSecret.env': 'clientsecretenv clientsecretvariable',
  clientSecret: 'appsecret applicationsecret consumersecret secret secretkey clientpassword sharedsecret',
  clientAuthMethod:
    'clientauth clientauthentication clientauthtype tokenendpointauthmethod tokenrequestauthmethod authmethod authstyle authenticationmethod credentialsplacement credentialsinbody clientauthenticationscheme',
  'clientAssertion.key': 'privatekey privatekeyfile signingkey jwtkey privatepem',
  'clientAssertion.kid': 'keyid privatekeyid jwtkeyid',
  'header.value': 'apikey apitoken bearertoken accesstoken statictoken token',
  grant: 'granttype authorizationgranttype oauthgranttype oauth2granttype flow oauthflow',
  authorization: 'authtype authorizationtype authenticationtype type kind scheme authscheme',
  username: 'user login userid email',
  'password.file': 'passwordfile',
  'password.env': 'passwordenv',
  password: 'pass pwd passphrase userpassword',
  assertion: 'jwt jwtassertion samlassertion',
  audience: 'aud',
  'tokenRequest.params':
    'params bodyparams endpointparams extraparams extratokenparams tokenparams additionalparams additionalparameters customparams customparameters additionalbodyproperties',
  'tokenRequest.format': 'bodyformat',
  'tokenRequest.headers': 'useragent tokenheaders requestheaders',
  'tokenResponse.token': 'accesstokenname accesstokenfield tokenfield tokenjsonpath',
  'inject.prefix': 'headerprefix tokenprefix tokenheaderprefix tokentype',
  'inject.name': 'headername tokenheader tokenheadername',
  'inject.in': 'tokenplacement addtokento',
  bearerTokenType: 'tokensource usetoken',
  'lifetime.default': 'expiresin tokenlifetime tokenttl ttl expiry',
  'lifetime.refreshBefore': 'expirybuffer tokenexpirationbuffer earlyrefresh leeway',
  'tls.caFile': 'cacert cafile cacertificate rootca',
  'tls.certFile': 'clientcert clientcertificate certfile certificate cert',
  'tls.keyFile': 'keyfile clientkey clientkeyfile tlskey',
  tls: 'tlsconfig ssl tlsoptions mtls',
  proxy: 'proxyurl httpproxy httpsproxy',
  serverUrl:
    'url uri baseurl baseuri baseaddress basepath host hostname server address endpoint apiurl apiuri apibase apiroot apiendpoint root rooturl origin target targeturl upstream upstreamurl serviceurl',
  account: 'auth authentication oauth oauth2 credential credentials authprovider connection security securityscheme',
  healthCheck: 'health healthpath healthcheckpath ping',
  headers: 'defaultheaders extraheaders customheaders httpheaders',
  timeout: 'requesttimeout readtimeout timeoutseconds connecttimeout',
  allow: 'allowed allowlist whitelist routes',
  accounts: 'clients connections registrations authproviders providers oauth2clients securityschemes',
  services: 'apis endpoints targets upstreams backends hosts servers',
  vars: 'environment globals',
  actions: 'jobs tasks requests hooks webhooks',
  daemon: 'global settings',
  env: 'environment envvar environmentvariable variable var fromenv',
  file: 'path filename secretfile fromfile filepath',
  exec: 'command cmd program run script',
  systemd: 'systemdcredential loadcredential',
  key: 'privatekey pem keyfile signingkey',
  alg: 'algorithm signingalgorithm signingalg signaturealgorithm jwtalgorithm',
  kid: 'keyid privatekeyid',
  'claims.iss': 'iss issuer clientemail',
  'claims.sub': 'sub subject user',
  'claims.scope': 'scope scopes',
  x5t: 'thumbprint certificatethumbprint certificate cert',
  keyFile: 'privatekey clientkey key pem',
  certFile: 'cert certificate clientcert clientcertificate crt',
  caFile: 'ca cacert cacertificate rootca cabundle truststore',
  serverName: 'sni hostname',
  params: 'body parameters data fields',
  name: 'header headername',
  attempts: 'max maxattempts maxretries retries count limit times',
  on: 'statuscodes status statuses retryon codes',
  listen: 'port host address bind',
  method: 'verb httpmethod',
  format: 'contenttype bodyformat bodytype encoding',
  'content.json': 'body payload data',
  authenticateWith: 'service account connection auth',
  outputFileName: 'filename targetname remotename',
}

/** Ours -> theirs, of words that are values. */
export const FOREIGN_WORDS: Readonly<Record<string, string>> = {
  client_secret_basic: 'basic basicauth header headers inheader httpbasic authorizationheader',
  client_secret_post: 'post body inbody form params inparams requestbody formbody clientsecretbody',
  private_key_jwt: 'jwt privatekey keypair jwtbearer clientassertion signedjwt privatejwt certificate',
  tls_client_auth: 'mtls tls mutualtls clientcertificate',
  none: 'public noauth anonymous open',
  client_credentials: 'clientcredential application app machine machinetomachine m2m twolegged',
  password: 'ropc passwordcredentials resourceownerpassword resourceownerpasswordcredentials resourceowner',
  refresh_token: 'refresh authorizationcode authcode code devicecode implicit',
  jwt_bearer: 'urnietfparamsoauthgranttypejwtbearer jwt jwtassertion serviceaccount onbehalfof',
  saml2_bearer: 'urnietfparamsoauthgranttypesaml2bearer saml saml2 samlassertion',
  token_exchange: 'urnietfparamsoauthgranttypetokenexchange exchange sts',
  oauth2: 'oauth oauth20 oidc openidconnect clientcredentials serviceaccount',
  header: 'apikey apikeyheader apitoken token headers bearer bearertoken personalaccesstoken pat',
  query: 'querystring queryparameter queryparameters queryparams url parameter',
  basic: 'basicauth httpbasic userpassword',
  access_token: 'access bearer',
  id_token: 'id idtoken identity identitytoken',
  seconds: 's sec relative',
  milliseconds: 'ms millis',
  unix: 'epoch unixtime epochseconds timestamp absolute',
  datetime: 'iso iso8601 rfc3339 date string',
  form: 'urlencoded formurlencoded xwwwformurlencoded applicationxwwwformurlencoded formdata',
  json: 'applicationjson',
  copyToHttpServer: 'upload copy put webdav httpupload',
  sendToConnectedService: 'send request httprequest webhook call http',
}

/** What a key means at a place that has these keys. */
export function foreignKey(name: string, keys: readonly string[]): Meant | undefined {
  const plain = plainOf(name)
  const same = keys.find(key => plainOf(key) === plain)
  if (same !== undefined) return { key: same }
  const found = KEYS.get(plain)?.find(({ key }) => keys.includes(key))
  return found
}

/** What a word means where these are allowed. */
export function foreignWord(word: string, allowed: readonly string[]): string | undefined {
  const plain = plainOf(word)
  return allowed.find(known => plainOf(known) === plain) ?? WORDS.get(plain)?.find(known => allowed.includes(known))
}

function plainOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

const KEYS = byForeign(FOREIGN_KEYS, (ours): Meant => {
  const [key = '', inner] = ours.split('.')
  return { key, ...(inner !== undefined && { inner }) }
})

const WORDS = byForeign(FOREIGN_WORDS, ours => ours)

function byForeign<T>(table: Readonly<Record<string, string>>, read: (ours: string) => T): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const [ours, theirs] of Object.entries(table)) {
    for (const name of theirs.split(' ')) found.set(name, [...(found.get(name) ?? []), read(ours)])
  }
  return found
}
