// The pre-commit hook: what it says of itself, installed as pre-commit does it, and run on the files of a commit with the
// context of the rest. Needs the registry of the tests' own install.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { type InstalledHook, installHook } from './support/hook-install.ts'
import { runCommand } from './support/run-command.ts'

const ROOT = dirname(import.meta.dirname)
const directory = mkdtempSync(join(tmpdir(), 'bearerd-hook-'))
let count = 0

interface Hook {
  id: string
  entry: string
  language: string
  files: string
  types: string[]
  pass_filenames: boolean
  require_serial: boolean
  args?: string[]
}

const hooks = parse(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')) as Hook[]
const hook = hooks[0]!

const ACCOUNTS = `version: 1
accounts:
  crm:
    accessTokenUri: https://login.crm.example/oauth2/token
    clientId: invoices
    clientSecret: { env: CRM_CLIENT_SECRET }
    scope: contacts.read
`
const CONTACTS = `version: 1
services:
  contacts:
    account: crm
    serverUrl: https://api.crm.example
`
const OPEN = `version: 1
services:
  open:
    account: { authorization: none }
    serverUrl: https://api.example
`

function folderOf(files: Record<string, string>): string {
  const folder = join(directory, `repository-${count++}`)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

const about = suite('about')

about('the hook says what pre-commit needs', () => {
  assert.is(hooks.length, 1)
  const { id, entry, language, types, pass_filenames, require_serial } = hook
  assert.equal(
    { id, entry, language, types, pass_filenames, require_serial },
    {
      id: 'bearerd-validate',
      entry: 'bearerd validate',
      language: 'node',
      types: ['yaml'],
      pass_filenames: true,
      require_serial: true,
    },
  )
})

about('it starts for files of a configuration, and for no other', () => {
  const files = new RegExp(hook.files)
  for (const path of ['services.yaml', 'services.yml', 'services.d/a.yaml', 'services.d/x/a.yml', 'shop/services.yaml'])
    assert.ok(files.test(path), path)
  for (const path of ['my-services.yaml', 'services.yaml.bak', 'compose.yaml', 'services.d/key', 'services/a.yaml'])
    assert.not.ok(files.test(path), path)
})

about('npm builds nothing when it installs from Git', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const names = ['preinstall', 'install', 'postinstall', 'prepare', 'prepack', 'prepublish']
  assert.equal(
    names.filter(name => scripts[name]),
    [],
  )
})

about.run()

const context = suite('context')

async function findings(files: Record<string, string>, args: string[]): Promise<string[]> {
  const { stdout, stderr } = await runCommand(['validate', '--format', 'concise', ...args], { cwd: folderOf(files) })
  return `${stdout}${stderr}`.split('\n').filter(line => line !== '')
}

const SPLIT = { 'services.yaml': ACCOUNTS, 'services.d/contacts.yaml': CONTACTS }

context('a file of the configuration is checked with the rest of it', async () => {
  assert.equal(await findings(SPLIT, ['services.d/contacts.yaml']), [])
  assert.equal(await findings(SPLIT, ['services.yaml']), [])
  assert.equal(await findings(SPLIT, ['./services.d/contacts.yaml', 'services.yaml']), [])
})

context('below a folder too, and by an absolute path', async () => {
  const files = { 'shop/services.d/accounts.yaml': ACCOUNTS, 'shop/services.d/eu/contacts.yaml': CONTACTS }
  assert.equal(await findings(files, ['shop/services.d/eu/contacts.yaml']), [])
  const folder = folderOf(files)
  const { code } = await runCommand(['validate', join(folder, 'shop/services.d/eu/contacts.yaml')])
  assert.is(code, 0)
})

context('a problem that the change makes elsewhere is told there', async () => {
  const renamed = { ...SPLIT, 'services.yaml': ACCOUNTS.replace('crm:', 'crm-eu:') }
  const found = await findings(renamed, ['services.yaml'])
  assert.is(found.length, 2)
  assert.match(found[0]!, /^services\.d\/contacts\.yaml:4:14: error: .*\[reference\/unknown-account\]$/)
})

context('folders, -c and other files are taken as they are', async () => {
  for (const args of [
    ['services.d'],
    ['-c', 'services.d/contacts.yaml'],
    ['-c', 'services.d', 'services.d/contacts.yaml'],
  ])
    assert.match((await findings(SPLIT, args)).join('\n'), /unknown-account/, args.join(' '))
  assert.equal(await findings({ ...SPLIT, 'other.yaml': OPEN, 'services.d/bad.yaml': 'x: [' }, ['other.yaml']), [])
})

context('-c adds the rest to files of any name', async () => {
  const files = { 'config/a.yaml': ACCOUNTS, 'config/b.yaml': CONTACTS }
  assert.equal(await findings(files, ['-c', 'config/', 'config/b.yaml']), [])
  assert.match((await findings(files, ['config/b.yaml'])).join('\n'), /unknown-account/)
})

context.run()

const installed = suite('installed')
let bearerd: InstalledHook

installed.before(() => {
  bearerd = installHook(directory)
})
installed.after(() => rmSync(directory, { recursive: true }))

/** As pre-commit calls it: entry, args, then the names of the changed files. */
function runHook(files: Record<string, string>, changed: readonly string[], args = hook.args ?? []) {
  const [command, ...rest] = hook.entry.split(' ') as [string, ...string[]]
  const selected = changed.filter(path => new RegExp(hook.files).test(path) || args.includes('-c'))
  assert.equal(selected, changed, 'the hook starts')
  return bearerd.run(command, [...rest, ...args, ...selected], folderOf(files))
}

installed('only what it needs at run time, on the Node of the machine', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const own = join(bearerd.packages, 'bearerd/node_modules')
  const packages = [...readdirSync(bearerd.packages), ...(existsSync(own) ? readdirSync(own) : [])]
  assert.ok(packages.includes('bearerd') && packages.includes('handlebars'), packages.join())
  assert.equal(
    packages.filter(name => ['typescript', 'esbuild', 'node', 'uvu'].includes(name) && devDependencies[name]),
    [],
  )
  assert.match(bearerd.nodeVersion, /^v(2[0-9]|[3-9][0-9])\./)
})

