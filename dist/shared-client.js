import {
  CachedSource,
  adoptToken,
  connectionIdentity,
  createConnections,
  createLiveAccount,
  createProvers,
  createSecretSource,
  deliverNow,
  digest,
  familyOf,
  fedSecret,
  feed,
  fetchThrough,
  isSecretFile,
  isTooEarly,
  notAllowed,
  onAnyRenewed,
  pathBelow,
  pauseAfter,
  proofHeaders,
  readValues,
  renewalMargin,
  shareLiveAccount,
  toAuthorization,
  toRfc3339,
  trustIdentity,
  valuesWithout,
  wantsNonce
} from "./shared-cached-source.js";
import {
  elapsedMs,
  momentOf,
  nextTurn,
  systemClock
} from "./shared-clock.js";
import {
  DEFAULT_LIMITS,
  checkFile,
  checkFiles,
  entriesApart,
  groupSources,
  mapValues,
  selecting,
  subjectText
} from "./shared-schema-finding.js";
import {
  createReadCache,
  emptyFolders,
  judgeEmptyFolders,
  mapLimited,
  readAgain,
  sameSources
} from "./shared-read.js";
import {
  compileInSteps,
  idTokenError,
  isIdempotent,
  retryDelay,
  unknownParameter
} from "./shared-request-token.js";
import {
  MAX_JUDGED_BYTES,
  compactVerify,
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  equalsAt,
  isJudged,
  jwksCache,
  valueAt
} from "./shared-jose.js";
import {
  describeReference,
  referenceKey
} from "./shared-text.js";
import {
  Memory,
  compilePattern
} from "./shared-pattern.js";
import {
  Secret,
  callerSecrets,
  cleanForeignText,
  isLoopback,
  jsonMember,
  trimSecret
} from "./shared-template.js";
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync
} from "./shared-node-fs.js";
import {
  VERSION
} from "./shared-version.js";
import {
  hasErrors
} from "./shared-yaml.js";
import {
  suggest
} from "./shared-leven.js";
import {
  AppError,
  appErrorIn,
  isStateError,
  systemErrorCode
} from "./shared-error.js";

// src/base/log.ts
var nothing = () => {
};
var silentLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };

// src/runtime/authorization-server/id-token-signature.ts
var COOLDOWN_MS = 3e4;
var MAX_AGE_MS = 6e5;
var LAST_GOOD_MS = 864e5;
var TIMEOUT_MS = 5e3;
var MAX_SETS = 1e3;
var ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
];
function createIdTokenKeys(tokenEndpoint2, log) {
  const sets = /* @__PURE__ */ new Map();
  const keysOf2 = (account, uri, connection) => {
    const key = `${connectionIdentity(connection)} ${uri.href}`;
    const trust = `${trustIdentity(connection)} ${uri.href}`;
    const twin = () => [...sets.values()].findLast((keys2) => keys2.trust === trust);
    const keys = sets.get(key) ?? createKeys(tokenEndpoint2, account, { url: uri, connection, trust, last: twin()?.last });
    sets.delete(key);
    sets.set(key, keys);
    if (sets.size > MAX_SETS) sets.delete(sets.keys().next().value);
    return keys;
  };
  return {
    async verify(account, token, { uri, connection }) {
      if (!uri) throw idTokenError(account, "cannot be checked: the issuer's metadata has no usable jwks_uri");
      const verifyBy = (find2) => compactVerify(token.reveal(), find2, { algorithms: ALGORITHMS });
      const { find, last } = keysOf2(account, uri, connection);
      try {
        await verifyBy(find).catch(async (error) => {
          const jwks = lastGood(last);
          if (!jwks || !isUnread(error)) throw error;
          await verifyBy(createLocalJWKSet(jwks)).catch(() => Promise.reject(error));
          log.warn(
            { account, keys: `${uri.host}${uri.pathname}` },
            "the issuer's keys cannot be read: the last good ones serve"
          );
        });
      } catch (error) {
        throw error instanceof AppError ? error : idTokenError(account, faultOf(error.code));
      }
    }
  };
}
function createKeys(tokenEndpoint2, account, document) {
  const last = { ...document.last };
  const find = createRemoteJWKSet(document.url, {
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: MAX_AGE_MS,
    [jwksCache]: last,
    async [customFetch]() {
      const { status, text } = await tokenEndpoint2.read(account, document, TIMEOUT_MS);
      return new Response(text, { status: status === 200 ? 200 : 502 });
    }
  });
  return { find, last, trust: document.trust };
}
function lastGood({ jwks, uat }) {
  return uat !== void 0 && systemClock.nowMs() - uat < LAST_GOOD_MS ? jwks : void 0;
}
function isUnread(error) {
  return error instanceof AppError || faultOf(error.code) === UNREAD;
}
var UNREAD = "cannot be checked with its issuer's keys";
function faultOf(code) {
  switch (code) {
    case "ERR_JWKS_NO_MATCHING_KEY":
      return "is signed with a key that its issuer does not publish";
    case "ERR_JWS_SIGNATURE_VERIFICATION_FAILED":
      return "has a wrong signature";
    case "ERR_JOSE_ALG_NOT_ALLOWED":
      return "is signed with an algorithm that the published keys cannot check";
    default:
      return UNREAD;
  }
}

// src/runtime/authorization-server/server-metadata.ts
function metadataLocations({ url }) {
  const path = url.pathname.replace(/\/$/, "");
  return [`/.well-known/oauth-authorization-server${path}`, `${path}/.well-known/openid-configuration`].map(
    (pathname) => Object.assign(new URL(url), { pathname })
  );
}
function readMetadata(text, issuer) {
  const members = parseObject(text);
  if (!members) return { fault: "is no JSON object", weight: 1 };
  const said = members.issuer;
  if (said !== issuer.identifier) {
    const shown = typeof said === "string" ? `says that the issuer is ${cleanForeignText(said, [])}` : "names no issuer";
    return { fault: `${shown}, not ${issuer.identifier}: nothing of it is used`, weight: 2 };
  }
  const tokenEndpoint2 = endpointOf(members.token_endpoint, issuer);
  if (!tokenEndpoint2) return { fault: "has no usable token_endpoint (an https URL)", weight: 2 };
  const aliases = members.mtls_endpoint_aliases ?? {};
  const methods = members.token_endpoint_auth_methods_supported;
  const optional = {
    mtlsTokenEndpoint: endpointOf(aliases.token_endpoint, issuer),
    revocationEndpoint: endpointOf(members.revocation_endpoint, issuer),
    jwksUri: endpointOf(members.jwks_uri, issuer),
    authMethods: Array.isArray(methods) ? methods.slice(0, 20).map((method) => cleanForeignText(String(method), [], 60)) : void 0
  };
  return { metadata: { issuer: issuer.identifier, tokenEndpoint: tokenEndpoint2, ...defined(optional) } };
}
function parseObject(text) {
  try {
    const value = JSON.parse(text.replace(/^\ufeff/, ""));
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? value : void 0;
  } catch {
    return void 0;
  }
}
function endpointOf(value, issuer) {
  if (typeof value !== "string" || !URL.canParse(value)) return void 0;
  const url = new URL(value);
  if (url.username || url.password || url.hash) return void 0;
  if (url.protocol === "https:") return url;
  const within = isLoopback(issuer.url.hostname) && isLoopback(url.hostname);
  return url.protocol === "http:" && (within || issuer.allowHttp) ? url : void 0;
}
function defined(members) {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== void 0));
}

// src/runtime/authorization-server/discovery.ts
var RENEW_AFTER_MS = 36e5;
var MAX_TIMEOUT_MS = 1e4;
var MAX_ISSUERS = 1e3;
function createDiscovery(parts) {
  const issuers = /* @__PURE__ */ new Map();
  const keys = createIdTokenKeys(parts.tokenEndpoint, parts.log);
  const servers = /* @__PURE__ */ new WeakMap();
  const knownOf = (ask) => {
    const key = `${ask.issuer.allowHttp} ${connectionIdentity(ask.connection)} ${ask.issuer.identifier}`;
    const known = issuers.get(key) ?? createKnown(parts, ask, [...issuers.values()].findLast(isTwinOf(ask)));
    known.ask = ask;
    issuers.delete(key);
    issuers.set(key, known);
    if (issuers.size > MAX_ISSUERS) forgetFirst(issuers);
    return known;
  };
  return {
    async locate({ name, issuer, clientAuthMethod, connect }, values, timeoutMs) {
      if (!issuer) return void 0;
      const expected = { ...issuer.expand(values), allowHttp: issuer.allowHttp };
      if (!issuer.discovers) return { issuer: expected.identifier };
      const known = knownOf({
        account: name,
        issuer: expected,
        timeoutMs: Math.min(timeoutMs, MAX_TIMEOUT_MS),
        connection: connect?.(values)
      });
      const metadata = known.source.current() ?? await known.source.get();
      warnOfMethod(parts.log, known, { metadata, account: name, method: clientAuthMethod });
      const server = serverOf(metadata, clientAuthMethod);
      servers.set(server, { known, metadata });
      return server;
    },
    metadata: (server) => servers.get(server)?.metadata,
    async verify(account, token, server) {
      const found = servers.get(server);
      if (!found) return;
      const { metadata, known } = found;
      await keys.verify(account, token, { uri: metadata.jwksUri, connection: known.ask.connection });
    },
    suspect(server) {
      const known = servers.get(server)?.known;
      if (!known || known.suspected) return;
      known.suspected = true;
      known.source.renew();
    },
    confirm(server) {
      const known = servers.get(server)?.known;
      if (known) known.suspected = false;
    }
  };
}
function forgetFirst(issuers) {
  const [first] = issuers.keys();
  issuers.get(first)?.source.stop();
  issuers.delete(first);
}
function isTwinOf({ issuer, connection }) {
  const trust = trustIdentity(connection);
  return ({ ask }) => ask.issuer.identifier === issuer.identifier && ask.issuer.allowHttp === issuer.allowHttp && trustIdentity(ask.connection) === trust;
}
function createKnown(parts, ask, twin) {
  const known = { ask, suspected: false, warned: { methods: /* @__PURE__ */ new Set() } };
  const source = new CachedSource({
    fetch: async () => ({ value: await fetchMetadata(parts, known.ask), lifeMs: null, renewAfterMs: RENEW_AFTER_MS }),
    clock: parts.clock,
    random: parts.random,
    onFailure: (error) => parts.log.warn({ issuer: known.ask.issuer.identifier, code: error.code }, error.message)
  });
  if (twin) source.adopt(twin.source);
  return Object.assign(known, { source });
}
function serverOf(metadata, method) {
  const { issuer, tokenEndpoint: tokenEndpoint2, mtlsTokenEndpoint, revocationEndpoint } = metadata;
  const byCertificate = method.endsWith("tls_client_auth");
  return {
    issuer,
    tokenEndpoint: byCertificate && mtlsTokenEndpoint || tokenEndpoint2,
    ...revocationEndpoint && { revocationEndpoint }
  };
}
function warnOfMethod(log, { warned }, { metadata, account, method }) {
  const offered = metadata.authMethods;
  if (!offered || offered.includes(method)) return;
  if (warned.metadata?.authMethods?.join() !== offered.join()) warned.methods.clear();
  warned.metadata = metadata;
  if (warned.methods.has(`${account} ${method}`)) return;
  warned.methods.add(`${account} ${method}`);
  log.warn(
    { account, issuer: metadata.issuer, clientAuthMethod: method, offered },
    `the metadata of ${metadata.issuer} does not offer ${method}, only: ${offered.join(", ") || "nothing"}`
  );
}
async function fetchMetadata(parts, ask) {
  const deadlineMs = parts.clock.monotonicMs() + ask.timeoutMs;
  const faults = [];
  for (const location of metadataLocations(ask.issuer)) {
    const timeoutMs = Math.max(1, deadlineMs - parts.clock.monotonicMs());
    const raw = await parts.tokenEndpoint.read(ask.account, { url: location, connection: ask.connection }, timeoutMs);
    const read = judge(raw, ask.issuer);
    if ("metadata" in read) return read.metadata;
    faults.push({ ...read, location, status: raw.status });
  }
  throw discoveryFailed(ask, faults);
}
function judge(raw, issuer) {
  if (raw.status !== 200) return { fault: `answered ${raw.status}`, weight: raw.status === 404 ? 0 : 1 };
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(raw.contentType)) return { fault: "is no JSON", weight: 1 };
  return readMetadata(raw.text, issuer);
}
function discoveryFailed({ account, issuer }, faults) {
  const [most] = [...faults].sort((a, b) => b.weight - a.weight);
  const endpoint = `${most.location.host}${most.location.pathname}`;
  const others = most.weight === 0 ? `, and so did ${faults[1].location.pathname}` : "";
  const message = `account \`${account}\`: the metadata of issuer ${issuer.identifier} cannot be used: ${endpoint} ${most.fault}${others}; check \`issuer\`, or set accessTokenUri`;
  const transient = faults.some(({ status }) => status === 429 || status >= 500);
  return new AppError("discovery_failed", message, { account, endpoint, status: most.status, transient });
}

// src/runtime/authorization-server/token-endpoint.ts
import ky, { isTimeoutError } from "ky";

// src/runtime/authorization-server/token-error.ts
var CODES = [
  "/error",
  "/error/code",
  "/error/type",
  "/error/status",
  ...ofLists("errorType", "error", "code", "type")
];
var DESCRIPTIONS = [
  ...["/error_description", "/error/message", "/error/description"],
  ...ofLists("message", "description", "detail"),
  ...["/message", "/errmsg", "/msg", "/detail"]
];
function ofLists(...names) {
  return ["/errors/0", "/response/errors/0"].flatMap((place) => names.map((name) => `${place}/${name}`));
}
function errorTexts(members, secrets, at) {
  const error = firstText(members, at === void 0 ? CODES : [at, ...CODES]);
  const description = firstText(members, DESCRIPTIONS);
  return {
    ...error !== void 0 && { error: cleanForeignText(error, secrets, 80) },
    ...description !== void 0 && { description: cleanForeignText(description, secrets) }
  };
}
function firstText(members, pointers) {
  const values = pointers.map((pointer) => valueAt(members, pointer));
  const text = values.find((value) => isSaid(value) && typeof value !== "object" && typeof value !== "boolean");
  return text === void 0 ? void 0 : String(text);
}
function hasError(members, at) {
  return isSaid(members.error) || at !== void 0 && isSaid(valueAt(members, at));
}
function hasErrorList(members) {
  return ["/errors/0", "/response/errors/0"].some((pointer) => isSaid(valueAt(members, pointer)));
}
function isSaid(value) {
  return value !== void 0 && value !== null && value !== "" && value !== 0 && value !== "0" && value !== false;
}

// src/runtime/authorization-server/token-response.ts
function readTokenResponse(raw, details, secrets, { nowMs, rule }) {
  const known = { ...details, status: raw.status };
  if (raw.status >= 300 && raw.status < 400) throw redirectError(raw, known, secrets);
  const members = decodeMembers(raw, rule);
  const token = members && rule?.token?.kind !== "header" ? void 0 : tokenOutside(raw, rule);
  const success = raw.status >= 200 && raw.status < 300;
  if (success && !members && token === void 0) throw notUnderstood(raw, known, secrets);
  const reason = success ? failureIn(members ?? {}, rule) : "";
  if (reason !== void 0)
    throw refused(raw, known, { ...errorTexts(members ?? {}, secrets, rule?.error), reason }, nowMs);
  const serverTimeMs = Date.parse(raw.date ?? "");
  return {
    status: raw.status,
    members: members ?? {},
    secrets,
    ...token !== void 0 && { token },
    ...Number.isFinite(serverTimeMs) && { serverTimeMs },
    ...details.endpoint !== void 0 && { endpoint: details.endpoint }
  };
}
function failureIn(members, rule) {
  if (rule?.success && !equalsAt(members, rule.success)) return `${rule.success.at} is not ${rule.success.equals}`;
  if (hasError(members, rule?.success ? void 0 : rule?.error)) return "";
  const found = tokenPointers(rule).some((pointer) => typeof valueAt(members, pointer) === "string");
  return hasErrorList(members) && !found ? "" : void 0;
}
function tokenPointers(rule) {
  return rule?.token?.kind === "members" ? rule.token.pointers : ["/access_token", "/id_token"];
}
function decodeMembers(raw, rule) {
  const text = bodyText(raw);
  if (text.startsWith("{")) return parseObject2(text);
  if (!/^(?:$|text\/|application\/x-www-form-urlencoded)/i.test(raw.contentType.trim()) || text.includes("<"))
    return void 0;
  const form = Object.fromEntries(new URLSearchParams(text));
  const names = ["/error", ...tokenPointers(rule)];
  return names.some((pointer) => Boolean(valueAt(form, pointer))) ? form : void 0;
}
function bodyText(raw) {
  return raw.text.replace(/^\ufeff/, "").trim();
}
function tokenOutside(raw, rule) {
  if (rule?.token?.kind === "header") return raw.header?.(rule.token.name) || void 0;
  const text = bodyText(raw);
  if (rule?.token?.kind !== "text" || text === "" || text.startsWith("<")) return void 0;
  return /^"[^"\\]*"$/.test(text) ? text.slice(1, -1) : text;
}
function parseObject2(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}
function redirectError(raw, details, secrets) {
  const target = raw.location && URL.canParse(raw.location, `https://${details.endpoint}`) ? new URL(raw.location, `https://${details.endpoint}`).host : "an unknown place";
  const message = `account \`${details.account}\`: ${details.endpoint} answers ${raw.status} and redirects to ${cleanForeignText(target, secrets)}; token requests follow no redirect: set accessTokenUri to the final address`;
  return new AppError("token_redirect", message, details);
}
function notUnderstood(raw, details, secrets) {
  const kind = cleanForeignText(raw.contentType.split(";")[0] || "no content type", secrets, 60);
  const what = raw.text.trim() === "" ? "an empty answer" : `${raw.text.length} characters of ${kind}`;
  const message = `account \`${details.account}\`: ${details.endpoint} answered ${raw.status} with ${what} instead of a token response; check accessTokenUri`;
  return new AppError("token_invalid_response", message, { ...details, transient: true });
}
var TRANSIENT_STATUS = /* @__PURE__ */ new Set([408, 425, 429, 502, 503, 504]);
function refused(raw, details, texts, nowMs) {
  const retryAtMs = parseRetryAfter(raw.retryAfter, nowMs) ?? quotaEnd(raw, nowMs);
  const reason = [texts.reason, texts.error, texts.description].filter(Boolean).join(": ");
  const message = `account \`${details.account}\`: ${details.endpoint} answered ${raw.status}${reason ? ` ${reason}` : ""}${advice(texts.error)}`;
  return new AppError("token_refused", message, {
    ...details,
    ...texts.error && { oauthError: texts.error },
    ...texts.description && { description: texts.description },
    ...retryAtMs !== void 0 && { retryAtMs },
    transient: TRANSIENT_STATUS.has(raw.status)
  });
}
var ADVICE = {
  invalid_client: "check clientId, clientAuthMethod, and the secret, the key or the certificate of the client",
  invalid_grant: "check username and password, or the assertion or token that is sent",
  invalid_scope: "check scope",
  unauthorized_client: "this client may not use this grant",
  unsupported_grant_type: "this server does not offer this grant"
};
function advice(error) {
  const text = error && ADVICE[error];
  return text ? ` (${text})` : "";
}
function quotaEnd({ status, header }, nowMs) {
  const quotas = status === 429 ? (header?.("auth0-client-quota-limit") ?? "").split(",") : [];
  const ends = quotas.filter((quota) => /;r=0\b/.test(quota)).map((quota) => Number(/;t=(\d+)/.exec(quota)?.[1] ?? 0));
  return parseRetryAfter(String(Math.max(0, ...ends)), nowMs);
}
var MAX_RETRY_AFTER_MS = 36e5;
function parseRetryAfter(text, nowMs) {
  if (!text) return void 0;
  const atMs = /^\d+$/.test(text.trim()) ? nowMs + Number(text) * 1e3 : Date.parse(text);
  if (!Number.isFinite(atMs) || atMs <= nowMs) return void 0;
  return Math.min(atMs, nowMs + MAX_RETRY_AFTER_MS);
}

