import {
  withoutOptimizing
} from "./shared-without-optimizing.js";
import {
  checkConfig
} from "./shared-schema-finding.js";
import {
  readSources
} from "./shared-read.js";

// src/cli/load-config.ts
async function loadConfig(paths) {
  const { sources, diagnostics: unread } = await readSources(paths, process.cwd());
  withoutOptimizing(sources);
  const checked = checkConfig(sources, void 0, { unread });
  if (checked.ok) return { config: checked.value, sources };
  const { reportProblems } = await import("./load.js");
  return reportProblems(checked.diagnostics);
}

export {
  loadConfig
};
