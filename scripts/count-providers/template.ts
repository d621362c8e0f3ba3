// `${...}` texts of the catalogue -> parts, once: what a request must carry and what a definition says are two readings of them.
export type Part = { text: string } | { name: string } | { call: string; parts: Part[] }

/** `${name}` and `${function(text)}`, nested; of alternatives (`a || b`) the first. */
export function parseText(text: string): Part[] {
  const [first] = text.split(/\s*\|\|\s*(?=https?:\/\/|\$)/)
  return parseParts(first!)
}

function parseParts(text: string): Part[] {
  const parts: Part[] = []
  let from = 0
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', from)) {
    if (at > from) parts.push({ text: text.slice(from, at) })
    const end = closing(text, at + 2)
    parts.push(parseExpression(text.slice(at + 2, end)))
    from = end + 1
  }
  if (from < text.length) parts.push({ text: text.slice(from) })
  return parts
}

function parseExpression(expression: string): Part {
  const call = /^(\w+)\((.*)\)$/s.exec(expression)
  return call ? { call: call[1]!, parts: parseParts(call[2]!) } : { name: expression }
}

function closing(text: string, from: number): number {
  let depth = 1
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('${', at)) depth++
    if (text[at] === '}' && --depth === 0) return at
  }
  throw new Error(`no end of an expression in ${text}`)
}

/** All names, also those inside of calls. */
export function namesIn(parts: readonly Part[]): string[] {
  return parts.flatMap(part => ('name' in part ? [part.name] : 'call' in part ? namesIn(part.parts) : []))
}
