// The pages about `scope`.
import type { CodePage } from './code-page.ts'

export const scopePages: readonly CodePage[] = [
  {
    code: 'oauth/scope-separator',
    severity: 'warning',
    title: 'A scope in a list that holds a comma or a blank',
    explanation: `A text is split at commas and blanks; a list is taken literally, so that a scope
that itself has a comma or a blank can be written. An item such as \`read,write\`
is then sent as one scope, which no server knows.

Where a scope really has one, say so with \`# bearerd-ignore
oauth/scope-separator\`.`,
    bad: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/token
    clientId: invoices
    clientSecret: { env: CRM_SECRET }
    scope: ['contacts.read,contacts.write']
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`,
    good: `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/token
    clientId: invoices
    clientSecret: { env: CRM_SECRET }
    scope: [contacts.read, contacts.write]
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`,
  },
  {
    code: 'oauth/scope-value',
    severity: 'error',
    title: 'A variable in `scope` whose value is no part of one scope',
    explanation: `An expression in \`scope\` stands for one scope or a part of it, so that no value
can ask for more than was written. A value that is empty, or that has a blank, a
comma, a quotation mark, a backslash or the \`scopeSeparator\` in it, is refused.

Write several scopes as several, each with its own expression where it needs
one. The default of a parameter that stands alone in an expression is told where
it is written. A value that a caller gives, or that is read from a secret, is
looked at when it is used.`,
    bad: `version: 1
vars:
  access: contacts.read contacts.write
accounts:
  crm:
    accessTokenUri: https://login.crm.example/token
    clientId: invoices
    clientSecret: { env: CRM_SECRET }
    scope: "{{vars.access}}"
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`,
    good: `version: 1
vars:
  object: contacts
accounts:
  crm:
    accessTokenUri: https://login.crm.example/token
    clientId: invoices
    clientSecret: { env: CRM_SECRET }
    scope: "{{vars.object}}.read {{vars.object}}.write"
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`,
  },
]
