// Texts that are no configuration: 10 MB of nonsense of many kinds. Each gives a diagnostic, no exception, in bounded time,
// and output that a terminal survives. Generated here rather than stored.
import { test } from 'uvu'
import { decode } from '../../src/config/read.ts'
import { expectDiagnostic, MB, random } from './support.ts'

function bytes(length: number, map: (byte: number) => number): string {
  const next = random(length)
  return decode(Uint8Array.from({ length }, () => map(Math.floor(next() * 256))))
}

const NONSENSE: [name: string, code: string | RegExp, text: () => string][] = [
  ['random bytes', 'yaml/syntax', () => bytes(10 * MB, byte => byte)],
  ['random ASCII', 'yaml/syntax', () => bytes(10 * MB, byte => 32 + (byte % 95))],
  ['random ASCII on lines', 'yaml/syntax', () => bytes(10 * MB, byte => (byte < 6 ? 10 : 32 + (byte % 95)))],
  ['brackets', 'file/too-large', () => '['.repeat(10 * MB)],
  ['fewer brackets', 'yaml/too-deep', () => '['.repeat(4 * MB)],
  ['braces', 'file/too-large', () => '{'.repeat(10 * MB)],
  ['fewer braces', 'yaml/too-deep', () => '{'.repeat(4 * MB)],
  ['closing brackets', 'file/too-large', () => ']'.repeat(10 * MB)],
  ['fewer closing brackets', 'yaml/syntax', () => ']'.repeat(MB / 4)],
  ['pairs of brackets', 'file/too-large', () => `version: 1\nx-a: [${'[],'.repeat(3 * MB)}]`],
  ['colons', 'yaml/syntax', () => ':'.repeat(10 * MB)],
  ['colons on lines', 'file/too-large', () => ':\n'.repeat(5 * MB)],
  ['commas', /^(file\/too-large|yaml\/syntax)$/, () => `[${','.repeat(10 * MB)}`],
  ['dashes', 'file/too-large', () => '- '.repeat(5 * MB)],
  ['fewer dashes', 'yaml/too-deep', () => '- '.repeat(2 * MB)],
  ['quotes', 'file/too-large', () => '"'.repeat(10 * MB)],
  ['backslashes', 'yaml/syntax', () => `"${'\\'.repeat(10 * MB)}`],
  ['tags', /^(file\/too-large|yaml\/syntax)$/, () => '! '.repeat(5 * MB)],
  ['documents', 'file/too-large', () => '---\n'.repeat(2.5 * MB)],
  ['ends of documents', 'file/too-large', () => '...\n'.repeat(2.5 * MB)],
  ['directives', 'file/too-large', () => '%a\n'.repeat(3 * MB)],
  ['fewer directives', 'yaml/syntax', () => '%a\n'.repeat(MB / 4)],
  ['fewer ends of documents', 'file/too-large', () => '...\n'.repeat(MB / 8)],
  ['fewer commas', 'yaml/syntax', () => `[${','.repeat(MB / 4)}`],
  ['fewer tags', 'yaml/syntax', () => '!a '.repeat(MB / 8)],
  ['blanks', 'schema/missing-key', () => ' '.repeat(10 * MB)],
  ['tabs', /^(yaml\/syntax|schema\/missing-key)$/, () => '\t'.repeat(10 * MB)],
  ['carriage returns', 'schema/type', () => '\r'.repeat(10 * MB)],
  ['one word', 'schema/type', () => 'x'.repeat(10 * MB)],
  ['one line of words', 'schema/type', () => 'ab '.repeat(3 * MB)],
  ['one header of a block', 'yaml/syntax', () => '|'.repeat(10 * MB)],
  ['one comment', 'schema/missing-key', () => '#'.repeat(10 * MB)],
]

for (const [name, code, text] of NONSENSE) test(name, () => expectDiagnostic(code, text()))

test('an empty file', () => {
  for (const text of ['', '\n', '---\n', '# nothing\n']) expectDiagnostic('schema/missing-key', text)
})

test.run()
