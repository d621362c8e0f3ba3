import {
  CommandError,
  EXIT
} from "./shared-output.js";
import {
  existsSync
} from "./shared-node-fs.js";

// src/cli/config-paths.ts
var DEFAULTS = ["services.yaml", "services.d"];
function configPaths(given) {
  if (given && given.length > 0) return [...given];
  const variable = process.env.BEARERD_CONFIG;
  if (variable) return variable.split(":").filter((path) => path !== "");
  const found = DEFAULTS.filter((path) => existsSync(path));
  if (found.length > 0) return found;
  throw new CommandError(
    EXIT.usage,
    "no configuration: there is neither services.yaml nor services.d/ here; name one with --config PATH"
  );
}
var PART = /^((?:.*?\/)??)services(?:\.yaml|\.d\/.+\.ya?ml)$/;
function withRest(files) {
  const folders = new Set(files.flatMap((file) => PART.exec(file.replaceAll("\\", "/"))?.[1] ?? []));
  const rest = [...folders].flatMap((folder) => DEFAULTS.map((name) => folder + name));
  return [...files, ...rest.filter((path) => existsSync(path))];
}

export {
  configPaths,
  withRest
};
