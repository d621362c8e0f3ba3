// The completion script for zsh: a file `_bearerd` of $fpath, or text to be sourced after compinit.
import type { DescribedCommand, DescribedFlag, Values } from './described-command.ts'

export function zshScript(commands: readonly DescribedCommand[]): string {
  return `#compdef bearerd
# zsh completion of bearerd. Write it to a folder of $fpath as _bearerd, or load it with: source <(bearerd completion zsh)

_bearerd_names() {
  local -a names config
  local i
  for ((i = 2; i < CURRENT; i++)); do
    case \${words[i]} in
      -c|--config) config+=(-c "\${(Q)words[i + 1]}") ;;
      --config=*) config+=(-c "\${(Q)words[i]#--config=}") ;;
    esac
  done
  names=(\${(f)"$(bearerd __complete $1 $config 2>/dev/null </dev/null)"})
  (( \${#names} )) && compadd -a names
}

_bearerd() {
  local curcontext="$curcontext" state
  local -a state_descr line commands
  typeset -A opt_args
  commands=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`).join('\n')}
  )
  _arguments -C '(- *)'{-h,--help}'[display help]' '(- *)'{-V,--version}'[print the version]' \\
    '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $words[1] in
${commands.map(commandCase).join('\n')}
      esac ;;
  esac
}

if [[ $funcstack[1] == _bearerd ]]; then _bearerd "$@"; else compdef _bearerd bearerd; fi
`
}

function commandCase({ name, flags, arguments: list }: DescribedCommand): string {
  const specs = [
    ...flags.map(flagSpec),
    ...list.map(({ values, repeatable }, index) => quote(`${repeatable ? '*' : index + 1}:${argument(values)}`)),
  ]
  return `        ${name}) _arguments ${specs.join(' ')} ;;`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function flagSpec({ names, description, value, optionalValue, repeatable, variadic }: DescribedFlag): string {
  const text = `[${description.replace(/[[\]\\:]/g, '\\$&')}]`
  const assign = value ? (optionalValue ? '=-' : '') : ''
  const one = value ? `${optionalValue ? '::' : ':'}${argument(value)}` : ''
  // A second value for what takes any number: more cannot be said here.
  const tail = `${text}${one}${variadic ? one : ''}`
  const start = repeatable ? '*' : `(${names.join(' ')})`
  const spelt = names.map(name => `${name}${name.startsWith('--') ? assign || (value ? '=' : '') : ''}`)
  return spelt.map(name => quote(`${start}${name}${tail}`)).join(' ')
}

function argument(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `value:(${values.words.join(' ')})`
    case 'files':
      return 'file:_files'
    case 'anything':
      return 'value: '
    default:
      return `name:{_bearerd_names ${values.kind}}`
  }
}
