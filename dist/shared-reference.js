// src/diagnostics/codes/action.ts
var actionPages = [
  {
    code: "action/input-schema",
    severity: "error",
    title: "An `input` that is not a JSON Schema",
    explanation: `\`input\` is a JSON Schema (2020-12) by which the input of every delivery is
checked before anything is stored or sent. It is read in Ajv's strict mode, so
that a keyword with a typing error, which JSON Schema itself would ignore, is
found here and not by a provider that gets what it should not.`,
    bad: `version: 1
services:
  tickets:
    account: { authorization: none }
    serverUrl: https://tickets.example/api
actions:
  open-ticket:
    type: sendToConnectedService
    authenticateWith: tickets
    path: /tickets
    input:
      type: object
      properties: { subject: { type: string, maxLenght: 80 } }
    content: { json: { subject: "{{input.subject}}" } }
`,
    good: `version: 1
services:
  tickets:
    account: { authorization: none }
    serverUrl: https://tickets.example/api
actions:
  open-ticket:
    type: sendToConnectedService
    authenticateWith: tickets
    path: /tickets
    input:
      type: object
      properties: { subject: { type: string, maxLength: 80 } }
    content: { json: { subject: "{{input.subject}}" } }
`
  }
];

// src/diagnostics/codes/client-assertion.ts
var clientAssertionPages = [
  {
    code: "oauth/assertion-audience",
    severity: "warning",
    title: "A client assertion for the token endpoint, though the issuer is known",
    explanation: `The claim \`aud\` says for whom an assertion is. A server that tells its clients
the token endpoint of another one as its own gets assertions that it can use
there in your name. The issuer cannot be told wrongly in that way: it is what
the account says, and the metadata of the server must say the same. RFC 7523bis
therefore wants the issuer as the audience, alone.

Without \`audience\` the issuer is the default where the account has one. Some
providers still want their token endpoint: keep it then, and note it with
\`# bearerd-ignore oauth/assertion-audience\`.`,
    bad: `version: 1
accounts:
  crm:
    issuer: https://login.crm.example
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientAuthMethod: private_key_jwt
    clientAssertion:
      key: { file: secrets/crm-key.pem }
      audience: https://login.crm.example/oauth2/token
    scope: contacts.read
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`,
    good: `version: 1
accounts:
  crm:
    issuer: https://login.crm.example
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientAuthMethod: private_key_jwt
    clientAssertion:
      key: { file: secrets/crm-key.pem }
    scope: contacts.read
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`
  }
];

// src/diagnostics/codes/daemon.ts
var daemonPages = [
  {
    code: "daemon/exposed",
    severity: "error",
    title: "A listener that other machines can reach",
    explanation: `Everyone who can connect to the API listener gets credentials; the admin
listener shows status and metrics. An address that other machines can reach
would give them to the network. Listen on \`127.0.0.1\`, \`[::1]\` or a Unix socket.
Where others must reach it, set both \`daemon.callers\`, so that only they may
use it, and \`daemon.tls\`, so that nobody reads what they get.`,
    bad: `version: 1
daemon: { listen: "0.0.0.0:7117" }
`,
    good: `version: 1
daemon: { listen: "127.0.0.1:7117" }
`
  },
  {
    code: "daemon/caller",
    severity: "error",
    title: "A caller that cannot prove itself",
    explanation: `A caller is known by its \`token\`, a secret, by the SHA-256 of a token,
\`tokenSha256\`, or by its client \`certificate\`. Without one of them nobody could
ever be that caller, and a certificate comes only to a listener with \`tls\`. A
name in a certificate counts only where \`tls.caFile\` says whose word it is.`,
    bad: `version: 1
services:
  contacts: { account: { authorization: none }, serverUrl: https://api.example }
daemon:
  callers:
    billing: { services: [contacts] }
`,
    good: `version: 1
services:
  contacts: { account: { authorization: none }, serverUrl: https://api.example }
daemon:
  callers:
    billing: { token: { env: BILLING_TOKEN }, services: [contacts] }
`
  },
  {
    code: "daemon/same-address",
    severity: "error",
    title: "Two listeners on one address",
    explanation: `The API, the admin listener and each service with \`listen\` need an address of
their own.`,
    bad: `version: 1
services:
  contacts:
    account: { authorization: none }
    serverUrl: https://api.crm.example
    listen: 127.0.0.1:7201
  holidays:
    account: { authorization: none }
    serverUrl: https://api.holidays.example
    listen: 127.0.0.1:7201
`,
    good: `version: 1
services:
  contacts:
    account: { authorization: none }
    serverUrl: https://api.crm.example
    listen: 127.0.0.1:7201
  holidays:
    account: { authorization: none }
    serverUrl: https://api.holidays.example
    listen: 127.0.0.1:7202
`
  },
  {
    code: "listen/unavailable",
    severity: "error",
    title: "An address of a service that the daemon cannot listen on",
    explanation: `The \`listen\` of a service is opened before a new configuration counts. When that
fails, nothing changes: the running configuration and its addresses stay. Only
\`bearerd run\` and a reload can tell, not \`bearerd validate\`.`,
    bad: "An address that another process listens on, or a Unix socket in a folder that does not exist.",
    good: "An address that is free, on this machine.",
    described: true
  },
  {
    code: "daemon/needs-restart",
    severity: "warning",
    title: "A setting that counts after the next start",
    explanation: `Addresses, \`socket\`, whether there is \`tls\`, \`log.format\`, where the state is,
and the limits of headers and of time are fixed when the daemon starts. The
rest of the configuration is active; this key has its old value until then. The
answer of \`POST /-/reload\`, \`/v1/status\` and the log tell.`,
    bad: "Another `daemon.listen` in a file, and a reload.",
    good: "A restart of the daemon.",
    described: true
  }
];

