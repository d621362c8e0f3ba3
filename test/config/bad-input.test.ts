// Texts that are no configuration: 4 MB of nonsense of many kinds, the size of ten thousand services. Each gives a diagnostic, no exception, in bounded time,
// and output that a terminal survives. Generated here rather than stored.
import { test } from 'uvu'
import { decode } from '../../src/config/read.ts'
import { expectDiagnostic, MB, random } from './support.ts'

function bytes(length: number, map: (byte: number) => number): string {
  const next = random(length)
  return decode(Uint8Array.from({ length }, () => map(Math.floor(next() * 256))))
}

const NONSENSE: [name: string, code: string | RegExp, text: () => string][] = [
  ['random bytes', 'yaml/syntax', () => bytes(4 * MB, byte => byte)],
  ['random ASCII', /^(yaml\/syntax|schema\/type)$/, () => bytes(4 * MB, byte => 32 + (byte % 95))],
  ['random ASCII on lines', 'yaml/syntax', () => bytes(4 * MB, byte => (byte < 6 ? 10 : 32 + (byte % 95)))],
  ['brackets', 'yaml/too-deep', () => '['.repeat(4 * MB)],
  ['braces', 'yaml/too-deep', () => '{'.repeat(4 * MB)],
  ['closing brackets', 'yaml/syntax', () => ']'.repeat(4 * MB)],
  ['pairs of brackets', 'file/too-large', () => `version: 1\nx-a: [${'[],'.repeat(MB)}]`],
  ['colons', 'yaml/syntax', () => ':'.repeat(4 * MB)],
  ['colons on lines', 'file/too-large', () => ':\n'.repeat(2 * MB)],
  ['commas', 'file/too-large', () => `[${','.repeat(4 * MB)}`],
  ['fewer commas', 'yaml/syntax', () => `[${','.repeat(MB / 16)}`],
  ['dashes', 'yaml/too-deep', () => '- '.repeat(2 * MB)],
  ['quotes', 'file/too-large', () => '"'.repeat(4 * MB)],
  ['backslashes', 'yaml/syntax', () => `"${'\\'.repeat(4 * MB)}`],
  ['tags', 'file/too-large', () => '! '.repeat(2 * MB)],
  ['fewer tags', 'yaml/syntax', () => '!a '.repeat(MB / 32)],
  ['documents', 'file/too-large', () => '---\n'.repeat(MB)],
  ['ends of documents', 'file/too-large', () => '...\n'.repeat(MB)],
  ['directives', 'yaml/syntax', () => '%a\n'.repeat(MB)],
  ['larger than any', 'file/too-large', () => 'x'.repeat(6 * MB)],
  ['blanks', 'schema/missing-key', () => ' '.repeat(4 * MB)],
  ['tabs', /^(yaml\/syntax|schema\/missing-key)$/, () => '\t'.repeat(4 * MB)],
  ['carriage returns', 'schema/type', () => '\r'.repeat(4 * MB)],
  ['one word', 'schema/type', () => 'x'.repeat(4 * MB)],
  ['one line of words', 'schema/type', () => 'ab '.repeat(MB)],
  ['one header of a block', 'yaml/syntax', () => '|'.repeat(4 * MB)],
  ['one comment', 'schema/missing-key', () => '#'.repeat(4 * MB)],
]

for (const [name, code, text] of NONSENSE) test(name, () => expectDiagnostic(code, text()))

test('an empty file', () => {
  for (const text of ['', '\n', '---\n', '# nothing\n']) expectDiagnostic('schema/missing-key', text)
})

test.run()
