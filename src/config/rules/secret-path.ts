// The path of a secret file with expressions: parameters and constant variables only, below a folder that no value can change.

import { templateOf } from '../definitions/value.ts'
import type { Scope } from '../templates/scope.ts'
import { parseTemplate, type TemplatePart } from '../templates/template.ts'
import type { Finding, PartRule } from './rule.ts'

export const secretPath: PartRule = {
  scope: 'part',
  codes: ['secrets/path'],
  severity: 'error',
  check(part, report) {
    const { scopes } = part
    for (const { value, owner } of part.values) {
      const template = value.kind === 'secret' ? templateOf(value) : undefined
      const parsed = template && parseTemplate(template.text)
      if (!template || !parsed?.ok) continue
      const fault = faultOf(parsed.parts, owner && ('target' in owner ? scopes.ofAction(owner) : scopes.of(owner)))
      if (fault) report({ place: template.place, ...fault })
    }
  },
}

function faultOf(parts: readonly TemplatePart[], scope: Scope | undefined): Omit<Finding, 'place'> | undefined {
  let before = ''
  for (const part of parts) {
    if (part.kind === 'text') {
      before += part.text
      continue
    }
    const { expression } = part
    if (!scope) return { within: part, message: 'a file-wide variable cannot hold a path with expressions', hint: OWN }
    const binding = expression.kind === 'variable' ? scope.lookup(expression.name) : undefined
    // A variable that does not exist is told elsewhere.
    if (expression.kind === 'variable' && !binding) return undefined
    if (binding?.kind !== 'parameter' && binding?.kind !== 'constant')
      return { within: part, message: 'only `params.*` and constant variables can stand in a path' }
    if (binding.kind === 'parameter') return isFolder(before) ? undefined : { within: part, ...OPEN }
    before += binding.text
  }
  return undefined
}

const OWN = 'write the reference in the account or the service that uses it'

const OPEN = {
  message: 'a caller could choose any file here: a parameter stands below a folder of its own',
  hint: 'write the folder before it, such as `secrets/{{params.tenant}}`',
}

/** A folder with a name of its own comes before the last slash. */
function isFolder(before: string): boolean {
  const names = before.slice(0, before.lastIndexOf('/') + 1).split('/')
  return /[^.]/.test(names.at(-2) ?? '')
}
