// Every command with its arguments, flags and examples: what help, completion and documentation are made of. Its code is
// loaded when it runs.
import { Option } from 'commander'
import { REPORT_FORMATS } from './output.ts'

export interface CommandDefinition {
  name: string
  arguments?: string
  /** What the first argument may be. */
  choices?: readonly string[]
  /** Not in the help: for scripts of our own. */
  hidden?: true
  summary: string
  options: Option[]
  examples: string[]
  /** Sends requests, for which older versions of Node lack what it needs. */
  online?: true
  /** Arguments of the command line, then options. */
  load(): Promise<(...given: never[]) => Promise<number>>
}

/** An option that may come again takes one value each time, so that it leaves the arguments behind it alone. */
const repeatable = (flags: string, description: string) =>
  new Option(flags, description).argParser((value: string, previous: string[] | undefined) => [
    ...(previous ?? []),
    value,
  ])
const config = () =>
  repeatable(
    '-c, --config <path>',
    'file, folder or glob; repeatable (default: $BEARERD_CONFIG, else services.yaml and services.d/)',
  )
const param = () => repeatable('--param <name=value>', 'value of a parameter of the service, NAME=VALUE; repeatable')
const color = () =>
  new Option('--color [when]', 'colours').choices(['always', 'never', 'auto']).default('auto').preset('always')