// src/diagnostics/codes/file.ts
var filePages = [
  {
    code: "file/not-found",
    severity: "error",
    title: "A path that is neither a file nor a folder nor a glob with a match",
    explanation: `A path of the command line, of \`--config\` or of \`BEARERD_CONFIG\` leads nowhere.
The hint names the file beside it that is spelt most like it. \`bearerd validate\`
ends with exit code 2, as for any wrong command line.`,
    bad: "`bearerd validate services.yml` in a folder that has `services.yaml` only.",
    good: "`bearerd validate services.yaml`, or `bearerd validate .` for all files of the folder.",
    described: true
  },
  {
    code: "file/unreadable",
    severity: "error",
    title: "A file or folder that cannot be read",
    explanation: `The path exists, and the system refuses to read it: because of its permissions,
or because it is a link that leads nowhere or to itself. The rest of the
configuration is checked; what accounts, services and variables it may define
is not known, so a name that is missing in the rest is not told.
\`bearerd validate\` ends with exit code 1.`,
    bad: "A file with the permissions `0600` that belongs to another user.",
    good: "The same file, readable for the user who runs the command.",
    described: true
  },
  {
    code: "file/empty-folder",
    severity: "error",
    title: "A folder that holds no `.yaml` or `.yml` file",
    explanation: `A folder stands for the YAML files in it and below it. Hidden files and folders
are skipped, and so are other endings. A folder without any is mostly a wrong
path: an error where nothing else is read, a warning beside other files. The
daemon starts with it, and takes what comes. A folder that had files and has
none at a reload is an error, other files beside it or not: what ran goes on. To
end the services of its last file, leave the file without them (\`version: 1\`),
or start again.`,
    bad: "`bearerd validate services.d/` where the folder holds `crm.yaml.disabled` only.",
    good: "`bearerd validate services.d/` where the folder holds `crm.yaml`.",
    described: true
  },
  {
    code: "file/too-large",
    severity: "error",
    title: "A file that is larger than a configuration can be",
    explanation: `A file has at most 5 MiB, a million words and signs, and 20,000 entries in one
mapping or list: more is refused before it takes the time of whoever waits, and
the memory of the machine. A service takes about seventy words. Several smaller
files are one configuration as well.`,
    bad: "A mapping of 100,000 services in one file.",
    good: "The same services in ten files of one folder.",
    described: true
  }
];

// src/diagnostics/codes/ignore.ts
var ignorePages = [
  {
    code: "ignore/unused",
    severity: "warning",
    title: "A `bearerd-ignore` comment that suppresses nothing",
    explanation: `\`# bearerd-ignore CODE\` at the end of a line suppresses that code on that line;
on a line of its own, on the next line. Several codes are separated by commas;
text behind them is your own. This comment names a code that is not reported
there: the problem was solved, or the comment stands in the wrong place. Left as
it is, it would hide the next problem of that kind.

Codes of \`yaml/\`, \`file/\` and \`ignore/\` cannot be suppressed. An error that is
suppressed is not reported by \`bearerd validate\`, and still keeps that
configuration from running.`,
    bad: `version: 1
accounts:
  archive:
    accessTokenUri: https://id.archive.example/token
    clientId: bearerd
    clientSecret: { file: secrets/archive-client }
    grant: client_credentials # bearerd-ignore oauth/password-grant
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
    grant: password # bearerd-ignore oauth/password-grant
    username: robot@archive.example
    password: { file: secrets/archive-robot }
    scope: files
services:
  documents:
    account: archive
    serverUrl: https://files.archive.example
`
  },
  {
    code: "ignore/unknown-code",
    severity: "warning",
    title: "A `bearerd-ignore` comment with a code that does not exist",
    explanation: `The comment names no code of \`bearerd rules\`, so it suppresses nothing. The hint
names the nearest one.`,
    bad: `version: 1
services:
  maps:
    account:
      # bearerd-ignore oauth/credentials-in-query, oauth/credential-in-query
      authorization: query
      query: { name: key, value: { env: MAPS_KEY } }
    serverUrl: https://api.maps.example
`,
    good: `version: 1
services:
  maps:
    account:
      # bearerd-ignore oauth/credentials-in-query
      authorization: query
      query: { name: key, value: { env: MAPS_KEY } }
    serverUrl: https://api.maps.example
`
  }
];

