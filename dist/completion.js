import {
  EXIT,
  print
} from "./shared-output.js";
import "./shared-node-fs.js";
import "./shared-render-human.js";
import "./shared-runtime.js";

// src/cli/completion/bash.ts
var HEAD = `# bash completion of bearerd. Load it with: source <(bearerd completion bash)

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
`;
var MAIN = `_bearerd() {
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
`;
function bashScript(commands) {
  return `${HEAD}
_bearerd_commands='${commands.map(({ name }) => name).join(" ")} help'

# What a flag of a command takes: sets COMPREPLY; fails for a flag without a value.
_bearerd_value() {
  case "$1 $2" in
${commands.flatMap(valueCases).join("\n")}
    *) return 1 ;;
  esac
}

_bearerd_argument() {
  case "$1 $2" in
${commands.flatMap(argumentCases).join("\n")}
  esac
}

_bearerd_flags() {
  case $1 in
${commands.map((command) => `    ${command.name}) _bearerd_words ${flagNames(command)} ;;`).join("\n")}
  esac
}

_bearerd_takes() {
  case "$1 $2" in
${commands.flatMap(takesCases).join("\n")}
    *) return 1 ;;
  esac
}

_bearerd_takes_many() {
  case "$1 $2" in
${commands.flatMap(manyCases).join("\n")}
    *) return 1 ;;
  esac
}

${MAIN}`;
}
function flagNames({ flags }) {
  return flags.flatMap(({ names }) => names).join(" ");
}
function patterns(command, { names }) {
  return names.map((name) => `"${command} ${name}"`).join("|");
}
function valueCases({ name, flags }) {
  return flags.flatMap((flag) => flag.value ? [`    ${patterns(name, flag)}) ${action(flag.value)} ;;`] : []);
}
function takesCases({ name, flags }) {
  return flags.flatMap((flag) => flag.value && !flag.optionalValue ? [`    ${patterns(name, flag)}) return 0 ;;`] : []);
}
function manyCases({ name, flags }) {
  return flags.flatMap((flag) => flag.variadic ? [`    ${patterns(name, flag)}) return 0 ;;`] : []);
}
function argumentCases({ name, arguments: list }) {
  return list.flatMap(
    ({ values, repeatable }, index) => values.kind === "anything" ? [] : [`    "${name} "${repeatable ? "*" : `${index + 1}`}) ${action(values)} ;;`]
  );
}
function action(values) {
  switch (values.kind) {
    case "words":
      return `_bearerd_words ${values.words.join(" ")}`;
    case "anything":
      return ":";
    case "files":
      return "_bearerd_files";
    default:
      return `_bearerd_names ${values.kind}`;
  }
}

