// The pages of uri/*: where a credential is sent to.
import type { CodePage } from './code-page.ts'

export const uriPages: readonly CodePage[] = [
  {
    code: 'uri/invalid',
    severity: 'error',
    title: 'Not an absolute http(s) URL that can be used here',
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
`,
  },
  {
    code: 'uri/insecure',
    severity: 'error',
    title: 'Plain http outside loopback',
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
`,
  },
  {
    code: 'uri/host-from-value',
    severity: 'error',
    title: 'A value that could change the host of a URI',
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
`,
  },
  {
    code: 'uri/double-slash',
    severity: 'warning',
    title: 'An empty segment in a path',
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
`,
  },
]
