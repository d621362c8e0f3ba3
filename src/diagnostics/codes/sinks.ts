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
    code: 'sinks/dpop',
    severity: 'error',
    title: 'A sink of an account with DPoP',
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