installed('a good file: 0', () => {
  const { code, stdout, stderr } = runHook({ 'services.yaml': OPEN }, ['services.yaml'])
  assert.equal([code, stdout, stderr], [0, '', '1 file: no problems\n'])
})

installed('a bad file: 1, at its line', () => {
  const bad = OPEN.replace('serverUrl', 'serverUlr')
  const { code, stdout } = runHook({ 'services.yaml': bad }, ['services.yaml'])
  assert.is(code, 1)
  assert.match(stdout, /^services\.yaml:5:5: error: unknown key `serverUlr` \[schema\/unknown-key\]\n/)
})

installed('a definition refers to an account in a file that has not changed', () => {
  const { code, stdout, stderr } = runHook(SPLIT, ['services.d/contacts.yaml'])
  assert.equal([code, stdout, stderr], [0, '', '2 files: no problems\n'])
})

installed('templates, which need a package, and a configuration elsewhere by args', () => {
  const templated = ACCOUNTS.replace('login.', 'login.{{vars.region}}.').replace(
    'accounts:',
    'vars: { region: eu }\naccounts:',
  )
  const files = { 'config/a.yaml': templated, 'config/b.yaml': CONTACTS }
  const { code, stdout, stderr } = runHook(files, ['config/b.yaml'], ['-c', 'config/'])
  assert.equal([code, stdout, stderr], [0, '', '2 files: no problems\n'])
})

installed('the schema is there', () => {
  const { code, stdout } = bearerd.run('bearerd', ['schema'], directory)
  assert.is(code, 0)
  assert.is(stdout, readFileSync(join(ROOT, 'schema/bearerd.schema.json'), 'utf8'))
})

installed.run()
