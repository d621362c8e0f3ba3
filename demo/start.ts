// `npm start`: an authorization server, an API that checks tokens, and the daemon, all on loopback, until Ctrl-C.
import { chmodSync, readFileSync } from 'node:fs'
import { type Daemon, startDaemon } from '../src/daemon/daemon.ts'
import { ListenError } from '../src/daemon/listen.ts'
import { startOidcServer } from '../test/support/oidc-server.ts'
import { startProtectedApi } from '../test/support/protected-api.ts'

const CONFIG = 'examples/quickstart/services.yaml'
const SECRET = 'examples/quickstart/secrets/demo-client'
const AUTHORIZATION_SERVER_PORT = 7119
const API_PORT = 7120

interface Demo {
  daemon: Daemon
  close(): Promise<void>
}

async function startDemo(): Promise<Demo> {
  // Git keeps no mode but that of programs.
  chmodSync(SECRET, 0o600)
  const secret = readFileSync(SECRET, 'utf8').trimEnd()
  const client = {
    client_id: 'demo',
    client_secret: secret,
    token_endpoint_auth_method: 'client_secret_basic',
  } as const
  const opened: { close(): Promise<void> }[] = []
  const close = async () => {
    for (const part of opened.reverse()) await part.close()
  }
  try {
    const authorizationServer = await startOidcServer({
      port: AUTHORIZATION_SERVER_PORT,
      clients: [client],
      accessTokenTtlSeconds: 60,
    })
    opened.push(authorizationServer)
    opened.push(await startProtectedApi({ port: API_PORT, check: token => authorizationServer.check(token) }))
    const daemon = await startDaemon({ paths: [CONFIG], logFormat: 'pretty', pollIntervalMs: 30_000 })
    opened.push({ close: () => daemon.stop(5_000) })
    return { daemon, close }
  } catch (error) {
    await close()
    throw error
  }
}

const GUIDE = `
bearerd runs, with an authorization server and an API of its own. Paste into another terminal:

  A bearer that the authorization server issued:
    curl -s http://127.0.0.1:7117/v1/services/orders/authorization

  The API refuses a request without it:
    curl -s -i http://127.0.0.1:7120/shop/42

  A request through the proxy, accepted by the API:
    curl -s http://127.0.0.1:7117/v1/services/orders/proxy/42

  The status page, for a browser:
    http://127.0.0.1:7118/

  Change the configuration, no restart (the API echoes the header):
    sed -i.bak 's/X-Greeting: .*/X-Greeting: hello again/' ${CONFIG}
    curl -s http://127.0.0.1:7117/v1/services/orders/proxy/42

  Break it: the running configuration stays, and says why:
    echo 'oops: 1' >> ${CONFIG}
    curl -s http://127.0.0.1:7118/v1/status
    git checkout ${CONFIG}

  The pipeline, and what the editor and CI would say:
    npm run -s bearerd -- explain orders -c ${CONFIG}
    npm run -s bearerd -- validate ${CONFIG}

Ctrl-C ends everything.
`

function failureText(error: unknown): string {
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
  if (taken) return `port ${(error as { port?: number }).port} is in use: stop the other process and try again`
  return error instanceof ListenError ? error.message : String((error as Error).stack)
}

try {
  const demo = await startDemo()
  process.stdout.write(GUIDE)
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(1)
    stopping = true
    demo.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('SIGHUP', () => void demo.daemon.executor.reload())
} catch (error) {
  process.stderr.write(`npm start: ${failureText(error)}\n`)
  process.exitCode = 1
}
