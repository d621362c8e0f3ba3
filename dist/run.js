import {
  joinInput,
  setText
} from "./shared-text-input.js";
import {
  reportProblems
} from "./shared-load.js";
import {
  setFlagsFromString
} from "./shared-node-v8.js";
import {
  configPaths
} from "./shared-config-paths.js";
import {
  CommandError,
  EXIT
} from "./shared-output.js";
import {
  ConfigurationError,
  MAX_REPLAYABLE_BYTES,
  REAL_EFFECTS,
  changedSettings,
  createExecutor,
  isConnectionFailure,
  repeatsOf
} from "./shared-client.js";
import {
  checkFiles,
  checkRequests,
  checkedInput,
  clientSecretOf,
  createConnections,
  decodedText,
  notAllowed,
  proofHeaders,
  requestsOf,
  retryDelay,
  sendDelivery,
  toAuthorization,
  toRfc3339,
  wantsNonce
} from "./shared-cached-source.js";
import "./shared-open-files.js";
import {
  systemClock
} from "./shared-clock.js";
import {
  DEFAULT_LIMITS,
  alternativeNamesOf,
  isExposed,
  selecting,
  subjectOf
} from "./shared-schema-finding.js";
import "./shared-read.js";
import {
  isHeaderValue,
  isIdempotent
} from "./shared-request-token.js";
import {
  MAX_JUDGED_BYTES,
  isJudged
} from "./shared-jose.js";
import "./shared-text.js";
import {
  contentTypeOf,
  safeBaseName
} from "./shared-file-name.js";
import "./shared-pattern.js";
import "./shared-size.js";
import {
  Secret,
  hidesDots,
  isLoopback,
  parseDuration
} from "./shared-template.js";
import {
  existsSync,
  mkdirSync
} from "./shared-node-fs.js";
import {
  VERSION
} from "./shared-version.js";
import {
  jsonReport
} from "./shared-render-json.js";
import "./shared-render-human.js";
import "./shared-secret-shape.js";
import "./shared-yaml.js";
import "./shared-source.js";
import "./shared-leven.js";
import {
  AppError,
  errorFacts,
  systemErrorCode
} from "./shared-error.js";
import "./shared-runtime.js";

// src/server/http-server.ts
import {
  createServer
} from "node:http";
import { createServer as createTlsServer } from "node:https";

// src/server/client-error.ts
import { STATUS_CODES } from "node:http";

// src/server/problem.ts
var PROBLEM_TYPE = "application/problem+json";
var PROBLEMS = {
  unknown_service: { status: 404, title: "Unknown service" },
  file_unavailable: { status: 422, title: "File not available" },
  unknown_delivery: { status: 404, title: "Unknown delivery" },
  storage_full: { status: 507, title: "State folder full" },
  body_too_large: { status: 413, title: "Body too large" },
  delivery_running: { status: 409, title: "Delivery at work" },
  delivery_refused: { status: 502, title: "Delivery refused" },
  unknown_action: { status: 404, title: "Unknown action" },
  no_configuration: { status: 503, title: "No configuration" },
  state_unavailable: { status: 503, title: "State not available" },
  state_refused: { status: 422, title: "Not storable" },
  secret_unavailable: { status: 503, title: "Secret not available" },
  invalid_template_value: { status: 502, title: "Invalid value in a template" },
  not_allowed: { status: 403, title: "Not allowed" },
  invalid_path: { status: 400, title: "Invalid path" },
  invalid_parameter: { status: 400, title: "Invalid parameter" },
  invalid_request: { status: 400, title: "Invalid request" },
  request_timeout: { status: 408, title: "Request too slow" },
  too_busy: { status: 503, title: "Too busy" },
  unauthenticated: { status: 401, title: "Unknown caller" },
  forbidden: { status: 403, title: "Not for this caller" },
  idempotency_key_reused: { status: 422, title: "Idempotency key of another delivery" },
  invalid_input: { status: 422, title: "Invalid input" },
  token_timeout: { status: 503, title: "Token endpoint too slow" },
  token_unreachable: { status: 503, title: "Token endpoint unreachable" },
  token_refused: { status: 502, title: "Token refused" },
  token_invalid_response: { status: 502, title: "Unusable token response" },
  token_redirect: { status: 502, title: "Token endpoint redirects" },
  discovery_failed: { status: 502, title: "Issuer metadata not usable" },
  upstream_timeout: { status: 504, title: "Service too slow" },
  upstream_unreachable: { status: 502, title: "Service unreachable" },
  upstream_reset: { status: 502, title: "Service broke off" }
};
function problem(code, status2, title, detail) {
  return { type: `https://bearerd.dev/problems/${code.replaceAll("_", "-")}`, title, status: status2, detail, code };
}
function problemOf(error, service) {
  if (!(error instanceof AppError)) return problem("internal", 500, "Internal error", "see the log for this requestId");
  const { status: status2, title } = PROBLEMS[error.code];
  const { account, caller, endpoint, oauthError, attempts, retryAtMs } = error.details;
  return {
    ...problem(error.code, status2, title, error.message),
    ...service !== void 0 && { service },
    ...caller !== void 0 && { caller },
    ...account !== void 0 && { account },
    ...endpoint !== void 0 && { endpoint },
    ...error.details.status !== void 0 && { upstreamStatus: error.details.status },
    ...error.details.errors && { errors: error.details.errors },
    ...oauthError !== void 0 && { error: oauthError },
    ...attempts !== void 0 && { attempts },
    ...retryAtMs !== void 0 && { nextAttemptAt: new Date(retryAtMs).toISOString() }
  };
}

// src/server/client-error.ts
var TOO_LARGE = problem("headers_too_large", 431, "Headers too large", "see `daemon.limits.headers`");
var TOO_SLOW = problem("request_timeout", 408, "Request too slow", "see `daemon.limits.headersTimeout`");
var MALFORMED = problem("invalid_request", 400, "Invalid request", "this is not a valid HTTP/1.1 request");
var NO_TLS = { code: "tls_failed", detail: "this is not a TLS handshake that the listener takes" };
function answerClientError(error, socket, refused) {
  if (/^ERR_(SSL_|TLS_HANDSHAKE_TIMEOUT$)/.test(error.code ?? "")) refused.tell(NO_TLS, socket);
  const answer3 = problemFor(error.code);
  if (!answer3) return void socket.destroy();
  if (socket.bytesRead > 0) refused.tell(answer3, socket);
  if (!socket.writable) return void socket.destroy();
  answerOnSocket(socket, answer3);
}
function answerOnSocket(socket, answer3) {
  const body = JSON.stringify(answer3);
  const head = [
    `HTTP/1.1 ${answer3.status} ${STATUS_CODES[answer3.status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...answer3.status === 503 ? ["Retry-After: 1"] : [],
    "Connection: close"
  ];
  socket.end(`${head.join("\r\n")}\r
\r
${body}`, () => socket.destroy());
}
function problemFor(code = "") {
  if (code === "HPE_HEADER_OVERFLOW") return TOO_LARGE;
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return TOO_SLOW;
  return code.startsWith("HPE_") ? MALFORMED : void 0;
}

// src/server/proxy/tunnels.ts
import { ServerResponse } from "node:http";

// src/base/collect-passed.ts
import { runInNewContext } from "node:vm";
var EVERY_BYTES = 8 * 1024 * 1024;
var passed = 0;
var collect;
function collectPassed(bytes) {
  passed += bytes;
  if (passed < EVERY_BYTES) return;
  passed = 0;
  collect ??= openCollector();
  collect({ type: "minor" });
}
function openCollector() {
  setFlagsFromString("--expose-gc");
  const opened = runInNewContext("gc");
  setFlagsFromString("--no-expose-gc");
  return opened;
}

// src/server/proxy/tunnels.ts
var handshakes = /* @__PURE__ */ new WeakSet();
function isHandshake(request) {
  return handshakes.has(request);
}
function acceptTunnels(server, listener, open3) {
  const tunnels = /* @__PURE__ */ new Set();
  let closing = false;
  const endWithLast = () => {
    if (closing && open3.size === tunnels.size) for (const socket of tunnels) socket.destroy();
  };
  server.on("connection", (socket) => void socket.once("close", endWithLast));
  Object.assign(server, { shouldUpgradeCallback: isWebSocket });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => {
    });
    if (!isWebSocket(request)) return answerOnSocket(socket, NO_WEBSOCKET);
    tunnels.add(socket);
    socket.once("close", () => tunnels.delete(socket));
    socket.unshift(head);
    handshakes.add(request);
    listener(request, responseOn(socket, request));
  });
  const { close } = server;
  server.close = (done) => {
    close.call(server, done);
    closing = true;
    endWithLast();
    return server;
  };
}
var NO_WEBSOCKET = problem("invalid_request", 400, "Invalid request", "only `Upgrade: websocket` is understood");
function isWebSocket({ method, headers }) {
  const hasBody2 = headers["content-length"] !== void 0 || headers["transfer-encoding"] !== void 0;
  return method === "GET" && !hasBody2 && headers.upgrade?.toLowerCase() === "websocket";
}
function responseOn(socket, request) {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  socket.on("drain", () => response.emit("drain"));
  socket.on("timeout", () => socket.writableLength > 0 && socket.destroy());
  response.once("finish", () => socket.destroySoon());
  return response;
}
function joinTunnel(response, headers, service) {
  const caller = response.socket;
  response.writeHead(101, [...headers, "Connection", "Upgrade", "Upgrade", "websocket"]);
  response.flushHeaders();
  caller.setTimeout(0).setKeepAlive(true, KEEP_ALIVE_MS);
  service.on("error", () => {
  });
  service.once("close", () => caller.destroySoon());
  caller.once("close", () => service.destroy());
  for (const side of [caller, service]) side.on("data", ({ length }) => collectPassed(length));
  caller.pipe(service).pipe(caller);
}
var KEEP_ALIVE_MS = 6e4;

// src/server/proxy/upload.ts
import { Readable } from "node:stream";
var FIRST_KEPT_BYTES = 1024;
var Upload = class {
  #request;
  #service;
  /** What came so far, in one piece: a small chunk may hold much memory. Undefined where it is not kept. */
  #kept;
  #keptBytes = 0;
  #leftBytes;
  /** What the service gets. */
  #sent;
  #begun = false;
  constructor({ request, service, maxBytes = Infinity }) {
    this.#request = request;
    this.#service = service;
    this.#leftBytes = maxBytes;
    if (request.headers["transfer-encoding"] !== void 0) this.#kept = Buffer.allocUnsafe(FIRST_KEPT_BYTES);
  }
  get isReplayable() {
    return this.#kept !== void 0;
  }
  /**
   * From its beginning. A stream of its own: an answer that comes early ends the upload, and must not end the caller's
   * connection.
   */
  stream() {
    const stream = new Readable({ read: () => void (this.#sent === stream && this.#request.resume()) });
    stream.on("error", () => {
    });
    this.#sent = stream;
    if (this.#keptBytes > 0) stream.push(this.#kept?.subarray(0, this.#keptBytes));
    if (this.#request.readableEnded) stream.push(null);
    if (!this.#begun) this.#begin();
    return stream;
  }
  /** What comes now waits for the next stream. This one ends: over HTTP/2 it would be open for as long as the connection. */
  hold() {
    const sent = this.#sent;
    this.#sent = void 0;
    sent?.push(null);
    this.#request.pause();
  }
  #begin() {
    this.#begun = true;
    this.#request.on("timeout", () => isStalled(this.#request) && this.#sent?.destroy(bodyTooSlow()));
    this.#request.on("data", (chunk) => this.#take(chunk));
    this.#request.once("end", () => this.#sent?.push(null));
  }
  #take(chunk) {
    collectPassed(chunk.length);
    this.#leftBytes -= chunk.length;
    if (this.#leftBytes < 0) this.#sent?.destroy(bodyTooLarge(this.#service));
    this.#keep(chunk);
    const stream = this.#sent;
    if (stream && !stream.destroyed && !stream.push(chunk)) this.#request.pause();
  }
  #keep(chunk) {
    if (!this.#kept) return;
    const bytes = this.#keptBytes + chunk.length;
    if (bytes > MAX_REPLAYABLE_BYTES) {
      this.#kept = void 0;
      return;
    }
    if (bytes > this.#kept.length) {
      const larger = Buffer.allocUnsafe(Math.min(2 * bytes, MAX_REPLAYABLE_BYTES));
      this.#kept.copy(larger, 0, 0, this.#keptBytes);
      this.#kept = larger;
    }
    chunk.copy(this.#kept, this.#keptBytes);
    this.#keptBytes = bytes;
  }
};
function isStalled(request) {
  return !request.complete && request.readableLength === 0;
}
function bodyTooSlow() {
  return new AppError("request_timeout", "the body did not come in time; see `daemon.limits.bodyTimeout`");
}
function bodyTooLarge(service) {
  return new AppError("body_too_large", "the body is larger than `daemon.limits.requestBody`", { service });
}

// src/server/http-server.ts
function limitsOf({ daemonSettings }) {
  return daemonSettings.limits ?? DEFAULT_LIMITS;
}
function createHttpServer(handler, { tls, executor, refused, limits = limitsOf(executor) }) {
  const options = {
    requestTimeout: 0,
    // Nobody waits for the end of a body that is not there.
    optimizeEmptyRequests: true,
    maxHeaderSize: limits.headersBytes,
    headersTimeout: limits.headersTimeoutMs,
    keepAliveTimeout: limits.idleMs,
    handshakeTimeout: limits.headersTimeoutMs,
    connectionsCheckingInterval: Math.min(5e3, Math.max(50, limits.headersTimeoutMs / 2))
  };
  const listener = (request, response) => {
    if (!server.listening) response.setHeader("Connection", "close");
    remember(request.socket, response);
    handler(request, response);
  };
  const server = tls ? createTlsServer({ ...options, ...tls.context, requestCert: true, rejectUnauthorized: false }, listener) : createServer(options, listener);
  server.setTimeout(limits.bodyTimeoutMs, (socket) => endIfPaused(socket, limits.bodyTimeoutMs));
  const open3 = endWithServer(server);
  acceptTunnels(server, listener, open3);
  server.on("connection", (socket) => {
    if (open3.size <= limitsOf(executor).connections) return;
    refused.tell(FULL, socket);
    if (tls) socket.destroy();
    else answerOnSocket(socket, FULL);
  });
  return server;
}
function endWithServer(server) {
  const open3 = /* @__PURE__ */ new Set();
  server.on("connection", (socket) => {
    open3.add(socket);
    socket.once("close", () => open3.delete(socket));
  });
  const { close, closeAllConnections } = server;
  server.close = (done) => {
    close.call(server, done);
    for (const socket of open3) {
      if (socket.bytesRead === 0) socket.destroy();
      else endBehindAnswer(socket);
    }
    return server;
  };
  server.closeAllConnections = () => {
    closeAllConnections.call(server);
    for (const socket of open3) socket.destroy();
  };
  return open3;
}
var RESPONSE = /* @__PURE__ */ Symbol("response");
function endBehindAnswer(socket) {
  const response = socket[RESPONSE];
  if (!response || response.writableFinished) return;
  if (!response.headersSent) response.setHeader("Connection", "close");
  response.once("finish", () => socket.destroySoon());
}
function remember(socket, response) {
  socket[RESPONSE] = response;
}
function endIfPaused(socket, timeoutMs) {
  const response = socket[RESPONSE];
  const isIdle = !response || response.writableFinished;
  if (isIdle || socket.writableLength > 0 || isAbandoned(response.req)) socket.destroy();
  else socket.setTimeout(timeoutMs);
}
function isAbandoned(request) {
  return isStalled(request) && request.listenerCount("timeout") === 0;
}
var FULL = problem("too_busy", 503, "Too busy", "too many connections are open; see `daemon.limits.connections`");

// src/server/metrics.ts
import { Counter, Gauge, Histogram, Registry } from "prom-client";

// src/server/delivery-metrics.ts
function createDeliveryMetrics({ counter, gauge }) {
  const settled = counter("bearerd_deliveries_total", "Deliveries that ended.", ["action", "outcome"]);
  const help = "Attempts to deliver; `waiting` sent nothing for want of a credential.";
  const attempted = counter("bearerd_delivery_attempts_total", help, ["action", "outcome"]);
  const pending = gauge("bearerd_deliveries_pending", "Deliveries that wait or run.", ["action"]);
  const available = gauge("bearerd_deliveries_available", "Whether deliveries can be accepted; 1 before the first.", []);
  available.set({}, 1);
  let count2 = async () => /* @__PURE__ */ new Map();
  return {
    deliveryAttempted: (action, outcome) => attempted.inc({ action, outcome }),
    deliverySettled: (action, outcome) => settled.inc({ action, outcome }),
    deliveriesAvailable: (ok) => available.set({}, ok ? 1 : 0),
    pendingDeliveries(counts) {
      count2 = counts;
    },
    async refresh() {
      const counts = await count2().catch(() => /* @__PURE__ */ new Map());
      pending.reset();
      for (const [action, number] of counts) pending.set({ action }, number);
    }
  };
}

// src/server/plain-histogram.ts
function createPlainHistogram(name, help, bounds) {
  const counts = bounds.map(() => 0);
  let [count2, sum] = [0, 0];
  const bucket = (le, value) => ({ metricName: `${name}_bucket`, labels: { le }, value });
  return {
    name,
    observe(value) {
      count2++;
      sum += value;
      let at = 0;
      while (value > bounds[at]) at++;
      if (at < counts.length) counts[at]++;
    },
    async get() {
      let below = 0;
      const buckets = bounds.map((bound, at) => {
        below += counts[at];
        return bucket(bound, below);
      });
      const totals = [
        { metricName: `${name}_sum`, labels: {}, value: sum },
        { metricName: `${name}_count`, labels: {}, value: count2 }
      ];
      return {
        name,
        help,
        type: "histogram",
        aggregator: "sum",
        values: [...buckets, bucket("+Inf", count2), ...totals]
      };
    }
  };
}

// src/server/metrics.ts
var SECONDS = [5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
function createMetrics() {
  const registers = [new Registry()];
  const counter = (name, help, labelNames) => new Counter({ name, help, labelNames, registers });
  const gauge = (name, help, labelNames = []) => new Gauge({ name, help, labelNames, registers });
  const histogram = (name, help) => new Histogram({ name, help, buckets: SECONDS, registers });
  const rejected = counter("bearerd_token_rejected_total", "Tokens that a service answered with 401.", ["service"]);
  const authorizations = counter("bearerd_authorizations_total", "Authorizations handed out.", ["service", "outcome"]);
  const proxied = counter("bearerd_proxy_requests_total", "Requests through the proxy.", ["service", "status"]);
  const retried = counter("bearerd_proxy_retries_total", "Requests that `retry` sent again.", ["service", "cause"]);
  const proxyDuration = createPlainHistogram(
    "bearerd_proxy_request_duration_seconds",
    "Duration of proxied requests until their end.",
    SECONDS
  );
  registers[0].registerMetric(proxyDuration);
  const { refresh, ...deliveries } = createDeliveryMetrics({ counter, gauge });
  const authorizationCounts = /* @__PURE__ */ new Map();
  const proxyCounts = /* @__PURE__ */ new Map();
  const flush = () => {
    drain(authorizationCounts, (service, outcome, count2) => authorizations.inc({ service, outcome }, count2));
    drain(proxyCounts, (service, status2, count2) => proxied.inc({ service, status: status2 }, count2));
  };
  return {
    told: createTold({ counter, gauge, histogram }),
    tokenRejected: (service) => rejected.inc({ service }),
    authorization: (service, outcome) => count(authorizationCounts, service, outcome),
    proxyRequest(service, status2, durationMs) {
      count(proxyCounts, service, status2);
      proxyDuration.observe(durationMs / 1e3);
    },
    proxyRetry: (service, cause) => retried.inc({ service, cause }),
    ...createStateMetrics(gauge),
    ...deliveries,
    contentType: registers[0].contentType,
    async text() {
      flush();
      await refresh();
      return registers[0].metrics();
    }
  };
}
function createTold({ counter, gauge, histogram }) {
  const requests = counter("bearerd_token_requests_total", "Requests to token endpoints.", ["account", "outcome"]);
  const duration2 = histogram("bearerd_token_request_duration_seconds", "Duration of token requests.");
  const expiry = gauge("bearerd_token_expiry_timestamp_seconds", "When the current token ends.", ["account"]);
  const place2 = "Which one of several client secrets is in use, counted from 1.";
  const secretInUse = gauge("bearerd_client_secret_in_use", place2, ["account"]);
  const sinkWrites = counter("bearerd_sink_writes_total", "Writes of credential files.", ["service", "outcome"]);
  return {
    onTokenRequest(account, outcome, durationMs) {
      requests.inc({ account, outcome });
      duration2.observe(durationMs / 1e3);
    },
    onExpiry: (account, expiresAtMs) => expiresAtMs !== null && expiry.set({ account }, expiresAtMs / 1e3),
    onClientSecret: (account, { inUse }) => secretInUse.set({ account }, inUse),
    onSinkWrite: (service, outcome) => sinkWrites.inc({ service, outcome })
  };
}
function createStateMetrics(gauge) {
  const generation = gauge("bearerd_generation", "Number of the running generation.");
  const state = gauge("bearerd_state_available", "Whether the database of daemon.state.url can be used; 1 without one.");
  state.set(1);
  const reloadOk = gauge("bearerd_config_last_reload_successful", "Whether the last reload succeeded.");
  const reloadAt = gauge("bearerd_config_last_reload_success_timestamp_seconds", "When the last successful reload was.");
  return {
    reload(ok, id, atMs) {
      generation.set(id);
      reloadOk.set(ok ? 1 : 0);
      if (ok) reloadAt.set(atMs / 1e3);
    },
    onStateChange: (ok) => state.set(ok ? 1 : 0)
  };
}
function count(counts, service, outcome) {
  let ofService = counts.get(service);
  if (!ofService) {
    ofService = /* @__PURE__ */ new Map();
    counts.set(service, ofService);
  }
  ofService.set(outcome, (ofService.get(outcome) ?? 0) + 1);
}
function drain(counts, add) {
  for (const [service, ofService] of counts) for (const [outcome, value] of ofService) add(service, outcome, value);
  counts.clear();
}

// src/server/proxy/slots.ts
var Slots = class {
  #limits;
  #lines = /* @__PURE__ */ new Map();
  constructor(limits) {
    this.#limits = limits;
  }
  /** There is no limit, and nobody who began under one: whoever wants to may start without entering. */
  areUnlimited() {
    return this.#lines.size === 0 && this.#limits().maxConcurrent === void 0;
  }
  /** Starts the entry now or in its turn; it runs until it leaves or its response has closed. Throws AppError `too_busy`. */
  enter(entry) {
    if (this.areUnlimited()) entry.start();
    else this.#enterLine(entry, this.#limits().maxQueued);
  }
  #enterLine(entry, maxQueued) {
    const line = this.#lineOf(entry);
    this.#advance(line);
    if (this.#hasRoom(line)) this.#run(line, entry);
    else if (line.waiting.length < maxQueued) this.#wait(line, entry);
    else throw busy(entry.plan.name, `has ${line.running} requests running and ${line.waiting.length} waiting`);
  }
  /** One that ran and left before: the next in line, however long that is. */
  enterAgain(entry) {
    const line = this.#limits().maxConcurrent === void 0 ? void 0 : this.#lineOf(entry);
    if (!line) entry.start();
    else if (this.#hasRoom(line)) this.#run(line, entry);
    else this.#wait(line, entry, "unshift");
  }
  #lineOf({ plan: { name } }) {
    const line = this.#lines.get(name) ?? { running: 0, waiting: [] };
    this.#lines.set(name, line);
    return line;
  }
  #hasRoom({ running }) {
    return running < (this.#limits().maxConcurrent ?? Infinity);
  }
  /** As many as there is room for now. */
  #advance(line) {
    while (line.waiting.length > 0 && this.#hasRoom(line)) line.waiting.shift()();
  }
  #wait(line, entry, place2 = "push") {
    const { response, plan } = entry;
    const leave = () => {
      clearTimeout(timer);
      const at = line.waiting.indexOf(turn);
      if (at >= 0) line.waiting.splice(at, 1);
    };
    const turn = () => {
      clearTimeout(timer);
      response.off("close", leave);
      this.#run(line, entry);
    };
    const timer = setTimeout(() => {
      leave();
      response.off("close", leave);
      entry.refuse(busy(plan.name, "had no room for this request within its `timeout`"));
    }, plan.timeoutMs);
    line.waiting[place2](turn);
    response.once("close", leave);
  }
  #run(line, { plan, response, start }) {
    line.running++;
    const leave = () => {
      response.off("close", leave);
      line.running--;
      this.#advance(line);
      if (line.running === 0) this.#lines.delete(plan.name);
    };
    response.once("close", leave);
    start(leave);
  }
};
function busy(service, what) {
  return new AppError("too_busy", `service \`${service}\` ${what}; see \`daemon.limits\``, { service, transient: true });
}

// src/daemon/fixed-settings.ts
var FIXED = new Set(
  ["listen", "adminListen", "socket", "tls", "log.format", "state.dir", "state.url", "state.encryptionKey"].concat(["headers", "headersTimeout", "bodyTimeout", "idle"].map((name) => `limits.${name}`)).map((name) => `daemon.${name}`)
);
var FixedSettings = class {
  #log;
  #atStart;
  #told = "";
  constructor(log) {
    this.#log = log;
  }
  /** What counts from now on. */
  start(settings) {
    this.#atStart = settings;
    return settings;
  }
  get started() {
    return this.#atStart !== void 0;
  }
  /** Of these settings, those that wait for the next start. */
  warnings(now) {
    return this.#waiting(now).map((name) => ({
      code: "daemon/needs-restart",
      severity: "warning",
      message: `\`${name}\` is another one than at the start`,
      hint: "restart bearerd to apply it",
      ...placeOf(name, now.place ?? this.#atStart.place)
    }));
  }
  /** Once for each change. */
  tell(now) {
    const names = this.#waiting(now).join(", ");
    if (names !== "" && names !== this.#told)
      this.#log.warn({ changed: names }, `${names} changed: it counts after the next start`);
    this.#told = names;
  }
  #waiting(now) {
    const atStart = this.#atStart ?? now;
    const changed2 = changedSettings(atStart, now).filter((name) => FIXED.has(name));
    const hasTls = (settings) => settings.tls !== void 0;
    return hasTls(now) === hasTls(atStart) ? changed2.filter((name) => name !== "daemon.tls") : changed2;
  }
};
function placeOf(name, { document, path }) {
  const { range } = document.locate([...path, ...name.split(".").slice(1)], "key");
  return { file: document.source.file, range };
}

