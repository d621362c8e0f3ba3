import {
  GRANT_MEMBERS,
  analyzePath,
  atOnce,
  compilePattern,
  fitsInScope,
  grantTypeOf,
  keyShapeOf,
  locateFinding,
  mapInSteps,
  readRejections,
  readScope,
  rememberNothing,
  withoutRepeats
} from "./shared-pattern.js";
import {
  parseSize
} from "./shared-size.js";
import {
  HOST_CHARACTERS,
  allValues,
  analyzeUri,
  at,
  constantsOf,
  definitionScopes,
  holdsSecret,
  injectScope,
  inputSchemaFault,
  isBearer,
  isLoopback,
  isSecretName,
  oauth2Parts,
  parametersOf,
  parseDuration,
  parseTemplate,
  publishedHosts,
  readSecret,
  readText,
  readVariables,
  refreshScope,
  templateOf
} from "./shared-template.js";
import {
  looksLikeSecret
} from "./shared-secret-shape.js";
import {
  hasErrors,
  parseFile,
  sortDiagnostics
} from "./shared-yaml.js";
import {
  lineIndex
} from "./shared-source.js";
import {
  createDidYouMean,
  didYouMean,
  didYouMeanCode,
  suggest
} from "./shared-leven.js";

// src/config/definitions/read-client-assertion.ts
import { dirname, resolve } from "node:path";

// src/config/definitions/read-json.ts
function readJson(raw, place) {
  if (typeof raw === "string") return { kind: "text", value: readText(raw, place) };
  if (Array.isArray(raw)) return { kind: "list", items: raw.map((item, index) => readJson(item, at(place, index))) };
  if (typeof raw !== "object" || raw === null)
    return { kind: "literal", value: raw ?? null };
  return { kind: "object", members: Object.entries(raw).map(([name, item]) => [name, readJson(item, at(place, name))]) };
}

// src/config/definitions/read-client-assertion.ts
var ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:";
var DEFAULT_ASSERTION_LIFETIME_MS = 6e4;
function readClientAssertion(raw, account) {
  if (raw.clientAuthMethod !== "client_secret_jwt" && raw.clientAuthMethod !== "private_key_jwt") return {};
  const { clientAssertion: clientAssertion2 = {} } = raw;
  const place = at(account, "clientAssertion");
  return {
    clientAssertion: clientAssertion2.file === void 0 ? { kind: "signed", in: clientAssertion2.in ?? "body", ...readSignedAssertion(clientAssertion2, place) } : { kind: "kept", ...readKeptAssertion(clientAssertion2, place) }
  };
}
function readSignedAssertion(raw, place) {
  return {
    ...raw.key !== void 0 && { key: readSecret(raw.key, at(place, "key")) },
    ...raw.alg !== void 0 && { alg: raw.alg },
    ...raw.kid !== void 0 && { kid: readText(raw.kid, at(place, "kid")) },
    ...raw.x5t !== void 0 && { x5t: readText(raw.x5t, at(place, "x5t")) },
    ...raw.typ !== void 0 && { typ: raw.typ },
    ...raw.audience !== void 0 && { audience: readText(raw.audience, at(place, "audience")) },
    lifetimeMs: parseDuration(raw.lifetime ?? "") ?? DEFAULT_ASSERTION_LIFETIME_MS,
    claims: readJson(raw.claims ?? {}, at(place, "claims"))
  };
}
function readKeptAssertion({ file, type, at: pointer }, place) {
  const directory = dirname(place.document.source.path);
  const reference = {
    kind: "file",
    path: resolve(directory, file),
    ...file.includes("{{") && { template: { text: file, directory } },
    kept: pointer === void 0 ? {} : { at: pointer }
  };
  return {
    value: { kind: "secret", reference, place },
    ...type !== void 0 && { type: type.includes(":") ? type : `${ASSERTION_TYPE}${type}` }
  };
}

// src/config/definitions/read-connection.ts
function readConnection({ tls = {}, proxy }, place) {
  const file = (key) => {
    const path = tls[key];
    return path === void 0 ? {} : { [key]: fileValue(path, at(place, "tls", key), key !== "keyFile") };
  };
  return {
    ...file("caFile"),
    ...file("certFile"),
    ...file("keyFile"),
    ...tls.serverName !== void 0 && { serverName: tls.serverName },
    ...proxy !== void 0 && { proxy: readText(proxy, at(place, "proxy")) }
  };
}
function fileValue(path, place, isPublic) {
  const value = readText({ file: path }, place);
  if (!isPublic || value.kind !== "secret" || value.reference.kind !== "file") return value;
  return { ...value, reference: { ...value.reference, public: true } };
}

// src/config/definitions/read-grant.ts
function readGrant(raw, place) {
  const { assertion, refreshToken } = raw;
  const values = {};
  if (refreshToken !== void 0) values.refreshToken = readSecret(refreshToken, at(place, "refreshToken"));
  if (isSigned(assertion)) values.signedAssertion = readSignedAssertion(assertion, at(place, "assertion"));
  else if (assertion !== void 0) values.assertion = readToken(assertion, at(place, "assertion"));
  for (const key of ["subjectToken", "actorToken"]) {
    const token = raw[key];
    if (token !== void 0) values[key] = readToken(token, at(place, key));
  }
  for (const key of ["subjectTokenType", "actorTokenType", "requestedTokenType"]) {
    const type = raw[key];
    if (type !== void 0) values[key] = readText(type, at(place, key));
  }
  return values;
}
function isSigned(assertion) {
  return typeof assertion === "object" && "key" in assertion;
}
function readToken(raw, place) {
  const kept = typeof raw === "object" && "file" in raw && "at" in raw;
  return kept ? readKeptAssertion(raw, place).value : readSecret(raw, place);
}

// src/config/definitions/read-inject.ts
function readInject(raw, place) {
  const where = raw.in ?? "header";
  return {
    in: where,
    name: raw.name ?? "Authorization",
    prefix: raw.prefix ?? (where === "header" ? "Bearer " : ""),
    prefixWritten: raw.prefix !== void 0,
    value: readText(raw.value ?? "{{bearer}}", at(place, "value")),
    place
  };
}

// src/config/definitions/read-token-request.ts
function readTokenRequest(raw, place) {
  return {
    audience: readTexts(raw.audience, at(place, "audience")),
    resource: readTexts(raw.resource, at(place, "resource")),
    tokenRequest: readSettings(raw.tokenRequest, at(place, "tokenRequest"))
  };
}
function readTexts(raw, place) {
  if (raw === void 0) return [];
  return Array.isArray(raw) ? raw.map((text, index) => readText(text, at(place, index))) : [readText(raw, place)];
}
function readSettings(raw = {}, place) {
  const method = raw.method ?? "POST";
  return {
    method,
    format: method === "GET" ? "query" : raw.format ?? "form",
    ...readSent(raw, place),
    names: raw.names ?? {},
    scopeSeparator: raw.scopeSeparator ?? " ",
    ...raw.grantType !== void 0 && { grantType: raw.grantType },
    ...raw.clientIdInBody !== void 0 && { clientIdInBody: raw.clientIdInBody }
  };
}
function readSent(raw, place) {
  return {
    params: Object.entries(raw.params ?? {}).map(([name, param]) => readNamed(name, param, at(place, "params"))),
    headers: Object.entries(raw.headers ?? {}).map(
      ([name, value]) => ({ name, value: readValue(name, value, at(place, "headers", name)) })
    )
  };
}
function readRefresh(raw, place) {
  if (typeof raw === "string") return raw;
  return {
    ...raw.accessTokenUri !== void 0 && {
      accessTokenUri: readText(raw.accessTokenUri, at(place, "accessTokenUri"))
    },
    ...readSent(raw, place),
    token: raw.token ?? "/refresh_token"
  };
}
function readNamed(name, raw, parent) {
  return { name, param: readParam(name, raw, at(parent, name)) };
}
function readParam(name, raw, place) {
  if (typeof raw === "number" || typeof raw === "boolean") return { kind: "constant", constant: raw, place };
  if (typeof raw === "string" || isReference(raw)) return { kind: "value", value: readValue(name, raw, place), place };
  if (Array.isArray(raw))
    return { kind: "list", items: raw.map((item, index) => readParam(name, item, at(place, index))), place };
  return { kind: "mapping", entries: Object.entries(raw).map(([key, item]) => readNamed(key, item, place)), place };
}
var REFERENCE_KEYS = /* @__PURE__ */ new Set(["env", "file", "exec", "systemd", "account"]);
function isReference(raw) {
  const keys = Object.keys(raw);
  if (Array.isArray(raw)) return false;
  return keys.length === 1 ? REFERENCE_KEYS.has(keys[0]) : keys.sort().join() === "account,field";
}
function readValue(name, raw, place) {
  return isSecretName(name) ? readSecret(raw, place, "template") : readText(raw, place);
}

// src/config/definitions/read-token-response.ts
function readTokenResponseRule(raw) {
  const { token, expires, success, error, publish = {} } = raw;
  return {
    ...token !== void 0 && { token: readTokenPlace(token) },
    ...expires && { expires: { at: expires.at, as: expires.as ?? "seconds" } },
    ...success && { success: { at: success.at, equals: success.equals } },
    ...error !== void 0 && { error },
    publish: Object.entries(publish).map(([name, entry]) => ({
      name,
      at: entry.at,
      ...entry.hosts && { hosts: entry.hosts }
    }))
  };
}
function readTokenPlace(token) {
  if (token === "text") return { kind: "text" };
  if (typeof token === "string") return { kind: "members", pointers: [token] };
  return Array.isArray(token) ? { kind: "members", pointers: token } : { kind: "header", name: token.header };
}
function readLifetime(raw = {}) {
  const [defaultMs, maxMs] = [parseDuration(raw.default ?? ""), parseDuration(raw.max ?? "")];
  const [refreshBeforeMs, minIntervalMs] = [
    parseDuration(raw.refreshBefore ?? ""),
    parseDuration(raw.minInterval ?? "")
  ];
  return {
    ...defaultMs !== void 0 && { defaultMs },
    ...maxMs !== void 0 && { maxMs },
    ...refreshBeforeMs !== void 0 && { refreshBeforeMs },
    ...minIntervalMs !== void 0 && { minIntervalMs }
  };
}

// src/config/definitions/read-account.ts
var DEFAULT_ACCOUNT_TIMEOUT_MS = 1e4;
function readAccount(names, raw, place) {
  return {
    ...names,
    ...raw.title !== void 0 && { title: raw.title },
    place,
    vars: readVariables(raw.vars, at(place, "vars")),
    authorization: readAuthorization(raw, place)
  };
}
function readAuthorization(raw, place) {
  switch (raw.authorization ?? "oauth2") {
    case "header":
      return { kind: "header", values: readNamedValues(raw.header, at(place, "header")) };
    case "query":
      return { kind: "query", values: readNamedValues(raw.query, at(place, "query")) };
    case "basic":
      return { kind: "basic", ...readUser(raw, place) };
    case "none":
      return { kind: "none" };
    case "oauth2":
      return { kind: "oauth2", oauth2: readOAuth2(raw, place) };
  }
}
function readUser(raw, place) {
  return {
    username: readText(raw.username, at(place, "username")),
    password: readSecret(raw.password, at(place, "password"))
  };
}
function readOAuth2(raw, place) {
  return {
    ...raw.accessTokenUri !== void 0 && {
      accessTokenUri: readText(raw.accessTokenUri, at(place, "accessTokenUri"))
    },
    ...raw.issuer !== void 0 && { issuer: readText(raw.issuer, at(place, "issuer")) },
    ...raw.clientId !== void 0 && { clientId: readText(raw.clientId, at(place, "clientId")) },
    clientSecrets: readClientSecrets(raw.clientSecret, at(place, "clientSecret")),
    clientAuthMethod: raw.clientAuthMethod ?? (raw.clientId === void 0 ? "none" : "client_secret_basic"),
    ...readClientAssertion(raw, place),
    basicEncoding: raw.basicEncoding ?? "form",
    grant: raw.grant ?? "client_credentials",
    ...raw.grant === "password" && readUser(raw, place),
    ...readGrant(raw, place),
    ...readTokenRequest(raw, place),
    ...readScope(raw.scope, at(place, "scope")),
    bearerTokenType: raw.bearerTokenType ?? "access_token",
    ...readDpop(raw.dpop, at(place, "dpop")),
    refresh: readRefresh(raw.refresh ?? "auto", at(place, "refresh")),
    ...raw.tokenResponse && { tokenResponse: readTokenResponseRule(raw.tokenResponse) },
    lifetime: readLifetime(raw.lifetime),
    ...raw.inject && { inject: readInject(raw.inject, at(place, "inject")) },
    keepWarm: raw.keepWarm ?? false,
    revoke: raw.revoke ?? "never",
    ...raw.revocationUri !== void 0 && { revocationUri: readText(raw.revocationUri, at(place, "revocationUri")) },
    timeoutMs: parseDuration(raw.timeout ?? "") ?? DEFAULT_ACCOUNT_TIMEOUT_MS,
    connection: readConnection(raw, place),
    allowHttp: raw.allowHttp ?? false
  };
}
function readClientSecrets(raw, place) {
  if (Array.isArray(raw)) return raw.map((item, index) => readSecret(item, at(place, index)));
  return raw === void 0 ? [] : [readSecret(raw, place)];
}
function readDpop(raw, place) {
  if (!raw) return {};
  const { key, alg } = raw === true ? {} : raw;
  return {
    dpop: { ...key !== void 0 && { key: readSecret(key, at(place, "key")) }, ...alg !== void 0 && { alg } }
  };
}
function readNamedValues(raw, place) {
  if (!Array.isArray(raw)) return [{ name: raw.name, value: readSecret(raw.value, at(place, "value"), "template") }];
  return raw.map((item, index) => ({
    name: item.name,
    value: readSecret(item.value, at(place, index, "value"), "template")
  }));
}

// src/config/definitions/read-action.ts
var DEFAULT_KEPT_BYTES = 64 * 1024;
function readAction(name, raw, place) {
  const target = raw.url === void 0 ? "path" : "url";
  return {
    name,
    ...raw.title !== void 0 && { title: raw.title },
    place,
    vars: readVariables(raw.vars, at(place, "vars")),
    type: raw.type,
    ...raw.authenticateWith !== void 0 && { service: raw.authenticateWith },
    target: { kind: target, value: readText(raw[target], at(place, target)) },
    method: raw.method ?? "POST",
    headers: readNamed2(raw.headers, at(place, "headers")),
    content: readContent(raw.content ?? {}, at(place, "content")),
    files: raw.files ?? "each",
    ...raw.outputFileName !== void 0 && {
      outputFileName: readText(raw.outputFileName, at(place, "outputFileName"))
    },
    ...raw.input && { input: raw.input },
    ...raw.successStatus && { successStatus: raw.successStatus },
    retry: {
      attempts: raw.retry?.attempts ?? 10,
      attemptsNow: raw.retry?.attempts ?? 3,
      minDelayMs: parseDuration(raw.retry?.minDelay ?? "") ?? 1e3,
      maxDelayMs: parseDuration(raw.retry?.maxDelay ?? "") ?? 6e5,
      ...raw.retry?.on && { on: raw.retry.on }
    },
    ordered: raw.ordered ?? false,
    ...raw.idempotencyKey !== void 0 && {
      idempotencyKey: readText(raw.idempotencyKey, at(place, "idempotencyKey"))
    },
    ...raw.keepResponse && { keepResponseBytes: parseSize(raw.keepResponse.maxSize ?? "") ?? DEFAULT_KEPT_BYTES }
  };
}
function readNamed2(raw, place) {
  return Object.entries(raw ?? {}).map(([name, value]) => ({ name, value: readText(value, at(place, name)) }));
}
function readContent(raw, place) {
  if (raw.file) return { kind: "file", ...typeOf(raw.file) };
  if (raw.multipart) {
    const { field = "file", fields } = raw.multipart;
    return {
      kind: "multipart",
      field,
      fields: readNamed2(fields, at(place, "multipart", "fields")),
      ...typeOf(raw.multipart)
    };
  }
  if (raw.text) {
    const { template, contentType = "text/plain; charset=utf-8" } = raw.text;
    return { kind: "text", template: readText(template, at(place, "text", "template")), contentType };
  }
  if (raw.form) return { kind: "form", fields: readNamed2(raw.form, at(place, "form")) };
  return "json" in raw ? { kind: "json", json: readJson(raw.json, at(place, "json")) } : { kind: "none" };
}
function typeOf({ contentType }) {
  return contentType === void 0 ? {} : { contentType };
}

