// Which methods a path has, for the answer to one that it does not have.
import type { FastifyInstance } from 'fastify'

/** Answered before the framework has the request. */
const BEFORE_ROUTES: readonly (readonly [string, string])[] = [
  ['/v1/services/:service/authorization', 'GET'],
  ['/v1/services/:service/authorization', 'HEAD'],
]

/** Of the routes that are added from now on, also by plugins. Gives the methods of a path; none for what is no route. */
export function rememberRoutes(server: FastifyInstance): (path: string) => string[] {
  const routes: (readonly [string, string])[] = []
  server.addHook('onRoute', ({ url, method }) => {
    for (const one of [method].flat()) routes.push([url, one])
    if (url === '/v1/services/:service') routes.push(...BEFORE_ROUTES)
  })
  return path => {
    const found = routes.filter(([url]) => fits(path, url)).map(([, method]) => method)
    return [...new Set(found)].sort()
  }
}

function fits(path: string, url: string): boolean {
  const [segments, wanted] = [path.split('/'), url.split('/')]
  return segments.length === wanted.length && wanted.every((word, at) => word.startsWith(':') || word === segments[at])
}
