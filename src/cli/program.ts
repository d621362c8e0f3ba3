// Commands, flags and help. Each command's code is loaded when it runs.
import { Command, CommanderError } from 'commander'
import { VERSION } from '../base/version.ts'
import { COMMANDS, type CommandDefinition } from './command-table.ts'
import { CommandError, chooseColor, EXIT, say, stdout } from './output.ts'

/** Sets the exit code; never throws. */
export async function run(argv: readonly string[]): Promise<void> {
  try {
    process.exitCode = EXIT.ok
    const given = withColorValue(commandFirst(argv.slice(2)))
    await buildProgram(given[0]).parseAsync(given, { from: 'user' })
  } catch (error) {
    process.exitCode = await exitCodeFor(error)
  }
}

/** What every command takes may stand before its name too. */
function commandFirst(given: readonly string[]): string[] {
  let name = 0
  while (/^(-c|--config|--color)/.test(given[name] ?? '')) name += isWhole(given, name) ? 1 : 2
  return [...given.slice(name, name + 1), ...given.slice(0, name), ...given.slice(name + 1)]
}

/** Whether this option has its value in it, or none. */
function isWhole(given: readonly string[], at: number): boolean {
  if (given[at] === '--color') return !['always', 'never', 'auto'].includes(given[at + 1] ?? '')
  return given[at] !== '-c' && given[at] !== '--config'
}

/** `--color` alone is `--color=always`, and takes no path behind it for its value. */
function withColorValue(argv: readonly string[]): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length
  const isAlone = (at: number) => at < end && isWhole(argv, at)
  return argv.map((argument, at) => (argument === '--color' && isAlone(at) ? '--color=always' : argument))
}

/** With the named command alone, where there is one: help and suggestions want all, and each costs time at every start. */
function buildProgram(name: string | undefined): Command {
  const program = new Command('bearerd')
    .description(
      'Compiles YAML definitions of HTTP services and their OAuth 2.0 accounts, and keeps their credentials fresh.',
    )
    .version(VERSION, '-V, --version', 'print the version')
    .configureOutput({ writeOut: text => void stdout().write(text) })
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      '\nExamples:\n  $ bearerd validate services.yaml\n  $ bearerd run -c services.yaml\n  $ curl http://127.0.0.1:7117/v1/services/contacts/authorization\n',
    )
  const named = COMMANDS.filter(definition => definition.name === name)
  for (const definition of named.length > 0 ? named : COMMANDS) addCommand(program, definition)
  return program
}

function addCommand(program: Command, definition: CommandDefinition): void {
  const words = definition.arguments ? `${definition.name} ${definition.arguments}` : definition.name
  const command = program.command(words, { hidden: definition.hidden ?? false })
  if (definition.choices) command.registeredArguments[0]?.choices([...definition.choices])
  command.summary(definition.summary).description(definition.summary)
  for (const option of definition.options) command.addOption(option)
  command.addHelpText('after', `\nExamples:\n${definition.examples.map(example => `  $ ${example}\n`).join('')}`)
  command.action(async (...given: unknown[]) => {
    if (definition.online) requireNode(definition.name)
    chooseColor(command.opts().color)
    const execute = (await definition.load()) as (...values: unknown[]) => Promise<number>
    process.exitCode = await execute(...given.slice(0, -1))
  })
}

const MIN_NODE = 24

function requireNode(command: string): void {
  if (Number.parseInt(process.versions.node, 10) >= MIN_NODE) return
  throw new CommandError(EXIT.usage, `\`${command}\` needs Node ${MIN_NODE} or newer; this is ${process.version}`)
}

async function exitCodeFor(error: unknown): Promise<number> {
  // Help and version end this way too; wrong usage was told by commander.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (error instanceof CommandError) {
    say(`bearerd: ${error.message}`)
    return error.exitCode
  }
  const { AppError } = await import('../base/error.ts')
  if (error instanceof AppError) {
    say(`bearerd: ${error.message}`)
    return error.code === 'unknown_service' || error.code === 'invalid_request' ? EXIT.usage : EXIT.failed
  }
  say(`bearerd: internal error: ${error instanceof Error ? error.stack : String(error)}`)
  return EXIT.failed
}