// src/config/definitions/read-daemon.ts
import { dirname as dirname2, resolve as resolve2 } from "node:path";
function readDaemon(raw, place) {
  return {
    ...raw.listen !== void 0 && { listen: raw.listen },
    ...raw.adminListen !== void 0 && { adminListen: raw.adminListen },
    ...raw.limits && { limits: readLimits(raw.limits) },
    ...raw.socket && { socket: raw.socket },
    ...raw.tls && { tls: readTls(raw.tls, dirname2(place.document.source.path)) },
    ...raw.callers !== void 0 && { callers: readCallers(raw.callers, at(place, "callers")) },
    ...raw.log?.level !== void 0 && { logLevel: raw.log.level },
    ...raw.log?.format !== void 0 && { logFormat: raw.log.format },
    ...raw.state?.dir !== void 0 && { stateDir: resolve2(dirname2(place.document.source.path), raw.state.dir) },
    ...amount("keepDeliveredMs", raw.state?.keepDelivered, parseDuration),
    ...amount("maxStateBytes", raw.state?.maxSize, parseSize),
    ...readStateDatabase(raw.state ?? {}, at(place, "state")),
    place
  };
}
function amount(key, text, parse) {
  const value = text === void 0 ? void 0 : parse(text);
  return value === void 0 ? {} : { [key]: value };
}
function readStateDatabase({ url, encryptionKey }, place) {
  if (url === void 0 || encryptionKey === void 0) return {};
  const keys = at(place, "encryptionKey");
  const encryptionKeys = Array.isArray(encryptionKey) ? encryptionKey.map((key, index) => readSecret(key, at(keys, index))) : [readSecret(encryptionKey, keys)];
  return { stateDatabase: { url: readSecret(url, at(place, "url")), encryptionKeys } };
}
function readCallers(raw, place) {
  return Object.entries(raw).filter(([name]) => !name.startsWith("x-")).map(([name, caller2]) => readCaller(name, caller2, at(place, name)));
}
function readCaller(name, raw, place) {
  return {
    name,
    place,
    ...raw.token !== void 0 && { token: readSecret(raw.token, at(place, "token")) },
    ...raw.tokenSha256 !== void 0 && { tokenSha256: raw.tokenSha256.toLowerCase() },
    ...raw.certificate && { certificate: readCertificate(raw.certificate, at(place, "certificate")) },
    services: raw.services ?? [],
    actions: raw.actions ?? [],
    parameters: Object.entries(raw.parameters ?? {}).map(([parameter2, allowed]) => ({
      name: parameter2,
      place: at(place, "parameters", parameter2),
      allowed: Array.isArray(allowed) ? { values: allowed } : { pattern: allowed.pattern }
    }))
  };
}
var DEFAULT_LIMITS = {
  headersBytes: 32 * 1024,
  headersTimeoutMs: 15e3,
  bodyTimeoutMs: 6e4,
  idleMs: 65e3,
  connections: 1e4,
  maxQueued: 100,
  maxDeliveries: 16,
  maxDeliveriesPerAction: 4
};
function readLimits(raw) {
  const requestBodyBytes = parseSize(raw.requestBody ?? "");
  return {
    headersBytes: parseSize(raw.headers ?? "") ?? DEFAULT_LIMITS.headersBytes,
    headersTimeoutMs: parseDuration(raw.headersTimeout ?? "") ?? DEFAULT_LIMITS.headersTimeoutMs,
    bodyTimeoutMs: parseDuration(raw.bodyTimeout ?? "") ?? DEFAULT_LIMITS.bodyTimeoutMs,
    idleMs: parseDuration(raw.idle ?? "") ?? DEFAULT_LIMITS.idleMs,
    connections: raw.connections ?? DEFAULT_LIMITS.connections,
    ...requestBodyBytes !== void 0 && { requestBodyBytes },
    ...raw.maxConcurrent !== void 0 && { maxConcurrent: raw.maxConcurrent },
    maxQueued: raw.maxQueued ?? DEFAULT_LIMITS.maxQueued,
    maxDeliveries: raw.maxDeliveries ?? DEFAULT_LIMITS.maxDeliveries,
    maxDeliveriesPerAction: raw.maxDeliveriesPerAction ?? DEFAULT_LIMITS.maxDeliveriesPerAction
  };
}
function readTls({ certFile, keyFile, caFile }, directory) {
  return {
    certFile: resolve2(directory, certFile),
    keyFile: resolve2(directory, keyFile),
    ...caFile !== void 0 && { caFile: resolve2(directory, caFile) }
  };
}
function readCertificate({ file, sha256, subject, san }, place) {
  if (file !== void 0) return { file: readSecret({ file }, place) };
  if (subject !== void 0) return { subject };
  if (san !== void 0) return { san };
  return { sha256: sha256.replaceAll(":", "").toLowerCase() };
}

// src/config/definitions/read-retry.ts
var DEFAULT_ON = ["connection", 429, 502, 503, 504];
var DEFAULT_MAX_DELAY_MS = 1e4;
function readRetry({ attempts = 3, on = DEFAULT_ON, maxDelay = "" }) {
  return {
    attempts,
    statuses: on.filter((when) => typeof when === "number"),
    connection: on.includes("connection"),
    maxDelayMs: parseDuration(maxDelay) ?? DEFAULT_MAX_DELAY_MS
  };
}

// src/config/definitions/read-sinks.ts
import { dirname as dirname3, resolve as resolve3 } from "node:path";
var DEFAULT_MODE = "0600";
function readSinks(raw, { document }) {
  return raw.map(({ file, format = "token", mode = DEFAULT_MODE }) => ({
    path: resolve3(dirname3(document.source.path), file),
    format,
    mode: Number.parseInt(mode, 8)
  }));
}

