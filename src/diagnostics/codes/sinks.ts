// The pages of sinks/*: files that hold a credential.
import type { CodePage } from './code-page.ts'

export const sinksPages: readonly CodePage[] = [
  {
    code: 'sinks/no-bearer',
    severity: 'error',
    title: 'A sink of a service without a bearer',
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
`,
  },
  {
    code: 'sinks/same-file',
    severity: 'error',
    title: 'Two sinks that write the same file',
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
`,
  },
]