// src/runtime/authorization-server/token-endpoint.ts
var MAX_BYTES = 1024 * 1024;
var USER_AGENT = `bearerd/${VERSION}`;
var tokenEndpoint = {
  async send(account, request, { timeoutMs, nowMs, rule }) {
    const details = { account, endpoint: endpointOf2(request) };
    const raw = await exchange(request, details, timeoutMs);
    const about = { ...details, ...aboutAnswer(raw) };
    const response = readTokenResponse(raw, about, request.secrets, { nowMs: nowMs(), ...rule && { rule } });
    return about.dpopNonce === void 0 ? response : { ...response, dpopNonce: about.dpopNonce };
  },
  post(account, request, timeoutMs) {
    const endpoint = `${request.url.host}${request.url.pathname}`;
    return exchange(request, { account, endpoint }, timeoutMs);
  },
  read(account, { url, connection }, timeoutMs) {
    const request = {
      url,
      method: "GET",
      headers: [["Accept", "application/json"]],
      ...connection && { connection }
    };
    return exchange(request, { account, endpoint: `${url.host}${url.pathname}` }, timeoutMs);
  }
};
function aboutAnswer({ contentType, date, header }) {
  const dpopNonce = header?.("dpop-nonce");
  const dateMs = Date.parse(date ?? "");
  return {
    contentType: cleanForeignText(contentType, [], 60),
    ...Number.isFinite(dateMs) && { dateMs },
    ...dpopNonce && { dpopNonce }
  };
}
async function exchange(request, details, timeoutMs) {
  const limit = startLimit(timeoutMs);
  try {
    const response = await Promise.race([open(request, limit.signal), limit.reached]).catch((error) => {
      throw translate(error, details, timeoutMs, request.connection);
    });
    const text = await readLimited(response, limit.signal).catch((error) => {
      throw translate(error, { ...details, status: response.status }, timeoutMs);
    });
    return rawResponse(response, text);
  } finally {
    limit.clear();
  }
}
function startLimit(timeoutMs) {
  const controller = new AbortController();
  const { promise: reached, reject } = Promise.withResolvers();
  reached.catch(() => {
  });
  const timer = setTimeout(() => {
    const error = new DOMException("the time limit is reached", "TimeoutError");
    controller.abort(error);
    reject(error);
  }, Math.ceil(timeoutMs));
  return { signal: controller.signal, reached, clear: () => clearTimeout(timer) };
}
var connections = createConnections({ agent: { keepAliveTimeout: 5e3 } });
function open(request, signal) {
  const { connection, body } = request;
  const through = connection && ((input) => fetchThrough(connections.dispatcher(connection, request.url.origin), input, { ...body && { body } }));
  return ky(request.url, {
    ...through && { fetch: through },
    method: request.method,
    headers: headersOf(request),
    // An empty text would be given a content type; without a body its length is said all the same.
    ...body && { body },
    redirect: "manual",
    retry: 0,
    throwHttpErrors: false,
    timeout: false,
    signal
  });
}
function endpointOf2({ url, secrets }) {
  return `${url.host}${cleanForeignText(url.pathname, secrets)}`;
}
function headersOf({ headers }) {
  const sent = new Headers([["User-Agent", USER_AGENT]]);
  for (const [name, value] of headers) sent.set(name, value);
  return sent;
}
function rawResponse(response, text) {
  return {
    status: response.status,
    contentType: response.headers.get("content-type") ?? "",
    retryAfter: response.headers.get("retry-after"),
    location: response.headers.get("location"),
    date: response.headers.get("date"),
    header: (name) => response.headers.get(name),
    text
  };
}
var TooLarge = class extends Error {
};
async function readLimited(response, signal) {
  const chunks = [];
  let size = 0;
  const reader = response.body?.getReader();
  const stop = () => void reader?.cancel().catch(() => {
  });
  signal.addEventListener("abort", stop);
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > MAX_BYTES) {
      stop();
      throw new TooLarge();
    }
    chunks.push(part.value);
  }
  signal.throwIfAborted();
  return Buffer.concat(chunks).toString("utf8");
}
function translate(error, details, timeoutMs, { proxy } = {}) {
  const who = `account \`${details.account}\`: ${details.endpoint}`;
  if (error instanceof TooLarge)
    return new AppError("token_invalid_response", `${who} answers more than 1 MiB; check accessTokenUri`, details);
  if (isTimeoutError(error) || error.name === "TimeoutError" || error.name === "AbortError") {
    return new AppError(
      "token_timeout",
      `${who} did not answer within ${Math.ceil(timeoutMs)} ms; is it reachable from here?`,
      {
        ...details,
        transient: true
      }
    );
  }
  const own = appErrorIn(error);
  if (own) return new AppError(own.code, `${who}: ${own.message}`, details);
  const code = systemErrorCode(error);
  const reason = (code && REASONS[code]) ?? code ?? "the connection failed";
  const by = proxy ? " (by the configured proxy)" : "";
  return new AppError("token_unreachable", `${who} cannot be reached${by}: ${reason}`, { ...details, transient: true });
}
var REASONS = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the name cannot be resolved now",
  UND_ERR_SOCKET: "the connection was closed",
  UND_ERR_CONNECT_TIMEOUT: "connecting took too long",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  UND_ERR_ABORTED: "the proxy refused the connection; check its user name and password",
  CERT_HAS_EXPIRED: "its certificate has expired",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is of an authority that is not trusted; give it as tls.caFile",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is of an authority that is not trusted; give it as tls.caFile",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is of an authority that is not trusted; give it as tls.caFile",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host"
};

// src/runtime/client.ts
import ky2 from "ky";

// src/runtime/repeats.ts
var REAL_EFFECTS = { clock: systemClock, random: Math.random };
function repeatsOf({ retry, timeoutMs }, method, replayable, effects) {
  return retry && replayable && isIdempotent(method) ? new Repeats(retry, timeoutMs, effects) : void 0;
}
var Repeats = class {
  #rule;
  #effects;
  #endsAtMs;
  /** Requests sent so far; those with a new token, or for a nonce, do not count. */
  attempts = 1;
  constructor(rule, timeoutMs, effects) {
    this.#rule = rule;
    this.#effects = effects;
    this.#endsAtMs = effects.clock.monotonicMs() + timeoutMs;
  }
  /** Milliseconds for what is still to come; not below 0. */
  leftMs() {
    return Math.max(this.#endsAtMs - this.#effects.clock.monotonicMs(), 0);
  }
  /** Counts the next attempt and says how long to wait for it; undefined when what came is the end. */
  next(cause, retryAfter = "") {
    const { connection, statuses } = this.#rule;
    if (!(cause === "connection" ? connection : statuses.includes(cause))) return void 0;
    const { clock, random } = this.#effects;
    const nowMs = clock.nowMs();
    const retryAfterMs = (parseRetryAfter(retryAfter, nowMs) ?? nowMs) - nowMs;
    const delayMs = retryDelay(this.#rule, this.attempts, retryAfterMs, random());
    if (delayMs === void 0 || delayMs >= this.leftMs()) return void 0;
    this.attempts++;
    return delayMs;
  }
  /** For a connection that the service had closed while it was idle: counts an attempt without a pause, where one is left. */
  nextAtOnce() {
    if (this.attempts >= this.#rule.attempts) return false;
    this.attempts++;
    return true;
  }
};
var CONNECTION_CODES = /* @__PURE__ */ new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"],
  ...["ENOTFOUND", "EAI_AGAIN", "UND_ERR_SOCKET", "UND_ERR_CONNECT_TIMEOUT"]
]);
function isConnectionFailure(code) {
  return code !== void 0 && CONNECTION_CODES.has(code);
}

// src/runtime/replayable-body.ts
var MAX_REPLAYABLE_BYTES = 64 * 1024;
async function readReplayable(body, maxBytes = MAX_REPLAYABLE_BYTES) {
  if (!body) return { kind: "none" };
  const reader = body.getReader();
  const chunks = [];
  let size = 0;
  while (size <= maxBytes) {
    const { done, value } = await reader.read();
    if (done) return { kind: "bytes", bytes: new Uint8Array(Buffer.concat(chunks)) };
    chunks.push(value);
    size += value.byteLength;
  }
  return { kind: "stream", stream: continued(chunks, reader) };
}
function continued(chunks, reader) {
  return new ReadableStream({
    async pull(controller) {
      const chunk = chunks.shift();
      if (chunk) return controller.enqueue(chunk);
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason)
  });
}

// src/runtime/client.ts
function createClient(service, effects) {
  return ky2.create({
    prefix: RELATIVE,
    retry: 0,
    timeout: false,
    // A Request made of another one hears of an abort only as long as that one is kept.
    fetch: (input, init) => fetchAuthorized(service(), input instanceof Request ? input : new Request(input, init), effects)
  });
}
var RELATIVE = "http://server-url.invalid/";
async function fetchAuthorized(service, request, effects) {
  const body = await readReplayable(request.body);
  let authorized = service.current() ?? await service.authorize();
  const repeats = repeatsOf(service.plan, request.method, body.kind !== "stream", effects);
  const outgoing = { request, body, repeats, renewed: false };
  for (; ; ) {
    const outcome = await sendRenewed(service, outgoing, authorized).catch((error) => error);
    const delayMs = repeats && delayAfter(repeats, outcome);
    if (delayMs === void 0 && outcome instanceof Error) throw outcome;
    if (delayMs === void 0) return outcome;
    if (outcome instanceof Response) await outcome.body?.cancel();
    await effects.clock.sleep(delayMs, request.signal);
    authorized = await service.authorize();
  }
}
function delayAfter(repeats, outcome) {
  if (outcome instanceof Response) return repeats.next(outcome.status, outcome.headers.get("retry-after") ?? "");
  const failed = outcome instanceof AppError && outcome.code === "upstream_unreachable" && outcome.details.transient;
  return failed ? repeats.next("connection") : void 0;
}
async function sendRenewed(service, outgoing, authorized) {
  const response = await sendProven(service, outgoing, authorized);
  const rejected = await isRejected(service, authorized, response);
  if (!rejected || outgoing.renewed || outgoing.body.kind === "stream") return response;
  outgoing.renewed = true;
  await response.body?.cancel();
  return sendRenewed(service, outgoing, await service.authorize());
}
async function isRejected(service, authorized, response) {
  let verdict = service.judge(authorized, response.status);
  if (verdict === "read") verdict = service.judge(authorized, response.status, await judgedBody(response));
  if (verdict === "rejected") service.reject(authorized);
  if (verdict === "accepted") service.accept(authorized);
  return verdict === "rejected";
}
async function judgedBody(response) {
  const header = (name) => response.headers.get(name) ?? "";
  if (!response.body || !isJudged(header("content-type"), header("content-length"))) return "";
  const body = await readReplayable(response.clone().body, MAX_JUDGED_BYTES);
  if (body.kind === "stream") body.stream.cancel().catch(() => void 0);
  return body.kind === "bytes" ? Buffer.from(body.bytes).toString() : "";
}
async function sendProven(service, outgoing, authorized) {
  const response = await send(service, outgoing, authorized);
  const { prover } = authorized.credential;
  const learned = prover?.learn(authorized.serverUrl, response.headers.get("dpop-nonce"));
  if (!learned || outgoing.body.kind === "stream") return response;
  if (!wantsNonce(response.status, response.headers.get("www-authenticate"))) return response;
  await response.body?.cancel();
  const again = await send(service, outgoing, authorized);
  prover?.learn(authorized.serverUrl, again.headers.get("dpop-nonce"));
  return again;
}
async function send(service, outgoing, authorized) {
  const { plan } = service;
  const target = authorize(outgoing, authorized, service);
  for (const [name, value] of await proofHeaders(authorized, target.method, new URL(target.url)))
    target.headers.set(name, value);
  const patience = patienceFor(outgoing.request, plan.timeoutMs, () => timeoutError(service));
  const init = { signal: patience.signal, ...knownBytes(outgoing.body) };
  try {
    const response = await patience.wait(sendThrough(target, authorized, init), outgoing.repeats?.leftMs());
    return answer(response, withoutQuery(target.url, plan.removes.query), patience);
  } catch (error) {
    if (patience.signal.aborted) throw patience.signal.reason;
    const own = appErrorIn(error);
    if (own) throw own;
    const message = `service \`${plan.name}\` cannot be reached`;
    const transient = isConnectionFailure(systemErrorCode(error));
    throw new AppError("upstream_unreachable", message, { service: plan.name, transient });
  }
}
var connections2 = createConnections({ agent: { keepAliveTimeout: 5e3 } });
function sendThrough(target, { connection }, init) {
  if (!connection) return fetch(target, { signal: init.signal, redirect: "manual" });
  return fetchThrough(connections2.dispatcher(connection, new URL(target.url).origin), target, init);
}
function knownBytes(body) {
  return body.kind === "bytes" ? { body: body.bytes } : {};
}
function timeoutError({ plan }) {
  const message = plan.timeoutMessage ?? `service \`${plan.name}\` did not answer in time`;
  return new AppError("upstream_timeout", message, { service: plan.name });
}
function patienceFor(request, limitMs, reason) {
  const controller = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers();
  ended.catch(() => {
  });
  const end = (why) => {
    controller.abort(why);
    reject(why);
  };
  const leave = () => end(request.signal.reason);
  request.signal.addEventListener("abort", leave, { once: true });
  return {
    signal: controller.signal,
    async wait(work, ms = limitMs) {
      if (request.signal.aborted) leave();
      const timer = setTimeout(() => end(reason()), ms);
      timer.unref();
      try {
        return await Promise.race([work, ended]);
      } finally {
        clearTimeout(timer);
      }
    }
  };
}
function answer(response, url, patience) {
  const body = response.body && patientBody(response.body, patience);
  const { status, statusText, headers } = response;
  return Object.defineProperty(new Response(body, { status, statusText, headers }), "url", { value: url });
}
function patientBody(body, patience) {
  const reader = body.getReader();
  const cancel = (reason) => reader.cancel(reason).catch(() => void 0);
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await patience.wait(reader.read());
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          void cancel();
          throw patience.signal.aborted ? patience.signal.reason : error;
        }
      },
      cancel
    },
    { highWaterMark: 0 }
  );
}
function withoutQuery(href, names) {
  const url = new URL(href);
  for (const name of names) url.searchParams.delete(name);
  return url.href;
}
function authorize({ request, body }, { injection, serverUrl }, { plan }) {
  const url = request.url.startsWith(RELATIVE) ? below(serverUrl, request.url) : new URL(request.url);
  if (url.origin !== serverUrl.origin) {
    throw new AppError("invalid_path", `the client of service \`${plan.name}\` sends only to ${serverUrl.origin}`, {
      service: plan.name
    });
  }
  checkAllowed(request.method, url, serverUrl, plan);
  for (const name of plan.removes.query) url.searchParams.delete(name);
  for (const [name, value] of injection.query) url.searchParams.set(name, value);
  const target = new Request(url, { method: request.method, headers: request.headers, ...bodyInit(body) });
  if (!target.headers.has("user-agent")) target.headers.set("user-agent", `bearerd/${VERSION}`);
  for (const name of plan.removes.headers) target.headers.delete(name);
  for (const [name, value] of injection.headers) target.headers.set(name, value);
  return target;
}
function checkAllowed(method, url, serverUrl, { allow, name }) {
  const path = pathBelow(serverUrl, url);
  if (!allow || path !== void 0 && allow(method, path)) return;
  throw notAllowed(name);
}
function bodyInit(body) {
  if (body.kind === "bytes") return { body: body.bytes };
  return body.kind === "stream" ? { body: body.stream, duplex: "half" } : {};
}
function below(serverUrl, href) {
  const rest = href.slice(RELATIVE.length);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(rest)) return new URL(rest);
  const url = new URL(serverUrl);
  const { pathname, search } = new URL(href);
  url.pathname = `${serverUrl.pathname.replace(/\/$/, "")}${pathname}`;
  url.search = search;
  return url;
}

