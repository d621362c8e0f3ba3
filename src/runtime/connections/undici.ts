// The door of undici: the part of it that is used. Loading all of it, with its caches, mocks and WebSockets, takes longer than
// everything else that a short command loads.
import { createRequire } from 'node:module'

type Undici = typeof import('undici')

type Load = (name: string) => unknown

const load: Load = createRequire(import.meta.url)

/** As its index does; all of it where it keeps its parts elsewhere. */
export function loadUsed(load: Load): Pick<Undici, 'Agent' | 'ProxyAgent'> {
  try {
    const Agent = load('undici/lib/dispatcher/agent.js') as Undici['Agent']
    const ProxyAgent = load('undici/lib/dispatcher/proxy-agent.js') as Undici['ProxyAgent']
    const { prototype } = load('undici/lib/dispatcher/dispatcher.js') as { prototype: object }
    Object.assign(prototype, load('undici/lib/api/index.js') as object)
    return { Agent, ProxyAgent }
  } catch {
    return load('undici') as Undici
  }
}

export const { Agent, ProxyAgent } = loadUsed(load)

/** Loaded when it is called. */
export const fetch: Undici['fetch'] = (...given) => (load('undici') as Undici).fetch(...given)