// src/diagnostics/codes/oauth.ts
var oauthPages = [
  {
    code: "oauth/password-grant",
    severity: "warning",
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
`
  },
  {
    code: "oauth/id-token-without-user",
    severity: "warning",
    title: "An ID token asked of a grant that has no user",
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
`
  },
  {
    code: "oauth/public-client",
    severity: "error",
    title: "`client_credentials` with a client that does not authenticate",
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
`
  },
  {
    code: "oauth/credentials-in-query",
    severity: "warning",
    title: "A credential in the query",
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
`
  },
  {
    code: "oauth/reserved-parameter",
    severity: "error",
    title: "A second way to authenticate beside the account",
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
`
  },
  {
    code: "oauth/raw-encoding",
    severity: "warning",
    title: "HTTP Basic without the encoding that RFC 6749 asks for",
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
`
  },
  {
    code: "oauth/shared-token",
    severity: "warning",
    title: "One token for services of different providers",
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
`
  }
];

// src/diagnostics/codes/parameters.ts
var parametersPages = [
  {
    code: "parameters/pattern",
    severity: "error",
    title: "A pattern that cannot be used",
    explanation: `The \`pattern\` of a parameter is a regular expression as JavaScript writes them,
and the whole value must match it. It is matched in a time that has a bound,
whatever value a caller sends: for that, look-around, back references, word
boundaries, named groups and more than 256 repetitions are not supported.`,
    bad: `version: 1
services:
  shop:
    account: { authorization: none }
    serverUrl: https://{{params.tenant}}.api.shop.example
    parameters:
      tenant: { pattern: '^(?!admin)[a-z]+$' }
`,
    good: `version: 1
services:
  shop:
    account: { authorization: none }
    serverUrl: https://{{params.tenant}}.api.shop.example
    parameters:
      tenant: { pattern: '^shop-[a-z]+$' }
`
  },
  {
    code: "parameters/default",
    severity: "error",
    title: "A default that its own pattern refuses",
    explanation: `The default is the value of a request that gives none, and it is checked like
every other value: the whole of it must match the pattern.`,
    bad: `version: 1
services:
  shop:
    account: { authorization: none }
    serverUrl: https://{{params.tenant}}.api.shop.example
    parameters:
      tenant: { pattern: '^[a-z]+$', default: Main }
`,
    good: `version: 1
services:
  shop:
    account: { authorization: none }
    serverUrl: https://{{params.tenant}}.api.shop.example
    parameters:
      tenant: { pattern: '^[a-z]+$', default: main }
`
  }
];