// src/runtime/connections/check-connections.ts
var FILES_AT_ONCE = 16;
function hasConnection(plan) {
  return "connect" in plan && plan.connect !== void 0;
}
var accountsWithConnection = selecting(hasConnection);
var servicesWithConnection = selecting(hasConnection);
async function checkConnections(plan, effects) {
  await mapLimited(accountsWithConnection(plan.accounts), FILES_AT_ONCE, (account) => checkAccount(account, effects));
  await mapLimited(
    servicesWithConnection(plan.services),
    FILES_AT_ONCE,
    (service) => checkService(service, plan, effects)
  );
}
async function checkAccount(plan, effects) {
  if (plan.kind !== "oauth2" || !plan.connect || plan.needsValues) return;
  await check({ account: plan.name }, plan, effects);
}
async function checkService(plan, { accounts }, effects) {
  const account = accounts.get(plan.account);
  if (!plan.connect || plan.parameters || !account) return;
  const references = [...plan.references, ...account.references];
  await check({ service: plan.name }, { references, connect: plan.connect }, effects);
}
async function check(owner, { references, connect }, { secrets, clock, log }) {
  const files = references.filter(({ kind }) => kind === "file");
  try {
    connect?.(await readValues(files, secrets, clock));
  } catch (error) {
    if (error instanceof AppError) log.error({ ...owner, code: error.code }, error.message);
  }
}

// src/runtime/generation/live-action.ts
function createLiveAction(plan, effects) {
  const own = plan.references.length > 0 ? createSecretSource(plan.references, effects) : void 0;
  return {
    plan,
    values: async () => own ? (await own.source.get()).values : valuesWithout(effects.clock),
    async checkSecrets() {
      await own?.checkSecrets();
    },
    onRenewed: (listener) => onAnyRenewed(own?.sources() ?? [], listener),
    stop() {
      own?.source.stop();
    }
  };
}

// src/runtime/generation/live-callers.ts
import { createHash, timingSafeEqual, X509Certificate } from "node:crypto";

// src/compile/caller-rights.ts
function compileRights({ name, services, actions, parameters }) {
  const values = new Map(parameters.map((parameter) => [parameter.name, compileValues(parameter.allowed)]));
  return {
    name,
    service: namesOf(services),
    action: namesOf(actions),
    actions,
    parameter: (parameter, value) => values.get(parameter)?.(value) ?? true
  };
}
function namesOf(listed) {
  const names = new Set(listed);
  return (name) => names.has(name) || names.has("*");
}
function compileValues(allowed) {
  if ("values" in allowed) {
    const values = new Set(allowed.values);
    return (value) => values.has(value);
  }
  const compiled = compilePattern(allowed.pattern);
  if ("fault" in compiled) throw new Error("compiling a pattern that the rules refused");
  return (value) => compiled.pattern.matches(value);
}

// src/runtime/generation/live-callers.ts
function createLiveCallers(callers, effects) {
  const proofs = callers.flatMap(proofsOf);
  const references = callers.flatMap(callerSecrets).flatMap(referenceOf);
  const sources = new Map(references.map((one) => [referenceKey(one), createSecretSource([one], effects)]));
  const digests = /* @__PURE__ */ new WeakMap();
  const unreadable = /* @__PURE__ */ new Set();
  const read = async ({ rights, kind }, reference) => {
    const { source } = sources.get(referenceKey(reference));
    const key = `${rights.name} ${kind}`;
    try {
      const credential = source.current() ?? await source.get();
      if (!digests.has(credential)) {
        digests.set(credential, DIGESTS[kind](credential.values.secret(reference).reveal()));
        unreadable.delete(key);
      }
      return digests.get(credential);
    } catch (error) {
      const message = `the ${kind} of this caller cannot be read: ${error.message}`;
      if (!unreadable.has(key)) effects.log.warn({ caller: rights.name }, message);
      unreadable.add(key);
      return void 0;
    }
  };
  const expectedOf = async (proof) => Buffer.isBuffer(proof.expected) ? proof.expected : read(proof, proof.expected);
  const find = async (kind, presented) => {
    let found;
    for (const proof of proofs) {
      const expected = proof.kind === kind ? await expectedOf(proof) : void 0;
      for (const digest2 of presented) if (expected && timingSafeEqual(digest2, expected)) found ??= proof.rights;
    }
    return found;
  };
  return {
    sources,
    byToken: (token) => find("token", [digestOf(token) ?? []].flat()),
    byCertificate: (shown) => find("certificate", digestsOf(shown)),
    async preload() {
      await Promise.all(proofs.map(expectedOf));
    },
    async checkSecrets() {
      await Promise.all([...sources.values()].map((source) => source.checkSecrets()));
    },
    adopt(previous) {
      for (const key of sources.keys()) {
        const earlier = previous.sources.get(key);
        if (earlier) sources.set(key, earlier);
      }
    }
  };
}
function proofsOf(caller) {
  const rights = compileRights(caller);
  const { token, tokenSha256, certificate } = caller;
  const known = (kind, expected) => ({ rights, kind, expected });
  return [
    ...token ? referenceOf(token).map((reference) => known("token", reference)) : [],
    ...tokenSha256 === void 0 ? [] : [known("token", Buffer.from(tokenSha256, "hex"))],
    ...certificate ? certificateProof(certificate).map((expected) => known("certificate", expected)) : []
  ];
}
function certificateProof(certificate) {
  if ("file" in certificate) return referenceOf(certificate.file);
  if ("sha256" in certificate) return [Buffer.from(certificate.sha256, "hex")];
  return [nameDigest("san" in certificate ? certificate.san : `subject:${subjectText(certificate.subject)}`)];
}
function digestsOf({ sha256, subject, alternativeNames }) {
  const names = [...subject === void 0 ? [] : [`subject:${subject}`], ...alternativeNames];
  return [Buffer.from(sha256, "hex"), ...names.map(nameDigest)];
}
function nameDigest(name) {
  return createHash("sha256").update(name).digest();
}
function referenceOf(value) {
  return value.kind === "secret" ? [value.reference] : [];
}
var DIGESTS = { token: digestOf, certificate: fingerprintOf };
function digestOf(token) {
  return token === "" ? void 0 : createHash("sha256").update(token).digest();
}
function fingerprintOf(pem) {
  return Buffer.from(new X509Certificate(pem).fingerprint256.replaceAll(":", ""), "hex");
}

// src/runtime/generation/live-service.ts
function createLiveService(plan, account, effects) {
  const own = plan.references.length > 0 ? createSecretSource(plan.references, effects) : void 0;
  const nothing2 = { bearer: void 0, values: valuesWithout(effects.clock), expiresAtMs: null };
  let memo;
  const combine = (credential, ownValues) => {
    if (memo && memo.credential === credential && memo.own === ownValues) return memo.authorized;
    const values = { ...mergedValues(credential.values, ownValues.values, plan.references), ...tokenValues(credential) };
    const injection = plan.inject(values);
    const serverUrl = plan.serverUrl.expand(values);
    const { origin, pathname } = serverUrl;
    const authorized = {
      injection,
      serverUrl,
      origin,
      pathname,
      connection: plan.connect?.(values),
      expiresAtMs: credential.expiresAtMs,
      credential,
      tokens: tokensOf(account, credential, ownValues)
    };
    if (plan.cacheable) memo = { credential, own: ownValues, authorized };
    return authorized;
  };
  return {
    plan,
    account,
    own: own?.source,
    current(minTtlMs) {
      const credential = account.source.current(minTtlMs);
      const ownValues = own ? own.source.current() : nothing2;
      return credential && ownValues && combine(credential, ownValues);
    },
    async authorize(minTtlMs) {
      const [credential, ownValues] = await Promise.all([
        account.source.get(minTtlMs),
        own ? own.source.get() : nothing2
      ]);
      return combine(credential, ownValues);
    },
    ...tokenWords(plan),
    async checkSecrets() {
      await own?.checkSecrets();
    },
    keepWarm(onRenewed) {
      const sources = /* @__PURE__ */ new Set([account.source, ...account.feeders().map(({ source }) => source)]);
      const stops = [...sources].flatMap((source) => [source.onRenewed(onRenewed), source.keepWarm()]);
      return () => {
        for (const stop of stops) stop();
      };
    },
    onRenewed: (listener) => onAnyRenewed([...account.sources(), ...own?.sources() ?? []], listener),
    stop() {
      own?.source.stop();
    }
  };
}
function tokenWords(plan) {
  return {
    judge({ tokens }, status, body) {
      const ageMs = () => Math.min(...tokens.map(({ source, credential }) => source.ageOf(credential)));
      return tokens.length === 0 ? "accepted" : plan.judge(status, ageMs, body);
    },
    reject({ tokens }) {
      for (const { source, credential } of tokens) source.reject(credential);
    },
    accept({ tokens }) {
      for (const { source, credential } of tokens) source.accept(credential);
    }
  };
}
function tokensOf({ plan, source }, credential, own) {
  if (plan.kind === "oauth2") return [{ source, credential }];
  const fed = new Map([...credential.fed ?? [], ...own.fed ?? []]);
  return [...fed].map(([feeder, given]) => ({ source: feeder.source, credential: given }));
}
function tokenValues({ bearer, foreignType, published }) {
  return bearer ? { token: { bearer, ...published && { published }, ...foreignType !== void 0 && { foreignType } } } : {};
}
function mergedValues(account, own, ownReferences) {
  if (ownReferences.length === 0) return account;
  const keys = new Set(ownReferences.map(referenceKey));
  return { ...account, secret: (reference) => (keys.has(referenceKey(reference)) ? own : account).secret(reference) };
}

// src/runtime/generation/variants.ts
var MANY = 1e3;
var variedServices = selecting(({ parameters }) => parameters !== void 0);
var Variants = class {
  #effects;
  /** Those without values; they outlive every variant. */
  #accounts;
  #general;
  #previous;
  #specialize;
  /** By service, then by values, the least recently used first. */
  #services = /* @__PURE__ */ new Map();
  #own = /* @__PURE__ */ new Map();
  #owners = /* @__PURE__ */ new Map();
  /** Who still waits for a token of values that left, by its identity, or for their service's own secrets. */
  #waiting = /* @__PURE__ */ new Map();
  /** Takes over what is live in `previous` and still fits, with its tokens. */
  constructor(effects, accounts, plan, previous) {
    this.#effects = effects;
    this.#accounts = accounts;
    this.#specialize = plan.specialize;
    this.#previous = previous;
    this.#general = (identity) => accounts.get(plan.owners.byIdentity.get(identity) ?? "");
    for (const service of variedServices(plan.services)) this.#carry(service);
    this.#previous = void 0;
  }
  /** What a service with another fingerprint must be compiled for anew. */
  *outdated({ name, fingerprint, parameters }) {
    const before = [...this.#services.get(name)?.values() ?? []].slice(-parameters.limit);
    for (const { values, general } of before) if (general !== fingerprint) yield values;
  }
  /** Throws AppError `invalid_parameter`; nothing is kept then. */
  service(plan, given) {
    const values = plan.parameters.fill(given);
    const id = JSON.stringify(Object.values(values));
    const variants = this.#variantsOf(plan);
    const variant = variants.get(id) ?? this.#create(plan, values);
    variants.delete(id);
    variants.set(id, variant);
    if (variants.size > plan.parameters.limit) this.#remove(variants, variants.keys().next().value);
    return variant.service;
  }
  /** What is live of a service. */
  live(service) {
    return [...this.#services.get(service)?.values() ?? []].map((variant) => variant.service);
  }
  account(key) {
    return this.#own.get(key)?.value;
  }
  /** Those for values. */
  accounts() {
    return [...this.#own.values()].map(({ value }) => value);
  }
  owner(tokenIdentity) {
    return this.#general(tokenIdentity) ?? this.#owners.get(tokenIdentity)?.value;
  }
  /** Those that no account without values owns. */
  owners() {
    return [...this.#owners.values()].map(({ value }) => value);
  }
  services() {
    return [...this.#services.keys()].flatMap((name) => this.live(name));
  }
  #variantsOf({ name }) {
    const variants = this.#services.get(name) ?? /* @__PURE__ */ new Map();
    this.#services.set(name, variants);
    return variants;
  }
  #create(plan, values, before) {
    const plans = before?.plans ?? this.#specialize(plan.name, values);
    const accounts = new Map(plans.accounts.map((account2) => [account2.key, account2]));
    const live = /* @__PURE__ */ new Map();
    const effects = withFeeders(this.#effects, live);
    for (const [key, account2] of accounts) live.set(key, this.#acquire(account2, effects));
    const account = live.get(plans.service.account) ?? this.#accounts.get(plans.service.account);
    const kept = before?.service.account === account ? before.service : void 0;
    const service = kept ?? createLiveService(plans.service, account, effects);
    if (!kept && service.own) this.#inherit(ownOf(plan.name, values), service.own);
    return { values, general: plan.fingerprint, plans, service };
  }
  #acquire(plan, effects) {
    const known = this.#own.get(plan.key);
    if (known) {
      known.users++;
      return known.value;
    }
    const before = this.#previous?.account(plan.key);
    const general = this.#general(plan.tokenIdentity);
    const shared = this.#owners.get(plan.tokenIdentity);
    const owner = general ?? shared?.value ?? before?.owner ?? this.#start(plan, effects);
    const live = before?.owner === owner ? before : owner.plan === plan ? owner : shareLiveAccount(plan, owner);
    if (shared) shared.users++;
    else if (!general) this.#owners.set(plan.tokenIdentity, { value: owner, users: 1 });
    this.#own.set(plan.key, { value: live, users: 1 });
    return live;
  }
  #start(plan, effects) {
    const live = createLiveAccount(plan, effects);
    const earlier = this.#previous?.owner(plan.tokenIdentity);
    if (earlier) adoptToken(live, earlier);
    this.#inherit(plan.tokenIdentity, live.source);
    if (plan.kind === "oauth2" && plan.keepWarm) live.source.keepWarm();
    return live;
  }
  #inherit(identity, source) {
    const waiting = this.#waiting.get(identity);
    if (waiting) source.inherit(waiting);
    this.#waiting.delete(identity);
  }
  #remove(variants, id) {
    const { values, plans, service } = variants.get(id);
    variants.delete(id);
    service.stop();
    if (service.own) this.#keepWaiting(ownOf(service.plan.name, values), service.own.listeners);
    for (const plan of plans.accounts) this.#release(plan);
  }
  #release({ key, tokenIdentity }) {
    const account = this.#own.get(key);
    if (--account.users > 0) return;
    this.#own.delete(key);
    const owner = this.#owners.get(tokenIdentity);
    if (!owner || --owner.users > 0) return;
    this.#owners.delete(tokenIdentity);
    this.#keepWaiting(tokenIdentity, owner.value.source.listeners);
    owner.value.source.stop();
    this.#effects.onLeft?.(owner.value);
    owner.value.source.forget();
  }
  #keepWaiting(identity, listeners) {
    if (listeners.size === 0) return;
    if (this.#waiting.size >= MANY) {
      for (const [left, { size }] of this.#waiting) if (size === 0) this.#waiting.delete(left);
    }
    this.#waiting.set(identity, listeners);
  }
  #carry(plan) {
    if (!this.#previous || !plan.parameters) return;
    const before = this.#previous.#services.get(plan.name) ?? /* @__PURE__ */ new Map();
    const variants = this.#variantsOf(plan);
    for (const variant of [...before.values()].slice(-plan.parameters.limit)) {
      const carried = this.#recreate(plan, variant);
      if (carried) variants.set(JSON.stringify(Object.values(carried.values)), carried);
    }
  }
  /** Undefined for values that the new definition does not take. */
  #recreate(plan, before) {
    if (before.general === plan.fingerprint) return this.#create(plan, before.values, before);
    try {
      return this.#create(plan, plan.parameters.fill(before.values));
    } catch (error) {
      if (error instanceof AppError) return void 0;
      throw error;
    }
  }
};
function* specializeAhead(plan, previous) {
  const ahead = /* @__PURE__ */ new Map();
  for (const service of previous ? variedServices(plan.services) : [])
    for (const before of previous.outdated(service)) {
      const values = valuesFor(service, before);
      if (values) ahead.set(ownOf(service.name, values), plan.specialize(service.name, values));
      yield;
    }
  if (ahead.size === 0) return plan;
  const specialize = (name, values) => {
    const id = ownOf(name, values);
    const made = ahead.get(id);
    ahead.delete(id);
    return made ?? plan.specialize(name, values);
  };
  return { ...plan, specialize };
}
function valuesFor({ parameters }, given) {
  try {
    const values = parameters.fill(given);
    parameters.check(values);
    return values;
  } catch (error) {
    if (error instanceof AppError) return void 0;
    throw error;
  }
}
function ownOf(service, values) {
  return JSON.stringify([service, values]);
}
function withFeeders(effects, live) {
  const feeder = (reference) => live.get(reference.key ?? "") ?? effects.feeder(reference);
  const read = async (reference) => reference.kind === "account" ? fedSecret(await feed(feeder(reference)), reference) : effects.secrets.read(reference);
  return { ...effects, feeder, secrets: { read } };
}

