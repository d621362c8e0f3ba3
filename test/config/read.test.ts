// Paths to sources: files, folders, globs, encodings, and what cannot be read.
import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { decode, readSources } from '../../src/config/read.ts'

const test = suite('read', { folder: '' })

test.before(async context => {
  context.folder = await mkdtemp(join(tmpdir(), 'bearerd-read-'))
  await chmod(context.folder, 0o755)
  for (const folder of [
    'services.d',
    'services.d/below',
    'links.d',
    'closed.d',
    'closed.d/below',
    'empty',
    'node_modules',
  ]) {
    await mkdir(join(context.folder, folder))
  }
  for (const file of ['b.yaml', 'a.yml', 'c.YAML', 'notes.txt', '.swap.yaml', 'below/d.yaml']) {
    await writeFile(join(context.folder, 'services.d', file), `# ${file}\n`)
  }
  await writeFile(join(context.folder, 'services.yaml'), 'version: 1\n')
  await writeFile(join(context.folder, 'odd[1].yaml'), 'version: 1\n')
  await writeFile(join(context.folder, 'node_modules/x.yaml'), 'version: 1\n')
  await writeFile(join(context.folder, 'large.yaml'), '')
  await truncate(join(context.folder, 'large.yaml'), 5 * 1024 * 1024 + 1)
  // Of holes alone; Node reads no file of this size.
  await writeFile(join(context.folder, 'huge.yaml'), '')
  await truncate(join(context.folder, 'huge.yaml'), 3 * 1024 ** 3)
  await symlink('loop', join(context.folder, 'loop'))
  await symlink('services.d/b.yaml', join(context.folder, 'link.yaml'))
  await symlink('nowhere', join(context.folder, 'links.d/dangling.yaml'))
  await symlink('itself.yaml', join(context.folder, 'links.d/itself.yaml'))
  await symlink('nowhere', join(context.folder, 'links.d/notes.txt'))
  await symlink('../services.yaml', join(context.folder, 'links.d/services.yaml'))
  for (const file of ['a.yaml', 'b.yaml', 'below/c.yaml']) await writeFile(join(context.folder, 'closed.d', file), '')
})

test.after(context => rm(context.folder, { recursive: true }))

const FILES: [paths: string[], files: string[]][] = [
  [['services.yaml'], ['services.yaml']],
  [['./services.yaml', 'services.yaml'], ['services.yaml']],
  [['services.d'], ['services.d/a.yml', 'services.d/b.yaml', 'services.d/below/d.yaml', 'services.d/c.YAML']],
  [['services.d/'], ['services.d/a.yml', 'services.d/b.yaml', 'services.d/below/d.yaml', 'services.d/c.YAML']],
  [['services.d/[a-c].yaml'], ['services.d/b.yaml']],
  [['services.d/**/[a-d].yaml'], ['services.d/b.yaml', 'services.d/below/d.yaml']],
  [['services.d/{a,b}.*'], ['services.d/a.yml', 'services.d/b.yaml']],
  [
    ['services.yaml', 'services.d/b.yaml'],
    ['services.yaml', 'services.d/b.yaml'],
  ],
  [
    ['services.d/b.yaml', 'services.yaml'],
    ['services.d/b.yaml', 'services.yaml'],
  ],
  [['services.d/notes.txt'], ['services.d/notes.txt']],
  [['odd[1].yaml'], ['odd[1].yaml']],
  [['link.yaml'], ['link.yaml']],
]

test('files, folders and globs', async ({ folder }) => {
  for (const [paths, files] of FILES) {
    const { sources, diagnostics } = await readSources(paths, folder)
    assert.equal([sources.map(({ file }) => file), diagnostics], [files, []], paths.join(' '))
  }
})

test('a source has its text, its absolute path, and a name relative to the working folder', async ({ folder }) => {
  const [read] = (await readSources([join(folder, 'services.yaml')], folder)).sources
  assert.equal(read, { path: join(folder, 'services.yaml'), file: 'services.yaml', text: 'version: 1\n' })
  const [outside] = (await readSources([join(folder, 'services.yaml')], join(folder, 'empty'))).sources
  assert.is(outside!.file, join(folder, 'services.yaml'))
})

