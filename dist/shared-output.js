import {
  writeSync
} from "./shared-node-fs.js";
import {
  renderConcise,
  renderHuman
} from "./shared-render-human.js";

// src/cli/output.ts
var EXIT = { ok: 0, problems: 1, usage: 2, failed: 3 };
var CommandError = class extends Error {
  exitCode;
  constructor(exitCode, message) {
    super(message);
    this.exitCode = exitCode;
  }
};
var color = "auto";
function chooseColor(option) {
  color = option;
}
function wantsColor(stream) {
  if (color !== "auto") return color === "always";
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
}
var output;
function stdout() {
  output ??= process.stdout.on("error", () => {
  });
  return output;
}
async function print(text) {
  if (text !== "") await written(text);
}
function written(text) {
  return new Promise((resolve, reject) => {
    stdout().write(text, (error) => {
      if (!error || error.code === "EPIPE") resolve();
      else reject(error);
    });
  });
}
function say(text) {
  try {
    writeSync(2, `${text}
`);
  } catch {
    process.stderr.write(`${text}
`);
  }
}
var REPORT_FORMATS = ["human", "concise", "json", "github", "sarif", "junit"];
async function renderReport(diagnostics, options) {
  const { format, files, sourceText } = options;
  switch (format) {
    case "concise":
      return renderConcise(diagnostics);
    case "json":
      return (await import("./render-json.js")).renderJson(diagnostics, files.length);
    case "github":
      return (await import("./render-github.js")).renderGithub(diagnostics);
    case "sarif":
      return (await import("./render-sarif.js")).renderSarif(diagnostics, sourceText);
    case "junit":
      return (await import("./render-junit.js")).renderJunit(diagnostics, files);
    default:
      return renderHuman(diagnostics, options);
  }
}
function exitCodeOf(diagnostics) {
  if (diagnostics.some(({ code }) => code === "file/not-found")) return EXIT.usage;
  return diagnostics.some(({ severity }) => severity === "error") ? EXIT.problems : EXIT.ok;
}

export {
  EXIT,
  CommandError,
  chooseColor,
  wantsColor,
  stdout,
  print,
  say,
  REPORT_FORMATS,
  renderReport,
  exitCodeOf
};
