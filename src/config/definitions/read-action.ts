// A written action that the schema accepted -> the action in the product's own words, defaults filled in.
import { parseDuration } from '../../base/duration.ts'
import { parseSize } from '../../base/size.ts'
import type { Action, ActionContent, NamedValue, Place } from '../model/model.ts'
import type { RawValue } from './raw.ts'
import type { RawAction, RawContent } from './raw-action.ts'
import { readJson } from './read-json.ts'
import { at, readText, readVariables } from './value.ts'

const DEFAULT_KEPT_BYTES = 64 * 1024

export function readAction(name: string, raw: RawAction, place: Place): Action {
  const target = raw.url === undefined ? 'path' : 'url'
  return {
    name,
    ...(raw.title !== undefined && { title: raw.title }),
    place,
    vars: readVariables(raw.vars, at(place, 'vars')),
    type: raw.type,
    ...(raw.authenticateWith !== undefined && { service: raw.authenticateWith }),
    target: { kind: target, value: readText(raw[target]!, at(place, target)) },
    method: raw.method ?? 'POST',
    headers: readNamed(raw.headers, at(place, 'headers')),
    content: readContent(raw.content ?? {}, at(place, 'content')),
    files: raw.files ?? 'each',
    ...(raw.outputFileName !== undefined && {
      outputFileName: readText(raw.outputFileName, at(place, 'outputFileName')),
    }),
    ...(raw.input && { input: raw.input }),
    ...(raw.successStatus && { successStatus: raw.successStatus }),
    retry: {
      attempts: raw.retry?.attempts ?? 10,
      attemptsNow: raw.retry?.attempts ?? 3,
      minDelayMs: parseDuration(raw.retry?.minDelay ?? '') ?? 1_000,
      maxDelayMs: parseDuration(raw.retry?.maxDelay ?? '') ?? 600_000,
      ...(raw.retry?.on && { on: raw.retry.on }),
    },
    ordered: raw.ordered ?? false,
    ...(raw.idempotencyKey !== undefined && {
      idempotencyKey: readText(raw.idempotencyKey, at(place, 'idempotencyKey')),
    }),
    ...(raw.keepResponse && { keepResponseBytes: parseSize(raw.keepResponse.maxSize ?? '') ?? DEFAULT_KEPT_BYTES }),
  }
}

function readNamed(raw: Record<string, RawValue> | undefined, place: Place): NamedValue[] {
  return Object.entries(raw ?? {}).map(([name, value]) => ({ name, value: readText(value, at(place, name)) }))
}

function readContent(raw: RawContent, place: Place): ActionContent {
  if (raw.file) return { kind: 'file', ...typeOf(raw.file) }
  if (raw.multipart) {
    const { field = 'file', fields } = raw.multipart
    return {
      kind: 'multipart',
      field,
      fields: readNamed(fields, at(place, 'multipart', 'fields')),
      ...typeOf(raw.multipart),
    }
  }
  if (raw.text) {
    const { template, contentType = 'text/plain; charset=utf-8' } = raw.text
    return { kind: 'text', template: readText(template, at(place, 'text', 'template')), contentType }
  }
  if (raw.form) return { kind: 'form', fields: readNamed(raw.form, at(place, 'form')) }
  return 'json' in raw ? { kind: 'json', json: readJson(raw.json, at(place, 'json')) } : { kind: 'none' }
}

function typeOf({ contentType }: { contentType?: string }): { contentType?: string } {
  return contentType === undefined ? {} : { contentType }
}
