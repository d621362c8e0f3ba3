// The pages of action/*: what an action takes from its callers.
import type { CodePage } from './code-page.ts'

export const actionPages: readonly CodePage[] = [
  {
    code: 'action/input-schema',
    severity: 'error',
    title: 'An `input` that is not a JSON Schema',
    explanation: `\`input\` is a JSON Schema (2020-12) by which the input of every delivery is
checked before anything is stored or sent. It is read in Ajv's strict mode, so
that a keyword with a typing error, which JSON Schema itself would ignore, is
found here and not by a provider that gets what it should not.`,
    bad: `version: 1
services:
  tickets:
    account: { authorization: none }
    serverUrl: https://tickets.example/api
actions:
  open-ticket:
    type: sendToConnectedService
    authenticateWith: tickets
    path: /tickets
    input:
      type: object
      properties: { subject: { type: string, maxLenght: 80 } }
    content: { json: { subject: "{{input.subject}}" } }
`,
    good: `version: 1
services:
  tickets:
    account: { authorization: none }
    serverUrl: https://tickets.example/api
actions:
  open-ticket:
    type: sendToConnectedService
    authenticateWith: tickets
    path: /tickets
    input:
      type: object
      properties: { subject: { type: string, maxLength: 80 } }
    content: { json: { subject: "{{input.subject}}" } }
`,
  },
]
