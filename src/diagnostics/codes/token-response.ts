// The pages of what an account says of its token response.
import type { CodePage } from './code-page.ts'

const account = (lines: string) => `version: 1
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
`

export const tokenResponsePages: readonly CodePage[] = [
  {
    code: 'oauth/publish-without-hosts',
    severity: 'warning',
    title: 'A published member that does not say which hosts it may name',
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
`),
  },
  {
    code: 'oauth/refresh-before',
    severity: 'warning',
    title: 'A token that would be renewed for most of its life',
    explanation: `\`refreshBefore\` says how long before its end a token is renewed. With more than
half of \`lifetime.default\` nearly every use would ask for a new token; it is
therefore cut to a fifth of the life, which is also the default.`,
    bad: account(`    lifetime: { default: 10m, refreshBefore: 9m }
`),
    good: account(`    lifetime: { default: 10m, refreshBefore: 1m }
`),
  },
]
