// The error in an answer of a token endpoint: its code and description, from the many places where servers put them.
import { cleanForeignText, type Secret } from '../../base/secret.ts'
import { valueAt } from '../../compile/json-pointer.ts'

export interface ErrorTexts {
  error?: string
  description?: string
}

type Members = Readonly<Record<string, unknown>>

/** Where a code may stand, and the texts beside it; after the place that the account names. */
const CODES = [
  '/error',
  '/error/code',
  '/error/type',
  '/error/status',
  ...ofLists('errorType', 'error', 'code', 'type'),
]
const DESCRIPTIONS = [
  ...['/error_description', '/error/message', '/error/description'],
  ...ofLists('message', 'description', 'detail'),
  ...['/message', '/errmsg', '/msg', '/detail'],
]

function ofLists(...names: string[]): string[] {
  return ['/errors/0', '/response/errors/0'].flatMap(place => names.map(name => `${place}/${name}`))
}

export function errorTexts(members: Members, secrets: readonly Secret[], at?: string): ErrorTexts {
  const error = firstText(members, at === undefined ? CODES : [at, ...CODES])
  const description = firstText(members, DESCRIPTIONS)
  return {
    ...(error !== undefined && { error: cleanForeignText(error, secrets, 80) }),
    ...(description !== undefined && { description: cleanForeignText(description, secrets) }),
  }
}

function firstText(members: Members, pointers: readonly string[]): string | undefined {
  const values = pointers.map(pointer => valueAt(members, pointer))
  const text = values.find(value => isSaid(value) && typeof value !== 'object' && typeof value !== 'boolean')
  return text === undefined ? undefined : String(text)
}

/** An `error` member, or one where the account says that errors stand: failure whatever the status (RFC 6749 section 5.2). */
export function hasError(members: Members, at?: string): boolean {
  return isSaid(members.error) || (at !== undefined && isSaid(valueAt(members, at)))
}

/** A list of errors, which counts where there is no token. */
export function hasErrorList(members: Members): boolean {
  return ['/errors/0', '/response/errors/0'].some(pointer => isSaid(valueAt(members, pointer)))
}

/** Zero and false say "no error" where servers always have the member. */
function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== 0 && value !== '0' && value !== false
}
