import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  MAX_JUDGED_BYTES,
  contentTypeOf,
  isJudged,
  safeBaseName
} from "./shared-file-name.js";
import {
  isLinkLocal
} from "./shared-link-local.js";
import {
  cleanForeignText
} from "./shared-secret.js";
import {
  AppError,
  appErrorIn,
  systemErrorCode
} from "./shared-error.js";

// src/deliveries/open-files.ts
import { createHash } from "node:crypto";
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
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

// src/deliveries/send-request.ts
import { createReadStream as createReadStream2 } from "node:fs";
import { Readable } from "node:stream";
import { request } from "undici";

// src/runtime/connections.ts
import { createHash as createHash2 } from "node:crypto";
import { Agent, ProxyAgent, fetch as undiciFetch } from "undici";

// src/runtime/choose-proxy.ts
function chooseProxy(proxy, origin, environment) {
  const { protocol, hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const endpoint = { host, port: port || (protocol === "https:" ? "443" : "80") };
  if (proxy === void 0 || isExcepted(endpoint, variable(environment, "NO_PROXY") ?? "")) return void 0;
  if (proxy !== "environment") return proxy;
  const text = variable(environment, protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (!text) return void 0;
  return /^https?:\/\//.test(text) ? text : `http://${text}`;
}
function variable(environment, name) {
  return environment[name.toLowerCase()] || environment[name];
}
function isExcepted({ host, port }, list) {
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === "") return false;
    if (entry === "*") return true;
    const [, name = "", entryPort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry.toLowerCase().replace(/^\*?\./, "")) ?? [];
    if (entryPort !== void 0 && entryPort !== port) return false;
    return host === name || host.endsWith(`.${name}`) && !/^[\d.]+$/.test(host);
  });
}

// src/runtime/guarded-lookup.ts
import { lookup } from "node:dns";
var guardedLookup = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return done(error, "");
    const allowed = found.filter(({ address: address2 }) => !isLinkLocal(address2));
    if (allowed.length === 0) return done(refusal(hostname), "");
    if (options.all) return done(null, allowed);
    const [{ address, family }] = allowed;
    done(null, address, family);
  });
};
function refusal(hostname) {
  const host = cleanForeignText(hostname, [], 100);
  const message = `the host ${host}, which a value chose, has a link-local or metadata address; write such a host literally`;
  return new AppError("invalid_template_value", message);
}

// src/runtime/connections.ts
var MAX_DISPATCHERS = 256;
function createConnections({ agent, environment = process.env }) {
  const plain = new Agent(agent);
  const byKey = /* @__PURE__ */ new Map();
  const byConnection = /* @__PURE__ */ new WeakMap();
  const find = (connection, origin) => {
    const proxy = chooseProxy(connection.proxy?.reveal(), origin, environment);
    const key = keyOf(connection, proxy);
    const dispatcher = byKey.get(key) ?? openWith(agent, connection, proxy);
    byKey.delete(key);
    byKey.set(key, dispatcher);
    if (byKey.size > MAX_DISPATCHERS) closeFirst(byKey);
    return dispatcher;
  };
  return {
    dispatcher(connection, origin) {
      if (!connection) return plain;
      const known = byConnection.get(connection) ?? /* @__PURE__ */ new Map();
      byConnection.set(connection, known);
      const before = known.get(origin);
      if (before && !isClosed(before)) return before;
      const dispatcher = find(connection, origin);
      known.set(origin, dispatcher);
      return dispatcher;
    },
    async close() {
      await Promise.all([plain, ...byKey.values()].map((dispatcher) => dispatcher.close()));
    }
  };
}
function isClosed(dispatcher) {
  const { closed, destroyed } = dispatcher;
  return closed || destroyed;
}
function closeFirst(dispatchers) {
  const [first] = dispatchers;
  if (!first) return;
  dispatchers.delete(first[0]);
  void first[1].close().catch(() => void 0);
}
function connectionIdentity(connection = {}) {
  return keyOf(connection, connection.proxy?.reveal());
}
function keyOf({ ca, cert, key, serverName, guarded }, proxy) {
  const parts = [ca, cert, key?.reveal(), serverName, guarded, proxy];
  return createHash2("sha256").update(JSON.stringify(parts)).digest("base64");
}
function openWith(agent, connection, proxy) {
  const tls = tlsOptions(connection);
  const lookup2 = connection.guarded && { lookup: guardedLookup };
  if (proxy === void 0) return new Agent({ ...agent, connect: { ...agent.connect, ...tls, ...lookup2 } });
  const { href, credentials } = splitProxy(proxy);
  return new ProxyAgent({
    ...agent,
    uri: href,
    ...credentials !== void 0 && { token: credentials },
    proxyTunnel: true,
    requestTls: { ...agent.connect, ...tls }
  });
}
function tlsOptions({ ca, cert, key, serverName }) {
  return {
    rejectUnauthorized: true,
    ...ca !== void 0 && { ca },
    ...cert !== void 0 && { cert },
    ...key && { key: key.reveal() },
    ...serverName !== void 0 && { servername: serverName }
  };
}
function splitProxy(proxy) {
  const url = new URL(proxy);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  if (username === "") return { href: url.href };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { href: url.href, credentials: `Basic ${Buffer.from(pair, "utf8").toString("base64")}` };
}
async function fetchThrough(dispatcher, request2, init = {}) {
  const { method, headers } = request2;
  const body = init.body ?? request2.body;
  const options = {
    method,
    headers: [...headers],
    ...body && { body, duplex: "half" },
    redirect: "manual",
    signal: init.signal ?? request2.signal,
    dispatcher
  };
  return await undiciFetch(request2.url, options);
}

