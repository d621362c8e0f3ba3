// A written value -> a function of values known at run time, with everything constant folded in once.
import { createHash } from 'node:crypto'
import { AppError } from '../base/error.ts'
import type { Secret } from '../base/secret.ts'
import type { SecretReference, Value } from '../config/model/model.ts'
import { publishedHosts } from '../config/templates/published-hosts.ts'
import { type Binding, constantsOf, parametersOf, type Scope } from '../config/templates/scope.ts'
import { callFunction, type Expression, parseTemplate, type TemplatePart } from '../config/templates/template.ts'
import { analyzeUri, encodeAt, movesPath, type UriPart } from '../config/templates/uri-template.ts'
import { checkExpanded } from './check-expanded.ts'
import { resolveFile } from './file-reference.ts'

/** What is known of an authorization server when a request to it is made. */
export interface AuthorizationServer {
  /** As configured; what the server says of itself was found equal. */
  issuer: string
  /** From the metadata; absent where the account names it. */
  tokenEndpoint?: URL
  revocationEndpoint?: URL
}

/** What a token response brought. */
export interface TokenValues {
  bearer: Secret
  /** By the names of `publish`. */
  published?: Readonly<Record<string, Secret>>
  /** Cleaned `token_type` of a token that is no bearer. */
  foreignType?: string
}

/** What is known only when a pipeline runs. */
export interface Values {
  /** Set where a request to a service is made, for an account that has a bearer. */
  token?: TokenValues
  secret(reference: SecretReference): Secret
  uuid(): string
  /** RFC 3339, UTC. */
  now(): string
  /** `input.*` or `file.*` of a delivery; undefined when it is absent. */
  given?(name: string): unknown
  /** Set where a token is refreshed. */
  refreshToken?: Secret
  /** Of an account with an issuer. */
  server?: AuthorizationServer
  /** Which one of several client secrets is used, from 0; default the first. */
  clientSecret?: number
}

/** A text whose rendering needs the secrets of its references. */
export interface TextPlan {
  references: readonly SecretReference[]
  /** Differs at each use (`uuid`, `now`). */
  dynamic: boolean
  /** Equal for equal texts; says nothing about a secret. */
  identity: string
  render(values: Values): string
}

/** A URI that keeps its host whatever the values are. */
export interface UriPlan extends Omit<TextPlan, 'render'> {
  /** The URI as written, with constants filled in: for people. */
  display: string
  /** Throws AppError `invalid_template_value` when a value may not stand where it is used. */
  expand(values: Values): URL
}

export function referenceKey(reference: SecretReference): string {
  switch (reference.kind) {
    case 'env':
    case 'systemd':
      return `${reference.kind}:${reference.name}`
    case 'file':
      return `file:${reference.path}${reference.kept ? ` kept ${reference.kept.at ?? ''}` : ''}`
    case 'exec':
      return `exec:${JSON.stringify([reference.directory, ...reference.command])}`
    case 'account':
      return `account:${reference.key ?? reference.account}${reference.field === undefined ? '' : ` ${reference.field}`}`
    case 'literal':
      return `literal:${createHash('sha256').update(reference.secret.reveal()).digest('hex')}`
  }
}

/** The same for all values of parameters: which account it is for some values, its feeders tell. */
function writtenKey(reference: SecretReference): string {
  if (reference.kind !== 'account') return referenceKey(reference)
  const { key: _key, ...written } = reference
  return referenceKey(written)
}

/** How a reference is written in explanations. */
export function describeReference(reference: SecretReference): string {
  switch (reference.kind) {
    case 'env':
    case 'systemd':
      return `${reference.kind} ${reference.name}`
    case 'file':
      return `file ${reference.path}`
    case 'exec':
      return `exec ${reference.command[0]}`
    case 'account':
      return `${reference.field ?? 'bearer'} of account ${reference.account}`
    case 'literal':
      return 'literal in the file'
  }
}

/** `constant`: its text, when that is known now. */
interface Piece extends TextPlan {
  constant?: string
}

/** Rules have passed: every template parses and every variable exists. */
export function compileText(value: Value, scope: Scope): Piece {
  if (value.kind === 'secret') return referencePiece(inScope(value.reference, scope))
  return joinPieces(partsOf(value.text).map(part => compilePart(part, scope)))
}

