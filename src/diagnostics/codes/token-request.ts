// The pages about what a `tokenRequest` may hold.
import type { CodePage } from './code-page.ts'

export const tokenRequestPages: readonly CodePage[] = [
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
