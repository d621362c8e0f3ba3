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
]
