// A strict reader of the XML that reports are made of: elements, attributes, text. Anything that is not well-formed throws.

export interface Element {
  name: string
  attributes: Record<string, string>
  children: Element[]
  text: string
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const PIECE = /<\/([\w-]+)>|<([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|([^<]+)/y
const NO_CHARACTER = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

export function parseXml(xml: string): Element {
  const head = '<?xml version="1.0" encoding="UTF-8"?>'
  if (!xml.startsWith(head)) throw new Error('no declaration')
  if (NO_CHARACTER.test(xml)) throw new Error('a character that XML does not have')
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  PIECE.lastIndex = head.length
  while (PIECE.lastIndex < xml.length) {
    const at = PIECE.lastIndex
    const match = PIECE.exec(xml)
    if (!match) throw new Error(`not well-formed at ${at}: ${xml.slice(at, at + 40)}`)
    take(match, open)
  }
  if (open.length !== 1 || root.children.length !== 1 || root.text.trim() !== '') throw new Error('not one element')
  return root.children[0]!
}

function take([, closed, name, attributes = '', empty, text]: RegExpExecArray, open: Element[]): void {
  const parent = open.at(-1)!
  if (text !== undefined) {
    parent.text += decode(text)
  } else if (closed !== undefined) {
    if (parent.name !== closed) throw new Error(`</${closed}> ends <${parent.name}>`)
    open.pop()
  } else {
    const pairs = [...attributes.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, decode(value!)])
    const element: Element = { name: name!, attributes: Object.fromEntries(pairs), children: [], text: '' }
    if (Object.keys(element.attributes).length !== pairs.length) throw new Error(`<${name}> has an attribute twice`)
    parent.children.push(element)
    if (!empty) open.push(element)
  }
}

function decode(text: string): string {
  return text.replace(/&([^;\s]*);?/g, (all, name: string) => {
    const char = ENTITIES[name]
    if (char === undefined || !all.endsWith(';')) throw new Error(`no entity: ${all}`)
    return char
  })
}
