// The pages of reference/*: names that mean nothing, two things, or each other.
import type { CodePage } from './code-page.ts'

export const referencePages: readonly CodePage[] = [
  {
    code: 'reference/duplicate-name',
    severity: 'error',
    title: 'The same name, or `daemon`, defined twice',
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
`,
  },
  {
    code: 'reference/unknown-service',
    severity: 'error',
    title: 'The name of a service that is not defined',
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
`,
  },
  {
    code: 'reference/unknown-action',
    severity: 'error',
    title: 'The name of an action that is not defined',
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
`,
  },
  {
    code: 'reference/unknown-account',
    severity: 'error',
    title: 'The name of an account that is not defined',
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
`,
  },
  {
    code: 'reference/unused-account',
    severity: 'warning',
    title: 'An account that nothing uses',
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
`,
  },
  {
    code: 'reference/cycle',
    severity: 'error',
    title: 'Accounts that feed each other in a circle',
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
`,
  },
  {
    code: 'reference/no-bearer',
    severity: 'error',
    title: 'A secret taken from an account that has no bearer',
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
`,
  },
  {
    code: 'reference/unknown-field',
    severity: 'error',
    title: 'A member that another account does not publish',
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
`,
  },
]
