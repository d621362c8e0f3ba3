// The nodes of one YAML document -> plain values, once, with every check of its own; and the places of keys and values, on demand.

import { type Diagnostic, type Range, shortText } from '../../diagnostics/diagnostic.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { MAX_EXPANDED_NODES, MAX_MERGED_KEYS, OVER_LIMIT, OVER_MERGE_LIMIT } from './alias-limits.ts'
import type { LineIndex, Source } from './source.ts'
import { BARE_TEMPLATE } from './syntax-fault.ts'
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from './yaml.ts'

export type Path = readonly (string | number)[]

/** A range of the text; `via` is the definition when this place uses it through an alias or a merge key. */
export interface Located {
  range: Range
  via?: Range
}

/** Tags that say what the parser finds out anyway. */
const CORE_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|merge)$/

interface ReadValue {
  value: unknown
  /** Nodes after expansion of aliases. */
  size: number
}

const NOTHING: ReadValue = { value: null, size: 1 }

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
  readonly #rejected = new Set<Node>()
  #total = 0
  #mergedKeys = 0
  #overLimit = false

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
    if (isScalar(node)) return this.#readScalar(node)
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

  /** A tag that the parser does not know was reported by it; what it says about the text is not known either. */
  #readScalar(node: Scalar): ReadValue {
    if (node.tag === undefined || CORE_TAG.test(node.tag)) return { value: node.value, size: 1 }
    this.#rejected.add(node)
    return NOTHING
  }

  #readAlias(alias: Alias): ReadValue {
    const name = alias.source
    const known = this.#anchors.get(name)
    if (!known) return this.#reject(alias, { code: 'yaml/syntax', ...this.#noAnchor(name) })
    if (!known.read) {
      const hint = 'an alias repeats what stands before it, and cannot stand inside of it'
      return this.#reject(alias, { code: 'yaml/alias-limit', message: `\`*${name}\` contains itself`, hint })
    }
    this.#targets.set(alias, known.node)
    this.#total += known.read.size
    if (this.#total <= MAX_EXPANDED_NODES) return known.read
    return this.#rejectOverLimit(alias, OVER_LIMIT)
  }

  /** Aliases stand for more than anybody wrote: nothing can be said about the values. */
  get isOverLimit(): boolean {
    return this.#overLimit
  }

  #noAnchor(name: string): { message: string; hint: string } {
    const hint = didYouMean(name, this.#anchors.keys()) ?? 'a text that starts with `*` needs quotes'
    return { message: `no anchor \`&${name}\` before this alias`, hint }
  }

  /** Said once: after it, every further alias is too much. */
  #rejectOverLimit(node: Node, fault: typeof OVER_LIMIT): ReadValue {
    const first = !this.#overLimit
    this.#overLimit = true
    if (first) return this.#reject(node, fault)
    this.#rejected.add(node)
    return NOTHING
  }

  #readMap(map: YAMLMap): ReadValue {
    const value: Record<string, unknown> = Object.create(null)
    const merged: unknown[] = []
    const places = new Map<string, Node>()
    let size = 1
    for (const pair of map.items) {
      const key = pair.key as Node | null
      const name = this.#keyName(key, map, places)
      if (name === undefined && !isMergeKey(key)) continue
      const read = pair.value ? this.read(pair.value as Node) : NOTHING
      size += read.size
      if (isMergeKey(key)) merged.push(...this.#mergeParts(pair.value as Node | null, read.value))
      else if (name !== undefined) value[name] = read.value
    }
    for (const part of merged) this.#merge(value, part, map)
    return { value, size }
  }

  #merge(value: Record<string, unknown>, part: unknown, map: YAMLMap): void {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return
    const inherited = Object.entries(part)
    this.#mergedKeys += inherited.length
    if (this.#mergedKeys > MAX_MERGED_KEYS) this.#rejectOverLimit(map, OVER_MERGE_LIMIT)
    else for (const [name, own] of inherited) if (!(name in value)) value[name] = own
  }

  #mergeParts(node: Node | null, value: unknown): unknown[] {
    const parts = Array.isArray(value) ? value : [value]
    const usable = parts.every(part => typeof part === 'object' && part !== null && !Array.isArray(part))
    const told = node && [node, ...(isSeq(node) ? (node.items as Node[]) : [])].some(part => this.#rejected.has(part))
    if (!usable && node && !told) {
      const hint = 'write `<<: *name`, where `&name` marks a mapping'
      this.#reject(node, { code: 'yaml/syntax', message: '`<<` takes a mapping or a list of mappings', hint })
    }
    return parts
  }

  /** The key's text, checked: a scalar, and new in its mapping. The first of two equal keys counts. */
  #keyName(key: Node | null, map: YAMLMap, places: Map<string, Node>): string | undefined {
    if (isMergeKey(key)) return undefined
    if (!isScalar(key)) {
      this.#rejectKey(key, map)
      return undefined
    }
    const name = String(key.value)
    const first = places.get(name)
    if (first) {
      const related = [{ file: this.#source.file, range: this.#rangeOf(first), message: 'first here' }]
      const message = `\`${name}\` is already a key of this mapping`
      this.#reject(key, { code: 'yaml/duplicate-key', message, related })
      return undefined
    }
    places.set(name, key)
    return name
  }

  /** `key: {{x}}` is a mapping whose key is a mapping, and was meant to be a text. */
  #rejectKey(key: Node | null, map: YAMLMap): void {
    if (isMap(key) && this.#source.text.startsWith('{{', key.range![0] - 1)) {
      this.#reject(map, { code: 'yaml/syntax', ...BARE_TEMPLATE })
      return
    }
    this.#reject(key, { code: 'yaml/syntax', message: 'only a text can be a key, not a list or a mapping' })
  }

  #reject(node: Node | null, fault: Pick<Diagnostic, 'code' | 'message' | 'hint' | 'related'>): ReadValue {
    const range = node ? this.#rangeOf(node) : this.#lines.range(0, 1)
    if (node) this.#rejected.add(node)
    this.#diagnostics.push({
      severity: 'error',
      file: this.#source.file,
      range,
      ...fault,
      message: shortText(fault.message),
    })
    return NOTHING
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

  rejected(root: Node | null, path: Path): boolean {
    if (this.#rejected.size === 0) return false
    let node = root
    for (const segment of path) {
      if (node && this.#rejected.has(node)) return true
      node = this.#child(node, segment)?.value ?? null
    }
    return node !== null && this.#rejected.has(node)
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
