// What a rule is: it looks at definitions and reports findings. It changes nothing and knows no other rule.
import type { Severity } from '../../diagnostics/diagnostic.ts'
import type { Draft } from '../definitions/draft.ts'
import type { UsedValue } from '../definitions/value.ts'
import type { Account, Action, Place, Service } from '../model/model.ts'
import type { Scopes } from '../templates/scope.ts'

export interface Finding {
  place: Place
  /** Default `value`. */
  part?: 'key' | 'value'
  /** Offsets in the scalar's text, when only a part of it is meant. */
  within?: { start: number; end: number }
  message: string
  hint?: string
  /** Default: the rule's own. */
  severity?: Severity
  code?: string
  related?: { place: Place; part?: 'key' | 'value'; message: string }[]
}

export type Report = (finding: Finding) => void

/** The definitions of some files. Of all others, only what their scopes tell. */
export interface Part {
  accounts: readonly Account[]
  services: readonly Service[]
  actions: readonly Action[]
  values: readonly UsedValue[]
  scopes: Scopes
}

interface Told {
  /** The codes it reports; the first one is the default. */
  codes: readonly [string, ...string[]]
  severity: Severity
}

/** Looks at each part alone: its findings stay while the part and its scopes do. */
export interface PartRule extends Told {
  scope: 'part'
  check(part: Part, report: Report): void
}

/** Looks at everything together, each time: in a moment, where it has found next to nothing in each part. */
export interface ConfigurationRule<Fact = unknown> extends Told {
  scope: 'configuration'
  /** What must be seen together, found out of each part alone: the less, the sooner a reload is done. */
  gather?(part: Part): readonly Fact[]
  check(draft: Draft, report: Report, facts: readonly Fact[]): void
}

export type Rule = PartRule | ConfigurationRule