// src/cli/completion/described-command.ts
var NAMES = { service: "services", action: "actions", name: "names" };
function describeCommands(table) {
  return table.filter(({ hidden }) => !hidden).map((definition) => ({
    name: definition.name,
    summary: definition.summary,
    flags: [...definition.options.map(describeFlag), HELP],
    arguments: describeArguments(definition)
  }));
}
var HELP = {
  names: ["-h", "--help"],
  description: "display help for command",
  optionalValue: false,
  repeatable: false,
  variadic: false
};
function describeFlag(option) {
  const takesValue = option.required || option.optional;
  return {
    names: [option.short, option.long].filter((name) => name !== void 0),
    description: option.description,
    ...takesValue && { value: valuesOf(option) },
    optionalValue: option.optional,
    repeatable: option.parseArg !== void 0,
    variadic: option.variadic
  };
}
function valuesOf({ flags, argChoices }) {
  if (argChoices) return { kind: "words", words: argChoices };
  return { kind: /[<[](path|file)\b/.test(flags) ? "files" : "anything" };
}
function describeArguments(definition) {
  const words = definition.arguments?.match(/[^<>[\]\s]+/g) ?? [];
  return words.map((word, index) => {
    const repeatable = word.endsWith("...");
    const name = word.replace("...", "");
    if (index === 0 && definition.choices) return { values: { kind: "words", words: definition.choices }, repeatable };
    const files = name === "file" || name === "path" && repeatable;
    const kind = Object.hasOwn(NAMES, name) ? NAMES[name] : files ? "files" : "anything";
    return { values: { kind }, repeatable };
  });
}

// src/cli/completion/fish.ts
function fishScript(commands) {
  const names = commands.map(({ name }) => name).join(" ");
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
${commands.flatMap((command) => commandLines(command, names)).join("\n")}
`;
}
function commandLines({ name, summary, flags, arguments: list }, names) {
  const within = `complete -c bearerd -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c bearerd -n 'not __fish_seen_subcommand_from ${names}' -a ${name} -d ${quote(summary)}`,
    ...flags.map((flag) => `${within} ${flagWords(flag)}`),
    ...flags.flatMap((flag) => flag.variadic ? [moreValues(name, flag)] : []),
    ...list.flatMap(({ values }) => values.kind === "anything" ? [] : [`${within} ${valueWords(values)}`])
  ];
}
function quote(text) {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
function flagWords({ names, description, value, optionalValue }) {
  const spelt = names.map((name) => name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`);
  const required = optionalValue ? "" : value?.kind === "files" ? "-r " : "-x ";
  const takes = value ? `${required}${valueWords(value)} ` : "";
  return `${spelt.join(" ")} ${takes}-d ${quote(description)}`;
}
function moreValues(command, { names, value }) {
  const [long = ""] = names.filter((name) => name.startsWith("--"));
  const condition = `__fish_seen_subcommand_from ${command}; and __fish_contains_opt ${long.slice(2)}`;
  return `complete -c bearerd -n '${condition}' ${value ? valueWords(value) : ""}`;
}
function valueWords(values) {
  switch (values.kind) {
    case "words":
      return `-a ${quote(values.words.join(" "))}`;
    case "files":
      return "-F";
    case "anything":
      return "";
    default:
      return `-a '(__bearerd_names ${values.kind})'`;
  }
}

// src/cli/completion/zsh.ts
function zshScript(commands) {
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
${commands.map(({ name, summary }) => `    ${quote2(`${name}:${summary}`)}`).join("\n")}
  )
  _arguments -C '(- *)'{-h,--help}'[display help]' '(- *)'{-V,--version}'[print the version]' \\
    '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $words[1] in
${commands.map(commandCase).join("\n")}
      esac ;;
  esac
}

if [[ $funcstack[1] == _bearerd ]]; then _bearerd "$@"; else compdef _bearerd bearerd; fi
`;
}
function commandCase({ name, flags, arguments: list }) {
  const specs = [
    ...flags.map(flagSpec),
    ...list.map(({ values, repeatable }, index) => quote2(`${repeatable ? "*" : index + 1}:${argument(values)}`))
  ];
  return `        ${name}) _arguments ${specs.join(" ")} ;;`;
}
function quote2(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
function flagSpec({ names, description, value, optionalValue, repeatable, variadic }) {
  const text = `[${description.replace(/[[\]\\:]/g, "\\$&")}]`;
  const assign = value ? optionalValue ? "=-" : "" : "";
  const one = value ? `${optionalValue ? "::" : ":"}${argument(value)}` : "";
  const tail = `${text}${one}${variadic ? one : ""}`;
  const start = repeatable ? "*" : `(${names.join(" ")})`;
  const spelt = names.map((name) => `${name}${name.startsWith("--") ? assign || (value ? "=" : "") : ""}`);
  return spelt.map((name) => quote2(`${start}${name}${tail}`)).join(" ");
}
function argument(values) {
  switch (values.kind) {
    case "words":
      return `value:(${values.words.join(" ")})`;
    case "files":
      return "file:_files";
    case "anything":
      return "value: ";
    default:
      return `name:{_bearerd_names ${values.kind}}`;
  }
}

// src/cli/commands/completion.ts
var SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };
async function completion(shell, table) {
  await print(SCRIPTS[shell](describeCommands(table)));
  return EXIT.ok;
}
export {
  completion
};
