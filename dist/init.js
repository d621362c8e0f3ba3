import {
  readSchema
} from "./shared-schema.js";
import {
  CommandError,
  EXIT,
  print
} from "./shared-output.js";
import {
  existsSync
} from "./shared-node-fs.js";
import "./shared-render-human.js";
import {
  systemErrorCode
} from "./shared-error.js";
import "./shared-runtime.js";

// src/cli/commands/init.ts
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

// src/cli/init-files.ts
function initFiles(schema) {
  const modeline = `# yaml-language-server: $schema=${schema}
`;
  return [
    {
      path: "services.yaml",
      purpose: "an account and a service to start from",
      text: modeline + SERVICES,
      instead: ["services.yaml", "services.d"],
      mark: "yaml-language-server:",
      addition: modeline,
      where: "this first line to each file, for editors"
    },
    {
      path: ".vscode/settings.json",
      purpose: "completion and checks in VS Code, with its YAML extension",
      text: `${JSON.stringify({ "yaml.schemas": { [schema]: SCHEMA_GLOBS } }, null, 2)}
`,
      instead: [".vscode/settings.json"],
      mark: schema,
      addition: `"yaml.schemas": ${JSON.stringify({ [schema]: SCHEMA_GLOBS })}
`,
      where: "this setting"
    },
    {
      path: ".pre-commit-config.yaml",
      purpose: "the check before each commit, once `pre-commit install` was run",
      text: `repos:
${PRE_COMMIT}`,
      instead: [".pre-commit-config.yaml", ".pre-commit-config.yml"],
      mark: "bearerd-validate",
      addition: PRE_COMMIT,
      where: "this entry below `repos`"
    }
  ];
}
var SCHEMA_GLOBS = ["services.yaml", "services.d/**/*.yaml"];
var PRE_COMMIT = `  - repo: local
    hooks:
      - id: bearerd-validate
        name: bearerd validate
        entry: bearerd validate
        language: system
        files: ^services(\\.d/.*)?\\.ya?ml$
        pass_filenames: false
`;
var SERVICES = `# Services that programs use through bearerd, and the accounts that open them.
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
`;

// src/cli/commands/init.ts
var SCHEMA_FILES = ["schema/bearerd.schema.json", "bearerd.schema.json"];
async function init() {
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env;
  if (script === "bearerd" && folder) process.chdir(folder);
  const messages = [];
  for (const file of initFiles(await schemaAddress())) messages.push(await addFile(file));
  await print(`${messages.join("\n")}

${NEXT}`);
  return EXIT.ok;
}
var NEXT = `Next:
  1. Put your own accounts and services into services.yaml.
  2. Check it:          bearerd validate
  3. See what it does:  bearerd explain contacts
  4. Run it:            bearerd run
`;
async function schemaAddress() {
  const beside = SCHEMA_FILES.find((path) => existsSync(path));
  if (beside) return `./${beside}`;
  const { $id } = JSON.parse(await readSchema());
  return $id;
}
async function addFile(file) {
  const existing = file.instead.find((path) => existsSync(path));
  if (existing) return leftAlone(existing, file);
  try {
    await mkdir(dirname(file.path), { recursive: true });
    await writeFile(file.path, file.text, { flag: "wx" });
    return `wrote ${file.path}: ${file.purpose}`;
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST" && existsSync(file.path)) return leftAlone(file.path, file);
    throw new CommandError(EXIT.failed, `${file.path} cannot be written: ${systemErrorCode(error) ?? "unknown reason"}`);
  }
}
async function leftAlone(path, { mark, addition, where }) {
  const text = await readFile(path, "utf8").catch(() => "");
  if (text.includes(mark)) return `left ${path} as it is: it has its entry already`;
  return `left ${path} as it is; add ${where}:

${addition.replace(/^(?=.)/gm, "    ")}`;
}
export {
  init
};