// src/runtime/generation/generation.ts
function buildGeneration(plan, effects, previous) {
  const accounts = carryAccounts(plan, effects, previous);
  const services = carryServices(plan, { accounts, effects }, previous);
  const variants = new Variants(effects, accounts, plan, previous?.variants);
  const definition = (name) => services.get(name) ?? unknownService(name, services.keys());
  const actions = carryActions(plan, effects, previous);
  const callers = carryCallers(plan, effects, previous);
  return {
    id: (previous?.id ?? 0) + 1,
    activatedAtMs: effects.clock.nowMs(),
    plan,
    accounts,
    services,
    variants,
    actions,
    callers,
    definition,
    action: (name) => actions.get(name) ?? unknownAction(name, actions.keys()),
    service(name, params = {}) {
      const service = definition(name);
      if (service.plan.parameters) return variants.service(service.plan, params);
      const [unknown] = Object.keys(params);
      if (unknown !== void 0) throw unknownParameter(name, unknown, []);
      return service;
    },
    account(name) {
      const account = accounts.get(name);
      if (!account) throw new AppError("secret_unavailable", `account \`${name}\` is gone`, { account: name });
      return account;
    },
    async checkSecrets() {
      const parts = [...ownersIn(this), ...servicesIn(this), ...actions.values()].filter(hasSecretFiles);
      await mapLimited([...parts, ...callers ? [callers] : []], FILES_AT_ONCE2, (part) => part.checkSecrets());
    }
  };
}
var FILES_AT_ONCE2 = 16;
function hasSecretFiles({ plan }) {
  return plan.references.some(isSecretFile);
}
function isSame(a, b) {
  return a === b || a.fingerprint === b.fingerprint;
}
function carryServices(plan, { accounts, effects }, previous) {
  const make2 = (service) => {
    const account = accounts.get(service.account);
    const old = previous?.services.get(service.name);
    const unchanged = old && isSame(old.plan, service) && old.account === account;
    return unchanged ? old : createLiveService(service, account, effects);
  };
  const moved = new Set(
    sharingGroups(plan, previous).flatMap(
      (number) => [...accounts.groups[number]].flatMap(([key, live]) => previous?.accounts.get(key) === live ? [] : [key])
    )
  );
  const isKept = (live) => moved.size === 0 || ![...live.values()].some((service) => moved.has(service.plan.account));
  return carryGroups(plan.services, previous && { plans: previous.plan.services, live: previous.services }, {
    isKept,
    make: make2
  });
}
function carryActions(plan, effects, previous) {
  const make2 = (action) => {
    const old = previous?.actions.get(action.name);
    return old && isSame(old.plan, action) ? old : createLiveAction(action, effects);
  };
  return carryGroups(plan.actions, previous && { plans: previous.plan.actions, live: previous.actions }, {
    isKept: () => true,
    make: make2
  });
}
function knownGroups(running) {
  return new Map(running?.plans.groups.map((group, index) => [group, running.live.groups[index]]));
}
function carryGroups(plans, before, { isKept, make: make2 }) {
  const known = knownGroups(before);
  const groups = plans.groups.map((group) => {
    const live = known.get(group);
    return live && isKept(live) ? live : mapValues(group, make2);
  });
  return plans.with(groups);
}
function unknownAction(name, known) {
  const nearest = suggest(name, known);
  throw new AppError("unknown_action", `no action \`${name}\`${nearest ? `; did you mean \`${nearest}\`?` : ""}`);
}
function carryCallers(plan, effects, previous) {
  const callers = plan.daemon.callers && createLiveCallers(plan.daemon.callers, effects);
  if (previous?.callers) callers?.adopt(previous.callers);
  return callers;
}
var warmAccounts = selecting(({ plan }) => plan.kind === "oauth2" && plan.keepWarm && !plan.needsValues);
function warmGeneration({ accounts, callers }) {
  void callers?.preload();
  for (const { owner } of warmAccounts(accounts)) owner.source.keepWarm();
}
function unknownService(name, known) {
  const nearest = suggest(name, known);
  throw new AppError("unknown_service", `no service \`${name}\`${nearest ? `; did you mean \`${nearest}\`?` : ""}`, {
    service: name
  });
}
function ownersOf(accounts) {
  return new Set([...accounts.values()].map(({ owner }) => owner));
}
function carryAccounts(plan, effects, previous) {
  const { accounts: plans, owners } = plan;
  const groups = [];
  const ownerOf = ({ key }) => {
    const owner = owners.byAccount.get(key);
    return owner === void 0 ? void 0 : groups[plans.index.get(owner)].get(owner);
  };
  const make2 = (account) => {
    const owner = ownerOf(account);
    const old = previous?.accounts.get(account.key);
    if (old && isSame(old.plan, account) && old.owner === (owner ?? old)) return old;
    return owner ? shareLiveAccount(account, owner) : startAccount(account, effects, previous);
  };
  const sharing = new Set(sharingGroups(plan, previous));
  const known = knownGroups(previous && { plans: previous.plan.accounts, live: previous.accounts });
  for (const [number, group] of plans.groups.entries()) {
    const kept = sharing.has(number) ? void 0 : known.get(group);
    if (kept) groups.push(kept);
    else {
      const live = /* @__PURE__ */ new Map();
      groups.push(live);
      for (const account of group.values()) live.set(account.key, make2(account));
    }
  }
  return plans.with(groups);
}
function sharingGroups({ owners, accounts }, previous) {
  const keys = [...owners.byAccount.keys(), ...previous?.plan.owners.byAccount.keys() ?? []];
  return [...new Set(keys.flatMap((key) => accounts.index.get(key) ?? []))];
}
function startAccount(plan, effects, previous) {
  const live = createLiveAccount(plan, effects);
  const earlier = previous && ownerIn(previous, plan.tokenIdentity);
  if (earlier) adoptToken(live, earlier);
  return live;
}
function ownerIn({ accounts, plan }, tokenIdentity) {
  return accounts.get(plan.owners.byIdentity.get(tokenIdentity) ?? "");
}
function retireGeneration(old, next) {
  for (const owner of leavingOwners(old, next)) {
    owner.source.stop();
    if (!next?.accounts.has(owner.plan.key)) owner.source.forget();
  }
  const variants = new Set(next?.variants.services());
  for (const [name, service] of entriesApart(old.services, next?.services))
    if (next?.services.get(name) !== service) service.stop();
  for (const service of old.variants.services()) if (!variants.has(service)) service.stop();
  for (const [name, action] of entriesApart(old.actions, next?.actions))
    if (next?.actions.get(name) !== action) action.stop();
}
function leavingOwners(old, next) {
  const owners = new Set(old.variants.owners());
  for (const [key, live] of entriesApart(old.accounts, next?.accounts))
    if (next?.accounts.get(key) !== live) owners.add(live.owner);
  const kept = new Set(next?.variants.owners());
  const stays = (owner) => kept.has(owner) || next?.accounts.get(owner.plan.key) === owner;
  return new Set([...owners].filter((owner) => !stays(owner)));
}
function liveAccounts({ accounts, variants }) {
  return [...accounts.values(), ...variants.accounts()];
}
function ownersIn({ accounts, variants }) {
  return /* @__PURE__ */ new Set([...ownersOf(accounts), ...variants.owners()]);
}
function servicesIn({ services, variants }) {
  return [...services.values(), ...variants.services()];
}

// src/runtime/generation/changed-settings.ts
var LIMITS = {
  headersBytes: "headers",
  headersTimeoutMs: "headersTimeout",
  bodyTimeoutMs: "bodyTimeout",
  idleMs: "idle",
  connections: "connections",
  requestBodyBytes: "requestBody",
  maxConcurrent: "maxConcurrent",
  maxQueued: "maxQueued",
  maxDeliveries: "maxDeliveries",
  maxDeliveriesPerAction: "maxDeliveriesPerAction"
};
var SETTINGS = [
  ["daemon.adminListen", ({ adminListen }) => adminListen],
  ["daemon.callers", ({ callers }) => callers],
  ...Object.entries(LIMITS).map(([key, name]) => [
    `daemon.limits.${name}`,
    ({ limits = DEFAULT_LIMITS }) => limits[key]
  ]),
  ["daemon.listen", ({ listen }) => listen],
  ["daemon.log.format", ({ logFormat }) => logFormat],
  ["daemon.log.level", ({ logLevel }) => logLevel],
  ["daemon.socket", ({ socket }) => socket],
  ["daemon.state.dir", ({ stateDir }) => stateDir],
  ["daemon.state.encryptionKey", ({ stateDatabase }) => stateDatabase?.encryptionKeys],
  ["daemon.state.keepDelivered", ({ keepDeliveredMs }) => keepDeliveredMs],
  ["daemon.state.maxSize", ({ maxStateBytes }) => maxStateBytes],
  ["daemon.state.url", ({ stateDatabase }) => stateDatabase?.url],
  ["daemon.tls", ({ tls }) => tls]
];
function changedSettings(before, after) {
  if (before === after) return [];
  return SETTINGS.flatMap(([path, pick]) => textOf(pick(before)) === textOf(pick(after)) ? [] : [path]);
}
function textOf(value) {
  return JSON.stringify(value, function(key, member) {
    const written = this[key];
    if (written instanceof Secret) return digest(written);
    return key === "place" ? void 0 : member;
  });
}

// src/runtime/generation/generation-diff.ts
function diffGenerations(previous, next) {
  const before = previous?.plan;
  const services = diffMaps(before?.services, next.plan.services);
  const accounts = diffMaps(before?.accounts, next.plan.accounts);
  const renewing = accounts.changed.filter(
    ([old, { kind, tokenIdentity }]) => kind === "oauth2" && old.tokenIdentity !== tokenIdentity
  );
  return {
    services: namesIn(services),
    accounts: namesIn(accounts),
    actions: namesIn(diffMaps(before?.actions, next.plan.actions)),
    settings: previous ? changedSettings(previous.plan.daemon, next.plan.daemon) : [],
    renewing: namesOf2(renewing.map(([, one]) => one))
  };
}
function diffMaps(before, after) {
  const added = [];
  const changed = [];
  for (const [key, one] of entriesApart(after, before)) {
    const old = before?.get(key);
    if (!old) added.push(one);
    else if (old.fingerprint !== one.fingerprint) changed.push([old, one]);
  }
  const removed2 = [...entriesApart(before, after)].flatMap(([key, old]) => after.has(key) ? [] : [old]);
  return { added, removed: removed2, changed };
}
function namesIn({ added, removed: removed2, changed }) {
  return { added: namesOf2(added), removed: namesOf2(removed2), changed: namesOf2(changed.map(([, one]) => one)) };
}
function namesOf2(plans) {
  return [...new Set(plans.map(({ name }) => name))].sort();
}
var MAX_NAMES = 20;
function describeDiff({
  services,
  accounts,
  actions,
  settings,
  renewing
}) {
  const lists = {
    servicesAdded: services.added,
    servicesRemoved: services.removed,
    servicesChanged: services.changed,
    accountsAdded: accounts.added,
    accountsRemoved: accounts.removed,
    accountsChanged: accounts.changed,
    accountsRenewing: renewing,
    actionsAdded: actions.added,
    actionsRemoved: actions.removed,
    actionsChanged: actions.changed,
    settingsChanged: settings
  };
  return Object.fromEntries(
    Object.entries(lists).flatMap(([name, list]) => list.length > 0 ? [[name, shorten(list)]] : [])
  );
}
function shorten(names) {
  return names.length <= MAX_NAMES ? names : [...names.slice(0, MAX_NAMES), `and ${names.length - MAX_NAMES} more`];
}

// src/runtime/in-turns.ts
var SLICE_MS = 10;
async function inTurns(steps) {
  let restedAtMs = systemClock.monotonicMs();
  for (; ; ) {
    const { done, value } = steps.next();
    if (done) return value;
    if (systemClock.monotonicMs() - restedAtMs < SLICE_MS) continue;
    await nextTurn();
    restedAtMs = systemClock.monotonicMs();
  }
}

// src/runtime/load-result.ts
var ConfigurationError = class extends Error {
  name = "ConfigurationError";
  diagnostics;
  constructor(diagnostics) {
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
    const [first] = errors;
    const place = first ? `${first.file}:${first.range.start.line}:${first.range.start.column}: ${first.message} [${first.code}]` : "";
    super(errors.length > 1 ? `${place} (and ${errors.length - 1} more)` : place);
    this.diagnostics = diagnostics;
  }
};
var MAX_LINES = 20;
function reportLoad(log, { ok, changes, generation, files, diagnostics }) {
  if (ok) {
    log.info({ generation, files, ...changes && describeDiff(changes) }, "configuration active");
    if (files === 0) log.warn({}, "no file of a configuration was found: nothing is served until there is one");
    return;
  }
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  for (const { code, file, range, message } of errors.slice(0, MAX_LINES)) {
    log.error({ code, file, line: range.start.line, column: range.start.column }, `configuration refused: ${message}`);
  }
  const more = errors.length - MAX_LINES;
  if (more > 0) log.error({ more }, `configuration refused: and ${more} more errors; GET /v1/status has all`);
}

// src/runtime/plan-source.ts
var PlanSource = class {
  #directory;
  #files = createReadCache();
  #written = /* @__PURE__ */ new WeakMap();
  #known = /* @__PURE__ */ new WeakMap();
  #groups = [];
  /** What is remembered of the check outlives a file with errors, after which nothing is compiled. */
  #checked = new Memory();
  #compiled = new Memory();
  #read;
  /** When a plan was read last. */
  #empty = /* @__PURE__ */ new Set();
  constructor(directory) {
    this.#directory = directory;
  }
  /** Where nothing runs yet, folders may be empty. */
  async load(paths, isStart) {
    const read = await this.#readAgain(paths, "all");
    return this.#plan(isStart ? judgeEmptyFolders(read, () => true) : read);
  }
  async reload(paths) {
    return this.#planAgain(await this.#readAgain(paths, "all"));
  }
  /** Undefined when the files say what they said when they were read last, whatever came of that. */
  async readChanged(paths, suspects) {
    const last = this.#read;
    const read = await this.#readAgain(paths, suspects);
    return last && sameSources(last, read) ? void 0 : this.#planAgain(read);
  }
  async #readAgain(paths, suspects) {
    this.#read = await readAgain(paths, this.#directory, { cache: this.#files, suspects });
    return this.#read;
  }
  /** A folder may go on waiting for its first file. One that had files lost them: what runs is not replaced by nothing. */
  #planAgain(read) {
    return this.#plan(judgeEmptyFolders(read, (folder) => this.#empty.has(folder)));
  }
  /** Whether all of these are files of the configuration. */
  knows(paths) {
    return this.#read !== void 0 && this.#read.sources.filter(({ path }) => paths.has(path)).length === paths.size;
  }
  /** Requests go on meanwhile, between one step and the next. */
  async #plan(all) {
    const { sources, diagnostics: unread } = all;
    const groups = await inTurns(this.#checkGroups(sources));
    const checked = await remembering(this.#checked, (remember) => checkFiles(groups, remember, unread));
    const read = { diagnostics: checked.diagnostics, files: sources.length };
    if (!checked.ok) return read;
    this.#empty = emptyFolders(all);
    return { ...read, plan: await remembering(this.#compiled, (remember) => compileInSteps(checked.value, remember)) };
  }
  *#checkGroups(sources) {
    this.#groups = groupSources(sources, this.#groups);
    const checked = [];
    for (const group of this.#groups) checked.push(this.#known.get(group) ?? (yield* this.#checkGroup(group)));
    return checked;
  }
  *#checkGroup(group) {
    const files = [];
    for (const source of group.sources) {
      files.push(this.#checkOne(source));
      yield;
    }
    const checked = { id: group.id, files };
    this.#known.set(group, checked);
    return checked;
  }
  /** One content of one file is one source. */
  #checkOne(source) {
    const known = this.#written.get(source) ?? checkFile(source, () => {
    });
    this.#written.set(source, known);
    return known;
  }
};
async function remembering(memory, steps) {
  const { remember, end } = memory.begin();
  const result = await inTurns(steps(remember));
  end();
  return result;
}

// src/runtime/secrets/secret-store.ts
import { constants, open as open2, realpath } from "node:fs/promises";
import { join, sep } from "node:path";

// src/runtime/secrets/program-output.ts
import { spawn } from "node:child_process";
var ProgramFailure = class extends Error {
};
function programOutput([program, ...args], { directory, timeoutMs, maxBytes }) {
  return new Promise((resolve2, reject) => {
    const child = spawn(program, args, { cwd: directory, stdio: ["ignore", "pipe", "ignore"], detached: true });
    const chunks = [];
    let size = 0;
    const fail = (reason) => {
      clearTimeout(timer);
      endGroup(child);
      reject(new ProgramFailure(reason));
    };
    const timer = setTimeout(() => fail(`the program took longer than ${timeoutMs / 1e3}s`), timeoutMs);
    child.stdout.on("data", (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) fail("the output is larger than 1 MiB");
    });
    child.once(
      "error",
      (error) => fail(systemErrorCode(error) === "ENOENT" ? "no such program" : "the program cannot be started")
    );
    child.once("close", (code) => {
      clearTimeout(timer);
      if (code === 0) resolve2(Buffer.concat(chunks).toString("utf8"));
      else reject(new ProgramFailure(code === null ? "the program failed" : `the program ended with exit code ${code}`));
    });
  });
}
function endGroup(child) {
  child.stdout?.destroy();
  try {
    if (child.pid !== void 0) process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

// src/runtime/secrets/secret-store.ts
var EXEC_TIMEOUT_MS = 1e4;
var MAX_SECRET_BYTES = 1024 * 1024;
function createSecretStore(options) {
  const environment = options.environment ?? process.env;
  const told = /* @__PURE__ */ new Set();
  const onMode = (path, mode) => {
    if ((mode & OTHERS) === 0 || told.has(path)) return;
    told.add(path);
    options.onSharedFile?.(path);
  };
  return {
    async read(reference) {
      switch (reference.kind) {
        case "literal":
          return reference.secret;
        case "account":
          return options.accountBearer(reference);
        case "env":
          return readEnvironment(reference, environment);
        case "file":
          return reference.kept ? readKept(reference, reference.kept) : readSecretFile(reference.path, reference, {
            within: reference.within,
            ...!reference.public && { onMode }
          });
        case "systemd":
          return readCredential(reference, environment);
        case "exec":
          return runProgram(reference);
      }
    }
  };
}
function unavailable(reference, reason) {
  return new AppError("secret_unavailable", `secret from ${describeReference(reference)}: ${reason}`, {
    transient: true
  });
}
function readEnvironment(reference, environment) {
  const text = environment[reference.name];
  if (text === void 0) throw unavailable(reference, "the environment variable is not set");
  return new Secret(text);
}
async function readKept(reference, { at }) {
  const secret = await readSecretFile(reference.path, reference, { within: reference.within });
  const member = at === void 0 ? secret : jsonMember(secret, at);
  if (!member) throw unavailable(reference, `no text at ${at}; is it JSON?`);
  return trimSecret(member);
}
var OTHERS = 36;
async function readWithMode(path) {
  const file = await open2(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const info = await file.stat();
    if (!info.isFile() && !info.isDirectory()) throw new NoRegularFile();
    const chunks = [];
    const content = file.createReadStream({ end: MAX_SECRET_BYTES, autoClose: false });
    for await (const chunk of content) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks), mode: info.mode };
  } finally {
    await file.close();
  }
}
var NoRegularFile = class extends Error {
};
async function readSecretFile(path, reference, options = {}) {
  const { within, onMode } = options;
  try {
    const { bytes, mode } = await readWithMode(within === void 0 ? path : await pathWithin(within, path, reference));
    onMode?.(path, mode);
    if (bytes.length > MAX_SECRET_BYTES) throw unavailable(reference, "larger than 1 MiB");
    return new Secret(bytes.toString("utf8").replace(/\r?\n$/, ""));
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof NoRegularFile) throw unavailable(reference, "this is no regular file");
    const reasons = {
      ENOENT: "no such file",
      EACCES: "permission denied",
      EISDIR: "this is a folder"
    };
    throw unavailable(reference, reasons[systemErrorCode(error) ?? ""] ?? `cannot be read (${systemErrorCode(error)})`);
  }
}
async function pathWithin(within, path, reference) {
  const [folder, real] = await Promise.all([realpath(within), realpath(path)]);
  if (!real.startsWith(`${folder}${sep}`)) throw unavailable(reference, `it leads out of ${within}`);
  return real;
}
function readCredential(reference, environment) {
  const directory = environment.CREDENTIALS_DIRECTORY;
  if (!directory)
    throw unavailable(reference, "$CREDENTIALS_DIRECTORY is not set; is this a systemd service with LoadCredential=?");
  return readSecretFile(join(directory, reference.name), reference);
}
async function runProgram(reference) {
  const limits = { directory: reference.directory, timeoutMs: EXEC_TIMEOUT_MS, maxBytes: MAX_SECRET_BYTES };
  try {
    return new Secret((await programOutput(reference.command, limits)).replace(/\r?\n$/, ""));
  } catch (error) {
    if (error instanceof ProgramFailure) throw unavailable(reference, error.message);
    throw error;
  }
}

// src/runtime/sinks.ts
import { lstat, mkdir, open as open3, rename, rm } from "node:fs/promises";
import { basename, dirname, join as join2 } from "node:path";
var LOOK_MS = 3e4;
var Sinks = class {
  #effects;
  /** What each file holds, by its path. */
  #written = /* @__PURE__ */ new Map();
  #stops = [];
  #work = Promise.resolve();
  /** Of each folder that is made: who may read one of the files gets to it. */
  #folderMode = 448;
  constructor(effects) {
    this.#effects = effects;
  }
  /** These services, which have some, from now on, and no others. Their tokens are kept from now on whether anybody uses them or not. */
  keep(services) {
    this.stop();
    this.#folderMode = folderModeFor(services.flatMap(({ plan }) => plan.sinks));
    for (const service of services) {
      const write = this.#once((looked) => this.#writeAll(service, looked));
      this.#stops.push(service.keepWarm(write), this.#every(write));
      write();
    }
  }
  stop() {
    for (const stop of this.#stops.splice(0)) stop();
  }
  /** Resolves when what is being written is written. */
  settled() {
    return this.#work;
  }
  #every(look) {
    const { clock } = this.#effects;
    let cancel = () => {
    };
    const wait = () => {
      cancel = clock.schedule(LOOK_MS, () => {
        look();
        wait();
      });
    };
    wait();
    return () => cancel();
  }
  /** One after the other, so that the last one written is the newest; and not again before it has looked. */
  #once(work) {
    let waiting = false;
    return () => {
      if (waiting) return;
      waiting = true;
      const looked = () => {
        waiting = false;
      };
      this.#work = this.#work.then(() => work(looked));
    };
  }
  async #writeAll(service, looked) {
    let fault;
    const authorized = await service.authorize().catch((error) => {
      fault = appErrorOnly(error);
    });
    const credential = authorized?.credential ?? service.account.source.current();
    looked();
    if (!credential) return;
    for (const sink of service.plan.sinks) {
      if (sink.format !== "header") await this.#write(service, sink, contentOf(credential, sink.format));
      else if (authorized) await this.#write(service, sink, headersOf2(authorized));
      else this.#tell(service, sink, fault);
    }
  }
  #tell({ plan }, { path }, { code, message }) {
    const { log, onSinkWrite } = this.#effects;
    log.warn({ service: plan.name, file: path, code }, `sink \`${path}\` not written: ${message}`);
    onSinkWrite?.(plan.name, "failure");
  }
  async #write({ plan }, { path, mode }, content) {
    const { log, random, onSinkWrite } = this.#effects;
    const same = this.#written.get(path)?.reveal() === content.reveal();
    if (same && await lstat(path).catch(() => void 0)) return;
    try {
      await replaceFile(path, content, { mode, folderMode: this.#folderMode, suffix: random().toString(36).slice(2) });
      this.#written.set(path, content);
      onSinkWrite?.(plan.name, "success");
    } catch (error) {
      const reason = systemErrorCode(error) ?? "unknown";
      log.error({ service: plan.name, file: path, reason }, `sink \`${path}\` cannot be written; the old file stays`);
      onSinkWrite?.(plan.name, "failure");
    }
  }
};
function appErrorOnly(error) {
  if (error instanceof AppError) return error;
  throw error;
}
function folderModeFor(sinks) {
  const readers = sinks.reduce((all, { mode }) => all | mode & 36, 0);
  return 448 | readers | readers >> 2;
}
function headersOf2({ injection }) {
  return new Secret(injection.headers.map(([name, value]) => `${name}: ${value}
`).join(""));
}
function contentOf({ bearer, expiresAtMs }, format) {
  const token = bearer.reveal();
  if (format === "token") return new Secret(token);
  const expires_on = expiresAtMs === null ? null : Math.floor(expiresAtMs / 1e3);
  return new Secret(`${JSON.stringify({ access_token: token, expires_on })}
`);
}
async function replaceFile(path, content, how) {
  const beside = join2(dirname(path), `.${basename(path)}.${how.suffix}`);
  try {
    await mkdir(dirname(path), { recursive: true, mode: how.folderMode });
    const file = await open3(beside, "wx", 384);
    try {
      await file.chmod(how.mode);
      await file.writeFile(content.reveal());
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

// src/runtime/state/file-hold.ts
import { join as join3 } from "node:path";
var SQLITE_BUSY = 5;
var POLL_MS = { first: 10, max: 250 };
function holdFolder(folder) {
  return lockFile(join3(folder, "lock"));
}
async function waitForFile(path, limitMs) {
  const untilMs = systemClock.monotonicMs() + limitMs;
  for (let pollMs = POLL_MS.first; ; pollMs = Math.min(pollMs * 2, POLL_MS.max)) {
    const release = await holdShortly(path);
    if (release || systemClock.monotonicMs() >= untilMs) return release;
    await systemClock.sleep(pollMs);
  }
}
async function holdShortly(path) {
  for (; ; ) {
    const made = make(path);
    const release = await lockFile(path);
    if (!release || release === NOT_LOCKED) return release;
    if (made !== void 0 && identify(path) === made) return removing(path, made, release);
    release();
  }
}
function removing(path, made, release) {
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    try {
      if (identify(path) === made) unlinkSync(path);
    } catch {
    } finally {
      release();
    }
  };
}
function make(path) {
  try {
    writeFileSync(path, "", { flag: "wx", mode: 384 });
  } catch {
  }
  return identify(path);
}
function identify(path) {
  try {
    const { dev, ino, birthtimeNs } = statSync(path, { bigint: true });
    return [dev, ino, birthtimeNs].join();
  } catch {
    return void 0;
  }
}
var NOT_LOCKED = () => {
};
async function lockFile(path) {
  const { DatabaseSync } = await import("node:sqlite");
  let database;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    const held2 = database;
    return () => {
      if (held2.isOpen) held2.close();
    };
  } catch (error) {
    database?.close();
    return error.errcode === SQLITE_BUSY ? void 0 : NOT_LOCKED;
  }
}

// src/runtime/state/file-store.ts
import { randomBytes } from "node:crypto";
import { open as open4, readFile, rename as rename2, rm as rm2 } from "node:fs/promises";
import { join as join4 } from "node:path";

// src/runtime/state/memory-store.ts
var MAX_FAMILIES = 1e4;
function createMemoryStore() {
  const kept = /* @__PURE__ */ new Map();
  return {
    refreshToken: async (family) => kept.get(digest(family)),
    async keep(family, refreshToken) {
      const name = digest(family);
      kept.delete(name);
      kept.set(name, refreshToken);
      if (kept.size > MAX_FAMILIES) kept.delete(kept.keys().next().value);
    },
    // It is this process's alone.
    hold: async () => () => {
    },
    async drop(family, refreshToken) {
      const name = digest(family);
      const last = kept.get(name);
      if (last && digest(last) === digest(refreshToken)) kept.delete(name);
    }
  };
}

// src/runtime/state/file-store.ts
function createFileStore(directory, log) {
  const folder = join4(directory, "refresh-tokens");
  const locks = join4(directory, "locks");
  const key = prepare(folder, locks);
  const memory = createMemoryStore();
  const pathOf = (family) => join4(folder, digest(family, key));
  let queue = Promise.resolve();
  const inTurn = (work) => {
    const turn = queue.then(work);
    queue = turn.catch(() => void 0);
    return turn;
  };
  return {
    refreshToken: async (family) => await memory.refreshToken(family) ?? readToken(pathOf(family), log),
    keep: (family, refreshToken) => inTurn(async () => {
      const last = await memory.refreshToken(family);
      try {
        await writeToken(folder, pathOf(family), refreshToken);
        if (last) await memory.drop(family, last);
      } catch (error) {
        await memory.keep(family, refreshToken);
        log.error(
          { folder, error: systemErrorCode(error) },
          "a refresh token cannot be written to the state folder: a restart would lose it"
        );
      }
    }),
    hold: (family, limitMs) => waitForFile(join4(locks, digest(family, key)), limitMs),
    drop: (family, refreshToken) => inTurn(async () => {
      await memory.drop(family, refreshToken);
      const kept = await readToken(pathOf(family), log);
      if (kept && digest(kept) === digest(refreshToken)) await rm2(pathOf(family), { force: true });
    })
  };
}
var KEY_BYTES = 32;
function prepare(folder, locks) {
  const path = join4(folder, "key");
  const unavailable2 = (what) => new AppError("state_unavailable", `the state folder ${folder} ${what}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 448 });
    chmodSync(folder, 448);
    mkdirSync(locks, { recursive: true, mode: 448 });
    writeNewKey(path);
    const key = readFileSync(path);
    if (key.length === KEY_BYTES) return key;
  } catch (error) {
    throw unavailable2(`cannot be used (${systemErrorCode(error)}); it must be a folder that this user may write to`);
  }
  throw unavailable2("has a file `key` that is not bearerd\u2019s; without that file, the refresh tokens beside it are lost");
}
function writeNewKey(path) {
  try {
    const file = openSync(path, "wx", 384);
    writeFileSync(file, randomBytes(KEY_BYTES));
    fsyncSync(file);
    closeSync(file);
  } catch (error) {
    if (systemErrorCode(error) !== "EEXIST") throw error;
  }
}
async function readToken(path, log) {
  try {
    const { refreshToken } = JSON.parse(await readFile(path, "utf8"));
    if (typeof refreshToken === "string" && refreshToken !== "") return new Secret(refreshToken);
    log.warn({ file: path }, "no refresh token in this file");
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== "ENOENT") log.warn({ file: path, error: code ?? "not JSON" }, "a kept refresh token cannot be read");
  }
  return void 0;
}
async function writeToken(folder, path, refreshToken) {
  const beside = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    const file = await open4(beside, "wx", 384);
    try {
      await file.writeFile(JSON.stringify({ refreshToken: refreshToken.reveal() }));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename2(beside, path);
  } catch (error) {
    await rm2(beside, { force: true });
    throw error;
  }
  const directory = await open4(folder, "r");
  await directory.sync().finally(() => directory.close());
}

// src/runtime/state/choose-store.ts
function createStoreChooser(choice) {
  const { stateDirectory, shortRun: lenient = false, onFolderShared = (tell) => tell(), log } = choice;
  const { onStateMoved = () => log.warn({}, "`daemon.state` changed: it counts after the next start") } = choice;
  let chosen;
  let last;
  return async ({ stateDir, stateDatabase }) => {
    const directory = stateDir ?? stateDirectory;
    const database = lenient ? void 0 : stateDatabase;
    const place = database ? keysOf(database) : `dir ${directory}`;
    const moved = chosen && place !== chosen.place && place !== last;
    last = place;
    if (moved) onStateMoved();
    if (chosen) return chosen.state;
    const state = await (database ? openDatabaseState(database, choice) : openDirectory(directory, { lenient, onFolderShared, log }));
    chosen = { place, state };
    return state;
  };
}
var memoryState = () => localState("memory", createMemoryStore());
function localState(kind, tokens) {
  return { tokens, status: { kind, ok: true, lastError: null }, close: async () => {
  } };
}
async function openDirectory(directory, use) {
  const { lenient, log } = use;
  if (directory === void 0) return memoryState();
  try {
    const state = localState("dir", createFileStore(directory, log));
    return lenient ? state : { ...state, close: await held(directory, use) };
  } catch (error) {
    if (!lenient || !(error instanceof AppError)) throw error;
    log.warn({}, error.message);
    return memoryState();
  }
}
async function held(folder, { onFolderShared, log }) {
  const release = await holdFolder(folder);
  if (!release)
    onFolderShared(() => log.warn({ folder }, `another process uses the state folder ${folder} too: ${HELD}`));
  return async () => release?.();
}
var HELD = "it takes no deliveries, and what one of them revokes the other one loses; give each daemon a folder of its own, or use a database";
async function openDatabaseState(database, { secrets, openShared }) {
  const [url, ...keys] = await Promise.all(
    [database.url, ...database.encryptionKeys].map(referenceOf2).map(secrets.read)
  );
  return openShared(url, keys);
}
function keysOf({ url, encryptionKeys }) {
  return `database ${[url, ...encryptionKeys].map(referenceOf2).map(referenceKey).join(" ")}`;
}
function referenceOf2(value) {
  if (value.kind !== "secret") throw new Error("the state is opened by secrets");
  return value.reference;
}

// src/runtime/state/open-shared.ts
import { randomUUID } from "node:crypto";

// src/runtime/tokens/fleet.ts
var LEASE_MS = 3e3;
var EXTEND_MS = 1e3;
var POLL_MS2 = { first: 20, max: 250 };
var MAX_REFUSED = 1e3;
var MAX_OWED = 1e3;
function createFleet(parts) {
  return new SharingFleet(parts);
}
var SharingFleet = class {
  own = createMemoryStore();
  #parts;
  /** Digests of bearers. */
  #refused = /* @__PURE__ */ new Set();
  /** Those that could not be given back. */
  #owed = /* @__PURE__ */ new Set();
  constructor(parts) {
    this.#parts = parts;
  }
  async take(ask, request) {
    const { sealing, newId } = this.#parts;
    const [name, ...otherNames] = sealing.names(ask.family);
    const lease = { name, owner: newId(), otherNames };
    const claimed = await orAway(this.#claim(ask, lease));
    if (!claimed) return request("away");
    return "found" in claimed ? claimed.found : this.#ask(ask, { lease, row: claimed.row }, request);
  }
  drop(bearer) {
    this.#refused.add(digest(bearer));
    if (this.#refused.size > MAX_REFUSED) this.#refused.delete(this.#refused.values().next().value);
  }
  async catchUp() {
    await Promise.all([...this.#owed].map((lease) => this.#release(lease)));
  }
  /** Under each key, the first one first; none for what is not shared. */
  #namesOf(text) {
    return text ? this.#parts.sealing.names(text).map((name) => name.toString("base64url")) : [];
  }
  async #claim(ask, lease) {
    const { table, random, backForMs } = this.#parts;
    const untilMs = systemClock.monotonicMs() + ask.timeoutMs;
    for (let pollMs = POLL_MS2.first; ; pollMs = Math.min(pollMs * 2, POLL_MS2.max)) {
      const seen = await table.look(lease.name, ...lease.otherNames ?? []);
      const found = this.#known(seen, ask);
      if (found) return { found };
      const isInDoubt = ask.cautious && seen.abandoned && (ask.heldLives || this.#lives(seen, ask));
      if (isInDoubt) return this.#oldOr(inDoubt(ask), seen, ask);
      const afterMs = backForMs() > LEASE_MS ? takeOverAfter(ask) : void 0;
      const row = await table.lease(lease, LEASE_MS, afterMs);
      if (row) return this.#leased(row, ask, { lease, untilMs });
      if (systemClock.monotonicMs() >= untilMs) return this.#oldOr(waitedTooLong(ask), seen, ask);
      await systemClock.sleep(pollMs * (0.5 + random()));
    }
  }
  /** Between the look and the lease the holder before may have finished. */
  async #leased(row, ask, { lease, untilMs }) {
    try {
      const found = this.#known(row, ask);
      const isLate = ask.cautious && untilMs - systemClock.monotonicMs() < ask.timeoutMs / 2;
      if (!found && !isLate) return { row };
      await this.#release(lease);
      return found ? { found } : this.#oldOr(waitedTooLong(ask), row, ask);
    } catch (error) {
      await this.#release(lease);
      throw error;
    }
  }
  /** A living token of another replica; undefined when the endpoint is to be asked. Throws the last error while its pause lasts. */
  #known(row, ask) {
    const { clock } = this.#parts;
    const { failure } = row;
    const issued = this.#living(row, ask);
    const lifeMs = issued?.picked.lifeMs ?? 0;
    if (issued && elapsedMs(clock, issued.since) < lifeMs - renewalMargin(lifeMs)) return issued;
    if (!isFor(failure, this.#namesOf(ask.identity)) || failure.pausedUntilMs <= clock.nowMs()) return void 0;
    if (issued) return issued;
    throw pausedError(failure);
  }
  /** The token of another replica to its very end. */
  #living({ token }, ask) {
    if (!isFor(token, this.#namesOf(ask.identity)) || !this.#isOther(token.picked.bearer, ask)) return void 0;
    const { clock } = this.#parts;
    const ageMs = Math.max(0, clock.nowMs() - token.issuedAtMs);
    return ageMs < token.picked.lifeMs ? { picked: token.picked, since: momentOf(clock, ageMs) } : void 0;
  }
  /** Where none can be asked for, the old one serves whoever has none. */
  #oldOr(error, row, ask) {
    const found = ask.heldLives ? void 0 : this.#living(row, ask);
    if (!found) throw error;
    return { found };
  }
  /** Whoever has it can wait for the next one. */
  #lives({ token }, { identity }) {
    if (!isFor(token, this.#namesOf(identity))) return false;
    const restMs = token.issuedAtMs + token.picked.lifeMs - this.#parts.clock.nowMs();
    return restMs > 0 && !this.#refused.has(digest(token.picked.bearer));
  }
  #isOther(bearer, { held: held2 }) {
    const mark = digest(bearer);
    return !this.#refused.has(mark) && !(held2 && digest(held2) === mark);
  }
  async #ask(asked, { lease, row }, request) {
    const { table } = this.#parts;
    const stop = this.#extend(lease);
    try {
      const { picked, since, identity } = await request(row.takenOver ? "takenOver" : "leased");
      const [name] = this.#namesOf(identity);
      const shared = name !== void 0 && { identity: name, picked, issuedAtMs: since.atMs };
      await this.#end(lease, shared && table.publish(lease, shared));
      return { picked, since };
    } catch (error) {
      const failure = error instanceof AppError ? this.#failureOf(error, asked, row) : void 0;
      await this.#end(lease, failure && table.fail(lease, failure));
      throw failure ? pausedError(failure) : error;
    } finally {
      stop();
    }
  }
  /** With what the others are to know; where the database does not take that, without. */
  async #end(lease, told) {
    if (!told || !await quietly(told)) await this.#release(lease);
  }
  async #release(lease) {
    this.#owed.add(lease);
    if (this.#owed.size > MAX_OWED) this.#owed.delete(this.#owed.values().next().value);
    if (await quietly(this.#parts.table.release(lease))) this.#owed.delete(lease);
  }
  /** As long as this process lives, until the returned function is called. */
  #extend(lease) {
    let cancel = () => {
    };
    const next = () => {
      cancel = systemClock.schedule(EXTEND_MS, () => {
        void quietly(this.#parts.table.extend(lease, LEASE_MS));
        next();
      });
    };
    next();
    return () => cancel();
  }
  /** What the others are to know of it. */
  #failureOf(error, ask, { token, failure }) {
    const { clock, random } = this.#parts;
    const identities = this.#namesOf(ask.identity);
    const [identity] = identities;
    if (identity === void 0 || error.details.status === void 0) return void 0;
    const nowMs = clock.nowMs();
    const restMs = isFor(token, identities) ? token.issuedAtMs + token.picked.lifeMs - nowMs : 0;
    if (restMs > 0 && isTooEarly(error)) {
      const pauseMs = Math.min(Math.max(restMs / 2, 1e3), restMs);
      return { identity, error, count: 0, pausedUntilMs: nowMs + pauseMs };
    }
    const count = (isFor(failure, identities) ? failure.count : 0) + 1;
    const pausedUntilMs = Math.max(nowMs + pauseAfter(error, count, random()), error.details.retryAtMs ?? 0);
    return { identity, error, count, pausedUntilMs };
  }
};
function isFor(kept, identities) {
  return kept !== void 0 && identities.includes(kept.identity);
}
function pausedError({ error, pausedUntilMs }) {
  return new AppError(error.code, error.message, { ...error.details, retryAtMs: pausedUntilMs });
}
function takeOverAfter({ cautious, takeOverAfterMs }) {
  return cautious ? takeOverAfterMs : 0;
}
function inDoubt({ account }) {
  const message = `a replica died, or lost the database, while it used the refresh token of \`${account}\`: used twice, it may be ended for good, so it is not sent again before the present token ends`;
  return new AppError("token_timeout", message, { account, transient: true });
}
function waitedTooLong({ account, timeoutMs }) {
  const message = `another replica asks for the token of \`${account}\` and has no answer after ${Math.max(0, Math.round(timeoutMs / 1e3))}s`;
  return new AppError("token_timeout", message, { account, transient: true });
}
async function orAway(work) {
  try {
    return await work;
  } catch (error) {
    if (isStateError(error)) return void 0;
    throw error;
  }
}
async function quietly(work) {
  return await orAway(work.then(() => true)) ?? false;
}

// src/runtime/state/migrations.ts
var MIGRATIONS = [
  `CREATE TABLE bearerd.token (
    name bytea PRIMARY KEY,
    key_id text NOT NULL,
    token bytea,
    expires_at timestamptz,
    refresh_token bytea,
    failure bytea,
    error_code text,
    paused_until timestamptz,
    lease_owner uuid,
    lease_until timestamptz,
    used_at timestamptz NOT NULL DEFAULT now()
  );
  COMMENT ON TABLE bearerd.token IS 'Tokens that replicas of bearerd share. Names and values are made under encryptionKey.';`,
  `CREATE TABLE bearerd.delivery (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    key_id text NOT NULL,
    action text NOT NULL,
    lane text NOT NULL,
    state text NOT NULL DEFAULT 'pending',
    attempts int NOT NULL DEFAULT 0,
    sent int NOT NULL DEFAULT 0,
    created_at bigint NOT NULL,
    next_attempt_at bigint,
    settled_at bigint,
    bytes bigint NOT NULL,
    last_error json,
    facts bytea NOT NULL,
    input bytea NOT NULL,
    response bytea
  );
  COMMENT ON TABLE bearerd.delivery IS 'Deliveries of all replicas. The columns facts, input and response are made under encryptionKey; when each is sent is in the schema bearerd_jobs.';
  CREATE INDEX delivery_listed ON bearerd.delivery (key_id, seq);
  CREATE INDEX delivery_due ON bearerd.delivery (key_id, next_attempt_at) WHERE state = 'pending';
  CREATE INDEX delivery_open ON bearerd.delivery (action, seq) WHERE state IN ('pending', 'running');
  CREATE INDEX delivery_state ON bearerd.delivery (state, seq);
  CREATE INDEX delivery_action ON bearerd.delivery (action, seq);
  CREATE INDEX delivery_bytes ON bearerd.delivery (bytes) WHERE state <> 'delivered';
  CREATE INDEX delivery_settled ON bearerd.delivery (settled_at) WHERE state = 'delivered';
  CREATE TABLE bearerd.delivery_content (
    delivery uuid PRIMARY KEY REFERENCES bearerd.delivery (id) ON DELETE CASCADE,
    content bytea NOT NULL
  );
  CREATE TABLE bearerd.attempt (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery uuid NOT NULL REFERENCES bearerd.delivery (id) ON DELETE CASCADE,
    at bigint NOT NULL,
    duration int NOT NULL,
    status int,
    problem json
  );
  CREATE INDEX attempt_of ON bearerd.attempt (delivery, n);
  CREATE TABLE bearerd.setting (name text PRIMARY KEY, value text NOT NULL);`,
  `ALTER TABLE bearerd.delivery ADD COLUMN caller_key bytea;
  CREATE UNIQUE INDEX delivery_key ON bearerd.delivery (caller_key) WHERE caller_key IS NOT NULL;`,
  `CREATE INDEX delivery_waiting ON bearerd.delivery (key_id, lane, action, next_attempt_at) WHERE state = 'pending';
  DROP INDEX bearerd.delivery_due;
  DROP INDEX bearerd.delivery_open;`,
  `ALTER TABLE bearerd.token ADD COLUMN taken_over boolean NOT NULL DEFAULT false;`,
  // What waits is counted in the index alone, as far as its pages are vacuumed; by default a fifth of them need not be.
  `ALTER TABLE bearerd.delivery SET (autovacuum_vacuum_insert_threshold = 5000, autovacuum_vacuum_insert_scale_factor = 0,
    autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02);`
];
var LOCK = 7117001;
var FORGOTTEN = `DELETE FROM bearerd.token WHERE used_at < now() - interval '90 days'`;
var CHECK_WRITABLE = `DO $check$ BEGIN
  IF current_setting('transaction_read_only') = 'on' THEN RAISE read_only_sql_transaction; END IF;
END $check$`;
var HAS_TABLES = `SELECT to_regclass('bearerd.migration') IS NOT NULL AS "hasTables"`;
var READ_VERSION = "SELECT coalesce(max(version), 0) AS version FROM bearerd.migration";
var NEWEST_VERSION = MIGRATIONS.length;
var MIGRATE = [
  `SET LOCAL statement_timeout = '30s'`,
  `SET LOCAL lock_timeout = '10s'`,
  `SELECT pg_advisory_xact_lock(${LOCK})`,
  `SET LOCAL lock_timeout = '500ms'`,
  `DO $migrate$ BEGIN
    IF to_regnamespace('bearerd') IS NULL THEN CREATE SCHEMA bearerd; END IF;
    CREATE TABLE IF NOT EXISTS bearerd.migration (version int PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
  END $migrate$`,
  ...MIGRATIONS.map(
    (text, index) => `DO $migrate$ BEGIN
      IF NOT EXISTS (SELECT FROM bearerd.migration WHERE version = ${index + 1}) THEN
        ${text}
        INSERT INTO bearerd.migration (version) VALUES (${index + 1});
      END IF;
    END $migrate$`
  ),
  FORGOTTEN
].join(";\n");

// src/runtime/state/database.ts
var PROBE_MS = 1e3;
async function openDatabase(parts) {
  const { postgres, connections: connections3, log, words, random, onChange } = parts;
  let away = new AppError("state_unavailable", "not connected yet");
  let told;
  let cancelProbe = () => {
  };
  let closed = false;
  const inTurn = createTurns(connections3);
  const note = (error) => {
    if (!away || told === void 0) onChange(false, error.message);
    if (told !== error.message) log.warn({ error: error.message }, words.away);
    told = error.message;
    away = error;
    cancelProbe();
    if (!closed) cancelProbe = systemClock.schedule(PROBE_MS * (0.5 + random()), () => void probe());
  };
  const probe = async () => {
    for (let left = postgres.servers; left > 0; left--) {
      try {
        await prepare2(postgres);
        if (told !== void 0) log.info({}, words.back);
        away = told = void 0;
        onChange(true, null);
        return;
      } catch (error) {
        if (!(error instanceof AppError)) return;
        postgres.turn();
        if (left === 1) note(new AppError("state_unavailable", error.message));
      }
    }
  };
  const ask = (work) => inTurn(async () => {
    if (away) throw away;
    return work().catch((error) => {
      if (isAway(error)) note(error);
      throw error;
    });
  });
  await probe();
  return {
    query: (text, values) => ask(() => postgres.query(text, values)),
    transaction: (work) => ask(() => postgres.transaction(work)),
    execute: (text, values) => ask(() => postgres.execute(text, values)),
    get status() {
      return { ok: !away, lastError: away?.message };
    },
    async close() {
      if (closed) return;
      closed = true;
      cancelProbe();
      await postgres.end();
    }
  };
}
function isAway(error) {
  return error instanceof AppError && error.code === "state_unavailable";
}
async function prepare2(postgres) {
  await postgres.query(CHECK_WRITABLE);
  const [found] = await postgres.query(HAS_TABLES);
  const [known] = found?.hasTables ? await postgres.query(READ_VERSION) : [];
  if ((known?.version ?? 0) < NEWEST_VERSION) await postgres.query(MIGRATE);
}
function createTurns(count) {
  let free = count;
  const waiting = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise((resolve2) => waiting.push(resolve2));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}

// src/runtime/state/postgres.ts
async function openPostgres(url, use) {
  const { default: pg } = await import("pg");
  const connectionString = url.reveal().trim();
  const servers = serversOf(connectionString);
  if (!/^postgres(?:ql)?:\/\//.test(connectionString) || !servers.every((server) => URL.canParse(server)))
    throw new AppError(
      "state_unavailable",
      "`daemon.state.url` is not a URL such as postgresql://USER:PASSWORD@HOST/NAME"
    );
  const limits = limitsOf(servers[0], use);
  const pools = servers.map(withoutStatementTimeout).map((server) => {
    const pool = new pg.Pool({
      connectionTimeoutMillis: limits.connectMs,
      statement_timeout: limits.statementMs,
      query_timeout: limits.statementMs + 500,
      idleTimeoutMillis: 3e4,
      connectionString: server,
      max: use.connections,
      application_name: "bearerd",
      keepAlive: true,
      allowExitOnIdle: true
    });
    pool.on("error", () => {
    });
    pool.on("connect", (client) => client.on("error", () => {
    }));
    return pool;
  });
  return createPostgres(oneOf(pools), { ...use, ...limits });
}
var CONNECT_MS = 2e3;
function limitsOf(url, use) {
  const { searchParams } = new URL(url);
  const limit = (name, unitMs, defaultMs) => {
    const ms = Number(searchParams.get(name)) * unitMs;
    return ms > 0 ? ms : defaultMs;
  };
  const statementMs = limit("statement_timeout", 1, use.statementMs);
  return {
    connectMs: limit("connect_timeout", 1e3, CONNECT_MS),
    statementMs: use.onlyLonger ? Math.max(statementMs, use.statementMs) : statementMs
  };
}
function withoutStatementTimeout(url) {
  const parsed = new URL(url);
  if (!parsed.searchParams.has("statement_timeout")) return url;
  parsed.searchParams.delete("statement_timeout");
  return parsed.href;
}
function serversOf(url) {
  const [, before, hosts = "", after] = /^([a-z]+:\/\/(?:[^/?]*@)?)([^/?]*)(.*)$/.exec(url) ?? [];
  return hosts.includes(",") ? hosts.split(",").map((host) => `${before}${host}${after}`) : [url];
}
function oneOf(pools) {
  let current = 0;
  return {
    servers: pools.length,
    connect: () => pools[current].connect(),
    turn() {
      current = (current + 1) % pools.length;
    },
    async end() {
      await Promise.all(pools.map((pool) => pool.end()));
    }
  };
}
var MAX_TRIES = 3;
function createPostgres(pool, use) {
  const failed = /* @__PURE__ */ new WeakSet();
  const noting = (error) => {
    failed.add(error);
    throw error;
  };
  const translate2 = (error) => {
    throw failed.has(error) ? failureOf(error, use) : error;
  };
  const onConnection = async (work) => {
    const client = await pool.connect().catch(noting);
    let done = false;
    try {
      const result = await work((text, values) => client.query(text, values && [...values]).catch(noting));
      done = true;
      return result;
    } finally {
      client.release(!done);
    }
  };
  const execute = (text, values) => onConnection((run) => run(text, values));
  return {
    query: (text, values = []) => execute(text, values).then(({ rows }) => rows, translate2),
    execute,
    transaction: (work) => inTransaction(onConnection, work).catch(translate2),
    servers: pool.servers,
    turn: () => pool.turn(),
    end: () => pool.end()
  };
}
async function inTransaction(onConnection, work) {
  for (let tries = 1; ; tries++) {
    try {
      return await onConnection(async (execute) => {
        await execute("BEGIN");
        const query = async (text, values = []) => (await execute(text, values)).rows;
        const result = await work({ query, execute });
        const { command } = await execute("COMMIT");
        if (command === "COMMIT") return result;
        throw Object.assign(new Error("rolled back"), { code: IN_THE_WAY[1] });
      });
    } catch (error) {
      if (tries >= MAX_TRIES || !IN_THE_WAY.includes(systemErrorCode(error) ?? "")) throw error;
    }
  }
}
var IN_THE_WAY = ["40P01", "40001"];
var DISK_FULL = "53100";
var ABOUT_VALUES = /^(?:22|23|54)[0-9A-Z]{3}$/;
function failureOf(error, { fullCode, statementMs }) {
  const code = systemErrorCode(error);
  if (code !== void 0 && ABOUT_VALUES.test(code)) {
    const message = `the database of \`daemon.state.url\` does not take this record (SQLSTATE ${code}): its log says why`;
    return new AppError("state_refused", message);
  }
  const reason = code === "57014" ? `is slow: a statement took longer than ${statementMs / 1e3} s` : reasonOf(code);
  return new AppError(
    code === DISK_FULL ? fullCode : "state_unavailable",
    `the database of \`daemon.state.url\` ${reason}`
  );
}
var REASONS2 = {
  "25006": "is read-only",
  "28000": "refused the user",
  "28P01": "refused the password",
  "3D000": "does not exist",
  "42501": "does not permit this user what bearerd needs",
  "53100": "has no room left on its disk",
  "53300": "has too many connections",
  "55P03": "has a table that another transaction holds, such as a backup: it is tried again",
  "57P01": "is stopping",
  "57P03": "is starting or stopping"
};
function reasonOf(code) {
  if (code === void 0) return "did not answer in time";
  return REASONS2[code] ?? `cannot be used (${/^[A-Z0-9_]{1,40}$/.test(code) ? code : "unknown error"})`;
}

// src/runtime/state/sealing.ts
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes as randomBytes2 } from "node:crypto";
var [NONCE_BYTES, TAG_BYTES, KEY_BYTES2] = [12, 16, 32];
var FORMAT = Buffer.from([1]);
function createSealing(...encryptionKeys) {
  const [first, ...earlier] = encryptionKeys.map(sealingOf);
  if (!first) throw new Error("nothing is sealed without a key");
  const openBytes = (sealed, place) => {
    for (const one of [first, ...earlier]) {
      const bytes = one.openBytes(sealed, place);
      if (bytes) return bytes;
    }
    return void 0;
  };
  return {
    ...first,
    names: (text) => [first, ...earlier].map((one) => one.name(text)),
    seal: (text, place) => first.sealBytes(Buffer.from(text.reveal()), place),
    open(sealed, place) {
      const bytes = openBytes(sealed, place);
      return bytes && new Secret(bytes.toString("utf8"));
    },
    openBytes
  };
}
function sealingOf(encryptionKey) {
  const key = decodeKey(encryptionKey);
  const derive = (use, length = KEY_BYTES2) => Buffer.from(hkdfSync("sha256", key, "", `bearerd ${use}`, length));
  const [nameKey, valueKey] = [derive("token names"), derive("token values")];
  const sealBytes = (bytes, place) => {
    const nonce = randomBytes2(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", valueKey, nonce).setAAD(Buffer.from(place));
    const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
    return Buffer.concat([FORMAT, nonce, cipher.getAuthTag(), body]);
  };
  const openBytes = (sealed, place) => {
    const body = 1 + NONCE_BYTES + TAG_BYTES;
    if (sealed.length < body || sealed[0] !== FORMAT[0]) return void 0;
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const decipher = createDecipheriv("aes-256-gcm", valueKey, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(1 + NONCE_BYTES, body));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(body)), decipher.final()]);
    } catch {
      return void 0;
    }
  };
  return {
    keyId: derive("key id", 4).toString("hex"),
    name: (text) => createHmac("sha256", nameKey).update(text.reveal()).digest(),
    sealBytes,
    openBytes
  };
}
function decodeKey(encryptionKey) {
  const text = encryptionKey.reveal().trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, "base64");
  const hint = "make one with `openssl rand -base64 32`";
  throw new AppError(
    "state_unavailable",
    `\`daemon.state.encryptionKey\` is not 32 bytes in base64 or hexadecimal: ${hint}`
  );
}

