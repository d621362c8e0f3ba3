// The pages of parameters/*: what callers may say with a request.
import type { CodePage } from './code-page.ts'

export const parametersPages: readonly CodePage[] = [
  {
    code: 'parameters/pattern',
    severity: 'error',
    title: 'A pattern that cannot be used',
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
`,
  },
  {
    code: 'parameters/default',
    severity: 'error',
    title: 'A default that its own pattern refuses',
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
`,
  },
]