// src/daemon/listen.ts
import { chmod, lchown, lstat, rm } from "node:fs/promises";
import { connect } from "node:net";

// src/server/callers/door.ts
function createDoor(listen2, tls) {
  const known = /* @__PURE__ */ new Set();
  return (request) => {
    if (!isOriginForm(request.url)) return NOT_A_FORWARD_PROXY;
    const { host } = request.headers;
    if (host === void 0 || !known.has(host)) {
      if (!isOwnHost(host, listen2, tls)) return MISDIRECTED;
      if (known.size < 64) known.add(host);
    }
    if (countHosts(request.rawHeaders) > 1) return TWO_HOSTS;
    return isForeignPage(request) ? CROSS_SITE : void 0;
  };
}
var MISDIRECTED = problem(
  "misdirected_request",
  421,
  "Unknown host",
  "this listener answers only to its own name: use the address that it listens on"
);
var NOT_A_FORWARD_PROXY = problem(
  "invalid_request",
  400,
  "Invalid request",
  "the target of a request starts with `/`: this is no forward proxy, use /v1/services/NAME/proxy/ as the base URL"
);
var TWO_HOSTS = problem("invalid_request", 400, "Invalid request", "more than one `Host` header");
var CROSS_SITE = problem(
  "cross_site_request",
  403,
  "Cross-site request",
  "pages of other sites may not use this listener"
);
function isOriginForm(target) {
  return target?.startsWith("/") === true;
}
function countHosts(raw) {
  let count2 = 0;
  for (let at = 0; at < raw.length; at += 2) if (raw[at].length === 4 && raw[at].toLowerCase() === "host") count2++;
  return count2;
}
function isOwnHost(host, listen2, tls) {
  if ("path" in listen2) return true;
  if (host === void 0) return false;
  const name = /^(\[[^\]]+\]|[^:]+)(?::\d+)?$/.exec(host)?.[1];
  if (name === void 0) return false;
  const plain = name.replace(/^\[|\]$/g, "");
  return isLoopback(name) || plain === listen2.host || tls?.covers(plain) === true;
}
function isForeignPage({ headers }) {
  const site = headers["sec-fetch-site"];
  if (site !== void 0 && site !== "same-origin" && site !== "none") return true;
  const { origin, host } = headers;
  return origin !== void 0 && origin !== `http://${host}` && origin !== `https://${host}`;
}
function isExposedAddress(address) {
  return "host" in address && !isLoopback(address.host);
}
function parseListen(text2) {
  if (text2.startsWith("unix:")) return { path: text2.slice("unix:".length) };
  const match = /^(\[[^\]]+\]|[^:]*):(\d{1,5})$/.exec(text2);
  if (!match || Number(match[2]) > 65535) return void 0;
  return { host: match[1].replace(/^\[|\]$/g, "") || "0.0.0.0", port: Number(match[2]) };
}

// src/daemon/socket-access.ts
import { readFile } from "node:fs/promises";
var UnknownNameError = class extends Error {
};
async function readAccess({ mode = "0600", owner, group } = {}) {
  return {
    mode: Number.parseInt(mode, 8),
    ...owner !== void 0 && { uid: await numberOf(owner, "user", "/etc/passwd") },
    ...group !== void 0 && { gid: await numberOf(group, "group", "/etc/group") }
  };
}
async function numberOf(name, kind, file) {
  if (/^\d+$/.test(name)) return Number(name);
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n");
  const line = lines.map((text2) => text2.split(":")).find(([entry]) => entry === name);
  if (!line) throw new UnknownNameError(`\`daemon.socket\`: this machine has no ${kind} \`${name}\``);
  return Number(line[2]);
}

// src/daemon/listen.ts
var ListenError = class extends Error {
  name = "ListenError";
  reason;
  constructor(message, reason = "unavailable") {
    super(message);
    this.reason = reason;
  }
};
function addressOf(text2, { callers, tls }) {
  const address = parseListen(text2);
  if (!address) throw new ListenError(`\`${text2}\` is not an address; write 127.0.0.1:7117 or unix:/path`, "invalid");
  if (isExposed(text2) && !(callers && tls)) {
    throw new ListenError(
      `\`${text2}\` can be reached from other machines, and everyone there would get credentials [daemon/exposed]; listen on 127.0.0.1, [::1] or unix:/path, or set both \`daemon.callers\` and \`daemon.tls\``,
      "exposed"
    );
  }
  return address;
}
async function listen(server, address, { socket, scheme = "http" }) {
  try {
    if ("path" in address) return await listenOnSocket(server, address.path, await readAccess(socket));
    await server.listen(address);
    const { port } = server.server.address();
    return `${scheme}://${address.host.includes(":") ? `[${address.host}]` : address.host}:${port}`;
  } catch (error) {
    if (error instanceof ListenError) throw error;
    if (error instanceof UnknownNameError) throw new ListenError(error.message);
    const { code } = error;
    const where = "path" in address ? `unix:${address.path}` : `${address.host}:${address.port}`;
    throw new ListenError(`cannot listen on ${where}: ${REASONS[code ?? ""] ?? code}`);
  }
}
var REASONS = {
  EADDRINUSE: "another process listens there",
  EACCES: "permission denied",
  EADDRNOTAVAIL: "this machine has no such address",
  ENOENT: "its folder does not exist"
};
async function listenOnSocket(server, path, access) {
  const present = await lstat(path).catch(() => void 0);
  if (present && !present.isSocket())
    throw new ListenError(`cannot listen on unix:${path}: a file that is no socket is there`);
  if (present && await answers(path))
    throw new ListenError(`cannot listen on unix:${path}: another process listens there`);
  if (present) await rm(path);
  bindForOwnerOnly(server.server);
  await server.listen({ path });
  if (access.uid !== void 0 || access.gid !== void 0) await lchown(path, access.uid ?? -1, access.gid ?? -1);
  await chmod(path, access.mode);
  return `unix:${path}`;
}
function bindForOwnerOnly(server) {
  const bind = server.listen;
  server.listen = ((...args) => {
    const before = process.umask(127);
    try {
      return bind.apply(server, args);
    } finally {
      process.umask(before);
    }
  });
}
function answers(path) {
  return new Promise((resolve2) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve2(true);
    });
    socket.once("error", () => resolve2(false));
  });
}

// src/server/admin-server.ts
import fastify from "fastify";

// src/server/send-problem.ts
import { randomUUID } from "node:crypto";

// src/server/callers/caller-params.ts
var PARAM_HEADER = "x-bearerd-param-";
var PARAM_QUERY = "param.";
var NONE = {};
function callerParams({ rawHeaders: rawHeaders2 }, query) {
  let params;
  const add = (name, value) => {
    params ??= /* @__PURE__ */ Object.create(null);
    if (name in params) throw new AppError("invalid_parameter", "a parameter is given twice: say it once");
    params[name] = value;
  };
  for (let at = 0; at < rawHeaders2.length; at += 2) {
    const name = rawHeaders2[at];
    if (isParamHeader(name)) add(name.slice(PARAM_HEADER.length).toLowerCase(), rawHeaders2[at + 1]);
  }
  for (const pair of pairsOf(query)) {
    const name = paramName(pair);
    if (name !== void 0) add(name, decoded(/=(.*)/s.exec(pair)?.[1] ?? ""));
  }
  return params ?? NONE;
}
function isParamHeader(name) {
  return name.length > PARAM_HEADER.length && name.slice(0, PARAM_HEADER.length).toLowerCase() === PARAM_HEADER;
}
function queryOf(url) {
  const at = url.indexOf("?");
  return at < 0 ? "" : url.slice(at + 1);
}
function withoutParams(url) {
  const query = queryOf(url);
  const pairs = query.split("&");
  const kept = pairs.filter((pair) => paramName(pair) === void 0);
  if (kept.length === pairs.length) return url;
  const path = url.slice(0, url.length - query.length - 1);
  return kept.length === 0 ? path : `${path}?${kept.join("&")}`;
}
function pairsOf(query) {
  return /param\.|%/.test(query) ? query.split("&") : [];
}
function paramName(pair) {
  const name = decoded(pair.split("=", 1)[0]);
  return name.startsWith(PARAM_QUERY) ? name.slice(PARAM_QUERY.length) : void 0;
}
function decoded(text2) {
  const plain = text2.replaceAll("+", " ");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

// src/server/callers/client-certificate.ts
import { X509Certificate } from "node:crypto";
var judged = /* @__PURE__ */ new WeakMap();
function clientCertificate(socket, authorities) {
  if (!socket.encrypted) return void 0;
  const { authorized } = socket;
  if (authorities && !authorized) return void 0;
  if (!judged.has(socket)) judged.set(socket, judge(socket));
  const known = judged.get(socket);
  const nowMs = Date.now();
  if (!known || nowMs < known.validFromMs || nowMs > known.validToMs) return void 0;
  return authorities ? known.certificate : { sha256: known.certificate.sha256, alternativeNames: [] };
}
function judge(socket) {
  const { raw } = socket.getPeerCertificate();
  if (!raw) return void 0;
  const { fingerprint256, validFrom, validTo, subject, subjectAltName } = new X509Certificate(raw);
  const names = socket.authorized ? { subject: subject && subjectOf(subject), alternativeNames: alternativeNamesOf(subjectAltName ?? "") } : { alternativeNames: [] };
  return {
    certificate: { sha256: fingerprint256.replaceAll(":", "").toLowerCase(), ...names },
    validFromMs: Date.parse(validFrom),
    validToMs: Date.parse(validTo)
  };
}

// src/server/callers/admission.ts
var CALLER_HEADER = "x-bearerd-authorization";
var admitted = /* @__PURE__ */ new WeakMap();
async function admit(generation, request, use) {
  const caller = await byCertificate(generation, request) ?? await byToken(generation, request);
  admitted.set(request, caller);
  const { service, action } = use;
  if (service !== void 0 && !caller.service(service)) throw forbidden(caller, `service \`${service}\``, { service });
  if (action !== void 0 && !caller.action(action)) throw forbidden(caller, `action \`${action}\``);
}
function callerOf(request) {
  return admitted.get(request);
}
function mayUseDelivery(request, action, values) {
  const caller = callerOf(request);
  if (!caller) return true;
  return caller.action(action) && Object.entries(values).every(([name, value]) => caller.parameter(name, value));
}
function calledService(executor, request, name, query) {
  const params = callerParams(request, query);
  const { parameters } = executor.definition(name).plan;
  if (parameters && callerOf(request)) checkParameters(request, name, parameters.fill(params));
  return executor.service(name, params);
}
function checkParameters(request, service, values) {
  const caller = callerOf(request);
  if (!caller) return;
  for (const [name, value] of Object.entries(values)) {
    if (!caller.parameter(name, value)) throw forbidden(caller, `this value of parameter \`${name}\``, { service });
  }
}
function forbidden(caller, what, use = {}) {
  const message = `caller \`${caller.name}\` may not use ${what}; see \`daemon.callers\``;
  return new AppError("forbidden", message, { ...use, caller: caller.name });
}
async function byCertificate({ callers, plan }, { socket }) {
  const certificate = clientCertificate(socket, plan.daemon.tls?.caFile !== void 0);
  return certificate && callers.byCertificate(certificate);
}
async function byToken({ callers }, request) {
  const token = takeToken(request);
  if (token === void 0) throw new AppError("unauthenticated", NO_TOKEN);
  const caller = await callers.byToken(token);
  if (!caller) throw new AppError("unauthenticated", WRONG_TOKEN);
  return caller;
}
var NO_TOKEN = "this listener is for known callers: send `Authorization: Bearer TOKEN` with the token of a caller";
var WRONG_TOKEN = "this token is not that of a caller in `daemon.callers`";
function takeToken(request) {
  const { headers } = request;
  const name = headers[CALLER_HEADER] === void 0 ? "authorization" : CALLER_HEADER;
  const value = headers[name];
  const token = typeof value === "string" ? /^bearer +(\S+) *$/i.exec(value)?.[1] : void 0;
  removeHeader(request, name);
  return token;
}
function removeHeader({ headers, rawHeaders: rawHeaders2 }, name) {
  delete headers[name];
  for (let at = rawHeaders2.length - 2; at >= 0; at -= 2) {
    if (rawHeaders2[at].toLowerCase() === name) rawHeaders2.splice(at, 2);
  }
}
function auditUse(log, exchange, facts) {
  const { request, response } = exchange;
  response.once("close", () => {
    const status2 = response.headersSent ? response.statusCode : null;
    log.info({ caller: callerOf(request)?.name, ...facts, status: status2 }, "used");
  });
}

// src/server/known-routes.ts
var BEFORE_ROUTES = [
  ["/v1/services/:service/authorization", "GET"],
  ["/v1/services/:service/authorization", "HEAD"]
];
function rememberRoutes(server) {
  const routes = [];
  server.addHook("onRoute", ({ url, method }) => {
    for (const one of [method].flat()) routes.push([url, one]);
    if (url === "/v1/services/:service") routes.push(...BEFORE_ROUTES);
  });
  return (path) => {
    const found = routes.filter(([url]) => fits(path, url)).map(([, method]) => method);
    return [...new Set(found)].sort();
  };
}
function fits(path, url) {
  const [segments, wanted] = [path.split("/"), url.split("/")];
  return segments.length === wanted.length && wanted.every((word, at) => word.startsWith(":") || word === segments[at]);
}

// src/server/unread-body.ts
var LINGER_MS = 5e3;
var LINGER_BYTES = 64 * 1024 * 1024;
function dropRest(request) {
  if (request.complete || request.readableEnded) return;
  const { socket } = request;
  let left = LINGER_BYTES;
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  request.once("close", () => clearTimeout(timer));
  request.unpipe();
  request.on("data", (chunk) => {
    left -= chunk.length;
    if (left < 0) socket.destroy();
  });
  request.resume();
}

// src/server/send-problem.ts
function answerErrors(server, log, noRoute) {
  const methodsOf = rememberRoutes(server);
  server.setNotFoundHandler((request, reply) => {
    const methods = methodsOf((request.raw.url ?? "").replace(/[?#].*/, ""));
    if (methods.length === 0) return sendProblem(reply, problem("not_found", 404, "Not found", noRoute), request.raw);
    const detail = `this path has ${methods.join(", ")}, not ${request.method}`;
    reply.header("allow", methods.join(", "));
    sendProblem(reply, problem("method_not_allowed", 405, "Method not allowed", detail), request.raw);
  });
  server.setErrorHandler((error, request, reply) => {
    const { service } = request.params ?? {};
    sendProblem(reply, reportError(log, error, request.raw, { service }), request.raw);
  });
}
function reportError(log, error, request, { service, forwarding: forwarding2 }) {
  const known = error instanceof AppError;
  const foreignStatus = error.statusCode ?? 500;
  const answer3 = known || foreignStatus >= 500 ? problemOf(error, service) : problem("invalid_request", foreignStatus, "Invalid request", error.message);
  const { status: status2 } = answer3;
  const facts = { caller: callerOf(request)?.name, service, code: answer3.code, ...requestFacts(request) };
  if (!known && status2 >= 500) log.error({ ...facts, ...errorFacts(error) }, "internal error");
  else if (forwarding2 || status2 === 401 || status2 === 403) log.warn(facts, `refused: ${answer3.detail}`);
  else log.debug(facts, answer3.detail);
  return answer3;
}
function answerUnroutable(error, request, reply) {
  sendProblem(reply, problem("invalid_request", 400, "Invalid request", error.message), request.raw);
}
function sendProblem(reply, answer3, request) {
  for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value);
  reply.hijack();
  writeProblem(reply.raw, answer3, request);
}
function writeProblem(response, answer3, request) {
  const id = requestId(request);
  const body = JSON.stringify({ ...answer3, requestId: id });
  response.writeHead(answer3.status, {
    "Content-Type": PROBLEM_TYPE,
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "X-Request-Id": id,
    ...answer3.status >= 500 && retryAfter(answer3),
    ...answer3.status === 401 && { "WWW-Authenticate": 'Bearer realm="bearerd"' }
  });
  response.end(body);
  dropRest(request);
}
function retryAfter({ code, nextAttemptAt }) {
  if (code === "too_busy") return { "Retry-After": "1" };
  if (code === "state_unavailable") return { "Retry-After": "5" };
  if (nextAttemptAt === void 0) return {};
  const waitMs = Date.parse(nextAttemptAt) - systemClock.nowMs();
  return { "Retry-After": String(Math.max(1, Math.ceil(waitMs / 1e3))) };
}
function requestFacts(request) {
  return { method: request.method, path: request.url?.split("?", 1)[0], requestId: requestId(request) };
}
var ID = /* @__PURE__ */ Symbol("request id");
var idPrefix = randomUUID().slice(0, 13);
var idCount = 0;
function requestId(request) {
  const known = request[ID];
  if (known !== void 0) return known;
  const own = request.headers["x-request-id"];
  const isPlain = typeof own === "string" && /^[\w.-]{1,128}$/.test(own);
  request[ID] = isPlain ? own : `${idPrefix}-${(++idCount).toString(36)}`;
  return request[ID];
}

// src/server/callers/guard.ts
function createGuard({ executor, door, log, exposed }) {
  return {
    refuse(request, response) {
      const refused = door(request);
      if (refused) log.warn({ code: refused.code, ...requestFacts(request) }, `refused: ${refused.detail}`);
      else if (log.isDebug?.()) logRequest(log, request, response);
      return refused;
    },
    admit(request, response, use) {
      const { generation } = executor;
      return generation?.callers || exposed ? enter(generation, log, { request, response }, use) : void 0;
    }
  };
}
function guardRoutes(server, parts) {
  const guard = createGuard(parts);
  server.addHook("onRequest", (request, reply, done) => {
    const refused = guard.refuse(request.raw, reply.raw);
    if (refused) return sendProblem(reply, refused, request.raw);
    reply.header("x-request-id", requestId(request.raw));
    const { service, action } = request.params ?? {};
    const use = { ...service !== void 0 && { service }, ...action !== void 0 && { action } };
    const admission = parts.open?.(request) ? void 0 : guard.admit(request.raw, reply.raw, use);
    if (admission) admission.then(() => done(), done);
    else done();
  });
}
function logRequest(log, request, response) {
  const startedAtMs = performance.now();
  const facts = requestFacts(request);
  response.once("close", () => {
    const status2 = response.headersSent ? response.statusCode : null;
    log.debug({ ...facts, status: status2, durationMs: Math.round(performance.now() - startedAtMs) }, "request");
  });
}
async function enter(generation, log, exchange, use) {
  const facts = requestFacts(exchange.request);
  if (!generation?.callers) throw new AppError("unauthenticated", NO_CALLERS);
  await admit(generation, exchange.request, use);
  auditUse(log, exchange, { ...use, ...facts, generation: generation.id });
}
var NO_CALLERS = "other machines can reach this listener, and `daemon.callers` is no longer set: nobody is let in";

// src/server/openapi.ts
var PROBLEM = { description: "A problem (RFC 9457).", content: { [PROBLEM_TYPE]: { schema: ref("Problem") } } };
var SERVICE = { name: "service", in: "path", required: true, schema: { type: "string" } };
var PARAMS = {
  name: "x-bearerd-param-{name}",
  in: "header",
  description: "A parameter of the service; in the query it is param.{name}.",
  schema: { type: "string" }
};
var MIN_TTL = { name: "minTtl", in: "query", schema: { type: "string", examples: ["10m"] } };
var PROVEN = [
  { name: "method", in: "query", schema: { type: "string", examples: ["GET"] } },
  { name: "url", in: "query", schema: { type: "string", examples: ["https://api.crm.example/v3/me"] } }
];
var ACTION = { name: "action", in: "path", required: true, schema: { type: "string" } };
var ID2 = { name: "id", in: "path", required: true, schema: { type: "string" } };
var WAIT = { name: "wait", in: "query", schema: { type: "string", examples: ["30s"] } };
var KEY = {
  name: "Idempotency-Key",
  in: "header",
  description: "A request that is repeated with it is accepted once.",
  schema: { type: "string", maxLength: 255 }
};
var REST = { name: "path", in: "path", required: true, schema: { type: "string" } };
function ref(name) {
  return { $ref: `#/components/schemas/${name}` };
}
function answer(description, schema) {
  return { description, content: { "application/json": { schema } } };
}
function route(listener, summary, responses, parameters = []) {
  return {
    tags: [listener],
    summary,
    ...parameters.length > 0 && { parameters },
    responses: { ...responses, default: PROBLEM }
  };
}
var text = (description) => ({ description, content: { "text/plain": { schema: { type: "string" } } } });
var FORWARD = route(
  "API",
  "Forwards to serverUrl and the rest of the path, with the credential injected.",
  { "2XX": { description: "The answer of the service, as it is." } },
  [SERVICE, PARAMS]
);
var METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
var ASKED = route(
  "API",
  "The same for a gateway that adds the method, path and query of its client, which do not count.",
  { 200: answer("The credential.", ref("Authorization")) },
  [SERVICE, PARAMS]
);
var ASKED_ALL = Object.fromEntries(METHODS.map((method) => [method, ASKED]));
var FORWARD_ALL = Object.fromEntries(METHODS.map((method) => [method, FORWARD]));
var SCHEMAS = {
  Problem: {
    type: "object",
    required: ["type", "title", "status", "detail", "code"],
    properties: {
      ...strings("type", "title", "detail", "code", "service", "account", "caller", "endpoint", "requestId"),
      status: { type: "integer" }
    }
  },
  State: { enum: ["idle", "ready", "degraded", "failing"] },
  Service: {
    type: "object",
    required: ["name", "account", "state"],
    properties: { ...strings("name", "title", "account"), state: ref("State") }
  },
  Authorization: {
    type: "object",
    required: ["service", "headers", "query", "expiresAt"],
    properties: {
      service: { type: "string" },
      headers: { type: "object", additionalProperties: { type: "string" } },
      query: { type: "object", additionalProperties: { type: "string" } },
      expiresAt: { type: ["string", "null"], format: "date-time" }
    }
  },
  Delivery: {
    type: "object",
    required: ["id", "action", "state", "attempts", "createdAt"],
    properties: {
      ...strings("id", "action", "createdAt"),
      state: { enum: ["pending", "running", "delivered", "dead"] },
      attempts: { type: "integer" },
      nextAttemptAt: { type: ["string", "null"], format: "date-time" },
      lastError: {}
    }
  },
  Status: {
    type: "object",
    required: ["generation", "lastReload", "services"],
    properties: {
      generation: { type: "object", properties: { id: { type: "integer" }, ...strings("activatedAt") } },
      lastReload: {
        type: "object",
        properties: {
          ok: { type: "boolean" },
          ...strings("at"),
          diagnostics: { type: "array", items: ref("Diagnostic") }
        }
      },
      state: {
        type: "object",
        properties: {
          kind: { enum: ["memory", "dir", "postgresql"] },
          ok: { type: "boolean" },
          lastError: { type: ["string", "null"] }
        }
      },
      deliveries: {
        type: "object",
        properties: {
          queue: { enum: ["sqlite", "postgresql"] },
          ok: { type: "boolean" },
          lastError: { type: ["string", "null"] }
        }
      },
      services: { type: "object", additionalProperties: ref("ServiceStatus") }
    }
  },
  ServiceStatus: {
    type: "object",
    properties: {
      account: { type: "string" },
      state: ref("State"),
      expiresAt: { type: ["string", "null"], format: "date-time" },
      lastError: { type: ["object", "null"], properties: strings("code", "message") },
      scopeGranted: { type: "string" },
      clientSecret: { type: "object", properties: { inUse: { type: "integer" }, of: { type: "integer" } } }
    }
  },
  Diagnostic: {
    type: "object",
    properties: { ...strings("code", "severity", "message", "file", "hint"), range: { type: "object" } }
  }
};
function strings(...names) {
  return Object.fromEntries(names.map((name) => [name, { type: "string" }]));
}
var OPENAPI = {
  openapi: "3.1.0",
  info: {
    title: "bearerd",
    version: VERSION,
    description: "The API listener hands out credentials and forwards requests; the admin listener never shows a secret."
  },
  tags: [{ name: "API" }, { name: "Admin" }],
  paths: {
    "/v1/services": {
      get: route("API", "The services that the caller may use.", {
        200: answer("The list.", {
          type: "object",
          properties: { services: { type: "array", items: ref("Service") } }
        })
      })
    },
    "/v1/services/{service}": { get: route("API", "One service.", { 200: answer("It.", ref("Service")) }, [SERVICE]) },
    "/v1/services/{service}/authorization": {
      get: route(
        "API",
        "The credential, in the headers of the answer and in its body.",
        { 200: answer("The credential.", ref("Authorization")) },
        [SERVICE, MIN_TTL, ...PROVEN, PARAMS]
      )
    },
    "/v1/services/{service}/authorization/{path}": { parameters: [REST], ...ASKED_ALL },
    "/v1/services/{service}/proxy": FORWARD_ALL,
    "/v1/services/{service}/proxy/{path}": { parameters: [REST], ...FORWARD_ALL },
    "/v1/services/{service}/token": {
      delete: route("API", "Forgets the cached token.", { 204: { description: "Done." } }, [SERVICE, PARAMS])
    },
    "/v1/actions/{action}/deliveries": {
      post: route(
        "API",
        "Accepts a delivery: a JSON body is the input, a multipart one has files, any other one is a file.",
        {
          200: answer("It was delivered within `wait`.", ref("Delivery")),
          202: answer("It is accepted.", ref("Delivery"))
        },
        [ACTION, WAIT, KEY]
      )
    },
    "/v1/deliveries": {
      get: route("API", "The deliveries of actions that the caller may run.", {
        200: answer("The list.", {
          type: "object",
          properties: { deliveries: { type: "array", items: ref("Delivery") }, next: { type: ["string", "null"] } }
        })
      })
    },
    "/v1/deliveries/{id}": {
      get: route("API", "One delivery.", { 200: answer("It.", ref("Delivery")) }, [ID2]),
      delete: route("API", "Removes a delivery.", { 204: { description: "Done." } }, [ID2])
    },
    "/v1/deliveries/{id}/retry": {
      post: route("API", "Tries a dead delivery again.", { 202: answer("It.", ref("Delivery")) }, [ID2])
    },
    "/": { get: route("Admin", "The status page.", { 200: { description: "HTML." } }) },
    "/-/healthy": { get: route("Admin", "Whether the process runs.", { 200: text("It does.") }) },
    "/-/ready": { get: route("Admin", "Whether to send traffic.", { 200: text("Yes."), 503: text("No.") }) },
    "/-/reload": {
      post: route("Admin", "Reads the configuration again.", {
        200: answer("The new generation, and its warnings.", { type: "object" }),
        422: PROBLEM
      })
    },
    "/metrics": { get: route("Admin", "Metrics for Prometheus.", { 200: text("The metrics.") }) },
    "/v1/status": { get: route("Admin", "Generation, reloads and services.", { 200: answer("It.", ref("Status")) }) },
    "/openapi.json": { get: route("Admin", "This document.", { 200: answer("It.", { type: "object" }) }) }
  },
  components: { schemas: SCHEMAS }
};

// src/server/refused-connections.ts
var PERIOD_MS = 1e4;
var RefusedConnections = class {
  #log;
  #clock;
  /** How many came after the one that was told, by code. */
  #untold = /* @__PURE__ */ new Map();
  constructor(log, clock = systemClock) {
    this.#log = log;
    this.#clock = clock;
  }
  tell({ code, detail }, { remoteAddress }) {
    const untold = this.#untold.get(code);
    this.#untold.set(code, untold === void 0 ? 0 : untold + 1);
    if (untold !== void 0) return;
    this.#log.warn({ code, remoteAddress }, `connection refused: ${detail}`);
    this.#clock.schedule(PERIOD_MS, () => {
      const more = this.#untold.get(code);
      this.#untold.delete(code);
      if (more) this.#log.warn({ code, more }, `connections refused since the last line: ${detail}`);
    });
  }
};

// src/server/service-state.ts
var BEST_FIRST = ["ready", "degraded", "failing", "idle"];
function serviceState(generation, { plan, account }) {
  if (!plan.parameters) return accountState(account);
  const states = generation.variants.live(plan.name).map((live) => accountState(live.account));
  const failing = states.filter(({ state }) => state === "failing").length;
  const best = BEST_FIRST.find((state) => states.some((other) => other.state === state)) ?? "idle";
  const { names } = plan.parameters;
  return { state: best, expiresAtMs: null, lastError: null, parameters: { names, live: states.length, failing } };
}
function accountState(account) {
  const { source, plan } = account;
  const { lastError, expiresAtMs } = source;
  const clientSecret = clientSecretOf(account);
  const scopeGranted = source.value?.narrowedScope;
  return {
    state: plan.kind === "static" && source.state === "idle" ? "ready" : source.state,
    expiresAtMs,
    lastError: lastError ? { code: lastError.code, message: lastError.message } : null,
    ...scopeGranted !== void 0 && { scopeGranted },
    ...clientSecret && { clientSecret }
  };
}

// src/server/status-page.ts
import { createHash } from "node:crypto";
var STYLE = `
:root { color-scheme: light dark; --good: #17663b; --fair: #7a5200; --bad: #b3261e; --line: #8886 }
@media (prefers-color-scheme: dark) { :root { --good: #7bd8a3; --fair: #f0c060; --bad: #ff9d94 } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; overflow-wrap: anywhere }
h1 { margin-bottom: .5rem } h2 { font-size: 1.1rem; margin-top: 2rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; overflow-wrap: normal }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
th, .name, .when { white-space: nowrap }
.ready { color: var(--good) } .degraded { color: var(--fair) } .failing, .bad { color: var(--bad); font-weight: 600 }
ul { padding-left: 1.2rem }
`;
var SCRIPT = `
const by = id => document.getElementById(id)
const put = (id, text, kind) => {
  by(id).textContent = text
  by(id).className = kind ?? ''
}
const element = (tag, text, kind) => {
  const made = document.createElement(tag)
  made.textContent = text ?? ''
  if (kind) made.className = kind
  return made
}
const listOf = (id, texts) => by(id).replaceChildren(...texts.map(([text, kind]) => element('li', text, kind)))
const plural = (count, word) => count + ' ' + word + (count === 1 ? '' : 's')
const time = text => new Date(text).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

const WORST = ['failing', 'degraded', 'ready', 'idle']
const rank = ([, { state }]) => WORST.indexOf(state)

function left(expiresAt) {
  if (!expiresAt) return ''
  const seconds = Math.round((Date.parse(expiresAt) - Date.now()) / 1000)
  if (seconds <= 0) return 'over'
  for (const [unit, size] of [['day', 86400], ['hour', 3600], ['minute', 60]])
    if (seconds >= size) return 'in ' + plural(Math.floor(seconds / size), unit)
  return 'in ' + plural(seconds, 'second')
}

function row([name, { account, state, expiresAt, lastError, parameters }]) {
  const made = document.createElement('tr')
  const end = element('td', left(expiresAt), 'when')
  if (expiresAt) end.title = time(expiresAt)
  const live = parameters ? plural(parameters.live, 'set') + ' of values live, ' + parameters.failing + ' failing' : ''
  const note = lastError ? lastError.code + ': ' + lastError.message : live
  made.append(element('td', name, 'name'), element('td', account, 'name'), element('td', state, state), end, element('td', note))
  return made
}

function changed({ changes, problems }) {
  const parts = Object.entries(changes ?? {}).flatMap(([what, change]) => Object.entries(change)
    .filter(([, names]) => Array.isArray(names) && names.length > 0)
    .map(([how, names]) => plural(names.length, what.slice(0, -1)) + ' ' + how))
  if (changes?.settings.length > 0) parts.push(plural(changes.settings.length, 'setting') + ' changed')
  if (problems > 0) parts.push(plural(problems, 'finding'))
  return parts.length > 0 ? parts.join(', ') : 'nothing changed'
}

function finding({ file, range, severity, message, code, hint }) {
  const place = file + ':' + range.start.line + ':' + range.start.column
  return [place + ': ' + severity + ': ' + message + ' [' + code + ']' + (hint ? '; ' + hint : ''), severity === 'error' ? 'bad' : '']
}

function show({ generation, lastReload, reloads, state, deliveries, services }) {
  const all = Object.entries(services).sort((a, b) => rank(a) - rank(b) || a[0].localeCompare(b[0]))
  const counts = WORST.map(word => [all.filter(([, service]) => service.state === word).length, word]).filter(([n]) => n > 0)
  const words = counts.map(([count, word]) => count + ' ' + word).join(', ')
  document.title = (counts[0]?.[1] === 'failing' ? counts[0].join(' ') + ' \u2013 ' : '') + 'bearerd'
  put('summary', plural(all.length, 'service') + (words ? ': ' + words : ''))
  put('generation', generation
    ? 'Generation ' + generation.id + ', active since ' + time(generation.activatedAt)
    : 'No configuration is active', generation ? '' : 'bad')
  put('state', state.ok ? '' : 'The database cannot be used: ' + (state.lastError ?? ''), 'bad')
  put('deliveries', deliveries.ok ? '' : 'No deliveries are accepted: ' + (deliveries.lastError ?? ''), 'bad')
  put('reload', lastReload && !lastReload.ok ? 'The last reload was refused: what ran before goes on' : '', 'bad')
  listOf('problems', (lastReload?.diagnostics ?? []).map(finding))
  listOf('reloads', reloads.map(one =>
    [time(one.at) + ': ' + (one.ok ? 'generation ' + one.generation : 'refused') + ', ' + changed(one), one.ok ? '' : 'bad']))
  by('services').tBodies[0].replaceChildren(...all.map(row))
}

async function refresh() {
  try {
    const answer = await fetch('/v1/status')
    if (!answer.ok) throw new Error(answer.status)
    show(await answer.json())
  } catch {
    put('summary', 'The daemon does not answer; what is below is old', 'bad')
  }
}
refresh()
setInterval(refresh, 5000)
`;
var hash = (text2) => `'sha256-${createHash("sha256").update(text2).digest("base64")}'`;
var STATUS_PAGE_POLICY = `default-src 'none'; connect-src 'self'; img-src data:; script-src ${hash(SCRIPT)}; style-src ${hash(STYLE)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
var STATUS_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>bearerd</title><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body>
<main>
<h1>bearerd</h1>
<p id="summary" role="status"></p>
<p id="state"></p>
<p id="deliveries"></p>
<p id="reload"></p>
<ul id="problems"></ul>
<div class="wide" tabindex="0" role="region" aria-label="Services">
<table id="services">
<thead><tr><th scope="col">Service</th><th scope="col">Account</th><th scope="col">State</th><th scope="col">Token ends</th><th scope="col">Last error</th></tr></thead>
<tbody></tbody>
</table>
</div>
<h2>Reloads</h2>
<p id="generation"></p>
<ul id="reloads"></ul>
</main>
<p><a href="/v1/status">/v1/status</a> \xB7 <a href="/metrics">/metrics</a> \xB7 <a href="/openapi.json">/openapi.json</a></p>
<script>${SCRIPT}</script>
</body>
</html>
`;

// src/server/admin-server.ts
var ROUTES = "/, /v1/status, /openapi.json, /metrics, /-/healthy, /-/ready";
function createAdminServer(parts) {
  const { executor, metrics, exposed, log, isReady } = parts;
  const refused = new RefusedConnections(log);
  const server = fastify({
    logger: false,
    serverFactory: (handler) => createHttpServer(handler, { ...parts, refused }),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, refused),
    forceCloseConnections: true,
    frameworkErrors: answerUnroutable
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (_request, _payload, done) => done(null));
  guardRoutes(server, { ...parts, open: (request) => !exposed || PROBES.test(request.url) });
  answerErrors(server, parts.log, `no such route; try ${ROUTES}`);
  server.get(
    "/",
    (_request, reply) => reply.type("text/html").header("content-security-policy", STATUS_PAGE_POLICY).send(STATUS_PAGE)
  );
  server.get("/openapi.json", () => OPENAPI);
  server.get("/-/healthy", (_request, reply) => reply.type("text/plain").send("healthy\n"));
  server.get(
    "/-/ready",
    (_request, reply) => reply.code(isReady() ? 200 : 503).type("text/plain").send(isReady() ? "ready\n" : "not ready\n")
  );
  server.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  server.get("/v1/status", () => status(parts));
  server.post("/-/reload", async (request, reply) => {
    const result = await executor.reload();
    if (result.ok)
      return { generation: executor.generation?.id, at: result.at, ...jsonReport(result.diagnostics, result.files) };
    const detail = "the configuration has errors; the running generation stays";
    const answer3 = {
      ...problem("invalid_configuration", 422, "Invalid configuration", detail),
      diagnostics: result.diagnostics
    };
    sendProblem(reply, answer3, request.raw);
    return reply;
  });
  return server;
}
var PROBES = /^\/-\/(?:healthy|ready)(?:\?|$)/;
function status({ executor, deliveries }) {
  const { generation, lastReload, reloads } = executor;
  return {
    generation: generation && { id: generation.id, activatedAt: toRfc3339(generation.activatedAtMs) },
    lastReload: lastReload && describeReload(lastReload),
    reloads: reloads.map(summarize),
    state: executor.state.status,
    deliveries: deliveries(),
    services: generation ? servicesStatus(generation) : {}
  };
}
function describeReload({ ok, at, diagnostics }) {
  return { ok, at, diagnostics };
}
function summarize({ ok, at, generation, changes, diagnostics }) {
  return { ok, at, generation, problems: diagnostics.length, ...changes && { changes } };
}
function servicesStatus(generation) {
  const services = [...generation.services].map(([name, service]) => {
    const { expiresAtMs, state, ...others } = serviceState(generation, service);
    const account = service.account.plan.name;
    return [name, { account, state, expiresAt: toRfc3339(expiresAtMs), ...others }];
  });
  return Object.fromEntries(services);
}

// src/server/api-server.ts
import fastify2 from "fastify";

// src/server/authorization-route.ts
function asksForAuthorization({ route: route2, rest: rest2 }, method) {
  if (route2 !== "authorization") return false;
  return rest2.startsWith("/") || method === "GET" || method === "HEAD";
}
function authorizing({ executor, metrics }) {
  return (exchange, { service: name, rest: rest2 }) => {
    const { plan } = executor.definition(name);
    const told = (outcome, result) => {
      metrics.authorization(plan.name, outcome);
      return result;
    };
    const fail = (error) => {
      throw told("failure", error);
    };
    try {
      const query = rest2.startsWith("/") ? "" : queryOf(rest2);
      const service = calledService(executor, exchange.request, plan.name, query);
      const asked = query === "" ? NOTHING : new URLSearchParams(query);
      const minTtlMs = parseMinTtl(asked.getAll("minTtl"));
      const current = service.current(minTtlMs);
      if (current && !current.credential.prover) return told("success", sendAuthorization(exchange, service, current));
      return service.authorize(minTtlMs).then((authorized) => sendProven(exchange, service, authorized, asked)).then(() => told("success", void 0), fail);
    } catch (error) {
      return fail(error);
    }
  };
}
var NOTHING = new URLSearchParams();
function parseMinTtl([text2, ...more]) {
  if (text2 === void 0) return 0;
  const durationMs = parseDuration(text2);
  if (durationMs === void 0 || more.length > 0)
    throw new AppError("invalid_request", "`minTtl` is a duration such as `10m`");
  return durationMs;
}
async function sendProven(exchange, service, authorized, asked) {
  if (!authorized.credential.prover) return sendAuthorization(exchange, service, authorized);
  const url = asked.get("url");
  const request = url === null ? void 0 : { method: asked.get("method") ?? "GET", url };
  const authorization = await toAuthorization(service, authorized, request);
  const body = JSON.stringify({ service: service.plan.name, ...authorization });
  send(exchange, answerOf(Object.entries(authorization.headers), body));
}
var answers2 = /* @__PURE__ */ new WeakMap();
function sendAuthorization(exchange, { plan }, authorized) {
  let answer3 = answers2.get(authorized);
  if (!answer3) {
    const { injection, expiresAtMs } = authorized;
    const body = JSON.stringify({
      service: plan.name,
      headers: Object.fromEntries(injection.headers),
      query: Object.fromEntries(injection.query),
      expiresAt: toRfc3339(expiresAtMs)
    });
    answer3 = answerOf(injection.headers, body);
    answers2.set(authorized, answer3);
  }
  return send(exchange, answer3);
}
function answerOf(headers, body) {
  const sent = {
    "cache-control": "no-store",
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(body))
  };
  for (const [name, value] of headers) sent[name.toLowerCase()] = value;
  return { head: Object.entries(sent).flat(), takesId: "x-request-id" in sent, body };
}
function send({ request, response }, { head, takesId, body }) {
  response.writeHead(200, takesId ? [...head] : ["x-request-id", requestId(request), ...head]);
  response.end(body);
  return void 0;
}

