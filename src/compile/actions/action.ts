// Action -> ActionPlan: how its target, headers and body are made of the values of one delivery. Pure.

import { AppError } from '../../base/error.ts'
import { actionValues } from '../../config/definitions/value.ts'
import type { Action } from '../../config/model/model.ts'
import { type CheckInput, compileInputCheck } from '../../config/schema/input-schema.ts'
import type { Scope, Scopes } from '../../config/templates/scope.ts'
import { parseTemplate } from '../../config/templates/template.ts'
import { fingerprint } from '../fingerprint.ts'
import { isHeaderValue } from '../header-value.ts'
import { collectReferences } from '../steps/resolve-secrets.ts'
import { compileText, type TextPlan, type Values } from '../text.ts'
import { compileBody, compileFields, type OutgoingFile } from './action-body.ts'
import type { ActionPlan, FileFacts, RequestInput } from './action-plan.ts'
import { compileTarget } from './action-target.ts'
import { contentDisposition, safeFileName } from './file-name.ts'

export function compileAction(action: Action, scopes: Scopes): ActionPlan {
  const scope = scopes.ofAction(action)
  const target = compileTarget(action, scope)
  const headers = compileFields(action.headers, scope)
  const body = compileBody(action, scope)
  const outputName =
    action.outputFileName && compileText(action.outputFileName, scopes.ofAction(action, 'outputFileName'))
  const key = action.idempotencyKey && compileText(action.idempotencyKey, scope)
  const texts: TextPlan[] = [
    ...headers.texts,
    ...body.texts,
    ...(outputName ? [outputName] : []),
    ...(key ? [key] : []),
  ]
  const named = namesIn(action)
  return {
    name: action.name,
    ...(action.title !== undefined && { title: action.title }),
    type: action.type,
    ...(action.service !== undefined && { service: action.service }),
    fingerprint: printOf(action, [target.identity, ...texts.map(({ identity }) => identity)]),
    references: collectReferences([target, ...texts]),
    files: action.files,
    needsFile: needsFile(action, named),
    needsSha256: named.has('file.sha256'),
    ...(action.successStatus && { successStatus: action.successStatus }),
    ...(action.keepResponseBytes !== undefined && { keepResponseBytes: action.keepResponseBytes }),
    retry: action.retry,
    ordered: action.ordered,
    checkInput: withNeeded(compileInputCheck(action.input), neededInputs(named, scope)),
    checkRequest(given) {
      const { values } = prepare(given, withoutSecrets(outputName))
      target.check(values)
      joinHeaders([], headers.renderKnown(values))
      if (key?.references.length === 0) renderKey(key, values)
    },
    buildRequest(given) {
      const { values, files } = prepare(given, outputName)
      const built = body.build(values, files)
      return {
        method: action.method,
        target: target.expand(values),
        headers: joinHeaders([...built.headers, ...nameHeader(action, values)], headers.render(values)),
        body: built.parts,
      }
    },
    ...(key && {
      idempotencyKey: given => renderKey(key, prepare(given, outputName).values),
    }),
  }
}

function renderKey(key: TextPlan, values: Values): string {
  return headerValue('Idempotency-Key', key.render(values))
}

/** A name with a secret may be any: it is safe wherever it stands. */
function withoutSecrets(name: TextPlan | undefined): TextPlan | undefined {
  return name?.references.length === 0 ? name : name && { ...name, render: () => 'x' }
}

function printOf(
  { place: _place, title: _title, vars: _vars, ...action }: Action,
  identities: readonly string[],
): string {
  const { type, service, method, files, successStatus, keepResponseBytes, input, content } = action
  const names = 'fields' in content ? content.fields.map(({ name }) => name) : []
  const headers = action.headers.map(({ name }) => name)
  const shape = content.kind === 'json' ? JSON.stringify(content.json, withoutPlaces) : content.kind
  const types = 'contentType' in content ? content.contentType : undefined
  const field = content.kind === 'multipart' ? content.field : undefined
  const own = [
    action.name,
    type,
    service,
    action.target.kind,
    method,
    files,
    successStatus,
    keepResponseBytes,
    input,
    action.retry,
    action.ordered,
    action.outputFileName !== undefined,
    action.idempotencyKey !== undefined,
  ]
  return fingerprint(own, [shape, names, headers, types, field], identities)
}