/** A reference in the scope of one set of values is one of that set. */
function inScope(reference: SecretReference, scope: Scope): SecretReference {
  if (reference.kind !== 'account') return resolveFile(reference, scope)
  const key = scope.values?.accountKey(reference.account) ?? reference.account
  return key === reference.account ? reference : { ...reference, key }
}

function partsOf(text: string): readonly TemplatePart[] {
  const parsed = parseTemplate(text)
  if (!parsed.ok) throw new Error('compiling a template that the rules refused')
  return parsed.parts
}

function compilePart(part: TemplatePart, scope: Scope): Piece {
  return part.kind === 'text' ? constantPiece(part.text) : compileExpression(part.expression, scope)
}

export function compileExpression(expression: Expression, scope: Scope): Piece {
  if (expression.kind === 'literal') return constantPiece(expression.text)
  if (expression.kind === 'variable') return bindingPiece(scope.lookup(expression.name)!, scope, expression.name)
  const pieces = expression.arguments.map(argument => compileExpression(argument, scope))
  const constants = pieces.flatMap(({ constant }) => constant ?? [])
  if (constants.length === pieces.length) return constantPiece(callFunction(expression.function, ...constants))
  return {
    references: pieces.flatMap(piece => piece.references),
    dynamic: pieces.some(piece => piece.dynamic),
    identity: `${expression.function}(${pieces.map(({ identity }) => identity).join(',')})`,
    render: values => callFunction(expression.function, ...pieces.map(piece => piece.render(values))),
  }
}

function bindingPiece(binding: Binding, scope: Scope, variable: string): Piece {
  if (binding.kind === 'constant') return constantPiece(binding.text)
  if (binding.kind === 'value') return compileText(binding.value, scope)
  if (binding.kind === 'parameter') return parameterPiece(variable)
  if (binding.kind === 'given') return givenPiece(binding)
  if (binding.kind === 'bearer') return tokenPiece('bearer', ({ token }) => token?.bearer)
  if (binding.kind === 'refreshToken') return tokenPiece('refreshToken', ({ refreshToken }) => refreshToken)
  if (binding.kind === 'published') return tokenPiece(variable, ({ token }) => token?.published?.[binding.name])
  const { name } = binding
  return { references: [], dynamic: true, identity: `{{${name}}}`, render: values => values[name]() }
}

/** For identities and explanations: what runs is compiled with its values. */
function parameterPiece(variable: string): Piece {
  const render = () => {
    throw new Error(`{{${variable}}} has no value here`)
  }
  return { references: [], dynamic: false, identity: `{{${variable}}}`, render }
}