/** In the order of the help. A new command is one entry here and one file in commands/. */
const DEFINITIONS: readonly CommandDefinition[] = [
  {
    name: 'validate',
    arguments: '[path...]',
    summary: 'check configuration files; no network, no secrets are read',
    options: [
      config(),
      new Option('--format <format>', 'how problems are told (default: human; github under GitHub Actions)').choices(
        REPORT_FORMATS,
      ),
      new Option('--strict', 'warnings are errors'),
      new Option('--quiet', 'errors only'),
      new Option('--stdin-filename <name>', 'name of the text on standard input').default('<stdin>'),
    ],
    examples: [
      'bearerd validate',
      'bearerd validate services.d/ shared/accounts.yaml',
      'bearerd validate --format json services.yaml',
      'bearerd validate --format sarif services.d/ > bearerd.sarif',
      'cat services.yaml | bearerd validate - --stdin-filename services.yaml',
    ],
    load: async () => (await import('./commands/validate.ts')).validate,
  },
  {
    name: 'rules',
    arguments: '[code]',
    summary: 'list every diagnostic code, or explain one with a wrong and a right example',
    options: [new Option('--format <format>', 'how it is told').choices(['text', 'json']).default('text')],
    examples: ['bearerd rules', 'bearerd rules oauth/password-grant', 'bearerd rules --format json'],
    load: async () => (await import('./commands/rules.ts')).rules,
  },
  {
    name: 'explain',
    arguments: '[name]',
    summary: 'show the compiled pipeline of a service or an action, or what a change of the configuration means',
    options: [
      config(),
      new Option('--format <format>', 'how it is told; --diff has no mermaid')
        .choices(['text', 'json', 'mermaid'])
        .default('text'),
      new Option('--action', 'the action of that name, where a service has it too'),
      new Option(
        '--diff <path...>',
        'OLD NEW: what changes between two files or folders; exits with 0 whether or not something does',
      ),
    ],
    examples: [
      'bearerd explain contacts',
      'bearerd explain contacts --format mermaid',
      'bearerd explain --diff before/services.yaml services.yaml',
      'bearerd explain --diff before/services.d services.d --format json',
    ],
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  {
    name: 'graph',
    summary: 'draw services, their accounts and the hosts that issue tokens',
    options: [
      config(),
      new Option('--format <format>', 'language of the picture').choices(['mermaid', 'dot', 'svg']).default('mermaid'),
    ],
    examples: [
      'bearerd graph',
      'bearerd graph --format svg > services.svg',
      'bearerd graph --format dot > services.dot',
    ],
    load: async () => (await import('./commands/graph.ts')).graph,
  },
  {
    name: 'token',
    online: true,
    arguments: '<service>',
    summary: 'print the bearer of a service, for scripts',
    options: [
      config(),
      new Option('--format <format>', 'what is printed').choices(['token', 'header', 'json', 'curl']).default('token'),
      new Option('--min-ttl <duration>', 'a bearer that lives at least so long'),
      param(),
    ],
    examples: [
      'bearerd token contacts',
      'bearerd token contacts --format header | curl -H @- https://api.crm.example/v3/me',
      'bearerd token contacts --format json --min-ttl 10m',
      'bearerd token shop --param tenant=acme',
    ],
    load: async () => (await import('./commands/token.ts')).token,
  },
  {
    name: 'test',
    online: true,
    arguments: '[service...]',
    summary: 'run the pipeline of services step by step and show what came back, never a token',
    options: [
      config(),
      new Option('--format <format>', 'how the steps are told').choices(['text', 'json']).default('text'),
      param(),
    ],
    examples: ['bearerd test', 'bearerd test contacts', 'bearerd test shop --param tenant=acme --format json'],
    load: async () => (await import('./commands/test.ts')).test,
  },
  {
    name: 'call',
    online: true,
    arguments: '<service> <path>',
    summary: 'send one authenticated request',
    options: [
      config(),
      new Option('-X, --request <method>', 'method (default: GET, with -d POST)'),
      repeatable('-H, --header <header>', 'extra header, "Name: value"; repeatable'),
      repeatable(
        '-d, --data <data>',
        'body, a form unless -H says else; @FILE reads a file, @- standard input; joined by &',
      ),
      new Option('-o, --output <file>', 'write the answer to a file'),
      new Option('-i, --include', 'status and headers too'),
      param(),
    ],
    examples: [
      'bearerd call contacts /people/5',
      'bearerd call contacts /people -X POST -H "content-type: application/json" -d @person.json',
    ],
    load: async () => (await import('./commands/call.ts')).call,
  },
  {
    name: 'deliver',
    online: true,
    arguments: '<action> [file...]',
    summary: 'run an action: send files or a request to its service',
    options: [
      config(),
      repeatable('--input <value>', 'NAME=VALUE of the input; repeatable'),
      new Option('--input-file <file>', 'the input as JSON'),
      repeatable('--param <value>', 'NAME=VALUE of a parameter of the service; repeatable'),
      new Option('--name <name>', 'name of standard input, which is the file `-`'),
      new Option('--format <format>', 'how the result is told').choices(['text', 'json']).default('text'),
      new Option('--dry-run', 'show the requests with secrets masked, and send nothing'),
      new Option(
        '--daemon <url>',
        'hand it to a running daemon, which delivers it whatever happens; without it each request is sent from here, as often as `retry.attempts` says (default 3), and no daemon knows of it',
      ),
      new Option('--wait', 'with --daemon: until it is delivered or dead').default(true),
      new Option('--no-wait', 'with --daemon: not longer than until it is accepted'),
    ],
    examples: [
      'bearerd deliver archive-invoice --input year=2026 invoice.pdf',
      'bearerd deliver archive-invoice --input year=2026 --dry-run invoice.pdf',
      "bearerd deliver hand-in --input-file form.json 'scans/*.pdf'",
      'pg_dump shop | bearerd deliver backup --name shop.sql -',
    ],
    load: async () => (await import('./commands/deliver.ts')).deliver,
  },
  {
    name: 'deliveries',
    online: true,
    arguments: '[what] [id...]',
    choices: ['list', 'show', 'retry', 'remove'],
    summary: 'list the deliveries of a running daemon, look at one, try a dead one again or remove it',
    options: [
      new Option('--daemon <url>', 'address of the daemon, also unix:/path').default('http://127.0.0.1:7117'),
      new Option('--state <states>', 'pending, running, delivered, dead; several with commas'),
      new Option('--action <names>', 'only those of these actions'),
      new Option('--limit <number>', 'how many are listed'),
      new Option('--format <format>', 'how the list, or one of them, is told')
        .choices(['text', 'json'])
        .default('text'),
    ],
    examples: [
      'bearerd deliveries',
      'bearerd deliveries list --state dead',
      'bearerd deliveries show 4f1c0d52-5c0e-4c43-9d5b-0a4d7a3a1c11',
      'bearerd deliveries retry 4f1c0d52-5c0e-4c43-9d5b-0a4d7a3a1c11',
    ],
    load: async () => (await import('./commands/deliveries.ts')).deliveries,
  },
  {
    name: 'run',
    online: true,
    summary: 'the daemon',
    options: [
      config(),
      new Option('--listen <address>', 'API address (default: 127.0.0.1:7117)'),
      new Option('--admin-listen <address>', 'admin address (default: 127.0.0.1:7118)'),
      new Option('--no-watch', 'reload only on SIGHUP and POST /-/reload'),
      new Option('--poll-interval <duration>', 'how often all files are read again').default('30s'),
      new Option('--shutdown-timeout <duration>', 'how long running requests may take to finish').default('30s'),
      new Option('--log-level <level>', 'least important line').choices([
        'trace',
        'debug',
        'info',
        'warn',
        'error',
        'silent',
      ]),
      new Option('--log-format <format>', 'form of a line').choices(['json', 'pretty']),
    ],
    examples: [
      'bearerd run',
      'bearerd run -c /etc/bearerd/ --log-format json',
      'bearerd run --listen unix:/run/bearerd/api.sock',
    ],
    load: async () => (await import('./commands/run.ts')).runDaemon,
  },
  {
    name: 'init',
    summary: 'write a commented services.yaml, the setting for VS Code and a pre-commit entry; overwrites nothing',
    options: [],
    examples: ['bearerd init'],
    load: async () => (await import('./commands/init.ts')).init,
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of configuration files',
    options: [],
    examples: ['bearerd schema > bearerd.schema.json'],
    load: async () => (await import('./commands/schema.ts')).schema,
  },
  {
    name: 'completion',
    arguments: '<shell>',
    choices: ['bash', 'zsh', 'fish'],
    summary: 'print the script that completes commands, flags and the names of services and actions in a shell',
    options: [],
    examples: [
      'source <(bearerd completion bash)',
      'bearerd completion zsh > _bearerd',
      'bearerd completion fish > bearerd.fish',
    ],
    load: async () => {
      const { completion } = await import('./commands/completion.ts')
      return (shell: 'bash' | 'zsh' | 'fish') => completion(shell, COMMANDS)
    },
  },
  {
    name: '__complete',
    arguments: '<kind>',
    choices: ['services', 'actions', 'names'],
    hidden: true,
    summary: 'print names of the configuration, for completion scripts',
    options: [config()],
    examples: [],
    load: async () => (await import('./commands/complete.ts')).complete,
  },
]

/** Every command takes `--color`: each may have problems of the configuration to tell. */
export const COMMANDS: readonly CommandDefinition[] = DEFINITIONS.map(definition => ({
  ...definition,
  options: [...definition.options, color()],
}))