// src/server/list-deliveries.ts
var MAX_PASSED_OVER = 1e4;
async function listDeliveries(deliveries, request, { limit, ...filter }) {
  const action = visibleActions(callerOf(request)?.actions, filter.action);
  if (action?.length === 0) return { deliveries: [], next: null };
  const found = [];
  let { before } = filter;
  for (let passed2 = 0; passed2 < MAX_PASSED_OVER; ) {
    const asked = { ...filter, limit: limit + 1, ...action && { action }, ...before !== void 0 && { before } };
    const rows = await deliveries.list(asked);
    for (const row of rows) {
      if (!mayUseDelivery(request, row.action, deliveries.valuesOf(row))) passed2++;
      else if (found.length < limit) found.push(row);
      else return { deliveries: found, next: String(found.at(-1).seq) };
    }
    if (rows.length <= limit) return { deliveries: found, next: null };
    before = rows.at(-1).seq;
  }
  return { deliveries: found, next: String(before) };
}
function visibleActions(allowed, wanted) {
  if (!allowed || allowed.includes("*")) return wanted;
  return wanted ? wanted.filter((name) => allowed.includes(name)) : allowed;
}

// src/server/read-delivery.ts
import { PassThrough } from "node:stream";
import multipart from "@fastify/multipart";
var MAX_INPUT_BYTES = 1024 * 1024;
var MAX_PARTS = 1e3;
async function acceptForms(server) {
  await server.register(multipart, {
    limits: { fileSize: Number.MAX_SAFE_INTEGER, fieldSize: MAX_INPUT_BYTES, parts: MAX_PARTS, files: MAX_PARTS },
    throwFileSizeLimit: true
  });
}
async function readDelivery(request, intake) {
  const { raw } = request;
  const type = (raw.headers["content-type"] ?? "").split(";", 1)[0].trim().toLowerCase();
  if (request.isMultipart()) return readForm(request, intake);
  const input = queryInput(queryOf(raw.url ?? ""));
  if (type === "application/json" && raw.headers["content-disposition"] === void 0)
    return withTexts(parseInput(await readText(raw)), input);
  if (hasBody(raw))
    await intake.add(detached(raw), {
      name: fileNameOf(raw),
      ...type !== "" && { type: raw.headers["content-type"] }
    });
  return { input, from: "text" };
}
function detached(request) {
  const copy = new PassThrough().on("error", () => {
  });
  request.once("aborted", () => copy.destroy(new Error("the body broke off")));
  return request.pipe(copy);
}
function hasBody({ headers }) {
  if (headers["transfer-encoding"] !== void 0) return true;
  const named = headers["content-type"] !== void 0 || headers["content-disposition"] !== void 0;
  return Number(headers["content-length"] ?? 0) > 0 || headers["content-length"] !== void 0 && named;
}
async function readForm(request, intake) {
  const texts = queryInput(queryOf(request.raw.url ?? ""));
  let given = { input: texts, from: "text" };
  for await (const part of request.parts()) {
    const isFile = part.type === "file";
    if (part.fieldname === "input" && (!isFile || part.mimetype === "application/json"))
      given = withTexts(parseInput(isFile ? await readText(part.file) : String(part.value)), texts);
    else if (isFile) await intake.add(part.file, { name: part.filename, type: part.mimetype });
    else
      throw new AppError(
        "invalid_request",
        `a part named \`${printableName(part.fieldname)}\` has no file name; the input is one part named \`input\``
      );
  }
  return given;
}
function withTexts(input, texts) {
  const joined = joinInput(input, texts);
  if (joined) return joined;
  throw new AppError("invalid_input", "the input is no mapping: `input.NAME` of the query cannot add to it");
}
function printableName(name) {
  return name.replace(/[^\x20-\x7e]/g, "_").slice(0, 60);
}
function parseInput(text2) {
  try {
    return text2.trim() === "" ? {} : JSON.parse(text2);
  } catch {
    throw new AppError("invalid_request", "the input is not JSON");
  }
}
async function readText(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_INPUT_BYTES) throw new AppError("body_too_large", "an input is at most 1 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
function queryInput(query) {
  const input = {};
  for (const [key, value] of new URLSearchParams(query)) {
    const [first, ...path] = key.split(".");
    if (first === "input" && path.length > 0) setText(input, path, value);
  }
  return input;
}
function fileNameOf({ headers }) {
  const header = headers["content-disposition"] ?? "";
  const encoded = /(?:^|;)\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(header)?.[1];
  const decoded3 = encoded === void 0 ? void 0 : decode(encoded);
  if (decoded3 !== void 0) return decoded3;
  const [, quoted, plain] = /(?:^|;)\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header) ?? [];
  const name = quoted?.replace(/\\(.)/g, "$1") ?? plain;
  return name === void 0 ? "file" : Buffer.from(name, "latin1").toString("utf8");
}
function decode(text2) {
  try {
    return decodeURIComponent(text2);
  } catch {
    return void 0;
  }
}

// src/server/delivery-routes.ts
async function deliveryRoutes(server, open3) {
  await acceptForms(server);
  server.post(
    "/v1/actions/:action/deliveries",
    async (request, reply) => {
      const waitMs = parseWait(request.query.wait);
      const deliveries = await open3();
      const record = await takeIn(deliveries, request.params.action, request);
      return waitMs === void 0 ? answer2(reply, record, 202) : answerWhenSettled(deliveries, record, waitMs, reply);
    }
  );
  server.get("/v1/deliveries", async (request) => {
    const filter = readFilter(request.query);
    const deliveries = await open3();
    const page = await listDeliveries(deliveries, request.raw, filter);
    return { deliveries: page.deliveries.map(describeDelivery), next: page.next };
  });
  server.get("/v1/deliveries/:id", async (request) => {
    const { deliveries, record } = await find(open3, request);
    const attempts = await deliveries.attempts(record.id);
    return {
      ...describeDelivery(record),
      ...describeResponse(record),
      attemptList: attempts.map(({ atMs, ...attempt }) => ({ at: toRfc3339(atMs), ...attempt }))
    };
  });
  server.post("/v1/deliveries/:id/retry", async (request, reply) => {
    const { deliveries, record } = await find(open3, request);
    return answer2(reply, await deliveries.retry(record.id), 202);
  });
  server.delete("/v1/deliveries/:id", async (request, reply) => {
    const { deliveries, record } = await find(open3, request);
    await deliveries.remove(record.id);
    return reply.code(204).send();
  });
}
async function find(open3, request) {
  const deliveries = await open3();
  const record = await deliveries.get(request.params.id);
  if (!mayUseDelivery(request.raw, record.action, deliveries.valuesOf(record)))
    throw new AppError("unknown_delivery", "no delivery has this id; it may have been removed");
  return { deliveries, record };
}
async function takeIn(deliveries, action, request) {
  const { raw } = request;
  const repeatable = readKey(raw);
  let intake;
  try {
    intake = await deliveries.begin(action, Number(raw.headers["content-length"] ?? 0));
    const given = await readDelivery(request, intake);
    return await intake.accept({
      ...given,
      params: callerParams(raw, queryOf(raw.url ?? "")),
      ...repeatable && { repeatable },
      mayUse: checkParameters.bind(void 0, raw)
    });
  } catch (error) {
    await intake?.drop();
    throw raw.aborted ? new AppError("invalid_request", "the body broke off") : error;
  }
}
function readKey(raw) {
  const key = raw.headers["idempotency-key"];
  if (key === void 0) return void 0;
  if (typeof key !== "string" || !/^[\x21-\x7e]{1,255}$/.test(key))
    throw new AppError("invalid_request", "`Idempotency-Key` is one text of up to 255 visible ASCII characters");
  const caller = callerOf(raw)?.name;
  return { key: key.replace(/^"(.+)"$/, "$1"), ...caller !== void 0 && { caller } };
}
var MAX_WAIT_MS = 3e5;
function parseWait(text2) {
  if (text2 === void 0) return void 0;
  const durationMs = parseDuration(text2);
  if (durationMs === void 0) throw new AppError("invalid_request", "`wait` is a duration such as `30s`");
  return Math.min(durationMs, MAX_WAIT_MS);
}
function answer2(reply, record, status2) {
  return reply.code(status2).header("location", `/v1/deliveries/${record.id}`).send({ ...describeDelivery(record), ...describeResponse(record) });
}
async function answerWhenSettled(deliveries, { id }, waitMs, reply) {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  const record = await deliveries.waitFor(id, waitMs, gone.signal);
  if (record.state !== "dead") return answer2(reply, record, record.state === "delivered" ? 200 : 202);
  reply.header("location", `/v1/deliveries/${id}`);
  const { message = "the delivery is dead", status: status2 } = record.lastError ?? {};
  throw new AppError("delivery_refused", `delivery ${id}: ${message}`, {
    ...status2 !== void 0 && { status: status2 },
    attempts: record.attempts
  });
}
function describeDelivery(record) {
  return {
    id: record.id,
    action: record.action,
    state: record.state,
    attempts: record.attempts,
    createdAt: toRfc3339(record.createdAtMs),
    nextAttemptAt: toRfc3339(record.nextAttemptAtMs),
    settledAt: toRfc3339(record.settledAtMs),
    files: record.files.map(({ name, size, type }) => ({ name, size, type })),
    lastError: record.lastError
  };
}
function describeResponse({ response }) {
  if (!response) return {};
  const { body, ...head } = response;
  const text2 = body.toString("utf8");
  const shown = Buffer.from(text2, "utf8").equals(body) ? { body: text2 } : { bodyBase64: body.toString("base64") };
  return { response: { ...head, ...shown } };
}
var STATES = ["pending", "running", "delivered", "dead"];
var DEFAULT_LIMIT = 100;
var MAX_LIMIT = 1e3;
function readFilter({ state, action, after, limit }) {
  const states = state?.split(",");
  if (states && !states.every((word) => STATES.includes(word)))
    throw new AppError("invalid_request", `\`state\` is one of ${STATES.join(", ")}`);
  const count2 = limit === void 0 ? DEFAULT_LIMIT : Number(limit);
  if (!Number.isInteger(count2) || count2 < 1 || count2 > MAX_LIMIT)
    throw new AppError("invalid_request", `\`limit\` is a number from 1 to ${MAX_LIMIT}`);
  if (after !== void 0 && !/^\d{1,15}$/.test(after))
    throw new AppError("invalid_request", "`after` is the `next` of the page before");
  const actions = action?.split(",");
  if (actions && !actions.every((name) => /^[a-z][a-z0-9-]{0,62}$/.test(name)))
    throw new AppError("invalid_request", "`action` is a list of names of actions, with commas");
  return {
    limit: count2,
    ...states && { state: states },
    ...actions && { action: actions },
    ...after !== void 0 && { before: Number(after) }
  };
}

