// What one line of an explanation is made of.

import { oauth2Parts } from '../../config/definitions/oauth2-parts.ts'
import { startOf } from '../../config/locate.ts'
import type { Config } from '../../config/model/config.ts'
import type { OAuth2, Place, Value } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import { leavesOf, type Use } from './describe.ts'

/** Where it is written; `default` when nothing is written. */
export type Origin = { file: string; line: number; column: number } | 'default'

export interface ExplainedStep {
  step: 'resolve-secrets' | 'expand-template' | 'request-token' | 'pick-bearer' | 'inject' | 'send'
  text: string
  takes: string[]
  gives: string[]
  from: Origin
  /** Of the account whose bearer this step takes, told at its first use only. */
  account?: { name: string; from: Origin; steps: ExplainedStep[] }
}

/** Of a service, or of an action, which has a service or none. */
export interface Explanation {
  action?: string
  service?: string
  title?: string
  from: Origin
  account?: string
  accountFrom?: Origin
  steps: ExplainedStep[]
}

export interface Telling {
  config: Config
  /** Names of the feeding accounts that were told already. */
  told: Set<string>
}

/** A written value, and how it is called between the steps. */
export interface Part {
  name: string
  /** How a line about it starts, where that is not the name. */
  label?: string
  value: Value
  use: Use
}

/** The place of a key; `default` when the key is not written. */
export function originOf(place: Place, ...keys: (string | number)[]): Origin {
  return isWritten(place, ...keys)
    ? startOf({ document: place.document, path: [...place.path, ...keys] }, 'key')
    : 'default'
}

export function isWritten(place: Place, ...keys: (string | number)[]): boolean {
  return writtenAt(place, ...keys) !== undefined
}

export function writtenAt({ document, path }: Place, ...keys: (string | number)[]): unknown {
  let value = document.value
  for (const key of [...path, ...keys]) value = (value as Record<string | number, unknown> | undefined)?.[key]
  return value
}

export function partsOf(oauth2: OAuth2): Part[] {
  return oauth2Parts(oauth2).map(({ key, value, use }) => ({
    name: key === 'accessTokenUri' ? 'token endpoint' : key,
    value,
    use,
  }))
}

/** What a value takes: itself when an earlier step read it, else the variables in it. */
export function takenBy({ name, value }: Part, scope: Scope): string[] {
  return value.kind === 'secret' ? [name] : leavesOf(value, scope).map(leaf => leaf.name)
}
