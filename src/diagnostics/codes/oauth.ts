// The pages of oauth/*: what OAuth 2.0 allows and still is a mistake or a risk.
import type { CodePage } from './code-page.ts'

export const oauthPages: readonly CodePage[] = [
  {
    code: 'oauth/password-grant',
    severity: 'warning',
    title: "The password grant, which gives the client a person's password",
    explanation: `The client sees the password and sends it with each token request; a second
factor is impossible, and whoever gets hold of the password has the whole
account. RFC 9700 section 2.4 says that this grant must not be used, and OAuth
2.1 leaves it out. It is supported because some services have nothing else.

Ask the provider for \`client_credentials\`. While there is no other way, use a
user who may do only what this service needs, and note it with \`# bearerd-ignore
oauth/password-grant\`.`,
    bad: `version: 1
accounts:
  archive:
    accessTokenUri: https://id.archive.example/token
    clientId: bearerd
    clientSecret: { file: secrets/archive-client }
    grant: password
    username: robot@archive.example
    password: { file: secrets/archive-robot }
    scope: files
services:
  documents:
    account: archive
    serverUrl: https://files.archive.example
`,
    good: `version: 1
accounts:
  archive:
    accessTokenUri: https://id.archive.example/token
    clientId: bearerd
    clientSecret: { file: secrets/archive-client }
    scope: files
services:
  documents:
    account: archive
    serverUrl: https://files.archive.example
`,
  },
  {
    code: 'oauth/id-token-without-user',
    severity: 'warning',
    title: 'An ID token asked of a grant that has no user',
    explanation: `An ID token says who a user is. The grant \`client_credentials\` has no user, so
the response normally brings no \`id_token\`, and the account would have no
bearer. Most services that take a token want the access token.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientSecret: { env: CRM_CLIENT_SECRET }
    scope: openid
    bearerTokenType: id_token
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example/v3
`,
    good: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientSecret: { env: CRM_CLIENT_SECRET }
    scope: contacts.read
    bearerTokenType: access_token
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example/v3
`,
  },
  {
    code: 'oauth/public-client',
    severity: 'error',
    title: '`client_credentials` with a client that does not authenticate',
    explanation: `With this grant the client itself is who gets access, so it must prove who it is
(RFC 6749 section 4.4). With \`clientAuthMethod: none\` everybody who knows the
client's name could have the token.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientAuthMethod: none
    clientId: invoices
    scope: contacts.read
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example/v3
`,
    good: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientAuthMethod: client_secret_basic
    clientId: invoices
    clientSecret: { env: CRM_CLIENT_SECRET }
    scope: contacts.read
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example/v3
`,
  },
  {
    code: 'oauth/credentials-in-query',
    severity: 'warning',
    title: 'A credential in the query',
    explanation: `URLs are written to access logs, histories and error reports, at the service and
at everything on the way; a header is not. Some services take their key in the
query only; many take a header as well and mention it elsewhere in their
documentation.`,
    bad: `version: 1
services:
  maps:
    account:
      authorization: query
      query: { name: key, value: { env: MAPS_KEY } }
    serverUrl: https://api.maps.example
`,
    good: `version: 1
services:
  maps:
    account:
      authorization: header
      header: { name: X-Api-Key, value: { env: MAPS_KEY } }
    serverUrl: https://api.maps.example
`,
  },
  {
    code: 'oauth/reserved-parameter',
    severity: 'error',
    title: 'A second way to authenticate beside the account',
    explanation: `The account says how a request authenticates. A constant header of the same name
would contradict it: which of the two is sent would depend on the order, and a
server that sees both must refuse (RFC 6749 section 2.3).

The same holds for the parameters and headers of a \`tokenRequest\`: none of them
may repeat what the account sends anyway, bring a second proof of the client, or
stand in the query of \`accessTokenUri\` too. A provider that wants its credential
in a header of its own gets it with \`clientAuthMethod: none\`.`,
    bad: `version: 1
services:
  contacts:
    account:
      authorization: basic
      username: robot
      password: { env: CONTACTS_PASSWORD }
    serverUrl: https://api.crm.example/v3
    headers: { Authorization: Basic }
`,
    good: `version: 1
services:
  contacts:
    account:
      authorization: basic
      username: robot
      password: { env: CONTACTS_PASSWORD }
    serverUrl: https://api.crm.example/v3
    headers: { Accept: application/json }
`,
  },
  {
    code: 'oauth/raw-encoding',
    severity: 'warning',
    title: 'HTTP Basic without the encoding that RFC 6749 asks for',
    explanation: `RFC 6749 section 2.3.1 has the client id and the secret form-encoded before they
are joined. Servers that do not decode need \`basicEncoding: raw\`; at all others
a secret that holds \`%\` or \`+\` becomes another one, and the answer is
\`invalid_client\`. With letters and digits alone both are the same, and the
default is the safer one.

Where the server does need it, note that with \`# bearerd-ignore
oauth/raw-encoding\`.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/token
    clientId: invoices
    clientSecret: { env: CRM_SECRET }
    basicEncoding: raw
    scope: read
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`,
    good: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/token
    clientId: invoices
    clientSecret: { env: CRM_SECRET }
    scope: read
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`,
  },
  {
    code: 'oauth/shared-token',
    severity: 'warning',
    title: 'One token for services of different providers',
    explanation: `Whoever receives a bearer can use it wherever it is accepted. When one account
opens services of different sites, each of them can act at the others in your
name; RFC 9700 section 4.10.2 asks for tokens that are good for one resource.

Give each provider an account of its own. Sites are compared by the last two
labels of their hosts: \`api.crm.example\` and \`files.crm.example\` are one.`,
    bad: `version: 1
accounts:
  login:
    accessTokenUri: https://login.crm.example/token
    clientId: invoices
    clientSecret: { env: CRM_SECRET }
    scope: read
services:
  contacts: { account: login, serverUrl: https://api.crm.example }
  reports: { account: login, serverUrl: https://api.reports.example }
`,
    good: `version: 1
accounts:
  login:
    accessTokenUri: https://login.crm.example/token
    clientId: invoices
    clientSecret: { env: CRM_SECRET }
    scope: contacts
  reports:
    accessTokenUri: https://login.crm.example/token
    clientId: invoices
    clientSecret: { env: CRM_SECRET }
    scope: reports
services:
  contacts: { account: login, serverUrl: https://api.crm.example }
  reports: { account: reports, serverUrl: https://api.reports.example }
`,
  },
]
