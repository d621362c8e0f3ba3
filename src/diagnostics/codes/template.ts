// The pages of template/*: expressions between double braces.
import type { CodePage } from './code-page.ts'

export const templatePages: readonly CodePage[] = [
  {
    code: 'template/syntax',
    severity: 'error',
    title: 'An expression that cannot be read',
    explanation: `\`{{\` starts an expression and needs its \`}}\`; between them stands the name of a
variable, or a function with one argument, as in \`{{vars.region}}\` and \`{{base64
vars.user}}\`.`,
    bad: `version: 1
vars: { region: eu }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example/{{vars.region}/v1
`,
    good: `version: 1
vars: { region: eu }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example/{{vars.region}}/v1
`,
  },
  {
    code: 'template/unsupported',
    severity: 'error',
    title: 'Something that templates do not have',
    explanation: `Templates hold variables and the functions \`base64\` and \`json\`. There are no
blocks, no partials, no other functions and no triple braces, and a variable
cannot be made of other variables: what a value is stays readable at the place
where it is used.`,
    bad: `version: 1
vars: { region: eu }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    headers: { X-Region: "{{uppercase vars.region}}" }
`,
    good: `version: 1
vars: { region: EU }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example
    headers: { X-Region: "{{vars.region}}" }
`,
  },
  {
    code: 'template/unknown-variable',
    severity: 'error',
    title: 'A variable that does not exist at this place',
    explanation: `Most template languages put an empty text where a variable is unknown; in a URL
or a header that is found out in production. Here it is an error at its exact
column. Variables are defined below \`vars\`, file-wide, in an account or in a
service; an account does not see the variables of the services that use it.`,
    bad: `version: 1
vars: { region: eu }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example/{{vars.regoin}}
`,
    good: `version: 1
vars: { region: eu }
services:
  weather:
    account: { authorization: none }
    serverUrl: https://api.weather.example/{{vars.region}}
`,
  },
  {
    code: 'template/shell-variable',
    severity: 'warning',
    title: 'A variable as shells and CI write it, which nothing expands',
    explanation: `A text such as \`\${TENANT}\` is sent as it stands: bearerd puts no variables of
the environment into texts, so that a file says by itself what is meant. In a
URI it is an error, \`uri/invalid\`, and in a secret too, \`secrets/literal\`.

Give the variable a name below \`vars\`, with \`{ env: TENANT }\` as its value or
with its text, and write \`{{vars.tenant}}\` where it is used. A secret is a
reference by itself: \`clientSecret: { env: CRM_SECRET }\`.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/token
    clientId: "job-of-\${TENANT}"
    clientSecret: { env: CRM_SECRET }
    scope: read
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`,
    good: `version: 1
vars:
  tenant: { env: TENANT }
accounts:
  crm:
    accessTokenUri: https://login.crm.example/token
    clientId: "job-of-{{vars.tenant}}"
    clientSecret: { env: CRM_SECRET }
    scope: read
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`,
  },
]
