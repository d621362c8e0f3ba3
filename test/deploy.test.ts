// The files of deploy/: they parse, name what exists, and their scripts do what they say.
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAllDocuments } from 'yaml'

type Mapping = Record<string, unknown>

const ROOT = dirname(import.meta.dirname)
const directory = mkdtempSync(join(tmpdir(), 'bearerd-deploy-'))
const { version } = JSON.parse(read('package.json')) as { version: string }

test.after(() => rmSync(directory, { recursive: true }))

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

function parsed(path: string): Mapping {
  const [document] = parseAllDocuments(read(path), { strict: true })
  assert.ok(document && !('empty' in document) && document.errors.length === 0, path)
  return (document as { toJS(): Mapping }).toJS()
}

test('every YAML file parses without a warning', () => {
  const files = globSync('deploy/**/*.{yaml,yml}', { cwd: ROOT })
  assert.ok(files.length >= 3)
  for (const file of files) {
    const documents = parseAllDocuments(read(file))
    assert.ok(Array.isArray(documents) && documents.length > 0, file)
    for (const { errors, warnings } of documents) assert.equal([...errors, ...warnings], [], file)
  }
})

test('every JSON file parses', () => {
  for (const file of globSync('deploy/**/*.json', { cwd: ROOT })) assert.type(JSON.parse(read(file)), 'object')
})

test('every file stands in a page of docs/', () => {
  const pages = globSync('docs/**/*.md', { cwd: ROOT }).map(read).join()
  for (const file of globSync('deploy/**/*', { cwd: ROOT }).filter(path => statSync(join(ROOT, path)).isFile()))
    assert.ok(pages.includes(`(../${file})`), file)
})

test('versions are that of the package', () => {
  const named = globSync(['deploy/*.yml', 'deploy/pre-commit-config.yaml', 'deploy/github-action/*'], { cwd: ROOT })
  for (const file of [...named, 'docs/ci-and-editors.md']) {
    for (const [, found] of read(file).matchAll(/(?:bearerd@|rev: v|github-action@v)([\d.]+\d)/g))
      assert.is(found, version, file)
  }
})

test('the pre-commit entry uses hooks that exist', () => {
  const ids = (parsed('.pre-commit-hooks.yaml') as unknown as { id: string }[]).map(({ id }) => id)
  const { repos } = parsed('deploy/pre-commit-config.yaml') as { repos: { hooks: { id: string; files?: string }[] }[] }
  for (const { id, files } of repos.flatMap(({ hooks }) => hooks)) {
    assert.ok(ids.includes(id), id)
    if (files) assert.ok(new RegExp(files).test('config/accounts.yaml'))
  }
})

test('the VS Code setting names files of a configuration', () => {
  const { 'yaml.schemas': schemas } = JSON.parse(read('deploy/vscode-settings.json'))
  assert.equal(Object.keys(schemas), ['./bearerd.schema.json'])
  assert.equal(schemas['./bearerd.schema.json'].slice(0, 2), ['services.yaml', 'services.d/**/*.yaml'])
})

const BAD = 'version: 1\nservices:\n  open:\n    account: { authorization: none }\n'

/** A folder with a `bearerd` that is this program; `bin` is where it stands. */
function workplace(name: string, bin: string): { folder: string; bin: string } {
  const folder = join(directory, name)
  mkdirSync(join(folder, bin), { recursive: true })
  const program = `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'src/cli/main.ts')}" "$@"\n`
  writeFileSync(join(folder, bin, 'bearerd'), program, { mode: 0o755 })
  return { folder, bin: join(folder, bin) }
}

function bash(script: string, cwd: string, env: NodeJS.ProcessEnv) {
  const { BEARERD_CONFIG, GITHUB_ACTIONS, ...rest } = process.env
  return spawnSync('bash', ['-eo', 'pipefail', '-c', script], { cwd, encoding: 'utf8', env: { ...rest, ...env } })
}

interface Action {
  inputs: Record<string, { description: string; default: string }>
  runs: { using: string; steps: { run: string; shell: string; env?: Record<string, string> }[] }
}

const action = parsed('deploy/github-action/action.yml') as unknown as Action

test('the GitHub action is composite and leaves inputs to the environment', () => {
  assert.is(action.runs.using, 'composite')
  for (const { run, shell } of action.runs.steps) {
    assert.is(shell, 'bash')
    assert.not.match(run, /\$\{\{/)
  }
  const used = JSON.stringify(action.runs).matchAll(/inputs\.([\w-]+)/g)
  assert.equal([...new Set([...used].map(([, name]) => name))].sort(), Object.keys(action.inputs).sort())
})

test('the GitHub action writes annotations for the paths that it gets', () => {
  const { folder } = workplace('github', 'bearerd/bin')
  writeFileSync(join(folder, 'services.yaml'), BAD)
  writeFileSync(join(folder, 'a good one.yaml'), `${BAD}    serverUrl: https://api.example\n`)
  const run = (env: NodeJS.ProcessEnv) => bash(action.runs.steps.at(-1)!.run, folder, { RUNNER_TEMP: folder, ...env })
  const bad = run({ PATHS: '', STRICT: 'false' })
  assert.is(bad.status, 1, bad.stderr)
  assert.match(bad.stdout, /^::error .*file=services\.yaml.*line=3/m)
  assert.is(run({ PATHS: 'a good one.yaml\n', STRICT: 'true' }).status, 0)
  assert.is(run({ PATHS: 'a good one.yaml\nservices.yaml\n', STRICT: 'false' }).status, 1)
})

test('the GitLab job fails with the problems in its log and in its report', () => {
  const { folder, bin } = workplace('gitlab', 'bin')
  writeFileSync(join(folder, 'services.yaml'), BAD)
  const job = parsed('deploy/gitlab-ci.yml')['bearerd-validate'] as {
    script: string[]
    artifacts: { when: string; reports: { junit: string } }
  }
  const [install, ...script] = job.script
  assert.match(install!, /^npm install --global bearerd@/)
  const { status, stdout } = bash(script.join('\n'), folder, { PATH: `${bin}:${process.env.PATH}` })
  assert.is(status, 1)
  assert.match(stdout, /^services\.yaml:3:3: error: /m)
  assert.is(job.artifacts.when, 'always')
  assert.match(readFileSync(join(folder, job.artifacts.reports.junit), 'utf8'), /<testsuite[\s\S]*<failure/)
})

test.run()
