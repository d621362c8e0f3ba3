import {
  joinInput,
  setText
} from "./shared-text-input.js";
import {
  readParams
} from "./shared-read-params.js";
import {
  createByteProgress,
  showDelivery
} from "./shared-byte-progress.js";
import {
  loadExecutor
} from "./shared-load.js";
import "./shared-config-paths.js";
import {
  CommandError,
  EXIT,
  print
} from "./shared-output.js";
import "./shared-client.js";
import "./shared-cached-source.js";
import "./shared-open-files.js";
import "./shared-clock.js";
import "./shared-schema-finding.js";
import "./shared-read.js";
import "./shared-request-token.js";
import "./shared-jose.js";
import "./shared-text.js";
import "./shared-file-name.js";
import "./shared-pattern.js";
import "./shared-size.js";
import "./shared-template.js";
import {
  createWriteStream,
  existsSync
} from "./shared-node-fs.js";
import "./shared-version.js";
import "./shared-render-human.js";
import "./shared-secret-shape.js";
import "./shared-yaml.js";
import "./shared-source.js";
import "./shared-leven.js";
import {
  AppError
} from "./shared-error.js";
import {
  __callDispose,
  __using
} from "./shared-runtime.js";

// src/cli/given-files.ts
import { glob, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
async function givenFiles(paths, name) {
  if (name !== void 0 && !paths.includes("-"))
    throw new CommandError(EXIT.usage, "--name is the name of standard input: name it with `-`");
  if (paths.filter((path) => path === "-").length > 1)
    throw new CommandError(EXIT.usage, "standard input can be sent once");
  const files = [];
  let folder;
  for (const path of paths) {
    if (path !== "-") files.push(...await expand(path));
    else {
      folder = await mkdtemp(join(tmpdir(), "bearerd-stdin-"));
      files.push({ path: await spool(folder), name: name ?? "stdin" });
    }
  }
  return {
    files,
    async [Symbol.asyncDispose]() {
      if (folder) await rm(folder, { recursive: true, force: true });
    }
  };
}
async function expand(path) {
  if (!/[*?[{]/.test(path) || existsSync(path)) return [path];
  const matches = [];
  for await (const match of glob(path)) matches.push(match);
  if (matches.length === 0) throw new CommandError(EXIT.usage, `no file matches ${path}`);
  return matches.sort();
}
async function spool(folder) {
  const path = join(folder, "stdin");
  await pipeline(process.stdin, createWriteStream(path, { mode: 384 }));
  return path;
}

// src/cli/read-input.ts
import { readFile } from "node:fs/promises";
async function readInput({ input = [], inputFile }) {
  const read = inputFile === void 0 ? void 0 : await readInputFile(inputFile);
  const texts = {};
  for (const text of input) addText(texts, text);
  const joined = joinInput(read ?? {}, texts);
  if (!joined) throw new CommandError(EXIT.usage, `${inputFile} holds no mapping: --input cannot add to it`);
  return { read, texts, joined };
}
function addText(texts, text) {
  const at = text.indexOf("=");
  const path = text.slice(0, Math.max(at, 0)).split(".");
  if (at < 1 || path.includes("")) throw new CommandError(EXIT.usage, `--input takes NAME=VALUE, not \`${text}\``);
  setText(texts, path, text.slice(at + 1));
}
async function readInputFile(path) {
  const text = await readFile(path, "utf8").catch((error) => {
    throw new CommandError(EXIT.usage, `${path} cannot be read (${error.code ?? "unknown reason"})`);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(EXIT.usage, `${path} is not JSON`);
  }
}

// src/cli/commands/deliver.ts
async function deliver(action, paths, flags) {
  var _stack = [];
  try {
    if (flags.dryRun && flags.daemon !== void 0)
      throw new CommandError(EXIT.usage, "--dry-run shows what this process would send: leave out --daemon");
    const input = await readInput(flags);
    const params = readParams(flags.param);
    const files = __using(_stack, await givenFiles(paths, flags.name), true);
    if (flags.daemon !== void 0) {
      const { handOver } = await import("./hand-over.js");
      const { daemon, wait, format } = flags;
      await handOver({ daemon, action, files: files.files, input, params, wait, format });
      return EXIT.ok;
    }
    const executor = __using(_stack, await loadExecutor(flags.config), true);
    const options = { files: files.files, input: input.joined.input, inputFrom: input.joined.from, params };
    try {
      if (flags.dryRun) await print(await showRequests(executor, action, options));
      else await run(executor, action, options, flags);
      return EXIT.ok;
    } catch (error) {
      if (error instanceof AppError && USAGE.has(error.code)) throw new CommandError(EXIT.usage, error.message);
      throw error;
    }
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
var USAGE = /* @__PURE__ */ new Set(["unknown_action", "invalid_input", "invalid_parameter", "file_unavailable"]);
async function run(executor, action, options, flags) {
  const stop = new AbortController();
  const onSignal = () => stop.abort(new CommandError(EXIT.failed, "stopped: the request that was on its way may have arrived"));
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const progress = createByteProgress(process.stderr);
  const delivery = executor.deliver(action, { ...options, signal: stop.signal });
  try {
    for await (const step of delivery) progress.report(step);
    progress.clear();
    await showDelivery({ ...delivered(await delivery.result), action }, { format: flags.format, own: true });
  } catch (error) {
    progress.clear();
    if (!(error instanceof AppError) || USAGE.has(error.code)) throw error;
    await showDelivery({ ...dead(delivery.id, error), action }, { format: flags.format, own: true });
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}
function delivered({ id, requests }) {
  const shown = requests.map(({ response, ...request }) => ({
    ...request,
    ...response && { response: shownResponse(response) }
  }));
  const attempts = Math.max(...requests.map((request) => request.attempts));
  const last = shown.at(-1)?.response;
  return { id, state: "delivered", attempts, lastError: null, ...last && { response: last }, requests: shown };
}
function dead(id, { code, message, details }) {
  const { status, attempts = 0 } = details;
  return { id, state: "dead", attempts, lastError: { code, message, ...status !== void 0 && { status } } };
}
function shownResponse({ body, ...rest }) {
  const text = body.toString("utf8");
  return Buffer.from(text, "utf8").equals(body) ? { ...rest, body: text } : { ...rest, bodyBase64: body.toString("base64") };
}
async function showRequests(executor, action, options) {
  const { describeRequests } = await import("./describe-requests.js");
  return describeRequests(executor, action, options);
}
export {
  deliver
};
