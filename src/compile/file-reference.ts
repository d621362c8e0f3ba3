// A secret file whose path has expressions -> the file for one set of values, confined to the folder before the first
// parameter: whatever a caller says, nothing else is read.
import { resolve, sep } from 'node:path'
import { AppError } from '../base/error.ts'
import type { SecretReference } from '../config/model/model.ts'
import type { Scope } from '../config/templates/scope.ts'
import { parseTemplate } from '../config/templates/template.ts'

/** Rules have passed: every expression is a parameter or a constant. A reference without values stays as it is. */
export function resolveFile(reference: SecretReference, scope: Scope): SecretReference {
  if (reference.kind !== 'file' || !reference.template) return reference
  const { text, directory } = reference.template
  const parsed = parseTemplate(text)
  if (!parsed.ok) throw new Error('compiling a path that the rules refused')
  let path = ''
  let fixed: string | undefined
  for (const part of parsed.parts) {
    if (part.kind === 'text') {
      path += part.text
      continue
    }
    const binding = part.expression.kind === 'variable' ? scope.lookup(part.expression.name) : undefined
    if (binding?.kind !== 'constant') return reference
    if (binding.parameter) {
      fixed ??= path
      if (/[/\\\0]/.test(binding.text)) throw outside()
    }
    path += binding.text
  }
  const { kept: fresh, public: shared } = reference
  const kept = { ...(fresh && { kept: fresh }), ...(shared && { public: shared }) }
  if (fixed === undefined) return { kind: 'file', path: resolve(directory, path), ...kept }
  return { kind: 'file', ...kept, ...confined(resolve(directory, folderOf(fixed)), resolve(directory, path)) }
}

/** What to look at to see a change: the file, or for one with expressions the folder before the first, with its slash. */
export function watchedPath(reference: SecretReference): string | undefined {
  if (reference.kind !== 'file') return undefined
  if (!reference.template) return reference.path
  const { text, directory } = reference.template
  return `${resolve(directory, folderOf(text.split('{{', 1)[0]!))}${sep}`
}

/** Up to the last slash. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

function confined(within: string, path: string): { path: string; within: string } {
  if (!path.startsWith(`${within}${sep}`)) throw outside()
  return { path, within }
}

function outside(): AppError {
  return new AppError('invalid_parameter', 'the value of a parameter would lead out of the folder of its secrets')
}