// src/runtime/state/shared-store.ts
var MAX_UNSAVED = 1e4;
function createSharedStore(table, sealing) {
  const unsaved = /* @__PURE__ */ new Map();
  const keyOf = (family) => sealing.name(family).toString("base64");
  const save = async (key, refreshToken, late) => {
    await table.keepRefreshToken(Buffer.from(key, "base64"), refreshToken, late);
    if (unsaved.get(key) === refreshToken) unsaved.delete(key);
  };
  return {
    async refreshToken(family, alone) {
      const own = unsaved.get(keyOf(family));
      if (own) return own;
      if (alone) throw new AppError("state_unavailable", "refresh tokens are not read while the database is away");
      return table.refreshToken(sealing.name(family));
    },
    async keep(family, refreshToken) {
      const key = keyOf(family);
      unsaved.delete(key);
      unsaved.set(key, refreshToken);
      if (unsaved.size > MAX_UNSAVED) unsaved.delete(unsaved.keys().next().value);
      await save(key, refreshToken, false).catch(ignoreUnkept);
    },
    // The lease of the fleet sees to that.
    hold: async () => () => {
    },
    async drop(family, refreshToken) {
      const key = keyOf(family);
      const own = unsaved.get(key);
      if (own && digest(own) === digest(refreshToken)) unsaved.delete(key);
      await table.dropRefreshToken(sealing.name(family), refreshToken).catch(ignoreUnkept);
    },
    async catchUp() {
      await Promise.all([...unsaved].map(([key, refreshToken]) => save(key, refreshToken, true).catch(ignoreUnkept)));
    }
  };
}
function ignoreUnkept(error) {
  if (!isStateError(error)) throw error;
}

