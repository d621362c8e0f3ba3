// The pages of daemon/*: who can reach the daemon.
import type { CodePage } from './code-page.ts'

export const daemonPages: readonly CodePage[] = [
  {
    code: 'daemon/exposed',
    severity: 'error',
    title: 'A listener that other machines can reach',
    explanation: `Everyone who can connect to the API listener gets credentials; the admin
listener shows status and metrics. An address that other machines can reach
would give them to the network. Listen on \`127.0.0.1\`, \`[::1]\` or a Unix socket.
Where others must reach it, set both \`daemon.callers\`, so that only they may
use it, and \`daemon.tls\`, so that nobody reads what they get.`,
    bad: `version: 1
daemon: { listen: "0.0.0.0:7117" }
`,
    good: `version: 1
daemon: { listen: "127.0.0.1:7117" }
`,
  },
  {
    code: 'daemon/caller',
    severity: 'error',
    title: 'A caller that cannot prove itself',
    explanation: `A caller is known by its \`token\`, a secret, by the SHA-256 of a token,
\`tokenSha256\`, or by its client \`certificate\`. Without one of them nobody could
ever be that caller, and a certificate comes only to a listener with \`tls\`. A
name in a certificate counts only where \`tls.caFile\` says whose word it is.`,
    bad: `version: 1
services:
  contacts: { account: { authorization: none }, serverUrl: https://api.example }
daemon:
  callers:
    billing: { services: [contacts] }
`,
    good: `version: 1
services:
  contacts: { account: { authorization: none }, serverUrl: https://api.example }
daemon:
  callers:
    billing: { token: { env: BILLING_TOKEN }, services: [contacts] }
`,
  },
  {
    code: 'daemon/same-address',
    severity: 'error',
    title: 'Two listeners on one address',
    explanation: `The API, the admin listener and each service with \`listen\` need an address of
their own.`,
    bad: `version: 1
services:
  contacts:
    account: { authorization: none }
    serverUrl: https://api.crm.example
    listen: 127.0.0.1:7201
  holidays:
    account: { authorization: none }
    serverUrl: https://api.holidays.example
    listen: 127.0.0.1:7201
`,
    good: `version: 1
services:
  contacts:
    account: { authorization: none }
    serverUrl: https://api.crm.example
    listen: 127.0.0.1:7201
  holidays:
    account: { authorization: none }
    serverUrl: https://api.holidays.example
    listen: 127.0.0.1:7202
`,
  },
  {
    code: 'listen/unavailable',
    severity: 'error',
    title: 'An address of a service that the daemon cannot listen on',
    explanation: `The \`listen\` of a service is opened before a new configuration counts. When that
fails, nothing changes: the running configuration and its addresses stay. Only
\`bearerd run\` and a reload can tell, not \`bearerd validate\`.`,
    bad: 'An address that another process listens on, or a Unix socket in a folder that does not exist.',
    good: 'An address that is free, on this machine.',
    described: true,
  },
  {
    code: 'daemon/needs-restart',
    severity: 'warning',
    title: 'A setting that counts after the next start',
    explanation: `Addresses, \`socket\`, whether there is \`tls\`, \`log.format\`, where the state is,
and the limits of headers and of time are fixed when the daemon starts. The
rest of the configuration is active; this key has its old value until then. The
answer of \`POST /-/reload\`, \`/v1/status\` and the log tell.`,
    bad: 'Another `daemon.listen` in a file, and a reload.',
    good: 'A restart of the daemon.',
    described: true,
  },
]
