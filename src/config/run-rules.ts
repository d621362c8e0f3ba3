// The rules, run: over each document alone, and over everything together.
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Draft } from './definitions/draft.ts'
import { locateFinding } from './locate.ts'
import { rules } from './rules/index.ts'
import type { ConfigurationRule, Part, Report, Rule } from './rules/rule.ts'

/** What the rules found out of one document. */
export interface Looked {
  diagnostics: Diagnostic[]
  facts: ReadonlyMap<ConfigurationRule, readonly unknown[]>
}

export function lookAtPart(part: Part): Looked {
  const diagnostics: Diagnostic[] = []
  const facts = new Map<ConfigurationRule, readonly unknown[]>()
  for (const rule of rules) {
    if (rule.scope === 'document') rule.check(part, reporting(rule, diagnostics))
    else if (rule.gather) facts.set(rule, rule.gather(part))
  }
  return { diagnostics, facts }
}

export function lookAtAll(draft: Draft, looked: readonly Looked[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  for (const rule of rules) {
    if (rule.scope === 'document') continue
    const facts = rule.gather ? looked.flatMap(({ facts }) => facts.get(rule) ?? []) : []
    rule.check(draft, reporting(rule, diagnostics), facts)
  }
  return diagnostics
}

function reporting(rule: Rule, diagnostics: Diagnostic[]): Report {
  return finding => {
    const code = finding.code ?? rule.codes[0]
    diagnostics.push(locateFinding({ ...finding, code }, finding.severity ?? rule.severity))
  }
}