/** An absent one is an empty text where it is optional. */
function givenPiece({ name, optional }: Binding & { kind: 'given' }): Piece {
  const render = (values: Values): string => {
    const value = values.given?.(name)
    if (value === undefined && !optional) throw new AppError('invalid_input', `\`${name}\` is missing`)
    if (value === undefined || value === null) return ''
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
  return { references: [], dynamic: true, identity: `{{${name}}}`, render }
}

/** Of a token response: known only where one was. */
function tokenPiece(name: string, secretOf: (values: Values) => Secret | undefined): Piece {
  const render = (values: Values) => {
    const secret = secretOf(values)
    if (!secret) throw new Error(`{{${name}}} stands only where a token response is`)
    return secret.reveal()
  }
  return { references: [], dynamic: false, identity: `{{${name}}}`, render }
}

function constantPiece(text: string): Piece {
  return { references: [], dynamic: false, identity: JSON.stringify(text), render: () => text, constant: text }
}

function referencePiece(reference: SecretReference): Piece {
  const identity = writtenKey(reference)
  return { references: [reference], dynamic: false, identity, render: values => values.secret(reference).reveal() }
}

function joinPieces(parts: readonly Piece[]): Piece {
  const pieces = foldConstants(parts)
  const [only] = pieces
  if (pieces.length === 1 && only) return only
  if (pieces.length === 0) return constantPiece('')
  return {
    references: pieces.flatMap(piece => piece.references),
    dynamic: pieces.some(piece => piece.dynamic),
    identity: pieces.map(piece => piece.identity).join('+'),
    render: values => pieces.map(piece => piece.render(values)).join(''),
  }
}

function foldConstants(parts: readonly Piece[]): Piece[] {
  const pieces: Piece[] = []
  for (const part of parts) {
    const last = pieces.at(-1)
    if (part.constant === undefined || last?.constant === undefined) pieces.push(part)
    else pieces[pieces.length - 1] = constantPiece(last.constant + part.constant)
  }
  return pieces
}

/** Everything secret in some texts: the secrets themselves, each whole text that holds one, and that without its first word, such as `Basic`. */
export function secretsIn(texts: readonly (TextPlan | UriPlan)[], values: Values): string[] {
  return texts.flatMap(text => {
    if (text.references.length === 0) return []
    const secrets = text.references.map(reference => values.secret(reference).reveal())
    const whole = 'render' in text ? text.render(values) : undefined
    return whole === undefined ? secrets : [...secrets, whole, whole.replace(/^\S+ +/, '')]
  })
}

/** Whether a caller, a secret or a token response has a part in the host of a URI. */
export function hasHostFromValue(value: Value, scope: Scope): boolean {
  if (value.kind !== 'template') return false
  const analyzed = analyzeUri(partsOf(value.text), constantsOf(scope), parametersOf(scope))
  return analyzed.ok && analyzed.value.hostFromValue
}

/** `label` names the URI in errors, such as `serverUrl`. */
export function compileUri(value: Value, scope: Scope, options: { allowHttp: boolean; label: string }): UriPlan {
  if (value.kind === 'secret') throw new Error('a URI is written as a template')
  const analyzed = analyzeUri(partsOf(value.text), constantsOf(scope), parametersOf(scope))
  if (!analyzed.ok) throw refusedUri(scope, options.label)
  const { parts, hostKnown, url } = analyzed.value
  const pieces = parts.map(part => ({ part, piece: compileUriPart(part, scope) }))
  const text = joinPieces(pieces.map(({ piece }) => piece))
  const published = publishedHosts(parts, scope)
  const constant = pieces.every(({ part }) => part.kind === 'text')
  const expand = (values: Values): URL => {
    const filled = pieces.map(({ part, piece }) => ({
      text: encodePart(part, piece.render(values), options.label),
      ...(part.kind === 'expression' && { position: part.position }),
    }))
    if (movesPath(filled))
      throw new AppError(
        'invalid_template_value',
        `a value in ${options.label} is \`.\` or \`..\` and would move the path`,
      )
    const expanded = filled.map(({ text }) => text).join('')
    return checkExpanded(expanded, { ...options, host: hostKnown ? url.host : undefined, published })
  }
  const { references, dynamic, identity } = text
  return { references, dynamic, identity, display: displayUri(parts), expand: constant ? () => url : expand }
}

/** Rules have passed: only a caller's value can be at fault. */
function refusedUri({ values }: Scope, label: string): Error {
  if (!values) return new Error('compiling a URI that the rules refused')
  const names = Object.keys(values.params)
    .map(name => `\`${name}\``)
    .join(', ')
  return new AppError('invalid_parameter', `the value of parameter ${names} may not stand where ${label} uses it`)
}

function compileUriPart(part: UriPart, scope: Scope): Piece {
  return part.kind === 'text' ? constantPiece(part.text) : compileExpression(part.expression, scope)
}

function displayUri(parts: readonly UriPart[]): string {
  return parts.map(part => (part.kind === 'text' ? part.text : `{{${describeExpression(part.expression)}}}`)).join('')
}

/** An expression as it is written between the braces. */
export function describeExpression(expression: Expression): string {
  if (expression.kind === 'literal') return JSON.stringify(expression.text)
  if (expression.kind === 'variable') return expression.name
  return `${expression.function} ${expression.arguments.map(describeExpression).join(' ')}`
}

function encodePart(part: UriPart, value: string, label: string): string {
  if (part.kind === 'text') return part.text
  const encoded = encodeAt(part.position, value)
  if (encoded !== undefined) return encoded
  const name = describeExpression(part.expression)
  throw new AppError('invalid_template_value', `the value of {{${name}}} may not stand where ${label} uses it`)
}
