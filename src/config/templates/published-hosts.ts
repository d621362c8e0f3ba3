// Where the host of a URI comes from a token response: which `publish` entries say so, and which hosts they allow.
import type { Scope } from './scope.ts'
import type { Expression } from './template.ts'
import type { UriPart } from './uri-template.ts'

export interface PublishedHost {
  name: string
  /** Undefined when the entry does not say which hosts it may name. */
  hosts?: readonly string[]
  /** Where the variable stands in the template's text. */
  start: number
  end: number
}

export function publishedHosts(parts: readonly UriPart[], scope: Scope): PublishedHost[] {
  return parts.flatMap(part =>
    part.kind === 'expression' && part.position !== 'component' ? publishedIn(part.expression, scope) : [],
  )
}

function publishedIn(expression: Expression, scope: Scope): PublishedHost[] {
  if (expression.kind === 'literal') return []
  if (expression.kind === 'call') return expression.arguments.flatMap(argument => publishedIn(argument, scope))
  const binding = scope.lookup(expression.name)
  if (binding?.kind !== 'published') return []
  const { start, end } = expression
  return [{ name: binding.name, ...(binding.hosts && { hosts: binding.hosts }), start, end }]
}

/** A pattern is a host, or `*.` and a suffix, for one label or more before it. */
export function isListedHost(hostname: string, patterns: readonly string[]): boolean {
  const host = hostname.toLowerCase()
  return patterns.some(pattern => {
    const wanted = pattern.toLowerCase()
    return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) && host.length > wanted.length - 1 : host === wanted
  })
}
