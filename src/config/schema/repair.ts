// A value that the schema refuses -> the same with its slips put right, so that rules can look at the rest of it. It is for
// looking alone: what was refused never runs.
import type { Path } from '../yaml/node-reader.ts'
import { changed, renamed, without } from './changed-value.ts'
import { draftsOf, pathId } from './reduce-errors.ts'
import type { Draft } from './schema-finding.ts'
import type { SchemaError } from './validate-schema.ts'

export interface Repaired {
  value: unknown
  /** The path in the value as it was written. */
  written(path: Path): Path
}

/** Each costs a copy of what is around it. */
const MAX_REPAIRS = 100

/** Keys of a definition that no rule asks for: wrong ones are left out. */
const ASKED_BY_NONE = new Set(
  ['title', 'description', 'timeout', 'timeoutMessage', 'healthCheck', 'keepWarm', 'lifetime', 'retry'].concat([
    'parameterLimit',
    'successStatus',
    'ordered',
    'keepResponse',
  ]),
)

/** Undefined when nothing can be put right. */
export function repaired(root: unknown, errors: readonly SchemaError[]): Repaired | undefined {
  if (errors.length > MAX_REPAIRS) return undefined
  // The innermost first: paths are those of the value as it is written.
  const drafts = draftsOf(errors, root).sort((a, b) => b.path.length - a.path.length)
  const names = new Map<string, string>()
  const value = drafts.reduce((current, draft) => repair(current, draft, names), root)
  if (value === root) return undefined
  const written = (path: Path): Path => {
    const above: (string | number)[] = []
    for (const key of path) above.push(names.get(pathId([...above, key])) ?? key)
    return above
  }
  return { value, written }
}

/** `names` gets the written name of each key that has another one then. */
function repair(value: unknown, { code, path, key, meant, inner }: Draft, names: Map<string, string>): unknown {
  if (code === 'schema/missing-key')
    return key === 'scope' ? changed(value, [...path, key], mapping => ({ ...mapping, scope: [] })) : value
  if (code !== 'schema/unknown-key') return withoutUnasked(value, path)
  if (inner !== undefined) return without(value, path)
  const respelt = meant === undefined ? value : renamed(value, path, meant)
  if (respelt !== value && meant !== undefined) names.set(pathId([...path.slice(0, -1), meant]), key)
  if (respelt !== value || path.length === 1) return respelt
  return without(value, path)
}

function withoutUnasked(value: unknown, path: Path): unknown {
  const at = path[2] === 'account' ? 3 : 2
  return ASKED_BY_NONE.has(String(path[at])) ? without(value, path.slice(0, at + 1)) : value
}
