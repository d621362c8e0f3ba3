// The requests that a service lets pass: methods, and globs of paths below its server URL.

import type { AllowRule } from '../config/model/model.ts'
import { decodedOnce } from '../config/templates/dot-segments.ts'

/** `path` is what follows the server URL, without a query and without dot segments. */
export type Allow = (method: string, path: string) => boolean

export function compileAllow({ methods, paths }: AllowRule): Allow {
  const allowed = methods && new Set(methods)
  const globs = paths?.map(compileGlob)
  return (method, path) => {
    if (allowed && !allowed.has(method)) return false
    // A server may read `%2F` and `//` as one slash: who could go elsewhere by that does not pass.
    return !globs || readingsOf(path).every(reading => globs.some(glob => glob.test(reading)))
  }
}

function readingsOf(path: string): string[] {
  const segments = path.split('/').map(decoded)
  const literal = segments.map(segment => segment.replaceAll('/', '\0')).join('/')
  const merged = slashesOf(segments.join('/'))
  return /(?:^|\/)\.{1,2}(?:\/|$)/.test(merged) ? ['\0outside'] : [...new Set([literal, ...furtherReadings(merged)])]
}

/** Servers that decode more than once. */
function furtherReadings(path: string): string[] {
  const next = slashesOf(decodedOnce(path))
  return next === path ? [path] : [path, ...furtherReadings(next)]
}

function slashesOf(path: string): string {
  return path.replaceAll('\\', '/').replace(/\/{2,}/g, '/')
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** `*` is one segment or a part of one, `**` any number of them, none too. */
function compileGlob(glob: string): RegExp {
  const source = glob
    .split('/')
    .slice(1)
    .map(segment => (segment === '**' ? '(?:/.*)?' : `/${compileSegment(decoded(segment))}`))
    .join('')
  return new RegExp(`^${source}$`, 's')
}

function compileSegment(segment: string): string {
  return segment
    .split('*')
    .map(text => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/]*')
    .replace(/^\[\^\/\]\*$/, '[^/]+')
}

/** For explanations. */
export function allowWords({ methods, paths }: AllowRule): string {
  return `${methods?.join(', ') ?? 'every method'} of ${paths?.join(', ') ?? 'every path'}`
}
