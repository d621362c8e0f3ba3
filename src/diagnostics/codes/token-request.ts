// The pages about where a token request goes, and what it may hold.
import type { CodePage } from './code-page.ts'

export const tokenRequestPages: readonly CodePage[] = [
  {
    code: 'oauth/authorization-endpoint',
    severity: 'warning',
    title: 'The authorization endpoint in place of the token endpoint',
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
`,
  },
  {
    code: 'oauth/nested-parameter',
    severity: 'error',
    title: 'A mapping among the parameters of a form or a query',
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
`,
  },
]
