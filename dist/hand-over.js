import {
  createByteProgress,
  showDelivery
} from "./shared-byte-progress.js";
import {
  NoAnswer,
  askDaemon
} from "./shared-daemon-api.js";
import {
  createWaiting
} from "./shared-waiting.js";
import {
  CommandError,
  EXIT
} from "./shared-output.js";
import {
  openFiles,
  readFile
} from "./shared-open-files.js";
import "./shared-clock.js";
import {
  formName
} from "./shared-file-name.js";
import "./shared-size.js";
import "./shared-node-fs.js";
import "./shared-render-human.js";
import {
  AppError
} from "./shared-error.js";
import "./shared-runtime.js";

// src/cli/hand-over.ts
import { randomUUID as randomUUID2 } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

// src/cli/upload-form.ts
import { randomUUID } from "node:crypto";
async function uploadForm({ input, files: given }, onProgress) {
  if (given.length === 0 && input === void 0) return void 0;
  const files = await openFiles(given, { directory: process.cwd(), sha256: false }).catch(usage);
  const boundary = `bearerd-${randomUUID()}`;
  const heads = files.map((file) => fileHead(boundary, file));
  const start = input === void 0 ? "" : inputPart(boundary, JSON.stringify(input));
  const end = `--${boundary}--\r
`;
  const framing = [start, ...heads, end].reduce((sum, text) => sum + Buffer.byteLength(text), 2 * files.length);
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0);
  async function* chunks() {
    let sentBytes = 0;
    yield Buffer.from(start);
    for (const [index, file] of files.entries()) {
      const tell = () => onProgress({
        request: index + 1,
        requests: files.length,
        attempt: 1,
        attempts: 1,
        file: file.name,
        sentBytes,
        totalBytes
      });
      tell();
      yield Buffer.from(heads[index]);
      yield* readFile(file, (bytes) => {
        sentBytes += bytes;
        tell();
      });
      yield Buffer.from("\r\n");
    }
    yield Buffer.from(end);
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    size: framing + totalBytes,
    chunks: asUsage(chunks())
  };
}
function inputPart(boundary, json) {
  return `--${boundary}\r
Content-Disposition: form-data; name="input"\r
\r
${json}\r
`;
}
function fileHead(boundary, { name, type }) {
  const disposition = `Content-Disposition: form-data; name="file"; filename="${formName(name)}"`;
  return `--${boundary}\r
${disposition}\r
Content-Type: ${type}\r
\r
`;
}
async function* asUsage(chunks) {
  try {
    yield* chunks;
  } catch (error) {
    usage(error);
  }
}
function usage(error) {
  if (error instanceof AppError) throw new CommandError(EXIT.usage, error.message);
  throw error;
}

// src/cli/hand-over.ts
var ASKED_EVERY_MS = 200;
var ATTEMPTS = 3;
var AGAIN_AFTER_MS = 1e3;
async function handOver(given) {
  const { daemon, wait, format } = given;
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  let accepted;
  try {
    accepted = await accept(given, stop.signal);
    await showDelivery(wait ? await untilSettled(daemon, accepted, stop.signal) : accepted, { format });
  } catch (error) {
    throw stop.signal.aborted ? interrupted(accepted) : error;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}
function interrupted(accepted) {
  if (!accepted)
    return new CommandError(EXIT.failed, "stopped: the daemon may have accepted it; see `bearerd deliveries`");
  const { id } = accepted;
  return new CommandError(EXIT.failed, `delivery ${id} goes on in the daemon: see \`bearerd deliveries show ${id}\``);
}
function outOfSight(id, error) {
  if (!(error instanceof CommandError) || error.exitCode !== EXIT.failed) return error;
  return new CommandError(
    EXIT.failed,
    `${error.message}
delivery ${id} was accepted and is not lost: it goes on when the daemon runs; see \`bearerd deliveries show ${id}\``
  );
}
async function accept(given, signal) {
  const { daemon, action, files, input } = given;
  const query = queryOf(given);
  const path = `/v1/actions/${encodeURIComponent(action)}/deliveries${query === "" ? "" : `?${query}`}`;
  const headers = { "idempotency-key": randomUUID2() };
  for (let attempt = 1; ; attempt++) {
    const progress = createByteProgress(process.stderr);
    try {
      const body = await uploadForm(
        { input: input.read, files },
        (step) => progress.report({ ...step, attempt, attempts: ATTEMPTS })
      );
      return await askDaemon(daemon, path, { method: "POST", headers, signal, ...body && { body } });
    } catch (error) {
      if (signal.aborted || !(error instanceof NoAnswer) || attempt >= ATTEMPTS) throw error;
      await pause(AGAIN_AFTER_MS, void 0, { signal });
    } finally {
      progress.clear();
    }
  }
}
async function untilSettled(daemon, accepted, signal) {
  const waiting = createWaiting(process.stderr);
  const { id } = accepted;
  try {
    for (let delivery = accepted; ; ) {
      if (delivery.state === "delivered" || delivery.state === "dead") return delivery;
      waiting.show(`${id}: ${delivery.state}${delivery.attempts > 0 ? `, attempt ${delivery.attempts}` : ""}`);
      await pause(ASKED_EVERY_MS, void 0, { signal });
      delivery = await askDaemon(daemon, `/v1/deliveries/${id}`, { signal }).catch((error) => {
        throw outOfSight(id, error);
      });
    }
  } finally {
    waiting.clear();
  }
}
function queryOf({ input, params }) {
  const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [`param.${name}`, value]));
  addTexts(query, "input", input.texts);
  return query.toString();
}
function addTexts(query, name, value) {
  if (typeof value !== "object" || value === null) query.append(name, String(value));
  else for (const [key, child] of Object.entries(value)) addTexts(query, `${name}.${key}`, child);
}
export {
  handOver
};