// src/server/proxy/forward-request.ts
function forwarding({ executor, proxy }) {
  return ({ request, response }, { service: name, rest: rest2 }) => {
    const { parameters } = executor.definition(name).plan;
    const service = calledService(executor, request, name, parameters ? queryOf(rest2) : "");
    const target = parameters ? withoutParams(rest2) : rest2;
    proxy.forward({ request, response, requestId: requestId(request) }, service, target);
    return void 0;
  };
}

// src/server/service-route.ts
function serviceRoutes(parts, next, answers3) {
  const { log } = parts;
  const guard = createGuard(parts);
  const fail = ({ request, response }, { service, route: route2 }, error) => {
    const forwarding2 = route2 === "proxy" && { forwarding: true };
    writeProblem(response, reportError(log, error, request, { service, ...forwarding2 }), request);
  };
  const answer3 = (exchange, target) => {
    try {
      answers3.answerOf(target)(exchange, target)?.catch((error) => fail(exchange, target, error));
    } catch (error) {
      fail(exchange, target, error);
    }
  };
  return (request, response) => {
    const url = request.url ?? "";
    const target = isDecodable(url) ? answers3.find(url, request.method) : void 0;
    if (!target) return next(request, response);
    const refused = guard.refuse(request, response);
    if (refused) return writeProblem(response, refused, request);
    const exchange = { request, response };
    const admission = guard.admit(request, response, { service: target.service });
    if (!admission) return answer3(exchange, target);
    admission.then(
      () => answer3(exchange, target),
      (error) => fail(exchange, target, error)
    );
  };
}
var PLAIN = /^\/v1\/services\/([^/?#%]+)\/([^/?#%]+)/;
var HEAD = /^\/[^/?#]*\/[^/?#]*\/[^/?#]*\/[^/?#]*/;
function serviceTarget(url) {
  const plain = PLAIN.exec(url);
  if (plain) {
    const { 0: matched, 1: service2 = "", 2: route3 = "" } = plain;
    if (url[matched.length] !== "%") return { service: service2, route: route3, rest: url.slice(matched.length) };
  }
  const head = url.includes("%") ? HEAD.exec(url)?.[0] : void 0;
  if (head === void 0) return void 0;
  const [, version, services, service, route2] = head.split("/").map(decoded2);
  if (version !== "v1" || services !== "services" || !service || !route2) return void 0;
  return { service, route: route2, rest: url.slice(head.length) };
}
function decoded2(segment) {
  return segment.includes("%") ? decodeURIComponent(segment) : segment;
}
function isDecodable(url) {
  if (!url.includes("%")) return true;
  try {
    decodeURIComponent(url.split(/[?#]/, 1)[0]);
    return true;
  } catch {
    return false;
  }
}

// src/server/api-server.ts
function createServiceServer(parts, target) {
  const forward = forwarding(parts);
  const find2 = (url) => ({ service: target.service, route: "proxy", rest: url });
  const server = createServer2(parts, (next) => serviceRoutes(parts, next, { find: find2, answerOf: () => forward }));
  answerErrors(server, parts.log, "no such route");
  return server;
}
function createServer2({ log, ...parts }, enter2) {
  const refused = new RefusedConnections(log);
  const server = fastify2({
    logger: false,
    serverFactory: (next) => createHttpServer(enter2(next), { ...parts, refused }),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, refused),
    bodyLimit: 1024 * 1024,
    // What comes on an open connection while the daemon drains is answered like everything else.
    return503OnClosing: false,
    frameworkErrors: answerUnroutable
  });
  acceptAnyBody(server);
  return server;
}
function createApiServer(parts) {
  const { executor } = parts;
  const describe2 = (service) => describeService(executor, service);
  const answers3 = serviceAnswers(parts);
  const server = createServer2(parts, (next) => serviceRoutes(parts, next, answers3));
  guardRoutes(server, parts);
  answerErrors(server, parts.log, "no such route; see GET /v1/services");
  server.get("/v1/services", (request) => ({
    services: [...executor.generation?.services.values() ?? []].filter(({ plan }) => callerOf(request.raw)?.service(plan.name) ?? true).map(describe2)
  }));
  server.get(
    "/v1/services/:service",
    (request) => describe2(executor.definition(request.params.service))
  );
  const { openDeliveries } = parts;
  if (openDeliveries) server.register((scope) => deliveryRoutes(scope, openDeliveries));
  server.delete("/v1/services/:service/token", (request, reply) => {
    const service = calledService(executor, request.raw, request.params.service, queryOf(request.raw.url ?? ""));
    service.account.source.forget();
    return reply.code(204).send();
  });
  return server;
}
function serviceAnswers(parts) {
  const [forward, authorize] = [forwarding(parts), authorizing(parts)];
  return {
    find(url, method) {
      const target = serviceTarget(url);
      return target && (target.route === "proxy" || asksForAuthorization(target, method)) ? target : void 0;
    },
    answerOf: ({ route: route2 }) => route2 === "proxy" ? forward : authorize
  };
}
function acceptAnyBody(server) {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (_request, _payload, done) => done(null));
}
function describeService({ generation }, service) {
  const { plan, account } = service;
  const { state, parameters } = serviceState(generation, service);
  return {
    name: plan.name,
    ...plan.title !== void 0 && { title: plan.title },
    account: account.plan.name,
    state,
    ...parameters && { parameters: parameters.names }
  };
}

// src/server/proxy/forward-headers.ts
var HOP_BY_HOP = /* @__PURE__ */ new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "http2-settings"
]);
var NOT_FORWARDED = /* @__PURE__ */ new Set([...HOP_BY_HOP, "host", "expect", CALLER_HEADER]);
function requestHeaders({ rawHeaders: raw, headers: byName }, removes, keepLength) {
  const named = namedByConnection(byName.connection);
  const headers = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at].toLowerCase();
    if (NOT_FORWARDED.has(name) || removes.has(name) || named?.includes(name) || isParamHeader(name)) continue;
    if (name === "content-length" && !keepLength) continue;
    headers.push(raw[at], raw[at + 1]);
  }
  return headers;
}
function responseHeaders(raw, byName, requestId2) {
  const named = namedByConnection(byName.connection);
  const headers = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = textOf(raw[at]);
    const lowerName = name.toLowerCase();
    if (HOP_BY_HOP.has(lowerName) || named?.includes(lowerName)) continue;
    headers.push(name, textOf(raw[at + 1]));
  }
  if (byName["x-request-id"] === void 0) headers.push("X-Request-Id", requestId2);
  return headers;
}
function textOf(text2) {
  return typeof text2 === "string" ? text2 : text2.toString("latin1");
}
var NO_TRAILERS = /* @__PURE__ */ new Set([...HOP_BY_HOP, "content-length", "content-encoding", "content-type", "content-range"]);
for (const name of ["host", "authorization", "www-authenticate", "set-cookie", "location"]) NO_TRAILERS.add(name);
function responseTrailers(trailers) {
  return Object.entries(trailers).flatMap(
    ([name, value = []]) => NO_TRAILERS.has(name.toLowerCase()) ? [] : [value].flat().filter((text2) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text2)).map((text2) => [name, text2])
  );
}
function namedByConnection(value) {
  if (value === void 0 || value === "keep-alive" || value === "close") return void 0;
  return String(value).toLowerCase().split(",").map((name) => name.trim());
}

