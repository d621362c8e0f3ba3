// The body of an action's request, and the headers that describe it.
import type { Action, ActionContent, NamedValue } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import { compileText, type TextPlan, type Values } from '../text.ts'
import { percentEncode } from '../token/client-auth.ts'
import type { BodyPart, FileFacts } from './action-plan.ts'
import { contentDisposition, formName } from './file-name.ts'
import { compileJson, soleGiven } from './json-template.ts'

/** A file, and the name that the server sees. */
export interface OutgoingFile extends FileFacts {
  outputName: string
}

export interface Body {
  headers: (readonly [string, string])[]
  parts: BodyPart[]
}

export interface BodyPlan {
  texts: TextPlan[]
  build(values: Values, files: readonly OutgoingFile[]): Body
}

export function compileBody({ content }: Action, scope: Scope): BodyPlan {
  switch (content.kind) {
    case 'none':
      return { texts: [], build: () => ({ headers: [], parts: [] }) }
    case 'file':
      return { texts: [], build: (_values, [file]) => fileBody(file!, content.contentType) }
    case 'multipart':
      return compileMultipart(content, scope)
    case 'text': {
      const text = compileText(content.template, scope)
      return { texts: [text], build: values => bytesBody(text.render(values), content.contentType) }
    }
    case 'json': {
      const json = compileJson(content.json, scope)
      const build = (values: Values) => bytesBody(JSON.stringify(json.value(values) ?? null), 'application/json')
      return { texts: json.texts, build }
    }
    case 'form': {
      const fields = compileFields(content.fields, scope)
      return {
        texts: fields.texts,
        build: values => bytesBody(encodeForm(fields.render(values)), 'application/x-www-form-urlencoded'),
      }
    }
  }
}

function bytesBody(text: string, contentType: string): Body {
  return { headers: [['Content-Type', contentType]], parts: [{ kind: 'bytes', bytes: Buffer.from(text) }] }
}

function fileBody(file: OutgoingFile, contentType = file.type): Body {
  return {
    headers: [
      ['Content-Type', contentType],
      ['Content-Disposition', contentDisposition(file.outputName)],
    ],
    parts: [{ kind: 'file', index: 0 }],
  }
}

function encodeForm(fields: readonly (readonly [string, string])[]): string {
  return fields.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&')
}

export interface FieldsPlan {
  texts: TextPlan[]
  render(values: Values): (readonly [string, string])[]
  /** Those without a secret. */
  renderKnown(values: Values): (readonly [string, string])[]
}

/** One that is nothing but an optional input is left out when that is absent. */
export function compileFields(named: readonly NamedValue[], scope: Scope): FieldsPlan {
  const fields = named.map(({ name, value }) => ({
    name,
    text: compileText(value, scope),
    sole: soleGiven(value, scope),
  }))
  const rendering = (some: typeof fields) => (values: Values) =>
    some
      .filter(({ sole }) => !sole?.optional || values.given?.(sole.name) !== undefined)
      .map(({ name, text }) => [name, text.render(values)] as const)
  return {
    texts: fields.map(({ text }) => text),
    render: rendering(fields),
    renderKnown: rendering(fields.filter(({ text }) => text.references.length === 0)),
  }
}

/** Long and fixed: the same delivery has the same bytes at each attempt, and no file holds it by chance. */
function boundaryOf(values: Values): string {
  return `bearerd-${values.uuid()}`
}

function compileMultipart(content: ActionContent & { kind: 'multipart' }, scope: Scope): BodyPlan {
  const fields = compileFields(content.fields, scope)
  return {
    texts: fields.texts,
    build(values, files) {
      const boundary = boundaryOf(values)
      const head = fields
        .render(values)
        .map(
          ([name, value]) =>
            `--${boundary}\r\nContent-Disposition: form-data; name="${formName(name)}"\r\n\r\n${value}\r\n`,
        )
        .join('')
      const parts: BodyPart[] = []
      let text = head
      files.forEach((file, index) => {
        text += `--${boundary}\r\nContent-Disposition: form-data; name="${formName(content.field)}"; filename="${formName(file.outputName)}"\r\n`
        text += `Content-Type: ${content.contentType ?? file.type}\r\n\r\n`
        parts.push({ kind: 'bytes', bytes: Buffer.from(text) }, { kind: 'file', index })
        text = '\r\n'
      })
      parts.push({ kind: 'bytes', bytes: Buffer.from(`${text}--${boundary}--\r\n`) })
      return { headers: [['Content-Type', `multipart/form-data; boundary=${boundary}`]], parts }
    },
  }
}
