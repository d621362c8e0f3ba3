// What `bearerd init` writes: the texts of its files, and what to add to one that is there already.

export interface NewFile {
  path: string
  purpose: string
  text: string
  /** Where one of these is, none is written. */
  instead: string[]
  /** A file with this word has its part. */
  mark: string
  addition: string
  /** Where the addition belongs. */
  where: string
}

/** `schema` is the address of the schema: a URL, or a path that starts with `./`. */
export function initFiles(schema: string): NewFile[] {
  const modeline = `# yaml-language-server: $schema=${schema}\n`
  return [
    {
      path: 'services.yaml',
      purpose: 'an account and a service to start from',
      text: modeline + SERVICES,
      instead: ['services.yaml', 'services.d'],
      mark: 'yaml-language-server:',
      addition: modeline,
      where: 'this first line to each file, for editors',
    },
    {
      path: '.vscode/settings.json',
      purpose: 'completion and checks in VS Code, with its YAML extension',
      text: `${JSON.stringify({ 'yaml.schemas': { [schema]: SCHEMA_GLOBS } }, null, 2)}\n`,
      instead: ['.vscode/settings.json'],
      mark: schema,
      addition: `"yaml.schemas": ${JSON.stringify({ [schema]: SCHEMA_GLOBS })}\n`,
      where: 'this setting',
    },
    {
      path: '.pre-commit-config.yaml',
      purpose: 'the check before each commit, once `pre-commit install` was run',
      text: `repos:\n${PRE_COMMIT}`,
      instead: ['.pre-commit-config.yaml', '.pre-commit-config.yml'],
      mark: 'bearerd-validate',
      addition: PRE_COMMIT,
      where: 'this entry below `repos`',
    },
  ]
}

const SCHEMA_GLOBS = ['services.yaml', 'services.d/**/*.yaml']

/** All files are one configuration, so the hook takes no file names. */
const PRE_COMMIT = `  - repo: local
    hooks:
      - id: bearerd-validate
        name: bearerd validate
        entry: bearerd validate
        language: system
        files: ^services(\\.d/.*)?\\.ya?ml$
        pass_filenames: false
`

const SERVICES = `# Services that programs use through bearerd, and the accounts that open them.
# \`bearerd validate\` checks this file; files in services.d/ belong to the same configuration.
version: 1

# Values for {{vars.NAME}} in URLs and headers.
vars:
  region: eu

# Credentials by name, and how they become a bearer. These five keys make an OAuth 2.0 account.
accounts:
  crm:
    accessTokenUri: https://login.{{vars.region}}.crm.example/oauth2/token
    clientId: my-job
    # Secrets are references, never values: { env: NAME }, { file: PATH }, { exec: [PROGRAM] } or { systemd: NAME }.
    clientSecret: { env: CRM_CLIENT_SECRET }
    # Always required; commas or blanks between scopes. An empty list is for a provider that has none.
    scope: contacts.read, contacts.write
    # The default; client_secret_post sends client ID and secret in the body.
    clientAuthMethod: client_secret_basic

# Third-party HTTP systems by name. Programs use these names.
services:
  contacts:
    title: Contacts of the CRM
    account: crm
    serverUrl: https://{{vars.region}}.api.crm.example/v3
    # Until the response headers, and between body parts; default 30s.
    timeout: 20s
    timeoutMessage: The CRM takes too long. Try again in a minute.

  # An account of its own, in place: a key in a header.
  weather:
    account:
      authorization: header
      header: { name: X-Api-Key, value: { env: WEATHER_KEY } }
    serverUrl: https://api.weather.example
`