// src/server/proxy/forward-path.ts
function forwardPath(basePath, rest2) {
  const queryAt = rest2.indexOf("?");
  const path = queryAt < 0 ? rest2 : rest2.slice(0, queryAt);
  const query = queryAt < 0 ? "" : rest2.slice(queryAt);
  if (/[\\\x00-\x20\x7f#]/.test(rest2))
    throw new AppError("invalid_path", "blanks, backslashes and control characters cannot stand in a path");
  const base = basePath.endsWith("/") ? basePath.slice(0, -1) : basePath;
  return `${base}${needsNormalising(path) ? withoutDotSegments(path) : path || "/"}${query}`;
}
function needsNormalising(path) {
  return path.includes("/.") || /%(?:2e|2f|5c|25|00|c0|c1|e0%80|e2%80|ef%b[9c]|f0%80)/i.test(path);
}
var NEVER = /%00|%c[01]%|%e0%80|%f0%80/i;
function withoutDotSegments(path) {
  if (NEVER.test(path)) throw new AppError("invalid_path", "an encoded NUL or overlong UTF-8 is not forwarded");
  const kept = [];
  for (const segment of path.split("/").slice(1)) {
    const plain = segment.replace(/%2e/gi, ".");
    if (plain === "..") {
      if (kept.length === 0) throw new AppError("invalid_path", "the path leaves the service");
      kept.pop();
    } else if (plain !== ".") {
      if (hidesDots(plain))
        throw new AppError("invalid_path", "dots beside an encoded slash, a backslash or a semicolon are not forwarded");
      kept.push(segment);
    }
  }
  return `/${kept.join("/")}`;
}
function forwardQuery(path, removes, adds) {
  if (removes.size === 0) return path;
  const at = path.indexOf("?");
  const pairs = at < 0 ? [] : path.slice(at + 1).split("&");
  const taken = new Set([...removes].map((name) => name.toLowerCase()));
  const kept = pairs.filter((pair) => pair !== "" && !taken.has(decodedName(pair).toLowerCase()));
  const added = adds.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const query = [...kept, ...added].join("&");
  return `${at < 0 ? path : path.slice(0, at)}${query && `?${query}`}`;
}
function decodedName(pair) {
  const name = pair.split("=", 1)[0].replaceAll("+", " ");
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

// src/server/proxy/forwarding.ts
function createForwarding({ request, response, requestId: requestId2 }, service, rest2, limits) {
  const forwarding2 = {
    request,
    response,
    requestId: requestId2,
    service,
    rest: rest2,
    body: bodyOf(request, () => new Upload({ request, service: service.plan.name, maxBytes: limits.requestBodyBytes })),
    limits,
    startedAtMs: performance.now(),
    renewed: false,
    proven: false,
    reconnected: false,
    repeats: void 0,
    leaveSlot: void 0,
    answer: void 0
  };
  response.on("close", () => forwarding2.answer?.callerIsGone());
  return forwarding2;
}
function bodyOf({ headers }, createUpload) {
  const length = Number(headers["content-length"] ?? 0);
  const isChunked = headers["transfer-encoding"] !== void 0;
  if (isChunked || length > MAX_REPLAYABLE_BYTES) return { kind: "stream", upload: createUpload() };
  return length === 0 ? { kind: "none" } : { kind: "buffer", bytes: Buffer.alloc(0) };
}
function isReplayable(body) {
  return body.kind !== "stream" || body.upload.isReplayable;
}
function readBody(request, limitMs) {
  return new Promise((resolve2, reject) => {
    const chunks = [];
    const late = () => reject(bodyTooSlow());
    const timer = setTimeout(late, limitMs);
    request.once("timeout", late);
    request.on("data", (chunk) => chunks.push(chunk));
    request.once("end", () => resolve2(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    request.once("close", () => {
      clearTimeout(timer);
      if (!request.readableEnded) reject(new AppError("request_timeout", "the caller left within the body"));
    });
  });
}

// src/base/free-buffer.ts
function freeBuffer({ buffer, byteLength }) {
  if (byteLength > 0 && byteLength === buffer.byteLength) buffer.transfer(0);
}

// src/server/proxy/upstream-error.ts
function isClosed(code) {
  return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
}
function timeoutError({ plan }) {
  return new AppError("upstream_timeout", plan.timeoutMessage ?? `service \`${plan.name}\` did not answer in time`, {
    service: plan.name
  });
}
function upstreamError(service, code) {
  const { name, serverUrl } = service.plan;
  if (code === "UND_ERR_BODY_TIMEOUT" || code === "UND_ERR_HEADERS_TIMEOUT") return timeoutError(service);
  if (isClosed(code)) {
    return new AppError("upstream_reset", `service \`${name}\` closed the connection before its answer was complete`, {
      service: name
    });
  }
  const message = `service \`${name}\` at ${serverUrl.display} cannot be reached (${code ?? "connection failed"}); check serverUrl and the network`;
  return new AppError("upstream_unreachable", message, { service: name });
}

// src/server/proxy/proxy-answer.ts
var MAX_DISCARDED_BYTES = 64 * 1024;
var MAX_WHOLE_BYTES = 16 * 1024;
var Answer = class {
  #forwarding;
  #authorized;
  #actions;
  #timer;
  #controller;
  /** Nothing of it goes to the caller any more. */
  #discarding = false;
  #discardedBytes = 0;
  #status = 0;
  /** Of the body, where it is said and small. */
  #wholeBytes;
  #unread;
  constructor(forwarding2, authorized, actions) {
    this.#forwarding = forwarding2;
    this.#authorized = authorized;
    this.#actions = actions;
    this.#timer = setTimeout(onTimeout, forwarding2.repeats?.leftMs() ?? forwarding2.service.plan.timeoutMs, this);
    forwarding2.answer = this;
  }
  isLate() {
    const { body, request } = this.#forwarding;
    if (body.kind === "stream" && isStalled(request)) return void this.#timer.refresh();
    this.#end();
    this.#discarding = true;
    this.#controller?.abort(new Error("timeout"));
    this.#actions.fail(this.#forwarding, timeoutError(this.#forwarding.service));
  }
  callerIsGone() {
    if (this.#forwarding.response.writableFinished) return;
    this.#end();
    this.#discarding = true;
    this.#controller?.abort(new Error("the caller is gone"));
  }
  #end() {
    this.#leave();
    const { body, request } = this.#forwarding;
    if (body.kind === "stream") request.unpipe().resume();
  }
  #leave() {
    clearTimeout(this.#timer);
    this.#forwarding.answer = void 0;
  }
  /** Another request takes its place, with the same body. */
  #giveWay() {
    this.#leave();
    this.#discarding = true;
    const { body } = this.#forwarding;
    if (body.kind === "stream") body.upload.hold();
  }
  onRequestStart(controller) {
    this.#controller = controller;
    if (this.#discarding) controller.abort(new Error("no longer wanted"));
  }
  /** As long as the upload moves, the service is not late. */
  onBodySent() {
    if (this.#status === 0 && !this.#discarding) this.#timer.refresh();
  }
  onResponseStart(controller, status2, headers, message) {
    if (status2 < 200) return;
    clearTimeout(this.#timer);
    this.#status = status2;
    if (this.#asksForNonce(status2, headers)) {
      this.#giveWay();
      this.#actions.prove(this.#forwarding, this.#authorized);
      return;
    }
    const verdict = this.#forwarding.service.judge(this.#authorized, status2);
    const head = { status: status2, message, raw: rawHeaders(controller, headers), headers };
    if (verdict === "read" && isReadable(headers)) this.#unread = { ...head, chunks: [], bytes: 0 };
    else if (this.#goesOn(verdict, head)) this.#begin(head);
  }
  /** False when a new request takes the place of this one. */
  #goesOn(verdict, head) {
    const { service, renewed, body } = this.#forwarding;
    if (verdict === "accepted") service.accept(this.#authorized);
    if (verdict === "rejected" && !renewed && isReplayable(body)) {
      this.#replay();
      return false;
    }
    if (verdict === "rejected") this.#actions.reject(this.#forwarding, this.#authorized);
    return this.#forwarding.repeats === void 0 || !this.#repeats(head);
  }
  #begin({ status: status2, message = "", raw, headers }) {
    const { response, requestId: requestId2 } = this.#forwarding;
    const reason = isHeaderValue(message) ? message : void 0;
    response.writeHead(status2, reason, responseHeaders(raw, headers, requestId2));
    const length = headers["content-length"];
    if (Number(length) <= MAX_WHOLE_BYTES) this.#wholeBytes = Number(length);
  }
  /** The caller gets what was kept back, unless it says that the token was rejected. */
  #release(unread, body) {
    this.#unread = void 0;
    const verdict = this.#forwarding.service.judge(this.#authorized, unread.status, body ?? "");
    if (!this.#goesOn(verdict, unread)) return false;
    this.#begin(unread);
    for (const chunk of unread.chunks) this.#forwarding.response.write(chunk);
    return true;
  }
  /** The service took a handshake. */
  onRequestUpgrade(controller, status2, headers, socket) {
    this.#end();
    const { service, response, requestId: requestId2 } = this.#forwarding;
    if (this.#discarding || response.destroyed) {
      socket.destroy();
      return;
    }
    service.accept(this.#authorized);
    this.#actions.finish(this.#forwarding, status2);
    joinTunnel(response, responseHeaders(rawHeaders(controller, headers), headers, requestId2), socket);
  }
  /** Remembers the nonce of any answer; a request that lacked it is repeated once with the same token (RFC 9449 section 9). */
  #asksForNonce(status2, headers) {
    const { credential, serverUrl } = this.#authorized;
    const learned = credential.prover?.learn(serverUrl, String(headers["dpop-nonce"] ?? ""));
    const { proven, body } = this.#forwarding;
    return learned === true && !proven && isReplayable(body) && wantsNonce(status2, String(headers["www-authenticate"] ?? ""));
  }
  #repeats({ status: status2, headers }) {
    if (!this.#actions.repeat(this.#forwarding, { cause: status2, retryAfter: headerOf(headers, "retry-after") }))
      return false;
    this.#end();
    this.#discarding = true;
    return true;
  }
  /** Waits for nothing: a refusal whose body stalls or breaks off is a refusal all the same. */
  #replay() {
    this.#giveWay();
    this.#actions.renew(this.#forwarding, this.#authorized);
  }
  onResponseData(controller, chunk) {
    if (this.#discarding) this.#discard(controller, chunk);
    else if (this.#unread) this.#keep(this.#unread, chunk);
    else this.#pass(controller, chunk);
  }
  #discard(controller, { length }) {
    this.#discardedBytes += length;
    if (this.#discardedBytes > MAX_DISCARDED_BYTES) controller.abort(new Error("too much to discard"));
  }
  #keep(unread, chunk) {
    unread.chunks.push(chunk);
    unread.bytes += chunk.length;
    if (unread.bytes > MAX_JUDGED_BYTES) this.#release(unread, void 0);
  }
  #pass(controller, chunk) {
    const { response } = this.#forwarding;
    if (chunk.length === this.#wholeBytes) response.end(chunk.toString("latin1"), "latin1");
    else if (!response.write(chunk, () => freeBuffer(chunk))) {
      controller.pause();
      response.once("drain", () => controller.resume());
    }
  }
  onResponseEnd(_controller, trailers) {
    if (this.#discarding) return;
    if (this.#unread && !this.#release(this.#unread, textOf2(this.#unread))) return;
    this.#end();
    this.#actions.finish(this.#forwarding, this.#status);
    const { request, response } = this.#forwarding;
    const { te } = request.headers;
    if (te !== void 0 && /\btrailers\b/i.test(String(te))) response.addTrailers(responseTrailers(trailers));
    response.end();
  }
  onResponseError(_controller, error) {
    if (this.#discarding) return;
    this.#end();
    const code = systemErrorCode(error);
    if (isClosed(code) && this.#mayReconnect()) this.#actions.reconnect(this.#forwarding, this.#authorized);
    else if (!this.#repeatsUnanswered(code)) {
      const { service } = this.#forwarding;
      this.#actions.fail(this.#forwarding, error instanceof AppError ? error : upstreamError(service, code));
    }
  }
  #repeatsUnanswered(code) {
    const unanswered = this.#status === 0 && isConnectionFailure(code);
    return unanswered && this.#actions.repeat(this.#forwarding, { cause: "connection" });
  }
  #mayReconnect() {
    const { request, body, reconnected, response, repeats } = this.#forwarding;
    const repeatable = isIdempotent(request.method ?? "") && body.kind !== "stream" && !response.headersSent;
    return repeatable && !reconnected && (repeats?.nextAtOnce() ?? true);
  }
};
function onTimeout(answer3) {
  answer3.isLate();
}
function rawHeaders({ rawHeaders: raw }, headers) {
  if (Array.isArray(raw)) return raw;
  return Object.entries(headers).flatMap(([name, value]) => [value].flat().flatMap((text2) => [name, String(text2)]));
}
function isReadable(headers) {
  return isJudged(headerOf(headers, "content-type"), headerOf(headers, "content-length"));
}
function textOf2({ chunks, headers }) {
  return decodedText(Buffer.concat(chunks), headerOf(headers, "content-encoding"), MAX_JUDGED_BYTES);
}
function headerOf(headers, name) {
  return String(headers[name] ?? "");
}

// src/server/proxy/repeating.ts
var Repeating = class {
  #parts;
  #effects;
  constructor(parts) {
    this.#parts = parts;
    this.#effects = parts.effects ?? REAL_EFFECTS;
  }
  /** To be called before the first attempt: the time for all of them starts then. */
  prepare(forwarding2) {
    const { service, request, body } = forwarding2;
    const replayable = body.kind !== "stream";
    forwarding2.repeats ??= repeatsOf(service.plan, request.method ?? "", replayable, this.#effects);
  }
  /** False when there is no further attempt. Who pauses does not run: another request takes the slot until then. */
  pause(forwarding2, { cause, retryAfter: retryAfter2 }, sequel) {
    const { repeats, response } = forwarding2;
    const delayMs = repeats?.next(cause, retryAfter2);
    if (delayMs === void 0) return false;
    this.tell(forwarding2, cause, delayMs);
    forwarding2.proven = false;
    forwarding2.leaveSlot?.();
    const cancel = this.#effects.clock.schedule(delayMs, () => {
      response.off("close", cancel);
      this.#enterAgain(forwarding2, repeats, sequel);
    });
    response.once("close", cancel);
    return true;
  }
  #enterAgain({ service, response }, repeats, { send: send3, refuse }) {
    const plan = { name: service.plan.name, timeoutMs: repeats.leftMs() };
    this.#parts.slots.enterAgain({ plan, response, start: send3, refuse });
  }
  tell({ service, repeats, requestId: requestId2 }, cause, delayMs = 0) {
    const { name } = service.plan;
    this.#parts.metrics.proxyRetry(name, String(cause));
    const facts = { service: name, cause, attempt: repeats.attempts, delayMs: Math.round(delayMs) };
    this.#parts.log.info({ ...facts, requestId: requestId2 }, "sent again");
  }
};

// src/server/proxy/proxy.ts
var CONNECTIONS = { connect: { timeout: 1e4 }, keepAliveTimeout: 1e4, bodyTimeout: 0, headersTimeout: 0 };
var ServiceProxy = class {
  #log;
  #metrics;
  #connections = createConnections({ agent: CONNECTIONS });
  /** A connection for each request: what the service closed once, it may have closed on all idle ones. */
  #freshConnections = createConnections({ agent: { ...CONNECTIONS, pipelining: 0 } });
  #limits;
  #slots;
  #repeating;
  constructor({ log, metrics, limits = () => DEFAULT_LIMITS, slots = new Slots(limits), effects }) {
    this.#repeating = new Repeating({ slots, log, metrics, effects });
    this.#limits = limits;
    this.#slots = slots;
    this.#log = log;
    this.#metrics = metrics;
  }
  /** Answers the request completely; never throws. `rest` is what follows `/proxy`, as the caller wrote it. */
  forward(exchange, service, rest2) {
    const forwarding2 = createForwarding(exchange, service, rest2, this.#limits());
    try {
      refuseEarly(forwarding2);
      if (this.#slots.areUnlimited()) this.#startOrFail(forwarding2, void 0);
      else {
        this.#slots.enter({
          plan: service.plan,
          response: exchange.response,
          start: (leave) => this.#startOrFail(forwarding2, leave),
          refuse: (error) => this.fail(forwarding2, error)
        });
      }
    } catch (error) {
      this.fail(forwarding2, error);
    }
  }
  #startOrFail(forwarding2, leave) {
    forwarding2.leaveSlot = leave;
    try {
      this.#start(forwarding2);
    } catch (error) {
      this.fail(forwarding2, error);
    }
  }
  #start(forwarding2) {
    if (forwarding2.service.plan.allow) checkAllowed(forwarding2, forwarding2.service.plan.allow);
    const authorized = forwarding2.service.current();
    if (authorized && forwarding2.body.kind !== "buffer") this.#send(forwarding2, authorized);
    else {
      prepare(forwarding2, authorized).then(
        (ready) => this.#send(forwarding2, ready),
        (error) => this.fail(forwarding2, error)
      );
    }
  }
  /** Closes the connections to services after what runs has ended. */
  async close() {
    await Promise.all([this.#connections.close(), this.#freshConnections.close()]);
  }
  #send(forwarding2, authorized) {
    if (!authorized.credential.prover) {
      this.#dispatch(forwarding2, authorized, []);
      return;
    }
    proofFor(forwarding2, authorized).then(
      (proof) => this.#dispatch(forwarding2, authorized, proof),
      (error) => this.fail(forwarding2, error)
    );
  }
  #dispatch(forwarding2, authorized, proof) {
    if (forwarding2.response.destroyed) return;
    if (forwarding2.service.plan.retry) this.#repeating.prepare(forwarding2);
    try {
      const connections = forwarding2.reconnected ? this.#freshConnections : this.#connections;
      const dispatcher = connections.dispatcher(authorized.connection, authorized.origin);
      dispatcher.dispatch(dispatchOptions(forwarding2, authorized, proof), new Answer(forwarding2, authorized, this));
    } catch (error) {
      this.fail(forwarding2, error);
    }
  }
  prove(forwarding2, authorized) {
    forwarding2.proven = true;
    this.#send(forwarding2, authorized);
  }
  reconnect(forwarding2, authorized) {
    if (forwarding2.repeats) this.#repeating.tell(forwarding2, "connection");
    forwarding2.reconnected = true;
    this.#send(forwarding2, authorized);
  }
  repeat(forwarding2, occasion) {
    return this.#repeating.pause(forwarding2, occasion, {
      send: (leave) => {
        forwarding2.leaveSlot = leave;
        this.#authorizeAndSend(forwarding2);
      },
      refuse: (error) => this.fail(forwarding2, error)
    });
  }
  /** With the token of this moment: the last one was refused, or may have ended. */
  #authorizeAndSend(forwarding2) {
    forwarding2.service.authorize().then(
      (authorized) => this.#send(forwarding2, authorized),
      (error) => this.fail(forwarding2, error)
    );
  }
  renew(forwarding2, refused) {
    forwarding2.renewed = true;
    this.reject(forwarding2, refused);
    this.#authorizeAndSend(forwarding2);
  }
  reject({ service }, refused) {
    this.#metrics.tokenRejected(service.plan.name);
    service.reject(refused);
  }
  finish({ service, startedAtMs }, status2) {
    this.#metrics.proxyRequest(service.plan.name, status2, performance.now() - startedAtMs);
  }
  fail(forwarding2, error) {
    const { service, request, response } = forwarding2;
    const attempts = forwarding2.repeats && { attempts: forwarding2.repeats.attempts };
    const problem2 = { ...attempts, ...problemOf(error, service.plan.name) };
    const caller = callerOf(request)?.name;
    const { code, status: status2, detail } = problem2;
    const { requestId: requestId2 } = forwarding2;
    const facts = { service: service.plan.name, ...caller && { caller }, code, ...attempts, requestId: requestId2 };
    if (error instanceof AppError) this.#log.warn(facts, detail);
    else this.#log.error({ ...facts, ...errorFacts(error) }, "internal error");
    if (response.headersSent) {
      this.finish(forwarding2, response.statusCode);
      response.destroy();
      return;
    }
    this.finish(forwarding2, status2);
    writeProblem(response, problem2, request);
  }
};
function refuseEarly({ request, service, limits }) {
  const { name } = service.plan;
  const { upgrade = "", "content-length": length = 0 } = request.headers;
  if (Number(length) > (limits.requestBodyBytes ?? Infinity)) throw bodyTooLarge(name);
  if (upgrade === "" || isHandshake(request) || /^h2c?$/i.test(upgrade)) return;
  throw new AppError("invalid_request", NO_UPGRADE, { service: name });
}
var NO_UPGRADE = "of upgrades only a WebSocket is forwarded: GET without a body, `Connection: Upgrade`, `Upgrade: websocket`";
var HANDSHAKE = { upgrade: "websocket", allowH2: false };
function checkAllowed({ request, rest: rest2, service }, allow) {
  const path = forwardPath("", rest2).split("?", 1)[0];
  if (allow(request.method ?? "", path)) return;
  throw notAllowed(service.plan.name);
}
async function proofFor({ request, rest: rest2 }, authorized) {
  const { origin, pathname } = authorized;
  return proofHeaders(authorized, request.method ?? "GET", new URL(origin + forwardPath(pathname, rest2)));
}
function dispatchOptions(forwarding2, { origin, pathname, injection }, proof) {
  const { service, request, rest: rest2, body } = forwarding2;
  const { removes, timeoutMs } = service.plan;
  const headers = requestHeaders(request, removes.headers, body.kind === "stream");
  for (const [name, value] of injection.headers) headers.push(name, value);
  for (const [name, value] of proof) headers.push(name, value);
  const hasId = request.headers["x-request-id"] !== void 0 || removes.headers.has("x-request-id");
  if (!hasId) headers.push("X-Request-Id", forwarding2.requestId);
  const options = {
    origin,
    path: forwardQuery(forwardPath(pathname, rest2), removes.query, injection.query),
    method: request.method,
    headers,
    body: bodyToSend(forwarding2),
    bodyTimeout: timeoutMs
  };
  return isHandshake(request) ? { ...options, ...HANDSHAKE } : options;
}
function bodyToSend({ body }) {
  if (body.kind === "buffer") return body.bytes;
  return body.kind === "none" ? null : body.upload.stream();
}
async function prepare(forwarding2, authorized) {
  const ready = authorized ?? await forwarding2.service.authorize();
  if (forwarding2.body.kind === "buffer")
    forwarding2.body.bytes = await readBody(forwarding2.request, forwarding2.limits.bodyTimeoutMs);
  return ready;
}

// src/daemon/certificate.ts
import { X509Certificate as X509Certificate2 } from "node:crypto";
import { readFile as readFile2 } from "node:fs/promises";
import { isIP } from "node:net";
import { createSecureContext } from "node:tls";
var CertificateError = class extends Error {
};
var Certificate = class _Certificate {
  #context;
  #leaf;
  constructor(context) {
    this.#context = context;
    this.#leaf = new X509Certificate2(context.cert);
  }
  /** Rejects with CertificateError. */
  static async read(settings) {
    return new _Certificate(await readContext(settings));
  }
  get context() {
    return this.#context;
  }
  covers(host) {
    return (isIP(host) ? this.#leaf.checkIP(host) : this.#leaf.checkHost(host)) !== void 0;
  }
  /** Reads the files again; whether they differ. Rejects with CertificateError, and changes nothing then. */
  async refresh(settings) {
    const context = await readContext(settings);
    if (JSON.stringify(context) === JSON.stringify(this.#context)) return false;
    this.#leaf = new X509Certificate2(context.cert);
    this.#context = context;
    return true;
  }
  /** RFC 3339. */
  get expiresAt() {
    return new Date(Date.parse(this.#leaf.validTo)).toISOString();
  }
};
async function readContext({ certFile, keyFile, caFile }) {
  const context = {
    cert: await readPem(certFile, "certFile"),
    key: await readPem(keyFile, "keyFile"),
    ca: caFile === void 0 ? [] : await readPem(caFile, "caFile")
  };
  try {
    createSecureContext(context);
    new X509Certificate2(context.cert);
  } catch {
    throw new CertificateError("`daemon.tls`: certificate and key do not fit together, or are not in PEM");
  }
  return context;
}
async function readPem(path, key) {
  try {
    return await readFile2(path, "utf8");
  } catch (error) {
    throw new CertificateError(`\`daemon.tls.${key}\`: ${path} cannot be read (${systemErrorCode(error)})`);
  }
}

// src/daemon/listeners.ts
async function openListeners(listenersParts) {
  const { executor, metrics, log, slots, at, deliveries } = listenersParts;
  let ready = true;
  const { tls: tlsSettings, socket } = executor.daemonSettings;
  const certificate = tlsSettings && await readCertificate(tlsSettings);
  const partsOf = (address, wantsTls) => {
    const tls = certificate && wantsTls && "port" in address ? certificate : void 0;
    const exposed = isExposedAddress(address);
    return { executor, metrics, log, exposed, door: createDoor(address, tls), ...tls && { tls } };
  };
  const proxy = new ServiceProxy({ log, metrics, limits: () => limitsOf(executor), slots });
  const apiParts = partsOf(at.api, true);
  const adminParts = partsOf(at.admin, isExposedAddress(at.admin));
  const api = createApiServer({ ...apiParts, proxy, openDeliveries: deliveries.open });
  const admin = createAdminServer({ ...adminParts, isReady: () => ready, deliveries: deliveries.status });
  const close = async () => {
    await api.close();
    await admin.close();
    await proxy.close();
  };
  try {
    const scheme = (parts) => ({ socket, scheme: "tls" in parts ? "https" : "http" });
    const addresses = {
      api: await listen(api, at.api, scheme(apiParts)),
      admin: await listen(admin, at.admin, scheme(adminParts))
    };
    return { ...addresses, stop, refreshCertificate };
  } catch (error) {
    await close();
    throw error;
  }
  async function refreshCertificate() {
    const settings = executor.daemonSettings.tls;
    if (!certificate || !settings) return;
    try {
      if (!await certificate.refresh(settings)) return;
      for (const { server } of [api, admin]) server.setSecureContext?.(certificate.context);
      log.info({ expiresAt: certificate.expiresAt }, "the certificate of the listener changed");
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
      log.warn({}, `the listener keeps its certificate: ${error.message}`);
    }
  }
  async function stop(limitMs) {
    ready = false;
    log.info({}, "stopping: finishing what runs");
    const force = setTimeout(() => {
      log.warn({ limitMs }, "time is up: closing connections");
      api.server.closeAllConnections();
    }, limitMs);
    await close();
    clearTimeout(force);
  }
}
async function readCertificate(settings) {
  try {
    return await Certificate.read(settings);
  } catch (error) {
    throw error instanceof CertificateError ? new ListenError(error.message) : error;
  }
}

// src/daemon/log.ts
import { pino } from "pino";
function createLog({ level, format }) {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${(/* @__PURE__ */ new Date()).toISOString()}"`,
    formatters: { level: levelName }
  };
  if (format === "pretty") process.stderr.on("error", () => {
  });
  const logger = pino(options, format === "pretty" ? { write: writePretty } : linesOnStandardError());
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    isDebug: () => logger.isLevelEnabled("debug"),
    setLevel: (next) => {
      logger.level = next;
    },
    cycleLevel() {
      logger.level = NEXT_LEVEL[logger.level] ?? "debug";
      logger.info({ logLevel: logger.level }, "log level changed");
    }
  };
}
var MAX_WAITING_BYTES = 1024 * 1024;
function linesOnStandardError() {
  const lines = pino.destination({ dest: 2, sync: true, maxLength: MAX_WAITING_BYTES });
  lines.on("error", () => {
  });
  return lines;
}
var NEXT_LEVEL = { debug: "trace", trace: "info" };
function levelName(label) {
  return { level: label };
}
function writePretty(line) {
  const { level, time, msg, ...fields } = JSON.parse(line);
  const rest2 = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`
  );
  const text2 = [msg, ...rest2].join(" ").replace(/[\x00-\x1f\x7f-\x9f]/g, " ");
  process.stderr.write(`${String(time).slice(11, 23)} ${String(level).padEnd(5)} ${text2}
`);
}

// src/daemon/open-deliveries.ts
import { homedir } from "node:os";
import { join as join2 } from "node:path";

// src/deliveries/deliveries.ts
import { randomUUID as randomUUID2 } from "node:crypto";

// src/deliveries/content-store.ts
import { createHash as createHash2 } from "node:crypto";
import { mkdir, open as open2, readdir, readFile as readFile3, rename, rm as rm2, stat, utimes, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

// src/deliveries/stream-to-file.ts
import { open } from "node:fs/promises";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
var AHEAD_BYTES = 1024 * 1024;
function streamToFile(content, path, see) {
  let file;
  const write = async (chunks) => {
    for (const chunk of chunks) see(chunk);
    await writeAll(file, chunks);
    for (const chunk of chunks) freeBuffer(chunk);
  };
  const create = async () => {
    file = await open(path, "wx", 384);
  };
  const sink = new Writable({
    highWaterMark: AHEAD_BYTES,
    construct: (done) => settle(create(), done),
    writev: (parts, done) => settle(write(parts.map(({ chunk }) => chunk)), done),
    final: (done) => settle(file.sync(), done),
    destroy: (error, done) => settle(file?.close(), (failure) => done(failure ?? error))
  });
  return pipeline(content, sink);
}
function settle(work, done) {
  Promise.resolve(work).then(() => done(), done);
}
async function writeAll(file, chunks) {
  let left = chunks;
  for (let bytes = chunks.reduce((sum, { length }) => sum + length, 0); bytes > 0; ) {
    const { bytesWritten } = await file.writev(left);
    bytes -= bytesWritten;
    if (bytes > 0) left = [Buffer.concat(left).subarray(bytesWritten)];
  }
}

// src/deliveries/content-store.ts
var MANY = 1e3;
var ContentStore = class {
  #directory;
  #folder;
  #uploads;
  #quota;
  #nowMs;
  constructor(directory, quota, nowMs) {
    this.#directory = directory;
    this.#folder = join(directory, "content");
    this.#uploads = join(directory, "uploads");
    this.#quota = quota;
    this.#nowMs = nowMs;
  }
  async open() {
    for (const folder of [this.#uploads, this.#folder]) await mkdir(folder, { recursive: true, mode: 448 });
  }
  /** Names the folder when it has no name yet: by it, replicas tell whether they see the same one. */
  async identity(newName) {
    const path = join(this.#directory, "fleet");
    await writeFile(path, newName, { flag: "wx", mode: 384, flush: true }).catch((error) => {
      if (systemErrorCode(error) !== "EEXIST") throw error;
    });
    return (await readFile3(path, "utf8")).trim();
  }
  /** Removes what uploads that broke off and processes that died have left. */
  async clean({ neededAmong, minAgeMs }) {
    const old = async (folder) => {
      const found = [];
      for (const id of await readdir(folder))
        if (this.#nowMs() - await lastChangeMs(join(folder, id)) >= minAgeMs) found.push(id);
      return found;
    };
    for (const id of await old(this.#uploads)) await this.#delete(this.#uploads, id);
    const kept = await old(this.#folder);
    for (let at = 0; at < kept.length; at += MANY) {
      const some = kept.slice(at, at + MANY);
      const needed = new Set(await neededAmong(some));
      for (const id of some) if (!needed.has(id)) await this.#delete(this.#folder, id);
    }
  }
  async begin(id, { maxBytes }) {
    const folder = join(this.#uploads, id);
    await storing(() => mkdir(folder, { mode: 448 }));
    const files = [];
    let received = 0;
    let keptBytes = 0;
    const take = (bytes) => {
      received += bytes;
      checkSize(received, maxBytes);
      this.#quota.receive(id, bytes);
    };
    return {
      add: async (content, file) => {
        files.push(await receive(content, file, { path: join(folder, String(files.length)), take }));
      },
      keep: async () => {
        const target = join(this.#folder, id);
        await storing(async () => {
          await utimes(folder, this.#nowMs() / 1e3, this.#nowMs() / 1e3);
          await syncFolder(folder);
          await rename(folder, target);
          await syncFolder(this.#folder);
        });
        keptBytes = this.#quota.kept(id);
        return { files: files.map((file, index) => ({ ...file, path: `content/${id}/${index}` })) };
      },
      drop: async () => {
        this.#quota.dropped(id);
        this.#quota.removed(keptBytes);
        keptBytes = 0;
        await this.#delete(this.#uploads, id);
        await this.#delete(this.#folder, id);
      }
    };
  }
  /** Where a file is: the folder may be mounted elsewhere than where it was when the file came. */
  locate(file) {
    return { ...file, path: resolve(this.#directory, file.path) };
  }
  remove(id) {
    return this.#delete(this.#folder, id);
  }
  #delete(folder, id) {
    return rm2(join(folder, id), { recursive: true, force: true });
  }
};
function checkSize(bytes, maxBytes) {
  if (bytes > maxBytes) throw new AppError("body_too_large", "the body is larger than `daemon.limits.requestBody`");
}
async function lastChangeMs(folder) {
  try {
    const names = await readdir(folder);
    const found = await Promise.all([folder, ...names.map((name) => join(folder, name))].map((path) => stat(path)));
    return Math.max(...found.map(({ mtimeMs }) => mtimeMs));
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
async function receive(content, { name, type }, { path, take }) {
  const hash2 = createHash2("sha256");
  let size = 0;
  const see = (chunk) => {
    take(chunk.length);
    size += chunk.length;
    hash2.update(chunk);
  };
  await storing(() => streamToFile(content, path, see));
  const own = safeBaseName(name);
  return { name: own, size, type: type ?? contentTypeOf(own), path, sha256: hash2.digest("hex") };
}
async function storing(work) {
  try {
    return await work();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== "ENOSPC" && code !== "EDQUOT" && code !== "EFBIG") throw error;
    throw new AppError("storage_full", "the disk of the state folder is full; nothing was accepted");
  }
}
async function syncFolder(path) {
  const folder = await open2(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

// src/deliveries/quota.ts
var Quota = class {
  #maxBytes;
  #incoming = /* @__PURE__ */ new Map();
  #stored = 0;
  constructor(maxBytes) {
    this.#maxBytes = maxBytes;
  }
  /** Throws AppError `storage_full` when so many bytes more do not fit. */
  checkRoom(bytes) {
    const incoming = [...this.#incoming.values()].reduce((sum, size) => sum + size, 0);
    if (this.#stored + incoming + bytes <= this.#maxBytes()) return;
    throw new AppError(
      "storage_full",
      "the files of waiting deliveries fill `daemon.state.maxSize`; nothing was accepted"
    );
  }
  /** Throws AppError `storage_full`. */
  receive(id, bytes) {
    this.checkRoom(bytes);
    this.#incoming.set(id, (this.#incoming.get(id) ?? 0) + bytes);
  }
  /** Gives its bytes. */
  kept(id) {
    const bytes = this.#incoming.get(id) ?? 0;
    this.#stored += bytes;
    this.#incoming.delete(id);
    return bytes;
  }
  dropped(id) {
    this.#incoming.delete(id);
  }
  removed(bytes) {
    this.#stored = Math.max(0, this.#stored - bytes);
  }
  /** As it was counted. */
  set(storedBytes) {
    this.#stored = storedBytes;
  }
};

// src/deliveries/removed-actions.ts
var PATIENCE_MS = 6e5;
function createRemovedActions(executor, clock) {
  const unknownSinceMs = /* @__PURE__ */ new Map();
  const has = (action) => {
    const plan = executor.generation?.plan;
    if (!plan || plan.actions.has(action)) {
      unknownSinceMs.delete(action);
      return false;
    }
    const isEmpty = plan.actions.size === 0 && plan.services.size === 0;
    const sinceMs = isEmpty ? void 0 : unknownSinceMs.get(action) ?? clock.nowMs();
    unknownSinceMs.set(action, sinceMs);
    if (sinceMs === void 0) return false;
    return clock.nowMs() - sinceMs >= PATIENCE_MS && executor.lastReload?.ok !== false;
  };
  return {
    has,
    leftToOthers: () => [...unknownSinceMs.keys()].filter((action) => !has(action) && unknownSinceMs.has(action))
  };
}

// src/deliveries/repeat.ts
import { createHash as createHash3 } from "node:crypto";
function keyOf({ key, caller }, action) {
  return createHash3("sha256").update(JSON.stringify([caller ?? null, action, key])).digest("base64url");
}
function checkSame(earlier, job) {
  if (contentOf(earlier) === contentOf(job)) return;
  throw new AppError(
    "idempotency_key_reused",
    `delivery ${earlier.id} has this \`Idempotency-Key\` and another input or other files: take a new key for something new`
  );
}
function contentOf({ params, input, files }) {
  const sent = files.map(({ name, size, type, sha256 }) => ({ name, size, type, sha256 }));
  return JSON.stringify({ params, input, files: sent }, inOrder);
}
function inOrder(_key, value) {
  const isMapping = typeof value === "object" && value !== null && !Array.isArray(value);
  return isMapping ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)) : value;
}

// src/deliveries/shared-content.ts
import { createHash as createHash4 } from "node:crypto";
import { Readable as Readable2 } from "node:stream";
var MAX_DATABASE_BYTES = 1024 * 1024;
var MAX_OTHER_BYTES = 2 * 1024 * 1024;
var SharedContent = class {
  #parts;
  constructor(parts) {
    this.#parts = parts;
  }
  /** Throws AppError `body_too_large` for what cannot fit, before it is read. */
  checkExpected(bytes) {
    if (!this.#parts.folder && bytes > MAX_DATABASE_BYTES + MAX_OTHER_BYTES) throw needsFolder();
  }
  begin(id, limits) {
    const { quota, folder } = this.#parts;
    const held = [];
    let heldBytes = 0;
    let keptBytes = 0;
    let spilled;
    const take = (bytes) => {
      heldBytes += bytes;
      checkSize(heldBytes, limits.maxBytes);
      if (heldBytes > MAX_DATABASE_BYTES && !folder) throw needsFolder();
      quota.receive(id, bytes);
    };
    const spill = async () => {
      quota.dropped(id);
      const upload = await folder.begin(id, limits);
      for (const { file, bytes } of held) await upload.add(Readable2.from([bytes]), file);
      return upload;
    };
    return {
      async add(content, file) {
        if (spilled) return spilled.add(content, file);
        const chunks = [];
        const source = content[Symbol.asyncIterator]();
        try {
          for (let next = await source.next(); !next.done; next = await source.next()) {
            take(next.value.length);
            chunks.push(next.value);
            if (heldBytes <= MAX_DATABASE_BYTES) continue;
            spilled = await spill();
            return await spilled.add(Readable2.from(rest(chunks, source)), file);
          }
        } catch (error) {
          await source.return?.();
          throw error;
        }
        held.push({ file, bytes: Buffer.concat(chunks) });
      },
      async keep() {
        if (spilled) return spilled.keep();
        keptBytes = quota.kept(id);
        return { files: held.map(describe), content: Buffer.concat(held.map(({ bytes }) => bytes)) };
      },
      async drop() {
        quota.dropped(id);
        quota.removed(keptBytes);
        keptBytes = 0;
        await spilled?.drop();
      }
    };
  }
  /** With their bytes, or where they are. `content` reads what the database has of them. */
  async locate(files, content) {
    const { folder } = this.#parts;
    if (files.every(({ path, size }) => path === "" && size === 0)) return [...files];
    if (files.some(({ path }) => path !== "")) {
      if (folder) return files.map((file) => folder.locate(file));
      throw new AppError("file_unavailable", "its files are in the folder that `daemon.state.dir` named");
    }
    const bytes = await content();
    if (!bytes) throw new AppError("file_unavailable", "its content is not in the database any more");
    let start = 0;
    return files.map((file) => {
      start += file.size;
      return { ...file, bytes: bytes.subarray(start - file.size, start) };
    });
  }
};
function needsFolder() {
  return new AppError(
    "body_too_large",
    "files of more than 1 MiB need a folder that all replicas share: name one as `daemon.state.dir`, beside `url`"
  );
}
async function* rest(chunks, source) {
  try {
    yield* chunks;
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  } finally {
    await source.return?.();
  }
}
function describe({ file: { name, type }, bytes }) {
  const own = safeBaseName(name);
  const sha256 = createHash4("sha256").update(bytes).digest("hex");
  return { name: own, size: bytes.length, type: type ?? contentTypeOf(own), path: "", sha256 };
}

// src/deliveries/upkeep.ts
var EVERY_MS = 6e4;
var DEFAULT_KEEP_MS = 7 * 864e5;
var SHARED_LEFTOVER_MS = 36e5;
var Upkeep = class {
  #parts;
  #folderCleanedAtMs = Number.NEGATIVE_INFINITY;
  #cancel = () => {
  };
  #stopped = false;
  constructor(parts) {
    this.#parts = parts;
  }
  /** Once now, and then every minute. */
  async start() {
    const { queue, clock, executor } = this.#parts;
    try {
      const keepMs = executor.daemonSettings.keepDeliveredMs ?? DEFAULT_KEEP_MS;
      for (const id of await queue.settledBefore(clock.nowMs() - keepMs)) await queue.remove(id);
      await this.#cleanFolder();
      await this.arrange();
    } finally {
      if (!this.#stopped) this.#cancel = clock.schedule(EVERY_MS, () => void this.start().catch(() => void 0));
    }
  }
  stop() {
    this.#stopped = true;
    this.#cancel();
  }
  /** Deliveries of removed actions end soon, whatever they wait for. */
  async arrange() {
    const { queue, clock, executor, removed, onDue } = this.#parts;
    const plans = [...executor.generation?.plan.actions.values() ?? []];
    const named = (ordered) => plans.filter((plan) => plan.ordered === ordered).map(({ name }) => name);
    await queue.arrange({ ordered: named(true), parallel: named(false) }, clock.nowMs());
    const gone = [...(await queue.counts()).keys()].filter(removed.has);
    if (gone.length === 0) return;
    await queue.expedite(gone, clock.nowMs());
    onDue();
  }
  /** Once, where nobody else can leave anything. */
  async #cleanFolder() {
    const { queue, clock, folder } = this.#parts;
    const everyMs = queue.shared ? SHARED_LEFTOVER_MS : Number.MAX_VALUE;
    if (clock.nowMs() - this.#folderCleanedAtMs < everyMs) return;
    this.#folderCleanedAtMs = clock.nowMs();
    const minAgeMs = queue.shared ? SHARED_LEFTOVER_MS : 0;
    await folder?.clean({ neededAmong: (ids) => queue.undeliveredAmong(ids), minAgeMs });
  }
};

// src/deliveries/waiters.ts
var LOOK_EVERY_MS = 500;
var Waiters = class {
  #queue;
  #clock;
  #waiting = /* @__PURE__ */ new Map();
  #cancelLook;
  constructor(queue, clock) {
    this.#queue = queue;
    this.#clock = clock;
  }
  /** `ended` resolves when it may be over, or after the time, or when the signal aborts. */
  wait(id, limitMs, signal) {
    const { promise, resolve: resolve2 } = Promise.withResolvers();
    const waiters = this.#waiting.get(id) ?? /* @__PURE__ */ new Set();
    this.#waiting.set(id, waiters.add(resolve2));
    const cancel = this.#clock.schedule(limitMs, resolve2);
    signal?.addEventListener("abort", () => resolve2(), { once: true });
    this.#lookLater();
    const leave = () => {
      cancel();
      waiters.delete(resolve2);
      if (waiters.size === 0) this.#waiting.delete(id);
    };
    return { ended: promise, leave };
  }
  tell(id) {
    for (const resolve2 of this.#waiting.get(id) ?? []) resolve2();
  }
  tellAll() {
    for (const id of this.#waiting.keys()) this.tell(id);
  }
  #lookLater() {
    if (!this.#queue.shared || this.#cancelLook) return;
    this.#cancelLook = this.#clock.schedule(LOOK_EVERY_MS, () => {
      this.#cancelLook = void 0;
      if (this.#waiting.size > 0) void this.#look();
    });
  }
  async #look() {
    const ids = [...this.#waiting.keys()];
    const open3 = new Set(await this.#queue.openAmong(ids).catch(() => ids));
    for (const id of ids) if (!open3.has(id)) this.tell(id);
    this.#lookLater();
  }
};

// src/deliveries/attempt-log.ts
var EVERY_MS2 = 6e4;
var AttemptLog = class {
  #parts;
  #toldAtMs = /* @__PURE__ */ new Map();
  constructor(parts) {
    this.#parts = parts;
  }
  /** `attempts`: how many the action allows. */
  ended({ id, action, attempts: before }, outcome, attempts) {
    const { log, onAttempt } = this.#parts;
    const { state, lastError, nextAttemptAtMs } = outcome;
    const attempt = outcome.attempts;
    if (attempt > before) onAttempt?.(action, state === "pending" ? "retried" : state);
    const said = { delivery: id, action, attempt, attempts, code: lastError?.code, status: lastError?.status };
    if (state === "dead") log.warn(said, `delivery is dead: ${lastError?.message}`);
    else if (state === "pending" && attempt > before)
      log.info({ ...said, nextAttemptAt: timeOf(nextAttemptAtMs) }, `attempt failed: ${lastError?.message}`);
  }
  paused({ action, byValues }, { error, untilMs }) {
    const { log, clock, onAttempt } = this.#parts;
    onAttempt?.(action, "waiting");
    const nowMs = clock.nowMs();
    if (byValues && nowMs - (this.#toldAtMs.get(action) ?? Number.NEGATIVE_INFINITY) < EVERY_MS2) return;
    if (byValues) this.#toldAtMs.set(action, nowMs);
    log.warn({ action, code: error.code, nextAttemptAt: timeOf(untilMs) }, `deliveries wait: ${error.message}`);
  }
};
function timeOf(atMs) {
  return atMs === null ? void 0 : new Date(atMs).toISOString();
}

// src/deliveries/outcomes.ts
var ACCOUNT_CODES = [
  ...["token_timeout", "token_unreachable", "token_refused", "token_invalid_response", "token_redirect"],
  ...["discovery_failed", "secret_unavailable", "no_configuration", "state_unavailable"]
];
function waiting(record) {
  const { attempts, lastError } = record;
  return { state: "pending", attempts, lastError, nextAttemptAtMs: null, settledAtMs: null };
}
function deliveredOutcome(record, delivered, nowMs) {
  const response = delivered?.response;
  const attempts = record.attempts + 1;
  return {
    state: "delivered",
    attempts,
    lastError: null,
    nextAttemptAtMs: null,
    settledAtMs: nowMs,
    ...response && { response }
  };
}
function dead(record, lastError, nowMs, made = 1) {
  return { state: "dead", attempts: record.attempts + made, lastError, nextAttemptAtMs: null, settledAtMs: nowMs };
}

// src/deliveries/pauses.ts
var PAUSE_MS = { min: 1e3, max: 6e4 };
var FORGOTTEN_MS = 6e4;
var Pauses = class {
  #parts;
  #kept = /* @__PURE__ */ new Map();
  constructor(parts) {
    this.#parts = parts;
  }
  /** There was no credential. `listen` calls back when there is one, until the returned function is called. */
  begin(resting, error, listen2) {
    const key = keyOf2(resting);
    const before = this.#kept.get(key);
    if (before && before.untilMs > this.#parts.clock.nowMs()) return before;
    before?.stopListening();
    this.#forgetOld();
    const times = (before?.times ?? 0) + 1;
    const untilMs = this.#parts.clock.nowMs() + retryDelay(error, times, PAUSE_MS, this.#parts);
    const stopListening = listen2(() => this.end(resting));
    const pause = { resting, times, untilMs, error, tried: false, stopListening };
    this.#kept.set(key, pause);
    this.#parts.onBegun(resting, pause);
    return pause;
  }
  /** There was one. */
  end(resting) {
    const key = keyOf2(resting);
    const kept = this.#kept.get(key);
    if (!kept) return;
    kept.stopListening();
    this.#kept.delete(key);
    this.#parts.onEnded(resting, kept.untilMs > this.#parts.clock.nowMs());
  }
  /** Accounts may be others now. */
  endAll() {
    for (const { stopListening } of this.#kept.values()) stopListening();
    this.#kept.clear();
  }
  /** Its time has come, and one delivery sees whether it is over, until the returned function is called. */
  try(resting) {
    const kept = this.#kept.get(keyOf2(resting));
    if (!kept) return () => {
    };
    kept.tried = true;
    return () => {
      kept.tried = false;
    };
  }
  /** Until there is a credential again; of one whose time has come a trial is due, or under way. */
  of(resting) {
    return this.#kept.get(keyOf2(resting));
  }
  /** Actions of which nothing is to be looked at at this time: one delivery is enough to see whether a pause is over. */
  actions(nowMs) {
    return this.#whole().flatMap(({ resting, untilMs, tried }) => tried || untilMs > nowMs ? [resting.action] : []);
  }
  /** Of some action one delivery is to see whether its pause is over, before others are taken. */
  isTrialDue(nowMs) {
    return this.#whole().some(({ untilMs, tried }) => !tried && untilMs <= nowMs);
  }
  /** When the next one of `actions` ends; Infinity for none. */
  nextEndMs(nowMs) {
    return Math.min(...this.#whole().flatMap(({ untilMs }) => untilMs > nowMs ? [untilMs] : []));
  }
  #whole() {
    return [...this.#kept.values()].filter(({ resting }) => !resting.byValues);
  }
  /** There may be as many as sets of values. */
  #forgetOld() {
    const untilMs = this.#parts.clock.nowMs() - FORGOTTEN_MS;
    for (const [key, kept] of this.#kept) {
      if (kept.tried || kept.untilMs > untilMs) continue;
      kept.stopListening();
      this.#kept.delete(key);
    }
  }
};
function keyOf2({ action, params, byValues }) {
  return byValues ? JSON.stringify([action, Object.entries(params).sort()]) : action;
}

// src/deliveries/slots.ts
var Slots2 = class {
  #taken = /* @__PURE__ */ new Map();
  take(action) {
    this.#taken.set(action, (this.#taken.get(action) ?? 0) + 1);
  }
  free(action) {
    const left = (this.#taken.get(action) ?? 1) - 1;
    if (left > 0) this.#taken.set(action, left);
    else this.#taken.delete(action);
  }
  /** So many may be taken at once, of any action that is not full. */
  room({ maxDeliveries, maxDeliveriesPerAction: most, ordered }) {
    const taken = [...this.#taken];
    const full = taken.flatMap(([action, count2]) => count2 >= (ordered.includes(action) ? 1 : most) ? [action] : []);
    const fullest = Math.max(0, ...taken.flatMap(([action, count2]) => full.includes(action) ? [] : [count2]));
    const all = taken.reduce((sum, [, count2]) => sum + count2, 0);
    return { count: Math.min(maxDeliveries - all, most - fullest), full };
  }
};

// src/deliveries/when-renewed.ts
function whenRenewed(executor, record, renewed) {
  try {
    const live = executor.action(record.action);
    const { service } = live.plan;
    const stopService = service === void 0 ? void 0 : executor.service(service, record.params).onRenewed(renewed);
    const stopAction = live.onRenewed(renewed);
    return () => {
      stopService?.();
      stopAction();
    };
  } catch (gone) {
    if (gone instanceof AppError) return () => {
    };
    throw gone;
  }
}

// src/deliveries/worker.ts
var SETTLE_AGAIN_MS = 5e3;
var FAILED_PAUSE_MS = 6e4;
var AWAY_PAUSE_MS = 2e3;
var LEFT_TO_OTHERS_MS = 5e3;
var Worker = class {
  #parts;
  #running = /* @__PURE__ */ new Map();
  #slots = new Slots2();
  #told;
  #pauses;
  /** What of these actions rested with its values is not due before the pauses would have ended. */
  #expedited = /* @__PURE__ */ new Set();
  #stop = new AbortController();
  #cancelTimer;
  #claiming = Promise.resolve();
  constructor(parts) {
    this.#parts = parts;
    this.#told = new AttemptLog(parts);
    this.#pauses = new Pauses({
      ...parts,
      onBegun: (resting, pause) => this.#told.paused(resting, pause),
      onEnded: (resting, early) => this.#goOn(resting, early)
    });
  }
  /** What a delivery waits for, beside its time. */
  pauseOf(record) {
    return this.#pauses.of(this.#resting(record));
  }
  /** Another configuration: accounts may have a token now. */
  reconsider() {
    this.#pauses.endAll();
    for (const action of this.#parts.executor.generation?.plan.actions.keys() ?? [])
      if (this.#isByValues(action)) this.#expedited.add(action);
    this.wake();
  }
  /** There may be something to do. However often that is said, the queue is asked once after it. */
  wake() {
    if (this.#woken) return;
    this.#woken = true;
    const claim = () => {
      this.#woken = false;
      return this.#claim();
    };
    this.#claiming = this.#claiming.then(claim).catch((error) => this.#fail(error));
  }
  /** Starts nothing more, and waits for what runs; what runs still after the limit stays pending for the next start. */
  async stop(limitMs) {
    this.#cancelTimer?.();
    this.#stopping = true;
    this.#pauses.endAll();
    await this.#claiming;
    const cancel = this.#parts.clock.schedule(limitMs, () => this.#stop.abort(new Error("the daemon stops")));
    await Promise.all(this.#running.values());
    cancel();
  }
  #woken = false;
  #stopping = false;
  async #claim() {
    if (this.#stopping) return;
    this.#cancelTimer?.();
    const { queue, clock, executor } = this.#parts;
    const plans = [...executor.generation?.plan.actions.values() ?? []];
    const ordered = plans.filter((plan) => plan.ordered).map(({ name }) => name);
    const limits = { ...executor.daemonSettings.limits ?? DEFAULT_LIMITS, ordered };
    await this.#expedite();
    for (; ; ) {
      const { count: count2, full } = this.#slots.room(limits);
      if (count2 <= 0 || this.#stopping) return;
      const nowMs = clock.nowMs();
      const except = [...full, ...this.#parts.removed.leftToOthers(), ...this.#pauses.actions(nowMs)];
      const few = this.#pauses.isTrialDue(nowMs) ? 1 : count2;
      const { records, nextDueMs } = await queue.claim({ nowMs, count: few, except, ordered });
      for (const record of records) this.#start(record);
      if (records.length > 0) continue;
      const nextMs = Math.min(nextDueMs ?? Number.POSITIVE_INFINITY, this.#pauses.nextEndMs(nowMs));
      if (nextMs < Number.POSITIVE_INFINITY)
        this.#cancelTimer = clock.schedule(Math.max(0, nextMs - clock.nowMs()), () => this.wake());
      return;
    }
  }
  #start(record) {
    const { id, action } = record;
    this.#slots.take(action);
    const run = this.#attempt(record).catch((error) => this.#fail(error)).finally(() => {
      this.#running.delete(id);
      this.#slots.free(action);
      this.wake();
    });
    this.#running.set(id, run);
  }
  /** The queue itself failed: tried again after a while. Of a database that is away, the log has been told. */
  #fail(error) {
    const { log, clock } = this.#parts;
    const away = error instanceof AppError && error.code === "state_unavailable";
    if (!away) log.error(errorFacts(error), "the queue of deliveries failed");
    this.#cancelTimer?.();
    if (!this.#stopping) this.#cancelTimer = clock.schedule(away ? AWAY_PAUSE_MS : FAILED_PAUSE_MS, () => this.wake());
  }
  async #attempt(record) {
    const { clock, onSettled } = this.#parts;
    const atMs = clock.nowMs();
    const startMs = clock.monotonicMs();
    const { outcome, status: status2 } = await this.#try(record);
    const { lastError, state } = outcome;
    const attempted = outcome.attempts > record.attempts;
    const said = lastError?.status ?? status2;
    const problem2 = lastError && { problem: lastError };
    const attempt = {
      atMs,
      durationMs: clock.monotonicMs() - startMs,
      ...said !== void 0 && { status: said },
      ...problem2
    };
    if (!await this.#settle(record.id, outcome, attempted ? attempt : void 0)) return;
    this.#checkRest(record, outcome);
    this.#told.ended(record, outcome, this.#retryOf(record.action));
    if (state !== "pending") await onSettled(record, state);
  }
  async #try(record) {
    const { clock, executor } = this.#parts;
    const { generation } = executor;
    const paused = this.pauseOf(record);
    if (paused && paused.untilMs > clock.nowMs()) return { outcome: this.#rest(record, paused) };
    const tried = this.#pauses.try(this.#resting(record));
    try {
      const delivered = await this.#send(record);
      this.#pauses.end(this.#resting(record));
      return { outcome: deliveredOutcome(record, delivered, clock.nowMs()), status: delivered?.status };
    } catch (error) {
      const ended = this.#stop.signal.aborted || isAboutAccount(error) && generation !== executor.generation;
      return { outcome: ended ? { ...waiting(record), nextAttemptAtMs: clock.nowMs() } : this.#failed(record, error) };
    } finally {
      tried();
    }
  }
  #retryOf(action) {
    return this.#parts.executor.generation?.plan.actions.get(action)?.retry.attempts;
  }
  /** A disk that is full for a while must not make a delivery be sent twice. */
  async #settle(id, outcome, attempt) {
    const { queue, clock, log } = this.#parts;
    for (; ; ) {
      try {
        return await queue.settle(id, outcome, attempt);
      } catch (error) {
        log.error(
          { delivery: id, error: error.message },
          "the outcome of a delivery cannot be written; trying again"
        );
        if (this.#stopping) throw error;
        await clock.sleep(SETTLE_AGAIN_MS, this.#stop.signal);
      }
    }
  }
  /** What of it was not delivered yet. Gives the last answer. */
  async #send(record) {
    const { executor, queue, clock } = this.#parts;
    const action = executor.action(record.action);
    const { service } = action.plan;
    const job = await this.#parts.locate(record);
    const requests = requestsOf(action.plan, job.files);
    let last;
    for (let index = record.sent; index < requests.length; index++) {
      last = await sendDelivery(job, index, {
        action,
        service: service === void 0 ? void 0 : executor.service(service, record.params),
        nowMs: clock.nowMs,
        signal: this.#stop.signal
      });
      if (index + 1 < requests.length) await queue.progress(record.id, index + 1);
    }
    return last;
  }
  #isByValues(action) {
    const { generation } = this.#parts.executor;
    const service = generation?.plan.actions.get(action)?.service;
    return service !== void 0 && generation?.definition(service).plan.parameters !== void 0;
  }
  #resting({ action, params }) {
    return { action, params, byValues: this.#isByValues(action) };
  }
  #rest(record, { untilMs, error: { code, message } }) {
    const nextAttemptAtMs = this.#isByValues(record.action) ? untilMs : this.#parts.clock.nowMs();
    return { ...waiting(record), lastError: { code, message }, nextAttemptAtMs };
  }
  /** The pause may have ended before the queue knew until when. */
  #checkRest(record, { lastError, nextAttemptAtMs }) {
    if (!lastError || !ACCOUNT_CODES.includes(lastError.code) || !this.#isByValues(record.action)) return;
    if (this.pauseOf(record)?.untilMs !== nextAttemptAtMs) this.#expedited.add(record.action);
  }
  #goOn({ action, byValues }, early) {
    if (early && byValues) this.#expedited.add(action);
    this.wake();
  }
  async #expedite() {
    const { queue, clock } = this.#parts;
    const actions = [...this.#expedited];
    if (actions.length === 0) return;
    this.#expedited.clear();
    try {
      await queue.expedite(actions, clock.nowMs(), ACCOUNT_CODES);
    } catch (error) {
      for (const action of actions) this.#expedited.add(action);
      throw error;
    }
  }
  #failed(record, error) {
    const { clock, log, executor } = this.#parts;
    if (!(error instanceof AppError)) {
      log.error({ delivery: record.id, error: error.stack ?? String(error) }, "internal error in a delivery");
      return dead(record, { code: "internal", message: "internal error; see the log" }, clock.nowMs());
    }
    const { code, message, details } = error;
    const lastError = { code, message, ...details.status !== void 0 && { status: details.status } };
    if (code === "unknown_action") {
      if (!this.#parts.removed.has(record.action))
        return { ...waiting(record), nextAttemptAtMs: clock.nowMs() + LEFT_TO_OTHERS_MS };
      const gone = { code, message: `action \`${record.action}\` was removed from the configuration` };
      return dead(record, gone, clock.nowMs(), 0);
    }
    if (isAboutAccount(error))
      return this.#rest(
        record,
        this.#pauses.begin(this.#resting(record), error, (renewed) => whenRenewed(executor, record, renewed))
      );
    this.#pauses.end(this.#resting(record));
    const attempts = record.attempts + 1;
    const { retry } = executor.action(record.action).plan;
    if (!details.transient || attempts >= retry.attempts) return dead(record, lastError, clock.nowMs());
    const delayMs = retryDelay(error, attempts, { min: retry.minDelayMs, max: retry.maxDelayMs }, this.#parts);
    return { ...waiting(record), attempts, lastError, nextAttemptAtMs: clock.nowMs() + delayMs };
  }
};
function isAboutAccount(error) {
  return error instanceof AppError && ACCOUNT_CODES.includes(error.code);
}

// src/deliveries/deliveries.ts
var DEFAULT_MAX_BYTES = 10 * 1024 ** 3;
var COUNT_EVERY_MS = 5e3;
var Deliveries = class _Deliveries {
  #options;
  #folder;
  #content;
  #quota;
  #worker;
  #queue;
  #waiters;
  #upkeep;
  #countedAtMs = Number.NEGATIVE_INFINITY;
  #stopping = false;
  /** Rejects with AppError `state_unavailable`. The queue is closed at the end. */
  static async open(options) {
    const deliveries = new _Deliveries(options);
    try {
      await deliveries.#recover();
      return deliveries;
    } catch (error) {
      deliveries.#upkeep.stop();
      await options.queue.close();
      throw error;
    }
  }
  constructor(options) {
    const { executor, queue, clock, directory } = options;
    this.#options = options;
    this.#queue = queue;
    this.#waiters = new Waiters(queue, clock);
    this.#quota = new Quota(() => executor.daemonSettings.maxStateBytes ?? DEFAULT_MAX_BYTES);
    this.#folder = directory === void 0 ? void 0 : new ContentStore(directory, this.#quota, clock.nowMs);
    this.#content = queue.shared ? new SharedContent({ quota: this.#quota, folder: this.#folder }) : must(this.#folder);
    const removed = createRemovedActions(executor, clock);
    this.#upkeep = new Upkeep({ ...options, folder: this.#folder, removed, onDue: () => this.#worker.wake() });
    this.#worker = new Worker({
      ...options,
      removed,
      locate: (record) => this.#locate(record),
      onSettled: (record, state) => this.#settled(record, state)
    });
  }
  async #recover() {
    await this.#folder?.open();
    if (this.#queue.shared && this.#folder) await this.#checkFolder(this.#folder);
    await this.#count();
    await this.#upkeep.start();
    await this.wake();
  }
  /** What one replica keeps there, another one must find. */
  async #checkFolder(folder) {
    const identity = await folder.identity(randomUUID2());
    if (await this.#queue.agree("folder", identity) === identity) return;
    throw new AppError(
      "state_unavailable",
      "`daemon.state.dir` is not the folder that the other replicas see: mount the same one here. To begin with a new one: DELETE FROM bearerd.setting WHERE name = 'folder'"
    );
  }
  /** Other replicas take in and remove as well. */
  async #count() {
    const nowMs = this.#options.clock.nowMs();
    const known = this.#queue.shared ? nowMs - this.#countedAtMs < COUNT_EVERY_MS : this.#countedAtMs > 0;
    if (known) return;
    this.#countedAtMs = nowMs;
    this.#quota.set(await this.#queue.storedBytes());
  }
  /** `expectedBytes` is what the caller says that will come. Throws AppError before anything is read. */
  async begin(action, expectedBytes) {
    const { executor } = this.#options;
    executor.action(action);
    const maxBytes = executor.daemonSettings.limits?.requestBodyBytes ?? Number.POSITIVE_INFINITY;
    if (expectedBytes > maxBytes)
      throw new AppError("body_too_large", "the body is larger than `daemon.limits.requestBody`");
    if (this.#content instanceof SharedContent) this.#content.checkExpected(expectedBytes);
    await this.#count();
    this.#quota.checkRoom(expectedBytes);
    const id = randomUUID2();
    let upload;
    let files = 0;
    return {
      id,
      add: async (content, file) => {
        upload ??= await this.#content.begin(id, { maxBytes });
        files++;
        await upload.add(content, file);
      },
      accept: async (given) => {
        try {
          return await this.#accept(id, action, given, { upload, files });
        } catch (error) {
          if (isAway(error)) upload = void 0;
          else await upload?.drop();
          throw error;
        }
      },
      drop: async () => upload?.drop()
    };
  }
  async #accept(id, name, { input, from, params, mayUse, repeatable }, { upload, files }) {
    const { executor, clock } = this.#options;
    const { plan } = executor.action(name);
    checkFiles(plan, files);
    const checked = checkedInput(plan, input, from);
    if (plan.service !== void 0) {
      const { parameters } = executor.definition(plan.service).plan;
      if (parameters) mayUse?.(plan.service, parameters.fill(params));
      executor.service(plan.service, params);
    }
    const { files: stored, ...kept } = await upload?.keep() ?? { files: [] };
    const job = { id, action: name, params, input: checked, files: stored, createdAtMs: clock.nowMs() };
    checkRequests(plan, job);
    const key = repeatable && { key: keyOf(repeatable, name) };
    const record = await this.#queue.add(job, { ordered: plan.ordered, ...kept, ...key });
    if (record.id === id) this.#worker.wake();
    else {
      checkSame(record, job);
      await upload?.drop();
    }
    return record;
  }
  /** Throws AppError `unknown_delivery`. */
  async get(id) {
    const record = await this.#queue.get(id);
    if (!record) throw new AppError("unknown_delivery", "no delivery has this id; it may have been removed");
    return this.#withPause(record);
  }
  attempts(id) {
    return this.#queue.attempts(id);
  }
  async list(filter) {
    return (await this.#queue.list(filter)).map((record) => this.#withPause(record));
  }
  /** What rests with its account is not written anew for each. */
  #withPause(record) {
    const pause = record.state === "pending" ? this.#worker.pauseOf(record) : void 0;
    if (!pause) return record;
    const { code, message } = pause.error;
    const nextAttemptAtMs = Math.max(record.nextAttemptAtMs ?? 0, pause.untilMs);
    return { ...record, lastError: record.lastError ?? { code, message }, nextAttemptAtMs };
  }
  /** The values of its service's parameters, defaults included as far as they are known now. */
  valuesOf({ action, params }) {
    const { executor } = this.#options;
    try {
      const { service } = executor.action(action).plan;
      return service !== void 0 && executor.definition(service).plan.parameters?.fill(params) || params;
    } catch (error) {
      if (error instanceof AppError) return params;
      throw error;
    }
  }
  counts() {
    return this.#queue.counts();
  }
  /** Throws AppError for one that is not there, or not dead. */
  async retry(id) {
    const { state } = await this.get(id);
    if (!await this.#queue.revive(id, this.#options.clock.nowMs()))
      throw new AppError("delivery_running", `this delivery is ${state}: only a dead one can be tried again`);
    this.#worker.wake();
    return this.get(id);
  }
  /** Throws AppError for one that is not there, or is being sent. */
  async remove(id) {
    const record = await this.get(id);
    if (!await this.#queue.remove(id))
      throw new AppError("delivery_running", "this delivery is being sent now: try again in a moment");
    if (record.state !== "delivered") await this.#forgetFiles(record);
    this.#waiters.tell(id);
  }
  /** As it is when it is settled, or after the time. */
  async waitFor(id, limitMs, signal) {
    const { ended, leave } = this.#waiters.wait(id, limitMs, signal);
    try {
      const now = await this.get(id);
      if (this.#stopping || now.state === "delivered" || now.state === "dead") return now;
      await ended;
      return await this.get(id);
    } finally {
      leave();
    }
  }
  /** The configuration changed: what waits may have somewhere to go, or nowhere any more. */
  async wake() {
    await this.#upkeep.arrange();
    this.#worker.reconsider();
  }
  /** What is being sent may end within the limit. */
  async stop(limitMs) {
    this.#stopping = true;
    this.#upkeep.stop();
    this.#waiters.tellAll();
    await this.#worker.stop(limitMs);
    await this.#queue.close();
  }
  async #locate(record) {
    const content = this.#content;
    if (content instanceof ContentStore) return { ...record, files: record.files.map((file) => content.locate(file)) };
    return { ...record, files: await content.locate(record.files, () => this.#queue.content(record.id)) };
  }
  async #settled(record, state) {
    this.#options.onSettled?.(record.action, state);
    if (state === "delivered") await this.#forgetFiles(record);
    this.#waiters.tell(record.id);
  }
  async #forgetFiles({ id, files }) {
    this.#quota.removed(files.reduce((sum, { size }) => sum + size, 0));
    if (files.some(({ path }) => path !== "")) await this.#folder?.remove(id);
  }
};
function isAway(error) {
  return error instanceof AppError && error.code === "state_unavailable";
}
function must(value) {
  if (value === void 0) throw new Error("this queue needs a folder");
  return value;
}

// src/deliveries/queue/sqlite.ts
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

// src/deliveries/queue/group-commit.ts
function createGroupCommit(transaction) {
  let gathered = [];
  const flush = () => {
    const group = gathered;
    gathered = [];
    if (group.length === 0) return;
    try {
      const values = transaction(() => group.map(({ change }) => change()));
      for (const [index, { resolve: resolve2 }] of group.entries()) resolve2(values[index]);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };
  return {
    flush,
    commit(change) {
      const { promise, resolve: resolve2, reject } = Promise.withResolvers();
      gathered.push({ change, resolve: resolve2, reject });
      if (gathered.length === 1) setImmediate(flush);
      return promise;
    }
  };
}

// src/deliveries/queue/sqlite-rows.ts
function textOf3(value) {
  return value === null ? null : JSON.stringify(value);
}
function recordOf(row) {
  const { params, input, files } = JSON.parse(String(row.job));
  const number = (value) => value === null ? null : Number(value);
  const response = row.response === null ? null : JSON.parse(String(row.response));
  return {
    seq: Number(row.seq),
    id: String(row.id),
    action: String(row.action),
    params,
    input,
    files,
    state: String(row.state),
    attempts: Number(row.attempts),
    sent: Number(row.sent),
    createdAtMs: Number(row.created_at),
    nextAttemptAtMs: number(row.next_attempt_at),
    settledAtMs: number(row.settled_at),
    lastError: row.last_error === null ? null : JSON.parse(String(row.last_error)),
    response: response && { ...response, body: Buffer.from(row.response_body ?? []) }
  };
}

// src/deliveries/queue/sqlite-schema.ts
var SCHEMA = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    sent INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    next_attempt_at INTEGER,
    settled_at INTEGER,
    last_error TEXT,
    job TEXT NOT NULL,
    response TEXT,
    response_body BLOB
  ) STRICT;
  DROP INDEX IF EXISTS due;
  CREATE INDEX IF NOT EXISTS due_of_action ON deliveries (action, next_attempt_at, seq) WHERE state = 'pending';
  DROP INDEX IF EXISTS open;
  CREATE INDEX IF NOT EXISTS of_action ON deliveries (action, state, seq);
  CREATE INDEX IF NOT EXISTS by_state ON deliveries (state, seq);
  CREATE INDEX IF NOT EXISTS by_action ON deliveries (action, seq);
  CREATE INDEX IF NOT EXISTS settled ON deliveries (settled_at) WHERE state = 'delivered';
  CREATE TABLE IF NOT EXISTS attempts (
    delivery TEXT NOT NULL,
    at INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    status INTEGER,
    problem TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS attempts_of ON attempts (delivery);
  UPDATE deliveries SET state = 'pending', next_attempt_at = 0 WHERE state = 'running';
`;
var ADD_KEYS = `
  ALTER TABLE deliveries ADD COLUMN caller_key TEXT;
  CREATE UNIQUE INDEX by_key ON deliveries (caller_key) WHERE caller_key IS NOT NULL`;
var HAS_KEYS = "SELECT 1 FROM pragma_table_info('deliveries') WHERE name = 'caller_key'";
var FIRST_OF_EACH = `
  WITH RECURSIVE waiting (action) AS (
    SELECT min(action) FROM deliveries INDEXED BY due_of_action WHERE state = 'pending'
    UNION ALL
    SELECT (SELECT min(action) FROM deliveries INDEXED BY due_of_action WHERE state = 'pending' AND action > waiting.action)
    FROM waiting WHERE waiting.action IS NOT NULL
  )
  SELECT deliveries.* FROM waiting JOIN deliveries ON seq IN (
    SELECT seq FROM deliveries WHERE state = 'pending' AND action = waiting.action ORDER BY next_attempt_at, seq LIMIT ?1
  )
  WHERE waiting.action NOT IN (SELECT value FROM json_each(?2))
  ORDER BY next_attempt_at, seq LIMIT ?1`;
var COUNTS = `
  SELECT action, sum(n) AS n FROM (
    SELECT action, count(*) AS n FROM deliveries INDEXED BY due_of_action WHERE state = 'pending' GROUP BY action
    UNION ALL
    SELECT action, count(*) FROM deliveries INDEXED BY by_state WHERE state = 'running' GROUP BY action
  ) GROUP BY action`;

// src/deliveries/queue/sqlite.ts
var MAX_ATTEMPTS_KEPT = 100;
var SQLITE_BUSY = 5;
var SQLITE_FULL = 13;
var SQLITE_IOERR = 10;
function openSqliteQueue(path) {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 448 });
    const database = new DatabaseSync(path);
    database.exec(SCHEMA);
    if (!database.prepare(HAS_KEYS).get()) database.exec(ADD_KEYS);
    return new SqliteQueue(database);
  } catch (error) {
    const held = error.errcode === SQLITE_BUSY;
    const reason = held ? "another bearerd uses it" : `it cannot be used: ${error.message}`;
    throw new AppError("state_unavailable", `the queue of deliveries ${path}: ${reason}; see \`daemon.state.dir\``);
  }
}
var SqliteQueue = class {
  shared = false;
  #database;
  #statements = /* @__PURE__ */ new Map();
  #group = createGroupCommit((work) => this.#transaction(work));
  constructor(database) {
    this.#database = database;
  }
  /** Prepared once for each text. */
  #sql(text2) {
    let statement = this.#statements.get(text2);
    if (!statement) {
      statement = this.#database.prepare(text2);
      this.#statements.set(text2, statement);
    }
    return statement;
  }
  #all(text2, ...values) {
    return this.#sql(text2).all(...values);
  }
  #run(text2, ...values) {
    try {
      return Number(this.#sql(text2).run(...values).changes);
    } catch (error) {
      throw storageError(error);
    }
  }
  #transaction(work) {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw storageError(error);
    }
  }
  add(job, { key }) {
    const { id, action, createdAtMs, params, input, files } = job;
    return this.#group.commit(() => {
      const [earlier] = key === void 0 ? [] : this.#all("SELECT * FROM deliveries WHERE caller_key = ?", key);
      if (earlier) return recordOf(earlier);
      const [row] = this.#all(
        "INSERT INTO deliveries (id, action, state, created_at, next_attempt_at, job, caller_key) VALUES (?, ?, 'pending', ?, ?, ?, ?) RETURNING *",
        ...[id, action, createdAtMs, createdAtMs, JSON.stringify({ params, input, files }), key ?? null]
      );
      return recordOf(row);
    });
  }
  /** Files are in the folder. */
  async content() {
  }
  async agree(_name, value) {
    return value;
  }
  /** `claim` is told. */
  async arrange() {
  }
  async claim({ nowMs, count: count2, except, ordered }) {
    const due = this.#all(FIRST_OF_EACH, count2 + 1, JSON.stringify([...except, ...ordered]));
    const heads = ordered.filter((action) => !except.includes(action)).flatMap((action) => this.#head(action));
    const rows = [...due, ...heads];
    const ready = rows.filter((row) => Number(row.next_attempt_at) <= nowMs).slice(0, count2);
    if (ready.length > 0) this.#start(ready);
    const rest2 = rows.filter((row) => !ready.includes(row)).map((row) => Number(row.next_attempt_at));
    const nextDueMs = rest2.length > 0 ? Math.min(...rest2) : void 0;
    const records = ready.map((row) => ({ ...recordOf(row), state: "running", nextAttemptAtMs: null }));
    return { records, ...nextDueMs !== void 0 && { nextDueMs } };
  }
  /** The oldest open delivery of an action, unless one runs. */
  #head(action) {
    const first = (state) => this.#all("SELECT * FROM deliveries WHERE action = ? AND state = ? ORDER BY seq LIMIT 1", action, state);
    return first("running").length > 0 ? [] : first("pending");
  }
  #start(rows) {
    this.#lightly(() => {
      for (const { seq } of rows)
        this.#run("UPDATE deliveries SET state = 'running', next_attempt_at = NULL WHERE seq = ?", seq);
    });
  }
  /** Not waited for by the disk: what runs is pending after a crash anyway. */
  #lightly(work) {
    this.#database.exec("PRAGMA synchronous = NORMAL");
    try {
      this.#transaction(work);
    } finally {
      this.#database.exec("PRAGMA synchronous = FULL");
    }
  }
  async progress(id, sent) {
    await this.#group.commit(() => this.#run("UPDATE deliveries SET sent = ? WHERE id = ?", sent, id));
  }
  async settle(id, outcome, attempt) {
    const { state, attempts, nextAttemptAtMs, lastError, settledAtMs, response } = outcome;
    const write = () => {
      if (attempt) this.#addAttempt(id, attempt);
      const { body = null, ...head } = response ?? {};
      this.#run(
        "UPDATE deliveries SET state = ?, attempts = ?, next_attempt_at = ?, last_error = ?, settled_at = ?, response = ?, response_body = ? WHERE id = ?",
        ...[state, attempts, nextAttemptAtMs, textOf3(lastError), settledAtMs, response ? textOf3(head) : null, body, id]
      );
    };
    if (state === "pending" && !attempt) this.#lightly(write);
    else await this.#group.commit(write);
    return true;
  }
  #addAttempt(id, { atMs, durationMs, status: status2, problem: problem2 }) {
    this.#run(
      "INSERT INTO attempts (delivery, at, duration, status, problem) VALUES (?, ?, ?, ?, ?)",
      ...[id, atMs, Math.round(durationMs), status2 ?? null, textOf3(problem2 ?? null)]
    );
    this.#run(
      "DELETE FROM attempts WHERE delivery = ? AND rowid <= (SELECT rowid FROM attempts WHERE delivery = ? ORDER BY rowid DESC LIMIT 1 OFFSET ?)",
      ...[id, id, MAX_ATTEMPTS_KEPT]
    );
  }
  async get(id) {
    const [row] = this.#all("SELECT * FROM deliveries WHERE id = ?", id);
    return row && recordOf(row);
  }
  async attempts(id) {
    return this.#all("SELECT * FROM attempts WHERE delivery = ? ORDER BY rowid", id).map((row) => ({
      atMs: Number(row.at),
      durationMs: Number(row.duration),
      ...row.status !== null && { status: Number(row.status) },
      ...row.problem !== null && { problem: JSON.parse(String(row.problem)) }
    }));
  }
  async list({ action, state, before, limit }) {
    const conditions = ["seq < ?"];
    const values = [before ?? Number.MAX_SAFE_INTEGER];
    for (const [column, wanted] of [
      ["action", action],
      ["state", state]
    ]) {
      if (!wanted) continue;
      conditions.push(`${column} IN (${wanted.map(() => "?").join(",")})`);
      values.push(...wanted);
    }
    const text2 = `SELECT * FROM deliveries WHERE ${conditions.join(" AND ")} ORDER BY seq DESC LIMIT ?`;
    return this.#all(text2, ...values, limit).map(recordOf);
  }
  async revive(id, nowMs) {
    const text2 = "UPDATE deliveries SET state = 'pending', attempts = 0, next_attempt_at = ?, settled_at = NULL WHERE id = ? AND state = 'dead'";
    return this.#run(text2, nowMs, id) > 0;
  }
  async remove(id) {
    return this.#transaction(() => {
      const removed = this.#run("DELETE FROM deliveries WHERE id = ? AND state <> 'running'", id) > 0;
      if (removed) this.#run("DELETE FROM attempts WHERE delivery = ?", id);
      return removed;
    });
  }
  async expedite(actions, nowMs, codes) {
    const text2 = `UPDATE deliveries SET next_attempt_at = ?1 WHERE state = 'pending' AND next_attempt_at > ?1
      AND action IN (SELECT value FROM json_each(?2))
      AND (?3 IS NULL OR last_error ->> 'code' IN (SELECT value FROM json_each(?3)))`;
    this.#run(text2, nowMs, JSON.stringify(actions), codes ? JSON.stringify(codes) : null);
  }
  async settledBefore(atMs) {
    const text2 = "SELECT id FROM deliveries WHERE state = 'delivered' AND settled_at < ? ORDER BY settled_at LIMIT 1000";
    return this.#all(text2, atMs).map(({ id }) => String(id));
  }
  async counts() {
    return new Map(this.#all(COUNTS).map(({ action, n }) => [String(action), Number(n)]));
  }
  async openAmong(ids) {
    return this.#among(ids, "state IN ('pending', 'running')");
  }
  async undeliveredAmong(ids) {
    return this.#among(ids, "state <> 'delivered'");
  }
  #among(ids, condition) {
    const text2 = `SELECT id FROM deliveries WHERE ${condition} AND id IN (SELECT value FROM json_each(?))`;
    return this.#all(text2, JSON.stringify(ids)).map(({ id }) => String(id));
  }
  async storedBytes() {
    const text2 = `SELECT coalesce(sum(file.value ->> 'size'), 0) AS bytes
      FROM deliveries, json_each(job, '$.files') AS file WHERE state <> 'delivered'`;
    return Number(this.#all(text2)[0].bytes);
  }
  async close() {
    this.#group.flush();
    this.#database.close();
  }
};
function storageError(error) {
  const code = error.errcode ?? 0;
  if (code === SQLITE_FULL || (code & 255) === SQLITE_IOERR)
    return new AppError("storage_full", "the state folder is full or cannot be written to; nothing was accepted");
  return error;
}

