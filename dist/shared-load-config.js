import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  checkConfig
} from "./shared-validate-schema.js";
import {
  readSources
} from "./shared-read.js";

// src/cli/load-config.ts
async function loadConfig(paths) {
  const { sources, diagnostics: unread } = await readSources(paths, process.cwd());
  const checked = checkConfig(sources, void 0, { unread });
  if (checked.ok) return { config: checked.value, sources };
  const { reportProblems } = await import("./load.js");
  return reportProblems(checked.diagnostics);
}

export {
  loadConfig
};
