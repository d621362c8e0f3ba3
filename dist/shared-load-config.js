import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  checkConfig
} from "./shared-validate-schema.js";
import {
  readSources
} from "./shared-read.js";
import {
  hasErrors
} from "./shared-yaml.js";

// src/cli/load-config.ts
async function loadConfig(paths) {
  const read = await readSources(paths, process.cwd());
  const checked = checkConfig(read.sources);
  const diagnostics = [...read.diagnostics, ...checked.diagnostics];
  if (checked.ok && !hasErrors(diagnostics)) return { config: checked.value, sources: read.sources };
  const { reportProblems } = await import("./load.js");
  return reportProblems(diagnostics);
}

export {
  loadConfig
};
