// The nodes of one YAML document -> plain values, once, with every check of its own; and the places of keys and values, on demand.
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml'
import type { Diagnostic, Range } from '../diagnostics/diagnostic.ts'
import type { LineIndex, Source } from './source.ts'

export type Path = readonly (string | number)[]

/** A range of the text; `via` is the definition when this place uses it through an alias or a merge key. */
export interface Located {
  range: Range
  via?: Range
}

/** What the aliases of one document may expand to, in nodes. */
const MAX_EXPANDED_NODES = 2_000_000

interface ReadValue {
  value: unknown
  /** Nodes after expansion of aliases. */
  size: number
}

/** One key of a mapping; `mergedBy` is the node behind `<<:` that brought it. */
interface Entry {
  key: Node
  value: Node | null
  mergedBy?: Node
}

/** Turns the nodes of one document into values, once, and finds places afterwards, on demand. */
export class NodeReader {
  readonly #source: Source
  readonly #lines: LineIndex
  readonly #diagnostics: Diagnostic[]
  readonly #anchors = new Map<string, { node: Node; read?: ReadValue }>()
  readonly #targets = new Map<Alias, Node>()
  readonly #entries = new WeakMap<YAMLMap, Map<string, Entry>>()
  #total = 0

  constructor(source: Source, lines: LineIndex, diagnostics: Diagnostic[]) {
    this.#source = source
    this.#lines = lines
    this.#diagnostics = diagnostics
  }

  read(node: Node): ReadValue {
    if (isAlias(node)) return this.#readAlias(node)
    const anchor = (node as { anchor?: string }).anchor
    const known: { node: Node; read?: ReadValue } = { node }
    if (anchor) this.#anchors.set(anchor, known)
    known.read = this.#readContent(node)
    return known.read
  }