function withoutPlaces(key: string, value: unknown): unknown {
  return key === 'place' ? undefined : value
}

/** Every variable that its texts name. */
function namesIn(action: Action): Set<string> {
  const texts = actionValues(action).flatMap(({ value }) => (value.kind === 'template' ? [value.text] : []))
  return new Set(texts.flatMap(text => namesOf(text)))
}

function namesOf(text: string): string[] {
  const parsed = parseTemplate(text)
  return parsed.ok ? parsed.variables.map(({ name }) => name) : []
}

/** `file.outputName` of an action that makes a name of its own is there without a file. */
function needsFile({ content, outputFileName }: Action, names: ReadonlySet<string>): boolean {
  if (content.kind === 'file' || content.kind === 'multipart') return true
  const named = [...names].filter(name => name.startsWith('file.'))
  return named.some(name => name !== 'file.outputName' || !outputFileName)
}

/** Inputs without which it cannot be sent, as paths. */
function neededInputs(names: ReadonlySet<string>, scope: Scope): string[][] {
  const given = [...names].map(name => scope.lookup(name)).filter(binding => binding?.kind === 'given')
  return given.filter(({ name, optional }) => name.startsWith('input.') && !optional).map(pathOf)
}

function pathOf({ name }: { name: string }): string[] {
  return name.split('.').slice(1)
}

/** What no attempt could do without is told before anything is stored, also where the action says no schema. */
function withNeeded(check: CheckInput, needed: readonly string[][]): CheckInput {
  return (input, from) => {
    const checked = check(input, from)
    if (!checked.ok) return checked
    const absent = needed.filter(path => valueAt(checked.input, path) === undefined)
    const problems = absent.map(path => ({ pointer: `/${path.join('/')}`, detail: 'is required' }))
    return problems.length === 0 ? checked : { ok: false, problems }
  }
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  const has = (at: unknown, key: string): at is Record<string, unknown> =>
    typeof at === 'object' && at !== null && Object.hasOwn(at, key)
  return path.reduce<unknown>((at, key) => (has(at, key) ? at[key] : undefined), value)
}

/** The values with `input.*` and `file.*`; the files with their output names. */
function prepare({ input, files, values }: RequestInput, outputName: TextPlan | undefined) {
  const [only] = files.length === 1 ? files : []
  const named = files.map(file => ({
    ...file,
    outputName: outputNameOf(outputName, withGiven(values, input, file), file),
  }))
  const outgoing = only
    ? named[0]
    : files.length === 0 && outputName
      ? { outputName: outputNameOf(outputName, withGiven(values, input, {}), undefined) }
      : {}
  return { values: withGiven(values, input, outgoing ?? {}), files: named as OutgoingFile[] }
}

function outputNameOf(plan: TextPlan | undefined, values: Values, file: FileFacts | undefined): string {
  return plan ? safeFileName(plan.render(values)) : (file?.name ?? '')
}

function withGiven(values: Values, input: unknown, file: object): Values {
  return {
    ...values,
    given(name) {
      const [first, ...path] = name.split('.')
      return valueAt(first === 'file' ? file : input, path)
    },
  }
}

/** A text that becomes a file has its name here; a raw file has it already, and a multipart one in its part. */
function nameHeader({ content, outputFileName }: Action, values: Values): (readonly [string, string])[] {
  if (!outputFileName || content.kind === 'file' || content.kind === 'multipart') return []
  const name = values.given?.('file.outputName')
  return name === undefined ? [] : [['Content-Disposition', contentDisposition(String(name))]]
}

/** What the action says itself wins. */
function joinHeaders(made: readonly (readonly [string, string])[], own: readonly (readonly [string, string])[]) {
  const said = new Set(own.map(([name]) => name.toLowerCase()))
  const kept = made.filter(([name]) => !said.has(name.toLowerCase()))
  return [...kept, ...own.map(([name, value]) => [name, headerValue(name, value)] as const)]
}

/** RFC 9110 section 5.5: no control characters, which would start another header, and nothing beyond Latin-1. */
function headerValue(name: string, text: string): string {
  if (isHeaderValue(text)) return text
  throw new AppError('invalid_input', `the value of header \`${name}\` holds characters that no header may hold`)
}
