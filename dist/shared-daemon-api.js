import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  CommandError,
  EXIT
} from "./shared-output.js";

// src/cli/daemon-api.ts
var DEFAULT_DAEMON = "http://127.0.0.1:7117";
async function askDaemon(daemon, path, init = {}) {
  if (!URL.canParse(daemon) || !/^https?:/.test(daemon))
    throw new CommandError(EXIT.usage, `--daemon takes a URL such as ${DEFAULT_DAEMON}`);
  const headers = new Headers(init.headers);
  if (process.env.BEARERD_TOKEN) headers.set("authorization", `Bearer ${process.env.BEARERD_TOKEN}`);
  const response = await fetch(new URL(path, daemon), { ...init, headers, redirect: "error" }).catch(() => {
    throw new CommandError(EXIT.failed, `no daemon answers at ${new URL(daemon).origin}; is \`bearerd run\` running?`);
  });
  const text = await response.text();
  const body = text === "" ? void 0 : parse(text);
  if (response.status < 400) return { status: response.status, body };
  const { detail = `the daemon answered ${response.status}`, code } = body ?? {};
  throw new CommandError(USAGE.has(code ?? "") ? EXIT.usage : EXIT.failed, detail);
}
var USAGE = /* @__PURE__ */ new Set([
  "unknown_action",
  "unknown_delivery",
  "invalid_input",
  "invalid_request",
  "invalid_parameter",
  "body_too_large"
]);
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(EXIT.failed, "what answers there is no bearerd");
  }
}

export {
  askDaemon
};
