// The pages of ignore/*: comments that suppress a problem.
import type { CodePage } from './code-page.ts'

export const ignorePages: readonly CodePage[] = [
  {
    code: 'ignore/unused',
    severity: 'warning',
    title: 'A `bearerd-ignore` comment that suppresses nothing',
    explanation: `\`# bearerd-ignore CODE\` at the end of a line suppresses that code on that line;
on a line of its own, on the next line. Several codes are separated by commas;
text behind them is your own. This comment names a code that is not reported
there: the problem was solved, or the comment stands in the wrong place. Left as
it is, it would hide the next problem of that kind.

Codes of \`yaml/\`, \`file/\` and \`ignore/\` cannot be suppressed. An error that is
suppressed is not reported by \`bearerd validate\`, and still keeps that
configuration from running.`,
    bad: `version: 1
accounts:
  archive:
    accessTokenUri: https://id.archive.example/token
    clientId: bearerd
    clientSecret: { file: secrets/archive-client }
    grant: client_credentials # bearerd-ignore oauth/password-grant
    scope: files
services:
  documents:
    account: archive
    serverUrl: https://files.archive.example
`,
    good: `version: 1
accounts:
  archive:
    accessTokenUri: https://id.archive.example/token
    clientId: bearerd
    clientSecret: { file: secrets/archive-client }
    grant: password # bearerd-ignore oauth/password-grant
    username: robot@archive.example
    password: { file: secrets/archive-robot }
    scope: files
services:
  documents:
    account: archive
    serverUrl: https://files.archive.example
`,
  },
  {
    code: 'ignore/unknown-code',
    severity: 'warning',
    title: 'A `bearerd-ignore` comment with a code that does not exist',
    explanation: `The comment names no code of \`bearerd rules\`, so it suppresses nothing. The hint
names the nearest one.`,
    bad: `version: 1
services:
  maps:
    account:
      # bearerd-ignore oauth/credentials-in-query, oauth/credential-in-query
      authorization: query
      query: { name: key, value: { env: MAPS_KEY } }
    serverUrl: https://api.maps.example
`,
    good: `version: 1
services:
  maps:
    account:
      # bearerd-ignore oauth/credentials-in-query
      authorization: query
      query: { name: key, value: { env: MAPS_KEY } }
    serverUrl: https://api.maps.example
`,
  },
]