// src/runtime/decoded-text.ts
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
function decodedText(bytes, encoding, maxBytes) {
  const limit = { maxOutputLength: maxBytes };
  try {
    switch (encoding.toLowerCase()) {
      case "":
      case "identity":
        return bytes.toString();
      case "gzip":
      case "x-gzip":
        return gunzipSync(bytes, limit).toString();
      case "deflate":
        return inflateSync(bytes, limit).toString();
      case "br":
        return brotliDecompressSync(bytes, limit).toString();
      default:
        return "";
    }
  } catch {
    return "";
  }
}

// src/deliveries/read-answer.ts
var MAX_DISCARDED_BYTES = 256 * 1024;
async function readAnswer({ statusCode: status, headers, body }, { keepBytes, judges }) {
  const header = (name) => String(headers[name] ?? "");
  const isRead = judges?.(status) === true && isJudged(header("content-type"), header("content-length"));
  if (keepBytes === void 0 && !isRead) {
    await body.dump({ limit: MAX_DISCARDED_BYTES }).catch(() => void 0);
    return {};
  }
  const reading = readUpTo(body, Math.max(keepBytes ?? 0, isRead ? MAX_JUDGED_BYTES : 0));
  const bytes = await (keepBytes === void 0 ? reading.catch(() => Buffer.alloc(0)) : reading);
  const isWhole = isRead && bytes.length <= MAX_JUDGED_BYTES;
  return {
    ...isWhole && { judged: decodedText(bytes, header("content-encoding"), MAX_JUDGED_BYTES) },
    ...keepBytes !== void 0 && { response: kept(bytes, { status, keepBytes, type: headers["content-type"] }) }
  };
}
async function readUpTo(body, limit) {
  const chunks = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) break;
  }
  return Buffer.concat(chunks);
}
function kept(bytes, of) {
  const { status, keepBytes, type } = of;
  return {
    status,
    ...typeof type === "string" && { contentType: type },
    body: bytes.subarray(0, keepBytes),
    cut: bytes.length > keepBytes
  };
}

// src/deliveries/send-request.ts
var connections = createConnections({ agent: { connect: { timeout: 1e4 }, keepAliveTimeout: 1e4 } });
async function sendRequest(outgoing, options) {
  const { url, method, headers } = outgoing;
  const body = bodyOf(outgoing, options);
  try {
    const answer = await request(url, {
      method,
      headers: [...headers.flat(), ...body ? ["Content-Length", String(body.size)] : []],
      body: body?.content ?? null,
      dispatcher: connections.dispatcher(options.connection, url.origin),
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      ...options.signal && { signal: options.signal }
    });
    const { "retry-after": retryAfter, "www-authenticate": challenge, "dpop-nonce": dpopNonce } = answer.headers;
    const read = await readAnswer(answer, options);
    return {
      status: answer.statusCode,
      ...typeof retryAfter === "string" && { retryAfter },
      ...challenge !== void 0 && { challenge: String(challenge) },
      ...typeof dpopNonce === "string" && { dpopNonce },
      ...read
    };
  } catch (error) {
    options.signal?.throwIfAborted();
    throw body?.fault() ?? appErrorIn(error) ?? failure(error, options);
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

export {
  openFiles,
  createConnections,
  connectionIdentity,
  fetchThrough,
  decodedText,
  sendRequest,
  readFile
};