// src/deliveries/queue/jobs.ts
var laneOf = (ordered) => ordered ? "ordered" : "parallel";
var LANES = ["parallel", "ordered"];
var JOBS_SCHEMA = "bearerd_jobs";
var LOCK = 7117002;
var HEARTBEAT_S = 20;
var SUPERVISE_S = 10;
var KEEP_ALIVE_MS2 = 5e3;
var QUEUE_OPTIONS = {
  heartbeatSeconds: HEARTBEAT_S,
  retryLimit: 2e9,
  retryDelay: 0,
  retentionSeconds: 10 * 365 * 86400,
  deleteAfterSeconds: 0
};
var NEVER_EXPIRES = `UPDATE ${JOBS_SCHEMA}.queue SET expire_seconds = 2000000000 WHERE name = ANY ($1::text[])`;
var DUE_NOW = `UPDATE ${JOBS_SCHEMA}.job SET start_after = now() WHERE name = ANY ($1::text[]) AND id = ANY ($2::uuid[])
  AND state < 'active'`;
var IN_LINE = `UPDATE ${JOBS_SCHEMA}.job SET created_on = created_on + n * interval '1 microsecond'
  FROM unnest($2::uuid[]) WITH ORDINALITY AS line (added, n) WHERE name = $1 AND id = added`;
