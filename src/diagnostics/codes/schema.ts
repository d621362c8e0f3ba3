// The pages of schema/*: keys and values that a configuration does not have.
import type { CodePage } from './code-page.ts'

export const schemaPages: readonly CodePage[] = [
  {
    code: 'schema/unknown-key',
    severity: 'error',
    title: 'A key that does not exist',
    explanation: `A misspelt key would be a setting that has no effect, so every key must be
known. The hint names the nearest one. A misspelt key and the required one that
it stands for are told as one problem.

Keys that start with \`x-\` are your own and are not looked at.`,
    bad: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    timeoutMesage: The weather service takes too long.
`,
    good: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    timeoutMessage: The weather service takes too long.
`,
  },
  {
    code: 'schema/missing-key',
    severity: 'error',
    title: 'A required key that is not there',
    explanation: `The message says what requires the key: some are always required, others go with
a value of another key, as \`password\` with \`grant: password\`. It is reported at
the mapping that lacks it.

\`scope\` is required for every \`oauth2\` account, so that nobody asks for more
than was meant. A provider without scopes gets an explicit empty list.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientSecret: { env: CRM_CLIENT_SECRET }
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example/v3
`,
    good: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientSecret: { env: CRM_CLIENT_SECRET }
    scope: []
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example/v3
`,
  },
  {
    code: 'schema/type',
    severity: 'error',
    title: 'A value of the wrong type',
    explanation: `A number where a text is meant, a text where a mapping is meant, a key without a
value. YAML reads \`007\`, \`1.10\` and \`true\` as numbers and truth values: where a
text is meant they need quotes, or they lose their spelling.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: 4711
    clientSecret: { env: CRM_CLIENT_SECRET }
    scope: contacts.read
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example/v3
`,
    good: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: "4711"
    clientSecret: { env: CRM_CLIENT_SECRET }
    scope: contacts.read
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example/v3
`,
  },
  {
    code: 'schema/value',
    severity: 'error',
    title: 'A value that is not one of the allowed ones, or has the wrong form',
    explanation: `The type is right and the value is not: a word that is none of the list, a
duration without a unit, a name with a character that names do not have. The
hint shows an example, or the nearest allowed word.`,
    bad: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    timeout: 20 seconds
`,
    good: `version: 1
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    timeout: 20s
`,
  },
  {
    code: 'schema/not-allowed',
    severity: 'error',
    title: 'A key that does not go with the authorization, grant or client auth method',
    explanation: `The key exists, but another key of the same mapping has a value with which it
would have no effect. Either the key is too much, or the other one should say
something else: \`username\` and \`password\` belong to \`grant: password\` and to
\`authorization: basic\`, and the default grant is \`client_credentials\`.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientSecret: { env: CRM_CLIENT_SECRET }
    username: robot@crm.example
    scope: contacts.read
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example/v3
`,
    good: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientSecret: { env: CRM_CLIENT_SECRET }
    scope: contacts.read
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example/v3
`,
  },
]