// src/diagnostics/codes/reference.ts
var referencePages = [
  {
    code: "reference/duplicate-name",
    severity: "error",
    title: "The same name, or `daemon`, defined twice",
    explanation: `All files of one call are one configuration, and so are all documents of a file:
a name can be defined once. The second place is reported and the first one
related, so that a copy that was forgotten in another file is found.`,
    bad: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
---
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.forecast.example
`,
    good: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
---
services:
  forecast:
    account: { authorization: none }
    serverUrl: https://api.forecast.example
`
  },
  {
    code: "reference/unknown-service",
    severity: "error",
    title: "The name of a service that is not defined",
    explanation: `An action says with \`authenticateWith\` whose URL and credential it uses. The
hint names the nearest service. When the service stands in another file, that
file must be part of the same call.`,
    bad: `version: 1
services:
  documents:
    account: { authorization: none }
    serverUrl: https://files.archive.example
actions:
  archive-invoice:
    type: copyToHttpServer
    authenticateWith: document
    path: /inbox
    content: { file: {} }
`,
    good: `version: 1
services:
  documents:
    account: { authorization: none }
    serverUrl: https://files.archive.example
actions:
  archive-invoice:
    type: copyToHttpServer
    authenticateWith: documents
    path: /inbox
    content: { file: {} }
`
  },
  {
    code: "reference/unknown-action",
    severity: "error",
    title: "The name of an action that is not defined",
    explanation: `A caller of the daemon may run an action that does not exist. It is a name
below \`actions\`, in this file or another one of the same configuration, or \`*\`
for all of them.`,
    bad: `version: 1
actions:
  note:
    type: copyToHttpServer
    url: https://drop.example/notes
    content: { text: { template: "{{input.text}}", contentType: text/plain } }
daemon:
  callers:
    billing: { token: { env: BILLING_TOKEN }, actions: [notes] }
`,
    good: `version: 1
actions:
  note:
    type: copyToHttpServer
    url: https://drop.example/notes
    content: { text: { template: "{{input.text}}", contentType: text/plain } }
daemon:
  callers:
    billing: { token: { env: BILLING_TOKEN }, actions: [note] }
`
  },
  {
    code: "reference/unknown-account",
    severity: "error",
    title: "The name of an account that is not defined",
    explanation: `A service, or a secret of the form \`{ account: NAME }\`, names an account that
none of the files defines. The hint names the nearest one. When the account
stands in another file, that file must be part of the same call.`,
    bad: `version: 1
accounts:
  billing:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientSecret: { env: CRM_CLIENT_SECRET }
    scope: contacts.read
services:
  customers:
    account: billing
    serverUrl: https://api.crm.example/v3
  invoices:
    account: biling
    serverUrl: https://invoices.crm.example
`,
    good: `version: 1
accounts:
  billing:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientSecret: { env: CRM_CLIENT_SECRET }
    scope: contacts.read
services:
  customers:
    account: billing
    serverUrl: https://api.crm.example/v3
  invoices:
    account: billing
    serverUrl: https://invoices.crm.example
`
  },
  {
    code: "reference/unused-account",
    severity: "warning",
    title: "An account that nothing uses",
    explanation: `No service and no other account names this one. It is either left over, and its
client should be removed at the provider too, or a service names another account
than was meant.

It is not told while a file is no valid YAML, because that file may use it.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientSecret: { env: CRM_CLIENT_SECRET }
    scope: contacts.read
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
`,
    good: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
`
  },
  {
    code: "reference/cycle",
    severity: "error",
    title: "Accounts that feed each other in a circle",
    explanation: `An account can take its secret from another account, with \`{ account: NAME }\`.
In a circle each waits for the next one, and none could ever start. One of them
must get its secret elsewhere.`,
    bad: `version: 1
accounts:
  broker:
    accessTokenUri: https://broker.example/token
    clientId: job
    clientSecret: { account: partner }
    scope: []
  partner:
    accessTokenUri: https://partner.example/token
    clientId: job
    clientSecret: { account: broker }
    scope: []
services:
  orders:
    account: partner
    serverUrl: https://api.partner.example
`,
    good: `version: 1
accounts:
  broker:
    accessTokenUri: https://broker.example/token
    clientId: job
    clientSecret: { env: BROKER_SECRET }
    scope: []
  partner:
    accessTokenUri: https://partner.example/token
    clientId: job
    clientSecret: { account: broker }
    scope: []
services:
  orders:
    account: partner
    serverUrl: https://api.partner.example
`
  },
  {
    code: "reference/no-bearer",
    severity: "error",
    title: "A secret taken from an account that has no bearer",
    explanation: `\`{ account: NAME }\` stands for the current bearer of another account. Only an
account with \`authorization: oauth2\` has one; the key of an account with plain
headers can be referred to where it is stored.`,
    bad: `version: 1
accounts:
  gateway:
    authorization: header
    header: { name: X-Gateway-Key, value: { env: GATEWAY_KEY } }
  partner:
    accessTokenUri: https://partner.example/token
    clientId: job
    clientSecret: { account: gateway }
    scope: []
services:
  orders:
    account: partner
    serverUrl: https://api.partner.example
`,
    good: `version: 1
accounts:
  partner:
    accessTokenUri: https://partner.example/token
    clientId: job
    clientSecret: { env: GATEWAY_KEY }
    scope: []
services:
  orders:
    account: partner
    serverUrl: https://api.partner.example
`
  },
  {
    code: "reference/unknown-field",
    severity: "error",
    title: "A member that another account does not publish",
    explanation: `\`{ account: NAME, field: MEMBER }\` is a member of the token response of another
account, by the name that \`tokenResponse.publish\` of that account gives it.`,
    bad: `version: 1
accounts:
  broker:
    accessTokenUri: https://id.broker.example/token
    clientId: bearerd
    clientSecret: { env: BROKER_SECRET }
    scope: []
    tokenResponse:
      publish: { session_key: { at: /session_key, hosts: [] } }
services:
  orders:
    account:
      authorization: header
      header: { name: X-Session, value: { account: broker, field: sessionkey } }
    serverUrl: https://api.shop.example
`,
    good: `version: 1
accounts:
  broker:
    accessTokenUri: https://id.broker.example/token
    clientId: bearerd
    clientSecret: { env: BROKER_SECRET }
    scope: []
    tokenResponse:
      publish: { session_key: { at: /session_key, hosts: [] } }
services:
  orders:
    account:
      authorization: header
      header: { name: X-Session, value: { account: broker, field: session_key } }
    serverUrl: https://api.shop.example
`
  }
];