/** Root may read everything. */
async function withoutRights<T>(run: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return run()
  process.seteuid!(65_534)
  try {
    return await run()
  } finally {
    process.seteuid!(0)
  }
}

const PROBLEMS: [path: string, code: string, message: RegExp, hint?: RegExp][] = [
  ['nothing.yaml', 'file/not-found', /^no such file or folder$/],
  ['servces.yaml', 'file/not-found', /^no such file or folder$/, /`services\.yaml`/],
  ['services.d/bb.yaml', 'file/not-found', /./, /`b\.yaml`|`services\.d\/b\.yaml`/],
  ['services.yaml/below', 'file/not-found', /./],
  ['nowhere/a.yaml', 'file/not-found', /./],
  ['services.d/*.json', 'file/not-found', /./],
  ['empty', 'file/empty-folder', /no \.yaml or \.yml/],
  ['large.yaml', 'file/too-large', /5 MiB/, /split/],
  ['huge.yaml', 'file/too-large', /5 MiB/, /split/],
  ['loop', 'file/unreadable', /leads to itself/, /remove/],
  ['links.d/dangl*.yaml', 'file/unreadable', /leads nowhere/, /link/],
]

test('what cannot be read is a diagnostic at the first line, and the rest is read', async ({ folder }) => {
  for (const [path, code, message, hint] of PROBLEMS) {
    const { sources, diagnostics } = await readSources([path, 'services.yaml'], folder)
    assert.equal(
      sources.map(({ file }) => file),
      ['services.yaml'],
      path,
    )
    const severity = code === 'file/empty-folder' ? 'warning' : 'error'
    assert.equal([diagnostics.length, diagnostics[0]!.code, diagnostics[0]!.severity], [1, code, severity], path)
    assert.equal(diagnostics[0]!.range.start, { line: 1, column: 1 })
    assert.match(diagnostics[0]!.message, message)
    if (hint) assert.match(diagnostics[0]!.hint!, hint)
  }
})

test('in a folder too, each by its name', async ({ folder }) => {
  const { sources, diagnostics } = await readSources(['links.d'], folder)
  assert.equal(
    sources.map(({ file }) => file),
    ['links.d/services.yaml'],
  )
  assert.equal(
    diagnostics.map(({ code, file }) => `${file} ${code}`),
    ['links.d/dangling.yaml file/unreadable', 'links.d/itself.yaml file/unreadable'],
  )
})

test('a file and a folder without permission leave the rest of their folder', async ({ folder }) => {
  const closed = ['closed.d/a.yaml', 'closed.d/below'].map(name => join(folder, name))
  for (const path of closed) await chmod(path, 0)
  const { sources, diagnostics } = await withoutRights(() => readSources(['closed.d'], folder))
  for (const path of closed) await chmod(path, 0o700)
  assert.equal(
    sources.map(({ file }) => file),
    ['closed.d/b.yaml'],
  )
  assert.equal(diagnostics.map(({ file, message }) => `${file} ${message}`).sort(), [
    'closed.d/a.yaml cannot be read: permission denied',
    'closed.d/below cannot be read: permission denied',
  ])
})

test('all paths that cannot be read are told', async ({ folder }) => {
  const { diagnostics } = await readSources(
    PROBLEMS.map(([path]) => path),
    folder,
  )
  assert.is(diagnostics.length, PROBLEMS.length)
})

test('encodings', () => {
  const text = 'ä: 😀\n'
  const utf16 = Buffer.from(text, 'utf16le')
  assert.is(decode(Buffer.from(text)), text)
  assert.is(decode(Buffer.from(`\ufeff${text}`)), text)
  assert.is(decode(Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])), text)
  assert.is(decode(Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()])), text)
  assert.is(decode(Buffer.from([0x61, 0xff, 0x62])), 'a\ufffdb')
  assert.is(decode(Buffer.from([])), '')
})

test.run()
