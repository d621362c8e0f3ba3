// The pages of secrets/*: where secrets are kept.
import type { CodePage } from './code-page.ts'

export const secretsPages: readonly CodePage[] = [
  {
    code: 'secrets/literal',
    severity: 'warning',
    title: 'A secret that stands in the file itself',
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
`,
  },
  {
    code: 'secrets/path',
    severity: 'error',
    title: 'A path of a secret that cannot have this expression',
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
`,
  },
  {
    code: 'secrets/value-as-name',
    severity: 'warning',
    title: 'A secret in the place of a name',
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
`,
  },
]