// src/diagnostics/codes/schema.ts
var schemaPages = [
  {
    code: "schema/unknown-key",
    severity: "error",
    title: "A key that does not exist",
    explanation: `A misspelt key would be a setting that has no effect, so every key must be
known. The hint names the nearest one. A misspelt key and the required one that
it stands for are told as one problem.

Keys that start with \`x-\` are your own and are not looked at.`,
    bad: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    timeoutMesage: The weather service takes too long.
`,
    good: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    timeoutMessage: The weather service takes too long.
`
  },
  {
    code: "schema/missing-key",
    severity: "error",
    title: "A required key that is not there",
    explanation: `The message says what requires the key: some are always required, others go with
a value of another key, as \`password\` with \`grant: password\`. It is reported at
the mapping that lacks it.

\`scope\` is required for every \`oauth2\` account, so that nobody asks for more
than was meant. A provider without scopes gets an explicit empty list.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientSecret: { env: CRM_CLIENT_SECRET }
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
    scope: []
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example/v3
`
  },
  {
    code: "schema/type",
    severity: "error",
    title: "A value of the wrong type",
    explanation: `A number where a text is meant, a text where a mapping is meant, a key without a
value. YAML reads \`007\`, \`1.10\` and \`true\` as numbers and truth values: where a
text is meant they need quotes, or they lose their spelling.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: 4711
    clientSecret: { env: CRM_CLIENT_SECRET }
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
    clientId: "4711"
    clientSecret: { env: CRM_CLIENT_SECRET }
    scope: contacts.read
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example/v3
`
  },
  {
    code: "schema/value",
    severity: "error",
    title: "A value that is not one of the allowed ones, or has the wrong form",
    explanation: `The type is right and the value is not: a word that is none of the list, a
duration without a unit, a name with a character that names do not have. The
hint shows an example, or the nearest allowed word.`,
    bad: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    timeout: 20 seconds
`,
    good: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    timeout: 20s
`
  },
  {
    code: "schema/not-allowed",
    severity: "error",
    title: "A key that does not go with the authorization, grant or client auth method",
    explanation: `The key exists, but another key of the same mapping has a value with which it
would have no effect. Either the key is too much, or the other one should say
something else: \`username\` and \`password\` belong to \`grant: password\` and to
\`authorization: basic\`, and the default grant is \`client_credentials\`.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientSecret: { env: CRM_CLIENT_SECRET }
    username: robot@crm.example
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
    clientId: invoices
    clientSecret: { env: CRM_CLIENT_SECRET }
    scope: contacts.read
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example/v3
`
  }
];

// src/diagnostics/codes/scope.ts
var scopePages = [
  {
    code: "oauth/scope-separator",
    severity: "warning",
    title: "A scope in a list that holds a comma or a blank",
    explanation: `A text is split at commas and blanks; a list is taken literally, so that a scope
that itself has a comma or a blank can be written. An item such as \`read,write\`
is then sent as one scope, which no server knows.

Where a scope really has one, say so with \`# bearerd-ignore
oauth/scope-separator\`.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/token
    clientId: invoices
    clientSecret: { env: CRM_SECRET }
    scope: ['contacts.read,contacts.write']
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`,
    good: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/token
    clientId: invoices
    clientSecret: { env: CRM_SECRET }
    scope: [contacts.read, contacts.write]
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`
  },
  {
    code: "oauth/scope-value",
    severity: "error",
    title: "A variable in `scope` whose value is no part of one scope",
    explanation: `An expression in \`scope\` stands for one scope or a part of it, so that no value
can ask for more than was written. A value that is empty, or that has a blank, a
comma, a quotation mark, a backslash or the \`scopeSeparator\` in it, is refused.

Write several scopes as several, each with its own expression where it needs
one. The default of a parameter that stands alone in an expression is told where
it is written. A value that a caller gives, or that is read from a secret, is
looked at when it is used.`,
    bad: `version: 1
vars:
  access: contacts.read contacts.write
accounts:
  crm:
    accessTokenUri: https://login.crm.example/token
    clientId: invoices
    clientSecret: { env: CRM_SECRET }
    scope: "{{vars.access}}"
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`,
    good: `version: 1
vars:
  object: contacts
accounts:
  crm:
    accessTokenUri: https://login.crm.example/token
    clientId: invoices
    clientSecret: { env: CRM_SECRET }
    scope: "{{vars.object}}.read {{vars.object}}.write"
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`
  }
];

// src/diagnostics/codes/secrets.ts
var secretsPages = [
  {
    code: "secrets/literal",
    severity: "warning",
    title: "A secret that stands in the file itself",
    explanation: `Configuration files are copied, reviewed and kept in Git, and everything that
was ever committed stays readable there. A reference says where the secret is:
\`{ env: NAME }\`, \`{ file: PATH }\`, \`{ exec: [PROGRAM] }\` or \`{ systemd: NAME }\`.
A secret that was committed is no secret any more: replace it at the provider.

The secret is covered wherever this problem is printed.`,
    bad: `version: 1
services:
  weather:
    account:
      authorization: header
      header: { name: X-Api-Key, value: k-3141592 }
    serverUrl: https://api.weather.example
`,
    good: `version: 1
services:
  weather:
    account:
      authorization: header
      header: { name: X-Api-Key, value: { file: secrets/weather-key } }
    serverUrl: https://api.weather.example
`
  },
  {
    code: "secrets/path",
    severity: "error",
    title: "A path of a secret that cannot have this expression",
    explanation: `The path of \`{ file: PATH }\` may hold \`{{params.NAME}}\` and variables with a
constant text. What a caller says chooses a file below the folder before it, and
nothing else: a value with a slash, a value \`..\` and a link that leads out of
that folder are refused when the secret is read. So there must be such a folder,
and a value that is a secret itself, or differs each time, has no place in a
path.`,
    bad: `version: 1
services:
  shop:
    account:
      authorization: header
      header: { name: X-Api-Key, value: { file: '{{params.tenant}}' } }
    serverUrl: https://api.shop.example
    parameters:
      tenant: { pattern: '^[a-z]+$' }
`,
    good: `version: 1
services:
  shop:
    account:
      authorization: header
      header: { name: X-Api-Key, value: { file: 'secrets/{{params.tenant}}' } }
    serverUrl: https://api.shop.example
    parameters:
      tenant: { pattern: '^[a-z]+$' }
`
  },
  {
    code: "secrets/value-as-name",
    severity: "warning",
    title: "A secret in the place of a name",
    explanation: `\`{ env: NAME }\` names an environment variable. Here it looks as if the secret
itself had been written, which stays in the file and its history, while the
variable does not exist. Replace the secret at the provider, put the new one
into a variable and write its name.

The text is covered wherever this problem is printed.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/token
    clientId: invoices
    clientSecret: { env: sk_live_notarealkey000000 }
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
`
  }
];

