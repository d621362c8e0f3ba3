// Sources in order -> groups of neighbours, which stay the same where a file comes or goes: the paths themselves decide where
// a group ends (content-defined chunking), so that only those around a change are others.
import type { Source } from './yaml/source.ts'

export interface SourceGroup {
  /** Path of its first file. */
  id: string
  sources: readonly Source[]
}

/** So few files that a group is looked at in a moment, and so many that there are few groups. */
const MIN = 16
const MAX = 64

/** Of the groups of before, those with the very same sources are the very same again. */
export function groupSources(sources: readonly Source[], before: readonly SourceGroup[] = []): SourceGroup[] {
  const known = new Map(before.map(group => [group.id, group]))
  let start = 0
  return (sizesAgain(sources, before) ?? groupSizes(sources)).map(size => {
    const own = sources.slice(start, start + size)
    start += size
    const id = own[0]!.path
    const old = known.get(id)
    return old?.sources.length === size && own.every((source, index) => source === old.sources[index])
      ? old
      : { id, sources: own }
  })
}

/** Most reloads change no path. */
function sizesAgain(sources: readonly Source[], before: readonly SourceGroup[]): number[] | undefined {
  let index = 0
  for (const group of before) {
    for (const old of group.sources) {
      const source = sources[index++]
      if (source !== old && source?.path !== old.path) return undefined
    }
  }
  return index === sources.length ? before.map(group => group.sources.length) : undefined
}

function groupSizes(sources: readonly Source[]): number[] {
  const sizes: number[] = []
  let size = 0
  for (const { path } of sources) {
    size++
    if (size < MIN || (size < MAX && !endsGroup(path))) continue
    sizes.push(size)
    size = 0
  }
  return size > 0 ? [...sizes, size] : sizes
}

/** One of sixteen, whatever stands beside it (FNV-1a). */
function endsGroup(path: string): boolean {
  let hash = 0x811c9dc5
  for (let index = 0; index < path.length; index++) hash = Math.imul(hash ^ path.charCodeAt(index), 0x01000193)
  // The last bits alone depend on too little.
  return ((hash ^ (hash >>> 15)) & 15) === 0
}
