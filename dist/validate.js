import {
  withoutOptimizing
} from "./shared-without-optimizing.js";
import "./shared-node-v8.js";
import {
  configPaths,
  withRest
} from "./shared-config-paths.js";
import {
  exitCodeOf,
  print,
  renderReport,
  say,
  stdout,
  wantsColor
} from "./shared-output.js";
import {
  systemClock
} from "./shared-clock.js";
import {
  checkConfig
} from "./shared-schema-finding.js";
import {
  decode,
  readSources
} from "./shared-read.js";
import "./shared-pattern.js";
import "./shared-size.js";
import "./shared-template.js";
import "./shared-node-fs.js";
import {
  printable
} from "./shared-render-human.js";
import {
  maskSecrets
} from "./shared-mask-secrets.js";
import "./shared-secret-shape.js";
import "./shared-yaml.js";
import "./shared-source.js";
import "./shared-leven.js";
import "./shared-error.js";
import "./shared-runtime.js";

// src/cli/progress.ts
var SHOWN_AFTER_MS = 1e3;
var REWRITTEN_AFTER_MS = 100;
var CLEAR = "\r\x1B[2K";
function createProgress(openTerminal, nowMs = systemClock.monotonicMs) {
  let dueMs = nowMs() + SHOWN_AFTER_MS;
  let shownOn;
  return {
    report(progress, total) {
      if (nowMs() < dueMs) return;
      dueMs = nowMs() + REWRITTEN_AFTER_MS;
      const terminal = openTerminal();
      if (!terminal.isTTY || process.env.TERM === "dumb") return;
      shownOn = terminal;
      terminal.write(CLEAR + describe(progress, total));
    },
    clear() {
      shownOn?.write(CLEAR);
      shownOn = void 0;
    }
  };
}
var MAX_NAME = 40;
function describe({ done, reading }, total) {
  if (done === total) return "checking what the files say together";
  const checked = `checked ${done} of ${total} files`;
  if (!reading) return checked;
  const name = reading.file.length > MAX_NAME ? `\u2026${reading.file.slice(1 - MAX_NAME)}` : reading.file;
  const part = `reading ${printable(name)}: ${Math.floor(reading.part * 100)} %`;
  return total === 1 ? part : `${checked}, ${part}`;
}

// src/cli/commands/validate.ts
async function validate(paths, options) {
  const format = options.format ?? (process.env.GITHUB_ACTIONS === "true" ? "github" : "human");
  const progress = createProgress(() => options.quiet ? { write: () => {
  } } : process.stderr);
  const { sources, diagnostics: unread } = await readAll(paths, options);
  withoutOptimizing(sources);
  progress.report({ done: 0 }, sources.length);
  const onProgress = (done) => progress.report(done, sources.length);
  const checked = checkConfig(sources, void 0, { unread, onProgress });
  const diagnostics = checked.diagnostics.flatMap((diagnostic) => adjusted(diagnostic, options));
  const report = await renderReport(diagnostics, {
    format,
    color: diagnostics.length > 0 && wantsColor(stdout()),
    sourceText: maskedTexts(sources),
    files: sources.map(({ file }) => file)
  });
  progress.clear();
  await print(report);
  if (isForPeople(format) && !options.quiet) say(summary(diagnostics, sources.length));
  return exitCodeOf(diagnostics);
}
function isForPeople(format) {
  return format === "human" || format === "github";
}
function maskedTexts(sources) {
  const byFile = new Map(sources.map((source) => [source.file, source]));
  const masked = /* @__PURE__ */ new Map();
  return (file) => {
    const source = byFile.get(file);
    if (source && !masked.has(file)) masked.set(file, maskSecrets(source));
    return masked.get(file);
  };
}
async function readAll(paths, options) {
  const given = [...paths, ...options.config ?? []];
  const files = given.filter((path) => path !== "-");
  const read = given.length > 0 && files.length === 0 ? { sources: [], diagnostics: [] } : await readSources(configPaths(options.config ? files : withRest(files)), process.cwd());
  return given.includes("-") ? { ...read, sources: [...read.sources, await readStdin(options.stdinFilename)] } : read;
}
async function readStdin(name) {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return { path: `${process.cwd()}/${name}`, file: name, text: decode(Buffer.concat(chunks)) };
}
function adjusted(diagnostic, { strict, quiet }) {
  if (diagnostic.suppressed) return [];
  if (strict) return [{ ...diagnostic, severity: "error" }];
  return quiet && diagnostic.severity === "warning" ? [] : [diagnostic];
}
function summary(diagnostics, files) {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const counts = [errors > 0 && plural(errors, "error"), warnings > 0 && plural(warnings, "warning")].filter(Boolean).join(", ");
  return `${plural(files, "file")}: ${counts || "no problems"}`;
}
function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
export {
  validate
};
