// The completion script for bash 3.2 and newer. Nothing that a configuration says is ever evaluated.
import type { DescribedCommand, DescribedFlag, Values } from './described-command.ts'

const HEAD = `# bash completion of bearerd. Load it with: source <(bearerd completion bash)

_bearerd_words() {
  local word
  for word in "$@"; do [[ $word == "$cur"* ]] && COMPREPLY+=("$word"); done
}

_bearerd_names() {
  local name
  while IFS= read -r name; do
    [[ $name == "$cur"* ]] && COMPREPLY+=("$name")
  done < <("\${COMP_WORDS[0]}" __complete "$1" \${config[@]+"\${config[@]}"} 2>/dev/null </dev/null)
}

_bearerd_files() {
  local file
  compopt -o filenames 2>/dev/null
  while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$cur")
}
`

const MAIN = `_bearerd() {
  local cur=\${COMP_WORDS[COMP_CWORD]} command='' flag='' many='' word='' position=1 i
  local -a config=()
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $word == '=' ]]; then continue
    elif [[ -n $flag && ( $word != -* || -z $many ) ]]; then
      [[ $flag == -c || $flag == --config ]] && config+=(-c "$word")
      [[ -z $many ]] && flag=''
    elif [[ -z $command ]]; then [[ $word != -* ]] && command=$word
    elif [[ $word == -* ]]; then
      flag='' many=''
      _bearerd_takes "$command" "$word" && flag=$word
      _bearerd_takes_many "$command" "$word" && many=yes
      [[ $word == --color && \${COMP_WORDS[i + 1]} == '=' ]] && flag=$word
    else ((position++))
    fi
  done
  [[ $cur == '=' ]] && cur=''
  if [[ -z $command && $cur == -* ]]; then _bearerd_words -h --help -V --version
  elif [[ -z $command ]]; then _bearerd_words $_bearerd_commands
  elif [[ -n $flag && ( $cur != -* || -z $many ) ]]; then _bearerd_value "$command" "$flag"
  elif [[ $cur == -* ]]; then _bearerd_flags "$command"
  else _bearerd_argument "$command" "$position"
  fi
  return 0
}

complete -F _bearerd bearerd
`

export function bashScript(commands: readonly DescribedCommand[]): string {
  return `${HEAD}
_bearerd_commands='${commands.map(({ name }) => name).join(' ')} help'

# What a flag of a command takes: sets COMPREPLY; fails for a flag without a value.
_bearerd_value() {
  case "$1 $2" in
${commands.flatMap(valueCases).join('\n')}
    *) return 1 ;;
  esac
}

_bearerd_argument() {
  case "$1 $2" in
${commands.flatMap(argumentCases).join('\n')}
  esac
}

_bearerd_flags() {
  case $1 in
${commands.map(command => `    ${command.name}) _bearerd_words ${flagNames(command)} ;;`).join('\n')}
  esac
}

_bearerd_takes() {
  case "$1 $2" in
${commands.flatMap(takesCases).join('\n')}
    *) return 1 ;;
  esac
}

_bearerd_takes_many() {
  case "$1 $2" in
${commands.flatMap(manyCases).join('\n')}
    *) return 1 ;;
  esac
}

${MAIN}`
}

function flagNames({ flags }: DescribedCommand): string {
  return flags.flatMap(({ names }) => names).join(' ')
}

function patterns(command: string, { names }: DescribedFlag): string {
  return names.map(name => `"${command} ${name}"`).join('|')
}

function valueCases({ name, flags }: DescribedCommand): string[] {
  return flags.flatMap(flag => (flag.value ? [`    ${patterns(name, flag)}) ${action(flag.value)} ;;`] : []))
}

/** Flags whose value is the next word. */
function takesCases({ name, flags }: DescribedCommand): string[] {
  return flags.flatMap(flag => (flag.value && !flag.optionalValue ? [`    ${patterns(name, flag)}) return 0 ;;`] : []))
}

/** Flags whose values are all words up to the next flag. */
function manyCases({ name, flags }: DescribedCommand): string[] {
  return flags.flatMap(flag => (flag.variadic ? [`    ${patterns(name, flag)}) return 0 ;;`] : []))
}

function argumentCases({ name, arguments: list }: DescribedCommand): string[] {
  return list.flatMap(({ values, repeatable }, index) =>
    values.kind === 'anything' ? [] : [`    "${name} "${repeatable ? '*' : `${index + 1}`}) ${action(values)} ;;`],
  )
}

function action(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `_bearerd_words ${values.words.join(' ')}`
    case 'anything':
      return ':'
    case 'files':
      return '_bearerd_files'
    default:
      return `_bearerd_names ${values.kind}`
  }
}