// src/diagnostics/codes/sinks.ts
var sinksPages = [
  {
    code: "sinks/no-bearer",
    severity: "error",
    title: "A sink of a service without a bearer",
    explanation: `Only an oauth2 account has a bearer, which the formats \`token\` and \`json\`
write. The format \`header\` also writes the headers of \`header\` and
\`basic\`. A credential in the query, and no credential, have no form for a
file.`,
    bad: `version: 1
services:
  weather:
    account:
      authorization: header
      header: { name: X-Api-Key, value: { env: WEATHER_KEY } }
    serverUrl: https://api.weather.example
    sinks:
      - { file: /run/bearerd/weather }
`,
    good: `version: 1
services:
  weather:
    account:
      authorization: header
      header: { name: X-Api-Key, value: { env: WEATHER_KEY } }
    serverUrl: https://api.weather.example
    sinks:
      - { file: /run/bearerd/weather, format: header }
`
  },
  {
    code: "sinks/dpop",
    severity: "error",
    title: "A sink of an account with DPoP",
    explanation: `A token that is bound to a key is accepted only with a proof that this key
makes anew for each request (RFC 9449 section 7). A file holds a token and
no key, so what reads it could do nothing with it. The proxy, \`listen\` of
the service and the library's client send a proof with each request.`,
    bad: `version: 1
services:
  orders:
    account:
      accessTokenUri: https://id.shop.example/token
      clientId: orders
      clientSecret: { env: ORDERS_SECRET }
      scope: orders
      dpop: true
    serverUrl: https://api.shop.example
    sinks:
      - { file: /run/bearerd/orders }
`,
    good: `version: 1
services:
  orders:
    account:
      accessTokenUri: https://id.shop.example/token
      clientId: orders
      clientSecret: { env: ORDERS_SECRET }
      scope: orders
      dpop: true
    serverUrl: https://api.shop.example
    listen: 127.0.0.1:7201
`
  },
  {
    code: "sinks/same-file",
    severity: "error",
    title: "Two sinks that write the same file",
    explanation: `Each file holds one credential in one format. Two sinks of one file would
replace each other's content at each renewal.`,
    bad: `version: 1
services:
  orders:
    account:
      accessTokenUri: https://id.shop.example/token
      clientId: orders
      clientSecret: { env: ORDERS_SECRET }
      scope: orders
    serverUrl: https://api.shop.example
    sinks:
      - { file: /run/bearerd/orders }
      - { file: /run/bearerd/orders, format: json }
`,
    good: `version: 1
services:
  orders:
    account:
      accessTokenUri: https://id.shop.example/token
      clientId: orders
      clientSecret: { env: ORDERS_SECRET }
      scope: orders
    serverUrl: https://api.shop.example
    sinks:
      - { file: /run/bearerd/orders }
      - { file: /run/bearerd/orders.json, format: json }
`
  }
];

// src/diagnostics/codes/template.ts
var templatePages = [
  {
    code: "template/syntax",
    severity: "error",
    title: "An expression that cannot be read",
    explanation: `\`{{\` starts an expression and needs its \`}}\`; between them stands the name of a
variable, or a function with one argument, as in \`{{vars.region}}\` and \`{{base64
vars.user}}\`.`,
    bad: `version: 1
vars: { region: eu }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example/{{vars.region}/v1
`,
    good: `version: 1
vars: { region: eu }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example/{{vars.region}}/v1
`
  },
  {
    code: "template/unsupported",
    severity: "error",
    title: "Something that templates do not have",
    explanation: `Templates hold variables and the functions \`base64\` and \`json\`. There are no
blocks, no partials, no other functions and no triple braces, and a variable
cannot be made of other variables: what a value is stays readable at the place
where it is used.`,
    bad: `version: 1
vars: { region: eu }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    headers: { X-Region: "{{uppercase vars.region}}" }
`,
    good: `version: 1
vars: { region: EU }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    headers: { X-Region: "{{vars.region}}" }
`
  },
  {
    code: "template/unknown-variable",
    severity: "error",
    title: "A variable that does not exist at this place",
    explanation: `Most template languages put an empty text where a variable is unknown; in a URL
or a header that is found out in production. Here it is an error at its exact
column. Variables are defined below \`vars\`, file-wide, in an account or in a
service; an account does not see the variables of the services that use it.`,
    bad: `version: 1
vars: { region: eu }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example/{{vars.regoin}}
`,
    good: `version: 1
vars: { region: eu }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example/{{vars.region}}
`
  },
  {
    code: "template/shell-variable",
    severity: "warning",
    title: "A variable as shells and CI write it, which nothing expands",
    explanation: `A text such as \`\${TENANT}\` is sent as it stands: bearerd puts no variables of
the environment into texts, so that a file says by itself what is meant. In a
URI it is an error, \`uri/invalid\`, and in a secret too, \`secrets/literal\`.

Give the variable a name below \`vars\`, with \`{ env: TENANT }\` as its value or
with its text, and write \`{{vars.tenant}}\` where it is used. A secret is a
reference by itself: \`clientSecret: { env: CRM_SECRET }\`.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/token
    clientId: "job-of-\${TENANT}"
    clientSecret: { env: CRM_SECRET }
    scope: read
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`,
    good: `version: 1
vars:
  tenant: { env: TENANT }
accounts:
  crm:
    accessTokenUri: https://login.crm.example/token
    clientId: "job-of-{{vars.tenant}}"
    clientSecret: { env: CRM_SECRET }
    scope: read
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`
  }
];

