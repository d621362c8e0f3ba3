// Plans -> the files that must be watched, because secrets stand in them.
import type { Grouped } from '../base/grouped.ts'
import type { Remember } from '../base/memory.ts'
import { callerSecrets } from '../config/definitions/value.ts'
import type { DaemonSettings, SecretReference } from '../config/model/model.ts'
import { watchedPath } from './file-reference.ts'

type Reading = Grouped<{ references: readonly SecretReference[] }>

/** Absolute paths, sorted. The same list while there are the same. */
export function secretFilesOf(
  daemon: DaemonSettings,
  plans: readonly Reading[],
  remember: Remember,
): readonly string[] {
  const own = [...Object.values(daemon.tls ?? {}), ...pathsOf(callerReferences(daemon))]
  const texts = plans.flatMap(({ groups }) =>
    groups.map(group => remember('secret files of a part', group, [], () => textOf(group))),
  )
  const all = () => [...new Set([...own, ...texts.flatMap(text => (text === '' ? [] : text.split('\0')))])].sort()
  return remember('secret files', '', [own.join('\0'), ...texts], all)
}

function textOf(group: ReadonlyMap<string, { references: readonly SecretReference[] }>): string {
  return [...new Set([...group.values()].flatMap(({ references }) => pathsOf(references)))].join('\0')
}

function pathsOf(references: readonly SecretReference[]): string[] {
  return references.flatMap(reference => watchedPath(reference) ?? [])
}

function callerReferences({ callers = [] }: DaemonSettings): SecretReference[] {
  const values = callers.flatMap(callerSecrets)
  return values.flatMap(value => (value.kind === 'secret' ? [value.reference] : []))
}
