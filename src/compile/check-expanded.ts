// The text of a URI with all values filled in -> the URL, if it is one that a credential may go to.
import { AppError } from '../base/error.ts'
import { cleanForeignText } from '../base/secret.ts'
import { isListedHost, type PublishedHost } from '../config/templates/published-hosts.ts'
import { isLoopback } from '../config/templates/uri-template.ts'
import { isLinkLocal } from './link-local.ts'

interface ExpandedUri {
  allowHttp: boolean
  label: string
  host: string | undefined
  published: readonly PublishedHost[]
}

/** The last line of defence: the host is the one that was checked, and https unless told otherwise. */
export function checkExpanded(text: string, options: ExpandedUri): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const expected = url && (options.host === undefined || url.host === options.host)
  if (!url || !expected)
    throw new AppError('invalid_template_value', `${options.label} is not a valid URL with these values`)
  if (options.host === undefined && isLinkLocal(url.hostname)) {
    const message = `${options.label}: a value leads to a link-local or metadata address; write such a host literally`
    throw new AppError('invalid_template_value', message)
  }
  checkHosts(url, options)
  if (url.protocol === 'https:' || options.allowHttp || isLoopback(url.hostname)) return url
  throw new AppError(
    'invalid_template_value',
    `${options.label} uses plain http outside loopback; use https or allowHttp`,
  )
}

/** A token response may only name a host that somebody listed: whoever decides the host gets the credential (RFC 9700 section 4.9.1). */
function checkHosts(url: URL, { published, label }: ExpandedUri): void {
  const refused = published.find(({ hosts = [] }) => !isListedHost(url.hostname, hosts))
  if (!refused) return
  const host = cleanForeignText(url.hostname, [], 100)
  const message = `${label}: the token response names the host ${host}, which \`hosts\` of \`publish.${refused.name}\` does not list`
  throw new AppError('invalid_template_value', message)
}