// src/runtime/state/move-row.ts
var FIND = `SELECT name, token, failure, refresh_token, lease_owner AS owner, lease_until AS until,
    COALESCE(lease_until >= now() - $2::float8 * interval '1 ms', lease_until IS NOT NULL) AS leased
  FROM bearerd.token WHERE name = ANY ($1) ORDER BY used_at DESC FOR UPDATE`;
var MOVE = `UPDATE bearerd.token SET name = $2, key_id = $3, token = $4, failure = $5, refresh_token = $6,
    lease_owner = $7, lease_until = $8
  WHERE name = $1`;
async function moveRow(transaction, moving) {
  const { names, takeOverAfterMs } = moving;
  const [first] = names.map((name) => name.toString("hex")).sort();
  await transaction.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 7117001))", [first]);
  const rows = await transaction.query(FIND, [names, takeOverAfterMs ?? null]);
  if (rows.some(({ leased }) => leased)) return false;
  if (rows.some(({ name }) => !name.equals(names[0]))) await makeOne(transaction, rows, moving);
  return true;
}
async function makeOne({ query }, rows, { names, ...moving }) {
  const kept = rows.find(({ name }) => name.equals(names[0])) ?? rows[0];
  const surplus = rows.filter((row) => row !== kept).map(({ name }) => name);
  if (surplus.length > 0) await query("DELETE FROM bearerd.token WHERE name = ANY ($1)", [surplus]);
  const newest = (column, among = rows) => among.map((row) => moving.reseal(column, row.name, row[column])).find((sealed) => sealed !== null) ?? null;
  const { owner, until } = rows.find((row) => row.owner !== null) ?? { owner: null, until: null };
  const values = [newest("token"), newest("failure", rows.slice(0, 1)), newest("refresh_token")];
  await query(MOVE, [kept.name, names[0], moving.keyId, ...values, owner, until]);
}