  #readContent(node: Node): ReadValue {
    if (isScalar(node)) return { value: node.value, size: 1 }
    if (isMap(node)) return this.#readMap(node)
    let size = 1
    const values = isSeq(node)
      ? node.items.map(item => {
          const read = this.read(item as Node)
          size += read.size
          return read.value
        })
      : []
    return { value: values, size }
  }

  #readAlias(alias: Alias): ReadValue {
    const known = this.#anchors.get(alias.source)
    if (!known) return this.#reject(alias, 'yaml/syntax', `no anchor \`&${alias.source}\` before this alias`)
    if (!known.read) return this.#reject(alias, 'yaml/alias-limit', `\`*${alias.source}\` contains itself`)
    this.#targets.set(alias, known.node)
    this.#total += known.read.size
    if (known.read.size > MAX_EXPANDED_NODES || this.#total > MAX_EXPANDED_NODES) {
      return this.#reject(alias, 'yaml/alias-limit', 'the aliases of this file expand to too many values')
    }
    return known.read
  }

  #readMap(map: YAMLMap): ReadValue {
    const value: Record<string, unknown> = Object.create(null)
    const merged: unknown[] = []
    const places = new Map<string, Node>()
    let size = 1
    for (const pair of map.items) {
      const key = pair.key as Node | null
      const name = this.#keyName(key, places)
      if (name === undefined && !isMergeKey(key)) continue
      const read = pair.value ? this.read(pair.value as Node) : { value: null, size: 1 }
      size += read.size
      if (isMergeKey(key)) merged.push(...(Array.isArray(read.value) ? read.value : [read.value]))
      else if (name !== undefined) value[name] = read.value
    }
    for (const part of merged) mergeInto(value, part)
    return { value, size }
  }

  /** The key's text, checked: a scalar, and new in its mapping. The first of two equal keys counts. */
  #keyName(key: Node | null, places: Map<string, Node>): string | undefined {
    if (isMergeKey(key)) return undefined
    if (!isScalar(key)) {
      this.#reject(key, 'yaml/syntax', 'only plain text can be a key')
      return undefined
    }
    const name = String(key.value)
    const first = places.get(name)
    if (first) {
      const related = [{ file: this.#source.file, range: this.#rangeOf(first), message: 'first here' }]
      this.#reject(key, 'yaml/duplicate-key', `\`${name}\` is already a key of this mapping`, related)
      return undefined
    }
    places.set(name, key)
    return name
  }

  #reject(node: Node | null, code: string, message: string, related?: Diagnostic['related']): ReadValue {
    const range = node ? this.#rangeOf(node) : this.#lines.range(0, 1)
    this.#diagnostics.push({
      code,
      severity: 'error',
      message,
      file: this.#source.file,
      range,
      ...(related && { related }),
    })
    return { value: null, size: 1 }
  }

  #rangeOf(node: Node): Range {
    const [start, end] = node.range ?? [0, 1, 1]
    return this.#lines.range(start, Math.max(end, start))
  }

  /** Keys with their nodes, own ones before merged ones; built at the first look. */
  #entriesOf(map: YAMLMap): Map<string, Entry> {
    let entries = this.#entries.get(map)
    if (entries) return entries
    entries = new Map()
    this.#entries.set(map, entries)
    for (const { key, value } of map.items) {
      if (isScalar(key) && !isMergeKey(key)) entries.set(String(key.value), { key, value: value as Node | null })
    }
    for (const { key, value } of map.items) {
      if (isMergeKey(key as Node)) this.#addMerged(entries, value as Node)
    }
    return entries
  }

  #addMerged(entries: Map<string, Entry>, merged: Node): void {
    for (const part of isSeq(merged) ? (merged.items as Node[]) : [merged]) {
      const target = this.#follow(part)
      if (!isMap(target)) continue
      for (const [name, entry] of this.#entriesOf(target)) {
        if (!entries.has(name)) entries.set(name, { ...entry, mergedBy: part })
      }
    }
  }

  #follow(node: Node | null): Node | null {
    return isAlias(node) ? (this.#targets.get(node) ?? null) : node
  }

  locate(root: Node | null, path: Path, part: 'key' | 'value'): Located {
    let node: Node | null = root
    let key: Node | null = null
    let use: Node | undefined
    for (const segment of path) {
      if (isAlias(node)) use ??= node
      const entry = this.#child(node, segment)
      if (!entry) break
      use ??= entry.mergedBy
      key = entry.key
      node = entry.value
    }
    const target = this.#visible(part === 'key' ? (key ?? node) : (node ?? key))
    if (use) return { range: this.#rangeOf(use), via: target }
    const followed = isAlias(node) && part === 'value' ? this.#follow(node) : null
    return followed ? { range: target, via: this.#rangeOf(followed) } : { range: target }
  }

  #child(parent: Node | null, segment: string | number): Entry | undefined {
    const node = this.#follow(parent)
    if (isMap(node)) return this.#entriesOf(node).get(String(segment))
    if (!isSeq(node)) return undefined
    const item = node.items[Number(segment)] as Node | undefined
    return item && { key: item, value: item }
  }

  /** A collection's range is its first line: an arrow at thirty lines points at nothing. */
  #visible(node: Node | null): Range {
    if (!node) return this.#lines.range(0, 0)
    const range = this.#rangeOf(node)
    if (isScalar(node) || range.start.line === range.end.line) return range
    const [start] = node.range ?? [0]
    const lineEnd = this.#source.text.indexOf('\n', start)
    return this.#lines.range(start, lineEnd < 0 ? this.#source.text.length : lineEnd)
  }

  rawScalar(root: Node | null, path: Path): { offset: number; raw: string } | undefined {
    let node = root
    for (const segment of path) {
      if (isAlias(node)) return undefined
      const entry = this.#child(node, segment)
      if (!entry || entry.mergedBy) return undefined
      node = entry.value
    }
    if (!isScalar(node) || !node.range) return undefined
    const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0
    const offset = node.range[0] + quoted
    return { offset, raw: this.#source.text.slice(offset, node.range[1] - quoted) }
  }
}

function isMergeKey(key: Node | null): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN'
}

function mergeInto(value: Record<string, unknown>, part: unknown): void {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return
  for (const [name, inherited] of Object.entries(part)) if (!(name in value)) value[name] = inherited
}
