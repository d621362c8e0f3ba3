import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  contentTypeOf,
  safeBaseName
} from "./shared-file-name.js";
import {
  VERSION
} from "./shared-version.js";
import {
  AppError,
  systemErrorCode
} from "./shared-error.js";

// src/deliveries/delivery.ts
import { createHash } from "node:crypto";
function requestsOf({ files: how }, files) {
  return how === "together" || files.length === 0 ? [[...files]] : files.map((file) => [file]);
}
function prepareRequest(plan, job, index, secrets) {
  const requests = requestsOf(plan, job.files);
  const files = requests[index];
  const given = (use) => ({
    input: job.input,
    files,
    values: stableValues(secrets, job, `${index} ${use}`)
  });
  const own = requests.length > 1 ? `${job.id}-${index + 1}` : job.id;
  return {
    ...plan.buildRequest(given("request")),
    files,
    idempotencyKey: plan.idempotencyKey?.(given("key")) ?? own
  };
}
function stableValues(secrets, job, use) {
  let count = 0;
  return {
    ...secrets,
    now: () => new Date(job.createdAtMs).toISOString(),
    uuid: () => uuidOf(`${job.id} ${use} ${count++}`)
  };
}
function uuidOf(text) {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = (Number.parseInt(hex[16], 16) & 3 | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

// src/deliveries/deliver-now.ts
import { randomUUID } from "node:crypto";

// src/deliveries/accept.ts
function checkedInput(plan, input, from) {
  const checked = plan.checkInput(input, from);
  if (checked.ok) return checked.input;
  const told = checked.problems.map(({ pointer, detail }) => `${pointer || "the input"} ${detail}`);
  const rest = told.length > 3 ? `, and ${told.length - 3} more` : "";
  const message = `the input of action \`${plan.name}\` does not fit: ${told.slice(0, 3).join("; ")}${rest}`;
  throw new AppError("invalid_input", message, { errors: checked.problems });
}
function checkFiles({ name, needsFile }, count) {
  if (needsFile && count === 0) throw new AppError("invalid_input", `action \`${name}\` needs a file`);
  if (!needsFile && count > 0) throw new AppError("invalid_input", `action \`${name}\` sends no file`);
}

// src/deliveries/open-files.ts
import { createHash as createHash2 } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
async function openFiles(given, options) {
  const files = [];
  for (const file of given) files.push(await openFile(typeof file === "string" ? { path: file } : file, options));
  return files;
}
async function openFile({ path, name, type }, { directory, sha256 }) {
  const absolute = resolve(directory, path);
  const own = safeBaseName(name ?? basename(path));
  const size = await sizeOf(absolute, path);
  return {
    name: own,
    size,
    type: type ?? contentTypeOf(own),
    path: absolute,
    ...sha256 && { sha256: await hashFile(absolute) }
  };
}
var REASONS = {
  ENOENT: "no such file",
  EACCES: "permission denied",
  ENAMETOOLONG: "its name is too long",
  ERR_INVALID_ARG_VALUE: "its name holds a NUL"
};
async function sizeOf(path, shown) {
  let handle;
  const unavailable = (reason) => new AppError("file_unavailable", `${JSON.stringify(shown).slice(1, -1)}: ${reason}`);
  try {
    handle = await open(path, "r");
    const info = await handle.stat();
    if (info.isFile()) return info.size;
    throw unavailable(info.isDirectory() ? "this is a folder" : "this is no regular file");
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = systemErrorCode(error) ?? "";
    throw unavailable(REASONS[code] ?? `cannot be read (${code})`);
  } finally {
    await handle?.close();
  }
}
async function hashFile(path) {
  const hash = createHash2("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

// src/deliveries/progress-feed.ts
function createProgressFeed() {
  let newest;
  let serial = 0;
  let over;
  let wake = Promise.withResolvers();
  const tell = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  return {
    push(value) {
      newest = { value, serial: ++serial };
      tell();
    },
    end() {
      over = {};
      tell();
    },
    fail(error) {
      over = { error };
      tell();
    },
    iterate() {
      let seen = 0;
      return {
        async next() {
          while (!over && (newest?.serial ?? 0) === seen) await wake.promise;
          if (newest && newest.serial !== seen) {
            seen = newest.serial;
            return { done: false, value: newest.value };
          }
          if (over && "error" in over) throw over.error;
          return { done: true, value: void 0 };
        }
      };
    }
  };
}

// src/deliveries/retry-delay.ts
function retryDelay(error, attempt, pauseMs, { clock, random }) {
  const backoffMs = Math.min(pauseMs.min * 2 ** Math.min(attempt - 1, 30), pauseMs.max) * (0.75 + random() / 4);
  return Math.ceil(Math.max(backoffMs, (error.details.retryAtMs ?? 0) - clock.nowMs()));
}

// src/deliveries/send-request.ts
import { createReadStream as createReadStream2 } from "node:fs";
import { Readable } from "node:stream";
import { Agent, request } from "undici";
var agent = new Agent({ connect: { timeout: 1e4 }, keepAliveTimeout: 1e4 });
async function sendRequest(outgoing2, options) {
  const { url, method, headers } = outgoing2;
  const body = bodyOf(outgoing2, options);
  try {
    const answer = await request(url, {
      method,
      headers: [...headers.flat(), ...body ? ["Content-Length", String(body.size)] : []],
      body: body?.content ?? null,
      dispatcher: agent,
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      ...options.signal && { signal: options.signal }
    });
    const retryAfter = answer.headers["retry-after"];
    const response = await readAnswer(answer, options.keepBytes);
    return {
      status: answer.statusCode,
      ...typeof retryAfter === "string" && { retryAfter },
      ...response && { response }
    };
  } catch (error) {
    options.signal?.throwIfAborted();
    throw body?.fault() ?? failure(error, options);
  }
}
function bodyOf({ body, files }, { onSent }) {
  if (body.length === 0) return void 0;
  const size = body.reduce(
    (sum, part) => sum + (part.kind === "bytes" ? part.bytes.length : files[part.index].size),
    0
  );
  const [only] = body;
  if (body.length === 1 && only?.kind === "bytes") return { size, content: only.bytes, fault: () => void 0 };
  let fault;
  async function* bytes() {
    try {
      for (const part of body) {
        if (part.kind === "bytes") yield part.bytes;
        else yield* readFile(files[part.index], onSent);
      }
    } catch (error) {
      fault = error instanceof AppError ? error : unreadable(error);
      throw fault;
    }
  }
  return {
    size,
    content: Readable.from(bytes(), { objectMode: false, highWaterMark: CHUNK_BYTES }),
    fault: () => fault
  };
}
var CHUNK_BYTES = 256 * 1024;
async function* readFile({ path, name, size }, onSent) {
  if (size === 0) return;
  let read = 0;
  for await (const chunk of createReadStream2(path, { end: size - 1, highWaterMark: CHUNK_BYTES })) {
    const bytes = chunk;
    read += bytes.length;
    yield bytes;
    onSent?.(bytes.length);
  }
  if (read < size) throw new AppError("file_unavailable", `file \`${name}\` became shorter while it was read`);
}
function unreadable(error) {
  return new AppError(
    "file_unavailable",
    `a file of the delivery cannot be read (${systemErrorCode(error) ?? "unknown reason"})`
  );
}
var MAX_DISCARDED_BYTES = 256 * 1024;
async function readAnswer(answer, keepBytes) {
  if (keepBytes === void 0) {
    await answer.body.dump({ limit: MAX_DISCARDED_BYTES }).catch(() => void 0);
    return void 0;
  }
  const chunks = [];
  let size = 0;
  for await (const chunk of answer.body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > keepBytes) break;
  }
  const contentType = answer.headers["content-type"];
  return {
    status: answer.statusCode,
    ...typeof contentType === "string" && { contentType },
    body: Buffer.concat(chunks).subarray(0, keepBytes),
    cut: size > keepBytes
  };
}
var TIMEOUTS = ["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"];
var RESETS = ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH"];
function failure(error, { target, service, timeoutMessage }) {
  const code = systemErrorCode(error) ?? "connection failed";
  const details = { transient: true, ...service !== void 0 && { service } };
  if (TIMEOUTS.includes(code))
    return new AppError("upstream_timeout", timeoutMessage ?? `${target} did not answer in time`, details);
  if (RESETS.includes(code))
    return new AppError("upstream_reset", `${target} closed the connection before its answer was complete`, details);
  return new AppError("upstream_unreachable", `${target} cannot be reached (${code})`, details);
}

// src/deliveries/send-delivery.ts
async function sendDelivery(job, index, context) {
  const { action, service } = context;
  const prepared = prepareRequest(action.plan, job, index, await action.values());
  const answer = service ? await sendToService(prepared, service, context) : await sendToUrl(prepared, context);
  return judge(answer, action.plan, context);
}
var DEFAULT_TIMEOUT_MS = 3e4;
function sendToUrl(prepared, context) {
  if (prepared.target.kind !== "url") throw new Error("a path needs a service");
  const { url } = prepared.target;
  return sendRequest(outgoing(prepared, url, []), {
    ...common(context),
    target: url.host,
    timeoutMs: DEFAULT_TIMEOUT_MS
  });
}
function common({ action, signal, onSent }) {
  const { keepResponseBytes } = action.plan;
  return {
    ...keepResponseBytes !== void 0 && { keepBytes: keepResponseBytes },
    ...signal && { signal },
    ...onSent && { onSent }
  };
}
async function sendToService(prepared, service, context) {
  const { plan } = service;
  const options = {
    ...common(context),
    target: `service \`${plan.name}\``,
    service: plan.name,
    timeoutMs: plan.timeoutMs,
    ...plan.timeoutMessage !== void 0 && { timeoutMessage: plan.timeoutMessage }
  };
  const send = (authorized) => sendRequest(authorize(prepared, authorized, service), options);
  const first = await service.authorize(Math.min(plan.timeoutMs, MAX_MIN_TTL_MS));
  const answer = await send(first);
  const verdict = service.judge(first, answer.status);
  if (verdict === "accepted") service.accept(first);
  if (verdict !== "rejected") return answer;
  service.reject(first);
  context.onAgain?.();
  const renewed = await service.authorize();
  const second = await send(renewed);
  const again = service.judge(renewed, second.status);
  if (again === "rejected") service.reject(renewed);
  else if (again === "accepted") service.accept(renewed);
  return second;
}
var MAX_MIN_TTL_MS = 6e4;
function authorize(prepared, { serverUrl, injection }, { plan }) {
  if (prepared.target.kind !== "path") throw new Error("a service has a path");
  const url = new URL(serverUrl);
  const base = url.pathname.replace(/\/$/, "");
  const [path = "", ...query] = prepared.target.path.split("?");
  url.pathname = base + path;
  if (query.length > 0) url.search = query.join("?");
  for (const name of plan.removes.query) url.searchParams.delete(name);
  for (const [name, value] of injection.query) url.searchParams.set(name, value);
  const { headers, ...request2 } = outgoing(prepared, url, injection.headers);
  const taken = plan.removes.headers;
  const injected = new Set(injection.headers);
  return { ...request2, headers: headers.filter((header) => injected.has(header) || !taken.has(header[0].toLowerCase())) };
}
function outgoing(prepared, url, injected) {
  const { method, body, files, headers, idempotencyKey } = prepared;
  const said = new Set(headers.map(([name]) => name.toLowerCase()));
  const own = [
    ["User-Agent", `bearerd/${VERSION}`],
    ["Idempotency-Key", idempotencyKey]
  ];
  return {
    url,
    method,
    body,
    files,
    headers: [...own.filter(([name]) => !said.has(name.toLowerCase())), ...headers, ...injected]
  };
}
var RETRIED = /* @__PURE__ */ new Set([408, 425, 429]);
function judge(answer, plan, { nowMs }) {
  const { status, response, retryAfter } = answer;
  const delivered = plan.successStatus?.includes(status) ?? (status >= 200 && status < 300);
  if (delivered) return { status, ...response && { response } };
  const transient = plan.retry.on?.includes(status) ?? (RETRIED.has(status) || status >= 500);
  const retryAtMs = transient ? retryTime(retryAfter, nowMs()) : void 0;
  const details = {
    status,
    transient,
    ...plan.service !== void 0 && { service: plan.service },
    ...retryAtMs !== void 0 && { retryAtMs }
  };
  const who = plan.service === void 0 ? `the server of action \`${plan.name}\`` : `service \`${plan.service}\``;
  throw new AppError("delivery_refused", `${who} answered ${status}${REASONS2[status] ?? ""}`, details);
}
var REASONS2 = {
  401: ", also to a new token: check the account and its scope",
  403: ": the account may not do this",
  404: ": check `path` and the serverUrl",
  413: ": the content is too large for it"
};
function retryTime(header, nowMs) {
  if (header === void 0) return void 0;
  const atMs = /^\d{1,9}$/.test(header) ? nowMs + Number(header) * 1e3 : Date.parse(header);
  return Number.isNaN(atMs) ? void 0 : Math.min(Math.max(atMs, nowMs), nowMs + 864e5);
}

// src/deliveries/deliver-now.ts
var DEFAULT_ATTEMPTS = 3;
var PAUSE_MS = { min: 1e3, max: 3e4 };
function deliverNow(context, options) {
  const id = randomUUID();
  const feed = createProgressFeed();
  const result = run(id, context, options, feed.push);
  result.then(feed.end, feed.fail);
  return { id, result, [Symbol.asyncIterator]: feed.iterate };
}
async function run(id, context, options, report) {
  const job = await openJob(id, context, options);
  const requests = requestsOf(context.action.plan, job.files);
  const sent = [];
  for (let index = 0; index < requests.length; index++) {
    const before = requests.slice(0, index).flat();
    const sentBefore = before.reduce((sum, { size }) => sum + size, 0);
    sent.push(await sendOne({ job, index, context, options, sentBefore, report }));
  }
  return { id, requests: sent };
}
async function openJob(id, { action, clock, directory }, options) {
  const { plan } = action;
  const { files: given = [], input = {}, inputFrom = "json", params = {} } = options;
  checkFiles(plan, given.length);
  const checked = checkedInput(plan, input, inputFrom);
  const files = await openFiles(given, { directory, sha256: plan.needsSha256 });
  return { id, action: plan.name, params, input: checked, files, createdAtMs: clock.nowMs() };
}
async function sendOne(one) {
  const { job, index, context, options } = one;
  const { attempts = DEFAULT_ATTEMPTS, signal } = options;
  const requests = requestsOf(context.action.plan, job.files);
  const [file, another] = requests[index];
  const name = file && !another ? { file: file.name } : {};
  const totalBytes = job.files.reduce((sum, { size }) => sum + size, 0);
  for (let attempt = 1; ; attempt++) {
    let sentBytes = one.sentBefore;
    const tell = () => one.report({ request: index + 1, requests: requests.length, attempt, ...name, sentBytes, totalBytes });
    tell();
    try {
      const delivered = await sendDelivery(job, index, {
        action: context.action,
        service: context.service(job.params),
        nowMs: context.clock.nowMs,
        ...signal && { signal },
        onSent(bytes) {
          sentBytes += bytes;
          tell();
        },
        onAgain() {
          sentBytes = one.sentBefore;
        }
      });
      return { ...name, attempts: attempt, ...delivered };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const delayMs = retryDelay(error, attempt, PAUSE_MS, context);
      if (!error.details.transient || attempt >= attempts)
        throw new AppError(error.code, error.message, { ...error.details, attempts: attempt });
      await context.clock.sleep(delayMs, signal);
    }
  }
}

export {
  checkedInput,
  checkFiles,
  requestsOf,
  prepareRequest,
  retryDelay,
  sendDelivery,
  deliverNow,
  openJob
};
