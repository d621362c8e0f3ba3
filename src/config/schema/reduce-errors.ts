// Ajv's list of violations -> findings as a person would tell them: one mistake, one finding, at its own place.
import type { Path } from '../yaml/node-reader.ts'
import { changed, renamed } from './changed-value.ts'
import { type Draft, draftOf, notAllowedMessage, pathOf, type SchemaFinding } from './schema-finding.ts'
import { type SchemaError, validateSchema } from './validate-schema.ts'

export type { SchemaFinding } from './schema-finding.ts'

export function reduceErrors(errors: readonly SchemaError[], root: unknown): SchemaFinding[] {
  const drafts = withoutSlips(draftsOf(errors, root), root)
  const causes = causesOf(drafts)
  const findings = new Map<string, SchemaFinding>()
  for (const draft of drafts) {
    if (follows(draft, causes)) continue
    const place = placeOf(draft)
    if (!findings.has(place)) findings.set(place, findingOf(draft, causes))
  }
  return [...findings.values()]
}

export function draftsOf(errors: readonly SchemaError[], root: unknown): Draft[] {
  return errors.flatMap(error => draftOf(error, root) ?? [])
}

/** More misspelt keys than these are no slips. */
const MAX_SLIPS = 100

/** A misspelt key that changes what its mapping needs is one mistake: what goes when it is spelt right is not told. */
function withoutSlips(drafts: Draft[], root: unknown): Draft[] {
  const slips = drafts.filter(draft => draft.meant !== undefined)
  if (slips.length === 0 || slips.length > MAX_SLIPS || slips.length === drafts.length) return drafts
  const respelt = slips.reduce((value, slip) => renamed(value, slip.path, slip.meant!, slip.inner), root)
  const decisions = decisionsOf(slips, respelt)
  const meant = decisions.reduce(decide, respelt)
  // What is told of the rest is told of the mapping that was meant.
  const left = new Map(draftsOf(validateSchema(meant), meant).map(draft => [placeOf(draft), draft]))
  const told = (slip: Draft) =>
    withDecision(
      slip,
      decisions.find(decision => decision.slip === slip),
    )
  return drafts.flatMap(draft => (draft.meant !== undefined ? told(draft) : (left.get(placeOf(draft)) ?? [])))
}

/** The key that was meant goes with this word of another one, which is forgotten as well. */
interface Decision {
  slip: Draft
  key: string
  word: string
}

/** Only where nothing else in the mapping goes against it. */
function decisionsOf(slips: readonly Draft[], respelt: unknown): Decision[] {
  const waiting = draftsOf(validateSchema(respelt), respelt).filter(({ absent }) => absent)
  const refused = new Map(waiting.map(draft => [pathId(draft.path), draft]))
  const decisions = slips.flatMap(slip => {
    const { absent } = refused.get(pathId([...parentOf(slip), slip.meant!])) ?? {}
    const [word, another] = absent?.values ?? []
    return slip.inner === undefined || word === undefined || another !== undefined
      ? []
      : { slip, key: absent!.key, word }
  })
  if (decisions.length === 0) return []
  const tried = decisions.reduce(decide, respelt)
  const against = draftsOf(validateSchema(tried), tried).filter(({ code }) => code === 'schema/not-allowed')
  const mappings = new Set(against.map(draft => pathId(parentOf(draft))))
  return decisions.filter(({ slip }) => !mappings.has(pathId(parentOf(slip))))
}

function decide(value: unknown, { slip, key, word }: Decision): unknown {
  return changed(value, [...parentOf(slip), key], mapping => ({ ...mapping, [key]: word }))
}

function withDecision(slip: Draft, decision: Decision | undefined): Draft {
  if (!decision || !slip.hint) return slip
  return { ...slip, hint: slip.hint.replace(/\?$/, `, with \`${decision.key}: ${decision.word}\`?`) }
}

function placeOf(draft: Draft): string {
  return `${pathId(draft.path)} ${draft.code === 'schema/missing-key' ? draft.key : ''}`
}

/** Every path at or above a violation. */
export function refusedPaths(errors: readonly SchemaError[]): Set<string> {
  const refused = new Set<string>()
  for (const pointer of new Set(errors.map(pointerOf))) {
    const path = pathOf(pointer)
    for (let length = 0; length <= path.length; length++) refused.add(pathId(path.slice(0, length)))
  }
  return refused
}

/** The value that was refused, or the key. */
function pointerOf({ instancePath, params }: SchemaError): string {
  if (params.propertyName === undefined) return instancePath
  return `${instancePath}/${String(params.propertyName).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** What explains other findings; every key is a place. */
interface Causes {
  /** Values that are wrong. */
  wrong: ReadonlySet<string>
  /** Keys that were probably meant by a misspelt one. */
  meant: ReadonlySet<string>
  /** Mappings with an unknown key. */
  unknown: ReadonlySet<string>
  /** Absent deciding keys, with the keys that show what they should have said. */
  forgotten: ReadonlyMap<string, Draft[]>
}

function causesOf(drafts: readonly Draft[]): Causes {
  const unknown = drafts.filter(draft => draft.code === 'schema/unknown-key')
  const forgotten = new Map<string, Draft[]>()
  for (const draft of drafts) {
    const decider = draft.absent && deciders(draft).at(-1)
    if (decider) forgotten.set(decider, [...(forgotten.get(decider) ?? []), draft])
  }
  return {
    wrong: new Set(drafts.filter(draft => draft.code === 'schema/value').map(draft => pathId(draft.path))),
    meant: new Set(unknown.flatMap(draft => meantBy(draft).map(key => pathId([...parentOf(draft), key])))),
    unknown: new Set(unknown.map(draft => pathId(parentOf(draft)))),
    forgotten,
  }
}

function meantBy({ meant, covers = [] }: Draft): readonly string[] {
  return meant === undefined ? covers : [meant, ...covers]
}

/** Whether a finding only follows from another one. */
function follows(draft: Draft, causes: Causes): boolean {
  if (draft.code === 'schema/missing-key' && causes.meant.has(pathId([...draft.path, draft.key]))) return true
  if (draft.counts && causes.unknown.has(pathId(draft.path))) return true
  return deciders(draft).some(place => {
    const evidence = causes.forgotten.get(place)
    return causes.wrong.has(place) || causes.meant.has(place) || (evidence !== undefined && evidence[0] !== draft)
  })
}

/** The keys that show the same forgotten one are told together, at the first of them. */
function findingOf(draft: Draft, causes: Causes): SchemaFinding {
  const {
    conditions,
    meant: _meant,
    inner: _inner,
    covers: _covers,
    key: _key,
    counts: _counts,
    absent,
    ...finding
  } = draft
  const evidence = absent && causes.forgotten.get(deciders(draft).at(-1)!)
  if (!evidence || evidence.length < 2 || absent.values.length === 0) return finding
  return {
    ...finding,
    message: notAllowedMessage(
      evidence.map(({ key }) => key),
      absent,
    ),
  }
}

/** The places of the keys that a finding depends on, the outermost first. */
function deciders(draft: Draft): string[] {
  const { path, conditions = [] } = draft
  return conditions.flatMap(({ depth, key, others = [] }) =>
    [...others, key].map(name => pathId([...path.slice(0, path.length - depth), name])),
  )
}

function parentOf(draft: Draft): Path {
  return draft.path.slice(0, -1)
}

/** A path as a key of sets and maps. */
export function pathId(path: Path): string {
  return path.join('\0')
}
