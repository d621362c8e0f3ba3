// `bearerd token`: the bearer of a service on standard output, for scripts.
import { parseDuration } from '../../base/duration.ts'
import type { Authorization } from '../../index.ts'
import { loadExecutor } from '../load.ts'
import { CommandError, EXIT, print } from '../output.ts'
import { readParams } from '../read-params.ts'

interface TokenOptions {
  config?: string[]
  format: 'token' | 'header' | 'json' | 'curl'
  minTtl?: string
  param?: string[]
}

export async function token(service: string, options: TokenOptions): Promise<number> {
  const minTtlMs = options.minTtl === undefined ? 0 : parseDuration(options.minTtl)
  if (minTtlMs === undefined) throw new CommandError(EXIT.usage, '--min-ttl is a duration such as 10m')
  await using executor = await loadExecutor(options.config)
  const params = readParams(options.param)
  const authorization = await executor.authorize(service, { minTtlMs, params })
  // Wherever `inject` puts it.
  const bearer = executor.service(service, params).current()?.credential.bearer
  const text = options.format === 'token' && bearer ? bearer.reveal() : render(service, authorization, options.format)
  await print(`${text}\n`)
  return EXIT.ok
}

function render(service: string, authorization: Authorization, format: TokenOptions['format']): string {
  const headers = Object.entries(authorization.headers)
  switch (format) {
    case 'json':
      return JSON.stringify({ service, ...authorization }, null, 2)
    case 'header':
      if (headers.length === 0)
        throw new CommandError(EXIT.failed, `service \`${service}\` has no header; use --format curl or json`)
      return headers.map(([name, value]) => `${name}: ${value}`).join('\n')
    case 'curl':
      return [
        ...headers.map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`),
        ...Object.entries(authorization.query).map(([name, value]) => `--url-query ${shellQuote(`${name}=${value}`)}`),
      ].join(' ')
    case 'token': {
      const bearer = authorization.headers.Authorization?.replace(/^Bearer /, '')
      if (bearer === undefined)
        throw new CommandError(EXIT.failed, `service \`${service}\` has no bearer; use --format header or json`)
      return bearer
    }
  }
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
