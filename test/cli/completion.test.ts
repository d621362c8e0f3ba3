// The completion scripts at work: bash for real, fish for real and zsh by its own check where they are installed.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMMANDS } from '../../src/cli/command-table.ts'
import { runCommand } from '../support/run-command.ts'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')
const FOLDER = mkdtempSync(join(tmpdir(), 'bearerd-completion-'))
const SERVICE = { account: { authorization: 'none' }, serverUrl: 'https://api.example' }

/** A program `bearerd` for the shells, and two configurations. */
function prepare(): void {
  mkdirSync(join(FOLDER, 'bin'))
  writeFileSync(join(FOLDER, 'bin/bearerd'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`)
  chmodSync(join(FOLDER, 'bin/bearerd'), 0o755)
  const services = { contacts: SERVICE, 'contacts-archive': SERVICE, weather: SERVICE }
  const actions = { 'archive-invoice': {}, note: {} }
  writeFileSync(join(FOLDER, 'services.yaml'), JSON.stringify({ version: 1, services, actions }))
  writeFileSync(join(FOLDER, 'other file.yaml'), JSON.stringify({ version: 1, services: { other: SERVICE } }))
}

prepare()
test.after(() => rmSync(FOLDER, { recursive: true }))

const ENV = { ...process.env, PATH: `${join(FOLDER, 'bin')}:${process.env.PATH}`, BEARERD_CONFIG: '', HOME: FOLDER }

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['--version']).error === undefined
}

async function scriptOf(shell: string): Promise<string> {
  const written = join(FOLDER, `script.${shell}`)
  if (existsSync(written)) return written
  const { code, stdout, stderr } = await runCommand(['completion', shell])
  assert.equal([code, stderr], [0, ''])
  writeFileSync(written, stdout)
  return written
}

function runShell(shell: string, script: string, args: readonly string[] = []): string {
  const { status, stdout, stderr } = spawnSync(shell, ['-c', script, shell, ...args], {
    cwd: FOLDER,
    env: ENV,
    encoding: 'utf8',
  })
  assert.equal([status, stderr], [0, ''])
  return stdout
}

/** Words as bash splits them (`=` is a word of its own); the last one is being typed. */
async function bash(...words: string[]): Promise<string[]> {
  const script = `source '${await scriptOf('bash')}'
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _bearerd; for reply in "\${COMPREPLY[@]}"; do echo "$reply"; done`
  return runShell('bash', script, ['bearerd', ...words])
    .split('\n')
    .slice(0, -1)
}

test('bash: commands, all but the hidden one', async () => {
  const visible = COMMANDS.filter(({ hidden }) => !hidden).map(({ name }) => name)
  assert.equal(await bash(''), [...visible, 'help'])
  assert.equal(await bash('exp'), ['explain'])
  assert.equal(await bash('-'), ['-h', '--help', '-V', '--version'])
})

test('bash: flags and their choices', async () => {
  for (const { name, options, hidden } of COMMANDS) {
    if (hidden) continue
    const offered = await bash(name, '-')
    for (const { short, long } of options)
      for (const flag of [short, long])
        assert.ok(flag === undefined || flag === null || offered.includes(flag), `${name} ${flag}`)
    for (const { long, argChoices } of options)
      if (argChoices && long) assert.equal(await bash(name, long, '=', ''), argChoices, `${name} ${long}`)
  }
  assert.equal(await bash('explain', '--format', ''), ['text', 'json', 'mermaid'])
  assert.equal(await bash('explain', 'contacts', '--format', 'm'), ['mermaid'])
  assert.equal(await bash('graph', '--format', '='), ['mermaid', 'dot', 'svg'])
  assert.equal(await bash('validate', '--color', '=', 'a'), ['always', 'auto'])
})

test('bash: names of services', async () => {
  assert.equal(await bash('token', ''), ['contacts', 'contacts-archive', 'weather'])
  assert.equal(await bash('explain', 'cont'), ['contacts', 'contacts-archive'])
  assert.equal(await bash('token', '--format', 'json', 'w'), ['weather'])
  assert.equal(await bash('call', '-H', 'a: b', 'w'), ['weather'])
  assert.equal(await bash('call', 'weather', ''), [], 'a path of a URL')
  assert.equal(await bash('explain', '-c', 'other file.yaml', ''), ['other'])
  assert.equal(await bash('explain', '--config', '=', 'other file.yaml', ''), ['other'])
  assert.equal(await bash('explain', '-c', 'gone.yaml', ''), [])
})

test('bash: names of actions, and of either', async () => {
  assert.equal(await bash('deliver', ''), ['archive-invoice', 'note'])
  assert.equal(await bash('deliver', 'note', 'oth'), ['other file.yaml'])
  assert.equal(await bash('explain', ''), ['archive-invoice', 'contacts', 'contacts-archive', 'note', 'weather'])
})

test('bash: files', async () => {
  assert.equal(await bash('validate', 'serv'), ['services.yaml'])
  assert.equal(await bash('validate', 'services.yaml', 'other'), ['other file.yaml'])
  assert.equal(await bash('graph', '-c', 'oth'), ['other file.yaml'])
  assert.equal(await bash('explain', '--diff', 'oth'), ['other file.yaml'])
  assert.equal(await bash('explain', '--diff', 'services.yaml', 'oth'), ['other file.yaml'])
  assert.equal(await bash('explain', '--diff', 'services.yaml', 'x', '--format', 'j'), ['json'])
})

test('bash: words of an argument', async () => {
  assert.equal(await bash('completion', ''), ['bash', 'zsh', 'fish'])
  assert.equal(await bash('nothing-like-this', ''), [])
})

test('fish: commands, flags, choices, services and files', async () => {
  if (!isInstalled('fish')) return
  const script = await scriptOf('fish')
  const fish = (line: string) => {
    const output = runShell('fish', `source '${script}'; complete -C '${line}'`)
    return output
      .split('\n')
      .slice(0, -1)
      .map(reply => reply.split('\t')[0]!)
  }
  assert.equal(fish('bearerd expl'), ['explain'])
  assert.equal(fish('bearerd explain cont').sort(), ['contacts', 'contacts-archive'])
  assert.equal(fish('bearerd deliver n'), ['note'])
  assert.equal(fish('bearerd explain --format ').sort(), ['json', 'mermaid', 'text'])
  assert.equal(fish('bearerd explain --format=m'), ['--format=mermaid'])
  assert.equal(fish('bearerd explain -c other\\ file.yaml '), ['other'])
  assert.ok(fish('bearerd graph --').includes('--format'))
  assert.equal(fish('bearerd graph -c serv'), ['services.yaml'])
  assert.equal(fish('bearerd explain --diff services.yaml oth'), ['other file.yaml'])
  assert.equal(fish('bearerd completion ').sort(), ['bash', 'fish', 'zsh'])
})

test('zsh: the script is read without an error and registers itself', async () => {
  if (!isInstalled('zsh')) return
  const script = await scriptOf('zsh')
  assert.is(runShell('zsh', `zsh -n '${script}'`), '')
  const registered = runShell('zsh', `autoload -Uz compinit; compinit -D -u; source '${script}'; echo $_comps[bearerd]`)
  assert.is(registered, '_bearerd\n')
})

test('names are printed whatever is wrong with the configuration, and nothing else', async () => {
  const names = async (text: string) => {
    writeFileSync(join(FOLDER, 'wrong.yaml'), text)
    const { code, stdout, stderr } = await runCommand(['__complete', 'services', '-c', 'wrong.yaml'], { cwd: FOLDER })
    assert.equal([code, stderr], [0, ''])
    return stdout
  }
  assert.is(await names('services:\n  b: { nonsense: 1 }\n  a:\n'), 'a\nb\n')
  assert.is(await names('services:\n  a: {}\n  x-mine: {}\n  "$(touch gone)": {}\n  "a b": {}\n'), 'a\n')
  assert.is(await names('services: ['), '')
  assert.is(await names('services: [a]'), '')
  assert.is(await names('\u0000'), '')
  for (const text of ['', '- 1', 'null', '"services"']) assert.is(await names(text), '')
})

test('without a configuration there are no names and no error', async () => {
  const { code, stdout, stderr } = await runCommand(['__complete', 'services'], { cwd: join(FOLDER, 'bin') })
  assert.equal([code, stdout, stderr], [0, '', ''])
})

test('a shell that is none is wrong usage, and the hidden command is not in the help', async () => {
  const { code, stdout, stderr } = await runCommand(['completion', 'tcsh'])
  assert.equal([code, stdout], [2, ''])
  assert.match(stderr, /Allowed choices are bash, zsh, fish/)
  assert.not.match((await runCommand(['--help'])).stdout, '__complete')
})

test.run()
