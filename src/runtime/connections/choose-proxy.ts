// Which proxy a request to an origin takes: the configured one, or that of the environment, unless NO_PROXY names the host.

type Environment = Readonly<Record<string, string | undefined>>

/** `proxy` is a URL, or `environment` for HTTPS_PROXY and HTTP_PROXY. Loopback takes a proxy only when NO_PROXY does not say otherwise. */
export function chooseProxy(proxy: string | undefined, origin: string, environment: Environment): string | undefined {
  const { protocol, hostname, port } = new URL(origin)
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const endpoint = { host, port: port || (protocol === 'https:' ? '443' : '80') }
  if (proxy === undefined || isExcepted(endpoint, variable(environment, 'NO_PROXY') ?? '')) return undefined
  if (proxy !== 'environment') return proxy
  const text = variable(environment, protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY')
  if (!text) return undefined
  return /^https?:\/\//.test(text) ? text : `http://${text}`
}

function variable(environment: Environment, name: string): string | undefined {
  return environment[name.toLowerCase()] || environment[name]
}

/** `*`, a host, `host:port`, or a domain, with or without a dot before it, for all hosts below. */
function isExcepted({ host, port }: { host: string; port: string }, list: string): boolean {
  return list.split(/[\s,]+/).some(entry => {
    if (entry === '') return false
    if (entry === '*') return true
    const [, name = '', entryPort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry.toLowerCase().replace(/^\*?\./, '')) ?? []
    if (entryPort !== undefined && entryPort !== port) return false
    return host === name || (host.endsWith(`.${name}`) && !/^[\d.]+$/.test(host))
  })
}
