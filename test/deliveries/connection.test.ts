// A delivery goes the way that its service says: through its proxy, and never beside it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createExecutor } from '../../src/index.ts'
import { startConnectProxy } from '../support/connect-proxy.ts'
import { listenOnLoopback, readBody } from '../support/loopback.ts'

test('through the proxy of the service', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bearerd-connection-'))
  const received: string[] = []
  const service = await listenOnLoopback(async (request, response) => {
    received.push((await readBody(request)).toString())
    response.end()
  })
  const proxy = await startConnectProxy()
  const file = join(folder, 'services.yaml')
  writeFileSync(
    file,
    `version: 1
services:
  s: { account: { authorization: none }, serverUrl: "${service.url}", proxy: "${proxy.url}" }
actions:
  a: { type: sendToConnectedService, authenticateWith: s, path: /x, content: { text: { template: hello, contentType: text/plain } } }
`,
  )
  const executor = createExecutor({ environment: {} })
  try {
    await executor.load(file)
    const outcome = await executor.deliver('a', {}).result.catch((error: Error) => error.message)
    assert.equal(received, ['hello'], JSON.stringify(outcome))
    assert.equal(
      proxy.tunnels.map(({ target }) => target),
      [new URL(service.url).host],
    )
  } finally {
    await executor[Symbol.asyncDispose]()
    await proxy.close()
    await service.close()
    rmSync(folder, { recursive: true })
  }
})

test.run()
