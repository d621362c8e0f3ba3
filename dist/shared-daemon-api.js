import {
  CommandError,
  EXIT
} from "./shared-output.js";

// src/cli/daemon-api.ts
import { once } from "node:events";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
var DEFAULT_DAEMON = "http://127.0.0.1:7117";
var NoAnswer = class extends CommandError {
  constructor(message) {
    super(EXIT.failed, message);
  }
};
async function askDaemon(daemon, path, asked = {}) {
  const response = await send(daemon, path, asked);
  const status = response.statusCode ?? 0;
  const answer = await text(response).catch(() => {
    throw lost(daemon);
  });
  response.destroy();
  const body = answer === "" ? void 0 : parse(answer);
  if (status < 400) return body;
  const { detail = `the daemon answered ${status}`, code } = body ?? {};
  if (status === 503) throw new NoAnswer(detail);
  throw new CommandError(USAGE.has(code ?? "") ? EXIT.usage : EXIT.failed, detail);
}
async function send(daemon, path, asked) {
  const { method = "GET", body, headers, signal } = asked;
  const { url, socketPath } = addressOf(daemon);
  const { BEARERD_TOKEN } = process.env;
  const request = (url.protocol === "https:" ? requestHttps : requestHttp)(new URL(path, url), {
    method,
    ...signal && { signal },
    ...socketPath !== void 0 && { socketPath },
    headers: {
      ...headers,
      ...BEARERD_TOKEN && { authorization: `Bearer ${BEARERD_TOKEN}` },
      ...body && { "content-type": body.contentType, "content-length": body.size }
    }
  });
  const answered = once(request, "response");
  const sent = pipeline(body ? Readable.from(body.chunks) : Readable.from([]), request);
  try {
    const [response] = await Promise.race([answered, sent.then(() => answered)]);
    return response;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw NOBODY.has(error.code ?? "") ? nobody(daemon) : lost(daemon);
  }
}
var NOBODY = /* @__PURE__ */ new Set(["ECONNREFUSED", "ENOENT", "ENOTFOUND", "EACCES", "ENOTSOCK"]);
function addressOf(daemon) {
  if (daemon.startsWith("unix:/")) return { url: new URL("http://localhost"), socketPath: daemon.slice("unix:".length) };
  if (/^https?:/.test(daemon) && URL.canParse(daemon)) return { url: new URL(daemon) };
  throw new CommandError(EXIT.usage, `--daemon takes a URL such as ${DEFAULT_DAEMON}, or unix:/path`);
}
function nobody(daemon) {
  return new CommandError(EXIT.failed, `no daemon answers at ${daemon}; is \`bearerd run\` running?`);
}
function lost(daemon) {
  return new NoAnswer(`the connection to ${daemon} ended before an answer; the daemon's log may say why`);
}
var USAGE = /* @__PURE__ */ new Set([
  "unknown_action",
  "unknown_delivery",
  "invalid_input",
  "invalid_request",
  "invalid_parameter",
  "body_too_large"
]);
function parse(answer) {
  try {
    return JSON.parse(answer);
  } catch {
    throw new CommandError(EXIT.failed, "what answers there is no bearerd");
  }
}

export {
  NoAnswer,
  askDaemon
};