// src/runtime/state/token-table.ts
var UNLEASED = "lease_owner = NULL, lease_until = NULL, used_at = now()";
var LEASED = "WHERE name = $1 AND lease_owner = $2";
function createTokenTable(database, sealing) {
  const { seal, open: open5 } = sealedColumns(sealing);
  const inPlace = inOnePlace(database, sealing);
  const rowOf = (name, stored) => ({
    token: readToken2(open5("token", name, stored?.token)),
    failure: readFailure(open5("failure", name, stored?.failure))
  });
  const change = async (text, { name, owner }, ...values) => {
    await database.query(`UPDATE bearerd.token SET ${text} ${LEASED}`, [name, owner, ...values]);
  };
  return {
    ...createRefreshTokens(database, sealing),
    async look(...names) {
      const text = `SELECT name, token, failure, lease_until < now() AS abandoned FROM bearerd.token
        WHERE name = ANY ($1) ORDER BY used_at DESC`;
      const stored = await database.query(text, [names]);
      const rows = stored.map((row) => rowOf(row.name, row));
      const token = rows.find((row) => row.token)?.token;
      return { token, failure: rows[0]?.failure, abandoned: stored.some(({ abandoned }) => abandoned) };
    },
    async lease({ name, owner, otherNames = [] }, forMs, takeOverAfterMs) {
      const text = `INSERT INTO bearerd.token AS t (name, key_id, lease_owner, lease_until)
          VALUES ($1, $2, $3, now() + $4 * interval '1 ms')
        ON CONFLICT (name) DO UPDATE SET lease_owner = $3, lease_until = now() + $4 * interval '1 ms', key_id = $2,
            taken_over = t.lease_owner IS NOT NULL
          WHERE t.lease_until IS NULL OR t.lease_until < now() - $5::float8 * interval '1 ms'
        RETURNING token, failure, taken_over AS "takenOver"`;
      const values = [name, sealing.keyId, owner, forMs, takeOverAfterMs ?? null];
      const place = { names: [name, ...otherNames], takeOverAfterMs };
      const [stored] = await inPlace(place, text, values);
      return stored && { ...rowOf(name, stored), takenOver: stored.takenOver };
    },
    extend: (lease, forMs) => change(`lease_until = now() + $3 * interval '1 ms'`, lease, forMs),
    publish: (lease, token) => change(
      `token = $3, expires_at = to_timestamp($4), failure = NULL, error_code = NULL, paused_until = NULL, ${UNLEASED}`,
      lease,
      seal("token", lease.name, writeToken2(token)),
      (token.issuedAtMs + token.picked.lifeMs) / 1e3
    ),
    fail: (lease, failure) => change(
      `failure = $3, error_code = $4, paused_until = to_timestamp($5), ${UNLEASED}`,
      lease,
      seal("failure", lease.name, writeFailure(failure)),
      failure.error.code,
      failure.pausedUntilMs / 1e3
    ),
    release: (lease) => change(UNLEASED, lease)
  };
}
function createRefreshTokens(database, sealing) {
  const { seal, open: open5 } = sealedColumns(sealing);
  const find = async (name) => {
    const text = "SELECT refresh_token AS sealed FROM bearerd.token WHERE name = $1";
    const [row] = await database.query(text, [name]);
    return row?.sealed;
  };
  return {
    refreshToken: async (name) => open5("refresh_token", name, await find(name)),
    async keepRefreshToken(name, refreshToken, late = false) {
      await database.query(
        `INSERT INTO bearerd.token AS t (name, key_id, refresh_token) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET refresh_token = $3, key_id = $2, used_at = now(),
          lease_owner = CASE WHEN t.lease_until > now() OR NOT $4 THEN t.lease_owner END,
          lease_until = CASE WHEN t.lease_until > now() OR NOT $4 THEN t.lease_until END`,
        [name, sealing.keyId, seal("refresh_token", name, refreshToken), late]
      );
    },
    async dropRefreshToken(name, refreshToken) {
      const sealed = await find(name);
      if (open5("refresh_token", name, sealed)?.reveal() !== refreshToken.reveal()) return;
      const text = "UPDATE bearerd.token SET refresh_token = NULL WHERE name = $1 AND refresh_token = $2";
      await database.query(text, [name, sealed]);
    }
  };
}
function inOnePlace(database, sealing) {
  const { seal, open: open5 } = sealedColumns(sealing);
  return (place, text, values) => {
    const { names } = place;
    if (names.length === 1) return database.query(text, values);
    const reseal = (column, from, sealed) => {
      const opened = open5(column, from, sealed);
      return opened ? seal(column, names[0], opened) : null;
    };
    return database.transaction(async (transaction) => {
      const isFree = await moveRow(transaction, { ...place, keyId: sealing.keyId, reseal });
      return isFree ? transaction.query(text, values) : [];
    });
  };
}
function sealedColumns(sealing) {
  const place = (column, name) => `${column} ${name.toString("hex")}`;
  return {
    seal: (column, name, text) => sealing.seal(text, place(column, name)),
    open: (column, name, sealed) => sealed ? sealing.open(sealed, place(column, name)) : void 0
  };
}
function writeToken2({ identity, issuedAtMs, picked }) {
  const { bearer, published, reusable, refreshToken: _refreshToken, prover: _prover, ...rest } = picked;
  const members = published && Object.entries(published).map(([name, secret]) => [name, secret.reveal()]);
  const stored = {
    ...rest,
    bearer: bearer.reveal(),
    ...reusable && { reusable: { refreshToken: reusable.refreshToken?.reveal() } },
    ...members && { published: Object.fromEntries(members) }
  };
  return new Secret(JSON.stringify({ identity, issuedAtMs, picked: stored }));
}
function readToken2(text) {
  if (!text) return void 0;
  const { identity, issuedAtMs, picked } = JSON.parse(text.reveal());
  const { bearer, published, reusable, ...rest } = picked;
  const members = published && Object.entries(published).map(([name, member]) => [name, new Secret(member)]);
  const secrets = {
    bearer: new Secret(bearer),
    ...reusable && {
      reusable: { refreshToken: reusable.refreshToken?.length ? new Secret(reusable.refreshToken) : void 0 }
    },
    ...members && { published: Object.fromEntries(members) }
  };
  return { identity, issuedAtMs, picked: { ...rest, ...secrets } };
}
function writeFailure({ error, ...rest }) {
  const { code, message, details } = error;
  return new Secret(JSON.stringify({ ...rest, code, message, details }));
}
function readFailure(text) {
  if (!text) return void 0;
  const { code, message, details, ...rest } = JSON.parse(text.reveal());
  return { ...rest, error: new AppError(code, message, details) };
}

// src/runtime/state/open-shared.ts
var TOKENS = { statementMs: 1e3, connections: 5, fullCode: "state_unavailable" };
var TOKEN_WORDS = {
  away: "tokens are not shared with other replicas: each asks for its own",
  back: "the database is back: tokens are shared again"
};
function createOpenShared({ clock, log, random, onChange }) {
  return async (url, encryptionKeys) => {
    const sealing = createSealing(...encryptionKeys);
    const connect = async (use, words, onChange2) => {
      const postgres = await openPostgres(url, use);
      return openDatabase({ postgres, connections: use.connections, log, words, random, onChange: onChange2 });
    };
    let backAtMs = Number.NEGATIVE_INFINITY;
    let onBack = () => {
    };
    const database = await connect(TOKENS, TOKEN_WORDS, (ok) => {
      if (ok) onBack();
      onChange?.(ok);
    });
    const table = createTokenTable(database, sealing);
    const tokens = createSharedStore(table, sealing);
    const backForMs = () => systemClock.monotonicMs() - backAtMs;
    const fleet = createFleet({ table, sealing, clock, random, newId: randomUUID, backForMs });
    onBack = () => {
      backAtMs = systemClock.monotonicMs();
      void tokens.catchUp().then(() => fleet.catchUp());
    };
    return {
      tokens,
      fleet,
      shared: { connect, sealing },
      get status() {
        const { ok, lastError } = database.status;
        return { kind: "postgresql", ok, lastError: lastError ?? null };
      },
      close: () => database.close()
    };
  };
}

// src/runtime/tokens/revoke-tokens.ts
async function revokeTokens(remains, revoking) {
  const { plan } = remains;
  const { effects, limitMs } = revoking;
  const deadlineMs = effects.clock.monotonicMs() + limitMs;
  try {
    const found = await findTokens(remains, revoking);
    if (!found) return;
    const { values, family, refreshToken, bearer } = found;
    const server = await effects.discovery.locate(plan, values, limitMs);
    const call = { plan, effects, deadlineMs, values: { ...values, ...server && { server } }, server };
    if (refreshToken && await revoke(call, refreshToken, "refresh_token"))
      await effects.tokens.drop(family, refreshToken);
    if (bearer) await revoke(call, bearer, "access_token");
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    effects.log.warn({ account: plan.name, code: error.code }, `not revoked: ${error.message}`);
  }
}
async function findTokens({ plan, ...held2 }, { staying, effects }) {
  if (!held2.values && plan.generalKey !== void 0) return void 0;
  const values = held2.values ?? await readValues(plan.references, effects.secrets, effects.clock);
  const family = familyOf(plan, values);
  const stored = plan.buildRefresh && !held2.keepsFamily && await effects.tokens.refreshToken(family);
  const refreshToken = stored && !await staying.hasFamily(plan, family) ? stored : void 0;
  const isOwn = held2.bearer && plan.bearerIsAccessToken && !staying.hasBearer(held2.bearer);
  const bearer = isOwn ? held2.bearer : void 0;
  return refreshToken || bearer ? { values, family, refreshToken, bearer } : void 0;
}
async function revoke({ plan, effects, deadlineMs, values, server }, token, hint) {
  const { name: account } = plan;
  const endpoint = plan.revocationEndpoint?.expand(values) ?? server?.revocationEndpoint;
  if (!endpoint) {
    effects.log.warn({ account }, `not revoked: the metadata of ${server?.issuer} names no revocation_endpoint`);
    return false;
  }
  const request = await plan.buildRevocation(values, { endpoint, token, hint });
  const timeoutMs = Math.max(1, deadlineMs - effects.clock.monotonicMs());
  const { status, text } = await effects.tokenEndpoint.post(account, request, timeoutMs);
  if (status >= 200 && status < 300) {
    effects.log.info({ account, token: hint }, "token revoked");
    return true;
  }
  const reason = cleanForeignText(errorOf(text), request.secrets, 60);
  if (reason === "unsupported_token_type") effects.log.debug({ account, token: hint }, "this kind cannot be revoked");
  else effects.log.warn({ account, token: hint, status, ...reason && { oauthError: reason } }, "token not revoked");
  return false;
}
function errorOf(text) {
  try {
    return String(JSON.parse(text)?.error ?? "");
  } catch {
    return "";
  }
}

// src/runtime/tokens/row.ts
function createRow(atOnce) {
  const waiting = [];
  const running = /* @__PURE__ */ new Set();
  const next = () => {
    const work = running.size < atOnce ? waiting.shift() : void 0;
    if (!work) return;
    const run = work().finally(() => {
      running.delete(run);
      next();
    });
    running.add(run);
  };
  return {
    get waiting() {
      return waiting.length;
    },
    push(work) {
      waiting.push(work);
      next();
    },
    async ended() {
      while (running.size > 0) await Promise.all(running);
    }
  };
}

// src/runtime/tokens/staying.ts
var nothingStays = { hasBearer: () => false, hasFamily: async () => false };
function stayingIn(generation, effects) {
  const held2 = liveAccounts(generation).flatMap(({ plan, source }) => {
    if (plan.kind !== "oauth2" || plan.needsValues) return [];
    return [{ plan, bearer: source.value?.bearer, values: source.value?.values }];
  });
  const bearers = new Set(held2.flatMap(({ bearer }) => bearer ? digest(bearer) : []));
  const families = /* @__PURE__ */ new Map();
  const familiesAt = (endpoint) => {
    const known = families.get(endpoint) ?? readFamilies(held2, endpoint, effects);
    families.set(endpoint, known);
    return known;
  };
  return {
    hasBearer: (bearer) => bearers.has(digest(bearer)),
    async hasFamily({ tokenEndpoint: tokenEndpoint2 }, family) {
      const known = await familiesAt(tokenEndpoint2.identity);
      return known === "unknown" || known.has(digest(family));
    }
  };
}
async function readFamilies(held2, endpoint, { secrets, clock }) {
  const families = /* @__PURE__ */ new Set();
  for (const { plan, values } of held2) {
    if (plan.tokenEndpoint.identity !== endpoint) continue;
    const needed = plan.identify ? plan.references : [];
    const known = values ?? await readValues(needed, secrets, clock).catch(() => void 0);
    if (!known) return "unknown";
    families.add(digest(familyOf(plan, known)));
  }
  return families;
}

