import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  askDaemon
} from "./shared-daemon-api.js";
import {
  CommandError,
  EXIT,
  print,
  say
} from "./shared-output.js";
import "./shared-render-human.js";
import "./shared-runtime.js";

// src/cli/hand-over.ts
import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
var WAIT_AGAIN_MS = 1e3;
async function handOver(given) {
  const { daemon, action, wait, format } = given;
  const query = queryOf(given);
  const path = `/v1/actions/${encodeURIComponent(action)}/deliveries${query === "" ? "" : `?${query}`}`;
  const accepted = await askDaemon(daemon, path, { method: "POST", body: await bodyOf(given) });
  const delivery = wait ? await untilSettled(daemon, accepted.body) : accepted.body;
  if (format === "json") await print(`${JSON.stringify(delivery, null, 2)}
`);
  else {
    say(`${delivery.state} ${delivery.id}`);
    if (delivery.response?.body !== void 0) await print(`${delivery.response.body}
`);
  }
  if (delivery.state === "dead")
    throw new CommandError(
      EXIT.failed,
      `delivery ${delivery.id} is dead: ${delivery.lastError?.message ?? "no reason"}`
    );
}
async function untilSettled(daemon, { id }) {
  for (; ; ) {
    const { body } = await askDaemon(daemon, `/v1/deliveries/${id}`);
    if (body.state === "delivered" || body.state === "dead") return body;
    await pause(WAIT_AGAIN_MS / 5);
  }
}
function queryOf({ input, inputFrom, params }) {
  const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [`param.${name}`, value]));
  if (inputFrom === "text") addTexts(query, "input", input);
  return query.toString();
}
function addTexts(query, name, value) {
  if (typeof value !== "object" || value === null) query.append(name, String(value));
  else for (const [key, child] of Object.entries(value)) addTexts(query, `${name}.${key}`, child);
}
async function bodyOf({ files, input, inputFrom }) {
  if (files.length === 0 && inputFrom === "text") return null;
  const form = new FormData();
  if (inputFrom === "json") form.append("input", JSON.stringify(input));
  for (const file of files) {
    const { path, name = basename(path) } = typeof file === "string" ? { path: file } : file;
    form.append("file", await openBlob(path), name);
  }
  return form;
}
async function openBlob(path) {
  return openAsBlob(path).catch(() => {
    throw new CommandError(EXIT.usage, `${path} cannot be read`);
  });
}
export {
  handOver
};
