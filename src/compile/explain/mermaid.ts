// Texts as labels of Mermaid flowcharts: nothing in them is markup, a directive or the end of the label.
import { printable } from '../../diagnostics/render-human.ts'

/** Second line of a diagram: lines of labels are broken where we break them, if they are not too long. */
export const MERMAID_SETTINGS = '  %%{init: {"flowchart": {"wrappingWidth": 600}}}%%'

/** One label in its quotes, a line for each text. The first one is bold. */
export function mermaidLabel(...lines: readonly string[]): string {
  const [first = '', ...rest] = lines.map(escapeMermaid)
  return `"${[rest.length > 0 ? `<b>${first}</b>` : first, ...rest].join('<br/>')}"`
}

/** Everything but letters, digits and harmless signs as a character reference, which Mermaid writes `#number;`. */
export function escapeMermaid(text: string): string {
  // Two dollar signs would start a formula, whatever they are written as.
  return printable(text)
    .replaceAll('$$', '$\u2060$')
    .replace(
      /[^\p{L}\p{M}\p{N}\p{Emoji_Presentation} _,.:/()=?>-]|^-|(?<=^\d+)\./gu,
      char => `#${char.codePointAt(0)};`,
    )
}
