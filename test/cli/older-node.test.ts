// On the Node of the machine, where that is older than the daemon needs: what runs there, and what is said of the rest.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const ROOT = join(import.meta.dirname, '../..')

test('the package asks for the Node that the program asks for', () => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } }
  assert.is(engines.node, '>=24')
  assert.match(readFileSync(join(ROOT, 'src/cli/program.ts'), 'utf8'), /^const MIN_NODE = 24$/m)
})

/** The first `node` that no package brought. */
function nodeOfTheMachine(): { path: string; major: number } | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(folder => !folder.includes('node_modules'))
  const path = folders.map(folder => join(folder, 'node')).find(existsSync)
  if (path === undefined) return undefined
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  return { path, major: Number.parseInt(stdout.slice(1), 10) }
}

const older = nodeOfTheMachine()
const name = 'on a Node before 24 validate and explain run, and what goes online says what it needs'

if (older && older.major < 24) test(name, () => check(older.path, older.major))
else {
  console.log(`SKIPPED: ${name}: no such Node on this machine`)
  test.skip(name)
}

function check(node: string, major: number): void {
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(node, [join(ROOT, 'dist/cli.js'), ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    return { code: status, stdout, stderr }
  }
  assert.equal(run('validate', 'services.example.yaml'), {
    code: 0,
    stdout: '',
    stderr: '1 file: no problems\n',
  })
  assert.is(run('explain', '-c', 'services.example.yaml', 'contacts').code, 0)
  for (const command of [['run'], ['test'], ['token', 'contacts']]) {
    const { code, stdout, stderr } = run(...command, '-c', 'services.example.yaml')
    assert.equal([code, stdout], [2, ''])
    assert.match(stderr, new RegExp(`^bearerd: \`${command[0]}\` needs Node 24 or newer; this is v${major}\\.`))
  }
}

test.run()
