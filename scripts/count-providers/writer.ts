// Texts of the catalogue -> texts with {{}} expressions, and the variables and files that these stand for.
import type { Entry, Values } from './catalogue.ts'
import { filler, mapValues } from './declared.ts'
import { type Part, parseText } from './template.ts'

export type Json = Record<string, unknown>

/** Texts with {{}} expressions, and what these stand for. */
export class Writer {
  readonly vars: Json = {}
  readonly files: Record<string, string> = {}
  readonly #values: Values

  constructor(values: Values) {
    this.#values = values
  }

  get hasVars(): boolean {
    return Object.keys(this.vars).length > 0
  }

  /** Members of a step's answer that a later text names. */
  published(entry: Entry, step: number): void {
    const text = JSON.stringify(entry.additional_steps)
    for (const [, name] of text.matchAll(new RegExp(`\\$\\{step${step}\\.(\\w+)\\}`, 'g')))
      this.vars[`step${step}_${name}`] =
        name === 'access_token' ? { account: `step${step}` } : { account: `step${step}`, field: name }
  }

  secret(name: string): Json {
    const file = name.replace(/\W+/g, '-')
    this.files[file] = this.#values[name] ?? name
    return { file }
  }

  text(text: string, bearer = 'bearer'): string {
    return parseText(text)
      .map(part => ('text' in part ? part.text : `{{${this.#expression(part, bearer)}}}`))
      .join('')
  }

  /** Scopes are no templates: a person writes what is sent. */
  filled(text: string): string {
    return filler(this.#values)(text)
  }

  /** A reference alone, where the text is one secret alone. */
  value(value: unknown): unknown {
    if (typeof value !== 'string')
      return value !== null && typeof value === 'object' ? mapValues(value as Json, inner => this.value(inner)) : value
    const parts = parseText(value)
    const [only] = parts
    return parts.length === 1 &&
      only &&
      'name' in only &&
      only.name.startsWith('credentials.') &&
      only.name !== 'credentials.token'
      ? this.secret(only.name)
      : this.text(value)
  }

  #expression(part: Exclude<Part, { text: string }>, bearer: string): string {
    if ('call' in part) {
      if (part.call !== 'base64') throw new Error(`no function ${part.call}`)
      const parts = part.parts.map(inner => ('text' in inner ? `"${inner.text}"` : this.#expression(inner, bearer)))
      return `base64 ${parts.join(' ')}`
    }
    return this.#variable(part.name, bearer)
  }

  #variable(name: string, bearer: string): string {
    if (name === 'random') return 'uuid'
    if (name === 'accessToken' || name === 'credentials.token') return bearer
    if (name === 'refresh_token') return 'refreshToken'
    const time = /^now(?:\+(\d+):days)?:(.*)$/.exec(name)
    if (time)
      return `date now "${time[2]!.replace('YYYY', 'yyyy').replace('DD', 'dd')}"${time[1] ? ` "${time[1]}d"` : ''}`
    const [kind, member] = name.split('.')
    if (/^step\d$/.test(kind!)) return `vars.${kind}_${member}`
    this.vars[member!] ??= kind === 'credentials' ? this.secret(name) : this.#values[name]
    return `vars.${member}`
  }
}
