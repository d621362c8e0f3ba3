// The parser's complaint -> what a person did wrong, at the place where it happened rather than where it was noticed.

import { type TextFault, tooDeepAt } from './text-fault.ts'
import { isCollection, isScalar, type Node, visit, type YAMLParseError, type YamlDocument } from './yaml.ts'

/** The first complaint about a document; later ones mostly follow from it. */
export function syntaxFault(error: YAMLParseError, parsed: YamlDocument, text: string): TextFault {
  const [offset, end] = error.pos
  if (/call stack/i.test(error.message)) return tooDeepAt(offset)
  const fault =
    bareTemplate(text, offset) ?? noBlank(error, text) ?? unclosed(error, parsed, text) ?? known(error, text)
  if (fault) return { code: 'yaml/syntax', ...fault }
  return { code: 'yaml/syntax', message: inOurWords(error.message), offset, end }
}

type Fault = Omit<TextFault, 'code'>

export const BARE_TEMPLATE = {
  message: 'a text that starts with `{{` needs quotes',
  hint: 'put the whole value in double quotes',
}

/** `key: {{x}}/rest` on the line of the complaint: YAML reads the braces as a mapping. */
function bareTemplate(text: string, offset: number): Fault | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const line = /^.*/.exec(text.slice(start))![0]
  const before = /^[^"'#]*?[:-][ \t]+(?=\{\{)/.exec(line)?.[0]
  if (before === undefined) return undefined
  return { ...BARE_TEMPLATE, offset: start + before.length, end: start + line.trimEnd().length }
}

/** `timeout:20s` is one word. The word after the colon may be a secret. */
function noBlank({ code, pos: [offset] }: YAMLParseError, text: string): Fault | undefined {
  const key = /^[A-Za-z_][\w-]*:(?=[^\s/])/.exec(text.slice(offset, offset + 80))?.[0]
  if (!key || !['MISSING_CHAR', 'MULTILINE_IMPLICIT_KEY'].includes(code)) return undefined
  const hint = `write \`${key} \`, and then the value`
  return { message: `no blank after \`${key}\``, offset, end: offset + key.length, hint }
}

function unclosed(error: YAMLParseError, parsed: YamlDocument, text: string): Fault | undefined {
  const quote = /^Missing closing ["']quote/.test(error.message)
  if (!quote && !/^Flow (map|sequence) .*end with a/.test(error.message)) return undefined
  const offset = lastOpen(parsed, error.pos[0], quote)
  if (offset === undefined) return undefined
  const opener = text.charAt(offset)
  return quote
    ? { message: 'this quote is never closed', offset, hint: `end the text with ${opener}` }
    : { message: `this \`${opener}\` is never closed`, offset, hint: `end it with ${opener === '{' ? '}' : ']'}` }
}

/** Where the innermost quoted text, or the innermost flow collection, starts that reaches up to an offset. */
function lastOpen(parsed: YamlDocument, offset: number, quoted: boolean): number | undefined {
  let found: number | undefined
  visit(parsed, {
    Node(_key, node: Node) {
      const fits = quoted ? isScalar(node) && /^QUOTE/.test(node.type ?? '') : isCollection(node) && node.flow
      if (fits && node.range && node.range[0] < offset && node.range[2] >= offset) found = node.range[0]
    },
  })
  return found
}

/** Complaints that beginners meet, by the parser's code. */
function known(error: YAMLParseError, text: string): Fault | undefined {
  const [offset, end] = error.pos
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return { message: 'tab used for indentation', ...tabs(text, offset), hint: 'YAML wants blanks: replace the tab' }
    case 'BAD_INDENT': {
      const blanks = /^[ \t]*/.exec(text.slice(offset))![0].length
      const hint = 'the keys of one mapping, and the items of one list, start at the same column'
      return { message: 'this line is indented differently from the ones it belongs to', offset: offset + blanks, hint }
    }
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'BLOCK_IN_FLOW':
      return { message: 'a text with a colon and a blank in it needs quotes', offset, end, hint: 'or is it two lines?' }
    case 'MULTILINE_IMPLICIT_KEY':
      return { message: 'this is no key with a value', offset, end, hint: 'is a `:` missing, or is it indented wrong?' }
    case 'BAD_DQ_ESCAPE': {
      const hint = 'in double quotes, \\ starts an escape: write \\\\, or use single quotes'
      return { message: `\`${text.slice(offset, offset + 2)}\` is not an escape of YAML`, offset, end, hint }
    }
    case 'BAD_SCALAR_START':
      return { message: inOurWords(error.message), offset, end, hint: 'put the text in quotes' }
    default:
      return undefined
  }
}

/** The parser marks the end of the indentation. */
function tabs(text: string, offset: number): { offset: number; end: number } {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const first = text.indexOf('\t', start)
  const offsetOfTab = first < 0 || first > offset ? offset : first
  return { offset: offsetOfTab, end: offsetOfTab + /^\t*/.exec(text.slice(offsetOfTab))![0].length }
}

function inOurWords(message: string): string {
  const text = message
    .replace(
      /^Unexpected (\S+ )?token in YAML stream: (".*")$/s,
      (_all, _kind, token) => `unexpected \`${unquote(token)}\``,
    )
    .replace('Unexpected scalar at node end', 'text after the end of the value')
    .replace('Implicit map keys need to be followed by map values', 'a key without its `:`')
    .replace(/^Plain value cannot start with (.*) (\S)$/, 'a text without quotes cannot start with `$2`')
    .replace(/\s+/g, ' ')
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function unquote(token: string): string {
  return token.slice(1, -1).slice(0, 40)
}
