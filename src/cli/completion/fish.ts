// The completion script for fish.
import type { DescribedCommand, DescribedFlag, Values } from './described-command.ts'

export function fishScript(commands: readonly DescribedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ')
  return `# fish completion of bearerd. Write it to ~/.config/fish/completions/bearerd.fish

function __bearerd_names
    set -l config
    set -l words (commandline -xpc 2>/dev/null; or commandline -opc)
    for i in (seq 2 (count $words))
        switch $words[$i]
            case -c --config
                set -q words[(math $i + 1)]; and set -a config -c $words[(math $i + 1)]
            case '--config=*'
                set -a config -c (string replace -- --config= '' $words[$i])
        end
    end
    bearerd __complete $argv[1] $config 2>/dev/null </dev/null
end

complete -c bearerd -f
complete -c bearerd -n 'not __fish_seen_subcommand_from ${names}' -s h -l help -d 'display help'
complete -c bearerd -n 'not __fish_seen_subcommand_from ${names}' -s V -l version -d 'print the version'
${commands.flatMap(command => commandLines(command, names)).join('\n')}
`
}

function commandLines({ name, summary, flags, arguments: list }: DescribedCommand, names: string): string[] {
  const within = `complete -c bearerd -n '__fish_seen_subcommand_from ${name}'`
  return [
    `complete -c bearerd -n 'not __fish_seen_subcommand_from ${names}' -a ${name} -d ${quote(summary)}`,
    ...flags.map(flag => `${within} ${flagWords(flag)}`),
    ...flags.flatMap(flag => (flag.variadic ? [moreValues(name, flag)] : [])),
    ...list.flatMap(({ values }) => (values.kind === 'anything' ? [] : [`${within} ${valueWords(values)}`])),
  ]
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function flagWords({ names, description, value, optionalValue }: DescribedFlag): string {
  const spelt = names.map(name => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
  // Exclusive: no file names beside the words.
  const required = optionalValue ? '' : value?.kind === 'files' ? '-r ' : '-x '
  const takes = value ? `${required}${valueWords(value)} ` : ''
  return `${spelt.join(' ')} ${takes}-d ${quote(description)}`
}

/** Words after the first value of a flag that takes any number. */
function moreValues(command: string, { names, value }: DescribedFlag): string {
  const [long = ''] = names.filter(name => name.startsWith('--'))
  const condition = `__fish_seen_subcommand_from ${command}; and __fish_contains_opt ${long.slice(2)}`
  return `complete -c bearerd -n '${condition}' ${value ? valueWords(value) : ''}`
}

function valueWords(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `-a ${quote(values.words.join(' '))}`
    case 'files':
      return '-F'
    case 'anything':
      return ''
    default:
      return `-a '(__bearerd_names ${values.kind})'`
  }
}
