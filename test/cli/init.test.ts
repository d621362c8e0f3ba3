// `bearerd init`: what it writes is valid, and what is there is left alone.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { runCommand } from '../support/run-command.ts'

const SCHEMA = JSON.parse(readFileSync(join(import.meta.dirname, '../../schema/bearerd.schema.json'), 'utf8')) as {
  $id: string
}
const FILES = ['services.yaml', '.vscode/settings.json', '.pre-commit-config.yaml']

let folder = ''
test.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'bearerd-init-'))
})
test.after.each(() => rmSync(folder, { recursive: true }))

function read(path: string): string {
  return readFileSync(join(folder, path), 'utf8')
}

test('an empty folder gets three files, and `validate --strict` has nothing to say', async () => {
  const { code, stdout, stderr } = await runCommand(['init'], { cwd: folder })
  assert.equal([code, stderr], [0, ''])
  for (const file of FILES) assert.match(stdout, `wrote ${file}: `)
  assert.match(stdout, /\nNext:\n/)
  const checked = await runCommand(['validate', '--strict'], { cwd: folder })
  assert.equal([checked.code, checked.stdout, checked.stderr], [0, '', '1 file: no problems\n'])
})

test('through the script of a checkout it writes where the user stands, and through any other where it runs', async () => {
  mkdirSync(join(folder, 'checkout'))
  const env = { INIT_CWD: folder, npm_lifecycle_event: 'bearerd' }
  await runCommand(['init'], { cwd: join(folder, 'checkout'), env })
  assert.equal([existsSync(join(folder, FILES[0]!)), existsSync(join(folder, 'checkout', FILES[0]!))], [true, false])
  await runCommand(['init'], { cwd: join(folder, 'checkout'), env: { ...env, npm_lifecycle_event: 'setup' } })
  assert.ok(existsSync(join(folder, 'checkout', FILES[0]!)))
})

test('the schema is named by its own address', async () => {
  await runCommand(['init'], { cwd: folder })
  assert.is(read('services.yaml').split('\n')[0], `# yaml-language-server: $schema=${SCHEMA.$id}`)
  assert.equal(JSON.parse(read('.vscode/settings.json')), {
    'yaml.schemas': { [SCHEMA.$id]: ['services.yaml', 'services.d/**/*.yaml'] },
  })
})

test('a schema file beside is named by its path', async () => {
  mkdirSync(join(folder, 'schema'))
  writeFileSync(join(folder, 'schema/bearerd.schema.json'), '{}')
  await runCommand(['init'], { cwd: folder })
  assert.match(read('services.yaml'), /^# yaml-language-server: \$schema=\.\/schema\/bearerd\.schema\.json\n/)
  assert.match(read('.vscode/settings.json'), './schema/bearerd.schema.json')
})

test('the pre-commit entry has the hook and its files', async () => {
  await runCommand(['init'], { cwd: folder })
  const { repos } = parse(read('.pre-commit-config.yaml')) as { repos: { hooks: Record<string, unknown>[] }[] }
  const [hook] = repos[0]!.hooks
  assert.equal([hook!.id, hook!.entry, hook!.pass_filenames], ['bearerd-validate', 'bearerd validate', false])
  const files = new RegExp(String(hook!.files))
  for (const path of ['services.yaml', 'services.d/crm.yaml', 'services.d/a/b.yml']) assert.ok(files.test(path), path)
  for (const path of ['docker-services.yaml', 'services.yaml.bak', 'services.d/README.md'])
    assert.not.ok(files.test(path))
})

test('the examples of the help fit the file: its service can be explained and drawn', async () => {
  await runCommand(['init'], { cwd: folder })
  for (const args of [['explain', 'contacts'], ['graph']]) assert.is((await runCommand(args, { cwd: folder })).code, 0)
})

test('what is there stays as it is and is named, with what to add', async () => {
  mkdirSync(join(folder, '.vscode'))
  for (const file of FILES) writeFileSync(join(folder, file), `# mine: ${file}\n`)
  const { code, stdout } = await runCommand(['init'], { cwd: folder })
  assert.is(code, 0)
  for (const file of FILES) {
    assert.is(read(file), `# mine: ${file}\n`)
    assert.match(stdout, `left ${file} as it is; add `)
  }
  assert.match(stdout, `    # yaml-language-server: $schema=${SCHEMA.$id}\n`)
  assert.match(stdout, `    "yaml.schemas": {"${SCHEMA.$id}":`)
  assert.match(stdout, '      - id: bearerd-validate\n')
})

test('the second time there is nothing to add', async () => {
  await runCommand(['init'], { cwd: folder })
  const before = FILES.map(read)
  const { code, stdout } = await runCommand(['init'], { cwd: folder })
  assert.is(code, 0)
  assert.equal(FILES.map(read), before)
  for (const file of FILES) assert.match(stdout, `left ${file} as it is: it has its entry already\n`)
})

test('a folder services.d is a configuration already', async () => {
  mkdirSync(join(folder, 'services.d'))
  const { stdout } = await runCommand(['init'], { cwd: folder })
  assert.match(stdout, 'left services.d as it is; add ')
  assert.not.ok(existsSync(join(folder, 'services.yaml')))
})

test('a link that leads nowhere is not followed', async () => {
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'services.yaml'))
  const { code, stderr } = await runCommand(['init'], { cwd: folder })
  assert.is(code, 3)
  assert.match(stderr, 'services.yaml cannot be written: EEXIST')
  assert.not.ok(existsSync(join(folder, 'elsewhere')))
})

test('a file in the way of a folder is an error without a stack', async () => {
  writeFileSync(join(folder, '.vscode'), '')
  const { code, stderr } = await runCommand(['init'], { cwd: folder })
  assert.is(code, 3)
  assert.match(stderr, /^bearerd: \.vscode\/settings\.json cannot be written: E[A-Z]+\n$/)
})

test('nothing is ever forced', async () => {
  const { code } = await runCommand(['init', '--force'], { cwd: folder })
  assert.is(code, 2)
  assert.equal(
    FILES.filter(file => existsSync(join(folder, file))),
    [],
  )
})

test.run()