async function openJobs({ database, keyId, log }) {
  const { PgBoss } = await import("pg-boss");
  const boss = new PgBoss({
    db: { executeSql: database.execute },
    schema: JOBS_SCHEMA,
    schedule: false,
    registerInstance: false,
    superviseIntervalSeconds: SUPERVISE_S,
    monitorIntervalSeconds: SUPERVISE_S,
    openTelemetry: { enabled: false }
  });
  boss.on("error", (error) => {
    if (!(error instanceof AppError)) log.debug({ code: systemErrorCode(error) }, "maintenance of the jobs failed");
  });
  const close = () => boss.stop({ graceful: false, close: false });
  try {
    await database.transaction(async (own) => {
      await own.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
      await boss.start();
      await boss.createQueue(queueOf("parallel", keyId), QUEUE_OPTIONS);
      await boss.createQueue(queueOf("ordered", keyId), { ...QUEUE_OPTIONS, policy: "key_strict_fifo" });
      await own.query(NEVER_EXPIRES, [LANES.map((lane) => queueOf(lane, keyId))]);
    });
  } catch (error) {
    await close().catch(() => void 0);
    throw error;
  }
  return createJobs(boss, (lane) => queueOf(lane, keyId), close);
}
var queueOf = (lane, keyId) => `${lane}-${keyId}`;
var changed = (response) => response.affected > 0;
function createJobs(boss, queueOf2, close) {
  const within = ({ execute }) => ({ db: { executeSql: execute } });
  const addTo = async (own, lane, jobs) => {
    if (jobs.length === 0) return;
    const given = jobs.map(({ id, action }) => ({ id, singletonKey: action, group: { id: action } }));
    await boss.insert(queueOf2(lane), given, within(own));
    if (lane === "ordered" && jobs.length > 1) await own.query(IN_LINE, [queueOf2(lane), jobs.map(({ id }) => id)]);
  };
  const add = async (own, jobs) => {
    for (const lane of LANES)
      await addTo(
        own,
        lane,
        jobs.filter((job) => job.lane === lane)
      );
  };
  return {
    add,
    async claim(own, lane, { count: count2, except }) {
      const options = { batchSize: count2, ignoreGroups: [...except], ...within(own) };
      const jobs = await boss.fetch(queueOf2(lane), options);
      return jobs.map(({ id, retryCount }) => ({ id, retryCount, lane }));
    },
    async putBack(own, claim, delayMs) {
      const queue = queueOf2(claim.lane);
      if (!changed(await boss.fail(queue, attemptOf(claim), null, within(own)))) return false;
      await boss.update(queue, void 0, { id: claim.id, startAfter: delayMs / 1e3, ...within(own) });
      return true;
    },
    finish: async (own, claim) => changed(await boss.deleteJob(queueOf2(claim.lane), attemptOf(claim), within(own))),
    park: async (own, claim) => changed(await boss.cancel(queueOf2(claim.lane), attemptOf(claim), within(own))),
    async revive(own, job) {
      if (!changed(await boss.resume(queueOf2(job.lane), job.id, within(own)))) await add(own, [job]);
    },
    async remove(own, lane, id) {
      await boss.deleteJob(queueOf2(lane), id, within(own));
    },
    async hurry(own, ids) {
      if (ids.length > 0) await own.query(DUE_NOW, [LANES.map(queueOf2), ids]);
    },
    async keepAlive(claims) {
      for (const lane of LANES) {
        const own = claims.filter((claim) => claim.lane === lane).map(attemptOf);
        if (own.length > 0) await boss.touch(queueOf2(lane), own);
      }
    },
    close
  };
}
var attemptOf = ({ id, retryCount }) => ({ id, retryCount });
function repeat(work) {
  let cancel = () => {
  };
  let ended = false;
  const later = () => {
    cancel = systemClock.schedule(KEEP_ALIVE_MS2, () => void work().then(next, next));
  };
  const next = () => {
    if (!ended) later();
  };
  later();
  return () => {
    ended = true;
    cancel();
  };
}

// src/deliveries/queue/postgres-attempts.ts
var MAX_ATTEMPTS_KEPT2 = 100;
var MAX_INT = 2 ** 31 - 1;
var ATTEMPTS_OF = "SELECT * FROM bearerd.attempt WHERE delivery = $1 ORDER BY n";
function attemptOf2({ at, duration: duration2, status: status2, problem: problem2 }) {
  return {
    atMs: Number(at),
    durationMs: Number(duration2),
    ...status2 !== null && { status: Number(status2) },
    ...problem2 !== null && { problem: problem2 }
  };
}
async function addAttempt(own, id, attempt) {
  const { atMs, durationMs, status: status2, problem: problem2 } = attempt;
  await own.query("INSERT INTO bearerd.attempt (delivery, at, duration, status, problem) VALUES ($1, $2, $3, $4, $5)", [
    ...[id, atMs, Math.min(Math.round(durationMs), MAX_INT), status2 ?? null, textOf4(problem2 ?? null)]
  ]);
  await own.query(
    "DELETE FROM bearerd.attempt WHERE delivery = $1 AND n <= (SELECT n FROM bearerd.attempt WHERE delivery = $1 ORDER BY n DESC LIMIT 1 OFFSET $2)",
    [id, MAX_ATTEMPTS_KEPT2]
  );
}
function textOf4(value) {
  return value === null ? null : JSON.stringify(value);
}
var CODE_OF_LAST_ERROR = `substring(last_error::text FROM '"code":"([a-z_]+)"')`;

// src/deliveries/queue/gathering.ts
function createGathering(work, most) {
  const waiting2 = [];
  let working = false;
  const settle2 = async (group) => {
    try {
      const results = await work(group.map(({ item }) => item));
      for (const [index, { resolve: resolve2, reject }] of group.entries()) {
        const result = results[index];
        if (result instanceof AppError) reject(result);
        else resolve2(result);
      }
    } catch (error) {
      const isAway2 = error instanceof AppError && error.code === "state_unavailable";
      if (group.length === 1 || isAway2) for (const { reject } of group) reject(error);
      else for (const one of group) await settle2([one]);
    }
  };
  const workOn = async () => {
    working = true;
    while (waiting2.length > 0) await settle2(waiting2.splice(0, most));
    working = false;
  };
  return (item) => {
    const { promise, resolve: resolve2, reject } = Promise.withResolvers();
    waiting2.push({ item, resolve: resolve2, reject });
    if (!working) void workOn();
    return promise;
  };
}

// src/deliveries/queue/postgres-intake.ts
var MOST = 100;
function createIntake(parts) {
  const add = createGathering(
    (given) => parts.database.transaction((own) => addAll(parts, own, given)),
    MOST
  );
  return (job, options) => add({ job, options, key: options.key === void 0 ? void 0 : parts.rows.key(options.key) });
}
var INSERT = `
  INSERT INTO bearerd.delivery (id, key_id, action, lane, created_at, next_attempt_at, bytes, facts, input, caller_key)
  SELECT id, $1, action, lane, at, at, bytes, facts, input, key FROM unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[],
    $6::bigint[], $7::bytea[], $8::bytea[], $9::bytea[])
    WITH ORDINALITY AS given (id, action, lane, at, bytes, facts, input, key, n) ORDER BY n
  ON CONFLICT (caller_key) WHERE caller_key IS NOT NULL DO NOTHING RETURNING *`;
async function addAll({ jobs, sealing, rows }, own, given) {
  const all = given.map(({ job }) => job);
  const added = await own.query(INSERT, [
    sealing.keyId,
    all.map(({ id }) => id),
    all.map(({ action }) => action),
    given.map(({ options }) => laneOf(options.ordered)),
    all.map(({ createdAtMs }) => createdAtMs),
    all.map(({ files }) => files.reduce((sum, { size }) => sum + size, 0)),
    all.map((job) => rows.facts(job)),
    all.map((job) => rows.input(job)),
    given.map(({ key }) => key ?? null)
  ]);
  const byId = new Map(added.map((row) => [String(row.id), row]));
  const fresh = given.filter(({ job }) => byId.has(job.id));
  for (const { job, options } of fresh)
    if (options.content)
      await own.query("INSERT INTO bearerd.delivery_content (delivery, content) VALUES ($1, $2)", [
        ...[job.id, rows.content(job.id, options.content)]
      ]);
  await jobs.add(
    own,
    fresh.map(({ job: { id, action }, options }) => ({ id, action, lane: laneOf(options.ordered) }))
  );
  const earlier = await earlierOf(own, given, byId);
  return given.map(({ job, key }) => {
    const row = byId.get(job.id) ?? earlier.get(key?.toString("hex") ?? "");
    const record = row && rows.record(row);
    return record ?? new AppError("state_unavailable", "the earlier delivery with this key was just removed, or cannot be read");
  });
}
async function earlierOf(own, given, added) {
  const keys = given.flatMap(({ job, key }) => added.has(job.id) || !key ? [] : [key]);
  if (keys.length === 0) return /* @__PURE__ */ new Map();
  const found = await own.query("SELECT * FROM bearerd.delivery WHERE caller_key = ANY ($1::bytea[])", [keys]);
  return new Map(found.map((row) => [row.caller_key.toString("hex"), row]));
}

// src/deliveries/queue/postgres-waiting.ts
var PLACES = `
  WITH RECURSIVE place AS (
    (SELECT lane, action FROM bearerd.delivery WHERE key_id = $1 AND state = 'pending' ORDER BY lane, action LIMIT 1)
    UNION ALL
    SELECT next.lane, next.action FROM place CROSS JOIN LATERAL (
      SELECT lane, action FROM bearerd.delivery
      WHERE key_id = $1 AND state = 'pending' AND (lane, action) > (place.lane, place.action) ORDER BY lane, action LIMIT 1
    ) AS next
  )
  SELECT lane, action, (
    SELECT next_attempt_at FROM bearerd.delivery AS waiting
    WHERE key_id = $1 AND state = 'pending' AND waiting.lane = place.lane AND waiting.action = place.action
      AND next_attempt_at > $2
    ORDER BY next_attempt_at LIMIT 1
  ) AS at FROM place
  UNION ALL
  SELECT lane, action, NULL FROM bearerd.delivery WHERE key_id = $1 AND state = 'running' AND id <> ALL ($3::uuid[])`;
var COUNTS2 = `
  SELECT action, sum(n) AS n FROM (
    SELECT action, count(*) AS n FROM bearerd.delivery WHERE key_id = $1 AND state = 'pending' GROUP BY action
    UNION ALL
    SELECT action, count(*) FROM bearerd.delivery WHERE key_id = $1 AND state = 'running' GROUP BY action
  ) AS counted GROUP BY action`;

// src/deliveries/queue/sealed-rows.ts
var SUMMARY_COLUMNS = "seq, id, action, state, attempts, sent, created_at, next_attempt_at, settled_at, last_error, facts";
var place = (column, id) => `delivery ${column} ${id}`;
function createSealedRows(sealing) {
  const seal = (column, id, value) => sealing.sealBytes(Buffer.from(JSON.stringify(value)), place(column, id));
  const open3 = (column, row) => {
    const bytes = sealing.openBytes(row[column], place(column, String(row.id)));
    return bytes && JSON.parse(bytes.toString("utf8"));
  };
  const summary = (row) => {
    const facts = open3("facts", row);
    return facts && { ...readableOf(row), ...facts };
  };
  return {
    facts: ({ id, params, files }) => seal("facts", id, { params, files }),
    // A value that JSON cannot say, such as none at all, is said as no member.
    input: ({ id, input }) => seal("input", id, { input }),
    response: (id, { body, ...head }) => seal("response", id, { ...head, body: body.toString("base64") }),
    key: (text2) => sealing.name(new Secret(text2)),
    content: (id, content) => sealing.sealBytes(content, place("content", id)),
    openContent: (id, sealed) => sealing.openBytes(sealed, place("content", id)),
    summary,
    record(row) {
      const known = summary(row);
      const given = open3("input", row);
      if (!known || !given) return void 0;
      const kept = row.response === null ? void 0 : open3("response", row);
      const response = kept ? { ...kept, body: Buffer.from(kept.body, "base64") } : null;
      return { ...known, input: given.input, response };
    }
  };
}
function readableOf(row) {
  const number = (value) => value === null ? null : Number(value);
  return {
    seq: Number(row.seq),
    id: String(row.id),
    action: String(row.action),
    state: String(row.state),
    attempts: Number(row.attempts),
    sent: Number(row.sent),
    createdAtMs: Number(row.created_at),
    nextAttemptAtMs: number(row.next_attempt_at),
    settledAtMs: number(row.settled_at),
    lastError: row.last_error
  };
}

