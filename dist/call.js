import {
  readParams
} from "./shared-read-params.js";
import {
  loadExecutor
} from "./shared-load.js";
import "./shared-config-paths.js";
import {
  CommandError,
  EXIT,
  say,
  stdout
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
  createWriteStream
} from "./shared-node-fs.js";
import "./shared-version.js";
import "./shared-render-human.js";
import "./shared-secret-shape.js";
import "./shared-yaml.js";
import "./shared-source.js";
import "./shared-leven.js";
import {
  AppError,
  systemErrorCode
} from "./shared-error.js";
import {
  __callDispose,
  __using
} from "./shared-runtime.js";

// src/cli/commands/call.ts
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
async function call(service, path, options) {
  var _stack = [];
  try {
    const executor = __using(_stack, await loadExecutor(options.config), true);
    const client = executor.client(service, { params: readParams(options.param) });
    const body = options.data && await readData(options.data);
    const response = await client(path, {
      method: options.request ?? (body ? "POST" : "GET"),
      headers: headersOf(options),
      throwHttpErrors: false,
      ...body && { body }
    }).catch((error) => {
      throw appErrorOf(error) ?? new CommandError(EXIT.failed, `the request to service \`${service}\` failed`);
    });
    await write(partsOf(response, options), options.output).catch((error) => {
      throw appErrorOf(error) ?? new CommandError(EXIT.failed, writeFailure(service, error, options.output));
    });
    if (response.status >= 400) say(`bearerd: service \`${service}\` answered ${response.status}`);
    return response.status < 400 ? EXIT.ok : EXIT.failed;
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
function writeFailure(service, error, output) {
  const code = systemErrorCode(error);
  return error.syscall === "open" ? `${output} cannot be written: ${code}` : `the answer of service \`${service}\` broke off${code ? ` (${code})` : ""}`;
}
function appErrorOf(error) {
  for (let current = error; current instanceof Error; current = current.cause)
    if (current instanceof AppError) return current;
  return void 0;
}
function headersOf({ header = [], data }) {
  const headers = header.map(parseHeader);
  const named = headers.some(([name]) => name.toLowerCase() === "content-type");
  return data && !named ? [...headers, ["content-type", "application/x-www-form-urlencoded"]] : headers;
}
function parseHeader(text) {
  const at = text.indexOf(":");
  const header = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at < 1 || !isHeader(header)) throw new CommandError(EXIT.usage, '-H takes "Name: value"');
  return header;
}
function isHeader(header) {
  try {
    return new Headers([header]) !== void 0;
  } catch {
    return false;
  }
}
async function readData(given) {
  const parts = [];
  for (const data of given) parts.push(...parts.length > 0 ? [Buffer.from("&")] : [], await readPart(data));
  return new Uint8Array(Buffer.concat(parts));
}
async function readPart(data) {
  if (!data.startsWith("@")) return Buffer.from(data);
  if (data === "@-") return buffer(process.stdin);
  const path = data.slice(1);
  return readFile(path).catch(() => {
    throw new CommandError(EXIT.usage, `${path} cannot be read`);
  });
}
async function* partsOf(response, { include }) {
  if (include) yield head(response);
  if (response.body) yield* Readable.fromWeb(response.body);
}
function head(response) {
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}
`);
  return `HTTP/1.1 ${response.status} ${response.statusText}
${lines.join("")}
`;
}
async function write(parts, output) {
  if (output !== void 0) return pipeline(parts, createWriteStream(output));
  for await (const part of parts) await new Promise((resolve) => stdout().write(part, () => resolve()));
}
export {
  call
};