// src/diagnostics/codes/token-request.ts
var tokenRequestPages = [
  {
    code: "oauth/authorization-endpoint",
    severity: "warning",
    title: "The authorization endpoint in place of the token endpoint",
    explanation: `The authorization endpoint (RFC 6749 section 3.1) is a page where people log in,
and mostly ends with \`/authorize\`. It issues no token to a program: that is what
the token endpoint (section 3.2) does. Providers document both side by side; the
metadata of an issuer calls the right one \`token_endpoint\`.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/authorize
    clientId: invoices
    clientSecret: { env: CRM_SECRET }
    scope: contacts.read
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example
`,
    good: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientSecret: { env: CRM_SECRET }
    scope: contacts.read
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example
`
  },
  {
    code: "oauth/nested-parameter",
    severity: "error",
    title: "A mapping among the parameters of a form or a query",
    explanation: `A form and a query hold names with texts. Only JSON can hold mappings, and lists
of lists: a provider that wants them says in its documentation that the body is
JSON.`,
    bad: `version: 1
accounts:
  charts:
    accessTokenUri: https://charts.example/api/signin
    grant: login
    scope: []
    tokenRequest:
      params: { credentials: { name: robot, secret: { env: CHARTS_SECRET } } }
services:
  charts:
    account: charts
    serverUrl: https://charts.example/api
`,
    good: `version: 1
accounts:
  charts:
    accessTokenUri: https://charts.example/api/signin
    grant: login
    scope: []
    tokenRequest:
      format: json
      params: { credentials: { name: robot, secret: { env: CHARTS_SECRET } } }
services:
  charts:
    account: charts
    serverUrl: https://charts.example/api
`
  }
];

// src/diagnostics/codes/token-response.ts
var account = (lines) => `version: 1
accounts:
  sales:
    accessTokenUri: https://login.sales.example/token
    clientId: sales-job
    clientSecret: { file: secrets/sales-client }
    scope: api
${lines}services:
  leads:
    account: sales
    serverUrl: https://api.sales.example
`;
var tokenResponsePages = [
  {
    code: "oauth/publish-without-hosts",
    severity: "warning",
    title: "A published member that does not say which hosts it may name",
    explanation: `Some providers answer a token request with the address of their API. Whoever can
change that answer would decide where the token goes (RFC 9700 section 4.9.1),
so a member stands in the host of a URL only with a list of \`hosts\`. An empty
list says that the member is no host, such as the number of a customer.`,
    bad: account(`    tokenResponse:
      publish:
        instance: { at: /instance_url }
`),
    good: account(`    tokenResponse:
      publish:
        instance: { at: /instance_url, hosts: ["*.sales.example"] }
`)
  },
  {
    code: "oauth/refresh-before",
    severity: "warning",
    title: "A token that would be renewed for most of its life",
    explanation: `\`refreshBefore\` says how long before its end a token is renewed. With more than
half of \`lifetime.default\` nearly every use would ask for a new token; it is
therefore cut to a fifth of the life, which is also the default.`,
    bad: account(`    lifetime: { default: 10m, refreshBefore: 9m }
`),
    good: account(`    lifetime: { default: 10m, refreshBefore: 1m }
`)
  }
];

