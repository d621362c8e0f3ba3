// The pages of oauth/* about assertions by which a client authenticates.
import type { CodePage } from './code-page.ts'

export const clientAssertionPages: readonly CodePage[] = [
  {
    code: 'oauth/assertion-audience',
    severity: 'warning',
    title: 'A client assertion for the token endpoint, though the issuer is known',
    explanation: `The claim \`aud\` says for whom an assertion is. A server that tells its clients
the token endpoint of another one as its own gets assertions that it can use
there in your name. The issuer cannot be told wrongly in that way: it is what
the account says, and the metadata of the server must say the same. RFC 7523bis
therefore wants the issuer as the audience, alone.

Without \`audience\` the issuer is the default where the account has one. Some
providers still want their token endpoint: keep it then, and note it with
\`# bearerd-ignore oauth/assertion-audience\`.`,
    bad: `version: 1
accounts:
  crm:
    issuer: https://login.crm.example
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientAuthMethod: private_key_jwt
    clientAssertion:
      key: { file: secrets/crm-key.pem }
      audience: https://login.crm.example/oauth2/token
    scope: contacts.read
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`,
    good: `version: 1
accounts:
  crm:
    issuer: https://login.crm.example
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientAuthMethod: private_key_jwt
    clientAssertion:
      key: { file: secrets/crm-key.pem }
    scope: contacts.read
services:
  contacts: { account: crm, serverUrl: https://api.crm.example }
`,
  },
]