// src/runtime/tokens/leaving.ts
var DELAY_MS = 1e3;
var LIMIT_MS = 3e3;
var LEAST_MS = 20;
var AT_ONCE = 16;
var MAX_LEFT = 200;
function createLeaving(effects) {
  const { clock, log } = effects;
  const row = createRow(AT_ONCE);
  const waiting = /* @__PURE__ */ new Map();
  let current;
  let endsAtMs = Infinity;
  let late = 0;
  let left = [];
  let tooMany = 0;
  const revoke2 = (remains, staying) => {
    for (const one of remains)
      row.push(async () => {
        const limitMs = Math.min(LIMIT_MS, endsAtMs - clock.monotonicMs());
        if (limitMs > LEAST_MS) await revokeTokens(one, { staying, effects, limitMs });
        else late++;
      });
  };
  const revokeSoon = (take) => {
    const start = () => {
      waiting.delete(start);
      revoke2(take(), stayingIn(current, effects));
    };
    waiting.set(start, clock.schedule(DELAY_MS, start));
  };
  const takeLeft = () => {
    if (tooMany > 0) log.warn({ accounts: tooMany }, "not revoked: too many left at once");
    const taken = left;
    left = [];
    tooMany = 0;
    return taken;
  };
  return {
    replaced(old, next) {
      current = next;
      const remains = old ? removed(old, next) : [];
      if (remains.length === 0) return;
      if (effects.fleet) return log.info({}, "tokens of removed accounts are not revoked: replicas share them");
      revokeSoon(() => remains);
    },
    left({ plan, source }) {
      const { bearer, values } = source.value ?? {};
      if (effects.fleet || !bearer || !leavesAlone(plan)) return;
      if (left.length + tooMany === 0) revokeSoon(takeLeft);
      if (left.length + row.waiting < MAX_LEFT) left.push({ plan, bearer, values, keepsFamily: true });
      else tooMany++;
    },
    async ended(last) {
      endsAtMs = clock.monotonicMs() + LIMIT_MS;
      for (const [start, cancel] of [...waiting]) {
        cancel();
        start();
      }
      revoke2(last ? ending(last) : [], nothingStays);
      await withinLimit(row.ended(), effects);
      const accounts = late + row.waiting;
      if (accounts > 0) log.warn({ accounts }, "not revoked: the time for it was over");
    }
  };
}
async function withinLimit(work, { clock }) {
  const done = new AbortController();
  const limit = clock.sleep(LIMIT_MS, done.signal).catch(() => void 0);
  await Promise.race([work, limit]);
  done.abort();
}
function identitiesIn(next) {
  return {
    identities: next.plan.owners.byIdentity,
    live: new Set(liveAccounts(next).map(({ plan }) => plan.tokenIdentity))
  };
}
function removed(old, next) {
  let known;
  return remainsOf(old, (plan) => {
    if (plan.revoke === "never") return void 0;
    known ??= identitiesIn(next);
    const { identities, live } = known;
    const key = plan.generalKey ?? plan.key;
    const general = old.plan.accounts.get(key) ?? plan;
    const stays = next.accounts.has(key);
    if (identities.has(general.tokenIdentity))
      return stays && plan !== general && !live.has(plan.tokenIdentity) && leavesAlone(plan) ? "bearer" : void 0;
    return stays ? void 0 : "all";
  });
}
function leavesAlone(plan) {
  return plan.kind === "oauth2" && plan.revoke !== "never" && !plan.onlyRefreshes;
}
function ending(last) {
  return remainsOf(last, (plan) => plan.revoke === "on_shutdown" ? "all" : void 0);
}
var revocable = selecting(({ plan }) => plan.kind === "oauth2" && plan.revoke !== "never");
function remainsOf(generation, leave) {
  const found = /* @__PURE__ */ new Map();
  for (const { plan, owner } of [...revocable(generation.accounts), ...generation.variants.accounts()]) {
    const left = plan.kind === "oauth2" && !plan.needsValues ? leave(plan) : void 0;
    if (!left || plan.kind !== "oauth2") continue;
    const { bearer, values } = owner.source.value ?? {};
    found.set(owner, { plan, bearer, values, ...left === "bearer" && { keepsFamily: true } });
  }
  return [...found.values()];
}

// src/runtime/tokens/token-pool.ts
var MAX_ENTRIES = 1e4;
function createTokenPool(clock) {
  const entries = /* @__PURE__ */ new Map();
  const flights = /* @__PURE__ */ new Map();
  const put = ({ identity, ...issued }) => {
    entries.delete(identity);
    entries.set(identity, issued);
    if (entries.size > MAX_ENTRIES) entries.delete(entries.keys().next().value);
  };
  const request = async (identity, fetch2) => {
    const flight = fetch2();
    flights.set(identity, flight);
    try {
      const fresh = await flight;
      put(fresh);
      return fresh;
    } finally {
      flights.delete(identity);
    }
  };
  return {
    async take(identity, held2, fetch2) {
      const entry = entries.get(identity);
      const { bearer, lifeMs = 0 } = entry?.picked ?? {};
      if (entry && bearer !== held2 && elapsedMs(clock, entry.since) < lifeMs - renewalMargin(lifeMs)) return entry;
      const flight = flights.get(identity);
      if (!flight) return request(identity, fetch2);
      const fresh = await flight;
      return fresh.identity === identity ? fresh : request(identity, fetch2);
    },
    drop(bearer) {
      for (const [identity, { picked }] of entries) if (picked.bearer === bearer) entries.delete(identity);
    }
  };
}

// src/runtime/executor.ts
function createExecutorWith(parts, options = {}) {
  return new RunningExecutor(parts, options);
}
var MAX_RELOADS = 10;
var servicesWithSinks = selecting(({ plan }) => plan.sinks.length > 0);
var RunningExecutor = class {
  #parts;
  #options;
  #clock;
  #log;
  #directory;
  #effects;
  #source;
  #leaving;
  #chooseState;
  #state = memoryState();
  #sinks;
  #generation;
  #reloads = [];
  #paths = [];
  #watching;
  #watchStart;
  #queue = Promise.resolve();
  constructor(parts, options) {
    this.#parts = parts;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLog;
    this.#directory = options.directory ?? process.cwd();
    this.#source = new PlanSource(this.#directory);
    const secrets = createSecretStore({
      ...options.environment && { environment: options.environment },
      accountBearer: async (reference) => fedSecret(await feed(this.#effects.feeder(reference)), reference),
      onSharedFile: (file) => this.#log.warn({ file }, `${file} holds a secret and more people can read it than its owner: chmod 600`)
    });
    const random = options.random ?? Math.random;
    const [clock, log] = [this.#clock, this.#log];
    const openShared = createOpenShared({ clock, log, random, onChange: options.onStateChange });
    this.#chooseState = createStoreChooser({ ...options, secrets, openShared, log });
    const feeder = ({ account }) => this.#running.account(account);
    this.#sinks = new Sinks({ clock, log, random, ...options.onSinkWrite && { onSinkWrite: options.onSinkWrite } });
    const discovery = createDiscovery({ tokenEndpoint, clock, log, random });
    const provers = createProvers(clock);
    const shared = { feeder, discovery, provers, pool: createTokenPool(clock), tokens: this.#state.tokens };
    this.#effects = { secrets, tokenEndpoint, ...shared, clock, log, random, ...callbacks(options) };
    this.#leaving = createLeaving(this.#effects);
    if (!options.shortRun) this.#effects.onLeft = (account) => this.#leaving.left(account);
  }
  get #running() {
    if (!this.#generation) throw new AppError("no_configuration", "no configuration is loaded");
    return this.#generation;
  }
  async load(from) {
    const paths = typeof from === "string" ? [from] : from;
    const result = await this.#enqueue(async () => {
      const isStart = this.#generation === void 0;
      return this.#activate(paths, await this.#source.load(paths, isStart));
    });
    if (!result.ok) throw new ConfigurationError(result.diagnostics);
    return result;
  }
  reload() {
    return this.#enqueue(async () => this.#activate(this.#paths, await this.#source.reload(this.#paths)));
  }
  /** A reload only when the files say something else than when they were read last. */
  #reloadChanged(suspects) {
    return this.#enqueue(async () => {
      const read = await this.#source.readChanged(this.#paths, suspects);
      return read && this.#activate(this.#paths, read);
    });
  }
  /** One after the other: two reloads at once could put the older one last. */
  #enqueue(work) {
    const run = this.#queue.then(work);
    this.#queue = run.catch(() => void 0);
    return run;
  }
  async #activate(from, read) {
    const isStart = this.#generation === void 0;
    const result = await this.#tryActivate(from, read);
    this.#reloads = [result, ...this.#reloads].slice(0, MAX_RELOADS);
    if (result.ok || !isStart) reportLoad(this.#log, result);
    this.#options.onReload?.(result.ok, result.generation, this.#clock.nowMs());
    return result;
  }
  /** Build beside the running generation, swap, retire. */
  async #tryActivate(from, { plan, files, diagnostics }) {
    const previous = this.#generation;
    const result = { at: toRfc3339(this.#clock.nowMs()), diagnostics, files };
    const refused2 = { ok: false, ...result, generation: previous?.id ?? 0 };
    if (!plan) return refused2;
    this.#state = await this.#chooseState(plan.daemon);
    Object.assign(this.#effects, { tokens: this.#state.tokens, fleet: this.#state.fleet });
    const prepared = await this.#options.prepare?.(plan);
    if (prepared) diagnostics.push(...prepared.diagnostics);
    if (hasErrors(diagnostics)) return refused2;
    const ready = await inTurns(specializeAhead(plan, previous?.variants));
    prepared?.commit();
    const next = buildGeneration(ready, this.#effects, previous);
    this.#generation = next;
    this.#paths = from;
    if (!this.#options.shortRun) this.#leaving.replaced(previous, next);
    if (previous) retireGeneration(previous, next);
    if (!this.#options.shortRun) {
      warmGeneration(next);
      void checkConnections(plan, this.#effects);
      this.#sinks.keep(servicesWithSinks(next.services));
    }
    this.#watching?.update([...from], plan.secretFiles);
    return { ok: true, ...result, generation: next.id, changes: diffGenerations(previous, next) };
  }
  async authorize(name, { minTtlMs = 0, params, request } = {}) {
    const service = this.service(name, params);
    return toAuthorization(service, service.current(minTtlMs) ?? await service.authorize(minTtlMs), request);
  }
  client(name, { params } = {}) {
    return createClient(() => this.service(name, params), this.#effects);
  }
  forget(name, { params } = {}) {
    this.service(name, params).account.source.forget();
  }
  service(name, params) {
    return this.#running.service(name, params);
  }
  action(name) {
    return this.#running.action(name);
  }
  deliver(name, options = {}) {
    const action = this.action(name);
    const { service } = action.plan;
    const context = {
      action,
      service: (params) => service === void 0 ? void 0 : this.service(service, params),
      clock: this.#clock,
      random: this.#effects.random,
      directory: this.#directory
    };
    if (!this.#parts.deliver) throw new Error("this executor delivers nothing");
    return this.#parts.deliver(context, options);
  }
  definition(name) {
    return this.#running.definition(name);
  }
  /** One watcher, however often it is asked for. */
  watch({ pollIntervalMs = 3e4 } = {}) {
    this.#watchStart ??= this.#startWatching(pollIntervalMs);
    return this.#watchStart;
  }
  async #startWatching(pollIntervalMs) {
    this.#watching = await this.#parts.watchPaths({
      paths: [...this.#paths],
      secretFiles: this.#running.plan.secretFiles,
      directory: this.#directory,
      pollIntervalMs,
      log: this.#log,
      onHint: async (suspects) => {
        const noSecrets = typeof suspects !== "string" && this.#source.knows(suspects);
        await this.#reloadChanged(suspects);
        if (!noSecrets) await this.#running.checkSecrets();
        this.#options.onFilesChecked?.();
      }
    });
  }
  get generation() {
    return this.#generation;
  }
  get lastReload() {
    return this.#reloads[0];
  }
  get reloads() {
    return this.#reloads;
  }
  get state() {
    return this.#state;
  }
  get daemonSettings() {
    return this.#generation?.plan.daemon ?? {};
  }
  async [Symbol.asyncDispose]() {
    await this.#watchStart?.catch(() => void 0);
    await this.#watching?.stop();
    await this.#queue;
    this.#sinks.stop();
    if (!this.#options.shortRun) await this.#leaving.ended(this.#state.fleet ? void 0 : this.#generation);
    if (this.#generation) retireGeneration(this.#generation, void 0);
    await this.#sinks.settled();
    await this.#state.close();
  }
};
function callbacks({ onTokenRequest, onExpiry, onClientSecret, trace }) {
  return {
    ...onTokenRequest && { onTokenRequest },
    ...onExpiry && { onExpiry },
    ...onClientSecret && { onClientSecret },
    ...trace && { trace }
  };
}

// src/runtime/watch-files.ts
import { dirname as dirname2, resolve, sep as sep2 } from "node:path";

// src/runtime/places.ts
import { realpath as realpath2, stat } from "node:fs/promises";
async function placesOf(paths) {
  return (await Promise.all(paths.map(placeOf))).join("\n");
}
async function placeOf(path) {
  try {
    const place = await realpath2(path);
    const { dev, ino } = await stat(place);
    return `${place} ${dev}:${ino}`;
  } catch (error) {
    return systemErrorCode(error) ?? "unknown";
  }
}

// src/runtime/watch-files.ts
var SETTLE_MS = 30;
var MAX_SETTLE_MS = 1e3;
var PLACES_INTERVAL_MS = 1e3;
var MS_PER_PLACE = 5;
var EVENTLESS_INTERVAL_MS = 5e3;
var watchFiles = async (request) => {
  const { watch } = await import("chokidar");
  const onDisk = (paths, { ignored }) => watch(paths, { ignoreInitial: true, ignorePermissionErrors: true, ignored });
  return watchFilesBy(onDisk, request);
};
async function watchFilesBy(watchEvents, request) {
  let watched = watchedOf(request.paths, request.secretFiles, request.directory);
  const hints = settledHints(request);
  const watcher = watchEvents([...watched.targets], { ignored: (path) => !isRelevant(path, watched) });
  const poll = polling(() => hints.hint("all"), request.pollIntervalMs);
  watcher.on("all", (event, path) => hints.hint(event === "change" ? /* @__PURE__ */ new Set([String(path)]) : "times"));
  watcher.on("error", (error) => {
    const intervalMs = Math.min(request.pollIntervalMs, EVENTLESS_INTERVAL_MS);
    if (poll.hasten(intervalMs)) request.log.warn({ intervalMs }, unreliable(error));
  });
  await new Promise((ready) => watcher.once("ready", () => ready()));
  let places = await placesOf(watched.places);
  const links = polling(
    async () => {
      const now = await placesOf(watched.places);
      if (now !== places) hints.hint("all");
      places = now;
    },
    Math.max(PLACES_INTERVAL_MS, watched.places.length * MS_PER_PLACE)
  );
  hints.hint("all");
  return {
    update(paths, secretFiles) {
      const before = watched.targets;
      watched = watchedOf(paths, secretFiles, request.directory);
      const after = watched.targets;
      watcher.unwatch([...before].filter((path) => !after.has(path)));
      watcher.add([...after].filter((path) => !before.has(path)));
    },
    async stop() {
      poll.stop();
      links.stop();
      await watcher.close();
      await hints.stop();
    }
  };
}
function unreliable(error) {
  const code = systemErrorCode(error) ?? "unknown reason";
  return `file events are not reliable (${code}): files are read again and again instead${ADVICE2[code] ?? ""}`;
}
var ADVICE2 = {
  ENOSPC: "; raise fs.inotify.max_user_watches",
  EMFILE: "; raise fs.inotify.max_user_instances, or the limit of open files"
};
function settledHints({ onHint, log }) {
  let stopped = false;
  let settling;
  let unsettledSinceMs;
  let suspects = NONE;
  let running = Promise.resolve();
  const follow = () => {
    unsettledSinceMs = void 0;
    running = running.then(async () => {
      const meant = suspects;
      suspects = NONE;
      if (!stopped) await onHint(meant);
    }).catch((error) => log.error({ error: String(error) }, "watching failed; it goes on"));
  };
  return {
    hint(more) {
      if (stopped) return;
      suspects = both(suspects, more);
      unsettledSinceMs ??= performance.now();
      if (performance.now() - unsettledSinceMs > MAX_SETTLE_MS) return;
      clearTimeout(settling);
      settling = setTimeout(follow, SETTLE_MS);
    },
    async stop() {
      stopped = true;
      clearTimeout(settling);
      await running;
    }
  };
}
var NONE = /* @__PURE__ */ new Set();
function both(a, b) {
  if (a === "all" || b === "all") return "all";
  return a === "times" || b === "times" ? "times" : /* @__PURE__ */ new Set([...a, ...b]);
}
function polling(look, intervalMs) {
  let timer = setInterval(look, intervalMs).unref();
  let hastened = false;
  return {
    /** True the first time. */
    hasten(shorterMs) {
      if (hastened) return false;
      hastened = true;
      clearInterval(timer);
      timer = setInterval(look, shorterMs).unref();
      return true;
    },
    stop: () => clearInterval(timer)
  };
}
function watchedOf(paths, secretFiles, directory) {
  const folders = secretFiles.filter((path) => path.endsWith(sep2)).map((path) => path.slice(0, -1));
  const roots = [...paths.map((path) => resolve(directory, withoutWildcards(path))), ...folders];
  const files = [...roots, ...secretFiles.filter((path) => !path.endsWith(sep2))];
  const firstOfFolder = new Map(files.map((file) => [dirname2(file), file]));
  return {
    roots,
    targets: /* @__PURE__ */ new Set([...files, ...firstOfFolder.keys()]),
    places: [.../* @__PURE__ */ new Set([...roots, ...firstOfFolder.keys(), ...firstOfFolder.values()])]
  };
}
function withoutWildcards(path) {
  return /[*?[{]/.test(path) ? path.replace(/[^/]*[*?[{].*$/, "") : path;
}
function isRelevant(path, { roots, targets }) {
  if (targets.has(path)) return true;
  return roots.some((root) => path.startsWith(`${root}${sep2}`) && !path.includes("node_modules"));
}

// src/index.ts
function createExecutor(options = {}) {
  return createExecutorWith({ watchPaths: watchFiles, deliver: deliverNow }, options);
}

export {
  REAL_EFFECTS,
  repeatsOf,
  isConnectionFailure,
  MAX_REPLAYABLE_BYTES,
  changedSettings,
  ConfigurationError,
  createExecutor
};
