// The hook as pre-commit gets it: a Git clone of a committed copy of this work tree, installed by pre-commit's own command
// (its languages/node.py) into an empty folder, with the machine's Node and without the environment of an outer npm.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

export interface Ending {
  code: number | null
  stdout: string
  stderr: string
}

export interface InstalledHook {
  /** The folder that the packages were installed to. */
  packages: string
  nodeVersion: string
  run(command: string, args: readonly string[], cwd: string): Ending
}

const ROOT = join(import.meta.dirname, '../..')
const NOT_COPIED = new Set(['.git', '.bench', 'node_modules', 'coverage'])
const LIMIT_MS = 150_000

export function installHook(directory: string): InstalledHook {
  const [origin, clone, prefix] = ['origin', 'clone', 'env'].map(name => join(directory, name)) as [
    string,
    string,
    string,
  ]
  const environment = hookEnvironment(prefix)
  const run = (command: string, args: readonly string[], cwd: string): Ending => {
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd,
      env: environment,
      encoding: 'utf8',
      timeout: LIMIT_MS,
    })
    return { code: status, stdout: stdout ?? '', stderr: `${stderr ?? ''}${error ? `\n${error}` : ''}` }
  }
  const mustRun = (command: string, args: readonly string[], cwd: string): string => {
    const { code, stdout, stderr } = run(command, args, cwd)
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`)
    return stdout
  }
  copyWorkTree(origin)
  mustRun('git', ['init', '--quiet'], origin)
  mustRun('git', ['add', '--all'], origin)
  mustRun('git', [...AUTHOR, 'commit', '--quiet', '--message', 'work tree'], origin)
  mustRun('git', ['clone', '--quiet', origin, clone], directory)
  mkdirSync(prefix)
  mustRun('npm', ['install', '--allow-git=root', '--install-links', '-g', `git+file://${clone}`], clone)
  const nodeVersion = mustRun('node', ['--version'], directory).trim()
  return { packages: join(prefix, 'lib/node_modules'), nodeVersion, run }
}

const AUTHOR = ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgSign=false']

function copyWorkTree(target: string): void {
  const filter = (path: string) => dirname(path) !== ROOT || !NOT_COPIED.has(path.slice(ROOT.length + 1))
  cpSync(ROOT, target, { recursive: true, filter, verbatimSymlinks: true })
}

/** As pre-commit sets it, and patience with a registry that is away shorter than the test's. */
function hookEnvironment(prefix: string): NodeJS.ProcessEnv {
  const outer =
    /^(npm_(package|lifecycle|command|execpath|node_execpath|config_.*prefix|config_.*config)|INIT_CWD|NODE_)/i
  const kept = Object.entries(process.env).filter(([name]) => !outer.test(name) || name === 'NODE_EXTRA_CA_CERTS')
  const { NO_COLOR, FORCE_COLOR, BEARERD_CONFIG, GITHUB_ACTIONS, ...rest } = Object.fromEntries(kept)
  const installed = (rest.PATH ?? '').split(delimiter).filter(path => !path.includes('node_modules'))
  return {
    ...rest,
    PATH: [join(prefix, 'bin'), ...machineNode(), ...installed].join(delimiter),
    NPM_CONFIG_PREFIX: prefix,
    npm_config_prefix: prefix,
    NODE_PATH: join(prefix, 'lib/node_modules'),
    npm_config_fetch_retries: '1',
  }
}

/** The folder of /usr/bin/node when it is older than what the daemon asks for; else Node is found as always. */
function machineNode(): string[] {
  if (!existsSync('/usr/bin/node')) return [dirname(process.execPath)]
  const { stdout } = spawnSync('/usr/bin/node', ['--version'], { encoding: 'utf8' })
  return Number(/^v(\d+)/.exec(stdout)?.[1]) < 24 ? ['/usr/bin'] : [dirname(process.execPath)]
}