// src/diagnostics/codes/uri.ts
var uriPages = [
  {
    code: "uri/invalid",
    severity: "error",
    title: "Not an absolute http(s) URL that can be used here",
    explanation: `A URI starts with \`https://\` or \`http://\` and has a host. User information does
not belong in it, because an account holds the credentials; a fragment is never
sent; and a \`serverUrl\` has no query, because the paths of the callers are
appended to it.`,
    bad: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: api.weather.example/v1
`,
    good: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example/v1
`
  },
  {
    code: "uri/insecure",
    severity: "error",
    title: "Plain http outside loopback",
    explanation: `Over plain http everyone on the way can read the credential and use it. On this
machine (\`localhost\`, \`127.0.0.0/8\`, \`::1\`) it is allowed. Where there is no
other way, \`allowHttp: true\` beside the URI lets it pass, and the problem is a
warning then.`,
    bad: `version: 1
services:
  weather:
    account:
      authorization: header
      header: { name: X-Api-Key, value: { env: WEATHER_KEY } }
    serverUrl: http://api.weather.example
`,
    good: `version: 1
services:
  weather:
    account:
      authorization: header
      header: { name: X-Api-Key, value: { env: WEATHER_KEY } }
    serverUrl: https://api.weather.example
`
  },
  {
    code: "uri/host-from-value",
    severity: "error",
    title: "A value that could change the host of a URI",
    explanation: `Whoever decides the host decides who gets the credential. An expression at the
very start of a URI must be an absolute URL; one within the host must be host
labels, such as \`eu\` or \`api.crm\`: no slash, no \`@\`, no colon. That holds for
the default of a parameter too. After the host a value may be anything; it is
percent-encoded there.`,
    bad: `version: 1
vars: { region: eu/west }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://{{vars.region}}.api.weather.example
`,
    good: `version: 1
vars: { region: eu-west }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://{{vars.region}}.api.weather.example
`
  },
  {
    code: "uri/double-slash",
    severity: "warning",
    title: "An empty segment in a path",
    explanation: `\`https://api.crm.example//v3\` names another resource than the same with one
slash, and most servers answer 404. It mostly comes from a variable that is
empty, or that ends with a slash. A slash at the end of a \`serverUrl\` does no
harm: the paths of the callers are joined with one.`,
    bad: `version: 1
vars: { stage: '' }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example/{{vars.stage}}/v1
`,
    good: `version: 1
vars: { stage: test }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example/{{vars.stage}}/v1
`
  }
];

// src/diagnostics/codes/yaml.ts
var DEPTH = 201;
var yamlPages = [
  {
    code: "yaml/syntax",
    severity: "error",
    title: "Not YAML 1.2 in UTF-8",
    explanation: `The text cannot be read as YAML, so nothing else can be said about this
document. Common reasons are a tab in the indentation, a quote or bracket that
is never closed, a text with a colon and a blank in it that needs quotes, and a
value that starts with \`{{\`, which YAML reads as a mapping.

Only the first problem of a document is told: the later ones mostly follow from
it. Other documents and other files are checked all the same.`,
    bad: `version: 1
services:
  weather:
    title: Weather: the forecast
    account: { authorization: none }
    serverUrl: https://api.weather.example
`,
    good: `version: 1
services:
  weather:
    title: "Weather: the forecast"
    account: { authorization: none }
    serverUrl: https://api.weather.example
`
  },
  {
    code: "yaml/duplicate-key",
    severity: "error",
    title: "The same key twice in one mapping",
    explanation: `YAML wants each key of a mapping once. Many programs let the last one win
without a word; here neither is taken silently, because one of the two was meant
to be something else.`,
    bad: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    timeout: 10s
    timeout: 20s
`,
    good: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    timeout: 20s
`
  },
  {
    code: "yaml/unknown-tag",
    severity: "error",
    title: "A YAML tag, which means nothing here",
    explanation: `Tags such as \`!env\` belong to other programs. A parser that does not know a tag
keeps the text behind it: the name of the environment variable would become the
secret. References are mappings here.`,
    bad: `version: 1
services:
  weather:
    account:
      authorization: header
      header: { name: X-Api-Key, value: !env WEATHER_KEY }
    serverUrl: https://api.weather.example
`,
    good: `version: 1
services:
  weather:
    account:
      authorization: header
      header: { name: X-Api-Key, value: { env: WEATHER_KEY } }
    serverUrl: https://api.weather.example
`
  },
  {
    code: "yaml/alias-limit",
    severity: "error",
    title: "Aliases that stand for too much, or for themselves",
    explanation: `An alias repeats what stands before it. One that stands inside of what it
repeats has no end, and lists of aliases of lists grow to more than any machine
holds: a file may stand for two million values, and its merge keys may bring in
200,000 keys.`,
    bad: `version: 1
services:
  weather: &weather
    account: { authorization: none }
    serverUrl: https://api.weather.example
    x-again: *weather
`,
    good: `version: 1
services:
  weather: &weather
    account: { authorization: none }
    serverUrl: https://api.weather.example
  forecast: *weather
`
  },
  {
    code: "yaml/too-deep",
    severity: "error",
    title: "More levels of nesting than any configuration needs",
    explanation: `A file may nest 200 levels deep; a real one needs fewer than ten. What is deeper
was mostly made by a program that went wrong.`,
    bad: `version: 1
x-levels: ${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}
`,
    good: `version: 1
x-levels: [[[]]]
`
  }
];

// src/diagnostics/codes/index.ts
var CODE_PAGES = [
  ...filePages,
  ...yamlPages,
  ...schemaPages,
  ...referencePages,
  ...templatePages,
  ...uriPages,
  ...parametersPages,
  ...secretsPages,
  ...sinksPages,
  ...oauthPages,
  ...scopePages,
  ...clientAssertionPages,
  ...tokenRequestPages,
  ...tokenResponsePages,
  ...actionPages,
  ...daemonPages,
  ...ignorePages
];
function codePage(code) {
  return CODE_PAGES.find((page) => page.code === code);
}
function helpUri(code) {
  return `https://bearerd.dev/rules/${code}`;
}

export {
  CODE_PAGES,
  codePage,
  helpUri
};
