import {
  configPaths
} from "./shared-config-paths.js";
import {
  CommandError,
  exitCodeOf,
  renderReport,
  say,
  wantsColor
} from "./shared-output.js";
import {
  ConfigurationError,
  createExecutor
} from "./shared-client.js";

// src/cli/load.ts
async function reportProblems(diagnostics) {
  const { readSources } = await import("./read.js");
  const { maskSecrets } = await import("./mask-secrets.js");
  const files = [...new Set(diagnostics.map(({ file }) => file))];
  const { sources } = await readSources(files, process.cwd());
  const texts = new Map(sources.map((source) => [source.file, maskSecrets(source)]));
  const options = {
    format: "human",
    color: wantsColor(process.stderr),
    sourceText: (file) => texts.get(file),
    files
  };
  process.stderr.write(await renderReport(diagnostics, options));
  const code = exitCodeOf(diagnostics);
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  throw new CommandError(code, `${errors} problem${errors === 1 ? "" : "s"} in the configuration`);
}
async function loadExecutor(config, options = {}) {
  const executor = createExecutor({ log: warningsOnly, shortRun: true, ...options });
  try {
    await executor.load(configPaths(config));
    return executor;
  } catch (error) {
    if (error instanceof ConfigurationError) return reportProblems(error.diagnostics);
    throw error;
  }
}
var nothing = () => {
};
var warningsOnly = {
  debug: nothing,
  info: nothing,
  warn: (fields, message) => "code" in fields || say(`bearerd: ${message}`),
  error: nothing
};

export {
  reportProblems,
  loadExecutor
};
