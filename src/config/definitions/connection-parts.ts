// Every value of how connections are opened, with its name and its use.
import type { ConnectionSettings, Value } from '../model/model.ts'

export interface ConnectionPart {
  key: string
  value: Value
  use: 'text' | 'secret'
}

export function connectionParts({ caFile, certFile, keyFile, proxy }: ConnectionSettings): ConnectionPart[] {
  const files = { caFile, certFile, keyFile }
  return [
    ...Object.entries(files).flatMap(([key, value]): ConnectionPart[] =>
      value ? [{ key: `tls.${key}`, value, use: 'secret' }] : [],
    ),
    ...(proxy
      ? [{ key: 'proxy', value: proxy, use: holdsPassword(proxy) ? ('secret' as const) : ('text' as const) }]
      : []),
  ]
}

/** `http://user:password@host`. */
function holdsPassword(proxy: Value): boolean {
  return proxy.kind === 'secret' || proxy.text.includes('@')
}
