// The rules, run: over each part alone, and over everything together.
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Draft } from './definitions/draft.ts'
import type { Part as DraftPart } from './definitions/part.ts'
import { locateFinding } from './locate.ts'
import { rules } from './rules/index.ts'
import type { ConfigurationRule, Part, Report, Rule } from './rules/rule.ts'
import type { Scopes } from './templates/scope.ts'

/** What the rules found out of one part. */
export interface Looked {
  diagnostics: Diagnostic[]
  /** Only of rules that found some. */
  facts: ReadonlyMap<ConfigurationRule, readonly unknown[]>
}

const NOTHING: readonly never[] = []

export function lookAtPart({ definitions, ...named }: DraftPart, scopes: Scopes): Looked {
  const part: Part = {
    accounts: [...named.accounts.values()],
    services: [...named.services.values()],
    actions: [...named.actions.values()],
    values: definitions.flatMap(({ values }) => values),
    scopes,
  }
  const diagnostics: Diagnostic[] = []
  const facts = new Map<ConfigurationRule, readonly unknown[]>()
  for (const rule of rules) {
    if (rule.scope === 'part') rule.check(part, reporting(rule, diagnostics))
    else {
      const found = rule.gather?.(part) ?? NOTHING
      if (found.length > 0) facts.set(rule, found)
    }
  }
  return { diagnostics, facts }
}

export function lookAtAll(draft: Draft, looked: readonly Looked[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const facts = factsOf(looked)
  for (const rule of rules) {
    if (rule.scope === 'configuration') rule.check(draft, reporting(rule, diagnostics), facts.get(rule) ?? NOTHING)
  }
  return diagnostics
}

function factsOf(looked: readonly Looked[]): Map<ConfigurationRule, unknown[]> {
  const all = new Map<ConfigurationRule, unknown[]>()
  for (const { facts } of looked) {
    for (const [rule, found] of facts) {
      const known = all.get(rule) ?? []
      for (const fact of found) known.push(fact)
      all.set(rule, known)
    }
  }
  return all
}

function reporting(rule: Rule, diagnostics: Diagnostic[]): Report {
  return finding => {
    const code = finding.code ?? rule.codes[0]
    diagnostics.push(locateFinding({ ...finding, code }, finding.severity ?? rule.severity))
  }
}