// src/deliveries/queue/postgres.ts
var LOOK_AGAIN_MS = 2e3;
var SOON_MS = 100;
var PostgresQueue = class {
  shared = true;
  #parts;
  #rows;
  #add;
  #claims = /* @__PURE__ */ new Map();
  #endKeepingAlive;
  constructor(parts) {
    this.#parts = parts;
    this.#rows = createSealedRows(parts.sealing);
    this.#add = createIntake({ ...parts, rows: this.#rows });
    this.#endKeepingAlive = repeat(() => this.keepAlive());
  }
  /** The deliveries that this replica sends stay its own; also after the database was away. */
  keepAlive() {
    return this.#parts.jobs.keepAlive([...this.#claims.values()]);
  }
  #query(text2, values = []) {
    return this.#parts.database.query(text2, values);
  }
  #transaction(work) {
    return this.#parts.database.transaction(work);
  }
  add(job, options) {
    return this.#add(job, options);
  }
  async claim({ nowMs, count: count2, except, ordered }) {
    const places = (await this.#places(nowMs)).filter(({ action }) => !except.includes(action));
    const claimed = await this.#claimIn(new Set(places.map(({ lane }) => lane)), { count: count2, except, ordered });
    const { records } = claimed;
    for (const claim of claimed.claims) if (records.some(({ id }) => id === claim.id)) this.#claims.set(claim.id, claim);
    const nextMs = Math.min(...places.map(({ at }) => Number(at ?? Number.POSITIVE_INFINITY)));
    const soonMs = Math.min(Math.max(nextMs, nowMs + SOON_MS), nowMs + LOOK_AGAIN_MS);
    return { records, nextDueMs: records.length > 0 ? nowMs : soonMs };
  }
  /** What waits, by lane and action, and when the next of it is due. The jobs are asked only where something waits. */
  #places(nowMs) {
    const { database, sealing } = this.#parts;
    return database.query(PLACES, [sealing.keyId, nowMs - 2 * SOON_MS, [...this.#claims.keys()]]);
  }
  async #claimIn(lanes, { count: count2, except, ordered }) {
    if (lanes.size === 0) return { claims: [], records: [] };
    return this.#transaction(async (own) => {
      const { jobs } = this.#parts;
      const claims = lanes.has("ordered") ? await jobs.claim(own, "ordered", { count: count2, except }) : [];
      if (claims.length === 0 && lanes.has("parallel"))
        claims.push(...await jobs.claim(own, "parallel", { count: count2, except: [...except, ...ordered] }));
      return { claims, records: claims.length > 0 ? await this.#start(own, claims) : [] };
    });
  }
  async #start(own, claims) {
    const rows = await own.query(
      `UPDATE bearerd.delivery SET state = 'running', next_attempt_at = NULL WHERE id = ANY ($1::uuid[]) RETURNING *`,
      [claims.map(({ id }) => id)]
    );
    const records = rows.flatMap((row) => this.#rows.record(row) ?? []);
    for (const claim of claims) if (!records.some(({ id }) => id === claim.id)) await this.#giveUp(own, claim);
    return records.sort((a, b) => a.seq - b.seq);
  }
  /** A job whose row is gone, or was changed by somebody else: nothing can be sent. */
  async #giveUp(own, claim) {
    await this.#parts.jobs.park(own, claim);
    const lastError = { code: "state_unavailable", message: "its row in the database was changed and cannot be read" };
    const settledAtMs = this.#parts.clock.nowMs();
    const text2 = `UPDATE bearerd.delivery SET state = 'dead', last_error = $2, settled_at = $3 WHERE id = $1`;
    await own.query(text2, [claim.id, textOf4(lastError), settledAtMs]);
  }
  async content(id) {
    const [row] = await this.#query("SELECT content FROM bearerd.delivery_content WHERE delivery = $1", [id]);
    return row && this.#rows.openContent(id, row.content);
  }
  async progress(id, sent) {
    await this.#query("UPDATE bearerd.delivery SET sent = greatest(sent, $2) WHERE id = $1", [id, sent]);
  }
  async settle(id, outcome, attempt) {
    const claim = this.#claims.get(id);
    if (!claim) return false;
    const counts = await this.#transaction(async (own) => {
      if (!await this.#release(own, claim, outcome)) return false;
      await this.#write(own, id, outcome);
      if (attempt) await addAttempt(own, id, attempt);
      return true;
    });
    this.#claims.delete(id);
    return counts;
  }
  #release(own, claim, { state, nextAttemptAtMs }) {
    const { jobs, clock } = this.#parts;
    if (state === "delivered") return jobs.finish(own, claim);
    if (state === "dead") return jobs.park(own, claim);
    return jobs.putBack(own, claim, Math.max(0, (nextAttemptAtMs ?? 0) - clock.nowMs()));
  }
  async #write(own, id, outcome) {
    const { state, attempts, nextAttemptAtMs, lastError, settledAtMs, response } = outcome;
    await own.query(
      `UPDATE bearerd.delivery SET state = $2, attempts = $3, next_attempt_at = $4, last_error = $5, settled_at = $6,
        response = $7 WHERE id = $1`,
      [
        ...[id, state, attempts, nextAttemptAtMs, textOf4(lastError), settledAtMs],
        response ? this.#rows.response(id, response) : null
      ]
    );
    if (state === "delivered") await own.query("DELETE FROM bearerd.delivery_content WHERE delivery = $1", [id]);
  }
  async get(id) {
    if (!UUID.test(id)) return void 0;
    const text2 = "SELECT * FROM bearerd.delivery WHERE id = $1 AND key_id = $2";
    const [row] = await this.#query(text2, [id, this.#parts.sealing.keyId]);
    return row && this.#rows.record(row);
  }
  async attempts(id) {
    return (await this.#query(ATTEMPTS_OF, [id])).map(attemptOf2);
  }
  async list({ action, state, before, limit }) {
    const text2 = `SELECT ${SUMMARY_COLUMNS} FROM bearerd.delivery WHERE key_id = $1 AND seq < $2
      AND ($3::text[] IS NULL OR action = ANY ($3)) AND ($4::text[] IS NULL OR state = ANY ($4)) ORDER BY seq DESC LIMIT $5`;
    const values = [before ?? Number.MAX_SAFE_INTEGER, action ?? null, state ?? null, limit];
    const rows = await this.#query(text2, [this.#parts.sealing.keyId, ...values]);
    return rows.flatMap((row) => this.#rows.summary(row) ?? []);
  }
  revive(id, nowMs) {
    return this.#transaction(async (own) => {
      const [row] = await own.query(
        `UPDATE bearerd.delivery SET state = 'pending', attempts = 0, next_attempt_at = $2, settled_at = NULL
          WHERE id = $1 AND state = 'dead' RETURNING action, lane`,
        [id, nowMs]
      );
      if (row) await this.#parts.jobs.revive(own, { id, ...row });
      return row !== void 0;
    });
  }
  remove(id) {
    return this.#transaction(async (own) => {
      const text2 = `DELETE FROM bearerd.delivery WHERE id = $1 AND state <> 'running' RETURNING lane`;
      const [row] = await own.query(text2, [id]);
      if (row) await this.#parts.jobs.remove(own, row.lane, id);
      return row !== void 0;
    });
  }
  expedite(actions, nowMs, codes) {
    return this.#transaction(async (own) => {
      const rows = await own.query(
        `UPDATE bearerd.delivery SET next_attempt_at = $2 WHERE key_id = $1 AND state = 'pending' AND action = ANY ($3::text[])
          AND ($4::text[] IS NULL OR ${CODE_OF_LAST_ERROR} = ANY ($4)) RETURNING id`,
        [this.#parts.sealing.keyId, nowMs, actions, codes ?? null]
      );
      await this.#parts.jobs.hurry(
        own,
        rows.map(({ id }) => id)
      );
    });
  }
  async arrange(order, nowMs) {
    for (const lane of ["ordered", "parallel"]) {
      const rows = await this.#query(
        `SELECT id, action FROM bearerd.delivery WHERE key_id = $1 AND state = 'pending' AND lane = $2
          AND action = ANY ($3::text[]) ORDER BY seq`,
        [this.#parts.sealing.keyId, laneOf(lane !== "ordered"), order[lane]]
      );
      for (const { id, action } of rows) await this.#move({ id: String(id), action: String(action), lane }, nowMs);
    }
  }
  #move(job, nowMs) {
    return this.#transaction(async (own) => {
      const text2 = `UPDATE bearerd.delivery SET lane = $2, next_attempt_at = $3
        WHERE id = $1 AND state = 'pending' AND lane <> $2 RETURNING seq`;
      const rows = await own.query(text2, [job.id, job.lane, nowMs]);
      if (rows.length === 0) return;
      await this.#parts.jobs.remove(own, laneOf(job.lane !== "ordered"), job.id);
      await this.#parts.jobs.add(own, [job]);
    });
  }
  async settledBefore(atMs) {
    const text2 = `SELECT id FROM bearerd.delivery WHERE state = 'delivered' AND settled_at < $1 ORDER BY settled_at LIMIT 1000`;
    return (await this.#query(text2, [atMs])).map(({ id }) => String(id));
  }
  async openAmong(ids) {
    const text2 = `SELECT id FROM bearerd.delivery WHERE id = ANY ($1::uuid[]) AND state IN ('pending', 'running')`;
    return (await this.#query(text2, [ids])).map(({ id }) => String(id));
  }
  async undeliveredAmong(ids) {
    const text2 = `SELECT id FROM bearerd.delivery WHERE id = ANY ($1::uuid[]) AND state <> 'delivered'`;
    return (await this.#query(text2, [ids.filter((id) => UUID.test(id))])).map(({ id }) => String(id));
  }
  async counts() {
    const rows = await this.#query(COUNTS2, [this.#parts.sealing.keyId]);
    return new Map(rows.map(({ action, n }) => [String(action), Number(n)]));
  }
  async storedBytes() {
    const text2 = `SELECT coalesce(sum(bytes), 0) AS bytes FROM bearerd.delivery WHERE state <> 'delivered'`;
    return Number((await this.#query(text2))[0].bytes);
  }
  async agree(name, value) {
    await this.#query("INSERT INTO bearerd.setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", [name, value]);
    const [row] = await this.#query("SELECT value FROM bearerd.setting WHERE name = $1", [name]);
    return String(row?.value);
  }
  async close() {
    this.#endKeepingAlive();
    await this.#parts.jobs.close().catch(() => void 0);
  }
};
var UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

// src/deliveries/queue/open-postgres.ts
var QUEUE_USE = { statementMs: 1e4, onlyLonger: true, connections: 8, fullCode: "storage_full" };
var QUEUE_WORDS = {
  away: "deliveries are refused and wait: their queue cannot be used",
  back: "the database is back: deliveries go on"
};
async function openPostgresQueue(options) {
  const { database, sealing, clock, log } = options;
  await database.query("SELECT");
  try {
    const jobs = await openJobs({ database, keyId: sealing.keyId, log });
    return new PostgresQueue({ database, jobs, sealing, clock });
  } catch (error) {
    if (error instanceof AppError) throw error;
    log.error(errorFacts(error), "the queue of deliveries cannot be opened");
    throw new AppError("state_unavailable", "the tables of deliveries in the database cannot be used; see the log");
  }
}

// src/daemon/shared-queue.ts
function createSharedQueue({ state, clock, log, onChange }) {
  let queue;
  let database;
  const connect2 = () => {
    database ??= state.connect(QUEUE_USE, QUEUE_WORDS, (ok, error) => {
      if (ok) void queue?.keepAlive().catch(() => void 0);
      onChange(ok, error);
    });
    return database;
  };
  return {
    async open() {
      queue = await openPostgresQueue({ database: await connect2(), sealing: state.sealing, clock, log });
      return queue;
    },
    async close() {
      await (await database?.catch(() => void 0))?.close();
    }
  };
}

// src/daemon/open-deliveries.ts
var OPEN_AGAIN_MS = 1e4;
function defaultFolder() {
  const environment = process.env;
  const systemd = environment.STATE_DIRECTORY?.split(":")[0];
  const state = environment.XDG_STATE_HOME || join2(homedir(), ".local/state");
  return systemd || join2(state, "bearerd");
}
function folderOf({ daemonSettings: { stateDir }, state }) {
  const folder = stateDir ?? (state.shared ? void 0 : defaultFolder());
  return folder === void 0 ? void 0 : join2(folder, "deliveries");
}
function createDaemonDeliveries(parts) {
  return new OpenedLater(parts);
}
var OpenedLater = class {
  #parts;
  #opening;
  #opened;
  #sharedQueue;
  #lastError = null;
  #cancelAgain = () => {
  };
  #stopping = false;
  constructor(parts) {
    this.#parts = parts;
    parts.metrics.pendingDeliveries(this.#counts);
  }
  /** Of every action, also of those that have none. */
  #counts = async () => {
    const actions = this.#parts.executor.generation?.plan.actions.keys() ?? [];
    return new Map([
      ...[...actions].map((name) => [name, 0]),
      ...await this.#opened?.counts() ?? []
    ]);
  };
  open = () => {
    this.#opening ??= this.#open().then(
      (opened) => {
        this.#note(true, null);
        this.#opened = opened;
        return opened;
      },
      (error) => {
        this.#opening = void 0;
        this.#note(false, error.message);
        if (this.#sharedQueue) this.#cancelAgain = systemClock.schedule(OPEN_AGAIN_MS, () => this.wake());
        throw error;
      }
    );
    return this.#opening;
  };
  async #open() {
    const { executor, metrics, log } = this.#parts;
    const own = { executor, directory: folderOf(executor), clock: systemClock, random: Math.random, log };
    const told = { onSettled: metrics.deliverySettled, onAttempt: metrics.deliveryAttempted };
    return Deliveries.open({ ...own, ...told, queue: await this.#openQueue() });
  }
  async #openQueue() {
    const { executor, log } = this.#parts;
    const state = executor.state.shared;
    if (!state) return openSqliteQueue(join2(folderOf(executor), "queue.db"));
    this.#sharedQueue ??= createSharedQueue({ state, clock: systemClock, log, onChange: this.#onChange });
    return this.#sharedQueue.open();
  }
  /** The database can be used, or not any more. */
  #onChange = (ok, error) => {
    this.#note(ok, error);
    if (ok) this.wake();
  };
  #note(ok, error) {
    this.#lastError = error;
    this.#parts.metrics.deliveriesAvailable(ok);
  }
  wake() {
    const { executor, log } = this.#parts;
    this.#cancelAgain();
    if (this.#stopping) return;
    if (this.#opened) this.#opened.wake().catch((error) => log.debug({}, error.message));
    else if (executor.state.shared ? usesActions(executor) : existsSync(join2(folderOf(executor), "queue.db")))
      this.open().catch((error) => {
        if (!this.#sharedQueue) log.error({}, `waiting deliveries stay where they are: ${error.message}`);
      });
  }
  status = () => {
    const queue = this.#parts.executor.state.shared ? "postgresql" : "sqlite";
    return { queue, ok: this.#lastError === null, lastError: this.#lastError };
  };
  async stop(limitMs) {
    this.#stopping = true;
    this.#cancelAgain();
    const deliveries = await this.#opening?.catch(() => void 0);
    await deliveries?.stop(limitMs);
    await this.#sharedQueue?.close();
  }
};
function usesActions({ generation }) {
  return (generation?.plan.actions.size ?? 0) > 0;
}

// src/daemon/service-listeners.ts
var listeningServices = selecting(({ listen: listen2 }) => listen2 !== void 0);
var ServiceListeners = class {
  #parts;
  #proxy;
  #open = /* @__PURE__ */ new Map();
  #closing = Promise.resolve();
  constructor(parts) {
    this.#parts = parts;
    this.#proxy = new ServiceProxy({ ...parts, limits: () => limitsOf(parts.executor()) });
  }
  /** Opens what a plan needs besides. With an error everything is as it was before. */
  async prepare({ services, daemon }) {
    const wanted = new Map(listeningServices(services).map((plan) => [keyOf3(plan), plan]));
    const opened = /* @__PURE__ */ new Map();
    const diagnostics = [];
    for (const [key, plan] of wanted) {
      if (this.#open.has(key)) continue;
      try {
        opened.set(key, await this.#listen(plan, daemon));
      } catch (error) {
        if (!(error instanceof ListenError)) throw error;
        const { file, range } = plan.listen;
        diagnostics.push({ code: "listen/unavailable", severity: "error", message: error.message, file, range });
      }
    }
    if (diagnostics.length > 0) await Promise.all([...opened.values()].map(({ server }) => server.close()));
    return { diagnostics, commit: () => this.#commit(wanted, opened) };
  }
  /** The addresses by service, as bound. */
  addresses() {
    return Object.fromEntries([...this.#open.values()].map(({ target, url }) => [target.service, url]));
  }
  /** Finishes what runs. Connections that are still open after the limit are closed. */
  async stop(limitMs) {
    const open3 = [...this.#open.values()];
    const force = setTimeout(() => {
      for (const { server } of open3) server.server.closeAllConnections();
    }, limitMs);
    for (const { server } of open3) this.#end(server);
    await this.#closing;
    clearTimeout(force);
    this.#open.clear();
    await this.#proxy.close();
  }
  async #listen({ name, listen: own }, { socket, limits }) {
    const at = addressOf(own.address, {});
    const target = { service: name };
    const { executor, metrics, log } = this.#parts;
    const parts = {
      executor: executor(),
      metrics,
      log,
      proxy: this.#proxy,
      exposed: false,
      door: createDoor(at),
      limits
    };
    const server = createServiceServer(parts, target);
    const url = await listen(server, at, { socket });
    log.info({ service: name, address: url }, "listening for a service");
    return { server, target, url };
  }
  #commit(wanted, opened) {
    for (const [key, open3] of opened) this.#open.set(key, open3);
    for (const [key, { server, target }] of this.#open) {
      const plan = wanted.get(key);
      if (plan) target.service = plan.name;
      else {
        this.#open.delete(key);
        this.#end(server);
      }
    }
  }
  /** Takes no more connections from this moment on. */
  #end(server) {
    server.server.close();
    this.#closing = Promise.all([this.#closing, server.close()]).then(() => void 0);
  }
};
function keyOf3({ name, listen: own }) {
  return own.address.endsWith(":0") ? `${own.address} ${name}` : own.address;
}

// src/daemon/daemon.ts
var DEFAULT_LISTEN = "127.0.0.1:7117";
var DEFAULT_ADMIN_LISTEN = "127.0.0.1:7118";
async function startDaemon(options) {
  const { logLevel: level = "info", logFormat: format = process.stderr.isTTY ? "pretty" : "json" } = options;
  const log = createLog({ level, format });
  const metrics = createMetrics();
  let listeners;
  let onReload = () => {
  };
  const fixed = new FixedSettings(log);
  const whenReady = [];
  const slots = new Slots(() => limitsOf(executor));
  const services = new ServiceListeners({ executor: () => executor, metrics, log, slots });
  const executor = createExecutor({
    log,
    prepare: (plan) => prepareWith(plan, { services, fixed, options }),
    ...stateDirectory(process.env),
    ...metrics.told,
    onStateChange: metrics.onStateChange,
    onFolderShared: (tell) => void whenReady.push(tell),
    onStateMoved() {
    },
    onReload: (...result) => {
      metrics.reload(...result);
      onReload();
    },
    onFilesChecked: () => void listeners?.refreshCertificate()
  });
  const deliveries = createDaemonDeliveries({ executor, metrics, log });
  try {
    await executor.load(options.paths);
    const settings = fixed.start(executor.daemonSettings);
    const followLevel = () => {
      if (!options.logLevel) log.setLevel(executor.daemonSettings.logLevel ?? "info");
    };
    followLevel();
    const at = addressesOf(options, settings);
    listeners = await openListeners({ executor, metrics, log, slots, at, deliveries });
    onReload = () => {
      followLevel();
      fixed.tell(executor.daemonSettings);
      void listeners?.refreshCertificate();
      deliveries.wake();
    };
    for (const tell of whenReady) tell();
    deliveries.wake();
    if (options.pollIntervalMs !== void 0) await executor.watch({ pollIntervalMs: options.pollIntervalMs });
    const { api, admin } = listeners;
    log.info({ api, admin }, "ready");
    const stop = async (limitMs) => {
      await Promise.all([services.stop(limitMs), listeners.stop(limitMs), deliveries.stop(limitMs)]);
      await executor[Symbol.asyncDispose]();
      log.info({}, "stopped");
    };
    return { executor, log, api, admin, serviceAddresses: () => services.addresses(), stop };
  } catch (error) {
    await Promise.all([services.stop(0), listeners?.stop(0), deliveries.stop(0)]);
    await executor[Symbol.asyncDispose]();
    throw error;
  }
}
function addressesOf({ listen: listen2, adminListen }, settings) {
  return {
    api: addressOf(listen2 ?? settings.listen ?? DEFAULT_LISTEN, settings),
    admin: addressOf(adminListen ?? settings.adminListen ?? DEFAULT_ADMIN_LISTEN, settings)
  };
}
async function prepareWith(plan, { services, fixed, options }) {
  if (!fixed.started) addressesOf(options, plan.daemon);
  const prepared = await services.prepare(plan);
  return { ...prepared, diagnostics: [...prepared.diagnostics, ...fixed.warnings(plan.daemon)] };
}
function stateDirectory({ STATE_DIRECTORY }) {
  const [first] = STATE_DIRECTORY?.split(":") ?? [];
  return first ? { stateDirectory: first } : {};
}

// src/daemon/crash.ts
var FAILED = 3;
function endOnCrash(log) {
  const crash = (error) => {
    log().error(errorFacts(error), "bearerd ends: an error that nobody caught");
    process.exit(FAILED);
  };
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
}

// src/daemon/systemd.ts
import { spawn } from "node:child_process";
var SILENT = { ready() {
}, reloading() {
}, stopping() {
} };
function createSystemd(environment, log) {
  if (!environment.NOTIFY_SOCKET) return SILENT;
  let queue = Promise.resolve();
  const notify = (...state) => {
    queue = queue.then(() => send2(state, log));
    return queue;
  };
  const watchdogMs = Number(environment.WATCHDOG_USEC ?? 0) / 1e3;
  if (watchdogMs > 0) feedWatchdog(watchdogMs / 2, () => notify("WATCHDOG=1"));
  return {
    ready: () => void notify("READY=1", `MAINPID=${process.pid}`),
    reloading: () => void notify("RELOADING=1", `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`),
    stopping: () => void notify("STOPPING=1")
  };
}
function feedWatchdog(everyMs, feed) {
  let feeding = false;
  const timer = setInterval(() => {
    if (feeding) return;
    feeding = true;
    void feed().then(() => {
      feeding = false;
    });
  }, everyMs);
  timer.unref();
}
var HANG_MS = 5e3;
function send2(state, log) {
  return new Promise((resolve2) => {
    const child = spawn("systemd-notify", state, { stdio: "ignore", timeout: HANG_MS });
    child.unref();
    child.once("error", () => log.warn({}, "$NOTIFY_SOCKET is set, but there is no program `systemd-notify`"));
    child.once("close", () => resolve2());
    child.once("error", () => resolve2());
  });
}

// src/daemon/signals.ts
async function runUntilSignal(start, shutdownTimeoutMs) {
  const stopped = Promise.withResolvers();
  let stopping = false;
  let daemon;
  let reload = () => {
  };
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    stopped.resolve();
  };
  const early = createLog({ level: "error", format: process.stderr.isTTY ? "pretty" : "json" });
  endOnCrash(() => daemon?.log ?? early);
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("SIGHUP", () => reload());
  process.on("SIGUSR1", () => daemon?.log.cycleLevel());
  daemon = await start();
  const { executor, log } = daemon;
  const systemd = createSystemd(process.env, log);
  reload = () => {
    systemd.reloading();
    void executor.reload().finally(() => systemd.ready());
  };
  systemd.ready();
  await stopped.promise;
  systemd.stopping();
  await daemon.stop(shutdownTimeoutMs);
}

// src/cli/commands/run.ts
var LISTEN_EXIT = { invalid: EXIT.usage, exposed: EXIT.problems, unavailable: EXIT.failed };
async function runDaemon(options) {
  const shutdownTimeoutMs = duration("--shutdown-timeout", options.shutdownTimeout);
  const pollIntervalMs = duration("--poll-interval", options.pollInterval);
  const settings = {
    paths: configPaths(options.config),
    ...options.listen !== void 0 && { listen: options.listen },
    ...options.adminListen !== void 0 && { adminListen: options.adminListen },
    ...options.logLevel && { logLevel: options.logLevel },
    ...options.logFormat && { logFormat: options.logFormat },
    ...options.watch && { pollIntervalMs }
  };
  await runUntilSignal(() => startDaemon(settings), shutdownTimeoutMs).catch((error) => {
    if (error instanceof ConfigurationError) return reportProblems(error.diagnostics);
    if (error instanceof ListenError) throw new CommandError(LISTEN_EXIT[error.reason], error.message);
    throw error;
  });
  return EXIT.ok;
}
function duration(flag, text2) {
  const durationMs = parseDuration(text2);
  if (!durationMs) throw new CommandError(EXIT.usage, `${flag} is a duration such as 30s, not \`${text2}\``);
  return durationMs;
}
export {
  runDaemon
};