// src/config/definitions/definitions.ts
var DEFAULT_SERVICE_TIMEOUT_MS = 3e4;
var DEFAULT_PARAMETER_LIMIT = 1e4;
var DEFAULT_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._-]*$";
function readDefinitions(document, refused) {
  const reading = {
    document,
    vars: {},
    accounts: [],
    services: [],
    actions: [],
    daemon: {},
    declared: [],
    isNamed: isNamed(document),
    isComplete: true
  };
  readSection(reading, "vars", refused, (name, raw, place) => {
    reading.vars[name] = readText(raw, place);
  });
  readSection(reading, "accounts", refused, (name, raw, place) => {
    reading.accounts.push(readAccount({ name, key: name }, raw, place));
  });
  readSection(reading, "services", refused, (name, raw, place) => addService(reading, name, raw, place));
  readSection(reading, "actions", refused, (name, raw, place) => {
    reading.actions.push(readAction(name, raw, place));
  });
  addDaemon(reading, refused);
  return withValues(reading);
}
function withValues(reading) {
  const values = allValues(reading);
  return { ...reading, values, bearers: values.filter(isBearer) };
}
function withoutDeclared(definitions, others) {
  const ids = new Set(others.map(({ id }) => id));
  const isOwn = (kind, name) => !ids.has(idOf(kind, name));
  const { vars, accounts, services, actions, daemon } = definitions;
  return withValues({
    ...definitions,
    vars: Object.fromEntries(Object.entries(vars).filter(([name]) => isOwn("variable", name))),
    accounts: accounts.filter(({ key, name }) => isOwn(key === name ? "account" : "service", name)),
    services: services.filter(({ name }) => isOwn("service", name)),
    actions: actions.filter(({ name }) => isOwn("action", name)),
    daemon: isOwn("daemon", "daemon") ? daemon : {}
  });
}
function idOf(kind, name) {
  return `${kind} ${name}`;
}
var KINDS = { vars: "variable", accounts: "account", services: "service", actions: "action" };
function isNamed({ value }) {
  if (value === null || value === void 0) return true;
  if (!isMapping(value)) return false;
  return Object.entries(value).every(
    ([key, part]) => key in KINDS ? isMapping(part) : key === "version" || key === "daemon" || key.startsWith("x-")
  );
}
function isMapping(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function readSection(reading, section, refused, add) {
  const { document } = reading;
  const entries = document.value?.[section];
  if (!isMapping(entries)) return;
  const kind = KINDS[section];
  for (const [name, raw] of Object.entries(entries)) {
    if (kind !== "variable" && name.startsWith("x-")) continue;
    const place = { document, path: [section, name] };
    reading.declared.push({ kind, name, id: idOf(kind, name), place });
    if (refused.isRefused(place.path)) reading.isComplete = false;
    if (!refused.isUnreadable(place.path)) add(name, raw, place);
  }
}
function addService(reading, name, raw, place) {
  const inPlace = typeof raw.account !== "string";
  const account = inPlace ? `services.${name}` : raw.account;
  if (inPlace)
    reading.accounts.push(readAccount({ name, key: account }, raw.account, at(place, "account")));
  reading.services.push({
    name,
    ...raw.title !== void 0 && { title: raw.title },
    place,
    vars: readVariables(raw.vars, at(place, "vars")),
    parameters: Object.entries(raw.parameters ?? {}).map(([parameter2, { pattern, default: value }]) => ({
      name: parameter2,
      pattern: pattern ?? DEFAULT_PATTERN,
      ...value !== void 0 && { default: value }
    })),
    parameterLimit: raw.parameterLimit ?? DEFAULT_PARAMETER_LIMIT,
    ...raw.allow && { allow: raw.allow },
    ...raw.reauthenticateOn && { reauthenticateOn: readRejections(raw.reauthenticateOn) },
    ...raw.retry && { retry: readRetry(raw.retry) },
    sinks: readSinks(raw.sinks ?? [], place),
    ...raw.listen !== void 0 && { listen: raw.listen },
    account,
    serverUrl: readText(raw.serverUrl, at(place, "serverUrl")),
    timeoutMs: parseDuration(raw.timeout ?? "") ?? DEFAULT_SERVICE_TIMEOUT_MS,
    ...raw.timeoutMessage !== void 0 && { timeoutMessage: raw.timeoutMessage },
    ...raw.healthCheck !== void 0 && { healthCheck: raw.healthCheck },
    headers: Object.entries(raw.headers ?? {}).map(([header, value]) => ({
      name: header,
      value: readText(value, at(place, "headers", header))
    })),
    ...raw.inject && { inject: readInject(raw.inject, at(place, "inject")) },
    connection: readConnection(raw, place),
    allowHttp: raw.allowHttp ?? false
  });
}
function addDaemon(reading, refused) {
  const { document } = reading;
  const raw = document.value?.daemon;
  if (raw === void 0) return;
  const place = { document, path: ["daemon"] };
  reading.declared.push({ kind: "daemon", name: "daemon", id: idOf("daemon", "daemon"), place });
  if (!refused.isUnreadable(place.path)) reading.daemon = readDaemon(raw, place);
}

// src/config/rules/account-without-bearer.ts
var accountWithoutBearer = {
  scope: "configuration",
  codes: ["reference/no-bearer"],
  severity: "error",
  gather: ({ services }) => services.filter(({ inject }) => inject),
  check(draft, report, injecting) {
    const accounts = draft.accounts;
    for (const { value } of draft.bearers) {
      const kind = accounts.get(value.reference.account)?.authorization.kind;
      if (kind === void 0 || kind === "oauth2") continue;
      const place = { document: value.place.document, path: [...value.place.path, "account"] };
      report({
        place,
        message: `account \`${value.reference.account}\` has no bearer: its authorization is \`${kind}\``,
        hint: "only an account with `authorization: oauth2` has one"
      });
    }
    for (const { inject, account } of injecting) {
      const kind = accounts.get(account)?.authorization.kind;
      if (!inject || kind === void 0 || kind === "oauth2") continue;
      report({
        place: inject.place,
        part: "key",
        message: `\`inject\` takes a bearer, and the account has none: its authorization is \`${kind}\``,
        hint: "remove it: such an account says itself what is sent"
      });
    }
  }
};

// src/config/rules/action-input.ts
var actionInput = {
  scope: "part",
  codes: ["action/input-schema"],
  severity: "error",
  check(part, report) {
    for (const { input, place } of part.actions) {
      const fault = input && inputSchemaFault(input);
      if (!fault) continue;
      report({
        place: { document: place.document, path: [...place.path, "input", ...fault.path] },
        part: "key",
        message: `\`input\` is not a valid JSON Schema: ${fault.message}`,
        hint: fault.hint ?? "JSON Schema 2020-12, such as `type: object` with `properties`"
      });
    }
  }
};

// src/config/rules/assertion-audience.ts
var assertionAudience = {
  scope: "part",
  codes: ["oauth/assertion-audience"],
  severity: "warning",
  check(part, report) {
    const { scopes } = part;
    for (const account of part.accounts) {
      if (account.authorization.kind !== "oauth2") continue;
      const { clientAuthMethod, clientAssertion: assertion, accessTokenUri, issuer } = account.authorization.oauth2;
      if (clientAuthMethod !== "private_key_jwt" || assertion?.kind !== "signed") continue;
      if (!assertion.audience || !accessTokenUri || !issuer) continue;
      const scope = scopes.of(account);
      const [audience, endpoint] = [constantText(assertion.audience, scope), constantText(accessTokenUri, scope)];
      if (audience === void 0 || endpoint === void 0) continue;
      if (withoutQuery(audience) !== withoutQuery(endpoint) || audience === constantText(issuer, scope)) continue;
      report({
        place: assertion.audience.place,
        message: "an assertion for the token endpoint can be used by whoever names that URL as its own",
        hint: "leave `audience` out: the issuer is the default; if the provider wants its token endpoint here, say so with `# bearerd-ignore oauth/assertion-audience`"
      });
    }
  }
};
function constantText(value, scope) {
  const parsed = value.kind === "template" ? parseTemplate(value.text) : void 0;
  if (!parsed?.ok) return void 0;
  const constant = constantsOf(scope);
  const texts = parsed.parts.map((part) => part.kind === "text" ? part.text : constant(part.expression));
  return texts.includes(void 0) ? void 0 : texts.join("");
}
function withoutQuery(url) {
  return url.split("?", 1)[0];
}

// src/config/rules/authorization-endpoint.ts
var ANY_NAME = ["login", "custom", "refresh_token"];
var authorizationEndpoint = {
  scope: "part",
  codes: ["oauth/authorization-endpoint"],
  severity: "warning",
  check({ accounts }, report) {
    for (const { authorization } of accounts) {
      if (authorization.kind !== "oauth2" || ANY_NAME.includes(authorization.oauth2.grant)) continue;
      const { accessTokenUri } = authorization.oauth2;
      if (accessTokenUri?.kind !== "template") continue;
      const found = /\/authorize\/?(?=\?|$)/i.exec(accessTokenUri.text);
      if (!found) continue;
      report({
        place: accessTokenUri.place,
        within: { start: found.index, end: found.index + found[0].length },
        message: "this looks like the authorization endpoint, where people log in; tokens come from the token endpoint",
        hint: "it mostly ends with `/token`: the provider's documentation, or the metadata of its issuer, says it as `token_endpoint`"
      });
    }
  }
};

// src/config/definitions/certificate-name.ts
function subjectText(written) {
  return rdnsIn(written)?.join(",");
}
function subjectOf(lines) {
  return rdnsIn(lines)?.reverse().join(",");
}
var RDN = /((?:\\.|[^\\,\n+])*)([,\n+]|$)/gsy;
var ATTRIBUTE = /^ *([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*) *= *((?:\\.|[^\\])*?) *$/s;
var VALUE = /^(?!#)(?:\\(?:[0-9A-Fa-f]{2}|[ "#+,;<=>\\])|[^\\"+,;<>])+$/;
function rdnsIn(text) {
  const rdns = [[]];
  for (const [, written = "", end] of text.matchAll(RDN)) {
    const attribute = attributeIn(written);
    if (attribute === void 0) return void 0;
    rdns.at(-1).push(attribute);
    if (end === "") return rdns.map((attributes) => attributes.sort().join("+"));
    if (end !== "+") rdns.push([]);
  }
  return void 0;
}
function attributeIn(written) {
  const [, type, value = ""] = ATTRIBUTE.exec(written) ?? [];
  if (type === void 0 || !VALUE.test(value)) return void 0;
  const bytes = value.match(/\\[0-9A-Fa-f]{2}|\\?./gsu).map((char) => {
    if (/^\\[0-9A-Fa-f]{2}$/.test(char)) return char.slice(1).toLowerCase();
    return Buffer.from(char.replace(/^\\(?=.)/s, "")).toString("hex");
  });
  return `${type.toLowerCase()}=${bytes.join("")}`;
}
var ALTERNATIVE_NAME = /^(?:DNS|URI|email):[\x21-\x7e]+$/;
var ALTERNATIVE = /([A-Za-z][A-Za-z ]*):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/gy;
function alternativeNamesOf(text) {
  const names = [];
  let read = 0;
  for (const { 0: all, 1: type, 2: value = "" } of text.matchAll(ALTERNATIVE)) {
    read += all.length;
    names.push(`${type}:${value.startsWith('"') ? JSON.parse(value) : value}`);
  }
  return read === text.length ? names.filter((name) => ALTERNATIVE_NAME.test(name)) : [];
}

// src/base/grouped.ts
var Grouped = class _Grouped {
  index;
  groups;
  /** Each name of the index stands in the group of its number, and in no other. */
  constructor(index, groups) {
    this.index = index;
    this.groups = groups;
  }
  get size() {
    return this.index.size;
  }
  get(name) {
    const group = this.index.get(name);
    return group === void 0 ? void 0 : this.groups[group].get(name);
  }
  has(name) {
    return this.index.has(name);
  }
  /** Group by group. */
  *[Symbol.iterator]() {
    for (const group of this.groups) yield* group;
    return void 0;
  }
  entries() {
    return this[Symbol.iterator]();
  }
  *keys() {
    for (const group of this.groups) yield* group.keys();
    return void 0;
  }
  *values() {
    for (const group of this.groups) yield* group.values();
    return void 0;
  }
  forEach(callback) {
    for (const [name, value] of this) callback(value, name, this);
  }
  /** The same names in the same groups. */
  with(groups) {
    return new _Grouped(this.index, groups);
  }
  map(change) {
    return this.with(this.groups.map((group) => mapValues(group, change)));
  }
};
function mapValues(group, change) {
  const changed2 = /* @__PURE__ */ new Map();
  for (const [name, value] of group) changed2.set(name, change(value));
  return changed2;
}
function* entriesApart(one, other) {
  const shared = new Set(other?.groups);
  for (const group of one?.groups ?? []) if (!shared.has(group)) yield* group;
}
function selecting(fits) {
  const known = /* @__PURE__ */ new WeakMap();
  const selected = (group) => {
    const before = known.get(group);
    if (before) return before;
    const found = [...group.values()].filter(fits);
    known.set(group, found);
    return found;
  };
  return ({ groups }) => groups.flatMap(selected);
}

// src/config/templates/parameter-names.ts
var NONE = [];
var NO_PARAMETERS = /* @__PURE__ */ new Map();
function parametersByAccount(uses) {
  return new Map([...findUsers(uses)].map(([key, services]) => [key, sharedBy(services)]));
}
function sharedBy([first, ...others]) {
  return first ? namesOf(first).filter((name) => others.every((service) => namesOf(service).includes(name))) : NONE;
}
function namesOf({ parameters }) {
  return parameters.map(({ name }) => name);
}
function parameterNames(uses, byAccount2) {
  let found;
  const usersOf = (account) => {
    found ??= findUsers(uses);
    return found.get(account.key) ?? [];
  };
  return {
    of: (owner) => "authorization" in owner ? byAccount2.get(owner.key) ?? NONE : namesOf(owner),
    users: usersOf,
    lacking: (account, name) => usersOf(account).find((service) => !namesOf(service).includes(name))
  };
}
function findUsers({ services, bearers }) {
  const { feeders, feedingServices, everywhere } = groupBearers(bearers);
  const users = /* @__PURE__ */ new Map();
  for (const service of services.values()) {
    const ahead = [service.account, ...feedingServices.get(service.name) ?? NONE, ...everywhere];
    const needed = /* @__PURE__ */ new Set();
    for (let key = ahead.pop(); key !== void 0; key = ahead.pop()) {
      if (needed.has(key)) continue;
      needed.add(key);
      ahead.push(...feeders.get(key) ?? NONE);
    }
    for (const key of needed) append(users, key, service);
  }
  return users;
}
function groupBearers(bearers) {
  const feeders = /* @__PURE__ */ new Map();
  const feedingServices = /* @__PURE__ */ new Map();
  const everywhere = [];
  for (const { value, use, owner } of bearers) {
    const { account } = value.reference;
    if (!owner) {
      if (use === "variable") everywhere.push(account);
    } else if ("authorization" in owner) append(feeders, owner.key, account);
    else if ("serverUrl" in owner) append(feedingServices, owner.name, account);
  }
  return { feeders, feedingServices, everywhere };
}
function append(lists, key, item) {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

// src/config/definitions/part.ts
function partOf(id, written) {
  const ids = /* @__PURE__ */ new Set();
  const declared = [];
  const definitions = written.map((one) => firstOnes(one, ids, declared));
  return { ...joined(definitions), id, declared, names: namesIn(definitions, declared) };
}
function withoutOthers(part, others) {
  return { ...part, ...joined(part.definitions.map((one) => withoutDeclared(one, others))) };
}
function firstOnes(definitions, ids, all) {
  let others;
  for (const declared of definitions.declared) {
    all.push(declared);
    const { size } = ids;
    if (ids.add(declared.id).size === size) others = [...others ?? [], declared];
  }
  return others ? withoutDeclared(definitions, others) : definitions;
}
function joined(definitions) {
  const accounts = /* @__PURE__ */ new Map();
  const services = /* @__PURE__ */ new Map();
  const actions = /* @__PURE__ */ new Map();
  for (const one of definitions) {
    for (const account of one.accounts) accounts.set(account.key, account);
    for (const service of one.services) services.set(service.name, service);
    for (const action of one.actions) actions.set(action.name, action);
  }
  const vars = definitions.flatMap((one) => Object.entries(one.vars));
  const bearers = definitions.flatMap((one) => one.bearers);
  const owners = [...services.values()];
  return {
    definitions,
    accounts,
    services,
    actions,
    vars,
    bearers,
    uses: usesOf(owners, bearers),
    hasParameters: owners.some(({ parameters }) => parameters.length > 0),
    daemon: definitions.find(({ daemon }) => daemon.place)?.daemon,
    isNamed: definitions.every((one) => one.isNamed),
    isComplete: definitions.every((one) => one.isComplete),
    foreign: {
      accounts: unknownIn(
        accounts,
        owners.map(({ account }) => account)
      ),
      services: unknownIn(
        services,
        [...actions.values()].map(({ service }) => service)
      )
    }
  };
}
function unknownIn(known, names) {
  return [...new Set(names)].filter((name) => name !== void 0 && !known.has(name));
}
function namesIn(definitions, declared) {
  const own = definitions.flatMap(({ accounts, services, actions }) => [
    ...accounts.map(({ key }) => `account ${key}`),
    ...services.map(({ name }) => `service ${name}`),
    ...actions.map(({ name }) => `action ${name}`)
  ]);
  return JSON.stringify([declared.map(({ id }) => id), own]);
}
function usesOf(services, bearers) {
  return JSON.stringify([
    services.map(({ name, account, parameters }) => [name, account, parameters.map((parameter2) => parameter2.name)]),
    bearers.map(({ value, use, owner }) => [value.reference.account, use, owner && ownerId(owner)])
  ]);
}
function ownerId(owner) {
  if ("authorization" in owner) return `account ${owner.key}`;
  return `${"target" in owner ? "action" : "service"} ${owner.name}`;
}

// src/config/definitions/draft.ts
function buildDraft(written, allRead, remember) {
  const texts = written.map(({ names: names2 }) => names2);
  const { others, accounts, services, actions, ...names } = remember("names", "", texts, () => namesIn2(written));
  const parts = written.map((part, index) => others[index].length > 0 ? withoutOthers(part, others[index]) : part);
  const vars = mergeVariables(
    parts.flatMap((part) => part.vars),
    remember
  );
  const definitions = {
    vars,
    accounts: new Grouped(
      accounts,
      parts.map((part) => part.accounts)
    ),
    services: new Grouped(
      services,
      parts.map((part) => part.services)
    ),
    actions: new Grouped(
      actions,
      parts.map((part) => part.actions)
    ),
    bearers: parts.flatMap((part) => part.bearers)
  };
  const byAccount2 = parametersIn(parts, definitions, remember);
  const parameters = parameterNames(definitions, byAccount2);
  return {
    ...names,
    ...definitions,
    parts,
    daemon: parts.find(({ daemon }) => daemon)?.daemon ?? {},
    allNamed: allRead && parts.every(({ isNamed: isNamed2 }) => isNamed2),
    complete: allRead && parts.every(({ isComplete }) => isComplete),
    parameters,
    scopes: definitionScopes({ ...definitions, parameters }),
    from: parts.map((part) => dependencies(part, { ...definitions, byAccount: byAccount2 }, remember))
  };
}
function namesIn2(parts) {
  const ids = /* @__PURE__ */ new Set();
  const others = parts.map(({ declared }) => {
    const earlier = declared.filter(({ id }) => ids.has(id));
    for (const { id } of declared) ids.add(id);
    return earlier;
  });
  const index = (kind) => {
    const found = /* @__PURE__ */ new Map();
    for (const [number, part] of parts.entries())
      for (const name of part[kind].keys()) if (!found.has(name)) found.set(name, number);
    return found;
  };
  const written = parts.reduce((sum, { declared }) => sum + declared.length, 0);
  const hasTwice = ids.size < written;
  return { ids, others, hasTwice, accounts: index("accounts"), services: index("services"), actions: index("actions") };
}
function mergeVariables(all, remember) {
  const values = all.map(([, value]) => value);
  return remember("variables", "", values, () => Object.fromEntries(all));
}
function parametersIn(parts, uses, remember) {
  if (!parts.some((part) => part.hasParameters)) return NO_PARAMETERS;
  const texts = parts.map((part) => part.uses);
  return remember("parameters", "", texts, () => parametersByAccount(uses));
}
function dependencies(part, around, remember) {
  const { vars, accounts, services, byAccount: byAccount2 } = around;
  const from = [part, vars];
  const parameters = () => parametersText(part, byAccount2);
  from.push(byAccount2.size > 0 ? remember("parameters of a part", part.id, [part, byAccount2], parameters) : "");
  for (const key of part.foreign.accounts) from.push(accounts.get(key));
  for (const name of part.foreign.services) {
    const service = services.get(name);
    from.push(service, service && accounts.get(service.account));
  }
  return from;
}
function parametersText({ accounts }, byAccount2) {
  const names = [...accounts.keys()].map((key) => byAccount2.get(key) ?? []);
  return names.every(({ length }) => length === 0) ? "" : JSON.stringify(names);
}
function namesOf2(draft, kind) {
  const names = /* @__PURE__ */ new Set();
  for (const declared of declaredIn(draft))
    if (declared.kind === kind) names.add(declared.name).add(declared.name.toLowerCase());
  return names;
}
function declaredIn({ parts }) {
  return parts.flatMap((part) => part.declared);
}

// src/config/rules/caller.ts
var caller = {
  scope: "configuration",
  codes: ["daemon/caller", "reference/unknown-service", "reference/unknown-action"],
  severity: "error",
  check(draft, report) {
    for (const one of draft.daemon.callers ?? []) {
      checkProof(one, draft, report);
      checkNames({ kind: "service", ...one, names: one.services }, draft, report);
      checkNames({ kind: "action", ...one, names: one.actions }, draft, report);
      checkPatterns(one, report);
    }
  }
};
function checkProof({ name, place, token, tokenSha256, certificate }, draft, report) {
  if (certificate !== void 0 && draft.daemon.tls === void 0) {
    report({
      place: { ...place, path: [...place.path, "certificate"] },
      part: "key",
      message: "client certificates come by TLS, and the listener has none",
      hint: "set `daemon.tls`, or give the caller `token` or `tokenSha256`"
    });
  }
  if (certificate !== void 0)
    checkCertificate(certificate, { ...place, path: [...place.path, "certificate"] }, draft, report);
  if (token !== void 0 || tokenSha256 !== void 0 || certificate !== void 0) return;
  report({
    place,
    part: "key",
    message: `nothing tells who caller \`${name}\` is`,
    hint: "give it `token`, a secret, or `tokenSha256`, or `certificate`"
  });
}
function checkCertificate(certificate, place, { daemon }, report) {
  const key = "subject" in certificate ? "subject" : "san";
  if (!(key in certificate)) return;
  const at2 = { ...place, path: [...place.path, key] };
  if (daemon.tls && daemon.tls.caFile === void 0) {
    report({
      place: at2,
      part: "key",
      message: `\`${key}\` counts only where an authority vouches for it: anybody can make a certificate with this name`,
      hint: "set `daemon.tls.caFile`, or give `file` or `sha256`"
    });
  }
  if ("subject" in certificate && subjectText(certificate.subject) === void 0) {
    report({
      place: at2,
      message: "this is no distinguished name as in RFC 4514",
      hint: "write it as `openssl x509 -noout -subject -nameopt RFC2253` does, such as CN=billing,O=Shop,C=DE"
    });
  }
}
function checkNames({ kind, place, names }, draft, report) {
  const unknown = [...names.entries()].filter(([, name]) => name !== "*" && !draft.ids.has(`${kind} ${name}`));
  if (unknown.length === 0) return;
  const known = namesOf2(draft, kind);
  const didYouMean2 = createDidYouMean();
  for (const [index, listed2] of unknown) {
    if (known.has(listed2)) continue;
    const meant = didYouMean2(listed2, known);
    if (!draft.allNamed && meant === void 0) continue;
    report({
      code: `reference/unknown-${kind}`,
      place: { ...place, path: [...place.path, `${kind}s`, index] },
      message: `no ${kind} \`${listed2}\``,
      hint: meant ?? `define it below \`${kind}s\``
    });
  }
}
function checkPatterns({ parameters }, report) {
  for (const { place, allowed } of parameters) {
    const compiled = "pattern" in allowed ? compilePattern(allowed.pattern) : void 0;
    if (compiled && "fault" in compiled)
      report({ place: { ...place, path: [...place.path, "pattern"] }, message: compiled.fault });
  }
}

// src/config/rules/client-assertion.ts
var clientAssertion = {
  scope: "part",
  codes: ["schema/not-allowed", "schema/missing-key", "schema/value"],
  severity: "error",
  check(part, report) {
    for (const { place, authorization } of part.accounts) {
      if (authorization.kind !== "oauth2") continue;
      for (const { key, ...finding } of faultsOf(authorization.oauth2)) {
        const path = [...place.path, "clientAssertion", ...key === void 0 ? [] : [key]];
        report({ ...finding, place: { document: place.document, path } });
      }
    }
  }
};
function faultsOf({ clientAuthMethod, clientAssertion: assertion }) {
  if (!assertion) return [];
  return clientAuthMethod === "client_secret_jwt" ? secretFaults(assertion) : keyFaults(assertion);
}
function secretFaults(assertion) {
  const keys = assertion.kind === "kept" ? ["file"] : ["key", "x5t"].filter((key) => assertion[key]);
  const faults = keys.map((key) => {
    const message = `\`${key}\` does not go with \`clientAuthMethod: client_secret_jwt\``;
    return { key, part: "key", message, hint: "the client secret signs: remove it, or use private_key_jwt" };
  });
  if (assertion.kind === "signed" && !(assertion.alg ?? "HS").startsWith("HS"))
    faults.push(algFault("`client_secret_jwt` signs with `HS256`, `HS384` or `HS512`"));
  return faults;
}
function keyFaults(assertion) {
  if (assertion.kind === "kept") return [];
  const faults = [];
  if (!assertion.key) {
    const message = "`key` is required when `clientAuthMethod` is `private_key_jwt`";
    const hint = "or `file`, for an assertion that something else keeps fresh";
    faults.push({ code: "schema/missing-key", part: "key", message, hint });
  }
  if (assertion.alg?.startsWith("HS")) faults.push(algFault(`\`${assertion.alg}\` signs with a secret, not with a key`));
  return faults;
}
function algFault(message) {
  return { code: "schema/value", key: "alg", message, hint: "leave it out: the one that fits is the default" };
}

// src/config/rules/credentials-in-query.ts
var credentialsInQuery = {
  scope: "part",
  codes: ["oauth/credentials-in-query"],
  severity: "warning",
  check(part, report) {
    const rules2 = [
      ...part.accounts.map(
        ({ authorization }) => authorization.kind === "oauth2" ? authorization.oauth2.inject : void 0
      ),
      ...part.services.map(({ inject }) => inject)
    ];
    for (const rule of rules2) {
      if (rule?.in !== "query") continue;
      report({
        place: { document: rule.place.document, path: [...rule.place.path, "in"] },
        message: "a bearer in the query is written to access logs on its way",
        hint: "use `in: header` if the service takes a header too"
      });
    }
    const { scopes } = part;
    for (const account of part.accounts) {
      const { place, authorization } = account;
      if (authorization.kind === "oauth2")
        requestFindings(account, authorization.oauth2, scopes.of(account)).forEach(report);
      if (authorization.kind !== "query") continue;
      report({
        place: at(place, "authorization"),
        message: "a credential in the query is written to access logs on its way",
        hint: "use `authorization: header` if the service takes a header too"
      });
    }
  }
};
function requestFindings({ place }, oauth2, scope) {
  const { accessTokenUri, tokenRequest, refresh } = oauth2;
  const uris = [accessTokenUri, typeof refresh === "object" ? refresh.accessTokenUri : void 0];
  const message = "credentials in the URL of the token request are written to access logs on their way";
  const hint = "send them in the body if the provider takes that too";
  const open = uris.find((uri2) => uri2 && holdsSecret(behindHost(uri2), scope));
  if (open) return [{ place: open.place, message, hint }];
  if (tokenRequest.format !== "query" || !sendsSecret(oauth2, scope)) return [];
  const key = tokenRequest.method === "GET" ? "method" : "format";
  return [{ place: at(place, "tokenRequest", key), message, hint }];
}
function behindHost(uri2) {
  return uri2.kind === "template" ? { ...uri2, text: uri2.text.replace(ORIGIN, "") } : uri2;
}
var ORIGIN = /^(?:\w+:\/\/)?(?:\{\{[^}]*\}\}|[^/?#{])*/;
function sendsSecret(oauth2, scope) {
  const { clientAuthMethod } = oauth2;
  return oauth2Parts(oauth2).some(({ key, value, use }) => {
    if (/^clientSecret(?:\.\d+)?$/.test(key)) return clientAuthMethod !== "client_secret_basic";
    if (key === "clientId" || /^(?:tokenRequest|refresh)\.headers\./.test(key)) return false;
    return use === "secret" || holdsSecret(value, scope);
  });
}

// src/config/rules/cycle.ts
var cycle = {
  scope: "configuration",
  codes: ["reference/cycle"],
  severity: "error",
  check(draft, report) {
    const accounts = draft.accounts;
    const fed = /* @__PURE__ */ new Map();
    for (const { owner, value } of draft.bearers) {
      if (!owner || !("authorization" in owner)) continue;
      const feeder = accounts.get(value.reference.account);
      if (feeder) fed.set(owner, [...fed.get(owner) ?? [], { value, feeder }]);
    }
    const done = /* @__PURE__ */ new Set();
    for (const account of fed.keys()) findCycles(account, fed, done).forEach(report);
  }
};
function findCycles(start, fed, done) {
  const findings = [];
  const trail = [];
  const onTrail = /* @__PURE__ */ new Set();
  const enter = (account) => {
    if (done.has(account)) return;
    done.add(account);
    onTrail.add(account);
    trail.push({ account, ahead: [...fed.get(account) ?? []] });
  };
  enter(start);
  for (let step = trail.at(-1); step; step = trail.at(-1)) {
    const next = step.ahead.shift();
    if (!next) {
      onTrail.delete(trail.pop().account);
      continue;
    }
    step.value = next.value;
    if (onTrail.has(next.feeder))
      findings.push(cycleFinding(trail.slice(trail.findIndex(({ account }) => account === next.feeder))));
    else enter(next.feeder);
  }
  return findings;
}
var MAX_TOLD = 20;
function cycleFinding(links) {
  const told = links.slice(0, MAX_TOLD);
  const names = told.map((link) => link.account.name);
  const end = [...links.length > MAX_TOLD ? [`${links.length - MAX_TOLD} more`] : [], names[0]];
  const related = told.map(({ account, value }) => ({ place: value.place, message: `\`${account.name}\` asks here` }));
  return {
    place: links[0].account.place,
    part: "key",
    message: `accounts feed each other in a circle: ${[...names, ...end].join(" -> ")}`,
    hint: "one of them must get its secret elsewhere",
    related
  };
}

// src/config/rules/double-slash.ts
var doubleSlash = {
  scope: "part",
  codes: ["uri/double-slash"],
  severity: "warning",
  check(part, report) {
    const { scopes } = part;
    for (const { value, use, owner } of part.values) {
      if (use !== "uri" || value.kind !== "template" || !owner || "target" in owner) continue;
      const scope = scopes.of(owner);
      const parsed = parseTemplate(value.text);
      if (!parsed.ok || parsed.variables.some(({ name }) => !scope.lookup(name))) continue;
      const analyzed = analyzeUri(parsed.parts, constantsOf(scope), parametersOf(scope));
      if (!analyzed.ok || !analyzed.value.url.pathname.includes("//")) continue;
      report({
        place: value.place,
        message: `the path becomes \`${analyzed.value.url.pathname}\`, with an empty segment`,
        hint: "write one slash; where it comes from a variable, look whether that is empty"
      });
    }
  }
};

// src/config/rules/duplicate-name.ts
var duplicateName = {
  scope: "configuration",
  codes: ["reference/duplicate-name"],
  severity: "error",
  check(draft, report) {
    if (!draft.hasTwice) return;
    const first = /* @__PURE__ */ new Map();
    for (const declared of declaredIn(draft)) {
      const earlier = first.get(declared.id);
      if (!earlier) {
        first.set(declared.id, declared);
        continue;
      }
      const what = declared.kind === "daemon" ? "`daemon`" : `${declared.kind} \`${declared.name}\``;
      const related = [{ place: earlier.place, part: "key", message: "first here" }];
      report({
        place: declared.place,
        part: "key",
        message: `${what} is defined twice`,
        hint: "remove or rename one of them",
        related
      });
    }
  }
};

// src/config/rules/exposed-daemon.ts
var exposedDaemon = {
  scope: "configuration",
  codes: ["daemon/exposed", "daemon/same-address"],
  severity: "error",
  gather: ({ services }) => services.filter(({ listen }) => listen !== void 0),
  check(draft, report, listening) {
    const { listen, adminListen, place, callers, tls } = draft.daemon;
    for (const { listen: own, place: service } of listening) {
      if (own === void 0 || !isExposed(own)) continue;
      report({
        place: at(service, "listen"),
        message: `\`${own}\` can be reached from other machines: everyone there could use the service`,
        hint: "listen on 127.0.0.1, [::1] or unix:/path; other machines use the proxy of the API"
      });
    }
    sameAddresses(draft, listening).forEach(report);
    if (callers && tls) return;
    for (const [key, address, gain] of [
      ["listen", listen, "get credentials"],
      ["adminListen", adminListen, "read status and metrics"]
    ]) {
      if (!place || address === void 0 || !isExposed(address)) continue;
      report({
        place: { document: place.document, path: ["daemon", key] },
        message: `\`${address}\` can be reached from other machines: everyone there could ${gain}`,
        hint: "listen on 127.0.0.1, [::1] or unix:/path, or set both `callers` and `tls`"
      });
    }
  }
};
function sameAddresses({ daemon }, services) {
  const known = /* @__PURE__ */ new Map();
  const places = [
    ...[daemon.listen, daemon.adminListen].map((address, index) => ({
      address,
      place: daemon.place && at(daemon.place, index === 0 ? "listen" : "adminListen")
    })),
    ...services.map(({ listen, place }) => ({ address: listen, place: at(place, "listen") }))
  ];
  return places.flatMap(({ address, place }) => {
    if (address === void 0 || !place || address.endsWith(":0")) return [];
    const first = known.get(address);
    known.set(address, first ?? place);
    const message = `something else listens on \`${address}\``;
    const related = first && [{ place: first, message: "first here" }];
    return related ? [{ code: "daemon/same-address", place, message, hint: "give each its own port", related }] : [];
  });
}
function isExposed(address) {
  if (address.startsWith("unix:")) return false;
  return !isLoopback(address.slice(0, address.lastIndexOf(":")));
}

// src/config/rules/id-token-without-user.ts
var idTokenWithoutUser = {
  scope: "part",
  codes: ["oauth/id-token-without-user"],
  severity: "warning",
  check(part, report) {
    for (const { place, authorization } of part.accounts) {
      if (authorization.kind !== "oauth2") continue;
      const { bearerTokenType, grant } = authorization.oauth2;
      if (bearerTokenType !== "id_token" || grant !== "client_credentials") continue;
      report({
        place: { document: place.document, path: [...place.path, "bearerTokenType"] },
        message: "client_credentials has no user, so the response normally has no id_token",
        hint: "use `bearerTokenType: access_token`, or a grant with a user"
      });
    }
  }
};

// src/config/rules/literal-key.ts
var literalKey = {
  scope: "part",
  codes: ["schema/value"],
  severity: "error",
  check(part, report) {
    for (const { value, signs } of part.values) {
      const shape = signs && keyShapeOf(value);
      if (!shape || shape === "private") continue;
      report({
        place: value.place,
        message: `\`${value.place.path.at(-1)}\` ${WORDS[shape]}`,
        hint: "write `{ file: PATH }` of the private key, a PEM that begins with `-----BEGIN`, or a JWK"
      });
    }
  }
};
var WORDS = {
  certificate: "is a certificate, not a private key",
  public: "is the public half of a key, and it cannot sign",
  none: "is no private key"
};

// src/config/templates/shell-variable.ts
var SHELL_VARIABLE = /\$\{[A-Za-z_]\w*(?::?[-?+=][^}]{0,100})?\}/;
function shellVariable(text) {
  const found = SHELL_VARIABLE.exec(text);
  if (!found) return void 0;
  const within = { start: found.index, end: found.index + found[0].length };
  return { within, message: "this is not expanded: it would be sent as it is", hint: HINT };
}
var HINT = "write `{{vars.NAME}}`, and the variable below `vars` as `NAME: { env: NAME }` or as its text";
function isUnexpanded(text) {
  return SHELL_VARIABLE.test(text) || /^(?:\{\{[^{}]*\}\}|<%=?[^<>%]*%>|\{\s*(?:env|file|exec|systemd|account)\s*:.*\})$/.test(text.trim());
}

// src/config/rules/literal-secret.ts
var literalSecret = {
  scope: "part",
  codes: ["secrets/literal"],
  severity: "warning",
  check(part, report) {
    for (const { value, use, signs } of part.values) {
      if (use !== "secret" || !isLiteral(value)) continue;
      if (signs && keyShapeOf(value) !== "private") continue;
      report({ place: value.place, ...waitsForValue(value) ? NOT_EXPANDED : LITERAL });
    }
  }
};
var HINT2 = "refer to it: `{ env: NAME }`, `{ file: PATH }`, `{ exec: [PROGRAM] }` or `{ systemd: NAME }`";
var LITERAL = { message: "a literal secret in a file that others can read", hint: HINT2 };
var NOT_EXPANDED = {
  severity: "error",
  message: "a variable is not expanded here: this very text would be the secret",
  hint: "write `{ env: NAME }` for an environment variable, without `$` and quotes; or `{ file: PATH }`, `{ exec: [PROGRAM] }`, `{ systemd: NAME }`"
};
function waitsForValue(value) {
  if (value.kind === "template") return false;
  return value.reference.kind === "literal" && isUnexpanded(value.reference.secret.reveal());
}
function isLiteral(value) {
  if (value.kind === "secret") return value.reference.kind === "literal" && value.reference.secret.reveal() !== "";
  const parsed = parseTemplate(value.text);
  return parsed.ok && parsed.variables.length === 0;
}

// src/config/rules/nested-parameter.ts
var nestedParameter = {
  scope: "part",
  codes: ["oauth/nested-parameter"],
  severity: "error",
  check(part, report) {
    for (const { authorization } of part.accounts) {
      if (authorization.kind !== "oauth2" || authorization.oauth2.tokenRequest.format === "json") continue;
      const { params, format } = authorization.oauth2.tokenRequest;
      for (const { name, param } of params) {
        if (!isNested(param)) continue;
        report({
          place: param.place,
          part: "key",
          message: `\`${name}\` is nested, which only JSON can be: this request is a ${format}`,
          hint: "say `format: json`, or give it a text, a number, a reference or a plain list"
        });
      }
    }
  }
};
function isNested(param) {
  if (param.kind === "mapping") return true;
  return param.kind === "list" && param.items.some((item) => item.kind === "list" || isNested(item));
}

// src/config/rules/nested-variable.ts
var nestedVariable = {
  scope: "part",
  codes: ["template/unsupported"],
  severity: "error",
  check(part, report) {
    for (const { value, use } of part.values) {
      if (use !== "variable" || value.kind !== "template") continue;
      const parsed = parseTemplate(value.text);
      const first = parsed.ok ? parsed.variables[0] : void 0;
      if (!first) continue;
      report({
        place: value.place,
        within: first,
        message: "a variable cannot be made of other variables",
        hint: "name both variables where the value is used"
      });
    }
  }
};

// src/config/rules/parameter.ts
var parameter = {
  scope: "part",
  codes: ["parameters/pattern", "parameters/default"],
  severity: "error",
  check(part, report) {
    for (const { place, parameters } of part.services) {
      for (const { name, pattern, default: value } of parameters) {
        const compiled = compilePattern(pattern);
        if ("fault" in compiled) {
          const hint = "look-around, back references and word boundaries would let a value take long";
          const { fault: message } = compiled;
          report({ place: at(place, "parameters", name, "pattern"), message, hint });
        } else if (value !== void 0 && !compiled.pattern.matches(value)) {
          report({
            code: "parameters/default",
            place: at(place, "parameters", name, "default"),
            message: `the default does not match ${pattern}`,
            hint: "the whole value must match the pattern"
          });
        }
      }
    }
  }
};

// src/config/rules/parameter-in-scope.ts
var parameterInScope = {
  scope: "configuration",
  codes: ["oauth/scope-value"],
  severity: "error",
  gather: parametersInScopes,
  check(draft, report, uses) {
    const told = /* @__PURE__ */ new Set();
    for (const use of uses) {
      for (const service of draft.parameters.users(use.account)) {
        const key = `${service.name} ${use.name}`;
        if (told.has(key) || !isUnfit(use, service, draft.scopes)) continue;
        told.add(key);
        report({
          place: at(service.place, "parameters", use.name, "default"),
          message: "this default is no part of one scope (RFC 6749 section 3.3)",
          hint: "every request without a value would fail; several scopes are written as several",
          related: [{ place: use.place, message: "stands here" }]
        });
      }
    }
  }
};
function parametersInScopes({ accounts }) {
  return accounts.flatMap((account) => {
    if (account.authorization.kind !== "oauth2") return [];
    return account.authorization.oauth2.scopeTemplates.flatMap((value) => {
      const parsed = value.kind === "template" ? parseTemplate(value.text) : void 0;
      const parts = parsed?.ok ? parsed.parts : [];
      return parts.flatMap((part) => {
        if (part.kind !== "expression" || part.expression.kind !== "variable") return [];
        const { expression } = part;
        const [space, name] = expression.name.split(".");
        return space === "params" && name ? [{ account, name, expression, place: value.place }] : [];
      });
    });
  });
}
function isUnfit({ account, name, expression }, { parameters }, scopes) {
  const { pattern, default: value } = parameters.find((parameter2) => parameter2.name === name) ?? {};
  const compiled = pattern === void 0 ? void 0 : compilePattern(pattern);
  if (value === void 0 || !compiled || "fault" in compiled || !compiled.pattern.matches(value)) return false;
  if (account.authorization.kind !== "oauth2") return false;
  const scope = scopes.of(account, { params: { [name]: value }, accountKey: (key) => key });
  const text = constantsOf(scope)(expression);
  return text === "" || text !== void 0 && !fitsInScope(text, account.authorization.oauth2.tokenRequest.scopeSeparator);
}

// src/config/rules/parameter-in-uri.ts
var parameterInUri = {
  scope: "configuration",
  codes: ["uri/host-from-value", "uri/invalid"],
  severity: "error",
  gather: urisWithParameters,
  check(draft, report, uris) {
    if (uris.length === 0) return;
    const told = /* @__PURE__ */ new Set();
    const usesOf2 = (owner) => "authorization" in owner ? draft.parameters.users(owner) : [owner];
    for (const uri2 of uris) {
      const faults = usesOf2(uri2.owner).flatMap((service) => faultsOf2(service, uri2, draft.scopes));
      for (const { key, ...finding } of faults.filter((fault) => !told.has(fault.key))) {
        report(finding);
        told.add(key);
      }
    }
  }
};
function urisWithParameters({ values }) {
  return values.flatMap(({ value, use, owner }) => {
    if (use !== "uri" || value.kind !== "template" || !owner || "target" in owner) return [];
    const parsed = parseTemplate(value.text);
    if (!parsed.ok || !parsed.variables.some(({ name }) => name.startsWith("params."))) return [];
    return [{ parts: parsed.parts, place: value.place, owner }];
  });
}
function faultsOf2(service, uri2, scopes) {
  const analyze = (params) => analyzeWith(params, uri2, scopes);
  const general = analyze({});
  if (!general.ok) return [];
  return service.parameters.flatMap(({ name, pattern, default: value }) => {
    const compiled = compilePattern(pattern);
    if ("fault" in compiled || value !== void 0 && !compiled.pattern.matches(value)) return [];
    const related = [{ place: uri2.place, message: "stands here" }];
    const report = (key, finding) => ({
      key: `${service.name} ${name} ${key}`,
      place: at(service.place, "parameters", name, key),
      related,
      ...finding
    });
    if (isInHost(general.value, `params.${name}`) && !compiled.pattern.acceptsSomeOf(HOST_CHARACTERS))
      return [report("pattern", NO_LABELS)];
    const filled = value === void 0 ? general : analyze({ [name]: value });
    return filled.ok ? [] : [report("default", unusable(filled.fault))];
  });
}
function analyzeWith(params, { parts, owner }, scopes) {
  const scope = scopes.of(owner, { params, accountKey: (name) => name });
  return analyzeUri(parts, constantsOf(scope), parametersOf(scope));
}
function isInHost({ parts }, variable) {
  return parts.some(
    (part) => part.kind === "expression" && part.position === "authority" && part.expression.kind === "variable" && part.expression.name === variable
  );
}
var NO_LABELS = {
  message: "no value that matches can stand in a host",
  hint: "host labels are letters, digits and hyphens, with dots between them"
};
function unusable({ code, message }) {
  if (code === "uri/host-from-value")
    return { code, message: "this default cannot stand in a host", hint: "host labels can, such as `eu` or `api.crm`" };
  return {
    code,
    message: `with this default the URI cannot be used: ${message}`,
    hint: "every request without a value would fail"
  };
}

// src/config/rules/password-grant.ts
var PUBLIC = {
  message: "this client does not authenticate: whoever learns the password gets tokens from anywhere",
  hint: "register a client with a secret or a key, and name its `clientAuthMethod`"
};
var passwordGrant = {
  scope: "part",
  codes: ["oauth/password-grant"],
  severity: "warning",
  check(part, report) {
    for (const { place, authorization } of part.accounts) {
      if (authorization.kind !== "oauth2" || authorization.oauth2.grant !== "password") continue;
      const { clientAuthMethod } = authorization.oauth2;
      report({
        place: { document: place.document, path: [...place.path, "grant"] },
        message: "the password grant gives the client a person's password; RFC 9700 section 2.4 says it must not be used",
        hint: "ask the provider for client_credentials, and keep this only while there is no other way"
      });
      if (clientAuthMethod === "none") report({ ...PUBLIC, place: at(place, "clientAuthMethod") });
    }
  }
};

// src/config/rules/public-client.ts
var publicClient = {
  scope: "part",
  codes: ["oauth/public-client"],
  severity: "error",
  check(part, report) {
    const { scopes } = part;
    for (const account of part.accounts) {
      const { place, authorization } = account;
      if (authorization.kind !== "oauth2") continue;
      const { clientAuthMethod, grant } = authorization.oauth2;
      if (clientAuthMethod !== "none" || grant !== "client_credentials") continue;
      if (bringsCredential(authorization.oauth2, scopes.of(account))) continue;
      report({
        place: { document: place.document, path: [...place.path, "clientAuthMethod"] },
        message: "`client_credentials` needs a client that authenticates, not `clientAuthMethod: none`",
        hint: "choose client_secret_basic or client_secret_post and give a clientSecret"
      });
    }
  }
};
function bringsCredential(oauth2, scope) {
  const own = oauth2Parts(oauth2).filter(({ key }) => key.startsWith("tokenRequest."));
  return own.some(({ value, use }) => use === "secret" || holdsSecret(value, scope));
}

// src/config/rules/raw-encoding.ts
var rawEncoding = {
  scope: "part",
  codes: ["oauth/raw-encoding"],
  severity: "warning",
  check(part, report) {
    for (const { place, authorization } of part.accounts) {
      if (authorization.kind !== "oauth2" || authorization.oauth2.basicEncoding !== "raw") continue;
      report({
        place: { document: place.document, path: [...place.path, "basicEncoding"] },
        message: "raw encoding departs from RFC 6749: a server that decodes reads another secret where it holds `%` or `+`",
        hint: "keep it only for a server that refuses the encoded form, and say so with `# bearerd-ignore oauth/raw-encoding`"
      });
    }
  }
};

// src/config/rules/reserved-header.ts
var reservedHeader = {
  scope: "configuration",
  codes: ["oauth/reserved-parameter"],
  severity: "error",
  gather: ({ services, actions }) => [...services, ...actions].filter(({ headers }) => headers.length > 0),
  check(draft, report, withHeaders) {
    for (const owner of withHeaders) {
      const { headers, place } = owner;
      const service = "target" in owner ? draft.services.get(owner.service ?? "") : owner;
      const account = service && draft.accounts.get(service.account);
      const taken = account ? injectedHeaders(account, service.inject) : [];
      for (const { name } of headers) {
        if (!taken.includes(name.toLowerCase())) continue;
        report({
          place: { document: place.document, path: [...place.path, "headers", name] },
          part: "key",
          message: `\`${name}\` is set by account \`${account.name}\``,
          hint: "a request authenticates in one way: remove the header here, or use an account with `authorization: header`"
        });
      }
    }
  }
};
function injectedHeaders({ authorization }, own) {
  if (authorization.kind === "basic") return ["authorization"];
  if (authorization.kind === "oauth2") {
    const rule = own ?? authorization.oauth2.inject;
    return rule?.in === "query" ? [] : [(rule?.name ?? "authorization").toLowerCase()];
  }
  return authorization.kind === "header" ? authorization.values.map(({ name }) => name.toLowerCase()) : [];
}

// src/config/definitions/sent-members.ts
var CLIENT_MEMBERS = {
  client_secret_basic: [],
  client_secret_post: ["client_id", "client_secret"],
  client_secret_jwt: ["client_id", "client_assertion_type", "client_assertion"],
  private_key_jwt: ["client_id", "client_assertion_type", "client_assertion"],
  tls_client_auth: ["client_id"],
  self_signed_tls_client_auth: ["client_id"],
  none: ["client_id"]
};
function sentMembers(oauth2) {
  const { grant, clientAuthMethod, clientId, tokenRequest, audience, resource: resource2, scope } = oauth2;
  const client = CLIENT_MEMBERS[clientAuthMethod].filter((name) => name !== "client_id");
  const named2 = tokenRequest.clientIdInBody ?? CLIENT_MEMBERS[clientAuthMethod].includes("client_id");
  const standard = [
    ...grantTypeOf(oauth2) === void 0 ? [] : ["grant_type"],
    ...scope.length > 0 ? ["scope"] : [],
    ...GRANT_MEMBERS[grant].members.flatMap(({ key, name }) => oauth2[key] ? [name] : []),
    ...oauth2.signedAssertion ? ["assertion"] : [],
    ...audience.length > 0 ? ["audience"] : [],
    ...resource2.length > 0 ? ["resource"] : [],
    ...named2 && clientId ? ["client_id"] : [],
    ...client
  ];
  return standard.map((name) => ({ standard: name, name: tokenRequest.names[name] ?? name }));
}

// src/config/rules/reserved-parameter.ts
var reservedParameter = {
  scope: "part",
  codes: ["oauth/reserved-parameter"],
  severity: "error",
  check(part, report) {
    for (const account of part.accounts) {
      if (account.authorization.kind !== "oauth2") continue;
      const { oauth2 } = account.authorization;
      const sent = sentMembers(oauth2);
      paramFindings(oauth2, sent).forEach(report);
      headerFindings(account, oauth2).forEach(report);
      nameFindings(account, oauth2, sent).forEach(report);
      queryFindings("accessTokenUri", oauth2.accessTokenUri, oauth2.tokenRequest.params).forEach(report);
      if (typeof oauth2.refresh === "object") refreshFindings(oauth2, oauth2.refresh, sent).forEach(report);
    }
  }
};
var PROOFS = /* @__PURE__ */ new Set(["client_secret", "client_assertion", "client_assertion_type"]);
var PROOF_HEADERS = /* @__PURE__ */ new Set(["authorization", "dpop"]);
function paramFindings(oauth2, sent) {
  const { clientAuthMethod, tokenRequest } = oauth2;
  return tokenRequest.params.flatMap(({ name, param }) => {
    const place = { place: param.place, part: "key" };
    const member = sent.find((known) => known.name === name);
    if (member) {
      const message = `\`${name}\` is sent already: it is the account's ${KEYS[member.standard] ?? `\`${member.standard}\``}`;
      return [{ ...place, message, hint: "remove it here: no parameter is sent twice" }];
    }
    if (PROOFS.has(name) && clientAuthMethod !== "none") return [{ ...place, ...secondProof(name, clientAuthMethod) }];
    if (name !== "grant_type") return [];
    const hint = "use `grant: custom` with `tokenRequest.grantType`";
    return [{ ...place, message: "`grant_type` says what `grant` says", hint }];
  });
}
var KEYS = {
  grant_type: "`grant`",
  client_id: "`clientId`",
  client_secret: "`clientSecret`",
  client_assertion: "`clientAssertion`",
  refresh_token: "`refreshToken`",
  subject_token: "`subjectToken`",
  actor_token: "`actorToken`"
};
function secondProof(name, method) {
  return {
    message: `\`${name}\` is a second way to authenticate beside \`clientAuthMethod: ${method}\``,
    hint: "a request authenticates in one way: remove it, or choose the `clientAuthMethod` that sends it"
  };
}
function headerFindings({ place }, { clientAuthMethod, tokenRequest }) {
  if (clientAuthMethod === "none") return [];
  const taken = tokenRequest.headers.filter(({ name }) => PROOF_HEADERS.has(name.toLowerCase()));
  return taken.map(({ name }) => ({
    place: at(place, "tokenRequest", "headers", name),
    part: "key",
    message: `\`${name}\` is a second way to authenticate beside \`clientAuthMethod: ${clientAuthMethod}\``,
    hint: "remove it, or say `clientAuthMethod: none`: then this header is the one way"
  }));
}
function nameFindings({ place }, { tokenRequest }, sent) {
  return Object.entries(tokenRequest.names).flatMap(([standard, name]) => {
    const other = sent.find((member) => member.name === name && member.standard !== standard);
    if (!other || !sent.some((member) => member.standard === standard)) return [];
    const message = `\`${standard}\` and \`${other.standard}\` would both be sent as \`${name}\``;
    return [
      { place: at(place, "tokenRequest", "names", standard), message, hint: "give each member a name of its own" }
    ];
  });
}
function queryFindings(key, uri2, params) {
  const query = uri2?.kind === "template" ? /\?([^#]*)/.exec(uri2.text)?.[1] ?? "" : "";
  const names = new Set(query.split("&").map((pair) => pair.split("=")[0]));
  return params.flatMap(({ name, param }) => {
    if (!names.has(name)) return [];
    const message = `\`${name}\` stands in the query of \`${key}\` already`;
    return [{ place: param.place, part: "key", message, hint: "write it in one of the two places" }];
  });
}
function refreshFindings(oauth2, { accessTokenUri, params }, sent) {
  const [key, uri2] = accessTokenUri ? ["refresh.accessTokenUri", accessTokenUri] : ["accessTokenUri", oauth2.accessTokenUri];
  const doubled = params.flatMap(({ name, param }) => {
    const member = sent.find((known) => known.name === name && REFRESHED.has(known.standard));
    if (!member) return [];
    const message = `\`${name}\` is sent already: it is the account's ${KEYS[member.standard] ?? `\`${member.standard}\``}`;
    return [{ place: param.place, part: "key", message, hint: "remove it here: no parameter is sent twice" }];
  });
  return [...doubled, ...queryFindings(key, uri2, params)];
}
var REFRESHED = /* @__PURE__ */ new Set([...PROOFS, "client_id", "audience", "resource"]);

// src/config/rules/resource.ts
var resource = {
  scope: "part",
  codes: ["uri/invalid"],
  severity: "error",
  check(part, report) {
    const { scopes } = part;
    for (const account of part.accounts) {
      if (account.authorization.kind !== "oauth2") continue;
      for (const value of account.authorization.oauth2.resource) {
        if (value.kind !== "template" || isResource(value.text, scopes.of(account))) continue;
        report({
          place: value.place,
          message: "`resource` is an absolute URI without a fragment (RFC 8707 section 2)",
          hint: "what is none goes into `tokenRequest: { params: { resource: \u2026 } }`"
        });
      }
    }
  }
};
function isResource(text, scope) {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return true;
  const constantOf = constantsOf(scope);
  const filled = parsed.parts.map((part) => part.kind === "text" ? part.text : constantOf(part.expression) ?? "x:x");
  return /^[A-Za-z][A-Za-z0-9+.-]*:[^\s#]+$/.test(filled.join(""));
}

// src/config/rules/scope-separator.ts
var scopeSeparator = {
  scope: "part",
  codes: ["oauth/scope-separator"],
  severity: "warning",
  check(part, report) {
    for (const { place, authorization } of part.accounts) {
      if (authorization.kind !== "oauth2") continue;
      authorization.oauth2.scope.forEach((scope, index) => {
        const separator = /[ ,]/.exec(scope.replaceAll(/\{\{[^{}]*\}\}/g, ""))?.[0];
        if (!separator) return;
        report({
          place: { document: place.document, path: [...place.path, "scope", index] },
          message: `this item is one scope with a ${separator === "," ? "comma" : "blank"} in it: a list is taken literally`,
          hint: "write one item for each scope, or all of them as one text"
        });
      });
    }
  }
};

// src/config/rules/scope-value.ts
var scopeValue = {
  scope: "part",
  codes: ["oauth/scope-value"],
  severity: "error",
  check({ accounts, scopes }, report) {
    for (const account of accounts) {
      if (account.authorization.kind !== "oauth2") continue;
      const { scopeTemplates, tokenRequest } = account.authorization.oauth2;
      for (const value of scopeTemplates)
        for (const within of unfitParts(value, scopes.of(account), tokenRequest.scopeSeparator))
          report({ place: value.place, within, ...UNFIT });
    }
  }
};
var UNFIT = {
  message: "the value of this expression is no part of one scope (RFC 6749 section 3.3)",
  hint: "one expression stands for one scope or a part of it: write several scopes as several"
};
function unfitParts(value, scope, separator) {
  const parsed = value.kind === "template" ? parseTemplate(value.text) : void 0;
  if (!parsed?.ok || parsed.variables.some(({ name }) => !scope.lookup(name))) return [];
  const constantOf = constantsOf(scope);
  return parsed.parts.flatMap((part) => {
    const text = part.kind === "expression" ? constantOf(part.expression) : void 0;
    if (part.kind === "text" || text === void 0) return [];
    return text !== "" && fitsInScope(text, separator) ? [] : [part];
  });
}

// src/config/rules/secret-path.ts
var secretPath = {
  scope: "part",
  codes: ["secrets/path"],
  severity: "error",
  check(part, report) {
    const { scopes } = part;
    for (const { value, owner } of part.values) {
      const template = value.kind === "secret" ? templateOf(value) : void 0;
      const parsed = template && parseTemplate(template.text);
      if (!template || !parsed?.ok) continue;
      const fault = faultOf(parsed.parts, owner && ("target" in owner ? scopes.ofAction(owner) : scopes.of(owner)));
      if (fault) report({ place: template.place, ...fault });
    }
  }
};
function faultOf(parts, scope) {
  let before = "";
  for (const part of parts) {
    if (part.kind === "text") {
      before += part.text;
      continue;
    }
    const { expression } = part;
    if (!scope) return { within: part, message: "a file-wide variable cannot hold a path with expressions", hint: OWN };
    const binding = expression.kind === "variable" ? scope.lookup(expression.name) : void 0;
    if (expression.kind === "variable" && !binding) return void 0;
    if (binding?.kind !== "parameter" && binding?.kind !== "constant")
      return { within: part, message: "only `params.*` and constant variables can stand in a path" };
    if (binding.kind === "parameter") return isFolder(before) ? void 0 : { within: part, ...OPEN };
    before += binding.text;
  }
  return void 0;
}
var OWN = "write the reference in the account or the service that uses it";
var OPEN = {
  message: "a caller could choose any file here: a parameter stands below a folder of its own",
  hint: "write the folder before it, such as `secrets/{{params.tenant}}`"
};
function isFolder(before) {
  const names = before.slice(0, before.lastIndexOf("/") + 1).split("/");
  return /[^.]/.test(names.at(-2) ?? "");
}

// src/config/rules/shared-token.ts
var sharedToken = {
  scope: "configuration",
  codes: ["oauth/shared-token"],
  severity: "warning",
  // An account that stands among its services, which are all of one provider, is of interest when others use it too.
  gather: ({ services, accounts, scopes }) => {
    const own = new Set(accounts.map(({ key }) => key));
    return [...byAccount(targetsOf(services, scopes)).entries()].flatMap(
      ([account, targets]) => own.has(account) && areOfOneSite(targets) ? [] : targets
    );
  },
  check(draft, report, gathered) {
    const atHome = homeTargets(draft, gathered);
    let order;
    for (const [account, away] of byAccount(gathered)) {
      const targets = [...away, ...atHome.get(account) ?? []];
      if (areOfOneSite(targets) || !isIssued(draft.accounts.get(account))) continue;
      order ??= new Map([...draft.services.keys()].map((name, index) => [name, index]));
      const [first, ...others] = inOrder(targets, order);
      for (const { service, site } of others) {
        if (site === first.site) continue;
        report({
          place: { document: service.place.document, path: [...service.place.path, "account"] },
          message: `the token of account \`${account}\` goes to ${site} and to ${first.site}: each could use it at the other`,
          hint: "give each provider an account of its own, with only the scope that it needs",
          related: [{ place: first.service.place, part: "key", message: `${first.site} gets it here` }]
        });
      }
    }
  }
};
function areOfOneSite(targets) {
  return targets.every(({ site }) => site === targets[0].site);
}
function targetsOf(services, scopes) {
  return [...services].flatMap((service) => {
    if (service.account === `services.${service.name}`) return [];
    const site = siteOf(service, scopes.of(service));
    return site === void 0 ? [] : [{ service, site }];
  });
}
function homeTargets({ accounts, parts, scopes }, gathered) {
  const used = new Set(gathered.map(({ service }) => service.account));
  const homes = new Set([...used].flatMap((account) => accounts.index.get(account) ?? []));
  const services = [...homes].flatMap((home) => [...parts[home].services.values()]);
  const known = new Set(gathered.map(({ service }) => service));
  const others = services.filter((service) => used.has(service.account) && !known.has(service));
  return byAccount(targetsOf(others, scopes));
}
function inOrder(targets, order) {
  return targets.toSorted((a, b) => order.get(a.service.name) - order.get(b.service.name));
}
function byAccount(targets) {
  const accounts = /* @__PURE__ */ new Map();
  for (const target of targets) {
    const known = accounts.get(target.service.account);
    if (known) known.push(target);
    else accounts.set(target.service.account, [target]);
  }
  return accounts;
}
function isIssued(account) {
  return account?.authorization.kind === "oauth2";
}
function siteOf({ serverUrl }, scope) {
  const parsed = serverUrl.kind === "template" ? parseTemplate(serverUrl.text) : void 0;
  if (!parsed?.ok || parsed.variables.some(({ name }) => !scope.lookup(name))) return void 0;
  const analyzed = analyzeUri(parsed.parts, constantsOf(scope));
  if (!analyzed.ok || !analyzed.value.hostKnown) return void 0;
  const { hostname } = analyzed.value.url;
  return /^\[|^[\d.]+$|^localhost$/.test(hostname) ? void 0 : hostname.split(".").slice(-2).join(".");
}

// src/config/rules/shell-variable.ts
var shellVariable2 = {
  scope: "part",
  codes: ["template/shell-variable"],
  severity: "warning",
  check(part, report) {
    for (const { value, use, owner } of part.values) {
      if (value.kind !== "template" || use === "uri" || owner && "target" in owner) continue;
      const found = shellVariable(value.text);
      if (found) report({ place: value.place, ...found });
    }
  }
};

// src/config/rules/sink.ts
var sink = {
  scope: "configuration",
  codes: ["sinks/no-bearer", "sinks/dpop", "sinks/same-file"],
  severity: "error",
  gather: ({ services }) => services.filter(({ sinks }) => sinks.length > 0),
  check(draft, report, writing) {
    const accounts = draft.accounts;
    const written = /* @__PURE__ */ new Map();
    for (const { place, sinks, account } of writing) {
      for (const [index, { path, format }] of sinks.entries()) {
        const file = at(place, "sinks", index, "file");
        const authorization = accounts.get(account)?.authorization;
        const kind = authorization?.kind;
        if (authorization?.kind === "oauth2" && authorization.oauth2.dpop) report({ ...BOUND, place: file });
        if (kind && !canWrite(kind, format)) {
          const hint = kind === "header" || kind === "basic" ? "write `format: header`" : "remove the sink";
          report({
            place: file,
            message: `the account has no bearer for this file: its authorization is \`${kind}\``,
            hint
          });
        }
        const first = written.get(path);
        if (first) {
          const related = [{ place: first, message: "first here" }];
          report({ code: "sinks/same-file", place: file, message: "another sink writes this file", related });
        } else written.set(path, file);
      }
    }
  }
};
var BOUND = {
  code: "sinks/dpop",
  message: "tokens of this account are bound to a key (`dpop`), and no file holds the proof that each request needs",
  hint: "remove the sink, and send requests through the proxy"
};
function canWrite(kind, format) {
  if (kind === "oauth2") return true;
  return format === "header" && (kind === "header" || kind === "basic");
}

// src/config/rules/template-syntax.ts
var templateSyntax = {
  scope: "part",
  codes: ["template/syntax", "template/unsupported"],
  severity: "error",
  check(part, report) {
    for (const { value } of part.values) {
      const template = templateOf(value);
      if (!template) continue;
      const parsed = parseTemplate(template.text);
      if (parsed.ok) continue;
      const { code, message, hint, start, end } = parsed.fault;
      report({ code, place: template.place, within: { start, end }, message, ...hint && { hint } });
    }
  }
};

// src/config/rules/template-variable.ts
var MAX_NAMES = 1e6;
var templateVariable = {
  scope: "configuration",
  codes: ["template/unknown-variable"],
  severity: "error",
  gather: ({ values, scopes }) => values.flatMap((value) => unknownVariables(value, scopes)),
  check(draft, report, unknown) {
    if (unknown.length === 0) return;
    const refused = refusedOf(draft);
    let left = MAX_NAMES;
    for (const one of unknown) {
      if (isRefused(one.variable.name, one.owner, draft, refused)) continue;
      const names = left > 0 ? one.scope.names() : [];
      left -= names.length;
      report(findingOf(one, names, draft.parameters));
    }
  }
};
function unknownVariables(used, scopes) {
  const { value, use, owner } = used;
  const template = templateOf(value);
  if (!owner || !template?.text.includes("{{") || use === "variable" && value.kind === "template") return [];
  const scope = scopeOf(used, owner, scopes);
  const parsed = parseTemplate(template.text);
  const unknown = parsed.ok ? parsed.variables.filter(({ name }) => !scope.lookup(name)) : [];
  return unknown.map((variable) => ({ owner, place: template.place, variable, scope }));
}
function scopeOf({ part, inject, refresh }, owner, scopes) {
  if ("target" in owner) return scopes.ofAction(owner, part);
  const scope = scopes.of(owner);
  return inject ? injectScope(scope, owner) : refresh ? refreshScope(scope) : scope;
}
function refusedOf(draft) {
  const read = new Set(
    [...draft.accounts.values(), ...draft.services.values()].map(({ place }) => place.path.join(" "))
  );
  const refused = declaredIn(draft).filter(({ place }) => !read.has(place.path.join(" ")));
  const variables = new Map(refused.map(({ kind, name, place }) => [`${kind} ${name}`, variablesAt(place)]));
  return {
    accounts: new Set(refused.filter(({ kind }) => kind === "account").map(({ name }) => name)),
    has: (kind, name, variable) => variables.get(`${kind} ${name}`)?.includes(variable) ?? false
  };
}
function variablesAt({ document, path: [section, name] }) {
  const definitions = document.value[String(section)];
  return Object.keys(definitions?.[String(name)]?.vars ?? {});
}
function isRefused(name, owner, draft, refused) {
  if (name.startsWith("token.")) return "account" in owner && refused.accounts.has(owner.account);
  if (!name.startsWith("vars.")) return false;
  const key = name.slice("vars.".length);
  if (!draft.allNamed || draft.ids.has(`variable ${key}`)) return true;
  if ("account" in owner) return refused.has("account", owner.account, key);
  if (!("target" in owner)) return false;
  const service = draft.services.get(owner.service ?? "");
  if (owner.service !== void 0 && !draft.ids.has(`service ${owner.service}`)) return true;
  return refused.has("service", owner.service, key) || refused.has("account", service?.account, key);
}
function findingOf({ owner, place, variable }, names, parameters) {
  const { name } = variable;
  const finding = { place, within: variable, message: `unknown variable \`${name}\`` };
  if (names.length === 0) return finding;
  const hinted = { ...finding, hint: hintFor(name, names) };
  return nearestOf(name, names) ? hinted : { ...hinted, ...lackingService(name, owner, parameters) };
}
function lackingService(variable, owner, parameters) {
  if (!("authorization" in owner) || !variable.startsWith("params.")) return {};
  const name = variable.slice("params.".length);
  const service = parameters.lacking(owner, name);
  if (!service) return { hint: "no service uses this account, so nothing gives it a value" };
  return {
    message: `service \`${service.name}\` uses account \`${owner.name}\` and has no parameter \`${name}\``,
    hint: `declare it below \`parameters\` of the service, or give the service an account of its own`,
    related: [{ place: service.place, part: "key", message: `service \`${service.name}\`` }]
  };
}
function hintFor(name, names) {
  const full = names.find((known) => known.endsWith(`.${name}`));
  if (full) return `did you mean \`${full}\`?`;
  if (name.startsWith("env."))
    return `an environment variable is a reference: \`{ env: ${name.slice(4)} }\`, here or below \`vars\``;
  return nearestOf(name, names) ?? otherHead(name, names) ?? `in scope: ${[...new Set(names)].slice(0, 12).join(", ")}`;
}
function nearestOf(name, names) {
  return didYouMean(
    name,
    names.filter((known) => !known.endsWith(".*"))
  );
}
var HEADS = /* @__PURE__ */ new Set(["vars", "params", "token", "input", "file", "service", "account"]);
function otherHead(name, names) {
  const [head = "", ...rest] = name.split(".");
  const heads = names.map((known2) => known2.split(".")[0]).filter((known2) => HEADS.has(known2));
  const meant = rest.length > 0 && !HEADS.has(head) ? suggest(head, heads) : void 0;
  if (meant === void 0) return void 0;
  const known = names.filter((other) => other.startsWith(`${meant}.`));
  if (known.includes(`${meant}.*`)) return `did you mean \`${[meant, ...rest].join(".")}\`?`;
  return `did you mean \`${meant}.\`, as in ${known.slice(0, 6).join(", ")}?`;
}

// src/config/rules/token-response.ts
var tokenResponse = {
  scope: "part",
  codes: ["oauth/publish-without-hosts", "oauth/refresh-before"],
  severity: "warning",
  check(part, report) {
    for (const { place, authorization } of part.accounts) {
      if (authorization.kind !== "oauth2") continue;
      const { tokenResponse: tokenResponse2, lifetime } = authorization.oauth2;
      for (const entry of tokenResponse2?.publish ?? []) {
        if (entry.hosts) continue;
        report({
          place: { document: place.document, path: [...place.path, "tokenResponse", "publish", entry.name] },
          part: "key",
          message: `\`${entry.name}\` does not say which hosts it may name`,
          hint: "list them as `hosts`, or write `hosts: []` where it is no host"
        });
      }
      const { defaultMs, refreshBeforeMs } = lifetime;
      if (defaultMs === void 0 || refreshBeforeMs === void 0 || refreshBeforeMs * 2 <= defaultMs) continue;
      report({
        code: "oauth/refresh-before",
        place: { document: place.document, path: [...place.path, "lifetime", "refreshBefore"] },
        message: "more than half of `lifetime.default`: the token would be renewed for most of its life",
        hint: "it is cut to a fifth of the life; write less, or leave it out"
      });
    }
  }
};

// src/config/rules/unknown-account.ts
var unknownAccount = {
  scope: "configuration",
  codes: ["reference/unknown-account"],
  severity: "error",
  gather: ({ accounts, services }) => {
    const own = new Set(accounts.map(({ key }) => key));
    return services.filter(({ account }) => !own.has(account)).map(({ account, place }) => ({ name: account, place }));
  },
  check(draft, report, foreign) {
    const fed = draft.bearers.map(({ value }) => ({ name: value.reference.account, place: value.place }));
    const unknown = [...foreign, ...fed].filter(({ name }) => !draft.accounts.has(name));
    if (unknown.length === 0) return;
    const known = namesOf2(draft, "account");
    const didYouMean2 = createDidYouMean();
    for (const { name, place } of unknown) {
      if (known.has(name)) continue;
      const meant = didYouMean2(name, known);
      if (!draft.allNamed && meant === void 0) continue;
      report({
        place: at(place, "account"),
        message: `no account \`${name}\``,
        hint: meant ?? "define it below `accounts`"
      });
    }
  }
};

// src/config/rules/unknown-field.ts
var unknownField = {
  scope: "configuration",
  codes: ["reference/unknown-field"],
  severity: "error",
  check(draft, report) {
    const accounts = draft.accounts;
    for (const { value } of draft.bearers) {
      const { account, field } = value.reference;
      const feeder = accounts.get(account);
      const names = feeder && publishedNames(feeder);
      if (field === void 0 || !names || names.includes(field)) continue;
      report({
        place: at(value.place, "field"),
        message: `account \`${account}\` publishes no \`${field}\``,
        hint: didYouMean(field, names) ?? hintFor2(names),
        related: [{ place: feeder.place, part: "key", message: `account \`${account}\`` }]
      });
    }
  }
};
function publishedNames({ authorization }) {
  if (authorization.kind !== "oauth2") return void 0;
  return (authorization.oauth2.tokenResponse?.publish ?? []).map(({ name }) => name);
}
function hintFor2(names) {
  if (names.length === 0) return "say below `tokenResponse.publish` of that account where the member stands";
  return `it publishes ${names.join(", ")}`;
}

// src/config/rules/unknown-service.ts
var unknownService = {
  scope: "configuration",
  codes: ["reference/unknown-service"],
  severity: "error",
  gather: ({ actions, services }) => {
    const own = new Set(services.map(({ name }) => name));
    return actions.filter(({ service }) => service !== void 0 && !own.has(service));
  },
  check(draft, report, foreign) {
    const unknown = foreign.filter(({ service = "" }) => !draft.services.has(service));
    if (unknown.length === 0) return;
    const known = namesOf2(draft, "service");
    const didYouMean2 = createDidYouMean();
    for (const { service = "", place } of unknown) {
      if (known.has(service)) continue;
      const meant = didYouMean2(service, known);
      if (!draft.allNamed && meant === void 0) continue;
      report({
        place: { document: place.document, path: [...place.path, "authenticateWith"] },
        message: `no service \`${service}\``,
        hint: meant ?? "define it below `services`"
      });
    }
  }
};

// src/config/rules/unused-account.ts
var unusedAccount = {
  scope: "configuration",
  codes: ["reference/unused-account"],
  severity: "warning",
  gather: ({ accounts, services }) => {
    const [known, used] = [new Set(accounts.map(({ key }) => key)), new Set(services.map(({ account }) => account))];
    const unused2 = accounts.filter(({ key }) => !used.has(key));
    const foreign = [...used].filter((key) => !known.has(key));
    return unused2.length + foreign.length > 0 ? [{ unused: unused2, foreign }] : [];
  },
  check(draft, report, facts) {
    if (!draft.complete || !facts.some(({ unused: unused3 }) => unused3.length > 0)) return;
    const used = /* @__PURE__ */ new Set([
      ...facts.flatMap(({ foreign }) => foreign),
      ...draft.bearers.map(({ value }) => value.reference.account)
    ]);
    const unused2 = facts.flatMap((fact) => fact.unused).filter(({ key }) => !used.has(key));
    if (unused2.length === 0) return;
    const meant = meantBy(used, draft);
    for (const account of unused2) {
      if (meant.has(account.key)) continue;
      report({
        place: account.place,
        part: "key",
        message: `account \`${account.name}\` is not used by any service`,
        hint: `remove it, or write \`account: ${account.name}\` in a service`
      });
    }
  }
};
var MAX_SLIPS = 100;
function meantBy(used, draft) {
  const unknown = [...used].filter((name) => !draft.accounts.has(name));
  if (unknown.length === 0 || unknown.length > MAX_SLIPS) return /* @__PURE__ */ new Set();
  const known = namesOf2(draft, "account");
  return new Set(unknown.map((name) => suggest(name, known)));
}

// src/config/rules/uri.ts
var uri = {
  scope: "part",
  codes: ["uri/invalid", "uri/insecure", "uri/host-from-value"],
  severity: "error",
  check(part, report) {
    const { scopes } = part;
    for (const account of part.accounts) {
      if (account.authorization.kind !== "oauth2") continue;
      const { accessTokenUri, issuer, refresh, revocationUri, allowHttp } = account.authorization.oauth2;
      const check = (value) => checkUri(value, allowHttp, account, scopes.of(account)).forEach(report);
      const refreshUri = typeof refresh === "object" ? refresh.accessTokenUri : void 0;
      for (const value of [accessTokenUri, issuer, refreshUri, revocationUri]) if (value) check(value);
      if (issuer?.kind === "template") issuerFaults(issuer).forEach(report);
    }
    for (const service of part.services) {
      checkUri(service.serverUrl, service.allowHttp, service, scopes.of(service)).forEach(report);
    }
    for (const action of part.actions) checkTarget(action, scopes.ofAction(action)).forEach(report);
  }
};
function issuerFaults({ place, text }) {
  const hint = "write what the metadata says as `issuer`";
  if (text.includes("/.well-known/"))
    return [{ place, message: "this is the address of the metadata, not the issuer", hint }];
  return text.includes("?") ? [{ place, message: "an issuer has no query (RFC 8414 section 2)", hint }] : [];
}
function unlistedHost({ place }, { name, start, end }) {
  return {
    code: "uri/host-from-value",
    place,
    within: { start, end },
    message: `the token response would decide the host: \`publish.${name}\` lists no \`hosts\``,
    hint: 'list the hosts that it may name, for example `hosts: ["*.crm.example"]`'
  };
}
function checkTarget(action, scope) {
  const { kind, value } = action.target;
  if (kind === "url") return checkUri(value, false, action, scope);
  const parsed = value.kind === "template" ? parseTemplate(value.text) : void 0;
  if (!parsed?.ok || parsed.variables.some((variable) => !scope.lookup(variable.name))) return [];
  const analyzed = analyzePath(parsed.parts, constantsOf(scope));
  return analyzed.ok ? [] : [{ place: value.place, ...analyzed.fault }];
}
function checkUri(value, allowHttp, owner, scope) {
  const shell = value.kind === "template" ? shellVariable(value.text) : void 0;
  if (shell) return [{ place: value.place, ...shell }];
  const parsed = value.kind === "template" ? parseTemplate(value.text) : void 0;
  if (!parsed?.ok || parsed.variables.some((variable) => !scope.lookup(variable.name))) return [];
  const analyzed = analyzeUri(parsed.parts, constantsOf(scope), parametersOf(scope));
  if (!analyzed.ok) return [{ place: value.place, ...analyzed.fault }];
  const { url, hostKnown, parts } = analyzed.value;
  const unlisted = publishedHosts(parts, scope).find(({ hosts = [] }) => hosts.length === 0);
  if (unlisted) return [unlistedHost(value, unlisted)];
  if ("serverUrl" in owner && url.search) {
    return [
      {
        place: value.place,
        message: "a server URL has no query: paths are appended to it",
        hint: "remove the query: who calls the service sends it"
      }
    ];
  }
  if (url.protocol === "https:" || hostKnown && isLoopback(url.hostname)) return [];
  const hint = "target" in owner ? "use https, or a service with `allowHttp: true`" : "use https, or say `allowHttp: true`";
  const message = `plain http${hostKnown ? ` to ${url.hostname}` : ""}: credentials would travel unprotected`;
  if (allowHttp)
    return [
      { code: "uri/insecure", severity: "warning", place: value.place, message, hint: "`allowHttp` lets it pass" }
    ];
  return [{ code: "uri/insecure", place: value.place, message, hint }];
}

// src/config/rules/value-as-name.ts
var valueAsName = {
  scope: "part",
  codes: ["secrets/value-as-name"],
  severity: "warning",
  check(part, report) {
    for (const { value } of part.values) {
      if (value.kind !== "secret" || value.reference.kind !== "env" || !looksLikeSecret(value.reference.name)) continue;
      report({
        place: { document: value.place.document, path: [...value.place.path, "env"] },
        message: "this looks like a secret, not like the name of an environment variable",
        hint: "replace the secret at the provider, and write the name of a variable that holds the new one"
      });
    }
  }
};

// src/config/rules/index.ts
var rules = [
  duplicateName,
  unknownAccount,
  unknownService,
  accountWithoutBearer,
  unknownField,
  unusedAccount,
  cycle,
  templateSyntax,
  templateVariable,
  shellVariable2,
  parameter,
  secretPath,
  sink,
  uri,
  parameterInUri,
  parameterInScope,
  doubleSlash,
  authorizationEndpoint,
  literalSecret,
  literalKey,
  valueAsName,
  passwordGrant,
  idTokenWithoutUser,
  publicClient,
  clientAssertion,
  assertionAudience,
  credentialsInQuery,
  scopeSeparator,
  scopeValue,
  rawEncoding,
  sharedToken,
  reservedHeader,
  reservedParameter,
  nestedParameter,
  nestedVariable,
  resource,
  tokenResponse,
  actionInput,
  exposedDaemon,
  caller
];

// src/config/ignore.ts
var MARK = "bearerd-ignore";
var COMMENT = /^(#[ \t]*bearerd-ignore(?![\w-])[ \t:]*)([^\s,]+(?:[ \t]*,[ \t]*[^\s,]+)*)?/;
var SCHEMA_CODES = {
  "schema/unknown-key": true,
  "schema/missing-key": true,
  "schema/type": true,
  "schema/value": true,
  "schema/not-allowed": true
};
var SUPPRESSIBLE_CODES = /* @__PURE__ */ new Set([
  ...Object.keys(SCHEMA_CODES),
  ...rules.flatMap((rule) => rule.codes)
]);
function findIgnores({ source, comments }) {
  if (!source.text.includes(MARK)) return [];
  const lines = lineIndex(source.text);
  const placedComments = comments.map((comment) => placed(comment, source.text, lines));
  speakForNextLine(placedComments);
  return placedComments.flatMap(({ offset, text, line }) => {
    const [match, lead, list = ""] = COMMENT.exec(text) ?? [];
    if (match === void 0) return [];
    const codes = [...list.matchAll(/[^\s,]+/g)].map(({ 0: code, index }) => {
      const start = offset + lead.length + index;
      return { code, range: lines.range(start, start + code.length) };
    });
    return { file: source.file, range: lines.range(offset, offset + text.trimEnd().length), line, codes };
  });
}
function placed(comment, text, lines) {
  const { line, column } = lines.position(comment.offset);
  const isAlone = text.slice(comment.offset - column + 1, comment.offset).trim() === "";
  return { ...comment, isAlone, line };
}
function speakForNextLine(comments) {
  let below;
  for (const comment of comments.toReversed()) {
    const own = comment.line;
    if (comment.isAlone) {
      comment.line = below?.own === own + 1 ? below.line : own + 1;
      below = { own, line: comment.line };
    }
  }
}
function applyIgnores(diagnostics, comments) {
  if (comments.length === 0) return [...diagnostics];
  const places = new Set(
    comments.flatMap(({ file, line, codes }) => codes.map(({ code }) => placeOf(file, line, code)))
  );
  const used = /* @__PURE__ */ new Set();
  const left = diagnostics.flatMap((diagnostic) => {
    const place = placeOf(diagnostic.file, diagnostic.range.start.line, diagnostic.code);
    if (!places.has(place) || !SUPPRESSIBLE_CODES.has(diagnostic.code)) return [diagnostic];
    used.add(place);
    return diagnostic.severity === "error" ? [{ ...diagnostic, suppressed: true }] : [];
  });
  const isKnown = searched(diagnostics);
  return [...left, ...comments.flatMap((comment) => faultsOf3(comment, { used, isKnown }))];
}
function placeOf(file, line, code) {
  return `${code} ${line} ${file}`;
}
function searched(diagnostics) {
  const unread = new Set(diagnostics.filter(({ code }) => !SUPPRESSIBLE_CODES.has(code)).map(({ file }) => file));
  const complete = unread.size === 0 && !diagnostics.some(({ code }) => code in SCHEMA_CODES);
  return (file, code) => code in SCHEMA_CODES ? !unread.has(file) : complete;
}
function faultsOf3(comment, { used, isKnown }) {
  const { file, line, range, codes } = comment;
  if (codes.length === 0) return [unused(file, range, "this comment names no code", "write `# bearerd-ignore CODE`")];
  const faults = [];
  const idle = [];
  for (const item of codes) {
    if (SUPPRESSIBLE_CODES.has(item.code)) {
      if (!used.has(placeOf(file, line, item.code)) && isKnown(file, item.code)) idle.push(item);
    } else faults.push(notSuppressible(file, item));
  }
  return [...faults, ...idleFaults(comment, idle)];
}
function idleFaults({ file, line, range, codes }, idle) {
  const where = line === range.start.line ? "on this line" : `on line ${line}`;
  if (idle.length < codes.length)
    return idle.map(({ code, range: range2 }) => unused(file, range2, `no \`${code}\` ${where}`, "remove it from the comment"));
  const names = codes.map(({ code }) => `\`${code}\``).join(" or ");
  return [unused(file, range, `this comment suppresses nothing: no ${names} ${where}`, "remove it")];
}
function unused(file, range, message, hint) {
  return { code: "ignore/unused", severity: "warning", message, file, range, hint };
}
var NEVER = /^(?:yaml|file|ignore)\//;
function notSuppressible(file, { code, range }) {
  if (NEVER.test(code))
    return unused(file, range, `\`${code}\` cannot be suppressed`, "remove it: such a problem must be solved");
  const hint = didYouMeanCode(code, SUPPRESSIBLE_CODES) ?? "`bearerd rules` lists them";
  return { code: "ignore/unknown-code", severity: "warning", message: `no code \`${code}\``, file, range, hint };
}

// src/config/schema/changed-value.ts
function changed(value, path, change) {
  const [key, ...rest] = path.map(String);
  if (Array.isArray(value))
    return value.map((item, index) => String(index) === key ? changed(item, rest, change) : item);
  if (typeof value !== "object" || value === null) return value;
  const mapping = value;
  return rest.length === 0 ? change(mapping, key) : { ...mapping, [key]: changed(mapping[key], rest, change) };
}
function renamed(value, path, name, inner) {
  return changed(value, path, (mapping, key) => {
    if (Object.hasOwn(mapping, name)) return mapping;
    const { [key]: moved, ...others } = mapping;
    return { ...others, [name]: inner === void 0 ? moved : { [inner]: moved } };
  });
}
function without(value, path) {
  return changed(value, path, (mapping, key) => {
    const { [key]: _left, ...others } = mapping;
    return others;
  });
}

// src/config/schema/foreign-names.ts
var FOREIGN_KEYS = {
  accessTokenUri: "tokenurl tokenuri tokenendpoint tokenendpointurl tokenendpointuri tokenserver tokenserverurl tokenpath accesstokenendpoint accesstokenpath oauthurl oauth2url oauthtokenurl authurl authuri authendpoint authorizationurl authorizationuri authorizationendpoint tokenrefreshendpoint refreshurl",
  issuer: "issueruri issuerurl authority authserverurl discoveryurl discoveryuri discovery wellknown wellknownurl openidconfiguration metadataurl realmurl",
  clientId: "appid applicationid consumerkey apikeyid client",
  "clientSecret.file": "clientsecretfile clientsecretpath",
  "clientSecret.env": "clientsecretenv clientsecretvariable",
  clientSecret: "appsecret applicationsecret consumersecret secret secretkey clientpassword sharedsecret",
  clientAuthMethod: "clientauth clientauthentication clientauthtype tokenendpointauthmethod tokenrequestauthmethod authmethod authstyle authenticationmethod credentialsplacement credentialsinbody clientauthenticationscheme",
  "clientAssertion.key": "privatekey privatekeyfile signingkey jwtkey privatepem",
  "clientAssertion.kid": "keyid privatekeyid jwtkeyid",
  "header.value": "apikey apitoken bearertoken accesstoken statictoken token",
  grant: "granttype authorizationgranttype oauthgranttype oauth2granttype flow oauthflow",
  authorization: "authtype authorizationtype authenticationtype type kind scheme authscheme",
  username: "user login userid email",
  "password.file": "passwordfile",
  "password.env": "passwordenv",
  password: "pass pwd passphrase userpassword",
  assertion: "jwt jwtassertion samlassertion",
  audience: "aud",
  "tokenRequest.params": "params bodyparams endpointparams extraparams extratokenparams tokenparams additionalparams additionalparameters customparams customparameters additionalbodyproperties",
  "tokenRequest.format": "bodyformat",
  "tokenRequest.headers": "useragent tokenheaders requestheaders",
  "tokenResponse.token": "accesstokenname accesstokenfield tokenfield tokenjsonpath",
  "inject.prefix": "headerprefix tokenprefix tokenheaderprefix tokentype",
  "inject.name": "headername tokenheader tokenheadername",
  "inject.in": "tokenplacement addtokento",
  bearerTokenType: "tokensource usetoken",
  "lifetime.default": "expiresin tokenlifetime tokenttl ttl expiry",
  "lifetime.refreshBefore": "expirybuffer tokenexpirationbuffer earlyrefresh leeway",
  "tls.caFile": "cacert cafile cacertificate rootca",
  "tls.certFile": "clientcert clientcertificate certfile certificate cert",
  "tls.keyFile": "keyfile clientkey clientkeyfile tlskey",
  tls: "tlsconfig ssl tlsoptions mtls",
  proxy: "proxyurl httpproxy httpsproxy",
  serverUrl: "url uri baseurl baseuri baseaddress basepath host hostname server address endpoint apiurl apiuri apibase apiroot apiendpoint root rooturl origin target targeturl upstream upstreamurl serviceurl",
  account: "auth authentication oauth oauth2 credential credentials authprovider connection security securityscheme",
  healthCheck: "health healthpath healthcheckpath ping",
  headers: "defaultheaders extraheaders customheaders httpheaders",
  timeout: "requesttimeout readtimeout timeoutseconds connecttimeout",
  allow: "allowed allowlist whitelist routes",
  accounts: "clients connections registrations authproviders providers oauth2clients securityschemes",
  services: "apis endpoints targets upstreams backends hosts servers",
  vars: "environment globals",
  actions: "jobs tasks requests hooks webhooks",
  daemon: "global settings",
  env: "environment envvar environmentvariable variable var fromenv",
  file: "path filename secretfile fromfile filepath",
  exec: "command cmd program run script",
  systemd: "systemdcredential loadcredential",
  key: "privatekey pem keyfile signingkey",
  alg: "algorithm signingalgorithm signingalg signaturealgorithm jwtalgorithm",
  kid: "keyid privatekeyid",
  "claims.iss": "iss issuer clientemail",
  "claims.sub": "sub subject user",
  "claims.scope": "scope scopes",
  x5t: "thumbprint certificatethumbprint certificate cert",
  keyFile: "privatekey clientkey key pem",
  certFile: "cert certificate clientcert clientcertificate crt",
  caFile: "ca cacert cacertificate rootca cabundle truststore",
  serverName: "sni hostname",
  params: "body parameters data fields",
  name: "header headername",
  attempts: "max maxattempts maxretries retries count limit times",
  on: "statuscodes status statuses retryon codes",
  listen: "port host address bind",
  method: "verb httpmethod",
  format: "contenttype bodyformat bodytype encoding",
  "content.json": "body payload data",
  authenticateWith: "service account connection auth",
  outputFileName: "filename targetname remotename"
};
var FOREIGN_WORDS = {
  client_secret_basic: "basic basicauth header headers inheader httpbasic authorizationheader",
  client_secret_post: "post body inbody form params inparams requestbody formbody clientsecretbody",
  private_key_jwt: "jwt privatekey keypair jwtbearer clientassertion signedjwt privatejwt certificate",
  tls_client_auth: "mtls tls mutualtls clientcertificate",
  none: "public noauth anonymous open",
  client_credentials: "clientcredential application app machine machinetomachine m2m twolegged",
  password: "ropc passwordcredentials resourceownerpassword resourceownerpasswordcredentials resourceowner",
  refresh_token: "refresh authorizationcode authcode code devicecode implicit",
  jwt_bearer: "urnietfparamsoauthgranttypejwtbearer jwt jwtassertion serviceaccount onbehalfof",
  saml2_bearer: "urnietfparamsoauthgranttypesaml2bearer saml saml2 samlassertion",
  token_exchange: "urnietfparamsoauthgranttypetokenexchange exchange sts",
  oauth2: "oauth oauth20 oidc openidconnect clientcredentials serviceaccount",
  header: "apikey apikeyheader apitoken token headers bearer bearertoken personalaccesstoken pat",
  query: "querystring queryparameter queryparameters queryparams url parameter",
  basic: "basicauth httpbasic userpassword",
  access_token: "access bearer",
  id_token: "id idtoken identity identitytoken",
  seconds: "s sec relative",
  milliseconds: "ms millis",
  unix: "epoch unixtime epochseconds timestamp absolute",
  datetime: "iso iso8601 rfc3339 date string",
  form: "urlencoded formurlencoded xwwwformurlencoded applicationxwwwformurlencoded formdata",
  json: "applicationjson",
  copyToHttpServer: "upload copy put webdav httpupload",
  sendToConnectedService: "send request httprequest webhook call http"
};
function foreignKey(name, keys) {
  const plain = plainOf(name);
  const same = keys.find((key) => plainOf(key) === plain);
  if (same !== void 0) return { key: same };
  const found = KEYS2.get(plain)?.find(({ key }) => keys.includes(key));
  return found;
}
function foreignWord(word, allowed) {
  const plain = plainOf(word);
  return allowed.find((known) => plainOf(known) === plain) ?? WORDS2.get(plain)?.find((known) => allowed.includes(known));
}
function plainOf(name) {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
var KEYS2 = byForeign(FOREIGN_KEYS, (ours) => {
  const [key = "", inner] = ours.split(".");
  return { key, ...inner !== void 0 && { inner } };
});
var WORDS2 = byForeign(FOREIGN_WORDS, (ours) => ours);
function byForeign(table, read) {
  const found = /* @__PURE__ */ new Map();
  for (const [ours, theirs] of Object.entries(table)) {
    for (const name of theirs.split(" ")) found.set(name, [...found.get(name) ?? [], read(ours)]);
  }
  return found;
}

// src/config/schema/validate-schema.ts
import { createRequire } from "node:module";
var require2 = createRequire(import.meta.url);
var { validate: isValid } = require2("./is-valid.generated.cjs");
var validator;
function loadValidator() {
  validator ??= require2("./validate-schema.generated.cjs");
  return validator;
}
function validateSchema(value) {
  if (isValid(value)) return [];
  const { validate } = loadValidator();
  validate(value);
  return [...validate.errors ?? []];
}
function rootSchema() {
  return loadValidator().schema;
}

// src/config/schema/schema-condition.ts
function schemaPlace(schemaPath) {
  const way = [];
  const conditions = [];
  let node = rootSchema();
  let otherType;
  for (const segment of segmentsOf(schemaPath).slice(0, -1)) {
    if (typeof node === "boolean") break;
    way.push(node);
    while (!(segment in node) && typeof node.$ref === "string") {
      node = schemaPlace(`${node.$ref}/`).node;
      way.push(node);
    }
    if (segment === "properties") for (const condition2 of conditions) condition2.depth++;
    const condition = segment === "then" || segment === "else" ? conditionOf(node, segment, way) : void 0;
    if (condition) conditions.push(condition);
    otherType = segment === "else" ? node.if.type : void 0;
    node = node[segment];
  }
  if (typeof node === "object") way.push(node);
  const described = way.findLast((step) => typeof step.title === "string") ?? {};
  return { node, conditions, described, ...otherType && { otherType } };
}
function segmentsOf(schemaPath) {
  const segments = schemaPath.replace(/^#\//, "").split("/");
  return segments.map((segment) => decodeURIComponent(segment).replaceAll("~1", "/").replaceAll("~0", "~"));
}
function conditionOf(node, branch, way) {
  const { properties, required } = node.if;
  const [entry] = Object.entries(properties ?? {});
  if (!entry) return required?.[0] === void 0 ? void 0 : { key: required[0], values: [], branch, depth: 0 };
  const [key, words] = entry;
  if (words === true) return { key, values: [], branch, depth: 0 };
  const fallback = way.map((step) => defaultOf(step, key)).findLast((value) => value !== void 0);
  const others = keysOf(node.if).filter((other) => other !== key);
  return {
    ...{ key, values: words.enum ?? [words.const ?? ""], branch, depth: 0 },
    ...fallback && { default: fallback },
    ...others.length > 0 && { others }
  };
}
function keysOf({ properties, required, not, anyOf }) {
  const parts = [not, ...anyOf ?? []].filter((part) => part !== void 0);
  const named2 = [...Object.keys(properties ?? {}), ...required ?? []];
  return [.../* @__PURE__ */ new Set([...named2, ...parts.flatMap((part) => keysOf(part))])];
}
function defaultOf(node, key) {
  const property = node.properties?.[key];
  return typeof property === "object" && typeof property.default === "string" ? property.default : void 0;
}
function knownKeys(schemaPath) {
  const { node } = schemaPlace(schemaPath);
  return typeof node === "boolean" ? [] : Object.keys(node.properties ?? {});
}

// src/config/schema/schema-hint.ts
function typeHint(value, types, place) {
  if (types.join() === "array" && typeof value === "number") return `write \`[${value}]\``;
  if (types.includes("array") && typeof value === "number") return exampleHint(place.described);
  if (types.includes("boolean") && /^(?:yes|on|y|no|off|n)$/i.test(String(value)))
    return `write \`${/^[yo]n?(?:es)?$/i.test(String(value))}\``;
  const isText = types.includes("string") && !Array.isArray(value);
  if (types.includes("object") && value !== null && !isText) return mappingHint(place.described);
  return types.includes("string") ? textHint(value, place) : void 0;
}
function textHint(value, { node, described }) {
  if (typeof value !== "number" && typeof value !== "boolean") return void 0;
  const pattern = typeof node === "object" ? node.pattern : void 0;
  const fits = typeof pattern !== "string" || new RegExp(pattern, "u").test(String(value));
  return fits ? "put the value in quotes" : exampleHint(described);
}
function exampleHint({ examples = [] }) {
  const example = examples.find((value) => typeof value === "string");
  return example === void 0 ? void 0 : `for example \`${String(example)}\``;
}
function nameHint(value, { node }) {
  const pattern = typeof node === "object" ? node.pattern : void 0;
  if (typeof value !== "string" || typeof pattern !== "string" || !pattern.startsWith("^[a-z]")) return void 0;
  const plain = value.replace(/[_.\s]+/g, "-").toLowerCase();
  return new RegExp(pattern, "u").test(plain) ? `write \`${plain}\`` : void 0;
}
var MAX_EXAMPLE = 100;
function mappingHint({ examples = [] }) {
  const texts = examples.filter(isMapping2).map(flow);
  const short = texts.find((text) => text.length > 2 && text.length <= MAX_EXAMPLE);
  return short === void 0 ? void 0 : `for example \`${short}\``;
}
function isMapping2(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function flow(value) {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "string")
    return /^[\w/:.][^,[\]{}#"'&*!|>%@`]*$/.test(value) && !/: /.test(value) ? value : JSON.stringify(value);
  if (!isMapping2(value)) return String(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

// src/config/schema/schema-finding.ts
function draftOf(error, root) {
  if (error.propertyName !== void 0) return void 0;
  const path = pathOf(error.instancePath);
  switch (error.keyword) {
    case "if":
      return void 0;
    case "additionalProperties":
      return unknownKey(error, path, root);
    case "propertyNames":
      return badName(error, path);
    case "required":
      return missingKey(error, path, root);
    case "false schema":
      return notAllowed(error, path, root);
    case "type":
      return wrongType(error, path, root);
    case "enum":
    case "const":
      return wrongWord(error, path, root);
    case "minProperties":
    case "maxProperties":
      return wrongCount(error, path, root);
    default:
      return wrongValue(error, path, root);
  }
}
function unknownKey(error, parent, root) {
  const key = String(error.params.additionalProperty);
  const keys = knownKeys(error.schemaPath);
  const path = [...parent, key];
  const draft = { code: "schema/unknown-key", path, part: "key", key };
  const name = valueAt(root, path) === null && /^[A-Za-z_][\w-]*(?=:[^\s/])/.exec(key)?.[0];
  if (name) {
    const told = { message: `no blank after \`${name}:\``, hint: `write \`${name}: \`, and then the value` };
    return { ...draft, ...told, ...keys.includes(name) && { meant: name } };
  }
  const message = `unknown key \`${key}\``;
  const meant = meantKey(path, keys, valueAt(root, parent));
  if (!meant && isNameValue(keys, valueAt(root, parent)))
    return { ...draft, message, hint: `write \`{ name: ${key}, value: \u2026 }\``, covers: keys };
  if (!meant) return { ...draft, message, hint: `known keys: ${keys.join(", ")}` };
  const written = meant.inner === void 0 ? meant.key : `${meant.key}: { ${meant.inner}: \u2026 }`;
  const hint = `did you mean \`${written}\`?`;
  return { ...draft, message, hint, meant: meant.key, ...meant.inner !== void 0 && { inner: meant.inner } };
}
function isNameValue(keys, present) {
  return keys.join() === "name,value" && !("name" in present) && !("value" in present);
}
function meantKey(path, keys, present) {
  const key = String(path.at(-1));
  if (path.at(-2) === "assertion" && foreignKey(key, ["key"])) return { key: "key" };
  const free = keys.filter((known) => !(known in present));
  const foreign = foreignKey(key, free);
  if (foreign) return foreign;
  const near = suggest(key, free) ?? suggest(key, keys);
  return near === void 0 ? foreignKey(key, keys) : { key: near };
}
function badName(error, parent) {
  const key = String(error.params.propertyName);
  const { described, node } = schemaPlace(`${error.schemaPath}/x`);
  const message = `${key === "" ? "an empty text" : `\`${key}\``} is not a valid ${titleOf(described)}`;
  const words = typeof node === "object" ? node.enum ?? [] : [];
  const hint = didYouMean(key, words) ?? String(described.description);
  return { code: "schema/value", path: [...parent, key], part: "key", key, message, hint };
}
var MISSING_HINTS = {
  version: "start the file with `version: 1`",
  scope: "name what the token is for, as the provider calls it, or write `scope: []` where it has no scopes"
};
function missingKey(error, path, root) {
  const key = String(error.params.missingProperty);
  const { conditions, node } = schemaPlace(error.schemaPath);
  const message = `\`${key}\` is required${whenOf(conditions.at(-1), decidingMapping(conditions.at(-1), path, root))}`;
  const alternative = typeof node === "object" && typeof node.$comment === "string" ? node.$comment : void 0;
  const hint = MISSING_HINTS[key] ?? alternative;
  return { code: "schema/missing-key", path, part: "key", key, message, ...hint && { hint }, conditions };
}
function decidingMapping(condition, path, root) {
  return valueAt(root, path.slice(0, path.length - (condition?.depth ?? 0)));
}
function whenOf(condition, object) {
  if (!condition) return "";
  if (condition.values.length === 0)
    return condition.branch === "then" ? ` when \`${condition.key}\` is given` : ` without \`${condition.key}\``;
  const actual = object[condition.key];
  if (actual !== void 0) return ` when \`${condition.key}\` is \`${String(actual)}\``;
  return ` when \`${condition.key}\` is \`${condition.default}\`, the default`;
}
function notAllowed(error, path, root) {
  const key = String(path.at(-1));
  const { conditions } = schemaPlace(error.schemaPath);
  const condition = conditions.at(-1);
  const draft = { code: "schema/not-allowed", path, part: "key", key, conditions };
  if (!condition) return { ...draft, message: `\`${key}\` is not allowed here` };
  const actual = decidingMapping(condition, path, root)[condition.key];
  const absent = actual === void 0 && condition.branch === "else" ? condition : void 0;
  if (condition.values.length === 0) return presenceDraft(draft, condition, absent);
  const words = condition.values.map((value) => `${condition.key}: ${value}`);
  const hint = condition.branch === "else" ? `it goes with ${oneOf(words)}` : "remove it";
  const message = notAllowedMessage([key], condition, actual);
  return { ...draft, message, hint, ...absent && { absent } };
}
function presenceDraft(draft, { key, branch }, absent) {
  const message = `\`${draft.key}\` does not go ${branch === "else" ? "without" : "with"} \`${key}\``;
  const hint = branch === "else" ? `it goes with \`${key}\`` : "remove it";
  return { ...draft, message, hint, ...absent && { absent } };
}
function notAllowedMessage(keys, condition, actual) {
  const word = typeof actual === "object" ? condition.key : `${condition.key}: ${String(actual ?? condition.default)}`;
  const decider = `\`${word}\``;
  const verb = keys.length > 1 ? "do" : "does";
  return `${listed(keys, "and")} ${verb} not go with ${actual === void 0 ? "the default " : ""}${decider}`;
}
function wrongType(error, path, root) {
  const value = valueAt(root, path);
  const place = schemaPlace(error.schemaPath);
  const types = [String(error.params.type), ...place.otherType ? [place.otherType] : []];
  const wanted = types.map((type) => TYPE_WORDS[type] ?? type).join(" or ");
  const what = path.length === 0 ? "a configuration file" : named(path, root);
  const message = value === null ? `${what} is empty but must be ${wanted}` : `${what} must be ${wanted}, not ${describe(value)}`;
  const hint = typeHint(value, types, place);
  return { code: "schema/type", path, part: "value", key: String(path.at(-1)), message, ...hint && { hint } };
}
var TYPE_WORDS = {
  string: "a text",
  object: "a mapping",
  array: "a list",
  boolean: "`true` or `false`",
  integer: "a whole number",
  number: "a number"
};
function describe(value) {
  if (value === void 0) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "boolean") return `\`${value}\``;
  if (typeof value === "object") return "a mapping";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}
function wrongWord(error, path, root) {
  const allowed = error.params.allowedValues ?? [error.params.allowedValue];
  const value = valueAt(root, path);
  const message = `${named(path, root)} must be ${oneOf(allowed.map(String))}`;
  return {
    code: "schema/value",
    path,
    part: "value",
    key: String(path.at(-1)),
    message,
    ...wordHint(String(path.at(-1)), value, allowed)
  };
}
var WORD_HINTS = {
  grant: "a grant type of the provider's own is `grant: custom` with `tokenRequest: { grantType: \u2026 }`"
};
function wordHint(key, value, allowed) {
  if (typeof value !== "string") return {};
  if (allowed.some((word) => typeof word !== "string" && String(word) === value))
    return { hint: "write it without quotes" };
  const meant = foreignWord(value, allowed.map(String)) ?? suggest(value, allowed.map(String));
  const hint = meant ? `did you mean \`${meant}\`?` : WORD_HINTS[key];
  return hint ? { hint } : {};
}
function wrongCount(error, path, root) {
  const { node } = schemaPlace(error.schemaPath);
  const keys = Object.keys(node.properties ?? {});
  const message = `${named(path, root)} takes exactly one of ${oneOf(keys)}`;
  return { code: "schema/value", path, part: "key", key: String(path.at(-1)), message, counts: true };
}
function wrongValue(error, path, root) {
  const place = schemaPlace(error.schemaPath);
  const { described } = place;
  const draft = { code: "schema/value", path, part: "value", key: String(path.at(-1)) };
  if (error.keyword === "minItems")
    return { ...draft, message: `${named(path, root)} is an empty list`, hint: "give it an item, or remove it" };
  if (error.keyword === "maxItems") {
    const { limit } = error.params;
    return {
      ...draft,
      message: `${named(path, root)} has more than ${limit} items`,
      hint: "remove those that are not needed"
    };
  }
  const title = titleOf(described);
  const isKey = title.toLowerCase() === String(path.at(-1)).toLowerCase();
  const fault = valueAt(root, path) === "" ? "is empty" : isKey ? "has the wrong form" : `is not a valid ${title}`;
  const missing = valueAt(root, path) === "" ? MISSING_HINTS[draft.key] : void 0;
  const hint = missing ?? nameHint(valueAt(root, path), place) ?? exampleHint(described) ?? String(described.description ?? "");
  return { ...draft, message: `${named(path, root)} ${fault}`, ...hint && { hint } };
}
function titleOf(described) {
  return String(described.title ?? "value").replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase());
}
function named(path, root) {
  const key = String(path.at(-1));
  if (!Array.isArray(valueAt(root, path.slice(0, -1)))) return `\`${key}\``;
  return `item ${Number(key) + 1} of \`${String(path.at(-2))}\``;
}
function oneOf(values) {
  return listed(values, "or");
}
function listed(values, word) {
  const quoted = values.map((value) => `\`${value}\``);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} ${word} ${quoted.at(-1)}`;
}
function pathOf(pointer) {
  if (pointer === "") return [];
  const segments = pointer.slice(1).split("/");
  return segments.map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}
function valueAt(root, path) {
  let value = root;
  for (const segment of path) value = value?.[String(segment)];
  return value;
}

// src/config/schema/reduce-errors.ts
function reduceErrors(errors, root) {
  const drafts = withoutSlips(draftsOf(errors, root), root);
  const causes = causesOf(drafts);
  const findings = /* @__PURE__ */ new Map();
  for (const draft of drafts) {
    if (follows(draft, causes)) continue;
    const place = placeOf2(draft);
    if (!findings.has(place)) findings.set(place, findingOf2(draft, causes));
  }
  return [...findings.values()];
}
function draftsOf(errors, root) {
  return errors.flatMap((error) => draftOf(error, root) ?? []);
}
var MAX_SLIPS2 = 100;
function withoutSlips(drafts, root) {
  const slips = drafts.filter((draft) => draft.meant !== void 0);
  if (slips.length === 0 || slips.length > MAX_SLIPS2 || slips.length === drafts.length) return drafts;
  const respelt = slips.reduce((value, slip) => renamed(value, slip.path, slip.meant, slip.inner), root);
  const decisions = decisionsOf(slips, respelt);
  const meant = decisions.reduce(decide, respelt);
  const left = new Map(draftsOf(validateSchema(meant), meant).map((draft) => [placeOf2(draft), draft]));
  const told = (slip) => withDecision(
    slip,
    decisions.find((decision) => decision.slip === slip)
  );
  return drafts.flatMap((draft) => draft.meant !== void 0 ? told(draft) : left.get(placeOf2(draft)) ?? []);
}
function decisionsOf(slips, respelt) {
  const waiting = draftsOf(validateSchema(respelt), respelt).filter(({ absent }) => absent);
  const refused = new Map(waiting.map((draft) => [pathId(draft.path), draft]));
  const decisions = slips.flatMap((slip) => {
    const { absent } = refused.get(pathId([...parentOf(slip), slip.meant])) ?? {};
    const [word, another] = absent?.values ?? [];
    return slip.inner === void 0 || word === void 0 || another !== void 0 ? [] : { slip, key: absent.key, word };
  });
  if (decisions.length === 0) return [];
  const tried = decisions.reduce(decide, respelt);
  const against = draftsOf(validateSchema(tried), tried).filter(({ code }) => code === "schema/not-allowed");
  const mappings = new Set(against.map((draft) => pathId(parentOf(draft))));
  return decisions.filter(({ slip }) => !mappings.has(pathId(parentOf(slip))));
}
function decide(value, { slip, key, word }) {
  return changed(value, [...parentOf(slip), key], (mapping) => ({ ...mapping, [key]: word }));
}
function withDecision(slip, decision) {
  if (!decision || !slip.hint) return slip;
  return { ...slip, hint: slip.hint.replace(/\?$/, `, with \`${decision.key}: ${decision.word}\`?`) };
}
function placeOf2(draft) {
  return `${pathId(draft.path)} ${draft.code === "schema/missing-key" ? draft.key : ""}`;
}
function refusedPaths(errors) {
  const refused = /* @__PURE__ */ new Set();
  for (const pointer of new Set(errors.map(pointerOf))) {
    const path = pathOf(pointer);
    for (let length = 0; length <= path.length; length++) refused.add(pathId(path.slice(0, length)));
  }
  return refused;
}
function pointerOf({ instancePath, params }) {
  if (params.propertyName === void 0) return instancePath;
  return `${instancePath}/${String(params.propertyName).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
function causesOf(drafts) {
  const unknown = drafts.filter((draft) => draft.code === "schema/unknown-key");
  const forgotten = /* @__PURE__ */ new Map();
  for (const draft of drafts) {
    const decider = draft.absent && deciders(draft).at(-1);
    if (decider) forgotten.set(decider, [...forgotten.get(decider) ?? [], draft]);
  }
  return {
    wrong: new Set(drafts.filter((draft) => draft.code === "schema/value").map((draft) => pathId(draft.path))),
    meant: new Set(unknown.flatMap((draft) => meantBy2(draft).map((key) => pathId([...parentOf(draft), key])))),
    unknown: new Set(unknown.map((draft) => pathId(parentOf(draft)))),
    forgotten
  };
}
function meantBy2({ meant, covers = [] }) {
  return meant === void 0 ? covers : [meant, ...covers];
}
function follows(draft, causes) {
  if (draft.code === "schema/missing-key" && causes.meant.has(pathId([...draft.path, draft.key]))) return true;
  if (draft.counts && causes.unknown.has(pathId(draft.path))) return true;
  return deciders(draft).some((place) => {
    const evidence = causes.forgotten.get(place);
    return causes.wrong.has(place) || causes.meant.has(place) || evidence !== void 0 && evidence[0] !== draft;
  });
}
function findingOf2(draft, causes) {
  const {
    conditions,
    meant: _meant,
    inner: _inner,
    covers: _covers,
    key: _key,
    counts: _counts,
    absent,
    ...finding
  } = draft;
  const evidence = absent && causes.forgotten.get(deciders(draft).at(-1));
  if (!evidence || evidence.length < 2 || absent.values.length === 0) return finding;
  return {
    ...finding,
    message: notAllowedMessage(
      evidence.map(({ key }) => key),
      absent
    )
  };
}
function deciders(draft) {
  const { path, conditions = [] } = draft;
  return conditions.flatMap(
    ({ depth, key, others = [] }) => [...others, key].map((name) => pathId([...path.slice(0, path.length - depth), name]))
  );
}
function parentOf(draft) {
  return draft.path.slice(0, -1);
}
function pathId(path) {
  return path.join("\0");
}

// src/config/schema/repair.ts
var MAX_REPAIRS = 100;
var ASKED_BY_NONE = new Set(
  ["title", "description", "timeout", "timeoutMessage", "healthCheck", "keepWarm", "lifetime", "retry"].concat([
    "parameterLimit",
    "successStatus",
    "ordered",
    "keepResponse"
  ])
);
function repaired(root, errors) {
  if (errors.length > MAX_REPAIRS) return void 0;
  const drafts = draftsOf(errors, root).sort((a, b) => b.path.length - a.path.length);
  const names = /* @__PURE__ */ new Map();
  const value = drafts.reduce((current, draft) => repair(current, draft, names), root);
  if (value === root) return void 0;
  const written = (path) => {
    const above = [];
    for (const key of path) above.push(names.get(pathId([...above, key])) ?? key);
    return above;
  };
  return { value, written };
}
function repair(value, { code, path, key, meant, inner }, names) {
  if (code === "schema/missing-key")
    return key === "scope" ? changed(value, [...path, key], (mapping) => ({ ...mapping, scope: [] })) : value;
  if (code !== "schema/unknown-key") return withoutUnasked(value, path);
  if (inner !== void 0) return without(value, path);
  const respelt = meant === void 0 ? value : renamed(value, path, meant);
  if (respelt !== value && meant !== void 0) names.set(pathId([...path.slice(0, -1), meant]), key);
  if (respelt !== value || path.length === 1) return respelt;
  return without(value, path);
}
function withoutUnasked(value, path) {
  const at2 = path[2] === "account" ? 3 : 2;
  return ASKED_BY_NONE.has(String(path[at2])) ? without(value, path.slice(0, at2 + 1)) : value;
}

// src/config/check-file.ts
var MAX_ERRORS = 1e4;
var MAX_LEVELS = 4;
function checkFile(source, onPart) {
  const parsed = parseFile(source, onPart);
  const diagnostics = [...parsed.diagnostics];
  const definitions = parsed.documents.map((document, index) => {
    const looked = lookAt(document, documentValue(document, index));
    diagnostics.push(...looked.diagnostics);
    return looked.definitions;
  });
  return { definitions, isRead: !hasErrors(parsed.diagnostics), diagnostics, ignores: findIgnores(parsed) };
}
function lookAt(document, value) {
  const errors = validateSchema(value);
  const refused = refusedPaths(errors);
  const isRefused2 = (path) => refused.has(pathId(path));
  const diagnostics = findingsOf(document, errors, value);
  const right = errors.length > 0 ? repaired(value, errors) : void 0;
  if (right) return lookAtRepaired(document, right, { isRefused: isRefused2, diagnostics });
  return { definitions: readDefinitions(document, { isRefused: isRefused2, isUnreadable: isRefused2 }), diagnostics };
}
function lookAtRepaired(document, { value, written }, { isRefused: isRefused2, diagnostics, round = 1 }) {
  const errors = validateSchema(value);
  const left = refusedPaths(errors);
  const isBehind = (path) => pathId(written(path)) !== pathId(path);
  const repairedDocument = {
    ...document,
    value,
    locate: (path, part) => document.locate(written(path), part),
    rawScalar: (path) => document.rawScalar(written(path)),
    rejected: (path) => document.rejected(written(path))
  };
  const isWrongValue = ({ code, path }) => code === "schema/value" && isBehind(path);
  const behind = findingsOf(
    repairedDocument,
    errors,
    value,
    (finding) => isBehind(finding.code === "schema/missing-key" ? finding.path : finding.path.slice(0, -1)) || isWrongValue(finding)
  );
  const told = [...diagnostics, ...behind];
  const isWrittenRefused = (path) => isRefused2(written(path));
  const right = behind.length > 0 && round < MAX_LEVELS ? repaired(value, errors) : void 0;
  if (right)
    return lookAtRepaired(repairedDocument, right, { isRefused: isWrittenRefused, diagnostics: told, round: round + 1 });
  const isUnreadable = (path) => left.has(pathId(path));
  return {
    definitions: readDefinitions(repairedDocument, { isRefused: isWrittenRefused, isUnreadable }),
    diagnostics: told
  };
}
function findingsOf(document, errors, value, isWanted = () => true) {
  return reduceErrors(errors.slice(0, MAX_ERRORS), value).filter((finding) => !document.rejected(finding.path) && isWanted(finding)).map((finding) => locateFinding({ ...finding, place: { document, path: finding.path } }, "error"));
}
function documentValue(document, index) {
  const value = document.value ?? {};
  if (index === 0 || typeof value !== "object" || Array.isArray(value)) return value;
  return { version: 1, ...value };
}

// src/config/group-files.ts
var MIN = 16;
var MAX = 64;
function groupSources(sources, before = []) {
  const known = new Map(before.map((group) => [group.id, group]));
  let start = 0;
  return (sizesAgain(sources, before) ?? groupSizes(sources)).map((size) => {
    const own = sources.slice(start, start + size);
    start += size;
    const id = own[0].path;
    const old = known.get(id);
    return old?.sources.length === size && own.every((source, index) => source === old.sources[index]) ? old : { id, sources: own };
  });
}
function sizesAgain(sources, before) {
  let index = 0;
  for (const group of before) {
    for (const old of group.sources) {
      const source = sources[index++];
      if (source !== old && source?.path !== old.path) return void 0;
    }
  }
  return index === sources.length ? before.map((group) => group.sources.length) : void 0;
}
function groupSizes(sources) {
  const sizes = [];
  let size = 0;
  for (const { path } of sources) {
    size++;
    if (size < MIN || size < MAX && !endsGroup(path)) continue;
    sizes.push(size);
    size = 0;
  }
  return size > 0 ? [...sizes, size] : sizes;
}
function endsGroup(path) {
  let hash = 2166136261;
  for (let index = 0; index < path.length; index++) hash = Math.imul(hash ^ path.charCodeAt(index), 16777619);
  return ((hash ^ hash >>> 15) & 15) === 0;
}

// src/config/run-rules.ts
var NOTHING = [];
function lookAtPart({ definitions, ...named2 }, scopes) {
  const part = {
    accounts: [...named2.accounts.values()],
    services: [...named2.services.values()],
    actions: [...named2.actions.values()],
    values: definitions.flatMap(({ values }) => values),
    scopes
  };
  const diagnostics = [];
  const facts = /* @__PURE__ */ new Map();
  for (const rule of rules) {
    if (rule.scope === "part") rule.check(part, reporting(rule, diagnostics));
    else {
      const found = rule.gather?.(part) ?? NOTHING;
      if (found.length > 0) facts.set(rule, found);
    }
  }
  return { diagnostics, facts };
}
function lookAtAll(draft, looked) {
  const diagnostics = [];
  const facts = factsOf(looked);
  for (const rule of rules) {
    if (rule.scope === "configuration") rule.check(draft, reporting(rule, diagnostics), facts.get(rule) ?? NOTHING);
  }
  return diagnostics;
}
function factsOf(looked) {
  const all = /* @__PURE__ */ new Map();
  for (const { facts } of looked) {
    for (const [rule, found] of facts) {
      const known = all.get(rule) ?? [];
      for (const fact of found) known.push(fact);
      all.set(rule, known);
    }
  }
  return all;
}
function reporting(rule, diagnostics) {
  return (finding) => {
    const code = finding.code ?? rule.codes[0];
    diagnostics.push(locateFinding({ ...finding, code }, finding.severity ?? rule.severity));
  };
}

// src/config/check.ts
function checkConfig(sources, remember = rememberNothing, { unread = [], onProgress = () => {
} } = {}) {
  let done = 0;
  const checkOne = (source) => {
    const onPart = (part) => onProgress({ done, reading: { file: source.file, part } });
    const file = remember("file", source.path, [source.text, source.file], () => checkFile(source, onPart));
    onProgress({ done: ++done });
    return file;
  };
  const groups = groupSources(sources).map((group) => ({ id: group.id, files: group.sources.map(checkOne) }));
  return atOnce(checkFiles(groups, remember, unread));
}
var FEW = 10;
function* checkFiles(groups, remember, unread) {
  const read = yield* mapInSteps(groups, ({ id, files }) => remember("files", id, files, () => joined2(id, files)), FEW);
  const parts = read.map(({ part }) => part);
  const draft = buildDraft(parts, !hasErrors(unread) && read.every(({ isRead }) => isRead), remember);
  yield;
  const looked = yield* mapInSteps(draft.parts, (part, index) => lookAgain(part, index, draft, remember), 1);
  yield;
  const found = [...unread, ...read.flatMap(({ diagnostics: diagnostics2 }) => diagnostics2), ...lookAtAll(draft, looked)];
  for (const { diagnostics: diagnostics2 } of looked) for (const diagnostic of diagnostics2) found.push(diagnostic);
  const ignores = read.flatMap((files) => files.ignores);
  const diagnostics = sortDiagnostics(applyIgnores(withoutRepeats(sortDiagnostics(found)), ignores));
  return hasErrors(diagnostics) ? { ok: false, diagnostics } : { ok: true, value: draft, diagnostics };
}
function joined2(id, files) {
  return {
    part: partOf(
      id,
      files.flatMap(({ definitions }) => definitions)
    ),
    isRead: files.every((file) => file.isRead),
    diagnostics: files.flatMap(({ diagnostics }) => diagnostics),
    ignores: files.flatMap(({ ignores }) => ignores)
  };
}
function lookAgain(part, index, { scopes, from }, remember) {
  return remember("look", part.id, from[index], () => lookAtPart(part, scopes));
}

export {
  DEFAULT_LIMITS,
  subjectText,
  subjectOf,
  alternativeNamesOf,
  mapValues,
  entriesApart,
  selecting,
  isExposed,
  checkFile,
  groupSources,
  checkConfig,
  checkFiles
};
