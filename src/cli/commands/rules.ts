// `bearerd rules`: every diagnostic code, or the page of one.
import { CODE_PAGES, type CodePage, codePage } from '../../diagnostics/codes/index.ts'
import { printable } from '../../diagnostics/render-human.ts'
import { didYouMeanCode } from '../../diagnostics/suggest.ts'
import { CommandError, EXIT, print } from '../output.ts'

export async function rules(code: string | undefined, { format }: { format: 'text' | 'json' }): Promise<number> {
  const page = code === undefined ? undefined : pageOf(code)
  await print(format === 'json' ? json(page ?? CODE_PAGES.map(entryOf)) : page ? text(page) : table())
  return EXIT.ok
}

function pageOf(code: string): CodePage {
  const page = codePage(code)
  if (page) return page
  const codes = CODE_PAGES.map(known => known.code)
  throw new CommandError(
    EXIT.usage,
    `no code \`${printable(code)}\`; ${didYouMeanCode(code, codes) ?? '`bearerd rules` lists them'}`,
  )
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function entryOf({ code, severity, title }: CodePage): Pick<CodePage, 'code' | 'severity' | 'title'> {
  return { code, severity, title }
}

function table(): string {
  const width = Math.max(...CODE_PAGES.map(({ code }) => code.length))
  return CODE_PAGES.map(({ code, severity, title }) => `${code.padEnd(width)}  ${severity.padEnd(7)}  ${title}\n`).join(
    '',
  )
}

function text({ code, severity, title, explanation, bad, good }: CodePage): string {
  return [`${code} (${severity})`, title, explanation, 'Wrong:', indented(bad), 'Right:', `${indented(good)}\n`].join(
    '\n\n',
  )
}

function indented(example: string): string {
  return example.trimEnd().replaceAll(/^(?=.)/gm, '    ')
}
