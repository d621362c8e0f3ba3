import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  GRANT_MEMBERS,
  analyzePath,
  compilePattern,
  grantTypeOf,
  locateFinding,
  readRejections,
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
  parameterNames,
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
  lineIndex,
  parseFile,
  sortDiagnostics
} from "./shared-yaml.js";
import {
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
  return !Array.isArray(raw) && keys.length === 1 && REFERENCE_KEYS.has(keys[0]);
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
    scope: readScope(raw.scope),
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
function readScope(raw) {
  return Array.isArray(raw) ? raw : raw.split(/[\s,]+/).filter((token) => token !== "");
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
  const secret = (key, raw) => readSecret(raw, at(place, key));
  return { stateDatabase: { url: secret("url", url), encryptionKey: secret("encryptionKey", encryptionKey) } };
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
    if (refused(place.path)) reading.isComplete = false;
    else add(name, raw, place);
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
  if (!refused(place.path)) reading.daemon = readDaemon(raw, place);
}

// src/config/rules/account-without-bearer.ts
var accountWithoutBearer = {
  scope: "configuration",
  codes: ["reference/no-bearer"],
  severity: "error",
  check(draft, report) {
    const accounts = new Map(draft.accounts.map((account) => [account.key, account]));
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
    for (const { inject, account } of draft.services) {
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
  scope: "document",
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
  scope: "document",
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

// src/config/definitions/draft.ts
function buildDraft(written, allRead, remember) {
  const ids = /* @__PURE__ */ new Set();
  const parts = written.map((definitions2) => firstOnes(definitions2, ids));
  const definitions = {
    vars: mergeVariables(parts, remember),
    accounts: parts.flatMap(({ accounts }) => accounts),
    services: parts.flatMap(({ services }) => services),
    bearers: parts.flatMap(({ bearers }) => bearers)
  };
  return {
    ...definitions,
    parts,
    actions: parts.flatMap(({ actions }) => actions),
    daemon: parts.find(({ daemon }) => daemon.place)?.daemon ?? {},
    declared: written.flatMap(({ declared }) => declared),
    ids,
    allNamed: allRead && parts.every(({ isNamed: isNamed2 }) => isNamed2),
    complete: allRead && parts.every(({ isComplete }) => isComplete),
    scopes: definitionScopes(definitions)
  };
}
function firstOnes(definitions, ids) {
  const others = definitions.declared.filter(({ id }) => {
    const { size } = ids;
    return ids.add(id).size === size;
  });
  return others.length > 0 ? withoutDeclared(definitions, others) : definitions;
}
function mergeVariables(parts, remember) {
  const all = parts.flatMap(({ vars }) => Object.entries(vars));
  const values = all.map(([, value]) => value);
  return remember("variables", values, () => Object.fromEntries(all));
}
function namesOf(draft, kind) {
  const names = draft.declared.filter((declared) => declared.kind === kind).map(({ name }) => name);
  return new Set(names.flatMap((name) => [name, name.toLowerCase()]));
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
  const known = namesOf(draft, kind);
  for (const [index, listed2] of names.entries()) {
    if (listed2 === "*" || known.has(listed2)) continue;
    const meant = didYouMean(listed2, known);
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
  scope: "document",
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
  scope: "document",
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
    const accounts = new Map(draft.accounts.map((account) => [account.key, account]));
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
  scope: "document",
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
    const first = /* @__PURE__ */ new Map();
    for (const declared of draft.declared) {
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
  check(draft, report) {
    const { listen, adminListen, place, callers, tls } = draft.daemon;
    for (const { listen: own, place: service } of draft.services) {
      if (own === void 0 || !isExposed(own)) continue;
      report({
        place: at(service, "listen"),
        message: `\`${own}\` can be reached from other machines: everyone there could use the service`,
        hint: "listen on 127.0.0.1, [::1] or unix:/path; other machines use the proxy of the API"
      });
    }
    sameAddresses(draft).forEach(report);
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
function sameAddresses({ daemon, services }) {
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
  scope: "document",
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

// src/config/rules/literal-secret.ts
var literalSecret = {
  scope: "document",
  codes: ["secrets/literal"],
  severity: "warning",
  check(part, report) {
    for (const { value, use } of part.values) {
      if (use !== "secret" || !isLiteral(value)) continue;
      const message = "a literal secret in a file that others can read";
      report({
        place: value.place,
        message,
        hint: "refer to it: `{ env: NAME }`, `{ file: PATH }`, `{ exec: [PROGRAM] }` or `{ systemd: NAME }`"
      });
    }
  }
};
function isLiteral(value) {
  if (value.kind === "secret") return value.reference.kind === "literal" && value.reference.secret.reveal() !== "";
  const parsed = parseTemplate(value.text);
  return parsed.ok && parsed.variables.length === 0;
}

// src/config/rules/nested-parameter.ts
var nestedParameter = {
  scope: "document",
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
  scope: "document",
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
  scope: "document",
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

// src/config/rules/parameter-in-uri.ts
var parameterInUri = {
  scope: "configuration",
  codes: ["uri/host-from-value", "uri/invalid"],
  severity: "error",
  gather: urisWithParameters,
  check(draft, report, uris) {
    if (uris.length === 0) return;
    const names = parameterNames(draft);
    const told = /* @__PURE__ */ new Set();
    const usesOf = (owner) => "authorization" in owner ? names.users(owner) : [owner];
    for (const uri2 of uris) {
      const faults = usesOf(uri2.owner).flatMap((service) => faultsOf2(service, uri2, draft.scopes));
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
  scope: "document",
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
  scope: "document",
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
  scope: "document",
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
  check(draft, report) {
    const accounts = new Map(draft.accounts.map((account) => [account.key, account]));
    const services = new Map(draft.services.map((service) => [service.name, service]));
    const actions = draft.actions.flatMap(({ service: name, headers, place }) => {
      const service = name === void 0 ? void 0 : services.get(name);
      return service ? [{ account: service.account, inject: service.inject, headers, place }] : [];
    });
    for (const { account: key, inject, headers, place } of [...draft.services, ...actions]) {
      if (headers.length === 0) continue;
      const account = accounts.get(key);
      const taken = account ? injectedHeaders(account, inject) : [];
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
  scope: "document",
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
  scope: "document",
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
  scope: "document",
  codes: ["oauth/scope-separator"],
  severity: "warning",
  check(part, report) {
    for (const { place, authorization } of part.accounts) {
      if (authorization.kind !== "oauth2") continue;
      authorization.oauth2.scope.forEach((scope, index) => {
        if (!scope.includes(",")) return;
        report({
          place: { document: place.document, path: [...place.path, "scope", index] },
          message: "this item is one scope with a comma in it: a list is taken literally",
          hint: "write one item for each scope, or all of them as one text"
        });
      });
    }
  }
};

// src/config/rules/secret-path.ts
var secretPath = {
  scope: "document",
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
  gather: ({ services, scopes }) => services.flatMap((service) => {
    const site = siteOf(service, scopes.of(service));
    return site === void 0 ? [] : [{ service, site }];
  }),
  check(draft, report, targets) {
    const issued = new Set(
      draft.accounts.flatMap(({ key, authorization }) => authorization.kind === "oauth2" ? [key] : [])
    );
    const first = /* @__PURE__ */ new Map();
    for (const { service, site } of targets) {
      if (!issued.has(service.account)) continue;
      const before = first.get(service.account);
      if (!before) first.set(service.account, { service, site });
      else if (before.site !== site) {
        report({
          place: { document: service.place.document, path: [...service.place.path, "account"] },
          message: `the token of account \`${service.account}\` goes to ${site} and to ${before.site}: each could use it at the other`,
          hint: "give each provider an account of its own, with only the scope that it needs",
          related: [{ place: before.service.place, part: "key", message: `${before.site} gets it here` }]
        });
      }
    }
  }
};
function siteOf({ serverUrl }, scope) {
  const parsed = serverUrl.kind === "template" ? parseTemplate(serverUrl.text) : void 0;
  if (!parsed?.ok || parsed.variables.some(({ name }) => !scope.lookup(name))) return void 0;
  const analyzed = analyzeUri(parsed.parts, constantsOf(scope));
  if (!analyzed.ok || !analyzed.value.hostKnown) return void 0;
  const { hostname } = analyzed.value.url;
  return /^\[|^[\d.]+$|^localhost$/.test(hostname) ? void 0 : hostname.split(".").slice(-2).join(".");
}

// src/config/rules/sink.ts
var sink = {
  scope: "configuration",
  codes: ["sinks/no-bearer", "sinks/dpop", "sinks/same-file"],
  severity: "error",
  check(draft, report) {
    const accounts = new Map(draft.accounts.map((account) => [account.key, account]));
    const written = /* @__PURE__ */ new Map();
    for (const { place, sinks, account } of draft.services) {
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
  scope: "document",
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
var templateVariable = {
  scope: "configuration",
  codes: ["template/unknown-variable"],
  severity: "error",
  gather: ({ values, scopes }) => values.flatMap((value) => unknownVariables(value, scopes)),
  check(draft, report, unknown) {
    if (unknown.length === 0) return;
    const parameters = parameterNames(draft);
    const refused = refusedOf(draft);
    for (const one of unknown)
      if (!isRefused(one.variable.name, one.owner, draft, refused)) report(findingOf(one, parameters));
  }
};
function unknownVariables(used, scopes) {
  const { value, use, owner } = used;
  const template = templateOf(value);
  if (!owner || !template?.text.includes("{{") || use === "variable" && value.kind === "template") return [];
  const scope = scopeOf(used, owner, scopes);
  const parsed = parseTemplate(template.text);
  const unknown = parsed.ok ? parsed.variables.filter(({ name }) => !scope.lookup(name)) : [];
  return unknown.map((variable) => ({ owner, place: template.place, variable, names: scope.names() }));
}
function scopeOf({ part, inject, refresh }, owner, scopes) {
  if ("target" in owner) return scopes.ofAction(owner, part);
  const scope = scopes.of(owner);
  return inject ? injectScope(scope, owner) : refresh ? refreshScope(scope) : scope;
}
function refusedOf({ declared, accounts, services }) {
  const read = new Set([...accounts, ...services].map(({ place }) => place.path.join(" ")));
  const refused = declared.filter(({ place }) => !read.has(place.path.join(" ")));
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
  const service = draft.services.find((one) => one.name === owner.service);
  if (owner.service !== void 0 && !draft.ids.has(`service ${owner.service}`)) return true;
  return refused.has("service", owner.service, key) || refused.has("account", service?.account, key);
}
function findingOf({ owner, place, variable, names }, parameters) {
  const { name } = variable;
  const finding = { place, within: variable, message: `unknown variable \`${name}\``, hint: hintFor(name, names) };
  return didYouMean(name, names) ? finding : { ...finding, ...lackingService(name, owner, parameters) };
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
  return didYouMean(name, names) ?? `in scope: ${[...new Set(names)].slice(0, 12).join(", ")}`;
}

// src/config/rules/token-response.ts
var tokenResponse = {
  scope: "document",
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
  check(draft, report) {
    const known = namesOf(draft, "account");
    for (const { name, place } of accountUses(draft)) {
      if (known.has(name)) continue;
      if (!draft.allNamed && didYouMean(name, known) === void 0) continue;
      report({
        place,
        message: `no account \`${name}\``,
        hint: didYouMean(name, known) ?? "define it below `accounts`"
      });
    }
  }
};
function accountUses(draft) {
  const uses = draft.services.filter((service) => !service.account.startsWith("services.")).map((service) => ({ name: service.account, place: below(service.place, "account") }));
  const fed = draft.bearers.map(({ value }) => ({
    name: value.reference.account,
    place: below(value.place, "account")
  }));
  return [...uses, ...fed];
}
function below(place, key) {
  return { document: place.document, path: [...place.path, key] };
}

// src/config/rules/unknown-field.ts
var unknownField = {
  scope: "configuration",
  codes: ["reference/unknown-field"],
  severity: "error",
  check(draft, report) {
    const accounts = new Map(draft.accounts.map((account) => [account.key, account]));
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
  check(draft, report) {
    const known = namesOf(draft, "service");
    for (const { service, place } of draft.actions) {
      if (service === void 0 || known.has(service)) continue;
      const meant = didYouMean(service, known);
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
  check(draft, report) {
    if (!draft.complete) return;
    const used = /* @__PURE__ */ new Set([
      ...draft.services.map((service) => service.account),
      ...draft.bearers.map(({ value }) => value.reference.account)
    ]);
    for (const account of draft.accounts) {
      if (used.has(account.key)) continue;
      report({
        place: account.place,
        part: "key",
        message: `account \`${account.name}\` is not used by any service`,
        hint: `remove it, or write \`account: ${account.name}\` in a service`
      });
    }
  }
};

// src/config/rules/uri.ts
var uri = {
  scope: "document",
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
      if (issuer?.kind === "template" && issuer.text.includes("?")) report(issuerWithQuery(issuer));
    }
    for (const service of part.services) {
      checkUri(service.serverUrl, service.allowHttp, service, scopes.of(service)).forEach(report);
    }
    for (const action of part.actions) checkTarget(action, scopes.ofAction(action)).forEach(report);
  }
};
function issuerWithQuery({ place }) {
  return {
    place,
    message: "an issuer has no query (RFC 8414 section 2)",
    hint: "write what the metadata says as `issuer`"
  };
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
  scope: "document",
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
  parameter,
  secretPath,
  sink,
  uri,
  parameterInUri,
  doubleSlash,
  literalSecret,
  valueAsName,
  passwordGrant,
  idTokenWithoutUser,
  publicClient,
  clientAssertion,
  assertionAudience,
  credentialsInQuery,
  scopeSeparator,
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
  let below2;
  for (const comment of comments.toReversed()) {
    const own = comment.line;
    if (comment.isAlone) {
      comment.line = below2?.own === own + 1 ? below2.line : own + 1;
      below2 = { own, line: comment.line };
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

// src/config/schema/validate-schema.generated.js
function noted(errors, error) {
  if (errors === null) return [error];
  errors.push(error);
  return errors;
}
var schema = JSON.parse('{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://bearerd.dev/schema/v1/bearerd.schema.json","$comment":"Version 0.1.0, that of the package; v1 in the $id is the `version` of the files. Keywords of editors, which mean nothing to a validator: defaultSnippets, markdownDescription, markdownEnumDescriptions. A validator that refuses unknown keywords must be told of them (Ajv: ajv.addVocabulary).","title":"bearerd configuration","description":"Services, and the accounts that open them. One file of a configuration that may have many.","type":"object","properties":{"version":{"title":"Version","description":"Version of this format.","const":1,"examples":[1]},"vars":{"$ref":"#/$defs/vars"},"accounts":{"title":"Accounts","description":"Credentials by name.","defaultSnippets":[{"label":"Account: OAuth 2.0 client credentials","description":"A name, and the five keys of a plain OAuth 2.0 account.","body":{"${1:crm}":{"accessTokenUri":"${2:https://login.crm.example/oauth2/token}","clientId":"${3:invoices}","clientSecret":{"env":"${4:CRM_CLIENT_SECRET}"},"scope":"${5:contacts.read}"}}}],"type":"object","propertyNames":{"title":"Name","description":"Lower-case letters, digits and hyphens, at most 63 characters, a letter first.","pattern":"^[a-z][a-z0-9-]{0,62}$"},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":{"$ref":"#/$defs/account"},"examples":[{}]},"services":{"title":"Services","description":"Third-party HTTP systems by name.","defaultSnippets":[{"label":"Service with a named account","description":"A name, the account that opens the service, and its URL.","body":{"${1:contacts}":{"account":"${2:crm}","serverUrl":"${3:https://api.crm.example/v3}"}}}],"type":"object","propertyNames":{"title":"Name","description":"Lower-case letters, digits and hyphens, at most 63 characters, a letter first.","pattern":"^[a-z][a-z0-9-]{0,62}$"},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":{"$ref":"#/$defs/service"},"examples":[{}]},"actions":{"title":"Actions","description":"Things that are sent to services, by name.","defaultSnippets":[{"label":"Action: copy files to a service","description":"Files of a caller, as the body of a request to a service.","body":{"${1:upload}":{"type":"copyToHttpServer","authenticateWith":"${2:documents}","method":"PUT","path":"${3:/inbox/{{file.outputName\\\\}\\\\}}","content":{"file":{}}}}},{"label":"Action: send a request to a service","description":"A request whose body is made of the caller\'s input.","body":{"${1:notify}":{"type":"sendToConnectedService","authenticateWith":"${2:contacts}","path":"${3:/notes}","content":{"json":{"text":"${4:{{input.text\\\\}\\\\}}"}}}}}],"type":"object","propertyNames":{"title":"Name","description":"Lower-case letters, digits and hyphens, at most 63 characters, a letter first.","pattern":"^[a-z][a-z0-9-]{0,62}$"},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":{"$ref":"#/$defs/action"},"examples":[{}]},"daemon":{"$ref":"#/$defs/daemon"}},"required":["version"],"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"version":1,"services":{"open":{"account":{"authorization":"none"},"serverUrl":"https://api.example"}}}],"$defs":{"secretReference":{"title":"Secret reference","description":"Where bearerd reads the secret when it is needed. Exactly one source.","type":"object","properties":{"env":{"title":"Environment variable","description":"Name of an environment variable of the process.","type":"string","pattern":"^[A-Za-z_][A-Za-z0-9_]*$","examples":["CRM_CLIENT_SECRET"]},"file":{"title":"File","description":"Path of a file that holds the secret; one trailing newline is removed. A relative path starts at the folder of this YAML file.","type":"string","pattern":"^[^\\\\u0000]+$","examples":["secrets/crm-client"]},"exec":{"title":"Program","description":"Program and arguments, started without a shell; its standard output is the secret. At most 10 seconds.","type":"array","minItems":1,"items":{"title":"Word","description":"The program, then one argument each.","type":"string","examples":["pass"]},"examples":[["pass","show","crm/client"]]},"systemd":{"title":"systemd credential","description":"Name of a file in $CREDENTIALS_DIRECTORY (systemd LoadCredential=).","type":"string","pattern":"^[A-Za-z0-9._-]+$","examples":["crm-client"]},"account":{"title":"Name of another account","description":"Name of an oauth2 account whose current bearer is the value: one account feeds the next.","type":"string","pattern":"^[a-z][a-z0-9-]{0,62}$","examples":["broker"]},"field":{"title":"Published member","description":"With `account`: a member of that account\'s token response instead of its bearer, by its name in `tokenResponse.publish`.","type":"string","pattern":"^[A-Za-z][A-Za-z0-9_-]*$","examples":["instance_url"]}},"if":{"properties":{"field":true},"required":["field"]},"then":{"properties":{"account":true},"required":["account"],"maxProperties":2},"else":{"properties":{"env":true,"file":true,"exec":true,"systemd":true,"account":true},"minProperties":1,"maxProperties":1},"additionalProperties":false,"examples":[{"env":"CRM_CLIENT_SECRET"},{"file":"secrets/crm-client"}]},"secret":{"title":"Secret","description":"A reference to a secret. A literal text is accepted with a warning.","defaultSnippets":[{"label":"{ env: NAME }","description":"From an environment variable.","body":{"env":"${1:CRM_CLIENT_SECRET}"}},{"label":"{ file: PATH }","description":"From a file; one trailing newline is removed.","body":{"file":"${1:secrets/crm-client}"}},{"label":"{ exec: [PROGRAM] }","description":"From the output of a program; no shell.","body":{"exec":["${1:pass}","${2:show}","${3:crm/client}"]}},{"label":"{ systemd: NAME }","description":"From a systemd credential.","body":{"systemd":"${1:crm-client}"}},{"label":"{ account: NAME }","description":"The current bearer of another account.","body":{"account":"${1:broker}"}}],"examples":[{"env":"CRM_CLIENT_SECRET"}],"if":{"type":"object"},"then":{"$ref":"#/$defs/secretReference","description":""},"else":{"type":"string"}},"textOrSecret":{"title":"Text or secret","description":"A text, which may hold {{ }} expressions, or a reference to a secret.","defaultSnippets":[{"label":"{ env: NAME }","description":"From an environment variable.","body":{"env":"${1:CRM_CLIENT_SECRET}"}},{"label":"{ file: PATH }","description":"From a file; one trailing newline is removed.","body":{"file":"${1:secrets/crm-client}"}},{"label":"{ exec: [PROGRAM] }","description":"From the output of a program; no shell.","body":{"exec":["${1:pass}","${2:show}","${3:crm/client}"]}},{"label":"{ systemd: NAME }","description":"From a systemd credential.","body":{"systemd":"${1:crm-client}"}},{"label":"{ account: NAME }","description":"The current bearer of another account.","body":{"account":"${1:broker}"}}],"examples":["invoices",{"env":"CLIENT_ID"}],"if":{"type":"object"},"then":{"$ref":"#/$defs/secretReference","description":""},"else":{"type":"string"}},"param":{"title":"Parameter","description":"A text with {{ }} expressions, a reference to a secret, a number, `true` or `false`, a list, or, with `format: json`, a mapping.","examples":["acme",true,["a","b"],{"env":"CRM_TENANT_KEY"}],"if":{"type":"object","maxProperties":1,"anyOf":[{"required":["env"],"properties":{"env":true}},{"required":["file"],"properties":{"file":true}},{"required":["exec"],"properties":{"exec":true}},{"required":["systemd"],"properties":{"systemd":true}},{"required":["account"],"properties":{"account":true}}]},"then":{"$ref":"#/$defs/secretReference","description":""},"else":{"if":{"type":"object"},"then":{"type":"object","additionalProperties":{"$ref":"#/$defs/param"}},"else":{"if":{"type":"array"},"then":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/param"}},"else":{"not":{"type":"null"}}}}},"vars":{"title":"Template variables","description":"Values for {{vars.NAME}}. A reference makes the value a secret.","type":"object","propertyNames":{"title":"Name","description":"Letters, digits, hyphens and underscores, a letter first.","pattern":"^[A-Za-z][A-Za-z0-9_-]*$"},"additionalProperties":{"$ref":"#/$defs/textOrSecret"},"examples":[{"region":"eu"}]},"nameValue":{"title":"Name and value","description":"One name with its secret value.","type":"object","properties":{"name":{"title":"Name","description":"Name of the header or query parameter.","type":"string","pattern":"^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$","examples":["X-Api-Key"]},"value":{"title":"Value","description":"The secret, or a text with {{ }} expressions that read secrets.","examples":[{"env":"WEATHER_KEY"}],"$ref":"#/$defs/secret"}},"required":["name","value"],"additionalProperties":false,"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"examples":[{"name":"X-Api-Key","value":{"env":"WEATHER_KEY"}}]},"json":{"title":"JSON value","description":"Any value; its texts may hold {{ }} expressions.","examples":["acme",5,["a","b"]]},"clientAssertion":{"title":"Client assertion","description":"A JWT by which the client authenticates (RFC 7523): signed for each request, or read for each request from a file. Without words of your own, `iss` and `sub` are the client ID, `jti` is new each time, `iat` is five seconds ago, and there is no `nbf`.","type":"object","properties":{"key":{"title":"Private key","description":"The private key in PEM form (PKCS #8, PKCS #1 or SEC1, without a passphrase) or as a JWK. With `private_key_jwt` only.","examples":[{"file":"secrets/crm-key.pem"}],"$ref":"#/$defs/secret"},"alg":{"title":"Algorithm","description":"The signature algorithm. Default: what a JWK says, else the one that fits the key. `RS256`: RSA, PKCS #1 with SHA-256 (default for an RSA key). `RS384`: the same with SHA-384. `RS512`: the same with SHA-512. `PS256`: RSA-PSS with SHA-256. `PS384`: the same with SHA-384. `PS512`: the same with SHA-512. `ES256`: a key on P-256. `ES384`: a key on P-384. `ES512`: a key on P-521. `EdDSA`: an Ed25519 key. `Ed25519`: the same by its newer name (RFC 9864). `HS256`: the client secret (default of client_secret_jwt). `HS384`: the same with SHA-384. `HS512`: the same with SHA-512.","markdownDescription":"The signature algorithm. Default: what a JWK says, else the one that fits the key.","type":"string","enum":["RS256","RS384","RS512","PS256","PS384","PS512","ES256","ES384","ES512","EdDSA","Ed25519","HS256","HS384","HS512"],"markdownEnumDescriptions":["RSA, PKCS #1 with SHA-256 (default for an RSA key).","the same with SHA-384.","the same with SHA-512.","RSA-PSS with SHA-256.","the same with SHA-384.","the same with SHA-512.","a key on P-256.","a key on P-384.","a key on P-521.","an Ed25519 key.","the same by its newer name (RFC 9864).","the client secret (default of client_secret_jwt).","the same with SHA-384.","the same with SHA-512."],"examples":["PS256"]},"kid":{"title":"Key ID","description":"The header member `kid`: how the server calls the key. Default: that of a JWK.","examples":["2026-01"],"$ref":"#/$defs/textOrSecret"},"x5t":{"title":"Certificate thumbprint","description":"The header member `x5t#S256`: a certificate in PEM form, whose thumbprint is computed and whose key must be `key`, or the SHA-256 thumbprint itself in base64url or hex. Microsoft Entra asks for it.","examples":[{"file":"tls/crm.crt"}],"$ref":"#/$defs/textOrSecret"},"typ":{"title":"Type of the JWT","description":"The header member `typ`. Default: `client-authentication+jwt` where the audience is the account\'s `issuer`, as RFC 7523bis wants it, else `JWT`. `JWT`: What servers of before expect. `client-authentication+jwt`: The type of RFC 7523bis; some servers refuse it.","markdownDescription":"The header member `typ`. Default: `client-authentication+jwt` where the audience is the account\'s `issuer`, as RFC 7523bis wants it, else `JWT`.","type":"string","enum":["JWT","client-authentication+jwt"],"markdownEnumDescriptions":["What servers of before expect.","The type of RFC 7523bis; some servers refuse it."],"examples":["JWT"]},"in":{"title":"Place","description":"Where the assertion is sent. `body`: As `client_assertion`, beside the client ID (RFC 7523, default). `header`: As `Authorization: Bearer`, without a client ID: for servers that know no client assertions, such as GitHub.","markdownDescription":"Where the assertion is sent.","type":"string","enum":["body","header"],"markdownEnumDescriptions":["As `client_assertion`, beside the client ID (RFC 7523, default).","As `Authorization: Bearer`, without a client ID: for servers that know no client assertions, such as GitHub."],"examples":["header"]},"audience":{"title":"Audience","description":"The claim `aud`, always one text. Default: the account\'s `issuer` where there is one, else the token endpoint without its query.","type":"string","pattern":"\\\\S","examples":["https://login.crm.example/"]},"lifetime":{"title":"Lifetime","description":"From now to the claim `exp`. Default 60s.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","examples":["60s"]},"claims":{"title":"Claims","description":"More claims, or other values for the usual ones; `null` leaves one out. Texts may hold {{ }} expressions.","type":"object","additionalProperties":{"$ref":"#/$defs/json"},"examples":[{"sub":null,"tenant":"acme"}]},"file":{"title":"File","description":"An assertion that something else keeps fresh, such as Kubernetes, SPIFFE or a CI system: read again for every request, blanks around it removed. One that has expired is reported before any request. A relative path starts at the folder of this YAML file.","type":"string","pattern":"^[^\\\\u0000]+$","examples":["/var/run/secrets/azure/tokens/azure-identity-token"]},"at":{"title":"Place in the file","description":"JSON pointer (RFC 6901) to the assertion in a file that holds JSON.","type":"string","pattern":"^/","examples":["/id_token"]},"type":{"title":"Type of the assertion","description":"The parameter `client_assertion_type`: a URI, or the last part of urn:ietf:params:oauth:client-assertion-type:, such as jwt-spiffe. Default jwt-bearer.","type":"string","pattern":"^[A-Za-z][A-Za-z0-9+.:/_~-]*$","examples":["jwt-spiffe"]}},"additionalProperties":false,"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"examples":[{"key":{"file":"secrets/crm-key.pem"},"kid":"2026-01"},{"file":"/var/run/secrets/azure/tokens/azure-identity-token"}],"allOf":[{"properties":{"file":true}},{"if":{"required":["file"]},"then":{"properties":{"key":false,"alg":false,"kid":false,"x5t":false,"typ":false,"in":false,"audience":false,"lifetime":false,"claims":false}},"else":{"properties":{"type":false,"at":false}}}]},"signedAssertion":{"title":"Signed assertion","description":"A JWT that is signed for each request of `grant: jwt_bearer` (RFC 7523). Without words of your own, `iss` and `sub` are the client ID where there is one, `jti` is new each time, and there is no `nbf`.","type":"object","properties":{"key":{"title":"Private key","description":"The private key in PEM form (PKCS #8, PKCS #1 or SEC1, without a passphrase) or as a JWK.","examples":[{"file":"secrets/crm-key.pem"}],"$ref":"#/$defs/secret"},"alg":{"title":"Algorithm","description":"The signature algorithm. Default: what a JWK says, else the one that fits the key. `RS256`: RSA, PKCS #1 with SHA-256 (default for an RSA key). `RS384`: the same with SHA-384. `RS512`: the same with SHA-512. `PS256`: RSA-PSS with SHA-256. `PS384`: the same with SHA-384. `PS512`: the same with SHA-512. `ES256`: a key on P-256. `ES384`: a key on P-384. `ES512`: a key on P-521. `EdDSA`: an Ed25519 key. `Ed25519`: the same by its newer name (RFC 9864).","markdownDescription":"The signature algorithm. Default: what a JWK says, else the one that fits the key.","type":"string","enum":["RS256","RS384","RS512","PS256","PS384","PS512","ES256","ES384","ES512","EdDSA","Ed25519"],"markdownEnumDescriptions":["RSA, PKCS #1 with SHA-256 (default for an RSA key).","the same with SHA-384.","the same with SHA-512.","RSA-PSS with SHA-256.","the same with SHA-384.","the same with SHA-512.","a key on P-256.","a key on P-384.","a key on P-521.","an Ed25519 key.","the same by its newer name (RFC 9864)."],"examples":["RS256"]},"kid":{"title":"Key ID","description":"The header member `kid`: how the server calls the key. Default: that of a JWK.","examples":["2026-01"],"$ref":"#/$defs/textOrSecret"},"x5t":{"title":"Certificate thumbprint","description":"The header member `x5t#S256`: a certificate in PEM form, whose thumbprint is computed and whose key must be `key`, or the SHA-256 thumbprint itself in base64url or hex. Microsoft Entra asks for it.","examples":[{"file":"tls/crm.crt"}],"$ref":"#/$defs/textOrSecret"},"audience":{"title":"Audience","description":"The claim `aud`, always one text. Default: the account\'s `issuer` where there is one, else the token endpoint without its query.","type":"string","pattern":"\\\\S","examples":["https://login.crm.example/"]},"lifetime":{"title":"Lifetime","description":"From now to the claim `exp`. Default 60s.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","examples":["60s"]},"claims":{"title":"Claims","description":"More claims, or other values for the usual ones; `null` leaves one out. Texts may hold {{ }} expressions.","type":"object","additionalProperties":{"$ref":"#/$defs/json"},"examples":[{"iss":"job@acme.iam.example","scope":"https://www.googleapis.com/auth/drive"}]}},"required":["key"],"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"key":{"file":"secrets/crm-key.pem"},"claims":{"sub":"robot@acme.example"}}]},"keptToken":{"title":"Token","description":"A secret; of a file, it may be one member of the JSON in it.","examples":[{"file":"/var/run/secrets/tokens/crm"}],"if":{"type":"object","required":["file"],"properties":{"file":true}},"then":{"type":"object","properties":{"file":{"title":"File","description":"A token that something else keeps fresh: read again for every request, blanks around it removed. A relative path starts at the folder of this YAML file.","type":"string","pattern":"^[^\\\\u0000]+$","examples":["/var/run/secrets/tokens/crm"]},"at":{"title":"Place in the file","description":"JSON pointer (RFC 6901) to the token in a file that holds JSON.","type":"string","pattern":"^/","examples":["/id_token"]}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false},"else":{"$ref":"#/$defs/secret"}},"tokenResponse":{"title":"Token response","description":"How this provider\'s token response differs from RFC 6749 section 5.1. Members are named by JSON pointers (RFC 6901), such as /data/token.","type":"object","properties":{"token":{"title":"Token","description":"Where the token is: a JSON pointer, or several in the order in which they are tried; a response header; or `text` for an answer that is the token and nothing else. Default /access_token, or /id_token with `bearerTokenType: id_token`.","examples":["/data/token",["/token","/access_token"],{"header":"X-Subject-Token"},"text"],"if":{"type":"array"},"then":{"type":"array","minItems":1,"items":{"title":"Pointer","description":"JSON pointer to the token.","type":"string","pattern":"^(?:/(?:[^/~]|~[01])*)+$","examples":["/token"]}},"else":{"if":{"type":"object"},"then":{"title":"Response header","description":"The header that holds the token.","type":"object","properties":{"header":{"title":"Header","description":"Name of the response header.","type":"string","pattern":"^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$","examples":["X-Subject-Token"]}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"header":"X-Subject-Token"}],"required":["header"]},"else":{"type":"string","pattern":"^(?:text|(?:/(?:[^/~]|~[01])*)+)$","examples":["/data/token"]}}},"expires":{"title":"Expiry","description":"Where the response says how long the token lives. Zero, null and nonsense count as not said. Default: the member expires_in, in seconds.","type":"object","properties":{"at":{"title":"Member","description":"JSON pointer to the life or the end of it.","type":"string","pattern":"^(?:/(?:[^/~]|~[01])*)+$","examples":["/expires_at"]},"as":{"title":"Unit","description":"How the life is told. `seconds`: Seconds from now (default). `milliseconds`: Milliseconds from now. `unix`: Seconds since 1970. `unix_ms`: Milliseconds since 1970. `datetime`: A date and time, such as 2026-01-31T10:00:00Z; without a zone in UTC.","markdownDescription":"How the life is told.","type":"string","enum":["seconds","milliseconds","unix","unix_ms","datetime"],"markdownEnumDescriptions":["Seconds from now (default).","Milliseconds from now.","Seconds since 1970.","Milliseconds since 1970.","A date and time, such as 2026-01-31T10:00:00Z; without a zone in UTC."],"default":"seconds","examples":["unix"]}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"at":"/expires_at","as":"unix"}],"required":["at"]},"success":{"title":"Success","description":"What an answer with status 2xx must say to be a success, for providers that report failures so.","type":"object","properties":{"at":{"title":"Member","description":"JSON pointer (RFC 6901) to the member.","type":"string","pattern":"^(?:/(?:[^/~]|~[01])*)+$","examples":["/ok"]},"equals":{"title":"Value","description":"What stands there; a number and its text are the same.","examples":[true],"if":{"type":"string"},"then":{"type":"string"},"else":{"if":{"type":"boolean"},"then":{"type":"boolean"},"else":{"type":"number"}}}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"at":"/ok","equals":true}],"required":["at","equals"]},"error":{"title":"Error","description":"JSON pointer to the provider\'s error code. A value there, other than zero and false, is a failure whatever the status.","type":"string","pattern":"^(?:/(?:[^/~]|~[01])*)+$","examples":["/errcode"]},"publish":{"title":"Published members","description":"Members of the response that `serverUrl`, the `headers` of a service and `inject.value` may name as {{token.NAME}}. One that is missing makes the answer a failure.","type":"object","propertyNames":{"title":"Name","description":"Letters, digits, hyphens and underscores, a letter first.","pattern":"^[A-Za-z][A-Za-z0-9_-]*$"},"additionalProperties":{"title":"Published member","description":"One member of the token response.","type":"object","properties":{"at":{"title":"Member","description":"JSON pointer to the member: a text, a number or a boolean.","type":"string","pattern":"^(?:/(?:[^/~]|~[01])*)+$","examples":["/instance_url"]},"hosts":{"title":"Hosts","description":"Which hosts it may name in a URL: names, or `*.` and a suffix of two labels or more. An empty list says that it names none.","type":"array","items":{"title":"Host","description":"A host, or `*.` and a suffix.","type":"string","pattern":"^(?:(?:\\\\*\\\\.(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\\\\.)+[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)|(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*)|\\\\[[0-9a-fA-F:.]+\\\\])$","examples":["*.my.salesforce.com"]},"examples":[["*.my.salesforce.com"]]}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"at":"/instance_url","hosts":["*.my.salesforce.com"]}],"required":["at"]},"examples":[{"instance":{"at":"/instance_url","hosts":["*.my.salesforce.com"]}}]}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"token":"/data/token"}]},"lifetime":{"title":"Lifetime","description":"How long a token is used where the response does not say it well, and when it is renewed.","type":"object","properties":{"default":{"title":"Default","description":"The life where neither the response nor the token tells one. Without this, 5 minutes with a warning in the log.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","examples":["2h"]},"max":{"title":"Maximum","description":"A longer life is cut to this. Default one year.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","examples":["12h"]},"refreshBefore":{"title":"Refresh before","description":"How long before its end a token is renewed, at most; never earlier than after four fifths of its life.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","examples":["30s"]},"minInterval":{"title":"Least interval","description":"A younger token is not renewed, not even one that the service refused. For providers that limit token requests.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","examples":["20m"]}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"default":"2h"}]},"refresh":{"title":"Refresh request","description":"How the refresh request of this provider differs from RFC 6749 section 6. Method, format, client authentication and the headers of `tokenRequest` are those of the account.","type":"object","properties":{"accessTokenUri":{"title":"Access token URI","description":"URL that a refresh is sent to, where that is not the token endpoint; https outside loopback. May hold {{ }} expressions.","type":"string","pattern":"\\\\S","examples":["https://id.crm.example/token/refresh"]},"params":{"title":"Parameters","description":"Parameters of the refresh request, beside `grant_type=refresh_token` and `refresh_token`, or in place of them under the same name. {{refreshToken}} and {{bearer}} are the tokens that are there: where one of them is named here or below `headers`, nothing of the standard is sent besides.","type":"object","propertyNames":{"title":"Parameter name","description":"Any text that is not empty.","pattern":"^[^\\\\u0000]+$"},"additionalProperties":{"$ref":"#/$defs/param"},"examples":[{"scope":"read"}]},"headers":{"title":"Headers","description":"Headers of the refresh request, in place of those of the same name; `Authorization` too. They may name {{refreshToken}} and {{bearer}}.","type":"object","propertyNames":{"title":"Header name","description":"Letters, digits and a few signs such as the hyphen; not Host, Connection, Content-Length or Transfer-Encoding, which follow from the request.","pattern":"^(?!(?:[Hh][Oo][Ss][Tt]|[Cc][Oo][Nn][Nn][Ee][Cc][Tt][Ii][Oo][Nn]|[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee][Nn][Gg][Tt][Hh]|[Tt][Rr][Aa][Nn][Ss][Ff][Ee][Rr]-[Ee][Nn][Cc][Oo][Dd][Ii][Nn][Gg])$)[!#$%&\'*+.^_`|~0-9A-Za-z-]+$"},"additionalProperties":{"$ref":"#/$defs/textOrSecret"},"examples":[{"Authorization":"Bearer {{refreshToken}}"}]},"token":{"title":"Token","description":"JSON pointer to what serves as refresh token in a token response; /access_token where the access token itself is exchanged for the next one. Default: /refresh_token.","type":"string","pattern":"^(?:/(?:[^/~]|~[01])*)+$","default":"/refresh_token","examples":["/access_token"]}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"params":{"scope":"read"}}]},"inject":{"title":"Injection","description":"Where the bearer goes in a request to the service. What it names is removed from the caller\'s own request first, in header and query.","type":"object","properties":{"in":{"title":"Place","description":"Where the bearer stands. `header`: In a request header (default). `query`: In the query, for services that take nothing better; it is written to access logs on its way.","markdownDescription":"Where the bearer stands.","type":"string","enum":["header","query"],"markdownEnumDescriptions":["In a request header (default).","In the query, for services that take nothing better; it is written to access logs on its way."],"default":"header","examples":["query"]},"name":{"title":"Name","description":"Name of the header or query parameter. Default Authorization, for a header.","type":"string","pattern":"^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$","examples":["X-Shopify-Access-Token"]},"prefix":{"title":"Prefix","description":"What stands before the value, blank included; may be empty. Default `Bearer ` in a header, empty in the query. A written prefix also says that the `token_type` of the response does not matter.","type":"string","pattern":"^[\\\\t\\\\x20-\\\\x7e]*$","examples":["Zoho-oauthtoken ",""]},"value":{"title":"Value","description":"Template of what follows the prefix. Beside all other variables it knows {{bearer}} and, as {{token.NAME}}, the published members of the token response. Default {{bearer}}.","type":"string","pattern":"\\\\S","examples":["{{bearer}}","{{base64 vars.company \\":\\" bearer}}"]}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"name":"X-Auth-Token","prefix":""}],"allOf":[{"if":{"properties":{"in":{"const":"query"}},"required":["in"]},"then":{"properties":{"name":true},"required":["name"]}}]},"tls":{"title":"TLS","description":"How a TLS connection is opened. Files are in PEM form, read again when they change; a relative path starts at the folder of this YAML file. The server\'s certificate is always verified.","type":"object","properties":{"caFile":{"title":"Authorities","description":"Certificates of the authorities that are trusted instead of the usual ones.","type":"string","pattern":"^[^\\\\u0000]+$","examples":["tls/ca.pem"]},"certFile":{"title":"Client certificate","description":"The certificate that is shown to the server, followed by those between it and the authority.","type":"string","pattern":"^[^\\\\u0000]+$","examples":["tls/crm.crt"]},"keyFile":{"title":"Key of the client certificate","description":"Its private key, without a passphrase.","type":"string","pattern":"^[^\\\\u0000]+$","examples":["secrets/crm.key"]},"serverName":{"title":"Server name","description":"The name that is asked for (SNI) and that the server\'s certificate must be for, instead of the host of the URL.","type":"string","pattern":"^[A-Za-z0-9.-]+$","examples":["login.crm.example"]}},"additionalProperties":false,"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"examples":[{"caFile":"tls/ca.pem"},{"certFile":"tls/crm.crt","keyFile":"secrets/crm.key"}],"allOf":[{"properties":{"certFile":true,"keyFile":true}},{"if":{"required":["certFile"]},"then":{"required":["keyFile"]}},{"if":{"required":["keyFile"]},"then":{"required":["certFile"]}}]},"proxy":{"title":"Proxy","description":"The HTTP proxy (CONNECT), with a user name and password where it wants them, or the word environment for HTTPS_PROXY and HTTP_PROXY. Hosts in NO_PROXY are reached without it. Without this key no proxy is used, whatever the environment says.","examples":["http://proxy.example:3128",{"env":"CRM_PROXY"},"environment"],"if":{"type":"object"},"then":{"$ref":"#/$defs/secretReference","description":""},"else":{"title":"Proxy URL","type":"string","pattern":"^(environment$|https?://|\\\\{\\\\{)","examples":["http://proxy.example:3128"]}},"account":{"title":"Account","description":"Credentials, and how they become a bearer.","defaultSnippets":[{"label":"OAuth 2.0: client credentials","description":"A program that acts for itself: bearerd fetches a token and keeps it fresh.","body":{"accessTokenUri":"${1:https://login.crm.example/oauth2/token}","clientId":"${2:invoices}","clientSecret":{"env":"${3:CRM_CLIENT_SECRET}"},"scope":"${4:contacts.read}"}},{"label":"OAuth 2.0: password grant","description":"A person\'s login, for providers that offer nothing better. RFC 9700 section 2.4 advises against it.","body":{"accessTokenUri":"${1:https://id.archive.example/token}","clientId":"${2:archive-job}","clientSecret":{"env":"${3:ARCHIVE_CLIENT_SECRET}"},"grant":"password","username":"${4:robot@archive.example}","password":{"env":"${5:ARCHIVE_PASSWORD}"},"scope":"${6:files}"}},{"label":"API key in a header","description":"A fixed header with every request.","body":{"authorization":"header","header":{"name":"${1:X-Api-Key}","value":{"env":"${2:WEATHER_KEY}"}}}},{"label":"API key in the query","description":"A fixed query parameter with every request. It is written to access logs on its way: prefer a header.","body":{"authorization":"query","query":{"name":"${1:key}","value":{"env":"${2:MAPS_KEY}"}}}},{"label":"HTTP Basic","description":"User name and password at the service itself.","body":{"authorization":"basic","username":"${1:robot}","password":{"env":"${2:TICKETS_PASSWORD}"}}},{"label":"No credential","description":"Nothing is added; the caller\'s own headers pass.","body":{"authorization":"none"}}],"type":"object","properties":{"title":{"title":"Title","description":"A short text for people.","type":"string","examples":["Contacts of the CRM"]},"description":{"title":"Description","description":"Free text for people.","type":"string","examples":["Read by the invoice job every night."]},"authorization":{"title":"Authorization","description":"How requests to the service are authorised. `oauth2`: A bearer from an OAuth 2.0 token endpoint (default). `header`: Fixed headers, such as an API key. `query`: Fixed query parameters. `basic`: HTTP Basic with `username` and `password`. `none`: Nothing is added; the caller\'s own headers pass.","markdownDescription":"How requests to the service are authorised.","type":"string","enum":["oauth2","header","query","basic","none"],"markdownEnumDescriptions":["A bearer from an OAuth 2.0 token endpoint (default).","Fixed headers, such as an API key.","Fixed query parameters.","HTTP Basic with `username` and `password`.","Nothing is added; the caller\'s own headers pass."],"default":"oauth2","examples":["oauth2"]},"header":{"title":"Header","description":"One header or a list of them, with `authorization: header`.","examples":[{"name":"X-Api-Key","value":{"env":"WEATHER_KEY"}}],"if":{"type":"array"},"then":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/nameValue"}},"else":{"$ref":"#/$defs/nameValue"}},"query":{"title":"Query parameter","description":"One query parameter or a list of them, with `authorization: query`.","examples":[{"name":"key","value":{"env":"MAPS_KEY"}}],"if":{"type":"array"},"then":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/nameValue"}},"else":{"$ref":"#/$defs/nameValue"}},"username":{"title":"User name","description":"The user of the password grant or of HTTP Basic.","examples":["robot@archive.example"],"$ref":"#/$defs/textOrSecret"},"password":{"title":"Password","description":"The password of that user.","examples":[{"file":"secrets/archive-robot"}],"$ref":"#/$defs/secret"},"accessTokenUri":{"title":"Access token URI","description":"URI template of the token endpoint (RFC 6749 section 3.2). https outside loopback.","type":"string","pattern":"\\\\S","examples":["https://login.crm.example/oauth2/token"]},"issuer":{"title":"Issuer","description":"URI template of the authorization server\'s issuer identifier. Its metadata (RFC 8414, OpenID Connect Discovery) then tells the token endpoint; with `accessTokenUri`, which wins, it is only the issuer that is expected. Compared with the metadata character by character. https outside loopback.","type":"string","pattern":"\\\\S","examples":["https://login.crm.example"]},"clientId":{"title":"Client ID","description":"The client identifier (RFC 6749 section 2.2).","examples":["invoices"],"$ref":"#/$defs/textOrSecret"},"clientSecret":{"title":"Client secret","description":"The client\'s password (RFC 6749 section 2.3.1). An empty secret is a value, a missing one is not. A list of up to three is for a change of the secret without a gap: the next one is tried when the server answers `invalid_client`, and only then; the one that works is used until it fails or one of them changes.","defaultSnippets":[{"label":"{ env: NAME }","description":"From an environment variable.","body":{"env":"${1:CRM_CLIENT_SECRET}"}},{"label":"{ file: PATH }","description":"From a file; one trailing newline is removed.","body":{"file":"${1:secrets/crm-client}"}},{"label":"{ exec: [PROGRAM] }","description":"From the output of a program; no shell.","body":{"exec":["${1:pass}","${2:show}","${3:crm/client}"]}},{"label":"{ systemd: NAME }","description":"From a systemd credential.","body":{"systemd":"${1:crm-client}"}},{"label":"{ account: NAME }","description":"The current bearer of another account.","body":{"account":"${1:broker}"}}],"examples":[{"env":"CRM_CLIENT_SECRET"},[{"file":"secrets/crm-new"},{"file":"secrets/crm-old"}]],"if":{"type":"array"},"then":{"type":"array","minItems":1,"maxItems":3,"items":{"$ref":"#/$defs/secret"}},"else":{"$ref":"#/$defs/secret","title":"Client secret","description":"The client\'s password (RFC 6749 section 2.3.1). An empty secret is a value, a missing one is not. A list of up to three is for a change of the secret without a gap: the next one is tried when the server answers `invalid_client`, and only then; the one that works is used until it fails or one of them changes."}},"clientAuthMethod":{"title":"Client authentication method","description":"How the client authenticates at the token endpoint. Exactly one method is used, none is guessed. `private_key_jwt`: An assertion that the client signs with its private key, or one from a file (RFC 7523). `client_secret_basic`: HTTP Basic with client ID and secret (default). `client_secret_post`: Client ID and secret in the request body. `client_secret_jwt`: An assertion that is signed with the secret (RFC 7523); the secret itself is not sent. `tls_client_auth`: The certificate in `tls`, issued by an authority that the server trusts (RFC 8705). `self_signed_tls_client_auth`: The certificate in `tls`, which the server knows (RFC 8705). `none`: A public client: only `client_id` in the body.","markdownDescription":"How the client authenticates at the token endpoint. Exactly one method is used, none is guessed.","type":"string","enum":["private_key_jwt","client_secret_basic","client_secret_post","client_secret_jwt","tls_client_auth","self_signed_tls_client_auth","none"],"markdownEnumDescriptions":["An assertion that the client signs with its private key, or one from a file (RFC 7523).","HTTP Basic with client ID and secret (default).","Client ID and secret in the request body.","An assertion that is signed with the secret (RFC 7523); the secret itself is not sent.","The certificate in `tls`, issued by an authority that the server trusts (RFC 8705).","The certificate in `tls`, which the server knows (RFC 8705).","A public client: only `client_id` in the body."],"default":"client_secret_basic","examples":["client_secret_basic"]},"basicEncoding":{"title":"Encoding of HTTP Basic","description":"How client ID and secret are written before base64. `form`: Form-encoded as RFC 6749 section 2.3.1 says (default). `raw`: As they are, for servers that do not decode.","markdownDescription":"How client ID and secret are written before base64.","type":"string","enum":["form","raw"],"markdownEnumDescriptions":["Form-encoded as RFC 6749 section 2.3.1 says (default).","As they are, for servers that do not decode."],"default":"form","examples":["form"]},"clientAssertion":{"title":"Client assertion","description":"The signed statement (JWT) by which the client authenticates with `private_key_jwt` and `client_secret_jwt`: made anew for each request, or read from a file that something else keeps fresh.","examples":[{"key":{"file":"secrets/crm-key.pem"},"kid":"2026-01"}],"$ref":"#/$defs/clientAssertion"},"grant":{"title":"Grant","description":"The grant type of the token request. `client_credentials`: The client acts for itself (RFC 6749 section 4.4, default). `password`: A user name and password (RFC 6749 section 4.3); RFC 9700 advises against it. `refresh_token`: A refresh token that somebody gave you (RFC 6749 section 6). `jwt_bearer`: A signed JWT says who asks (RFC 7523). `saml2_bearer`: A SAML 2.0 assertion says who asks (RFC 7522). `token_exchange`: One token buys another (RFC 8693). `custom`: A grant type of the provider\'s own, named in `tokenRequest.grantType`. `login`: A login endpoint that is not OAuth: no `grant_type` is sent.","markdownDescription":"The grant type of the token request.","type":"string","enum":["client_credentials","password","refresh_token","jwt_bearer","saml2_bearer","token_exchange","custom","login"],"markdownEnumDescriptions":["The client acts for itself (RFC 6749 section 4.4, default).","A user name and password (RFC 6749 section 4.3); RFC 9700 advises against it.","A refresh token that somebody gave you (RFC 6749 section 6).","A signed JWT says who asks (RFC 7523).","A SAML 2.0 assertion says who asks (RFC 7522).","One token buys another (RFC 8693).","A grant type of the provider\'s own, named in `tokenRequest.grantType`.","A login endpoint that is not OAuth: no `grant_type` is sent."],"default":"client_credentials","examples":["client_credentials"]},"refreshToken":{"title":"Refresh token","description":"The refresh token of `grant: refresh_token`.","examples":[{"file":"secrets/crm-refresh-token"}],"$ref":"#/$defs/secret"},"assertion":{"title":"Assertion","description":"The assertion of `grant: jwt_bearer` (a JWT, or the key that signs a new one for each request) or `grant: saml2_bearer` (XML, which is sent as base64url, or text that is encoded already). One that is read is read again for every request; blanks around it do not count.","examples":[{"file":"/var/run/secrets/tokens/crm"},{"key":{"file":"secrets/crm-key.pem"},"claims":{"sub":"robot@acme.example"}}],"if":{"type":"object","anyOf":[{"required":["key"],"properties":{"key":true}},{"required":["alg"],"properties":{"alg":true}},{"required":["kid"],"properties":{"kid":true}},{"required":["x5t"],"properties":{"x5t":true}},{"required":["audience"],"properties":{"audience":true}},{"required":["lifetime"],"properties":{"lifetime":true}},{"required":["claims"],"properties":{"claims":true}}]},"then":{"$ref":"#/$defs/signedAssertion","description":""},"else":{"$ref":"#/$defs/keptToken"}},"subjectToken":{"title":"Subject token","description":"The token that is exchanged (RFC 8693 section 2.1), with `grant: token_exchange`. It is read again for every request; blanks around it do not count.","examples":[{"file":"/var/run/secrets/tokens/crm"},{"account":"broker"}],"$ref":"#/$defs/keptToken"},"subjectTokenType":{"title":"Type of the subject token","description":"What the subject token is: a URI of RFC 8693 section 3.","type":"string","pattern":"\\\\S","examples":["urn:ietf:params:oauth:token-type:jwt"]},"actorToken":{"title":"Actor token","description":"The token of who acts for the subject (RFC 8693 section 2.1). It needs `actorTokenType`.","examples":[{"account":"broker"}],"$ref":"#/$defs/keptToken"},"actorTokenType":{"title":"Type of the actor token","description":"What the actor token is: a URI of RFC 8693 section 3.","type":"string","pattern":"\\\\S","examples":["urn:ietf:params:oauth:token-type:access_token"]},"requestedTokenType":{"title":"Requested token type","description":"What the exchange shall give: a URI of RFC 8693 section 3.","type":"string","pattern":"\\\\S","examples":["urn:ietf:params:oauth:token-type:access_token"]},"scope":{"title":"Scope","description":"Always required for oauth2. A text is split at commas and blanks; items of a list are taken literally; an empty list sends none.","examples":["contacts.read, contacts.write",["openid","files"]],"if":{"type":"array"},"then":{"type":"array","items":{"title":"Scope token","description":"One scope token, taken literally (RFC 6749 section 3.3).","type":"string","pattern":"^[\\\\x21\\\\x23-\\\\x5B\\\\x5D-\\\\x7E]+$","examples":["contacts.read"]}},"else":{"title":"List of scopes","description":"Scope tokens with commas or blanks between them (RFC 6749 section 3.3); an empty list, `[]`, sends none.","type":"string","pattern":"^[\\\\s,]*[\\\\x21\\\\x23-\\\\x5B\\\\x5D-\\\\x7E]+([\\\\s,]+[\\\\x21\\\\x23-\\\\x5B\\\\x5D-\\\\x7E]+)*[\\\\s,]*$"}},"audience":{"title":"Audience","description":"Whom the token is for, as providers such as Auth0 want it. A list is sent as a repeated parameter. It goes with a refresh token too.","examples":["https://api.crm.example"],"if":{"type":"array"},"then":{"type":"array","minItems":1,"items":{"title":"Audience","description":"One audience; it may hold {{ }} expressions.","type":"string","pattern":"\\\\S","examples":["https://api.crm.example"]}},"else":{"title":"Audience","description":"One audience; it may hold {{ }} expressions.","type":"string","pattern":"\\\\S","examples":["https://api.crm.example"]}},"resource":{"title":"Resource","description":"The services that the token is for (RFC 8707): absolute URIs without a fragment. A list is sent as a repeated parameter. It goes with a refresh token too.","examples":["https://api.crm.example/v3"],"if":{"type":"array"},"then":{"type":"array","minItems":1,"items":{"title":"Resource","description":"One absolute URI without a fragment; it may hold {{ }} expressions.","type":"string","pattern":"\\\\S","examples":["https://api.crm.example/v3"]}},"else":{"title":"Resource","description":"One absolute URI without a fragment; it may hold {{ }} expressions.","type":"string","pattern":"\\\\S","examples":["https://api.crm.example/v3"]}},"dpop":{"title":"DPoP","description":"Binds the token to a key whose possession each request proves (RFC 9449). `true` makes a key in memory; a mapping names the key, or its algorithm. A server that issues no DPoP token is refused. Callers then need the proxy or the library\'s client.","examples":[true,{"key":{"file":"secrets/dpop-key.pem"},"alg":"ES256"}],"if":{"type":"object"},"then":{"title":"DPoP key","description":"Which key proves possession.","type":"object","properties":{"key":{"title":"Private key","description":"The private key in PEM form (PKCS #8, PKCS #1 or SEC1, without a passphrase) or as a JWK. Default: one made in memory.","examples":[{"file":"secrets/dpop-key.pem"}],"$ref":"#/$defs/secret"},"alg":{"title":"Algorithm","description":"The signature algorithm. Default: the one that fits the key, for a key made in memory ES256. `ES256`: a key on P-256. `ES384`: a key on P-384. `ES512`: a key on P-521. `EdDSA`: an Ed25519 key. `RS256`: RSA, PKCS #1 with SHA-256. `PS256`: RSA-PSS with SHA-256.","markdownDescription":"The signature algorithm. Default: the one that fits the key, for a key made in memory ES256.","type":"string","enum":["ES256","ES384","ES512","EdDSA","RS256","PS256"],"markdownEnumDescriptions":["a key on P-256.","a key on P-384.","a key on P-521.","an Ed25519 key.","RSA, PKCS #1 with SHA-256.","RSA-PSS with SHA-256."],"examples":["ES256"]}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"alg":"ES256"}]},"else":{"title":"DPoP","description":"Whether tokens are bound to a key that is made in memory.","type":"boolean"}},"bearerTokenType":{"title":"Bearer token type","description":"Which member of the token response becomes the bearer. `access_token`: The access token (default). `id_token`: The ID token of OpenID Connect, for services that trust it.","markdownDescription":"Which member of the token response becomes the bearer.","type":"string","enum":["access_token","id_token"],"markdownEnumDescriptions":["The access token (default).","The ID token of OpenID Connect, for services that trust it."],"default":"access_token","examples":["access_token"]},"tokenRequest":{"title":"Token request","description":"How the token request of this provider differs from RFC 6749.","type":"object","properties":{"method":{"title":"Method","description":"The HTTP method of the token request. `POST`: Parameters in the body (default). `GET`: Everything in the query of the URL.","markdownDescription":"The HTTP method of the token request.","type":"string","enum":["POST","GET"],"markdownEnumDescriptions":["Parameters in the body (default).","Everything in the query of the URL."],"default":"POST","examples":["POST"]},"format":{"title":"Format","description":"How the parameters are sent. `form`: A form, as RFC 6749 says (default). `json`: One JSON object. `query`: The query of the URL, with an empty body; what `method: GET` always does.","markdownDescription":"How the parameters are sent.","type":"string","enum":["form","json","query"],"markdownEnumDescriptions":["A form, as RFC 6749 says (default).","One JSON object.","The query of the URL, with an empty body; what `method: GET` always does."],"default":"form","examples":["json"]},"params":{"title":"Parameters","description":"Extra parameters of the token request: texts with {{ }} expressions, references, numbers, booleans or lists; nested mappings with `format: json`. They are sent with the grant, not with a refresh token.","type":"object","propertyNames":{"title":"Parameter name","description":"Any text that is not empty.","pattern":"^[^\\\\u0000]+$"},"additionalProperties":{"$ref":"#/$defs/param"},"examples":[{"account_id":"8Rk2","new_token":true}]},"headers":{"title":"Headers","description":"Extra headers of every request to the token endpoint. They may replace Accept and User-Agent. `Authorization` goes with `clientAuthMethod: none`: a request authenticates in one way.","type":"object","propertyNames":{"title":"Header name","description":"Letters, digits and a few signs such as the hyphen; not Host, Connection, Content-Length or Transfer-Encoding, which follow from the request.","pattern":"^(?!(?:[Hh][Oo][Ss][Tt]|[Cc][Oo][Nn][Nn][Ee][Cc][Tt][Ii][Oo][Nn]|[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee][Nn][Gg][Tt][Hh]|[Tt][Rr][Aa][Nn][Ss][Ff][Ee][Rr]-[Ee][Nn][Cc][Oo][Dd][Ii][Nn][Gg])$)[!#$%&\'*+.^_`|~0-9A-Za-z-]+$"},"additionalProperties":{"$ref":"#/$defs/textOrSecret"},"examples":[{"User-Agent":"invoices/1.0 (ops@crm.example)"}]},"names":{"title":"Names","description":"Other names for standard members: the standard name, then the one that is sent.","type":"object","propertyNames":{"title":"Standard member","description":"One of grant_type, client_id, client_secret, client_assertion, client_assertion_type, scope, username, password, refresh_token, assertion, subject_token, subject_token_type, actor_token, actor_token_type, requested_token_type, audience, resource.","enum":["grant_type","client_id","client_secret","client_assertion","client_assertion_type","scope","username","password","refresh_token","assertion","subject_token","subject_token_type","actor_token","actor_token_type","requested_token_type","audience","resource"]},"additionalProperties":{"title":"Name on the wire","description":"The name that this provider wants.","type":"string","pattern":"^[^\\\\u0000]+$","examples":["appid"]},"examples":[{"client_id":"appid"}]},"scopeSeparator":{"title":"Scope separator","description":"What stands between two scopes on the wire. Default: one blank.","type":"string","pattern":"^[^\\\\u0000]+$","default":" ","examples":[","]},"grantType":{"title":"Grant type","description":"The `grant_type` of `grant: custom`, as it is sent.","type":"string","pattern":"\\\\S","examples":["account_credentials"]},"clientIdInBody":{"title":"Client ID in the body","description":"`true`: `client_id` is a parameter also where the client authenticates by a header. `false`: it is none. Default: as the client authentication method has it.","type":"boolean","examples":[true]}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"format":"json"}],"allOf":[{"if":{"properties":{"method":{"const":"GET"}},"required":["method"]},"then":{"properties":{"format":{"const":"query"}}}}]},"refresh":{"title":"Refresh","description":"How a token is renewed. `auto`: With the refresh token when one came (RFC 6749 section 6), else by the grant again; one that comes with client_credentials is ignored (default). `never`: Always by the grant again. A mapping: With a request of its own, by any grant.","markdownDescription":"How a token is renewed: `auto`, `never`, or a request of its own.","default":"auto","examples":["never",{"params":{"scope":"read"}}],"if":{"type":"object"},"then":{"$ref":"#/$defs/refresh"},"else":{"type":"string","enum":["auto","never"],"markdownEnumDescriptions":["With the refresh token when one came (RFC 6749 section 6), else by the grant again; one that comes with client_credentials is ignored (default).","Always by the grant again."]}},"tokenResponse":{"$ref":"#/$defs/tokenResponse"},"lifetime":{"$ref":"#/$defs/lifetime"},"inject":{"$ref":"#/$defs/inject"},"revoke":{"title":"Revoke","description":"When tokens are revoked (RFC 7009), at `revocationUri` or at the endpoint that the issuer\'s metadata names. `never`: They are left to end (default). `on_removal`: When a reload removed the account. `on_shutdown`: Then, and when bearerd stops.","markdownDescription":"When tokens are revoked (RFC 7009), at `revocationUri` or at the endpoint that the issuer\'s metadata names.","type":"string","enum":["never","on_removal","on_shutdown"],"markdownEnumDescriptions":["They are left to end (default).","When a reload removed the account.","Then, and when bearerd stops."],"default":"never","examples":["on_removal"]},"revocationUri":{"title":"Revocation endpoint","description":"URI template of the endpoint where tokens are revoked (RFC 7009). Without it the issuer\'s metadata tells it, which is read only where there is no `accessTokenUri`. https outside loopback.","type":"string","pattern":"\\\\S","examples":["https://login.crm.example/oauth2/revoke"]},"keepWarm":{"title":"Keep warm","description":"Fetches the token at start and always keeps it fresh. Default: it is fetched at its first use and kept fresh while it is used.","type":"boolean","default":false,"examples":[true]},"timeout":{"title":"Timeout","description":"Limit of a token request, with its repetitions. Default 10s.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","examples":["10s","500ms"]},"tls":{"title":"TLS","description":"TLS of the token request. Required, with a certificate and its key, by `tls_client_auth` and `self_signed_tls_client_auth`; it goes with every other method too.","examples":[{"caFile":"tls/ca.pem"}],"$ref":"#/$defs/tls"},"proxy":{"title":"Proxy","description":"The HTTP proxy of the token request, separate from that of the service.","examples":["http://proxy.example:3128"],"$ref":"#/$defs/proxy"},"allowHttp":{"title":"Allow plain http","description":"Lets the token request use plain http outside loopback. Credentials then travel unprotected.","type":"boolean","default":false,"examples":[true]},"vars":{"$ref":"#/$defs/vars"}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"accessTokenUri":"https://login.crm.example/oauth2/token","clientId":"invoices","clientSecret":{"env":"CRM_CLIENT_SECRET"},"scope":"contacts.read"}],"allOf":[{"if":{"properties":{"authorization":{"const":"oauth2"}}},"then":{"properties":{"scope":true},"required":["scope"],"if":{"not":{"properties":{"issuer":true},"required":["issuer"]}},"then":{"$comment":"or write `issuer`: its metadata then tells the token endpoint","properties":{"accessTokenUri":true},"required":["accessTokenUri"]}},"else":{"properties":{"accessTokenUri":false,"issuer":false,"clientId":false,"clientSecret":false,"clientAuthMethod":false,"basicEncoding":false,"grant":false,"refreshToken":false,"assertion":false,"subjectToken":false,"subjectTokenType":false,"actorToken":false,"actorTokenType":false,"requestedTokenType":false,"scope":false,"audience":false,"resource":false,"tokenRequest":false,"bearerTokenType":false,"dpop":false,"refresh":false,"tokenResponse":false,"lifetime":false,"inject":false,"keepWarm":false,"revoke":false,"revocationUri":false,"timeout":false,"allowHttp":false,"clientAssertion":false,"tls":false,"proxy":false}}},{"if":{"properties":{"authorization":{"const":"header"}},"required":["authorization"]},"then":{"properties":{"header":true},"required":["header"]},"else":{"properties":{"header":false}}},{"if":{"properties":{"authorization":{"const":"query"}},"required":["authorization"]},"then":{"properties":{"query":true},"required":["query"]},"else":{"properties":{"query":false}}},{"if":{"properties":{"authorization":{"const":"basic"}},"required":["authorization"]},"then":{"properties":{"username":true,"password":true},"required":["username","password"]}},{"if":{"properties":{"authorization":{"enum":["header","query","none"]}},"required":["authorization"]},"then":{"properties":{"username":false,"password":false}}},{"if":{"properties":{"authorization":{"const":"oauth2"}}},"then":{"allOf":[{"if":{"properties":{"bearerTokenType":{"const":"id_token"}},"required":["bearerTokenType"]},"then":{"properties":{"dpop":false}}},{"if":{"properties":{"grant":{"const":"password"}},"required":["grant"]},"then":{"properties":{"username":true,"password":true},"required":["username","password"]},"else":{"properties":{"username":false,"password":false}}},{"if":{"properties":{"revoke":{"enum":["on_removal","on_shutdown"]},"accessTokenUri":true},"required":["revoke","accessTokenUri"]},"then":{"$comment":"or write `issuer` instead of `accessTokenUri`: its metadata then tells the endpoint","properties":{"revocationUri":true},"required":["revocationUri"]}},{"if":{"properties":{"revoke":{"enum":["on_removal","on_shutdown"]}},"required":["revoke"]},"else":{"properties":{"revocationUri":false}}},{"if":{"properties":{"grant":{"const":"refresh_token"}},"required":["grant"]},"then":{"properties":{"refreshToken":true},"required":["refreshToken"]},"else":{"properties":{"refreshToken":false}}},{"if":{"properties":{"grant":{"enum":["jwt_bearer","saml2_bearer"]}},"required":["grant"]},"then":{"properties":{"assertion":true},"required":["assertion"]},"else":{"properties":{"assertion":false}}},{"if":{"properties":{"grant":{"const":"saml2_bearer"}},"required":["grant"]},"then":{"properties":{"assertion":{"if":{"type":"object"},"then":{"type":"object","properties":{"key":false,"alg":false,"kid":false,"x5t":false,"audience":false,"lifetime":false,"claims":false}}}}}},{"if":{"properties":{"grant":{"const":"token_exchange"}},"required":["grant"]},"then":{"properties":{"subjectToken":true,"subjectTokenType":true,"actorToken":true,"actorTokenType":true,"requestedTokenType":true},"required":["subjectToken","subjectTokenType"]},"else":{"properties":{"subjectToken":false,"subjectTokenType":false,"actorToken":false,"actorTokenType":false,"requestedTokenType":false}}},{"if":{"required":["actorToken"]},"then":{"properties":{"actorToken":true,"actorTokenType":true},"required":["actorTokenType"]},"else":{"properties":{"actorTokenType":false}}},{"if":{"properties":{"grant":{"const":"custom"}},"required":["grant"]},"then":{"properties":{"tokenRequest":{"type":"object","properties":{"grantType":true},"required":["grantType"]}},"required":["tokenRequest"]},"else":{"properties":{"tokenRequest":{"type":"object","properties":{"grantType":false}}}}},{"if":{"properties":{"grant":{"enum":["client_credentials","password","refresh_token"]}},"not":{"properties":{"clientAuthMethod":{"const":"none"},"tokenRequest":{"type":"object","anyOf":[{"required":["headers"],"properties":{"headers":true}},{"required":["params"],"properties":{"params":true}}]}},"required":["clientAuthMethod","tokenRequest"]}},"then":{"properties":{"clientId":true},"required":["clientId"]}},{"if":{"properties":{"clientAuthMethod":{"enum":["client_secret_basic","client_secret_post","client_secret_jwt"]}}},"then":{"properties":{"clientSecret":true}},"else":{"properties":{"clientSecret":false}}},{"if":{"properties":{"clientAuthMethod":{"enum":["client_secret_basic","client_secret_post","client_secret_jwt"]}},"anyOf":[{"properties":{"grant":{"enum":["client_credentials","password","refresh_token"]}}},{"required":["clientId"]},{"required":["clientSecret"]},{"required":["clientAuthMethod"]}]},"then":{"properties":{"clientId":true,"clientSecret":true},"required":["clientId","clientSecret"]}},{"if":{"properties":{"clientAuthMethod":{"const":"client_secret_basic"}}},"else":{"properties":{"basicEncoding":false}}},{"if":{"properties":{"clientAuthMethod":{"const":"private_key_jwt"}},"required":["clientAuthMethod"]},"then":{"properties":{"clientAssertion":true},"required":["clientAssertion","clientId"]}},{"if":{"properties":{"clientAuthMethod":{"enum":["private_key_jwt","client_secret_jwt"]}},"required":["clientAuthMethod"]},"else":{"properties":{"clientAssertion":false}}},{"if":{"properties":{"clientAuthMethod":{"enum":["tls_client_auth","self_signed_tls_client_auth"]}},"required":["clientAuthMethod"]},"then":{"properties":{"tls":{"type":"object","properties":{"certFile":true,"keyFile":true},"required":["certFile","keyFile"]},"clientId":true},"required":["tls","clientId"]}}]}}]},"sink":{"title":"Sink","description":"A file that always holds the current credential: written beside and renamed, again at each renewal, and left where it is when the daemon stops. The token of such a service is fetched at the start and always kept fresh.","type":"object","properties":{"file":{"title":"File","description":"Path of the file. A relative path starts at the folder of this YAML file. Its folder must exist.","type":"string","pattern":"^[^\\\\u0000]+$","examples":["/run/bearerd/contacts.token"]},"format":{"title":"Format","description":"What the file holds. `token`: The bearer alone (default). `header`: A line for each header of a request, which `curl -H @FILE` reads. `json`: `{ \\"access_token\\", \\"expires_on\\" }`, the latter in Unix seconds or null.","markdownDescription":"What the file holds.","type":"string","enum":["token","header","json"],"markdownEnumDescriptions":["The bearer alone (default).","A line for each header of a request, which `curl -H @FILE` reads.","`{ \\"access_token\\", \\"expires_on\\" }`, the latter in Unix seconds or null."],"default":"token","examples":["token"]},"mode":{"title":"Mode","description":"Permissions of the file, in octal digits as a text. Default 0600.","type":"string","pattern":"^0?[0-7]{3}$","default":"0600","examples":["0640"]}},"required":["file"],"additionalProperties":false,"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"examples":[{"file":"/run/bearerd/contacts.token","format":"json","mode":"0640"}]},"parameter":{"title":"Parameter","description":"One value that a caller gives.","type":"object","properties":{"pattern":{"title":"Pattern","description":"Regular expression that the whole value must match; without look-around and back references, so that no value takes long. At most 256 characters of value. Default: letters, digits, `.`, `_` and `-`, a letter or digit first.","type":"string","examples":["^[a-z0-9-]+$"]},"default":{"title":"Default","description":"The value when a caller gives none. Without a default, a request without the parameter is refused.","type":"string","examples":["main"]}},"additionalProperties":false,"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"examples":[{"pattern":"^[a-z0-9-]+$","default":"main"}]},"service":{"title":"Service","description":"A third-party HTTP system and the account that opens it.","defaultSnippets":[{"label":"Service with a named account","description":"A third-party HTTP system that an entry of `accounts` opens.","body":{"title":"${1:Contacts of the CRM}","account":"${2:crm}","serverUrl":"${3:https://api.crm.example/v3}"}}],"type":"object","properties":{"title":{"title":"Title","description":"A short text for people.","type":"string","examples":["Contacts of the CRM"]},"description":{"title":"Description","description":"Free text for people.","type":"string","examples":["Read by the invoice job every night."]},"account":{"title":"Account","description":"Name of an account, or an account defined in place.","defaultSnippets":[{"label":"API key in a header","description":"A fixed header with every request.","body":{"authorization":"header","header":{"name":"${1:X-Api-Key}","value":{"env":"${2:WEATHER_KEY}"}}}},{"label":"No credential","description":"Nothing is added; the caller\'s own headers pass.","body":{"authorization":"none"}}],"examples":["crm",{"authorization":"none"}],"if":{"type":"object"},"then":{"$ref":"#/$defs/account"},"else":{"title":"Name of an account","description":"The name of an entry of `accounts`.","type":"string","pattern":"^[a-z][a-z0-9-]{0,62}$","examples":["crm"]}},"serverUrl":{"title":"Server URL","description":"URI template under which the service answers. https outside loopback.","type":"string","pattern":"\\\\S","examples":["https://{{vars.region}}.api.crm.example/v3"]},"timeout":{"title":"Timeout","description":"Limit until the response headers, and between parts of the body. Default 30s.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","examples":["30s","2m"]},"timeoutMessage":{"title":"Timeout message","description":"What a caller is told when the service takes too long.","type":"string","examples":["The CRM takes too long. Try again in a minute."]},"healthCheck":{"title":"Health check","description":"Path under the server URL that `bearerd test` requests with the credential. Any answer below 400 is good.","type":"string","pattern":"^/[^\\\\s\\\\\\\\#]*$","examples":["/me"]},"headers":{"title":"Headers","description":"Constant extra headers of every request.","type":"object","propertyNames":{"title":"Header name","description":"Letters, digits and a few signs such as the hyphen; not Host, Connection, Content-Length or Transfer-Encoding, which follow from the request.","pattern":"^(?!(?:[Hh][Oo][Ss][Tt]|[Cc][Oo][Nn][Nn][Ee][Cc][Tt][Ii][Oo][Nn]|[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee][Nn][Gg][Tt][Hh]|[Tt][Rr][Aa][Nn][Ss][Ff][Ee][Rr]-[Ee][Nn][Cc][Oo][Dd][Ii][Nn][Gg])$)[!#$%&\'*+.^_`|~0-9A-Za-z-]+$"},"additionalProperties":{"$ref":"#/$defs/textOrSecret"},"examples":[{"X-Tenant":"{{vars.tenant}}"}]},"inject":{"title":"Injection","description":"Where the bearer goes in requests to this service; in place of what the account says.","$ref":"#/$defs/inject","examples":[{"name":"X-Auth-Token","prefix":""}]},"allow":{"title":"Allowed requests","description":"What may pass the proxy and the library\'s client; every other request is answered with 403. Default: everything.","type":"object","properties":{"methods":{"title":"Methods","description":"Methods that may pass, in capitals. Default: all.","type":"array","minItems":1,"items":{"title":"Method","description":"An HTTP method.","type":"string","pattern":"^[A-Z]+(?:-[A-Z]+)*$","examples":["GET"]},"examples":[["GET","HEAD"]]},"paths":{"title":"Paths","description":"Globs of paths below the server URL: `*` is one segment or a part of one, `**` any number of segments. They are compared after dot segments and percent-encoding are resolved. Default: all.","type":"array","minItems":1,"items":{"title":"Path","description":"A glob that starts with a slash.","type":"string","pattern":"^/[^?#\\\\\\\\\\\\s]*$","examples":["/contacts/**"]},"examples":[["/contacts/**"]]}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"methods":["GET"],"paths":["/contacts/**"]}]},"tls":{"title":"TLS","description":"TLS of the requests to the service. Without it, an account that authenticates by certificate shows the same certificate here, because its tokens may be bound to it (RFC 8705).","examples":[{"caFile":"tls/ca.pem"}],"$ref":"#/$defs/tls"},"proxy":{"title":"Proxy","description":"The HTTP proxy of the requests to the service, separate from that of the token request.","examples":["http://proxy.example:3128"],"$ref":"#/$defs/proxy"},"reauthenticateOn":{"title":"Rejected token","description":"What counts as a rejected token: one rule, or a list of them. The answer is then thrown away and the request sent once more with a new token, where its body can be sent again. Default: status 401.","examples":[[{"status":[401]},{"status":[200],"at":"/errcode","equals":40001}]],"if":{"type":"array"},"then":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/rejection"}},"else":{"$ref":"#/$defs/rejection"}},"retry":{"$ref":"#/$defs/serviceRetry"},"allowHttp":{"title":"Allow plain http","description":"Lets requests to the service use plain http outside loopback. The credential then travels unprotected.","type":"boolean","default":false,"examples":[true]},"vars":{"$ref":"#/$defs/vars"},"parameters":{"title":"Parameters","description":"What callers say with a request, so that one service serves many tenants: {{params.NAME}} in the service and in its account. A caller passes the header x-bearerd-param-NAME or the query parameter param.NAME; neither is forwarded. Each distinct value has its own token.","type":"object","propertyNames":{"title":"Name","description":"Lower-case letters, digits and hyphens, at most 63 characters, a letter first.","pattern":"^[a-z][a-z0-9-]{0,62}$"},"additionalProperties":{"$ref":"#/$defs/parameter"},"examples":[{"tenant":{"pattern":"^[a-z0-9-]+$"}}]},"parameterLimit":{"title":"Limit of live values","description":"How many distinct values of the parameters may hold a token at the same time; the least recently used leaves. Default 10000.","type":"integer","minimum":1,"maximum":1000000,"default":10000,"examples":[10000]},"listen":{"title":"Own address","description":"A local address of this service alone: the proxy without a prefix, so that a program that only knows a base URL can use it. A loopback address with port, or unix:/path.","type":"string","pattern":"^(unix:/.+|.*:[0-9]{1,5})$","examples":["127.0.0.1:7201","unix:/run/bearerd/contacts.sock"]},"sinks":{"title":"Sinks","description":"Files that always hold the current credential of this service, for programs that read theirs from a file. Not for a service with parameters.","type":"array","minItems":1,"items":{"$ref":"#/$defs/sink"},"examples":[[{"file":"/run/bearerd/contacts.token"}]]}},"required":["account","serverUrl"],"allOf":[{"if":{"properties":{"parameterLimit":true},"required":["parameterLimit"]},"then":{"properties":{"parameters":true},"required":["parameters"]}},{"if":{"properties":{"parameters":true},"required":["parameters"]},"then":{"properties":{"sinks":false}}}],"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"account":"crm","serverUrl":"https://api.crm.example/v3"}]},"serviceRetry":{"title":"Retry","description":"Repeats a request when the service could not be reached or says that it may answer later. Only GET, HEAD, OPTIONS, PUT, DELETE and TRACE (RFC 9110 section 9.2.2), only with a body of known length up to 64 KiB, and only before anything of the answer was passed on. All attempts together stay within `timeout`. `{}` takes the defaults; without this key nothing is repeated.","type":"object","properties":{"attempts":{"title":"Number of attempts","description":"From 1 to 10: how often a request is sent in all, the first time included. One more with a new token after a rejected one does not count. Default 3.","type":"integer","minimum":1,"maximum":10,"default":3,"examples":[3]},"on":{"title":"When","description":"After which answers: statuses, and the word `connection` for a connection that was not made or ended before the answer began. Default: connection, 429, 502, 503 and 504. A `timeout` that is over is never followed by another attempt.","type":"array","minItems":1,"items":{"title":"Status or connection","description":"An HTTP status from 400 to 599, or the word `connection`.","examples":[503],"if":{"type":"string"},"then":{"type":"string","pattern":"^connection$"},"else":{"type":"integer","minimum":400,"maximum":599}},"default":["connection",429,502,503,504],"examples":[["connection",503]]},"maxDelay":{"title":"Longest pause","description":"No pause before the next attempt is longer. The pause is random, at most 250 ms after the first attempt and twice as much after each further one; `Retry-After` of the answer is waited for. When it asks for more than `maxDelay`, or for more than is left of `timeout`, the caller gets the answer. Default 10s.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","default":"10s","examples":["10s"]}},"additionalProperties":false,"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"examples":[{"attempts":4,"on":["connection",503],"maxDelay":"5s"}]},"rejection":{"title":"Rejection","description":"An answer of the service that says that the token is not accepted. Everything that is written must hold.","type":"object","properties":{"status":{"title":"Status","description":"HTTP statuses of such answers.","type":"array","minItems":1,"items":{"title":"Status","description":"An HTTP status.","type":"integer","minimum":200,"maximum":599,"examples":[401]},"examples":[[401,403]]},"at":{"title":"Member","description":"JSON pointer (RFC 6901) to a member that such an answer has. Answers with one of the statuses are read for it, up to 64 KiB; larger ones, and those that are not JSON, reject nothing.","type":"string","pattern":"^(?:/(?:[^/~]|~[01])*)+$","examples":["/errcode"]},"equals":{"title":"Value","description":"What stands there; a number and its text are the same. Default: anything but null.","examples":[40001],"if":{"type":"string"},"then":{"type":"string"},"else":{"if":{"type":"boolean"},"then":{"type":"boolean"},"else":{"type":"number"}}},"minAge":{"title":"Least age","description":"A younger token is not taken for a rejected one, so that an ordinary 403 does not cost a new token each time.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","examples":["10s"]}},"required":["status"],"allOf":[{"if":{"properties":{"equals":true},"required":["equals"]},"then":{"properties":{"at":true},"required":["at"]}}],"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"status":[401,403],"minAge":"10s"}]},"callerParameter":{"title":"Values","description":"The values that a caller may give to a parameter: a list of them, or a pattern.","examples":[["acme","globex"],{"pattern":"^acme-[a-z]+$"}],"if":{"type":"array"},"then":{"type":"array","items":{"title":"Value","description":"A value, as the caller gives it.","type":"string","examples":["acme"]}},"else":{"type":"object","properties":{"pattern":{"title":"Pattern","description":"A regular expression that the whole value must match.","type":"string","examples":["^acme-[a-z]+$"]}},"required":["pattern"],"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false}},"caller":{"title":"Caller","description":"A local program that uses the daemon: how it is known, and what it may use. What is not listed it may not use.","type":"object","properties":{"token":{"title":"Token","description":"What the caller proves itself with: a random secret.","$ref":"#/$defs/secret","examples":[{"file":"secrets/billing-caller"}]},"tokenSha256":{"title":"Hash of the token","description":"Instead of the token, its SHA-256 in hexadecimal: `printf %s TOKEN | sha256sum`. The token should be a random one.","type":"string","pattern":"^[0-9A-Fa-f]{64}$","examples":["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]},"certificate":{"title":"Client certificate","description":"The certificate that the caller shows in TLS: by its file, by its fingerprint, or by a name in it that one of the authorities of `daemon.tls.caFile` vouches for. It needs `daemon.tls`.","type":"object","properties":{"file":{"title":"File","description":"File with the certificate in PEM.","type":"string","pattern":"^[^\\\\u0000]+$","examples":["tls/billing.crt"]},"sha256":{"title":"Fingerprint","description":"SHA-256 of the certificate in hexadecimal, with or without colons: `openssl x509 -noout -fingerprint -sha256`.","type":"string","pattern":"^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$","examples":["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]},"subject":{"title":"Subject","description":"The whole subject of the certificate in the form of RFC 4514, as `openssl x509 -noout -subject -nameopt RFC2253` prints it. Every attribute must be the same. It needs `daemon.tls.caFile`.","type":"string","examples":["CN=billing,OU=services,O=Shop,C=DE"]},"san":{"title":"Subject alternative name","description":"`DNS:`, `URI:` or `email:` and one of the subject alternative names of the certificate, compared character by character. It needs `daemon.tls.caFile`.","type":"string","pattern":"^(DNS|URI|email):[\\\\x21-\\\\x7e]+$","examples":["URI:spiffe://shop.example/billing","DNS:billing.shop.example"]}},"minProperties":1,"maxProperties":1,"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"file":"tls/billing.crt"}]},"parameters":{"title":"Parameters","description":"Which values of a service\'s parameters this caller may give, by the parameter\'s name. Of a parameter that is not listed it may give any.","type":"object","propertyNames":{"title":"Name","description":"Lower-case letters, digits and hyphens, at most 63 characters, a letter first.","pattern":"^[a-z][a-z0-9-]{0,62}$"},"additionalProperties":{"$ref":"#/$defs/callerParameter"},"examples":[{"tenant":["acme","globex"]}]},"services":{"title":"Services","description":"The services that this caller may use: names, or `*` for all of them.","type":"array","items":{"title":"Service","description":"The name of a service, or `*`.","type":"string","pattern":"^([a-z][a-z0-9-]{0,62}|\\\\*)$","examples":["contacts"]},"examples":[["contacts","documents"]]},"actions":{"title":"Actions","description":"The actions that this caller may run, and whose deliveries it may see: names, or `*` for all of them.","type":"array","items":{"title":"Action","description":"The name of an action, or `*`.","type":"string","pattern":"^([a-z][a-z0-9-]{0,62}|\\\\*)$","examples":["archive-invoice"]},"examples":[["archive-invoice"]]}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"token":{"env":"BILLING_TOKEN"},"services":["contacts"]}]},"action":{"title":"Action","description":"Something that is sent to a service: files, a text or a request.","type":"object","properties":{"title":{"title":"Title","description":"A short text for people.","type":"string","examples":["Invoices into the archive"]},"description":{"title":"Description","description":"Free text for people.","type":"string","examples":["Called by the invoice job for each document."]},"type":{"title":"Type","description":"What the action does. `copyToHttpServer`: Copies files, or a text, to an HTTP server. `sendToConnectedService`: Sends a request to a service.","markdownDescription":"What the action does.","type":"string","enum":["copyToHttpServer","sendToConnectedService"],"markdownEnumDescriptions":["Copies files, or a text, to an HTTP server.","Sends a request to a service."],"examples":["copyToHttpServer"]},"authenticateWith":{"title":"Authenticate with","description":"Name of the service that is sent to, with its credential.","type":"string","pattern":"^[a-z][a-z0-9-]{0,62}$","examples":["documents"]},"path":{"title":"Path","description":"Template of path and query below the service\'s `serverUrl`. Values are percent-encoded and cannot leave it.","type":"string","pattern":"^/","examples":["/inbox/{{input.year}}"]},"url":{"title":"URL","description":"URI template of the target, for a server that needs no credential. https outside loopback.","type":"string","pattern":"\\\\S","examples":["https://drop.example/in"]},"method":{"title":"Method","description":"HTTP method. Default POST.","type":"string","pattern":"^(?!CONNECT$|TRACE$)[A-Z]{1,32}$","default":"POST","examples":["PUT"]},"headers":{"title":"Headers","description":"Headers of the request. Values are texts with expressions or secrets.","type":"object","propertyNames":{"title":"Header name","description":"Letters, digits and a few signs such as the hyphen; not Host, Connection, Content-Length or Transfer-Encoding, which follow from the request.","pattern":"^(?!(?:[Hh][Oo][Ss][Tt]|[Cc][Oo][Nn][Nn][Ee][Cc][Tt][Ii][Oo][Nn]|[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee][Nn][Gg][Tt][Hh]|[Tt][Rr][Aa][Nn][Ss][Ff][Ee][Rr]-[Ee][Nn][Cc][Oo][Dd][Ii][Nn][Gg])$)[!#$%&\'*+.^_`|~0-9A-Za-z-]+$"},"additionalProperties":{"$ref":"#/$defs/textOrSecret"},"examples":[{"X-Year":"{{input.year}}"}]},"content":{"title":"Content","description":"The body of the request. Exactly one kind.","type":"object","minProperties":1,"maxProperties":1,"properties":{"file":{"title":"File","description":"The file itself is the body, byte for byte. Write `file: {}`.","type":"object","properties":{"contentType":{"title":"Content type","description":"Content type of the file. Default: by the ending of its name.","type":"string","pattern":"^[!#$&^_.+A-Za-z0-9-]+/[!#$&^_.+A-Za-z0-9-]+(;[ \\\\t]*[\\\\x20-\\\\x7e]+)?$","examples":["application/pdf"]}},"additionalProperties":false,"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"examples":[{}]},"multipart":{"title":"Multipart","description":"A form with the file in one of its fields (multipart/form-data, RFC 7578).","type":"object","properties":{"field":{"title":"Field","description":"Name of the field that holds the file.","type":"string","default":"file","pattern":"^[^\\\\r\\\\n\\\\u0000]+$","examples":["file"]},"fields":{"title":"Fields","description":"Further fields, sent before the file. Values are texts with expressions or secrets.","type":"object","propertyNames":{"title":"Field name","description":"Any text without line breaks.","pattern":"^[^\\\\r\\\\n\\\\u0000]+$"},"additionalProperties":{"$ref":"#/$defs/textOrSecret"},"examples":[{"department":"finance"}]},"contentType":{"title":"Content type","description":"Content type of the file. Default: by the ending of its name.","type":"string","pattern":"^[!#$&^_.+A-Za-z0-9-]+/[!#$&^_.+A-Za-z0-9-]+(;[ \\\\t]*[\\\\x20-\\\\x7e]+)?$","examples":["application/pdf"]}},"additionalProperties":false,"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"examples":[{"field":"file"}]},"text":{"title":"Text","description":"A text with expressions.","type":"object","properties":{"template":{"title":"Template","description":"The text. Values are put in as they are.","type":"string","examples":["{{input.number}};{{input.total}}"]},"contentType":{"title":"Content type","description":"Content type of the text.","type":"string","pattern":"^[!#$&^_.+A-Za-z0-9-]+/[!#$&^_.+A-Za-z0-9-]+(;[ \\\\t]*[\\\\x20-\\\\x7e]+)?$","examples":["text/csv"],"default":"text/plain; charset=utf-8"}},"required":["template"],"additionalProperties":false,"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"examples":[{"template":"{{input.number}}"}]},"json":{"title":"JSON","description":"Any value. Its texts are templates whose values are escaped; a text that is one expression alone keeps the type of its value, so that a number stays a number.","examples":[{"text":"{{input.text}}"}]},"form":{"title":"Form","description":"Fields of a form (application/x-www-form-urlencoded).","type":"object","propertyNames":{"title":"Field name","description":"Any text without line breaks.","pattern":"^[^\\\\r\\\\n\\\\u0000]+$"},"additionalProperties":{"$ref":"#/$defs/textOrSecret"},"examples":[{"text":"{{input.text}}"}]}},"additionalProperties":false,"examples":[{"file":{}},{"json":{"text":"{{input.text}}"}}]},"files":{"title":"Files","description":"How several files are sent. `each`: One request a file (default). `together`: All of them in one multipart request.","markdownDescription":"How several files are sent.","type":"string","enum":["each","together"],"markdownEnumDescriptions":["One request a file (default).","All of them in one multipart request."],"default":"each","examples":["together"]},"outputFileName":{"title":"Output file name","description":"Template of the name that the server sees. Default: the name of the file. Separators and control characters become `_`; at most 255 bytes.","type":"string","pattern":"\\\\S","examples":["{{input.number}}-{{file.name}}"]},"input":{"title":"Input","description":"JSON Schema (2020-12) of the action\'s input. What does not fit is refused before anything is stored or sent.","type":"object","examples":[{"type":"object","properties":{"year":{"type":"integer"}},"required":["year"]}]},"successStatus":{"title":"Success status","description":"Statuses that mean delivered. Default: any 2xx.","type":"array","minItems":1,"items":{"title":"Number","description":"An HTTP status.","type":"integer","minimum":200,"maximum":599,"examples":[200]},"examples":[[200,409]]},"retry":{"title":"Retry","description":"How a delivery is tried again after a failure that may pass: no answer, 408, 425, 429 and 5xx. The pause doubles each time, and is never shorter than `Retry-After`. Waiting for the account costs no attempt.","type":"object","properties":{"attempts":{"title":"Attempts","description":"After so many the delivery is dead. Default 10.","type":"integer","minimum":1,"maximum":1000,"default":10,"examples":[10]},"minDelay":{"title":"First pause","description":"Pause after the first failure. Default 1s.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","examples":["1s"]},"maxDelay":{"title":"Longest pause","description":"The pause does not grow longer. Default 10m.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","examples":["10m"]},"on":{"title":"Statuses","description":"Statuses that are tried again, in place of 408, 425, 429 and 5xx.","type":"array","minItems":1,"items":{"title":"Number","description":"An HTTP status.","type":"integer","minimum":300,"maximum":599,"examples":[503]},"examples":[[429,503]]}},"additionalProperties":false,"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"examples":[{"attempts":20,"maxDelay":"1h"}]},"ordered":{"title":"Ordered","description":"One delivery of this action after the other, in the order in which they were accepted. One that waits for its next attempt holds up those behind it; a dead one does not.","type":"boolean","default":false,"examples":[true]},"idempotencyKey":{"title":"Idempotency key","description":"Template of the `Idempotency-Key` header, the same on each attempt. Default: the id of the delivery, with a number for each further file.","type":"string","pattern":"\\\\S","examples":["invoice-{{input.number}}"]},"keepResponse":{"title":"Keep the response","description":"Keeps the answer with the delivery, for callers that want to see it.","type":"object","properties":{"maxSize":{"title":"Largest size","description":"An answer is cut after so much. Default 64KiB.","type":"string","pattern":"^[0-9]{1,12}(B|KiB|MiB|GiB|TiB)$","default":"64KiB","examples":["64KiB","1MiB"]}},"additionalProperties":false,"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"examples":[{"maxSize":"64KiB"}]},"vars":{"$ref":"#/$defs/vars"}},"required":["type"],"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"type":"copyToHttpServer","authenticateWith":"documents","path":"/inbox","content":{"file":{}}}],"allOf":[{"if":{"properties":{"type":{"const":"sendToConnectedService"}},"required":["type"]},"then":{"properties":{"authenticateWith":true,"path":true,"url":false,"files":false,"outputFileName":false,"content":{"type":"object","properties":{"file":false,"multipart":false}}},"required":["authenticateWith","path"]}},{"if":{"properties":{"type":{"const":"copyToHttpServer"}},"required":["type"]},"then":{"properties":{"content":true},"required":["content"],"allOf":[{"if":{"required":["authenticateWith"]},"then":{"properties":{"path":true,"url":false},"required":["path"]},"else":{"properties":{"url":true,"path":false},"required":["url"]}}]}},{"if":{"properties":{"files":{"const":"together"}},"required":["files"]},"then":{"properties":{"content":{"type":"object","properties":{"multipart":true},"required":["multipart"]}}}}]},"daemon":{"title":"Daemon","description":"Settings of `bearerd run`. At most one file has them; flags win over them.","type":"object","properties":{"listen":{"title":"API address","description":"Where local programs get credentials: a loopback address with port, or unix:/path. Default 127.0.0.1:7117.","type":"string","pattern":"^(unix:/.+|.*:[0-9]{1,5})$","examples":["127.0.0.1:7117","unix:/run/bearerd/api.sock"]},"adminListen":{"title":"Admin address","description":"Where health, metrics and status answer; never a secret. Default 127.0.0.1:7118.","type":"string","pattern":"^(unix:/.+|.*:[0-9]{1,5})$","examples":["127.0.0.1:7118"]},"state":{"title":"State","description":"What outlives a restart.","type":"object","properties":{"dir":{"title":"State folder","description":"Folder where refresh tokens and deliveries are kept, so that a restart does not lose them; made when it is not there. A relative path starts at the folder of this YAML file. Default: the one of systemd\'s StateDirectory=. Without either no refresh token is kept, and deliveries wait in $XDG_STATE_HOME/bearerd or ~/.local/state/bearerd. Beside `url` it is a folder that all replicas see, for files of deliveries that are too large for the database.","type":"string","pattern":"^[^\\\\u0000]+$","examples":["/var/lib/bearerd"]},"url":{"title":"Database","description":"URL of a PostgreSQL database that replicas share, such as postgresql://USER:PASSWORD@HOST/NAME?sslmode=verify-full: one token request serves all of them, and so does one queue of deliveries. It holds tokens and what is delivered under `encryptionKey`, files up to 1 MiB a delivery. While it is away each replica asks for its own tokens, and no delivery is accepted.","$ref":"#/$defs/secret","if":{"type":"object"},"then":{"type":"object","properties":{"account":false}},"examples":[{"env":"DATABASE_URL"}]},"encryptionKey":{"title":"Encryption key","description":"32 bytes in base64 or hexadecimal, the same for all replicas: `openssl rand -base64 32`. Tokens that are kept under another key count as not there, and deliveries wait for a daemon with theirs.","$ref":"#/$defs/secret","if":{"type":"object"},"then":{"type":"object","properties":{"account":false}},"examples":[{"file":"/etc/bearerd/state-key"}]},"keepDelivered":{"title":"Keep delivered","description":"How long a delivery is listed after it was delivered; its files are removed at once. Default 7d. Dead ones stay until they are removed.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","examples":["7d","12h"]},"maxSize":{"title":"Largest size","description":"How much the files of all deliveries may take, in the state folder or in the database; what does not fit is refused with 507. Default 10GiB.","type":"string","pattern":"^[0-9]{1,12}(B|KiB|MiB|GiB|TiB)$","examples":["10GiB"]}},"if":{"properties":{"url":true},"required":["url"]},"then":{"properties":{"encryptionKey":true},"required":["encryptionKey"]},"else":{"properties":{"encryptionKey":false}},"additionalProperties":false,"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"examples":[{"dir":"/var/lib/bearerd"}]},"limits":{"title":"Limits","description":"What callers may take of the daemon, and of each service.","type":"object","properties":{"headers":{"title":"Headers","description":"Size of all headers of a request; more gets 431. Counts from the start. Default 32KiB.","type":"string","pattern":"^[0-9]{1,12}(B|KiB|MiB|GiB|TiB)$","default":"32KiB","examples":["64KiB"]},"headersTimeout":{"title":"Time for headers","description":"Until all headers of a request have come; later gets 408. Counts from the start. Default 15s.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","default":"15s","examples":["30s"]},"bodyTimeout":{"title":"Time for bodies","description":"How long a caller may pause within a body that it sends, which gets 408 then, or within an answer that it does not read. A body of up to 64 KiB must come whole in this time. Counts from the start. Default 60s.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","default":"60s","examples":["30s"]},"idle":{"title":"Idle time","description":"How long a connection may stay open between requests. Counts from the start. Default 65s.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$","default":"65s","examples":["2m"]},"connections":{"title":"Connections","description":"Open connections of one listener; more get 503. Default 10000.","type":"integer","minimum":1,"maximum":1000000,"default":10000,"examples":[500]},"requestBody":{"title":"Body of a request","description":"Size of a body that is forwarded or delivered; more gets 413. Default: any.","type":"string","pattern":"^[0-9]{1,12}(B|KiB|MiB|GiB|TiB)$","examples":["100MiB"]},"maxConcurrent":{"title":"Requests at once","description":"Requests that run to one service at once. Default: any number.","type":"integer","minimum":1,"maximum":1000000,"examples":[32]},"maxQueued":{"title":"Waiting requests","description":"Requests to one service that wait for one to end; more get 503. Default 100.","type":"integer","minimum":0,"maximum":1000000,"default":100,"examples":[50]},"maxDeliveries":{"title":"Deliveries at once","description":"Deliveries that this daemon sends at once. Default 16.","type":"integer","minimum":1,"maximum":10000,"default":16,"examples":[64]},"maxDeliveriesPerAction":{"title":"Deliveries of an action at once","description":"Deliveries of one action that this daemon sends at once, so that a slow server leaves room for the others; with `ordered: true` it is one in all. Default 4.","type":"integer","minimum":1,"maximum":10000,"default":4,"examples":[16]}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"requestBody":"100MiB","maxConcurrent":32}]},"socket":{"title":"Unix socket","description":"Who may connect to listeners that are Unix sockets. At no moment is a socket open to more than this.","type":"object","properties":{"mode":{"title":"Mode","description":"Permissions of the socket in octal, in quotes. Default: for its owner only.","type":"string","pattern":"^0?[0-7]{3}$","default":"0600","examples":["0660"]},"owner":{"title":"Owner","description":"The user whom the socket belongs to, by name or number. Default: the one that the daemon runs as.","type":"string","pattern":"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$","examples":["www-data"]},"group":{"title":"Group","description":"The group that the socket belongs to, by name or number. Default: that of the daemon.","type":"string","pattern":"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$","examples":["www-data"]}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"mode":"0660","group":"www-data"}]},"tls":{"title":"TLS","description":"The API listener speaks https, and so does the admin listener where other machines can reach it. Changed files are read again without a restart. Unix sockets stay as they are.","type":"object","properties":{"certFile":{"title":"Certificate","description":"File with the listener\'s certificate, and those between it and its authority after it, in PEM.","type":"string","pattern":"^[^\\\\u0000]+$","examples":["tls/bearerd.crt"]},"keyFile":{"title":"Key","description":"File with the key of the certificate, in PEM, without a passphrase.","type":"string","pattern":"^[^\\\\u0000]+$","examples":["tls/bearerd.key"]},"caFile":{"title":"Authority for clients","description":"File with the authorities in PEM that client certificates must come from. Without it a certificate counts by its fingerprint alone.","type":"string","pattern":"^[^\\\\u0000]+$","examples":["tls/clients-ca.crt"]}},"required":["certFile","keyFile"],"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"certFile":"tls/bearerd.crt","keyFile":"tls/bearerd.key"}]},"callers":{"title":"Callers","description":"Who may use the API listener, by name. When there are any, nobody else may; each use is written to the log. A caller says its token as `Authorization: Bearer TOKEN`, or as `X-Bearerd-Authorization: Bearer TOKEN`; neither is forwarded.","type":"object","propertyNames":{"title":"Name","description":"Lower-case letters, digits and hyphens, at most 63 characters, a letter first.","pattern":"^[a-z][a-z0-9-]{0,62}$"},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":{"$ref":"#/$defs/caller"},"examples":[{"billing":{"token":{"file":"secrets/billing-caller"},"services":["contacts"]}}]},"log":{"title":"Log","description":"The daemon\'s log on standard error.","type":"object","properties":{"level":{"title":"Level","description":"The least important line that is written. `trace`: Everything. `debug`: One line a request. `info`: Starts, reloads and renewals (default). `warn`: What an operator should look at. `error`: What failed. `silent`: Nothing.","markdownDescription":"The least important line that is written.","type":"string","enum":["trace","debug","info","warn","error","silent"],"markdownEnumDescriptions":["Everything.","One line a request.","Starts, reloads and renewals (default).","What an operator should look at.","What failed.","Nothing."],"default":"info","examples":["trace"]},"format":{"title":"Format","description":"How a line looks. Default: json, and pretty on a terminal. `json`: One JSON object a line. `pretty`: For people.","markdownDescription":"How a line looks. Default: json, and pretty on a terminal.","type":"string","enum":["json","pretty"],"markdownEnumDescriptions":["One JSON object a line.","For people."],"default":"json","examples":["json"]}},"additionalProperties":false,"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"examples":[{"level":"debug"}]}},"patternProperties":{"^x-":{"title":"Your own","description":"Keys that start with x- are ignored: use them for anchors and notes."}},"additionalProperties":false,"examples":[{"listen":"127.0.0.1:7117"}]}}}');
var pattern4 = new RegExp("^x-", "u");
var pattern9 = new RegExp("^[a-z][a-z0-9-]{0,62}$", "u");
var schema32 = schema.$defs["vars"];
var pattern5 = new RegExp("^[A-Za-z][A-Za-z0-9_-]*$", "u");
var schema33 = schema.$defs["textOrSecret"];
var schema34 = schema.$defs["secretReference"];
var pattern6 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u");
var pattern7 = new RegExp("^[^\\u0000]+$", "u");
var pattern8 = new RegExp("^[A-Za-z0-9._-]+$", "u");
var validate22 = (function validate222(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate222.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  const _errs0 = errors;
  let valid0 = true;
  const _errs1 = errors;
  if (!(data && typeof data == "object" && !Array.isArray(data))) {
    vErrors = noted(vErrors, {});
    errors++;
  }
  var _valid0 = _errs1 === errors;
  errors = _errs0;
  if (vErrors !== null) {
    if (_errs0) {
      vErrors.length = _errs0;
    } else {
      vErrors = null;
    }
  }
  let ifClause0;
  if (_valid0) {
    const _errs3 = errors;
    const _errs6 = errors;
    let valid2 = true;
    const _errs7 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.field === void 0 && (missing0 = "field")) {
        vErrors = noted(vErrors, {});
        errors++;
      }
    }
    var _valid1 = _errs7 === errors;
    errors = _errs6;
    if (vErrors !== null) {
      if (_errs6) {
        vErrors.length = _errs6;
      } else {
        vErrors = null;
      }
    }
    let ifClause1;
    if (_valid1) {
      const _errs8 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (Object.keys(data).length > 2) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/then/maxProperties", keyword: "maxProperties", params: { limit: 2 } });
          errors++;
        }
        if (data.account === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/then/required", keyword: "required", params: { missingProperty: "account" } });
          errors++;
        }
      }
      var _valid1 = _errs8 === errors;
      valid2 = _valid1;
      if (valid2) {
        var props0 = {};
        props0.account = true;
        props0.field = true;
      }
      ifClause1 = "then";
    } else {
      const _errs9 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (Object.keys(data).length > 1) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/else/maxProperties", keyword: "maxProperties", params: { limit: 1 } });
          errors++;
        }
        if (Object.keys(data).length < 1) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/else/minProperties", keyword: "minProperties", params: { limit: 1 } });
          errors++;
        }
      }
      var _valid1 = _errs9 === errors;
      valid2 = _valid1;
      if (valid2) {
        if (props0 !== true) {
          props0 = props0 || {};
          props0.env = true;
          props0.file = true;
          props0.exec = true;
          props0.systemd = true;
          props0.account = true;
        }
      }
      ifClause1 = "else";
    }
    if (!valid2) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/if", keyword: "if", params: { failingKeyword: ifClause1 } });
      errors++;
    }
    if (data && typeof data == "object" && !Array.isArray(data)) {
      for (const key0 in data) {
        if (!(key0 === "env" || key0 === "file" || key0 === "exec" || key0 === "systemd" || key0 === "account" || key0 === "field")) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } });
          errors++;
        }
      }
      if (data.env !== void 0) {
        let data0 = data.env;
        if (typeof data0 === "string") {
          if (!pattern6.test(data0)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/env", schemaPath: "#/$defs/secretReference/properties/env/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/env", schemaPath: "#/$defs/secretReference/properties/env/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.file !== void 0) {
        let data1 = data.file;
        if (typeof data1 === "string") {
          if (!pattern7.test(data1)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/file", schemaPath: "#/$defs/secretReference/properties/file/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/file", schemaPath: "#/$defs/secretReference/properties/file/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.exec !== void 0) {
        let data2 = data.exec;
        if (Array.isArray(data2)) {
          if (data2.length < 1) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/exec", schemaPath: "#/$defs/secretReference/properties/exec/minItems", keyword: "minItems", params: { limit: 1 } });
            errors++;
          }
          const len0 = data2.length;
          for (let i0 = 0; i0 < len0; i0++) {
            if (typeof data2[i0] !== "string") {
              vErrors = noted(vErrors, { instancePath: instancePath + "/exec/" + i0, schemaPath: "#/$defs/secretReference/properties/exec/items/type", keyword: "type", params: { type: "string" } });
              errors++;
            }
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/exec", schemaPath: "#/$defs/secretReference/properties/exec/type", keyword: "type", params: { type: "array" } });
          errors++;
        }
      }
      if (data.systemd !== void 0) {
        let data4 = data.systemd;
        if (typeof data4 === "string") {
          if (!pattern8.test(data4)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/systemd", schemaPath: "#/$defs/secretReference/properties/systemd/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9._-]+$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/systemd", schemaPath: "#/$defs/secretReference/properties/systemd/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.account !== void 0) {
        let data5 = data.account;
        if (typeof data5 === "string") {
          if (!pattern9.test(data5)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/account", schemaPath: "#/$defs/secretReference/properties/account/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]{0,62}$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/account", schemaPath: "#/$defs/secretReference/properties/account/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.field !== void 0) {
        let data6 = data.field;
        if (typeof data6 === "string") {
          if (!pattern5.test(data6)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/field", schemaPath: "#/$defs/secretReference/properties/field/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z][A-Za-z0-9_-]*$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/field", schemaPath: "#/$defs/secretReference/properties/field/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
    } else {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/type", keyword: "type", params: { type: "object" } });
      errors++;
    }
    var _valid0 = _errs3 === errors;
    valid0 = _valid0;
    if (valid0) {
      var props1 = true;
    }
    ifClause0 = "then";
  } else {
    const _errs25 = errors;
    if (typeof data !== "string") {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/textOrSecret/else/type", keyword: "type", params: { type: "string" } });
      errors++;
    }
    var _valid0 = _errs25 === errors;
    valid0 = _valid0;
    ifClause0 = "else";
  }
  if (!valid0) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/textOrSecret/if", keyword: "if", params: { failingKeyword: ifClause0 } });
    errors++;
  }
  validate222.errors = vErrors;
  evaluated0.props = props1;
  return errors === 0;
});
validate22.evaluated = { "dynamicProps": true, "dynamicItems": false };
var validate21 = (function validate212(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate212.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      const _errs1 = errors;
      if (typeof key0 === "string") {
        if (!pattern5.test(key0)) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/vars/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z][A-Za-z0-9_-]*$" }, propertyName: key0 });
          errors++;
        }
      }
      var valid0 = _errs1 === errors;
      if (!valid0) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/vars/propertyNames", keyword: "propertyNames", params: { propertyName: key0 } });
        errors++;
      }
    }
    for (const key1 in data) {
      if (!validate22(data[key1], { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data, parentDataProperty: key1, rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
        errors = vErrors.length;
      }
    }
  } else {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/vars/type", keyword: "type", params: { type: "object" } });
    errors++;
  }
  validate212.errors = vErrors;
  return errors === 0;
});
validate21.evaluated = { "props": true, "dynamicProps": false, "dynamicItems": false };
var schema35 = schema.$defs["account"];
var schema47 = schema.$defs["tokenResponse"];
var schema48 = schema.$defs["lifetime"];
var schema49 = schema.$defs["inject"];
var schema50 = schema.$defs["tls"];
var func1 = Object.prototype.hasOwnProperty;
var pattern21 = new RegExp("\\S", "u");
var pattern38 = new RegExp("^[\\x21\\x23-\\x5B\\x5D-\\x7E]+$", "u");
var pattern39 = new RegExp("^[\\s,]*[\\x21\\x23-\\x5B\\x5D-\\x7E]+([\\s,]+[\\x21\\x23-\\x5B\\x5D-\\x7E]+)*[\\s,]*$", "u");
var pattern52 = new RegExp("^(?!(?:[Hh][Oo][Ss][Tt]|[Cc][Oo][Nn][Nn][Ee][Cc][Tt][Ii][Oo][Nn]|[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee][Nn][Gg][Tt][Hh]|[Tt][Rr][Aa][Nn][Ss][Ff][Ee][Rr]-[Ee][Nn][Cc][Oo][Dd][Ii][Nn][Gg])$)[!#$%&'*+.^_`|~0-9A-Za-z-]+$", "u");
var pattern60 = new RegExp("^(?:/(?:[^/~]|~[01])*)+$", "u");
var pattern15 = new RegExp("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", "u");
var pattern65 = new RegExp("^(?:text|(?:/(?:[^/~]|~[01])*)+)$", "u");
var pattern74 = new RegExp("^(?:(?:\\*\\.(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)|(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*)|\\[[0-9a-fA-F:.]+\\])$", "u");
var pattern25 = new RegExp("^[0-9]{1,9}(ms|s|m|h|d)$", "u");
var pattern82 = new RegExp("^[\\t\\x20-\\x7e]*$", "u");
var pattern90 = new RegExp("^[A-Za-z0-9.-]+$", "u");
var schema36 = schema.$defs["nameValue"];
var schema37 = schema.$defs["secret"];
var validate27 = (function validate272(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate272.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  const _errs0 = errors;
  let valid0 = true;
  const _errs1 = errors;
  if (!(data && typeof data == "object" && !Array.isArray(data))) {
    vErrors = noted(vErrors, {});
    errors++;
  }
  var _valid0 = _errs1 === errors;
  errors = _errs0;
  if (vErrors !== null) {
    if (_errs0) {
      vErrors.length = _errs0;
    } else {
      vErrors = null;
    }
  }
  let ifClause0;
  if (_valid0) {
    const _errs3 = errors;
    const _errs6 = errors;
    let valid2 = true;
    const _errs7 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.field === void 0 && (missing0 = "field")) {
        vErrors = noted(vErrors, {});
        errors++;
      }
    }
    var _valid1 = _errs7 === errors;
    errors = _errs6;
    if (vErrors !== null) {
      if (_errs6) {
        vErrors.length = _errs6;
      } else {
        vErrors = null;
      }
    }
    let ifClause1;
    if (_valid1) {
      const _errs8 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (Object.keys(data).length > 2) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/then/maxProperties", keyword: "maxProperties", params: { limit: 2 } });
          errors++;
        }
        if (data.account === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/then/required", keyword: "required", params: { missingProperty: "account" } });
          errors++;
        }
      }
      var _valid1 = _errs8 === errors;
      valid2 = _valid1;
      if (valid2) {
        var props0 = {};
        props0.account = true;
        props0.field = true;
      }
      ifClause1 = "then";
    } else {
      const _errs9 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (Object.keys(data).length > 1) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/else/maxProperties", keyword: "maxProperties", params: { limit: 1 } });
          errors++;
        }
        if (Object.keys(data).length < 1) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/else/minProperties", keyword: "minProperties", params: { limit: 1 } });
          errors++;
        }
      }
      var _valid1 = _errs9 === errors;
      valid2 = _valid1;
      if (valid2) {
        if (props0 !== true) {
          props0 = props0 || {};
          props0.env = true;
          props0.file = true;
          props0.exec = true;
          props0.systemd = true;
          props0.account = true;
        }
      }
      ifClause1 = "else";
    }
    if (!valid2) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/if", keyword: "if", params: { failingKeyword: ifClause1 } });
      errors++;
    }
    if (data && typeof data == "object" && !Array.isArray(data)) {
      for (const key0 in data) {
        if (!(key0 === "env" || key0 === "file" || key0 === "exec" || key0 === "systemd" || key0 === "account" || key0 === "field")) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } });
          errors++;
        }
      }
      if (data.env !== void 0) {
        let data0 = data.env;
        if (typeof data0 === "string") {
          if (!pattern6.test(data0)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/env", schemaPath: "#/$defs/secretReference/properties/env/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/env", schemaPath: "#/$defs/secretReference/properties/env/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.file !== void 0) {
        let data1 = data.file;
        if (typeof data1 === "string") {
          if (!pattern7.test(data1)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/file", schemaPath: "#/$defs/secretReference/properties/file/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/file", schemaPath: "#/$defs/secretReference/properties/file/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.exec !== void 0) {
        let data2 = data.exec;
        if (Array.isArray(data2)) {
          if (data2.length < 1) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/exec", schemaPath: "#/$defs/secretReference/properties/exec/minItems", keyword: "minItems", params: { limit: 1 } });
            errors++;
          }
          const len0 = data2.length;
          for (let i0 = 0; i0 < len0; i0++) {
            if (typeof data2[i0] !== "string") {
              vErrors = noted(vErrors, { instancePath: instancePath + "/exec/" + i0, schemaPath: "#/$defs/secretReference/properties/exec/items/type", keyword: "type", params: { type: "string" } });
              errors++;
            }
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/exec", schemaPath: "#/$defs/secretReference/properties/exec/type", keyword: "type", params: { type: "array" } });
          errors++;
        }
      }
      if (data.systemd !== void 0) {
        let data4 = data.systemd;
        if (typeof data4 === "string") {
          if (!pattern8.test(data4)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/systemd", schemaPath: "#/$defs/secretReference/properties/systemd/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9._-]+$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/systemd", schemaPath: "#/$defs/secretReference/properties/systemd/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.account !== void 0) {
        let data5 = data.account;
        if (typeof data5 === "string") {
          if (!pattern9.test(data5)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/account", schemaPath: "#/$defs/secretReference/properties/account/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]{0,62}$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/account", schemaPath: "#/$defs/secretReference/properties/account/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.field !== void 0) {
        let data6 = data.field;
        if (typeof data6 === "string") {
          if (!pattern5.test(data6)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/field", schemaPath: "#/$defs/secretReference/properties/field/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z][A-Za-z0-9_-]*$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/field", schemaPath: "#/$defs/secretReference/properties/field/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
    } else {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/type", keyword: "type", params: { type: "object" } });
      errors++;
    }
    var _valid0 = _errs3 === errors;
    valid0 = _valid0;
    if (valid0) {
      var props1 = true;
    }
    ifClause0 = "then";
  } else {
    const _errs25 = errors;
    if (typeof data !== "string") {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secret/else/type", keyword: "type", params: { type: "string" } });
      errors++;
    }
    var _valid0 = _errs25 === errors;
    valid0 = _valid0;
    ifClause0 = "else";
  }
  if (!valid0) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secret/if", keyword: "if", params: { failingKeyword: ifClause0 } });
    errors++;
  }
  validate272.errors = vErrors;
  evaluated0.props = props1;
  return errors === 0;
});
validate27.evaluated = { "dynamicProps": true, "dynamicItems": false };
var validate26 = (function validate262(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate262.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.name === void 0) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/nameValue/required", keyword: "required", params: { missingProperty: "name" } });
      errors++;
    }
    if (data.value === void 0) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/nameValue/required", keyword: "required", params: { missingProperty: "value" } });
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "name" || key0 === "value" || pattern4.test(key0))) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/nameValue/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } });
        errors++;
      }
    }
    if (data.name !== void 0) {
      let data0 = data.name;
      if (typeof data0 === "string") {
        if (!pattern15.test(data0)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/name", schemaPath: "#/$defs/nameValue/properties/name/pattern", keyword: "pattern", params: { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/name", schemaPath: "#/$defs/nameValue/properties/name/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.value !== void 0) {
      if (!validate27(data.value, { instancePath: instancePath + "/value", parentData: data, parentDataProperty: "value", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
        errors = vErrors.length;
      }
    }
  } else {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/nameValue/type", keyword: "type", params: { type: "object" } });
    errors++;
  }
  validate262.errors = vErrors;
  return errors === 0;
});
validate26.evaluated = { "props": true, "dynamicProps": false, "dynamicItems": false };
var schema39 = schema.$defs["clientAssertion"];
var schema40 = schema.$defs["json"];
var pattern27 = new RegExp("^/", "u");
var pattern28 = new RegExp("^[A-Za-z][A-Za-z0-9+.:/_~-]*$", "u");
var validate38 = (function validate382(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate382.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  const _errs3 = errors;
  let valid1 = true;
  const _errs4 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing0;
    if (data.file === void 0 && (missing0 = "file")) {
      vErrors = noted(vErrors, {});
      errors++;
    }
  }
  var _valid0 = _errs4 === errors;
  errors = _errs3;
  if (vErrors !== null) {
    if (_errs3) {
      vErrors.length = _errs3;
    } else {
      vErrors = null;
    }
  }
  let ifClause0;
  if (_valid0) {
    const _errs5 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.key !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/key", schemaPath: "#/$defs/clientAssertion/allOf/1/then/properties/key/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.alg !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/alg", schemaPath: "#/$defs/clientAssertion/allOf/1/then/properties/alg/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.kid !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/kid", schemaPath: "#/$defs/clientAssertion/allOf/1/then/properties/kid/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.x5t !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/x5t", schemaPath: "#/$defs/clientAssertion/allOf/1/then/properties/x5t/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.typ !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/typ", schemaPath: "#/$defs/clientAssertion/allOf/1/then/properties/typ/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.in !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/in", schemaPath: "#/$defs/clientAssertion/allOf/1/then/properties/in/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.audience !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/audience", schemaPath: "#/$defs/clientAssertion/allOf/1/then/properties/audience/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.lifetime !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime", schemaPath: "#/$defs/clientAssertion/allOf/1/then/properties/lifetime/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.claims !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/claims", schemaPath: "#/$defs/clientAssertion/allOf/1/then/properties/claims/false schema", keyword: "false schema", params: {} });
        errors++;
      }
    }
    var _valid0 = _errs5 === errors;
    valid1 = _valid0;
    if (valid1) {
      var props0 = {};
      props0.key = true;
      props0.alg = true;
      props0.kid = true;
      props0.x5t = true;
      props0.typ = true;
      props0.in = true;
      props0.audience = true;
      props0.lifetime = true;
      props0.claims = true;
    }
    ifClause0 = "then";
  } else {
    const _errs6 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.type !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/type", schemaPath: "#/$defs/clientAssertion/allOf/1/else/properties/type/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.at !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/at", schemaPath: "#/$defs/clientAssertion/allOf/1/else/properties/at/false schema", keyword: "false schema", params: {} });
        errors++;
      }
    }
    var _valid0 = _errs6 === errors;
    valid1 = _valid0;
    if (valid1) {
      if (props0 !== true) {
        props0 = props0 || {};
        props0.type = true;
        props0.at = true;
      }
    }
    ifClause0 = "else";
  }
  if (!valid1) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/clientAssertion/allOf/1/if", keyword: "if", params: { failingKeyword: ifClause0 } });
    errors++;
  }
  if (props0 !== true) {
    props0 = props0 || {};
    props0.file = true;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(func1.call(schema39.properties, key0) || pattern4.test(key0))) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/clientAssertion/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } });
        errors++;
      }
    }
    if (data.key !== void 0) {
      if (!validate27(data.key, { instancePath: instancePath + "/key", parentData: data, parentDataProperty: "key", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
        errors = vErrors.length;
      }
    }
    if (data.alg !== void 0) {
      let data12 = data.alg;
      if (typeof data12 !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/alg", schemaPath: "#/$defs/clientAssertion/properties/alg/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
      if (!(data12 === "RS256" || data12 === "RS384" || data12 === "RS512" || data12 === "PS256" || data12 === "PS384" || data12 === "PS512" || data12 === "ES256" || data12 === "ES384" || data12 === "ES512" || data12 === "EdDSA" || data12 === "Ed25519" || data12 === "HS256" || data12 === "HS384" || data12 === "HS512")) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/alg", schemaPath: "#/$defs/clientAssertion/properties/alg/enum", keyword: "enum", params: { allowedValues: schema39.properties.alg.enum } });
        errors++;
      }
    }
    if (data.kid !== void 0) {
      if (!validate22(data.kid, { instancePath: instancePath + "/kid", parentData: data, parentDataProperty: "kid", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
        errors = vErrors.length;
      }
    }
    if (data.x5t !== void 0) {
      if (!validate22(data.x5t, { instancePath: instancePath + "/x5t", parentData: data, parentDataProperty: "x5t", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
        errors = vErrors.length;
      }
    }
    if (data.typ !== void 0) {
      let data15 = data.typ;
      if (typeof data15 !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/typ", schemaPath: "#/$defs/clientAssertion/properties/typ/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
      if (!(data15 === "JWT" || data15 === "client-authentication+jwt")) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/typ", schemaPath: "#/$defs/clientAssertion/properties/typ/enum", keyword: "enum", params: { allowedValues: schema39.properties.typ.enum } });
        errors++;
      }
    }
    if (data.in !== void 0) {
      let data16 = data.in;
      if (typeof data16 !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/in", schemaPath: "#/$defs/clientAssertion/properties/in/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
      if (!(data16 === "body" || data16 === "header")) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/in", schemaPath: "#/$defs/clientAssertion/properties/in/enum", keyword: "enum", params: { allowedValues: schema39.properties.in.enum } });
        errors++;
      }
    }
    if (data.audience !== void 0) {
      let data17 = data.audience;
      if (typeof data17 === "string") {
        if (!pattern21.test(data17)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/audience", schemaPath: "#/$defs/clientAssertion/properties/audience/pattern", keyword: "pattern", params: { pattern: "\\S" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/audience", schemaPath: "#/$defs/clientAssertion/properties/audience/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.lifetime !== void 0) {
      let data18 = data.lifetime;
      if (typeof data18 === "string") {
        if (!pattern25.test(data18)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime", schemaPath: "#/$defs/clientAssertion/properties/lifetime/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime", schemaPath: "#/$defs/clientAssertion/properties/lifetime/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.claims !== void 0) {
      let data19 = data.claims;
      if (data19 && typeof data19 == "object" && !Array.isArray(data19)) {
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/claims", schemaPath: "#/$defs/clientAssertion/properties/claims/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.file !== void 0) {
      let data21 = data.file;
      if (typeof data21 === "string") {
        if (!pattern7.test(data21)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/file", schemaPath: "#/$defs/clientAssertion/properties/file/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/file", schemaPath: "#/$defs/clientAssertion/properties/file/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.at !== void 0) {
      let data22 = data.at;
      if (typeof data22 === "string") {
        if (!pattern27.test(data22)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/at", schemaPath: "#/$defs/clientAssertion/properties/at/pattern", keyword: "pattern", params: { pattern: "^/" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/at", schemaPath: "#/$defs/clientAssertion/properties/at/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.type !== void 0) {
      let data23 = data.type;
      if (typeof data23 === "string") {
        if (!pattern28.test(data23)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/type", schemaPath: "#/$defs/clientAssertion/properties/type/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z][A-Za-z0-9+.:/_~-]*$" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/type", schemaPath: "#/$defs/clientAssertion/properties/type/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
  } else {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/clientAssertion/type", keyword: "type", params: { type: "object" } });
    errors++;
  }
  validate382.errors = vErrors;
  return errors === 0;
});
validate38.evaluated = { "props": true, "dynamicProps": false, "dynamicItems": false };
var schema41 = schema.$defs["signedAssertion"];
var validate44 = (function validate442(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate442.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.key === void 0) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/signedAssertion/required", keyword: "required", params: { missingProperty: "key" } });
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "key" || key0 === "alg" || key0 === "kid" || key0 === "x5t" || key0 === "audience" || key0 === "lifetime" || key0 === "claims" || pattern4.test(key0))) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/signedAssertion/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } });
        errors++;
      }
    }
    if (data.key !== void 0) {
      if (!validate27(data.key, { instancePath: instancePath + "/key", parentData: data, parentDataProperty: "key", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
        errors = vErrors.length;
      }
    }
    if (data.alg !== void 0) {
      let data1 = data.alg;
      if (typeof data1 !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/alg", schemaPath: "#/$defs/signedAssertion/properties/alg/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
      if (!(data1 === "RS256" || data1 === "RS384" || data1 === "RS512" || data1 === "PS256" || data1 === "PS384" || data1 === "PS512" || data1 === "ES256" || data1 === "ES384" || data1 === "ES512" || data1 === "EdDSA" || data1 === "Ed25519")) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/alg", schemaPath: "#/$defs/signedAssertion/properties/alg/enum", keyword: "enum", params: { allowedValues: schema41.properties.alg.enum } });
        errors++;
      }
    }
    if (data.kid !== void 0) {
      if (!validate22(data.kid, { instancePath: instancePath + "/kid", parentData: data, parentDataProperty: "kid", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
        errors = vErrors.length;
      }
    }
    if (data.x5t !== void 0) {
      if (!validate22(data.x5t, { instancePath: instancePath + "/x5t", parentData: data, parentDataProperty: "x5t", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
        errors = vErrors.length;
      }
    }
    if (data.audience !== void 0) {
      let data4 = data.audience;
      if (typeof data4 === "string") {
        if (!pattern21.test(data4)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/audience", schemaPath: "#/$defs/signedAssertion/properties/audience/pattern", keyword: "pattern", params: { pattern: "\\S" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/audience", schemaPath: "#/$defs/signedAssertion/properties/audience/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.lifetime !== void 0) {
      let data5 = data.lifetime;
      if (typeof data5 === "string") {
        if (!pattern25.test(data5)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime", schemaPath: "#/$defs/signedAssertion/properties/lifetime/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime", schemaPath: "#/$defs/signedAssertion/properties/lifetime/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.claims !== void 0) {
      let data6 = data.claims;
      if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/claims", schemaPath: "#/$defs/signedAssertion/properties/claims/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
  } else {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/signedAssertion/type", keyword: "type", params: { type: "object" } });
    errors++;
  }
  validate442.errors = vErrors;
  return errors === 0;
});
validate44.evaluated = { "props": true, "dynamicProps": false, "dynamicItems": false };
var schema43 = schema.$defs["keptToken"];
var validate49 = (function validate492(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate492.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  const _errs0 = errors;
  let valid0 = true;
  const _errs1 = errors;
  if (errors === _errs1) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.file === void 0 && (missing0 = "file")) {
        vErrors = noted(vErrors, {});
        errors++;
      }
    } else {
      vErrors = noted(vErrors, {});
      errors++;
    }
  }
  var _valid0 = _errs1 === errors;
  errors = _errs0;
  if (vErrors !== null) {
    if (_errs0) {
      vErrors.length = _errs0;
    } else {
      vErrors = null;
    }
  }
  let ifClause0;
  if (_valid0) {
    const _errs3 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      for (const key0 in data) {
        if (!(key0 === "file" || key0 === "at" || pattern4.test(key0))) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/keptToken/then/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } });
          errors++;
        }
      }
      if (data.file !== void 0) {
        let data0 = data.file;
        if (typeof data0 === "string") {
          if (!pattern7.test(data0)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/file", schemaPath: "#/$defs/keptToken/then/properties/file/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/file", schemaPath: "#/$defs/keptToken/then/properties/file/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.at !== void 0) {
        let data1 = data.at;
        if (typeof data1 === "string") {
          if (!pattern27.test(data1)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/at", schemaPath: "#/$defs/keptToken/then/properties/at/pattern", keyword: "pattern", params: { pattern: "^/" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/at", schemaPath: "#/$defs/keptToken/then/properties/at/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
    } else {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/keptToken/then/type", keyword: "type", params: { type: "object" } });
      errors++;
    }
    var _valid0 = _errs3 === errors;
    valid0 = _valid0;
    if (valid0) {
      var props0 = true;
    }
    ifClause0 = "then";
  } else {
    const _errs10 = errors;
    if (!validate27(data, { instancePath, parentData, parentDataProperty, rootData, dynamicAnchors })) {
      vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
      errors = vErrors.length;
    } else {
      var props1 = validate27.evaluated.props;
    }
    var _valid0 = _errs10 === errors;
    valid0 = _valid0;
    if (valid0) {
      if (props0 !== true && props1 !== void 0) {
        if (props1 === true) {
          props0 = true;
        } else {
          props0 = props0 || {};
          Object.assign(props0, props1);
        }
      }
    }
    ifClause0 = "else";
  }
  if (!valid0) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/keptToken/if", keyword: "if", params: { failingKeyword: ifClause0 } });
    errors++;
  }
  validate492.errors = vErrors;
  evaluated0.props = props0;
  return errors === 0;
});
validate49.evaluated = { "dynamicProps": true, "dynamicItems": false };
var schema44 = schema.$defs["param"];
var wrapper0 = { get validate() {
  return validate55;
} };
var validate55 = (function validate552(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate552.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  const _errs0 = errors;
  let valid0 = true;
  const _errs1 = errors;
  const _errs3 = errors;
  let valid1 = false;
  const _errs4 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing0;
    if (data.env === void 0 && (missing0 = "env")) {
      vErrors = noted(vErrors, {});
      errors++;
    }
  }
  var _valid1 = _errs4 === errors;
  valid1 = valid1 || _valid1;
  if (_valid1) {
    var props0 = {};
    props0.env = true;
  }
  const _errs5 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing1;
    if (data.file === void 0 && (missing1 = "file")) {
      vErrors = noted(vErrors, {});
      errors++;
    }
  }
  var _valid1 = _errs5 === errors;
  valid1 = valid1 || _valid1;
  if (_valid1) {
    if (props0 !== true) {
      props0 = props0 || {};
      props0.file = true;
    }
  }
  const _errs6 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing2;
    if (data.exec === void 0 && (missing2 = "exec")) {
      vErrors = noted(vErrors, {});
      errors++;
    }
  }
  var _valid1 = _errs6 === errors;
  valid1 = valid1 || _valid1;
  if (_valid1) {
    if (props0 !== true) {
      props0 = props0 || {};
      props0.exec = true;
    }
  }
  const _errs7 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing3;
    if (data.systemd === void 0 && (missing3 = "systemd")) {
      vErrors = noted(vErrors, {});
      errors++;
    }
  }
  var _valid1 = _errs7 === errors;
  valid1 = valid1 || _valid1;
  if (_valid1) {
    if (props0 !== true) {
      props0 = props0 || {};
      props0.systemd = true;
    }
  }
  const _errs8 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing4;
    if (data.account === void 0 && (missing4 = "account")) {
      vErrors = noted(vErrors, {});
      errors++;
    }
  }
  var _valid1 = _errs8 === errors;
  valid1 = valid1 || _valid1;
  if (_valid1) {
    if (props0 !== true) {
      props0 = props0 || {};
      props0.account = true;
    }
  }
  if (!valid1) {
    vErrors = noted(vErrors, {});
    errors++;
  } else {
    errors = _errs3;
    if (vErrors !== null) {
      if (_errs3) {
        vErrors.length = _errs3;
      } else {
        vErrors = null;
      }
    }
  }
  if (errors === _errs1) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (Object.keys(data).length > 1) {
        vErrors = noted(vErrors, {});
        errors++;
      }
    } else {
      vErrors = noted(vErrors, {});
      errors++;
    }
  }
  var _valid0 = _errs1 === errors;
  errors = _errs0;
  if (vErrors !== null) {
    if (_errs0) {
      vErrors.length = _errs0;
    } else {
      vErrors = null;
    }
  }
  let ifClause0;
  if (_valid0) {
    const _errs9 = errors;
    const _errs12 = errors;
    let valid3 = true;
    const _errs13 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing5;
      if (data.field === void 0 && (missing5 = "field")) {
        vErrors = noted(vErrors, {});
        errors++;
      }
    }
    var _valid2 = _errs13 === errors;
    errors = _errs12;
    if (vErrors !== null) {
      if (_errs12) {
        vErrors.length = _errs12;
      } else {
        vErrors = null;
      }
    }
    let ifClause1;
    if (_valid2) {
      const _errs14 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (Object.keys(data).length > 2) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/then/maxProperties", keyword: "maxProperties", params: { limit: 2 } });
          errors++;
        }
        if (data.account === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/then/required", keyword: "required", params: { missingProperty: "account" } });
          errors++;
        }
      }
      var _valid2 = _errs14 === errors;
      valid3 = _valid2;
      if (valid3) {
        var props1 = {};
        props1.account = true;
        props1.field = true;
      }
      ifClause1 = "then";
    } else {
      const _errs15 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (Object.keys(data).length > 1) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/else/maxProperties", keyword: "maxProperties", params: { limit: 1 } });
          errors++;
        }
        if (Object.keys(data).length < 1) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/else/minProperties", keyword: "minProperties", params: { limit: 1 } });
          errors++;
        }
      }
      var _valid2 = _errs15 === errors;
      valid3 = _valid2;
      if (valid3) {
        if (props1 !== true) {
          props1 = props1 || {};
          props1.env = true;
          props1.file = true;
          props1.exec = true;
          props1.systemd = true;
          props1.account = true;
        }
      }
      ifClause1 = "else";
    }
    if (!valid3) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/if", keyword: "if", params: { failingKeyword: ifClause1 } });
      errors++;
    }
    if (data && typeof data == "object" && !Array.isArray(data)) {
      for (const key0 in data) {
        if (!(key0 === "env" || key0 === "file" || key0 === "exec" || key0 === "systemd" || key0 === "account" || key0 === "field")) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } });
          errors++;
        }
      }
      if (data.env !== void 0) {
        let data0 = data.env;
        if (typeof data0 === "string") {
          if (!pattern6.test(data0)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/env", schemaPath: "#/$defs/secretReference/properties/env/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/env", schemaPath: "#/$defs/secretReference/properties/env/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.file !== void 0) {
        let data1 = data.file;
        if (typeof data1 === "string") {
          if (!pattern7.test(data1)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/file", schemaPath: "#/$defs/secretReference/properties/file/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/file", schemaPath: "#/$defs/secretReference/properties/file/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.exec !== void 0) {
        let data2 = data.exec;
        if (Array.isArray(data2)) {
          if (data2.length < 1) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/exec", schemaPath: "#/$defs/secretReference/properties/exec/minItems", keyword: "minItems", params: { limit: 1 } });
            errors++;
          }
          const len0 = data2.length;
          for (let i0 = 0; i0 < len0; i0++) {
            if (typeof data2[i0] !== "string") {
              vErrors = noted(vErrors, { instancePath: instancePath + "/exec/" + i0, schemaPath: "#/$defs/secretReference/properties/exec/items/type", keyword: "type", params: { type: "string" } });
              errors++;
            }
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/exec", schemaPath: "#/$defs/secretReference/properties/exec/type", keyword: "type", params: { type: "array" } });
          errors++;
        }
      }
      if (data.systemd !== void 0) {
        let data4 = data.systemd;
        if (typeof data4 === "string") {
          if (!pattern8.test(data4)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/systemd", schemaPath: "#/$defs/secretReference/properties/systemd/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9._-]+$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/systemd", schemaPath: "#/$defs/secretReference/properties/systemd/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.account !== void 0) {
        let data5 = data.account;
        if (typeof data5 === "string") {
          if (!pattern9.test(data5)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/account", schemaPath: "#/$defs/secretReference/properties/account/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]{0,62}$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/account", schemaPath: "#/$defs/secretReference/properties/account/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.field !== void 0) {
        let data6 = data.field;
        if (typeof data6 === "string") {
          if (!pattern5.test(data6)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/field", schemaPath: "#/$defs/secretReference/properties/field/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z][A-Za-z0-9_-]*$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/field", schemaPath: "#/$defs/secretReference/properties/field/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
    } else {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/type", keyword: "type", params: { type: "object" } });
      errors++;
    }
    var _valid0 = _errs9 === errors;
    valid0 = _valid0;
    if (valid0) {
      if (props0 !== true) {
        props0 = true;
      }
    }
    ifClause0 = "then";
  } else {
    const _errs31 = errors;
    const _errs32 = errors;
    let valid7 = true;
    const _errs33 = errors;
    if (!(data && typeof data == "object" && !Array.isArray(data))) {
      vErrors = noted(vErrors, {});
      errors++;
    }
    var _valid3 = _errs33 === errors;
    errors = _errs32;
    if (vErrors !== null) {
      if (_errs32) {
        vErrors.length = _errs32;
      } else {
        vErrors = null;
      }
    }
    let ifClause2;
    if (_valid3) {
      const _errs35 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        for (const key1 in data) {
          if (!wrapper0.validate(data[key1], { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data, parentDataProperty: key1, rootData, dynamicAnchors })) {
            vErrors = vErrors === null ? wrapper0.validate.errors : vErrors.concat(wrapper0.validate.errors);
            errors = vErrors.length;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/param/else/then/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
      var _valid3 = _errs35 === errors;
      valid7 = _valid3;
      if (valid7) {
        var props3 = true;
      }
      ifClause2 = "then";
    } else {
      const _errs39 = errors;
      const _errs40 = errors;
      let valid9 = true;
      const _errs41 = errors;
      if (!Array.isArray(data)) {
        vErrors = noted(vErrors, {});
        errors++;
      }
      var _valid4 = _errs41 === errors;
      errors = _errs40;
      if (vErrors !== null) {
        if (_errs40) {
          vErrors.length = _errs40;
        } else {
          vErrors = null;
        }
      }
      let ifClause3;
      if (_valid4) {
        const _errs43 = errors;
        if (Array.isArray(data)) {
          if (data.length < 1) {
            vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/param/else/else/then/minItems", keyword: "minItems", params: { limit: 1 } });
            errors++;
          }
          const len1 = data.length;
          for (let i1 = 0; i1 < len1; i1++) {
            if (!wrapper0.validate(data[i1], { instancePath: instancePath + "/" + i1, parentData: data, parentDataProperty: i1, rootData, dynamicAnchors })) {
              vErrors = vErrors === null ? wrapper0.validate.errors : vErrors.concat(wrapper0.validate.errors);
              errors = vErrors.length;
            }
          }
        } else {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/param/else/else/then/type", keyword: "type", params: { type: "array" } });
          errors++;
        }
        var _valid4 = _errs43 === errors;
        valid9 = _valid4;
        if (valid9) {
          var items2 = true;
        }
        ifClause3 = "then";
      } else {
        const _errs46 = errors;
        const _errs47 = errors;
        const _errs48 = errors;
        if (data !== null) {
          vErrors = noted(vErrors, {});
          errors++;
        }
        var valid12 = _errs48 === errors;
        if (valid12) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/param/else/else/else/not", keyword: "not", params: {} });
          errors++;
        } else {
          errors = _errs47;
          if (vErrors !== null) {
            if (_errs47) {
              vErrors.length = _errs47;
            } else {
              vErrors = null;
            }
          }
        }
        var _valid4 = _errs46 === errors;
        valid9 = _valid4;
        ifClause3 = "else";
      }
      if (!valid9) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/param/else/else/if", keyword: "if", params: { failingKeyword: ifClause3 } });
        errors++;
      }
      var _valid3 = _errs39 === errors;
      valid7 = _valid3;
      ifClause2 = "else";
    }
    if (!valid7) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/param/else/if", keyword: "if", params: { failingKeyword: ifClause2 } });
      errors++;
    }
    var _valid0 = _errs31 === errors;
    valid0 = _valid0;
    if (valid0) {
      if (props0 !== true && props3 !== void 0) {
        if (props3 === true) {
          props0 = true;
        } else {
          props0 = props0 || {};
          Object.assign(props0, props3);
        }
      }
    }
    ifClause0 = "else";
  }
  if (!valid0) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/param/if", keyword: "if", params: { failingKeyword: ifClause0 } });
    errors++;
  }
  validate552.errors = vErrors;
  evaluated0.props = props0;
  evaluated0.items = items2;
  return errors === 0;
});
validate55.evaluated = { "dynamicProps": true, "dynamicItems": true };
var schema46 = schema.$defs["refresh"];
var validate58 = (function validate582(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate582.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "accessTokenUri" || key0 === "params" || key0 === "headers" || key0 === "token" || pattern4.test(key0))) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/refresh/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } });
        errors++;
      }
    }
    if (data.accessTokenUri !== void 0) {
      let data0 = data.accessTokenUri;
      if (typeof data0 === "string") {
        if (!pattern21.test(data0)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/accessTokenUri", schemaPath: "#/$defs/refresh/properties/accessTokenUri/pattern", keyword: "pattern", params: { pattern: "\\S" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/accessTokenUri", schemaPath: "#/$defs/refresh/properties/accessTokenUri/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.params !== void 0) {
      let data1 = data.params;
      if (data1 && typeof data1 == "object" && !Array.isArray(data1)) {
        for (const key1 in data1) {
          const _errs6 = errors;
          if (typeof key1 === "string") {
            if (!pattern7.test(key1)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/params", schemaPath: "#/$defs/refresh/properties/params/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" }, propertyName: key1 });
              errors++;
            }
          }
          var valid1 = _errs6 === errors;
          if (!valid1) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/params", schemaPath: "#/$defs/refresh/properties/params/propertyNames", keyword: "propertyNames", params: { propertyName: key1 } });
            errors++;
          }
        }
        for (const key2 in data1) {
          if (!validate55(data1[key2], { instancePath: instancePath + "/params/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data1, parentDataProperty: key2, rootData, dynamicAnchors })) {
            vErrors = vErrors === null ? validate55.errors : vErrors.concat(validate55.errors);
            errors = vErrors.length;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/params", schemaPath: "#/$defs/refresh/properties/params/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.headers !== void 0) {
      let data3 = data.headers;
      if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
        for (const key3 in data3) {
          const _errs11 = errors;
          if (typeof key3 === "string") {
            if (!pattern52.test(key3)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/headers", schemaPath: "#/$defs/refresh/properties/headers/propertyNames/pattern", keyword: "pattern", params: { pattern: "^(?!(?:[Hh][Oo][Ss][Tt]|[Cc][Oo][Nn][Nn][Ee][Cc][Tt][Ii][Oo][Nn]|[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee][Nn][Gg][Tt][Hh]|[Tt][Rr][Aa][Nn][Ss][Ff][Ee][Rr]-[Ee][Nn][Cc][Oo][Dd][Ii][Nn][Gg])$)[!#$%&'*+.^_`|~0-9A-Za-z-]+$" }, propertyName: key3 });
              errors++;
            }
          }
          var valid3 = _errs11 === errors;
          if (!valid3) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/headers", schemaPath: "#/$defs/refresh/properties/headers/propertyNames", keyword: "propertyNames", params: { propertyName: key3 } });
            errors++;
          }
        }
        for (const key4 in data3) {
          if (!validate22(data3[key4], { instancePath: instancePath + "/headers/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data3, parentDataProperty: key4, rootData, dynamicAnchors })) {
            vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
            errors = vErrors.length;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/headers", schemaPath: "#/$defs/refresh/properties/headers/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.token !== void 0) {
      let data5 = data.token;
      if (typeof data5 === "string") {
        if (!pattern60.test(data5)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/token", schemaPath: "#/$defs/refresh/properties/token/pattern", keyword: "pattern", params: { pattern: "^(?:/(?:[^/~]|~[01])*)+$" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/token", schemaPath: "#/$defs/refresh/properties/token/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
  } else {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/refresh/type", keyword: "type", params: { type: "object" } });
    errors++;
  }
  validate582.errors = vErrors;
  return errors === 0;
});
validate58.evaluated = { "props": true, "dynamicProps": false, "dynamicItems": false };
var schema51 = schema.$defs["proxy"];
var pattern96 = new RegExp("^(environment$|https?://|\\{\\{)", "u");
var validate62 = (function validate622(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate622.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  const _errs0 = errors;
  let valid0 = true;
  const _errs1 = errors;
  if (!(data && typeof data == "object" && !Array.isArray(data))) {
    vErrors = noted(vErrors, {});
    errors++;
  }
  var _valid0 = _errs1 === errors;
  errors = _errs0;
  if (vErrors !== null) {
    if (_errs0) {
      vErrors.length = _errs0;
    } else {
      vErrors = null;
    }
  }
  let ifClause0;
  if (_valid0) {
    const _errs3 = errors;
    const _errs6 = errors;
    let valid2 = true;
    const _errs7 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.field === void 0 && (missing0 = "field")) {
        vErrors = noted(vErrors, {});
        errors++;
      }
    }
    var _valid1 = _errs7 === errors;
    errors = _errs6;
    if (vErrors !== null) {
      if (_errs6) {
        vErrors.length = _errs6;
      } else {
        vErrors = null;
      }
    }
    let ifClause1;
    if (_valid1) {
      const _errs8 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (Object.keys(data).length > 2) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/then/maxProperties", keyword: "maxProperties", params: { limit: 2 } });
          errors++;
        }
        if (data.account === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/then/required", keyword: "required", params: { missingProperty: "account" } });
          errors++;
        }
      }
      var _valid1 = _errs8 === errors;
      valid2 = _valid1;
      if (valid2) {
        var props0 = {};
        props0.account = true;
        props0.field = true;
      }
      ifClause1 = "then";
    } else {
      const _errs9 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (Object.keys(data).length > 1) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/else/maxProperties", keyword: "maxProperties", params: { limit: 1 } });
          errors++;
        }
        if (Object.keys(data).length < 1) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/else/minProperties", keyword: "minProperties", params: { limit: 1 } });
          errors++;
        }
      }
      var _valid1 = _errs9 === errors;
      valid2 = _valid1;
      if (valid2) {
        if (props0 !== true) {
          props0 = props0 || {};
          props0.env = true;
          props0.file = true;
          props0.exec = true;
          props0.systemd = true;
          props0.account = true;
        }
      }
      ifClause1 = "else";
    }
    if (!valid2) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/if", keyword: "if", params: { failingKeyword: ifClause1 } });
      errors++;
    }
    if (data && typeof data == "object" && !Array.isArray(data)) {
      for (const key0 in data) {
        if (!(key0 === "env" || key0 === "file" || key0 === "exec" || key0 === "systemd" || key0 === "account" || key0 === "field")) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } });
          errors++;
        }
      }
      if (data.env !== void 0) {
        let data0 = data.env;
        if (typeof data0 === "string") {
          if (!pattern6.test(data0)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/env", schemaPath: "#/$defs/secretReference/properties/env/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/env", schemaPath: "#/$defs/secretReference/properties/env/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.file !== void 0) {
        let data1 = data.file;
        if (typeof data1 === "string") {
          if (!pattern7.test(data1)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/file", schemaPath: "#/$defs/secretReference/properties/file/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/file", schemaPath: "#/$defs/secretReference/properties/file/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.exec !== void 0) {
        let data2 = data.exec;
        if (Array.isArray(data2)) {
          if (data2.length < 1) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/exec", schemaPath: "#/$defs/secretReference/properties/exec/minItems", keyword: "minItems", params: { limit: 1 } });
            errors++;
          }
          const len0 = data2.length;
          for (let i0 = 0; i0 < len0; i0++) {
            if (typeof data2[i0] !== "string") {
              vErrors = noted(vErrors, { instancePath: instancePath + "/exec/" + i0, schemaPath: "#/$defs/secretReference/properties/exec/items/type", keyword: "type", params: { type: "string" } });
              errors++;
            }
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/exec", schemaPath: "#/$defs/secretReference/properties/exec/type", keyword: "type", params: { type: "array" } });
          errors++;
        }
      }
      if (data.systemd !== void 0) {
        let data4 = data.systemd;
        if (typeof data4 === "string") {
          if (!pattern8.test(data4)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/systemd", schemaPath: "#/$defs/secretReference/properties/systemd/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9._-]+$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/systemd", schemaPath: "#/$defs/secretReference/properties/systemd/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.account !== void 0) {
        let data5 = data.account;
        if (typeof data5 === "string") {
          if (!pattern9.test(data5)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/account", schemaPath: "#/$defs/secretReference/properties/account/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]{0,62}$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/account", schemaPath: "#/$defs/secretReference/properties/account/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
      if (data.field !== void 0) {
        let data6 = data.field;
        if (typeof data6 === "string") {
          if (!pattern5.test(data6)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/field", schemaPath: "#/$defs/secretReference/properties/field/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z][A-Za-z0-9_-]*$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/field", schemaPath: "#/$defs/secretReference/properties/field/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
      }
    } else {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/secretReference/type", keyword: "type", params: { type: "object" } });
      errors++;
    }
    var _valid0 = _errs3 === errors;
    valid0 = _valid0;
    if (valid0) {
      var props1 = true;
    }
    ifClause0 = "then";
  } else {
    const _errs25 = errors;
    if (typeof data === "string") {
      if (!pattern96.test(data)) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/proxy/else/pattern", keyword: "pattern", params: { pattern: "^(environment$|https?://|\\{\\{)" } });
        errors++;
      }
    } else {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/proxy/else/type", keyword: "type", params: { type: "string" } });
      errors++;
    }
    var _valid0 = _errs25 === errors;
    valid0 = _valid0;
    ifClause0 = "else";
  }
  if (!valid0) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/proxy/if", keyword: "if", params: { failingKeyword: ifClause0 } });
    errors++;
  }
  validate622.errors = vErrors;
  evaluated0.props = props1;
  return errors === 0;
});
validate62.evaluated = { "dynamicProps": true, "dynamicItems": false };
var validate25 = (function validate252(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate252.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  const _errs2 = errors;
  let valid1 = true;
  const _errs3 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.authorization !== void 0) {
      if ("oauth2" !== data.authorization) {
        vErrors = noted(vErrors, {});
        errors++;
      }
    }
  }
  var _valid0 = _errs3 === errors;
  errors = _errs2;
  if (vErrors !== null) {
    if (_errs2) {
      vErrors.length = _errs2;
    } else {
      vErrors = null;
    }
  }
  let ifClause0;
  if (_valid0) {
    const _errs5 = errors;
    const _errs6 = errors;
    let valid3 = true;
    const _errs7 = errors;
    const _errs8 = errors;
    const _errs9 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.issuer === void 0 && (missing0 = "issuer")) {
        vErrors = noted(vErrors, {});
        errors++;
      }
    }
    var valid4 = _errs9 === errors;
    if (valid4) {
      vErrors = noted(vErrors, {});
      errors++;
    } else {
      errors = _errs8;
      if (vErrors !== null) {
        if (_errs8) {
          vErrors.length = _errs8;
        } else {
          vErrors = null;
        }
      }
    }
    var _valid1 = _errs7 === errors;
    errors = _errs6;
    if (vErrors !== null) {
      if (_errs6) {
        vErrors.length = _errs6;
      } else {
        vErrors = null;
      }
    }
    if (_valid1) {
      const _errs10 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.accessTokenUri === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/0/then/then/required", keyword: "required", params: { missingProperty: "accessTokenUri" } });
          errors++;
        }
      }
      var _valid1 = _errs10 === errors;
      valid3 = _valid1;
      if (valid3) {
        var props0 = {};
        props0.accessTokenUri = true;
      }
    }
    if (!valid3) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/0/then/if", keyword: "if", params: { failingKeyword: "then" } });
      errors++;
    }
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.scope === void 0) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/0/then/required", keyword: "required", params: { missingProperty: "scope" } });
        errors++;
      }
      if (props0 !== true) {
        props0 = props0 || {};
        props0.scope = true;
      }
    }
    var _valid0 = _errs5 === errors;
    valid1 = _valid0;
    if (valid1) {
      if (props0 !== true) {
        props0 = props0 || {};
        props0.authorization = true;
      }
    }
    ifClause0 = "then";
  } else {
    const _errs12 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.accessTokenUri !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/accessTokenUri", schemaPath: "#/$defs/account/allOf/0/else/properties/accessTokenUri/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.issuer !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/issuer", schemaPath: "#/$defs/account/allOf/0/else/properties/issuer/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.clientId !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/clientId", schemaPath: "#/$defs/account/allOf/0/else/properties/clientId/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.clientSecret !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/clientSecret", schemaPath: "#/$defs/account/allOf/0/else/properties/clientSecret/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.clientAuthMethod !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/clientAuthMethod", schemaPath: "#/$defs/account/allOf/0/else/properties/clientAuthMethod/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.basicEncoding !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/basicEncoding", schemaPath: "#/$defs/account/allOf/0/else/properties/basicEncoding/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.grant !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/grant", schemaPath: "#/$defs/account/allOf/0/else/properties/grant/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.refreshToken !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/refreshToken", schemaPath: "#/$defs/account/allOf/0/else/properties/refreshToken/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.assertion !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/assertion", schemaPath: "#/$defs/account/allOf/0/else/properties/assertion/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.subjectToken !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/subjectToken", schemaPath: "#/$defs/account/allOf/0/else/properties/subjectToken/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.subjectTokenType !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/subjectTokenType", schemaPath: "#/$defs/account/allOf/0/else/properties/subjectTokenType/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.actorToken !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/actorToken", schemaPath: "#/$defs/account/allOf/0/else/properties/actorToken/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.actorTokenType !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/actorTokenType", schemaPath: "#/$defs/account/allOf/0/else/properties/actorTokenType/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.requestedTokenType !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/requestedTokenType", schemaPath: "#/$defs/account/allOf/0/else/properties/requestedTokenType/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.scope !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/scope", schemaPath: "#/$defs/account/allOf/0/else/properties/scope/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.audience !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/audience", schemaPath: "#/$defs/account/allOf/0/else/properties/audience/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.resource !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/resource", schemaPath: "#/$defs/account/allOf/0/else/properties/resource/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.tokenRequest !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest", schemaPath: "#/$defs/account/allOf/0/else/properties/tokenRequest/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.bearerTokenType !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/bearerTokenType", schemaPath: "#/$defs/account/allOf/0/else/properties/bearerTokenType/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.dpop !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/dpop", schemaPath: "#/$defs/account/allOf/0/else/properties/dpop/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.refresh !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/refresh", schemaPath: "#/$defs/account/allOf/0/else/properties/refresh/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.tokenResponse !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse", schemaPath: "#/$defs/account/allOf/0/else/properties/tokenResponse/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.lifetime !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime", schemaPath: "#/$defs/account/allOf/0/else/properties/lifetime/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.inject !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/inject", schemaPath: "#/$defs/account/allOf/0/else/properties/inject/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.keepWarm !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/keepWarm", schemaPath: "#/$defs/account/allOf/0/else/properties/keepWarm/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.revoke !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/revoke", schemaPath: "#/$defs/account/allOf/0/else/properties/revoke/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.revocationUri !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/revocationUri", schemaPath: "#/$defs/account/allOf/0/else/properties/revocationUri/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.timeout !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/timeout", schemaPath: "#/$defs/account/allOf/0/else/properties/timeout/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.allowHttp !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/allowHttp", schemaPath: "#/$defs/account/allOf/0/else/properties/allowHttp/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.clientAssertion !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/clientAssertion", schemaPath: "#/$defs/account/allOf/0/else/properties/clientAssertion/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.tls !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/account/allOf/0/else/properties/tls/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.proxy !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/proxy", schemaPath: "#/$defs/account/allOf/0/else/properties/proxy/false schema", keyword: "false schema", params: {} });
        errors++;
      }
    }
    var _valid0 = _errs12 === errors;
    valid1 = _valid0;
    if (valid1) {
      if (props0 !== true) {
        props0 = props0 || {};
        props0.accessTokenUri = true;
        props0.issuer = true;
        props0.clientId = true;
        props0.clientSecret = true;
        props0.clientAuthMethod = true;
        props0.basicEncoding = true;
        props0.grant = true;
        props0.refreshToken = true;
        props0.assertion = true;
        props0.subjectToken = true;
        props0.subjectTokenType = true;
        props0.actorToken = true;
        props0.actorTokenType = true;
        props0.requestedTokenType = true;
        props0.scope = true;
        props0.audience = true;
        props0.resource = true;
        props0.tokenRequest = true;
        props0.bearerTokenType = true;
        props0.dpop = true;
        props0.refresh = true;
        props0.tokenResponse = true;
        props0.lifetime = true;
        props0.inject = true;
        props0.keepWarm = true;
        props0.revoke = true;
        props0.revocationUri = true;
        props0.timeout = true;
        props0.allowHttp = true;
        props0.clientAssertion = true;
        props0.tls = true;
        props0.proxy = true;
      }
    }
    ifClause0 = "else";
  }
  if (!valid1) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/0/if", keyword: "if", params: { failingKeyword: ifClause0 } });
    errors++;
  }
  const _errs14 = errors;
  let valid6 = true;
  const _errs15 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing1;
    if (data.authorization === void 0 && (missing1 = "authorization")) {
      vErrors = noted(vErrors, {});
      errors++;
    } else {
      if (data.authorization !== void 0) {
        if ("header" !== data.authorization) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
    }
  }
  var _valid2 = _errs15 === errors;
  errors = _errs14;
  if (vErrors !== null) {
    if (_errs14) {
      vErrors.length = _errs14;
    } else {
      vErrors = null;
    }
  }
  let ifClause1;
  if (_valid2) {
    const _errs17 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.header === void 0) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/1/then/required", keyword: "required", params: { missingProperty: "header" } });
        errors++;
      }
    }
    var _valid2 = _errs17 === errors;
    valid6 = _valid2;
    if (valid6) {
      var props1 = {};
      props1.header = true;
      props1.authorization = true;
    }
    ifClause1 = "then";
  } else {
    const _errs18 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.header !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/header", schemaPath: "#/$defs/account/allOf/1/else/properties/header/false schema", keyword: "false schema", params: {} });
        errors++;
      }
    }
    var _valid2 = _errs18 === errors;
    valid6 = _valid2;
    if (valid6) {
      if (props1 !== true) {
        props1 = props1 || {};
        props1.header = true;
      }
    }
    ifClause1 = "else";
  }
  if (!valid6) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/1/if", keyword: "if", params: { failingKeyword: ifClause1 } });
    errors++;
  }
  if (props0 !== true && props1 !== void 0) {
    if (props1 === true) {
      props0 = true;
    } else {
      props0 = props0 || {};
      Object.assign(props0, props1);
    }
  }
  const _errs20 = errors;
  let valid9 = true;
  const _errs21 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing2;
    if (data.authorization === void 0 && (missing2 = "authorization")) {
      vErrors = noted(vErrors, {});
      errors++;
    } else {
      if (data.authorization !== void 0) {
        if ("query" !== data.authorization) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
    }
  }
  var _valid3 = _errs21 === errors;
  errors = _errs20;
  if (vErrors !== null) {
    if (_errs20) {
      vErrors.length = _errs20;
    } else {
      vErrors = null;
    }
  }
  let ifClause2;
  if (_valid3) {
    const _errs23 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.query === void 0) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/2/then/required", keyword: "required", params: { missingProperty: "query" } });
        errors++;
      }
    }
    var _valid3 = _errs23 === errors;
    valid9 = _valid3;
    if (valid9) {
      var props2 = {};
      props2.query = true;
      props2.authorization = true;
    }
    ifClause2 = "then";
  } else {
    const _errs24 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.query !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/query", schemaPath: "#/$defs/account/allOf/2/else/properties/query/false schema", keyword: "false schema", params: {} });
        errors++;
      }
    }
    var _valid3 = _errs24 === errors;
    valid9 = _valid3;
    if (valid9) {
      if (props2 !== true) {
        props2 = props2 || {};
        props2.query = true;
      }
    }
    ifClause2 = "else";
  }
  if (!valid9) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/2/if", keyword: "if", params: { failingKeyword: ifClause2 } });
    errors++;
  }
  if (props0 !== true && props2 !== void 0) {
    if (props2 === true) {
      props0 = true;
    } else {
      props0 = props0 || {};
      Object.assign(props0, props2);
    }
  }
  const _errs26 = errors;
  let valid12 = true;
  const _errs27 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing3;
    if (data.authorization === void 0 && (missing3 = "authorization")) {
      vErrors = noted(vErrors, {});
      errors++;
    } else {
      if (data.authorization !== void 0) {
        if ("basic" !== data.authorization) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
    }
  }
  var _valid4 = _errs27 === errors;
  errors = _errs26;
  if (vErrors !== null) {
    if (_errs26) {
      vErrors.length = _errs26;
    } else {
      vErrors = null;
    }
  }
  if (_valid4) {
    const _errs29 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.username === void 0) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/3/then/required", keyword: "required", params: { missingProperty: "username" } });
        errors++;
      }
      if (data.password === void 0) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/3/then/required", keyword: "required", params: { missingProperty: "password" } });
        errors++;
      }
    }
    var _valid4 = _errs29 === errors;
    valid12 = _valid4;
    if (valid12) {
      var props3 = {};
      props3.username = true;
      props3.password = true;
      props3.authorization = true;
    }
  }
  if (!valid12) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/3/if", keyword: "if", params: { failingKeyword: "then" } });
    errors++;
  }
  if (props0 !== true && props3 !== void 0) {
    if (props3 === true) {
      props0 = true;
    } else {
      props0 = props0 || {};
      Object.assign(props0, props3);
    }
  }
  const _errs31 = errors;
  let valid14 = true;
  const _errs32 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing4;
    if (data.authorization === void 0 && (missing4 = "authorization")) {
      vErrors = noted(vErrors, {});
      errors++;
    } else {
      if (data.authorization !== void 0) {
        let data38 = data.authorization;
        if (!(data38 === "header" || data38 === "query" || data38 === "none")) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
    }
  }
  var _valid5 = _errs32 === errors;
  errors = _errs31;
  if (vErrors !== null) {
    if (_errs31) {
      vErrors.length = _errs31;
    } else {
      vErrors = null;
    }
  }
  if (_valid5) {
    const _errs34 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.username !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/username", schemaPath: "#/$defs/account/allOf/4/then/properties/username/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.password !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/password", schemaPath: "#/$defs/account/allOf/4/then/properties/password/false schema", keyword: "false schema", params: {} });
        errors++;
      }
    }
    var _valid5 = _errs34 === errors;
    valid14 = _valid5;
    if (valid14) {
      var props4 = {};
      props4.username = true;
      props4.password = true;
      props4.authorization = true;
    }
  }
  if (!valid14) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/4/if", keyword: "if", params: { failingKeyword: "then" } });
    errors++;
  }
  if (props0 !== true && props4 !== void 0) {
    if (props4 === true) {
      props0 = true;
    } else {
      props0 = props0 || {};
      Object.assign(props0, props4);
    }
  }
  const _errs36 = errors;
  let valid17 = true;
  const _errs37 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.authorization !== void 0) {
      if ("oauth2" !== data.authorization) {
        vErrors = noted(vErrors, {});
        errors++;
      }
    }
  }
  var _valid6 = _errs37 === errors;
  errors = _errs36;
  if (vErrors !== null) {
    if (_errs36) {
      vErrors.length = _errs36;
    } else {
      vErrors = null;
    }
  }
  if (_valid6) {
    const _errs39 = errors;
    const _errs41 = errors;
    let valid20 = true;
    const _errs42 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing5;
      if (data.bearerTokenType === void 0 && (missing5 = "bearerTokenType")) {
        vErrors = noted(vErrors, {});
        errors++;
      } else {
        if (data.bearerTokenType !== void 0) {
          if ("id_token" !== data.bearerTokenType) {
            vErrors = noted(vErrors, {});
            errors++;
          }
        }
      }
    }
    var _valid7 = _errs42 === errors;
    errors = _errs41;
    if (vErrors !== null) {
      if (_errs41) {
        vErrors.length = _errs41;
      } else {
        vErrors = null;
      }
    }
    if (_valid7) {
      const _errs44 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.dpop !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/dpop", schemaPath: "#/$defs/account/allOf/5/then/allOf/0/then/properties/dpop/false schema", keyword: "false schema", params: {} });
          errors++;
        }
      }
      var _valid7 = _errs44 === errors;
      valid20 = _valid7;
      if (valid20) {
        var props5 = {};
        props5.dpop = true;
        props5.bearerTokenType = true;
      }
    }
    if (!valid20) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/0/if", keyword: "if", params: { failingKeyword: "then" } });
      errors++;
    }
    const _errs46 = errors;
    let valid23 = true;
    const _errs47 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing6;
      if (data.grant === void 0 && (missing6 = "grant")) {
        vErrors = noted(vErrors, {});
        errors++;
      } else {
        if (data.grant !== void 0) {
          if ("password" !== data.grant) {
            vErrors = noted(vErrors, {});
            errors++;
          }
        }
      }
    }
    var _valid8 = _errs47 === errors;
    errors = _errs46;
    if (vErrors !== null) {
      if (_errs46) {
        vErrors.length = _errs46;
      } else {
        vErrors = null;
      }
    }
    let ifClause3;
    if (_valid8) {
      const _errs49 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.username === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/1/then/required", keyword: "required", params: { missingProperty: "username" } });
          errors++;
        }
        if (data.password === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/1/then/required", keyword: "required", params: { missingProperty: "password" } });
          errors++;
        }
      }
      var _valid8 = _errs49 === errors;
      valid23 = _valid8;
      if (valid23) {
        var props6 = {};
        props6.username = true;
        props6.password = true;
        props6.grant = true;
      }
      ifClause3 = "then";
    } else {
      const _errs50 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.username !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/username", schemaPath: "#/$defs/account/allOf/5/then/allOf/1/else/properties/username/false schema", keyword: "false schema", params: {} });
          errors++;
        }
        if (data.password !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/password", schemaPath: "#/$defs/account/allOf/5/then/allOf/1/else/properties/password/false schema", keyword: "false schema", params: {} });
          errors++;
        }
      }
      var _valid8 = _errs50 === errors;
      valid23 = _valid8;
      if (valid23) {
        if (props6 !== true) {
          props6 = props6 || {};
          props6.username = true;
          props6.password = true;
        }
      }
      ifClause3 = "else";
    }
    if (!valid23) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/1/if", keyword: "if", params: { failingKeyword: ifClause3 } });
      errors++;
    }
    if (props5 !== true && props6 !== void 0) {
      if (props6 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props6);
      }
    }
    const _errs52 = errors;
    let valid26 = true;
    const _errs53 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing7;
      if (data.revoke === void 0 && (missing7 = "revoke") || data.accessTokenUri === void 0 && (missing7 = "accessTokenUri")) {
        vErrors = noted(vErrors, {});
        errors++;
      } else {
        if (data.revoke !== void 0) {
          let data47 = data.revoke;
          if (!(data47 === "on_removal" || data47 === "on_shutdown")) {
            vErrors = noted(vErrors, {});
            errors++;
          }
        }
      }
    }
    var _valid9 = _errs53 === errors;
    errors = _errs52;
    if (vErrors !== null) {
      if (_errs52) {
        vErrors.length = _errs52;
      } else {
        vErrors = null;
      }
    }
    if (_valid9) {
      const _errs55 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.revocationUri === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/2/then/required", keyword: "required", params: { missingProperty: "revocationUri" } });
          errors++;
        }
      }
      var _valid9 = _errs55 === errors;
      valid26 = _valid9;
      if (valid26) {
        var props7 = {};
        props7.revocationUri = true;
        props7.revoke = true;
        props7.accessTokenUri = true;
      }
    }
    if (!valid26) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/2/if", keyword: "if", params: { failingKeyword: "then" } });
      errors++;
    }
    if (props5 !== true && props7 !== void 0) {
      if (props7 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props7);
      }
    }
    const _errs58 = errors;
    let valid28 = true;
    const _errs59 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing8;
      if (data.revoke === void 0 && (missing8 = "revoke")) {
        vErrors = noted(vErrors, {});
        errors++;
      } else {
        if (data.revoke !== void 0) {
          let data48 = data.revoke;
          if (!(data48 === "on_removal" || data48 === "on_shutdown")) {
            vErrors = noted(vErrors, {});
            errors++;
          }
        }
      }
    }
    var _valid10 = _errs59 === errors;
    errors = _errs58;
    if (vErrors !== null) {
      if (_errs58) {
        vErrors.length = _errs58;
      } else {
        vErrors = null;
      }
    }
    if (!_valid10) {
      const _errs61 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.revocationUri !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/revocationUri", schemaPath: "#/$defs/account/allOf/5/then/allOf/3/else/properties/revocationUri/false schema", keyword: "false schema", params: {} });
          errors++;
        }
      }
      var _valid10 = _errs61 === errors;
      valid28 = _valid10;
      if (valid28) {
        var props8 = {};
        props8.revocationUri = true;
        props8.revoke = true;
      }
    }
    if (!valid28) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/3/if", keyword: "if", params: { failingKeyword: "else" } });
      errors++;
    }
    if (props5 !== true && props8 !== void 0) {
      if (props8 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props8);
      }
    }
    const _errs63 = errors;
    let valid31 = true;
    const _errs64 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing9;
      if (data.grant === void 0 && (missing9 = "grant")) {
        vErrors = noted(vErrors, {});
        errors++;
      } else {
        if (data.grant !== void 0) {
          if ("refresh_token" !== data.grant) {
            vErrors = noted(vErrors, {});
            errors++;
          }
        }
      }
    }
    var _valid11 = _errs64 === errors;
    errors = _errs63;
    if (vErrors !== null) {
      if (_errs63) {
        vErrors.length = _errs63;
      } else {
        vErrors = null;
      }
    }
    let ifClause4;
    if (_valid11) {
      const _errs66 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.refreshToken === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/4/then/required", keyword: "required", params: { missingProperty: "refreshToken" } });
          errors++;
        }
      }
      var _valid11 = _errs66 === errors;
      valid31 = _valid11;
      if (valid31) {
        var props9 = {};
        props9.refreshToken = true;
        props9.grant = true;
      }
      ifClause4 = "then";
    } else {
      const _errs67 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.refreshToken !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/refreshToken", schemaPath: "#/$defs/account/allOf/5/then/allOf/4/else/properties/refreshToken/false schema", keyword: "false schema", params: {} });
          errors++;
        }
      }
      var _valid11 = _errs67 === errors;
      valid31 = _valid11;
      if (valid31) {
        if (props9 !== true) {
          props9 = props9 || {};
          props9.refreshToken = true;
        }
      }
      ifClause4 = "else";
    }
    if (!valid31) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/4/if", keyword: "if", params: { failingKeyword: ifClause4 } });
      errors++;
    }
    if (props5 !== true && props9 !== void 0) {
      if (props9 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props9);
      }
    }
    const _errs69 = errors;
    let valid34 = true;
    const _errs70 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing10;
      if (data.grant === void 0 && (missing10 = "grant")) {
        vErrors = noted(vErrors, {});
        errors++;
      } else {
        if (data.grant !== void 0) {
          let data52 = data.grant;
          if (!(data52 === "jwt_bearer" || data52 === "saml2_bearer")) {
            vErrors = noted(vErrors, {});
            errors++;
          }
        }
      }
    }
    var _valid12 = _errs70 === errors;
    errors = _errs69;
    if (vErrors !== null) {
      if (_errs69) {
        vErrors.length = _errs69;
      } else {
        vErrors = null;
      }
    }
    let ifClause5;
    if (_valid12) {
      const _errs72 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.assertion === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/5/then/required", keyword: "required", params: { missingProperty: "assertion" } });
          errors++;
        }
      }
      var _valid12 = _errs72 === errors;
      valid34 = _valid12;
      if (valid34) {
        var props10 = {};
        props10.assertion = true;
        props10.grant = true;
      }
      ifClause5 = "then";
    } else {
      const _errs73 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.assertion !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/assertion", schemaPath: "#/$defs/account/allOf/5/then/allOf/5/else/properties/assertion/false schema", keyword: "false schema", params: {} });
          errors++;
        }
      }
      var _valid12 = _errs73 === errors;
      valid34 = _valid12;
      if (valid34) {
        if (props10 !== true) {
          props10 = props10 || {};
          props10.assertion = true;
        }
      }
      ifClause5 = "else";
    }
    if (!valid34) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/5/if", keyword: "if", params: { failingKeyword: ifClause5 } });
      errors++;
    }
    if (props5 !== true && props10 !== void 0) {
      if (props10 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props10);
      }
    }
    const _errs75 = errors;
    let valid37 = true;
    const _errs76 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing11;
      if (data.grant === void 0 && (missing11 = "grant")) {
        vErrors = noted(vErrors, {});
        errors++;
      } else {
        if (data.grant !== void 0) {
          if ("saml2_bearer" !== data.grant) {
            vErrors = noted(vErrors, {});
            errors++;
          }
        }
      }
    }
    var _valid13 = _errs76 === errors;
    errors = _errs75;
    if (vErrors !== null) {
      if (_errs75) {
        vErrors.length = _errs75;
      } else {
        vErrors = null;
      }
    }
    if (_valid13) {
      const _errs78 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.assertion !== void 0) {
          let data55 = data.assertion;
          const _errs80 = errors;
          let valid40 = true;
          const _errs81 = errors;
          if (!(data55 && typeof data55 == "object" && !Array.isArray(data55))) {
            vErrors = noted(vErrors, {});
            errors++;
          }
          var _valid14 = _errs81 === errors;
          errors = _errs80;
          if (vErrors !== null) {
            if (_errs80) {
              vErrors.length = _errs80;
            } else {
              vErrors = null;
            }
          }
          if (_valid14) {
            const _errs83 = errors;
            if (data55 && typeof data55 == "object" && !Array.isArray(data55)) {
              if (data55.key !== void 0) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/assertion/key", schemaPath: "#/$defs/account/allOf/5/then/allOf/6/then/properties/assertion/then/properties/key/false schema", keyword: "false schema", params: {} });
                errors++;
              }
              if (data55.alg !== void 0) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/assertion/alg", schemaPath: "#/$defs/account/allOf/5/then/allOf/6/then/properties/assertion/then/properties/alg/false schema", keyword: "false schema", params: {} });
                errors++;
              }
              if (data55.kid !== void 0) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/assertion/kid", schemaPath: "#/$defs/account/allOf/5/then/allOf/6/then/properties/assertion/then/properties/kid/false schema", keyword: "false schema", params: {} });
                errors++;
              }
              if (data55.x5t !== void 0) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/assertion/x5t", schemaPath: "#/$defs/account/allOf/5/then/allOf/6/then/properties/assertion/then/properties/x5t/false schema", keyword: "false schema", params: {} });
                errors++;
              }
              if (data55.audience !== void 0) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/assertion/audience", schemaPath: "#/$defs/account/allOf/5/then/allOf/6/then/properties/assertion/then/properties/audience/false schema", keyword: "false schema", params: {} });
                errors++;
              }
              if (data55.lifetime !== void 0) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/assertion/lifetime", schemaPath: "#/$defs/account/allOf/5/then/allOf/6/then/properties/assertion/then/properties/lifetime/false schema", keyword: "false schema", params: {} });
                errors++;
              }
              if (data55.claims !== void 0) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/assertion/claims", schemaPath: "#/$defs/account/allOf/5/then/allOf/6/then/properties/assertion/then/properties/claims/false schema", keyword: "false schema", params: {} });
                errors++;
              }
            } else {
              vErrors = noted(vErrors, { instancePath: instancePath + "/assertion", schemaPath: "#/$defs/account/allOf/5/then/allOf/6/then/properties/assertion/then/type", keyword: "type", params: { type: "object" } });
              errors++;
            }
            var _valid14 = _errs83 === errors;
            valid40 = _valid14;
            if (valid40) {
              var props11 = {};
              props11.key = true;
              props11.alg = true;
              props11.kid = true;
              props11.x5t = true;
              props11.audience = true;
              props11.lifetime = true;
              props11.claims = true;
            }
          }
          if (!valid40) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/assertion", schemaPath: "#/$defs/account/allOf/5/then/allOf/6/then/properties/assertion/if", keyword: "if", params: { failingKeyword: "then" } });
            errors++;
          }
        }
      }
      var _valid13 = _errs78 === errors;
      valid37 = _valid13;
      if (valid37) {
        var props12 = {};
        props12.assertion = true;
        props12.grant = true;
      }
    }
    if (!valid37) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/6/if", keyword: "if", params: { failingKeyword: "then" } });
      errors++;
    }
    if (props5 !== true && props12 !== void 0) {
      if (props12 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props12);
      }
    }
    const _errs86 = errors;
    let valid42 = true;
    const _errs87 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing12;
      if (data.grant === void 0 && (missing12 = "grant")) {
        vErrors = noted(vErrors, {});
        errors++;
      } else {
        if (data.grant !== void 0) {
          if ("token_exchange" !== data.grant) {
            vErrors = noted(vErrors, {});
            errors++;
          }
        }
      }
    }
    var _valid15 = _errs87 === errors;
    errors = _errs86;
    if (vErrors !== null) {
      if (_errs86) {
        vErrors.length = _errs86;
      } else {
        vErrors = null;
      }
    }
    let ifClause6;
    if (_valid15) {
      const _errs89 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.subjectToken === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/7/then/required", keyword: "required", params: { missingProperty: "subjectToken" } });
          errors++;
        }
        if (data.subjectTokenType === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/7/then/required", keyword: "required", params: { missingProperty: "subjectTokenType" } });
          errors++;
        }
      }
      var _valid15 = _errs89 === errors;
      valid42 = _valid15;
      if (valid42) {
        var props13 = {};
        props13.subjectToken = true;
        props13.subjectTokenType = true;
        props13.actorToken = true;
        props13.actorTokenType = true;
        props13.requestedTokenType = true;
        props13.grant = true;
      }
      ifClause6 = "then";
    } else {
      const _errs90 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.subjectToken !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/subjectToken", schemaPath: "#/$defs/account/allOf/5/then/allOf/7/else/properties/subjectToken/false schema", keyword: "false schema", params: {} });
          errors++;
        }
        if (data.subjectTokenType !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/subjectTokenType", schemaPath: "#/$defs/account/allOf/5/then/allOf/7/else/properties/subjectTokenType/false schema", keyword: "false schema", params: {} });
          errors++;
        }
        if (data.actorToken !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/actorToken", schemaPath: "#/$defs/account/allOf/5/then/allOf/7/else/properties/actorToken/false schema", keyword: "false schema", params: {} });
          errors++;
        }
        if (data.actorTokenType !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/actorTokenType", schemaPath: "#/$defs/account/allOf/5/then/allOf/7/else/properties/actorTokenType/false schema", keyword: "false schema", params: {} });
          errors++;
        }
        if (data.requestedTokenType !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/requestedTokenType", schemaPath: "#/$defs/account/allOf/5/then/allOf/7/else/properties/requestedTokenType/false schema", keyword: "false schema", params: {} });
          errors++;
        }
      }
      var _valid15 = _errs90 === errors;
      valid42 = _valid15;
      if (valid42) {
        if (props13 !== true) {
          props13 = props13 || {};
          props13.subjectToken = true;
          props13.subjectTokenType = true;
          props13.actorToken = true;
          props13.actorTokenType = true;
          props13.requestedTokenType = true;
        }
      }
      ifClause6 = "else";
    }
    if (!valid42) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/7/if", keyword: "if", params: { failingKeyword: ifClause6 } });
      errors++;
    }
    if (props5 !== true && props13 !== void 0) {
      if (props13 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props13);
      }
    }
    const _errs92 = errors;
    let valid45 = true;
    const _errs93 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing13;
      if (data.actorToken === void 0 && (missing13 = "actorToken")) {
        vErrors = noted(vErrors, {});
        errors++;
      }
    }
    var _valid16 = _errs93 === errors;
    errors = _errs92;
    if (vErrors !== null) {
      if (_errs92) {
        vErrors.length = _errs92;
      } else {
        vErrors = null;
      }
    }
    let ifClause7;
    if (_valid16) {
      const _errs94 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.actorTokenType === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/8/then/required", keyword: "required", params: { missingProperty: "actorTokenType" } });
          errors++;
        }
      }
      var _valid16 = _errs94 === errors;
      valid45 = _valid16;
      if (valid45) {
        var props14 = {};
        props14.actorToken = true;
        props14.actorTokenType = true;
      }
      ifClause7 = "then";
    } else {
      const _errs95 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.actorTokenType !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/actorTokenType", schemaPath: "#/$defs/account/allOf/5/then/allOf/8/else/properties/actorTokenType/false schema", keyword: "false schema", params: {} });
          errors++;
        }
      }
      var _valid16 = _errs95 === errors;
      valid45 = _valid16;
      if (valid45) {
        if (props14 !== true) {
          props14 = props14 || {};
          props14.actorTokenType = true;
        }
      }
      ifClause7 = "else";
    }
    if (!valid45) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/8/if", keyword: "if", params: { failingKeyword: ifClause7 } });
      errors++;
    }
    if (props5 !== true && props14 !== void 0) {
      if (props14 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props14);
      }
    }
    const _errs97 = errors;
    let valid47 = true;
    const _errs98 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing14;
      if (data.grant === void 0 && (missing14 = "grant")) {
        vErrors = noted(vErrors, {});
        errors++;
      } else {
        if (data.grant !== void 0) {
          if ("custom" !== data.grant) {
            vErrors = noted(vErrors, {});
            errors++;
          }
        }
      }
    }
    var _valid17 = _errs98 === errors;
    errors = _errs97;
    if (vErrors !== null) {
      if (_errs97) {
        vErrors.length = _errs97;
      } else {
        vErrors = null;
      }
    }
    let ifClause8;
    if (_valid17) {
      const _errs100 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.tokenRequest === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/9/then/required", keyword: "required", params: { missingProperty: "tokenRequest" } });
          errors++;
        }
        if (data.tokenRequest !== void 0) {
          let data71 = data.tokenRequest;
          if (data71 && typeof data71 == "object" && !Array.isArray(data71)) {
            if (data71.grantType === void 0) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest", schemaPath: "#/$defs/account/allOf/5/then/allOf/9/then/properties/tokenRequest/required", keyword: "required", params: { missingProperty: "grantType" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest", schemaPath: "#/$defs/account/allOf/5/then/allOf/9/then/properties/tokenRequest/type", keyword: "type", params: { type: "object" } });
            errors++;
          }
        }
      }
      var _valid17 = _errs100 === errors;
      valid47 = _valid17;
      if (valid47) {
        var props15 = {};
        props15.tokenRequest = true;
        props15.grant = true;
      }
      ifClause8 = "then";
    } else {
      const _errs103 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.tokenRequest !== void 0) {
          let data72 = data.tokenRequest;
          if (data72 && typeof data72 == "object" && !Array.isArray(data72)) {
            if (data72.grantType !== void 0) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/grantType", schemaPath: "#/$defs/account/allOf/5/then/allOf/9/else/properties/tokenRequest/properties/grantType/false schema", keyword: "false schema", params: {} });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest", schemaPath: "#/$defs/account/allOf/5/then/allOf/9/else/properties/tokenRequest/type", keyword: "type", params: { type: "object" } });
            errors++;
          }
        }
      }
      var _valid17 = _errs103 === errors;
      valid47 = _valid17;
      if (valid47) {
        if (props15 !== true) {
          props15 = props15 || {};
          props15.tokenRequest = true;
        }
      }
      ifClause8 = "else";
    }
    if (!valid47) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/9/if", keyword: "if", params: { failingKeyword: ifClause8 } });
      errors++;
    }
    if (props5 !== true && props15 !== void 0) {
      if (props15 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props15);
      }
    }
    const _errs107 = errors;
    let valid52 = true;
    const _errs108 = errors;
    const _errs109 = errors;
    const _errs110 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing15;
      if (data.clientAuthMethod === void 0 && (missing15 = "clientAuthMethod") || data.tokenRequest === void 0 && (missing15 = "tokenRequest")) {
        vErrors = noted(vErrors, {});
        errors++;
      } else {
        if (data.clientAuthMethod !== void 0) {
          const _errs111 = errors;
          if ("none" !== data.clientAuthMethod) {
            vErrors = noted(vErrors, {});
            errors++;
          }
          var valid54 = _errs111 === errors;
        } else {
          var valid54 = true;
        }
        if (valid54) {
          if (data.tokenRequest !== void 0) {
            let data75 = data.tokenRequest;
            const _errs112 = errors;
            if (!(data75 && typeof data75 == "object" && !Array.isArray(data75))) {
              vErrors = noted(vErrors, {});
              errors++;
            }
            const _errs114 = errors;
            let valid55 = false;
            const _errs115 = errors;
            if (data75 && typeof data75 == "object" && !Array.isArray(data75)) {
              let missing16;
              if (data75.headers === void 0 && (missing16 = "headers")) {
                vErrors = noted(vErrors, {});
                errors++;
              }
            }
            var _valid19 = _errs115 === errors;
            valid55 = valid55 || _valid19;
            if (_valid19) {
              var props16 = {};
              props16.headers = true;
            }
            const _errs116 = errors;
            if (data75 && typeof data75 == "object" && !Array.isArray(data75)) {
              let missing17;
              if (data75.params === void 0 && (missing17 = "params")) {
                vErrors = noted(vErrors, {});
                errors++;
              }
            }
            var _valid19 = _errs116 === errors;
            valid55 = valid55 || _valid19;
            if (_valid19) {
              if (props16 !== true) {
                props16 = props16 || {};
                props16.params = true;
              }
            }
            if (!valid55) {
              vErrors = noted(vErrors, {});
              errors++;
            } else {
              errors = _errs114;
              if (vErrors !== null) {
                if (_errs114) {
                  vErrors.length = _errs114;
                } else {
                  vErrors = null;
                }
              }
            }
            var valid54 = _errs112 === errors;
          } else {
            var valid54 = true;
          }
        }
      }
    }
    var valid53 = _errs110 === errors;
    if (valid53) {
      vErrors = noted(vErrors, {});
      errors++;
    } else {
      errors = _errs109;
      if (vErrors !== null) {
        if (_errs109) {
          vErrors.length = _errs109;
        } else {
          vErrors = null;
        }
      }
    }
    if (errors === _errs108) {
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.grant !== void 0) {
          let data76 = data.grant;
          if (!(data76 === "client_credentials" || data76 === "password" || data76 === "refresh_token")) {
            vErrors = noted(vErrors, {});
            errors++;
          }
        }
      }
    }
    var _valid18 = _errs108 === errors;
    errors = _errs107;
    if (vErrors !== null) {
      if (_errs107) {
        vErrors.length = _errs107;
      } else {
        vErrors = null;
      }
    }
    if (_valid18) {
      const _errs118 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.clientId === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/10/then/required", keyword: "required", params: { missingProperty: "clientId" } });
          errors++;
        }
      }
      var _valid18 = _errs118 === errors;
      valid52 = _valid18;
      if (valid52) {
        var props17 = {};
        props17.clientId = true;
        props17.grant = true;
      }
    }
    if (!valid52) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/10/if", keyword: "if", params: { failingKeyword: "then" } });
      errors++;
    }
    if (props5 !== true && props17 !== void 0) {
      if (props17 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props17);
      }
    }
    const _errs120 = errors;
    let valid57 = true;
    const _errs121 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.clientAuthMethod !== void 0) {
        let data77 = data.clientAuthMethod;
        if (!(data77 === "client_secret_basic" || data77 === "client_secret_post" || data77 === "client_secret_jwt")) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
    }
    var _valid20 = _errs121 === errors;
    errors = _errs120;
    if (vErrors !== null) {
      if (_errs120) {
        vErrors.length = _errs120;
      } else {
        vErrors = null;
      }
    }
    let ifClause9;
    if (_valid20) {
      const _errs123 = errors;
      var _valid20 = _errs123 === errors;
      valid57 = _valid20;
      if (valid57) {
        var props18 = {};
        props18.clientSecret = true;
        props18.clientAuthMethod = true;
      }
      ifClause9 = "then";
    } else {
      const _errs124 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.clientSecret !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/clientSecret", schemaPath: "#/$defs/account/allOf/5/then/allOf/11/else/properties/clientSecret/false schema", keyword: "false schema", params: {} });
          errors++;
        }
      }
      var _valid20 = _errs124 === errors;
      valid57 = _valid20;
      if (valid57) {
        if (props18 !== true) {
          props18 = props18 || {};
          props18.clientSecret = true;
        }
      }
      ifClause9 = "else";
    }
    if (!valid57) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/11/if", keyword: "if", params: { failingKeyword: ifClause9 } });
      errors++;
    }
    if (props5 !== true && props18 !== void 0) {
      if (props18 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props18);
      }
    }
    const _errs126 = errors;
    let valid60 = true;
    const _errs127 = errors;
    const _errs128 = errors;
    let valid61 = false;
    const _errs129 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.grant !== void 0) {
        let data79 = data.grant;
        if (!(data79 === "client_credentials" || data79 === "password" || data79 === "refresh_token")) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
    }
    var _valid22 = _errs129 === errors;
    valid61 = valid61 || _valid22;
    if (_valid22) {
      var props19 = {};
      props19.grant = true;
    }
    const _errs131 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing18;
      if (data.clientId === void 0 && (missing18 = "clientId")) {
        vErrors = noted(vErrors, {});
        errors++;
      }
    }
    var _valid22 = _errs131 === errors;
    valid61 = valid61 || _valid22;
    const _errs132 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing19;
      if (data.clientSecret === void 0 && (missing19 = "clientSecret")) {
        vErrors = noted(vErrors, {});
        errors++;
      }
    }
    var _valid22 = _errs132 === errors;
    valid61 = valid61 || _valid22;
    const _errs133 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing20;
      if (data.clientAuthMethod === void 0 && (missing20 = "clientAuthMethod")) {
        vErrors = noted(vErrors, {});
        errors++;
      }
    }
    var _valid22 = _errs133 === errors;
    valid61 = valid61 || _valid22;
    if (!valid61) {
      vErrors = noted(vErrors, {});
      errors++;
    } else {
      errors = _errs128;
      if (vErrors !== null) {
        if (_errs128) {
          vErrors.length = _errs128;
        } else {
          vErrors = null;
        }
      }
    }
    if (errors === _errs127) {
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (props19 !== true) {
          props19 = props19 || {};
          props19.clientAuthMethod = true;
        }
        if (data.clientAuthMethod !== void 0) {
          let data80 = data.clientAuthMethod;
          if (!(data80 === "client_secret_basic" || data80 === "client_secret_post" || data80 === "client_secret_jwt")) {
            vErrors = noted(vErrors, {});
            errors++;
          }
        }
      }
    }
    var _valid21 = _errs127 === errors;
    errors = _errs126;
    if (vErrors !== null) {
      if (_errs126) {
        vErrors.length = _errs126;
      } else {
        vErrors = null;
      }
    }
    if (_valid21) {
      const _errs135 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.clientId === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/12/then/required", keyword: "required", params: { missingProperty: "clientId" } });
          errors++;
        }
        if (data.clientSecret === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/12/then/required", keyword: "required", params: { missingProperty: "clientSecret" } });
          errors++;
        }
      }
      var _valid21 = _errs135 === errors;
      valid60 = _valid21;
      if (valid60) {
        if (props19 !== true) {
          props19 = props19 || {};
          props19.clientId = true;
          props19.clientSecret = true;
        }
      }
    }
    if (!valid60) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/12/if", keyword: "if", params: { failingKeyword: "then" } });
      errors++;
    }
    if (props5 !== true && props19 !== void 0) {
      if (props19 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props19);
      }
    }
    const _errs137 = errors;
    let valid64 = true;
    const _errs138 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.clientAuthMethod !== void 0) {
        if ("client_secret_basic" !== data.clientAuthMethod) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
    }
    var _valid23 = _errs138 === errors;
    errors = _errs137;
    if (vErrors !== null) {
      if (_errs137) {
        vErrors.length = _errs137;
      } else {
        vErrors = null;
      }
    }
    if (!_valid23) {
      const _errs140 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.basicEncoding !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/basicEncoding", schemaPath: "#/$defs/account/allOf/5/then/allOf/13/else/properties/basicEncoding/false schema", keyword: "false schema", params: {} });
          errors++;
        }
      }
      var _valid23 = _errs140 === errors;
      valid64 = _valid23;
      if (valid64) {
        var props20 = {};
        props20.basicEncoding = true;
        props20.clientAuthMethod = true;
      }
    }
    if (!valid64) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/13/if", keyword: "if", params: { failingKeyword: "else" } });
      errors++;
    }
    if (props5 !== true && props20 !== void 0) {
      if (props20 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props20);
      }
    }
    const _errs142 = errors;
    let valid67 = true;
    const _errs143 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing21;
      if (data.clientAuthMethod === void 0 && (missing21 = "clientAuthMethod")) {
        vErrors = noted(vErrors, {});
        errors++;
      } else {
        if (data.clientAuthMethod !== void 0) {
          if ("private_key_jwt" !== data.clientAuthMethod) {
            vErrors = noted(vErrors, {});
            errors++;
          }
        }
      }
    }
    var _valid24 = _errs143 === errors;
    errors = _errs142;
    if (vErrors !== null) {
      if (_errs142) {
        vErrors.length = _errs142;
      } else {
        vErrors = null;
      }
    }
    if (_valid24) {
      const _errs145 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.clientAssertion === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/14/then/required", keyword: "required", params: { missingProperty: "clientAssertion" } });
          errors++;
        }
        if (data.clientId === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/14/then/required", keyword: "required", params: { missingProperty: "clientId" } });
          errors++;
        }
      }
      var _valid24 = _errs145 === errors;
      valid67 = _valid24;
      if (valid67) {
        var props21 = {};
        props21.clientAssertion = true;
        props21.clientAuthMethod = true;
      }
    }
    if (!valid67) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/14/if", keyword: "if", params: { failingKeyword: "then" } });
      errors++;
    }
    if (props5 !== true && props21 !== void 0) {
      if (props21 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props21);
      }
    }
    const _errs147 = errors;
    let valid69 = true;
    const _errs148 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing22;
      if (data.clientAuthMethod === void 0 && (missing22 = "clientAuthMethod")) {
        vErrors = noted(vErrors, {});
        errors++;
      } else {
        if (data.clientAuthMethod !== void 0) {
          let data84 = data.clientAuthMethod;
          if (!(data84 === "private_key_jwt" || data84 === "client_secret_jwt")) {
            vErrors = noted(vErrors, {});
            errors++;
          }
        }
      }
    }
    var _valid25 = _errs148 === errors;
    errors = _errs147;
    if (vErrors !== null) {
      if (_errs147) {
        vErrors.length = _errs147;
      } else {
        vErrors = null;
      }
    }
    if (!_valid25) {
      const _errs150 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.clientAssertion !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/clientAssertion", schemaPath: "#/$defs/account/allOf/5/then/allOf/15/else/properties/clientAssertion/false schema", keyword: "false schema", params: {} });
          errors++;
        }
      }
      var _valid25 = _errs150 === errors;
      valid69 = _valid25;
      if (valid69) {
        var props22 = {};
        props22.clientAssertion = true;
        props22.clientAuthMethod = true;
      }
    }
    if (!valid69) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/15/if", keyword: "if", params: { failingKeyword: "else" } });
      errors++;
    }
    if (props5 !== true && props22 !== void 0) {
      if (props22 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props22);
      }
    }
    const _errs152 = errors;
    let valid72 = true;
    const _errs153 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing23;
      if (data.clientAuthMethod === void 0 && (missing23 = "clientAuthMethod")) {
        vErrors = noted(vErrors, {});
        errors++;
      } else {
        if (data.clientAuthMethod !== void 0) {
          let data86 = data.clientAuthMethod;
          if (!(data86 === "tls_client_auth" || data86 === "self_signed_tls_client_auth")) {
            vErrors = noted(vErrors, {});
            errors++;
          }
        }
      }
    }
    var _valid26 = _errs153 === errors;
    errors = _errs152;
    if (vErrors !== null) {
      if (_errs152) {
        vErrors.length = _errs152;
      } else {
        vErrors = null;
      }
    }
    if (_valid26) {
      const _errs155 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.tls === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/16/then/required", keyword: "required", params: { missingProperty: "tls" } });
          errors++;
        }
        if (data.clientId === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/16/then/required", keyword: "required", params: { missingProperty: "clientId" } });
          errors++;
        }
        if (data.tls !== void 0) {
          let data87 = data.tls;
          if (data87 && typeof data87 == "object" && !Array.isArray(data87)) {
            if (data87.certFile === void 0) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/account/allOf/5/then/allOf/16/then/properties/tls/required", keyword: "required", params: { missingProperty: "certFile" } });
              errors++;
            }
            if (data87.keyFile === void 0) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/account/allOf/5/then/allOf/16/then/properties/tls/required", keyword: "required", params: { missingProperty: "keyFile" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/account/allOf/5/then/allOf/16/then/properties/tls/type", keyword: "type", params: { type: "object" } });
            errors++;
          }
        }
      }
      var _valid26 = _errs155 === errors;
      valid72 = _valid26;
      if (valid72) {
        var props23 = {};
        props23.tls = true;
        props23.clientId = true;
        props23.clientAuthMethod = true;
      }
    }
    if (!valid72) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/then/allOf/16/if", keyword: "if", params: { failingKeyword: "then" } });
      errors++;
    }
    if (props5 !== true && props23 !== void 0) {
      if (props23 === true) {
        props5 = true;
      } else {
        props5 = props5 || {};
        Object.assign(props5, props23);
      }
    }
    var _valid6 = _errs39 === errors;
    valid17 = _valid6;
    if (valid17) {
      if (props5 !== true) {
        props5 = props5 || {};
        props5.authorization = true;
      }
    }
  }
  if (!valid17) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/allOf/5/if", keyword: "if", params: { failingKeyword: "then" } });
    errors++;
  }
  if (props0 !== true && props5 !== void 0) {
    if (props5 === true) {
      props0 = true;
    } else {
      props0 = props0 || {};
      Object.assign(props0, props5);
    }
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(func1.call(schema35.properties, key0) || pattern4.test(key0))) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } });
        errors++;
      }
    }
    if (data.title !== void 0) {
      if (typeof data.title !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/title", schemaPath: "#/$defs/account/properties/title/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.description !== void 0) {
      if (typeof data.description !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/description", schemaPath: "#/$defs/account/properties/description/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.authorization !== void 0) {
      let data90 = data.authorization;
      if (typeof data90 !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/authorization", schemaPath: "#/$defs/account/properties/authorization/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
      if (!(data90 === "oauth2" || data90 === "header" || data90 === "query" || data90 === "basic" || data90 === "none")) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/authorization", schemaPath: "#/$defs/account/properties/authorization/enum", keyword: "enum", params: { allowedValues: schema35.properties.authorization.enum } });
        errors++;
      }
    }
    if (data.header !== void 0) {
      let data91 = data.header;
      const _errs166 = errors;
      let valid76 = true;
      const _errs167 = errors;
      if (!Array.isArray(data91)) {
        vErrors = noted(vErrors, {});
        errors++;
      }
      var _valid27 = _errs167 === errors;
      errors = _errs166;
      if (vErrors !== null) {
        if (_errs166) {
          vErrors.length = _errs166;
        } else {
          vErrors = null;
        }
      }
      let ifClause10;
      if (_valid27) {
        const _errs169 = errors;
        if (Array.isArray(data91)) {
          if (data91.length < 1) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/header", schemaPath: "#/$defs/account/properties/header/then/minItems", keyword: "minItems", params: { limit: 1 } });
            errors++;
          }
          const len0 = data91.length;
          for (let i0 = 0; i0 < len0; i0++) {
            if (!validate26(data91[i0], { instancePath: instancePath + "/header/" + i0, parentData: data91, parentDataProperty: i0, rootData, dynamicAnchors })) {
              vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
              errors = vErrors.length;
            }
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/header", schemaPath: "#/$defs/account/properties/header/then/type", keyword: "type", params: { type: "array" } });
          errors++;
        }
        var _valid27 = _errs169 === errors;
        valid76 = _valid27;
        ifClause10 = "then";
      } else {
        const _errs172 = errors;
        if (!validate26(data91, { instancePath: instancePath + "/header", parentData: data, parentDataProperty: "header", rootData, dynamicAnchors })) {
          vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
          errors = vErrors.length;
        }
        var _valid27 = _errs172 === errors;
        valid76 = _valid27;
        ifClause10 = "else";
      }
      if (!valid76) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/header", schemaPath: "#/$defs/account/properties/header/if", keyword: "if", params: { failingKeyword: ifClause10 } });
        errors++;
      }
    }
    if (data.query !== void 0) {
      let data93 = data.query;
      const _errs174 = errors;
      let valid79 = true;
      const _errs175 = errors;
      if (!Array.isArray(data93)) {
        vErrors = noted(vErrors, {});
        errors++;
      }
      var _valid28 = _errs175 === errors;
      errors = _errs174;
      if (vErrors !== null) {
        if (_errs174) {
          vErrors.length = _errs174;
        } else {
          vErrors = null;
        }
      }
      let ifClause11;
      if (_valid28) {
        const _errs177 = errors;
        if (Array.isArray(data93)) {
          if (data93.length < 1) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/query", schemaPath: "#/$defs/account/properties/query/then/minItems", keyword: "minItems", params: { limit: 1 } });
            errors++;
          }
          const len1 = data93.length;
          for (let i1 = 0; i1 < len1; i1++) {
            if (!validate26(data93[i1], { instancePath: instancePath + "/query/" + i1, parentData: data93, parentDataProperty: i1, rootData, dynamicAnchors })) {
              vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
              errors = vErrors.length;
            }
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/query", schemaPath: "#/$defs/account/properties/query/then/type", keyword: "type", params: { type: "array" } });
          errors++;
        }
        var _valid28 = _errs177 === errors;
        valid79 = _valid28;
        ifClause11 = "then";
      } else {
        const _errs180 = errors;
        if (!validate26(data93, { instancePath: instancePath + "/query", parentData: data, parentDataProperty: "query", rootData, dynamicAnchors })) {
          vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
          errors = vErrors.length;
        }
        var _valid28 = _errs180 === errors;
        valid79 = _valid28;
        ifClause11 = "else";
      }
      if (!valid79) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/query", schemaPath: "#/$defs/account/properties/query/if", keyword: "if", params: { failingKeyword: ifClause11 } });
        errors++;
      }
    }
    if (data.username !== void 0) {
      if (!validate22(data.username, { instancePath: instancePath + "/username", parentData: data, parentDataProperty: "username", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
        errors = vErrors.length;
      }
    }
    if (data.password !== void 0) {
      if (!validate27(data.password, { instancePath: instancePath + "/password", parentData: data, parentDataProperty: "password", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
        errors = vErrors.length;
      }
    }
    if (data.accessTokenUri !== void 0) {
      let data97 = data.accessTokenUri;
      if (typeof data97 === "string") {
        if (!pattern21.test(data97)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/accessTokenUri", schemaPath: "#/$defs/account/properties/accessTokenUri/pattern", keyword: "pattern", params: { pattern: "\\S" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/accessTokenUri", schemaPath: "#/$defs/account/properties/accessTokenUri/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.issuer !== void 0) {
      let data98 = data.issuer;
      if (typeof data98 === "string") {
        if (!pattern21.test(data98)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/issuer", schemaPath: "#/$defs/account/properties/issuer/pattern", keyword: "pattern", params: { pattern: "\\S" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/issuer", schemaPath: "#/$defs/account/properties/issuer/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.clientId !== void 0) {
      if (!validate22(data.clientId, { instancePath: instancePath + "/clientId", parentData: data, parentDataProperty: "clientId", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
        errors = vErrors.length;
      }
    }
    if (data.clientSecret !== void 0) {
      let data100 = data.clientSecret;
      const _errs189 = errors;
      let valid82 = true;
      const _errs190 = errors;
      if (!Array.isArray(data100)) {
        vErrors = noted(vErrors, {});
        errors++;
      }
      var _valid29 = _errs190 === errors;
      errors = _errs189;
      if (vErrors !== null) {
        if (_errs189) {
          vErrors.length = _errs189;
        } else {
          vErrors = null;
        }
      }
      let ifClause12;
      if (_valid29) {
        const _errs192 = errors;
        if (Array.isArray(data100)) {
          if (data100.length > 3) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/clientSecret", schemaPath: "#/$defs/account/properties/clientSecret/then/maxItems", keyword: "maxItems", params: { limit: 3 } });
            errors++;
          }
          if (data100.length < 1) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/clientSecret", schemaPath: "#/$defs/account/properties/clientSecret/then/minItems", keyword: "minItems", params: { limit: 1 } });
            errors++;
          }
          const len2 = data100.length;
          for (let i2 = 0; i2 < len2; i2++) {
            if (!validate27(data100[i2], { instancePath: instancePath + "/clientSecret/" + i2, parentData: data100, parentDataProperty: i2, rootData, dynamicAnchors })) {
              vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
              errors = vErrors.length;
            }
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/clientSecret", schemaPath: "#/$defs/account/properties/clientSecret/then/type", keyword: "type", params: { type: "array" } });
          errors++;
        }
        var _valid29 = _errs192 === errors;
        valid82 = _valid29;
        ifClause12 = "then";
      } else {
        const _errs195 = errors;
        if (!validate27(data100, { instancePath: instancePath + "/clientSecret", parentData: data, parentDataProperty: "clientSecret", rootData, dynamicAnchors })) {
          vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
          errors = vErrors.length;
        }
        var _valid29 = _errs195 === errors;
        valid82 = _valid29;
        ifClause12 = "else";
      }
      if (!valid82) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/clientSecret", schemaPath: "#/$defs/account/properties/clientSecret/if", keyword: "if", params: { failingKeyword: ifClause12 } });
        errors++;
      }
    }
    if (data.clientAuthMethod !== void 0) {
      let data102 = data.clientAuthMethod;
      if (typeof data102 !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/clientAuthMethod", schemaPath: "#/$defs/account/properties/clientAuthMethod/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
      if (!(data102 === "private_key_jwt" || data102 === "client_secret_basic" || data102 === "client_secret_post" || data102 === "client_secret_jwt" || data102 === "tls_client_auth" || data102 === "self_signed_tls_client_auth" || data102 === "none")) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/clientAuthMethod", schemaPath: "#/$defs/account/properties/clientAuthMethod/enum", keyword: "enum", params: { allowedValues: schema35.properties.clientAuthMethod.enum } });
        errors++;
      }
    }
    if (data.basicEncoding !== void 0) {
      let data103 = data.basicEncoding;
      if (typeof data103 !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/basicEncoding", schemaPath: "#/$defs/account/properties/basicEncoding/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
      if (!(data103 === "form" || data103 === "raw")) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/basicEncoding", schemaPath: "#/$defs/account/properties/basicEncoding/enum", keyword: "enum", params: { allowedValues: schema35.properties.basicEncoding.enum } });
        errors++;
      }
    }
    if (data.clientAssertion !== void 0) {
      if (!validate38(data.clientAssertion, { instancePath: instancePath + "/clientAssertion", parentData: data, parentDataProperty: "clientAssertion", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.grant !== void 0) {
      let data105 = data.grant;
      if (typeof data105 !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/grant", schemaPath: "#/$defs/account/properties/grant/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
      if (!(data105 === "client_credentials" || data105 === "password" || data105 === "refresh_token" || data105 === "jwt_bearer" || data105 === "saml2_bearer" || data105 === "token_exchange" || data105 === "custom" || data105 === "login")) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/grant", schemaPath: "#/$defs/account/properties/grant/enum", keyword: "enum", params: { allowedValues: schema35.properties.grant.enum } });
        errors++;
      }
    }
    if (data.refreshToken !== void 0) {
      if (!validate27(data.refreshToken, { instancePath: instancePath + "/refreshToken", parentData: data, parentDataProperty: "refreshToken", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
        errors = vErrors.length;
      }
    }
    if (data.assertion !== void 0) {
      let data107 = data.assertion;
      const _errs205 = errors;
      let valid85 = true;
      const _errs206 = errors;
      if (!(data107 && typeof data107 == "object" && !Array.isArray(data107))) {
        vErrors = noted(vErrors, {});
        errors++;
      }
      const _errs208 = errors;
      let valid86 = false;
      const _errs209 = errors;
      if (data107 && typeof data107 == "object" && !Array.isArray(data107)) {
        let missing24;
        if (data107.key === void 0 && (missing24 = "key")) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
      var _valid31 = _errs209 === errors;
      valid86 = valid86 || _valid31;
      if (_valid31) {
        var props32 = {};
        props32.key = true;
      }
      const _errs210 = errors;
      if (data107 && typeof data107 == "object" && !Array.isArray(data107)) {
        let missing25;
        if (data107.alg === void 0 && (missing25 = "alg")) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
      var _valid31 = _errs210 === errors;
      valid86 = valid86 || _valid31;
      if (_valid31) {
        if (props32 !== true) {
          props32 = props32 || {};
          props32.alg = true;
        }
      }
      const _errs211 = errors;
      if (data107 && typeof data107 == "object" && !Array.isArray(data107)) {
        let missing26;
        if (data107.kid === void 0 && (missing26 = "kid")) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
      var _valid31 = _errs211 === errors;
      valid86 = valid86 || _valid31;
      if (_valid31) {
        if (props32 !== true) {
          props32 = props32 || {};
          props32.kid = true;
        }
      }
      const _errs212 = errors;
      if (data107 && typeof data107 == "object" && !Array.isArray(data107)) {
        let missing27;
        if (data107.x5t === void 0 && (missing27 = "x5t")) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
      var _valid31 = _errs212 === errors;
      valid86 = valid86 || _valid31;
      if (_valid31) {
        if (props32 !== true) {
          props32 = props32 || {};
          props32.x5t = true;
        }
      }
      const _errs213 = errors;
      if (data107 && typeof data107 == "object" && !Array.isArray(data107)) {
        let missing28;
        if (data107.audience === void 0 && (missing28 = "audience")) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
      var _valid31 = _errs213 === errors;
      valid86 = valid86 || _valid31;
      if (_valid31) {
        if (props32 !== true) {
          props32 = props32 || {};
          props32.audience = true;
        }
      }
      const _errs214 = errors;
      if (data107 && typeof data107 == "object" && !Array.isArray(data107)) {
        let missing29;
        if (data107.lifetime === void 0 && (missing29 = "lifetime")) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
      var _valid31 = _errs214 === errors;
      valid86 = valid86 || _valid31;
      if (_valid31) {
        if (props32 !== true) {
          props32 = props32 || {};
          props32.lifetime = true;
        }
      }
      const _errs215 = errors;
      if (data107 && typeof data107 == "object" && !Array.isArray(data107)) {
        let missing30;
        if (data107.claims === void 0 && (missing30 = "claims")) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
      var _valid31 = _errs215 === errors;
      valid86 = valid86 || _valid31;
      if (_valid31) {
        if (props32 !== true) {
          props32 = props32 || {};
          props32.claims = true;
        }
      }
      if (!valid86) {
        vErrors = noted(vErrors, {});
        errors++;
      } else {
        errors = _errs208;
        if (vErrors !== null) {
          if (_errs208) {
            vErrors.length = _errs208;
          } else {
            vErrors = null;
          }
        }
      }
      var _valid30 = _errs206 === errors;
      errors = _errs205;
      if (vErrors !== null) {
        if (_errs205) {
          vErrors.length = _errs205;
        } else {
          vErrors = null;
        }
      }
      let ifClause13;
      if (_valid30) {
        const _errs216 = errors;
        if (!validate44(data107, { instancePath: instancePath + "/assertion", parentData: data, parentDataProperty: "assertion", rootData, dynamicAnchors })) {
          vErrors = vErrors === null ? validate44.errors : vErrors.concat(validate44.errors);
          errors = vErrors.length;
        }
        var _valid30 = _errs216 === errors;
        valid85 = _valid30;
        if (valid85) {
          if (props32 !== true) {
            props32 = true;
          }
        }
        ifClause13 = "then";
      } else {
        const _errs217 = errors;
        if (!validate49(data107, { instancePath: instancePath + "/assertion", parentData: data, parentDataProperty: "assertion", rootData, dynamicAnchors })) {
          vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
          errors = vErrors.length;
        } else {
          var props33 = validate49.evaluated.props;
        }
        var _valid30 = _errs217 === errors;
        valid85 = _valid30;
        if (valid85) {
          if (props32 !== true && props33 !== void 0) {
            if (props33 === true) {
              props32 = true;
            } else {
              props32 = props32 || {};
              Object.assign(props32, props33);
            }
          }
        }
        ifClause13 = "else";
      }
      if (!valid85) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/assertion", schemaPath: "#/$defs/account/properties/assertion/if", keyword: "if", params: { failingKeyword: ifClause13 } });
        errors++;
      }
    }
    if (data.subjectToken !== void 0) {
      if (!validate49(data.subjectToken, { instancePath: instancePath + "/subjectToken", parentData: data, parentDataProperty: "subjectToken", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data.subjectTokenType !== void 0) {
      let data109 = data.subjectTokenType;
      if (typeof data109 === "string") {
        if (!pattern21.test(data109)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/subjectTokenType", schemaPath: "#/$defs/account/properties/subjectTokenType/pattern", keyword: "pattern", params: { pattern: "\\S" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/subjectTokenType", schemaPath: "#/$defs/account/properties/subjectTokenType/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.actorToken !== void 0) {
      if (!validate49(data.actorToken, { instancePath: instancePath + "/actorToken", parentData: data, parentDataProperty: "actorToken", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data.actorTokenType !== void 0) {
      let data111 = data.actorTokenType;
      if (typeof data111 === "string") {
        if (!pattern21.test(data111)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/actorTokenType", schemaPath: "#/$defs/account/properties/actorTokenType/pattern", keyword: "pattern", params: { pattern: "\\S" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/actorTokenType", schemaPath: "#/$defs/account/properties/actorTokenType/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.requestedTokenType !== void 0) {
      let data112 = data.requestedTokenType;
      if (typeof data112 === "string") {
        if (!pattern21.test(data112)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/requestedTokenType", schemaPath: "#/$defs/account/properties/requestedTokenType/pattern", keyword: "pattern", params: { pattern: "\\S" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/requestedTokenType", schemaPath: "#/$defs/account/properties/requestedTokenType/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.scope !== void 0) {
      let data113 = data.scope;
      const _errs227 = errors;
      let valid87 = true;
      const _errs228 = errors;
      if (!Array.isArray(data113)) {
        vErrors = noted(vErrors, {});
        errors++;
      }
      var _valid32 = _errs228 === errors;
      errors = _errs227;
      if (vErrors !== null) {
        if (_errs227) {
          vErrors.length = _errs227;
        } else {
          vErrors = null;
        }
      }
      let ifClause14;
      if (_valid32) {
        const _errs230 = errors;
        if (Array.isArray(data113)) {
          const len3 = data113.length;
          for (let i3 = 0; i3 < len3; i3++) {
            let data114 = data113[i3];
            if (typeof data114 === "string") {
              if (!pattern38.test(data114)) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/scope/" + i3, schemaPath: "#/$defs/account/properties/scope/then/items/pattern", keyword: "pattern", params: { pattern: "^[\\x21\\x23-\\x5B\\x5D-\\x7E]+$" } });
                errors++;
              }
            } else {
              vErrors = noted(vErrors, { instancePath: instancePath + "/scope/" + i3, schemaPath: "#/$defs/account/properties/scope/then/items/type", keyword: "type", params: { type: "string" } });
              errors++;
            }
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/scope", schemaPath: "#/$defs/account/properties/scope/then/type", keyword: "type", params: { type: "array" } });
          errors++;
        }
        var _valid32 = _errs230 === errors;
        valid87 = _valid32;
        ifClause14 = "then";
      } else {
        const _errs234 = errors;
        if (typeof data113 === "string") {
          if (!pattern39.test(data113)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/scope", schemaPath: "#/$defs/account/properties/scope/else/pattern", keyword: "pattern", params: { pattern: "^[\\s,]*[\\x21\\x23-\\x5B\\x5D-\\x7E]+([\\s,]+[\\x21\\x23-\\x5B\\x5D-\\x7E]+)*[\\s,]*$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/scope", schemaPath: "#/$defs/account/properties/scope/else/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
        var _valid32 = _errs234 === errors;
        valid87 = _valid32;
        ifClause14 = "else";
      }
      if (!valid87) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/scope", schemaPath: "#/$defs/account/properties/scope/if", keyword: "if", params: { failingKeyword: ifClause14 } });
        errors++;
      }
    }
    if (data.audience !== void 0) {
      let data115 = data.audience;
      const _errs237 = errors;
      let valid90 = true;
      const _errs238 = errors;
      if (!Array.isArray(data115)) {
        vErrors = noted(vErrors, {});
        errors++;
      }
      var _valid33 = _errs238 === errors;
      errors = _errs237;
      if (vErrors !== null) {
        if (_errs237) {
          vErrors.length = _errs237;
        } else {
          vErrors = null;
        }
      }
      let ifClause15;
      if (_valid33) {
        const _errs240 = errors;
        if (Array.isArray(data115)) {
          if (data115.length < 1) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/audience", schemaPath: "#/$defs/account/properties/audience/then/minItems", keyword: "minItems", params: { limit: 1 } });
            errors++;
          }
          const len4 = data115.length;
          for (let i4 = 0; i4 < len4; i4++) {
            let data116 = data115[i4];
            if (typeof data116 === "string") {
              if (!pattern21.test(data116)) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/audience/" + i4, schemaPath: "#/$defs/account/properties/audience/then/items/pattern", keyword: "pattern", params: { pattern: "\\S" } });
                errors++;
              }
            } else {
              vErrors = noted(vErrors, { instancePath: instancePath + "/audience/" + i4, schemaPath: "#/$defs/account/properties/audience/then/items/type", keyword: "type", params: { type: "string" } });
              errors++;
            }
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/audience", schemaPath: "#/$defs/account/properties/audience/then/type", keyword: "type", params: { type: "array" } });
          errors++;
        }
        var _valid33 = _errs240 === errors;
        valid90 = _valid33;
        ifClause15 = "then";
      } else {
        const _errs244 = errors;
        if (typeof data115 === "string") {
          if (!pattern21.test(data115)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/audience", schemaPath: "#/$defs/account/properties/audience/else/pattern", keyword: "pattern", params: { pattern: "\\S" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/audience", schemaPath: "#/$defs/account/properties/audience/else/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
        var _valid33 = _errs244 === errors;
        valid90 = _valid33;
        ifClause15 = "else";
      }
      if (!valid90) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/audience", schemaPath: "#/$defs/account/properties/audience/if", keyword: "if", params: { failingKeyword: ifClause15 } });
        errors++;
      }
    }
    if (data.resource !== void 0) {
      let data117 = data.resource;
      const _errs247 = errors;
      let valid93 = true;
      const _errs248 = errors;
      if (!Array.isArray(data117)) {
        vErrors = noted(vErrors, {});
        errors++;
      }
      var _valid34 = _errs248 === errors;
      errors = _errs247;
      if (vErrors !== null) {
        if (_errs247) {
          vErrors.length = _errs247;
        } else {
          vErrors = null;
        }
      }
      let ifClause16;
      if (_valid34) {
        const _errs250 = errors;
        if (Array.isArray(data117)) {
          if (data117.length < 1) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/resource", schemaPath: "#/$defs/account/properties/resource/then/minItems", keyword: "minItems", params: { limit: 1 } });
            errors++;
          }
          const len5 = data117.length;
          for (let i5 = 0; i5 < len5; i5++) {
            let data118 = data117[i5];
            if (typeof data118 === "string") {
              if (!pattern21.test(data118)) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/resource/" + i5, schemaPath: "#/$defs/account/properties/resource/then/items/pattern", keyword: "pattern", params: { pattern: "\\S" } });
                errors++;
              }
            } else {
              vErrors = noted(vErrors, { instancePath: instancePath + "/resource/" + i5, schemaPath: "#/$defs/account/properties/resource/then/items/type", keyword: "type", params: { type: "string" } });
              errors++;
            }
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/resource", schemaPath: "#/$defs/account/properties/resource/then/type", keyword: "type", params: { type: "array" } });
          errors++;
        }
        var _valid34 = _errs250 === errors;
        valid93 = _valid34;
        ifClause16 = "then";
      } else {
        const _errs254 = errors;
        if (typeof data117 === "string") {
          if (!pattern21.test(data117)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/resource", schemaPath: "#/$defs/account/properties/resource/else/pattern", keyword: "pattern", params: { pattern: "\\S" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/resource", schemaPath: "#/$defs/account/properties/resource/else/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
        var _valid34 = _errs254 === errors;
        valid93 = _valid34;
        ifClause16 = "else";
      }
      if (!valid93) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/resource", schemaPath: "#/$defs/account/properties/resource/if", keyword: "if", params: { failingKeyword: ifClause16 } });
        errors++;
      }
    }
    if (data.dpop !== void 0) {
      let data119 = data.dpop;
      const _errs257 = errors;
      let valid96 = true;
      const _errs258 = errors;
      if (!(data119 && typeof data119 == "object" && !Array.isArray(data119))) {
        vErrors = noted(vErrors, {});
        errors++;
      }
      var _valid35 = _errs258 === errors;
      errors = _errs257;
      if (vErrors !== null) {
        if (_errs257) {
          vErrors.length = _errs257;
        } else {
          vErrors = null;
        }
      }
      let ifClause17;
      if (_valid35) {
        const _errs260 = errors;
        if (data119 && typeof data119 == "object" && !Array.isArray(data119)) {
          for (const key1 in data119) {
            if (!(key1 === "key" || key1 === "alg" || pattern4.test(key1))) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/dpop", schemaPath: "#/$defs/account/properties/dpop/then/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 } });
              errors++;
            }
          }
          if (data119.key !== void 0) {
            if (!validate27(data119.key, { instancePath: instancePath + "/dpop/key", parentData: data119, parentDataProperty: "key", rootData, dynamicAnchors })) {
              vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
              errors = vErrors.length;
            }
          }
          if (data119.alg !== void 0) {
            let data121 = data119.alg;
            if (typeof data121 !== "string") {
              vErrors = noted(vErrors, { instancePath: instancePath + "/dpop/alg", schemaPath: "#/$defs/account/properties/dpop/then/properties/alg/type", keyword: "type", params: { type: "string" } });
              errors++;
            }
            if (!(data121 === "ES256" || data121 === "ES384" || data121 === "ES512" || data121 === "EdDSA" || data121 === "RS256" || data121 === "PS256")) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/dpop/alg", schemaPath: "#/$defs/account/properties/dpop/then/properties/alg/enum", keyword: "enum", params: { allowedValues: schema35.properties.dpop.then.properties.alg.enum } });
              errors++;
            }
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/dpop", schemaPath: "#/$defs/account/properties/dpop/then/type", keyword: "type", params: { type: "object" } });
          errors++;
        }
        var _valid35 = _errs260 === errors;
        valid96 = _valid35;
        ifClause17 = "then";
      } else {
        const _errs266 = errors;
        if (typeof data119 !== "boolean") {
          vErrors = noted(vErrors, { instancePath: instancePath + "/dpop", schemaPath: "#/$defs/account/properties/dpop/else/type", keyword: "type", params: { type: "boolean" } });
          errors++;
        }
        var _valid35 = _errs266 === errors;
        valid96 = _valid35;
        ifClause17 = "else";
      }
      if (!valid96) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/dpop", schemaPath: "#/$defs/account/properties/dpop/if", keyword: "if", params: { failingKeyword: ifClause17 } });
        errors++;
      }
    }
    if (data.bearerTokenType !== void 0) {
      let data122 = data.bearerTokenType;
      if (typeof data122 !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/bearerTokenType", schemaPath: "#/$defs/account/properties/bearerTokenType/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
      if (!(data122 === "access_token" || data122 === "id_token")) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/bearerTokenType", schemaPath: "#/$defs/account/properties/bearerTokenType/enum", keyword: "enum", params: { allowedValues: schema35.properties.bearerTokenType.enum } });
        errors++;
      }
    }
    if (data.tokenRequest !== void 0) {
      let data123 = data.tokenRequest;
      const _errs273 = errors;
      let valid99 = true;
      const _errs274 = errors;
      if (data123 && typeof data123 == "object" && !Array.isArray(data123)) {
        let missing31;
        if (data123.method === void 0 && (missing31 = "method")) {
          vErrors = noted(vErrors, {});
          errors++;
        } else {
          if (data123.method !== void 0) {
            if ("GET" !== data123.method) {
              vErrors = noted(vErrors, {});
              errors++;
            }
          }
        }
      }
      var _valid36 = _errs274 === errors;
      errors = _errs273;
      if (vErrors !== null) {
        if (_errs273) {
          vErrors.length = _errs273;
        } else {
          vErrors = null;
        }
      }
      if (_valid36) {
        const _errs276 = errors;
        if (data123 && typeof data123 == "object" && !Array.isArray(data123)) {
          if (data123.format !== void 0) {
            if ("query" !== data123.format) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/format", schemaPath: "#/$defs/account/properties/tokenRequest/allOf/0/then/properties/format/const", keyword: "const", params: { allowedValue: "query" } });
              errors++;
            }
          }
        }
        var _valid36 = _errs276 === errors;
        valid99 = _valid36;
        if (valid99) {
          var props38 = {};
          props38.format = true;
          props38.method = true;
        }
      }
      if (!valid99) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest", schemaPath: "#/$defs/account/properties/tokenRequest/allOf/0/if", keyword: "if", params: { failingKeyword: "then" } });
        errors++;
      }
      if (data123 && typeof data123 == "object" && !Array.isArray(data123)) {
        for (const key2 in data123) {
          if (!(key2 === "method" || key2 === "format" || key2 === "params" || key2 === "headers" || key2 === "names" || key2 === "scopeSeparator" || key2 === "grantType" || key2 === "clientIdInBody" || pattern4.test(key2))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest", schemaPath: "#/$defs/account/properties/tokenRequest/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 } });
            errors++;
          }
        }
        if (data123.method !== void 0) {
          let data126 = data123.method;
          if (typeof data126 !== "string") {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/method", schemaPath: "#/$defs/account/properties/tokenRequest/properties/method/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
          if (!(data126 === "POST" || data126 === "GET")) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/method", schemaPath: "#/$defs/account/properties/tokenRequest/properties/method/enum", keyword: "enum", params: { allowedValues: schema35.properties.tokenRequest.properties.method.enum } });
            errors++;
          }
        }
        if (data123.format !== void 0) {
          let data127 = data123.format;
          if (typeof data127 !== "string") {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/format", schemaPath: "#/$defs/account/properties/tokenRequest/properties/format/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
          if (!(data127 === "form" || data127 === "json" || data127 === "query")) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/format", schemaPath: "#/$defs/account/properties/tokenRequest/properties/format/enum", keyword: "enum", params: { allowedValues: schema35.properties.tokenRequest.properties.format.enum } });
            errors++;
          }
        }
        if (data123.params !== void 0) {
          let data128 = data123.params;
          if (data128 && typeof data128 == "object" && !Array.isArray(data128)) {
            for (const key3 in data128) {
              const _errs285 = errors;
              if (typeof key3 === "string") {
                if (!pattern7.test(key3)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/params", schemaPath: "#/$defs/account/properties/tokenRequest/properties/params/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" }, propertyName: key3 });
                  errors++;
                }
              }
              var valid103 = _errs285 === errors;
              if (!valid103) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/params", schemaPath: "#/$defs/account/properties/tokenRequest/properties/params/propertyNames", keyword: "propertyNames", params: { propertyName: key3 } });
                errors++;
              }
            }
            for (const key4 in data128) {
              if (!validate55(data128[key4], { instancePath: instancePath + "/tokenRequest/params/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data128, parentDataProperty: key4, rootData, dynamicAnchors })) {
                vErrors = vErrors === null ? validate55.errors : vErrors.concat(validate55.errors);
                errors = vErrors.length;
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/params", schemaPath: "#/$defs/account/properties/tokenRequest/properties/params/type", keyword: "type", params: { type: "object" } });
            errors++;
          }
        }
        if (data123.headers !== void 0) {
          let data130 = data123.headers;
          if (data130 && typeof data130 == "object" && !Array.isArray(data130)) {
            for (const key5 in data130) {
              const _errs290 = errors;
              if (typeof key5 === "string") {
                if (!pattern52.test(key5)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/headers", schemaPath: "#/$defs/account/properties/tokenRequest/properties/headers/propertyNames/pattern", keyword: "pattern", params: { pattern: "^(?!(?:[Hh][Oo][Ss][Tt]|[Cc][Oo][Nn][Nn][Ee][Cc][Tt][Ii][Oo][Nn]|[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee][Nn][Gg][Tt][Hh]|[Tt][Rr][Aa][Nn][Ss][Ff][Ee][Rr]-[Ee][Nn][Cc][Oo][Dd][Ii][Nn][Gg])$)[!#$%&'*+.^_`|~0-9A-Za-z-]+$" }, propertyName: key5 });
                  errors++;
                }
              }
              var valid105 = _errs290 === errors;
              if (!valid105) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/headers", schemaPath: "#/$defs/account/properties/tokenRequest/properties/headers/propertyNames", keyword: "propertyNames", params: { propertyName: key5 } });
                errors++;
              }
            }
            for (const key6 in data130) {
              if (!validate22(data130[key6], { instancePath: instancePath + "/tokenRequest/headers/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data130, parentDataProperty: key6, rootData, dynamicAnchors })) {
                vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
                errors = vErrors.length;
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/headers", schemaPath: "#/$defs/account/properties/tokenRequest/properties/headers/type", keyword: "type", params: { type: "object" } });
            errors++;
          }
        }
        if (data123.names !== void 0) {
          let data132 = data123.names;
          if (data132 && typeof data132 == "object" && !Array.isArray(data132)) {
            for (const key7 in data132) {
              const _errs295 = errors;
              if (!(key7 === "grant_type" || key7 === "client_id" || key7 === "client_secret" || key7 === "client_assertion" || key7 === "client_assertion_type" || key7 === "scope" || key7 === "username" || key7 === "password" || key7 === "refresh_token" || key7 === "assertion" || key7 === "subject_token" || key7 === "subject_token_type" || key7 === "actor_token" || key7 === "actor_token_type" || key7 === "requested_token_type" || key7 === "audience" || key7 === "resource")) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/names", schemaPath: "#/$defs/account/properties/tokenRequest/properties/names/propertyNames/enum", keyword: "enum", params: { allowedValues: schema35.properties.tokenRequest.properties.names.propertyNames.enum }, propertyName: key7 });
                errors++;
              }
              var valid107 = _errs295 === errors;
              if (!valid107) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/names", schemaPath: "#/$defs/account/properties/tokenRequest/properties/names/propertyNames", keyword: "propertyNames", params: { propertyName: key7 } });
                errors++;
              }
            }
            for (const key8 in data132) {
              let data133 = data132[key8];
              if (typeof data133 === "string") {
                if (!pattern7.test(data133)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/names/" + key8.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/$defs/account/properties/tokenRequest/properties/names/additionalProperties/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
                  errors++;
                }
              } else {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/names/" + key8.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/$defs/account/properties/tokenRequest/properties/names/additionalProperties/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/names", schemaPath: "#/$defs/account/properties/tokenRequest/properties/names/type", keyword: "type", params: { type: "object" } });
            errors++;
          }
        }
        if (data123.scopeSeparator !== void 0) {
          let data134 = data123.scopeSeparator;
          if (typeof data134 === "string") {
            if (!pattern7.test(data134)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/scopeSeparator", schemaPath: "#/$defs/account/properties/tokenRequest/properties/scopeSeparator/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/scopeSeparator", schemaPath: "#/$defs/account/properties/tokenRequest/properties/scopeSeparator/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data123.grantType !== void 0) {
          let data135 = data123.grantType;
          if (typeof data135 === "string") {
            if (!pattern21.test(data135)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/grantType", schemaPath: "#/$defs/account/properties/tokenRequest/properties/grantType/pattern", keyword: "pattern", params: { pattern: "\\S" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/grantType", schemaPath: "#/$defs/account/properties/tokenRequest/properties/grantType/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data123.clientIdInBody !== void 0) {
          if (typeof data123.clientIdInBody !== "boolean") {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest/clientIdInBody", schemaPath: "#/$defs/account/properties/tokenRequest/properties/clientIdInBody/type", keyword: "type", params: { type: "boolean" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/tokenRequest", schemaPath: "#/$defs/account/properties/tokenRequest/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.refresh !== void 0) {
      let data137 = data.refresh;
      const _errs306 = errors;
      let valid109 = true;
      const _errs307 = errors;
      if (!(data137 && typeof data137 == "object" && !Array.isArray(data137))) {
        vErrors = noted(vErrors, {});
        errors++;
      }
      var _valid37 = _errs307 === errors;
      errors = _errs306;
      if (vErrors !== null) {
        if (_errs306) {
          vErrors.length = _errs306;
        } else {
          vErrors = null;
        }
      }
      let ifClause18;
      if (_valid37) {
        const _errs309 = errors;
        if (!validate58(data137, { instancePath: instancePath + "/refresh", parentData: data, parentDataProperty: "refresh", rootData, dynamicAnchors })) {
          vErrors = vErrors === null ? validate58.errors : vErrors.concat(validate58.errors);
          errors = vErrors.length;
        }
        var _valid37 = _errs309 === errors;
        valid109 = _valid37;
        ifClause18 = "then";
      } else {
        const _errs310 = errors;
        if (typeof data137 !== "string") {
          vErrors = noted(vErrors, { instancePath: instancePath + "/refresh", schemaPath: "#/$defs/account/properties/refresh/else/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
        if (!(data137 === "auto" || data137 === "never")) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/refresh", schemaPath: "#/$defs/account/properties/refresh/else/enum", keyword: "enum", params: { allowedValues: schema35.properties.refresh.else.enum } });
          errors++;
        }
        var _valid37 = _errs310 === errors;
        valid109 = _valid37;
        ifClause18 = "else";
      }
      if (!valid109) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/refresh", schemaPath: "#/$defs/account/properties/refresh/if", keyword: "if", params: { failingKeyword: ifClause18 } });
        errors++;
      }
    }
    if (data.tokenResponse !== void 0) {
      let data138 = data.tokenResponse;
      if (data138 && typeof data138 == "object" && !Array.isArray(data138)) {
        for (const key9 in data138) {
          if (!(key9 === "token" || key9 === "expires" || key9 === "success" || key9 === "error" || key9 === "publish" || pattern4.test(key9))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse", schemaPath: "#/$defs/tokenResponse/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key9 } });
            errors++;
          }
        }
        if (data138.token !== void 0) {
          let data139 = data138.token;
          const _errs317 = errors;
          let valid112 = true;
          const _errs318 = errors;
          if (!Array.isArray(data139)) {
            vErrors = noted(vErrors, {});
            errors++;
          }
          var _valid38 = _errs318 === errors;
          errors = _errs317;
          if (vErrors !== null) {
            if (_errs317) {
              vErrors.length = _errs317;
            } else {
              vErrors = null;
            }
          }
          let ifClause19;
          if (_valid38) {
            const _errs320 = errors;
            if (Array.isArray(data139)) {
              if (data139.length < 1) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/token", schemaPath: "#/$defs/tokenResponse/properties/token/then/minItems", keyword: "minItems", params: { limit: 1 } });
                errors++;
              }
              const len6 = data139.length;
              for (let i6 = 0; i6 < len6; i6++) {
                let data140 = data139[i6];
                if (typeof data140 === "string") {
                  if (!pattern60.test(data140)) {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/token/" + i6, schemaPath: "#/$defs/tokenResponse/properties/token/then/items/pattern", keyword: "pattern", params: { pattern: "^(?:/(?:[^/~]|~[01])*)+$" } });
                    errors++;
                  }
                } else {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/token/" + i6, schemaPath: "#/$defs/tokenResponse/properties/token/then/items/type", keyword: "type", params: { type: "string" } });
                  errors++;
                }
              }
            } else {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/token", schemaPath: "#/$defs/tokenResponse/properties/token/then/type", keyword: "type", params: { type: "array" } });
              errors++;
            }
            var _valid38 = _errs320 === errors;
            valid112 = _valid38;
            ifClause19 = "then";
          } else {
            const _errs324 = errors;
            const _errs325 = errors;
            let valid115 = true;
            const _errs326 = errors;
            if (!(data139 && typeof data139 == "object" && !Array.isArray(data139))) {
              vErrors = noted(vErrors, {});
              errors++;
            }
            var _valid39 = _errs326 === errors;
            errors = _errs325;
            if (vErrors !== null) {
              if (_errs325) {
                vErrors.length = _errs325;
              } else {
                vErrors = null;
              }
            }
            let ifClause20;
            if (_valid39) {
              const _errs328 = errors;
              if (data139 && typeof data139 == "object" && !Array.isArray(data139)) {
                if (data139.header === void 0) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/token", schemaPath: "#/$defs/tokenResponse/properties/token/else/then/required", keyword: "required", params: { missingProperty: "header" } });
                  errors++;
                }
                for (const key10 in data139) {
                  if (!(key10 === "header" || pattern4.test(key10))) {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/token", schemaPath: "#/$defs/tokenResponse/properties/token/else/then/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key10 } });
                    errors++;
                  }
                }
                if (data139.header !== void 0) {
                  let data141 = data139.header;
                  if (typeof data141 === "string") {
                    if (!pattern15.test(data141)) {
                      vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/token/header", schemaPath: "#/$defs/tokenResponse/properties/token/else/then/properties/header/pattern", keyword: "pattern", params: { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" } });
                      errors++;
                    }
                  } else {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/token/header", schemaPath: "#/$defs/tokenResponse/properties/token/else/then/properties/header/type", keyword: "type", params: { type: "string" } });
                    errors++;
                  }
                }
              } else {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/token", schemaPath: "#/$defs/tokenResponse/properties/token/else/then/type", keyword: "type", params: { type: "object" } });
                errors++;
              }
              var _valid39 = _errs328 === errors;
              valid115 = _valid39;
              ifClause20 = "then";
            } else {
              const _errs333 = errors;
              if (typeof data139 === "string") {
                if (!pattern65.test(data139)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/token", schemaPath: "#/$defs/tokenResponse/properties/token/else/else/pattern", keyword: "pattern", params: { pattern: "^(?:text|(?:/(?:[^/~]|~[01])*)+)$" } });
                  errors++;
                }
              } else {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/token", schemaPath: "#/$defs/tokenResponse/properties/token/else/else/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
              var _valid39 = _errs333 === errors;
              valid115 = _valid39;
              ifClause20 = "else";
            }
            if (!valid115) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/token", schemaPath: "#/$defs/tokenResponse/properties/token/else/if", keyword: "if", params: { failingKeyword: ifClause20 } });
              errors++;
            }
            var _valid38 = _errs324 === errors;
            valid112 = _valid38;
            ifClause19 = "else";
          }
          if (!valid112) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/token", schemaPath: "#/$defs/tokenResponse/properties/token/if", keyword: "if", params: { failingKeyword: ifClause19 } });
            errors++;
          }
        }
        if (data138.expires !== void 0) {
          let data142 = data138.expires;
          if (data142 && typeof data142 == "object" && !Array.isArray(data142)) {
            if (data142.at === void 0) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/expires", schemaPath: "#/$defs/tokenResponse/properties/expires/required", keyword: "required", params: { missingProperty: "at" } });
              errors++;
            }
            for (const key11 in data142) {
              if (!(key11 === "at" || key11 === "as" || pattern4.test(key11))) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/expires", schemaPath: "#/$defs/tokenResponse/properties/expires/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key11 } });
                errors++;
              }
            }
            if (data142.at !== void 0) {
              let data143 = data142.at;
              if (typeof data143 === "string") {
                if (!pattern60.test(data143)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/expires/at", schemaPath: "#/$defs/tokenResponse/properties/expires/properties/at/pattern", keyword: "pattern", params: { pattern: "^(?:/(?:[^/~]|~[01])*)+$" } });
                  errors++;
                }
              } else {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/expires/at", schemaPath: "#/$defs/tokenResponse/properties/expires/properties/at/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
            }
            if (data142.as !== void 0) {
              let data144 = data142.as;
              if (typeof data144 !== "string") {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/expires/as", schemaPath: "#/$defs/tokenResponse/properties/expires/properties/as/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
              if (!(data144 === "seconds" || data144 === "milliseconds" || data144 === "unix" || data144 === "unix_ms" || data144 === "datetime")) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/expires/as", schemaPath: "#/$defs/tokenResponse/properties/expires/properties/as/enum", keyword: "enum", params: { allowedValues: schema47.properties.expires.properties.as.enum } });
                errors++;
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/expires", schemaPath: "#/$defs/tokenResponse/properties/expires/type", keyword: "type", params: { type: "object" } });
            errors++;
          }
        }
        if (data138.success !== void 0) {
          let data145 = data138.success;
          if (data145 && typeof data145 == "object" && !Array.isArray(data145)) {
            if (data145.at === void 0) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/success", schemaPath: "#/$defs/tokenResponse/properties/success/required", keyword: "required", params: { missingProperty: "at" } });
              errors++;
            }
            if (data145.equals === void 0) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/success", schemaPath: "#/$defs/tokenResponse/properties/success/required", keyword: "required", params: { missingProperty: "equals" } });
              errors++;
            }
            for (const key12 in data145) {
              if (!(key12 === "at" || key12 === "equals" || pattern4.test(key12))) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/success", schemaPath: "#/$defs/tokenResponse/properties/success/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key12 } });
                errors++;
              }
            }
            if (data145.at !== void 0) {
              let data146 = data145.at;
              if (typeof data146 === "string") {
                if (!pattern60.test(data146)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/success/at", schemaPath: "#/$defs/tokenResponse/properties/success/properties/at/pattern", keyword: "pattern", params: { pattern: "^(?:/(?:[^/~]|~[01])*)+$" } });
                  errors++;
                }
              } else {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/success/at", schemaPath: "#/$defs/tokenResponse/properties/success/properties/at/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
            }
            if (data145.equals !== void 0) {
              let data147 = data145.equals;
              const _errs348 = errors;
              let valid119 = true;
              const _errs349 = errors;
              if (typeof data147 !== "string") {
                vErrors = noted(vErrors, {});
                errors++;
              }
              var _valid40 = _errs349 === errors;
              errors = _errs348;
              if (vErrors !== null) {
                if (_errs348) {
                  vErrors.length = _errs348;
                } else {
                  vErrors = null;
                }
              }
              let ifClause21;
              if (_valid40) {
                const _errs351 = errors;
                if (typeof data147 !== "string") {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/success/equals", schemaPath: "#/$defs/tokenResponse/properties/success/properties/equals/then/type", keyword: "type", params: { type: "string" } });
                  errors++;
                }
                var _valid40 = _errs351 === errors;
                valid119 = _valid40;
                ifClause21 = "then";
              } else {
                const _errs353 = errors;
                const _errs354 = errors;
                let valid120 = true;
                const _errs355 = errors;
                if (typeof data147 !== "boolean") {
                  vErrors = noted(vErrors, {});
                  errors++;
                }
                var _valid41 = _errs355 === errors;
                errors = _errs354;
                if (vErrors !== null) {
                  if (_errs354) {
                    vErrors.length = _errs354;
                  } else {
                    vErrors = null;
                  }
                }
                let ifClause22;
                if (_valid41) {
                  const _errs357 = errors;
                  if (typeof data147 !== "boolean") {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/success/equals", schemaPath: "#/$defs/tokenResponse/properties/success/properties/equals/else/then/type", keyword: "type", params: { type: "boolean" } });
                    errors++;
                  }
                  var _valid41 = _errs357 === errors;
                  valid120 = _valid41;
                  ifClause22 = "then";
                } else {
                  const _errs359 = errors;
                  if (!(typeof data147 == "number" && isFinite(data147))) {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/success/equals", schemaPath: "#/$defs/tokenResponse/properties/success/properties/equals/else/else/type", keyword: "type", params: { type: "number" } });
                    errors++;
                  }
                  var _valid41 = _errs359 === errors;
                  valid120 = _valid41;
                  ifClause22 = "else";
                }
                if (!valid120) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/success/equals", schemaPath: "#/$defs/tokenResponse/properties/success/properties/equals/else/if", keyword: "if", params: { failingKeyword: ifClause22 } });
                  errors++;
                }
                var _valid40 = _errs353 === errors;
                valid119 = _valid40;
                ifClause21 = "else";
              }
              if (!valid119) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/success/equals", schemaPath: "#/$defs/tokenResponse/properties/success/properties/equals/if", keyword: "if", params: { failingKeyword: ifClause21 } });
                errors++;
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/success", schemaPath: "#/$defs/tokenResponse/properties/success/type", keyword: "type", params: { type: "object" } });
            errors++;
          }
        }
        if (data138.error !== void 0) {
          let data148 = data138.error;
          if (typeof data148 === "string") {
            if (!pattern60.test(data148)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/error", schemaPath: "#/$defs/tokenResponse/properties/error/pattern", keyword: "pattern", params: { pattern: "^(?:/(?:[^/~]|~[01])*)+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/error", schemaPath: "#/$defs/tokenResponse/properties/error/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data138.publish !== void 0) {
          let data149 = data138.publish;
          if (data149 && typeof data149 == "object" && !Array.isArray(data149)) {
            for (const key13 in data149) {
              const _errs365 = errors;
              if (typeof key13 === "string") {
                if (!pattern5.test(key13)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/publish", schemaPath: "#/$defs/tokenResponse/properties/publish/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z][A-Za-z0-9_-]*$" }, propertyName: key13 });
                  errors++;
                }
              }
              var valid121 = _errs365 === errors;
              if (!valid121) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/publish", schemaPath: "#/$defs/tokenResponse/properties/publish/propertyNames", keyword: "propertyNames", params: { propertyName: key13 } });
                errors++;
              }
            }
            for (const key14 in data149) {
              let data150 = data149[key14];
              if (data150 && typeof data150 == "object" && !Array.isArray(data150)) {
                if (data150.at === void 0) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/publish/" + key14.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/$defs/tokenResponse/properties/publish/additionalProperties/required", keyword: "required", params: { missingProperty: "at" } });
                  errors++;
                }
                for (const key15 in data150) {
                  if (!(key15 === "at" || key15 === "hosts" || pattern4.test(key15))) {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/publish/" + key14.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/$defs/tokenResponse/properties/publish/additionalProperties/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key15 } });
                    errors++;
                  }
                }
                if (data150.at !== void 0) {
                  let data151 = data150.at;
                  if (typeof data151 === "string") {
                    if (!pattern60.test(data151)) {
                      vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/publish/" + key14.replace(/~/g, "~0").replace(/\//g, "~1") + "/at", schemaPath: "#/$defs/tokenResponse/properties/publish/additionalProperties/properties/at/pattern", keyword: "pattern", params: { pattern: "^(?:/(?:[^/~]|~[01])*)+$" } });
                      errors++;
                    }
                  } else {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/publish/" + key14.replace(/~/g, "~0").replace(/\//g, "~1") + "/at", schemaPath: "#/$defs/tokenResponse/properties/publish/additionalProperties/properties/at/type", keyword: "type", params: { type: "string" } });
                    errors++;
                  }
                }
                if (data150.hosts !== void 0) {
                  let data152 = data150.hosts;
                  if (Array.isArray(data152)) {
                    const len7 = data152.length;
                    for (let i7 = 0; i7 < len7; i7++) {
                      let data153 = data152[i7];
                      if (typeof data153 === "string") {
                        if (!pattern74.test(data153)) {
                          vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/publish/" + key14.replace(/~/g, "~0").replace(/\//g, "~1") + "/hosts/" + i7, schemaPath: "#/$defs/tokenResponse/properties/publish/additionalProperties/properties/hosts/items/pattern", keyword: "pattern", params: { pattern: "^(?:(?:\\*\\.(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)|(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*)|\\[[0-9a-fA-F:.]+\\])$" } });
                          errors++;
                        }
                      } else {
                        vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/publish/" + key14.replace(/~/g, "~0").replace(/\//g, "~1") + "/hosts/" + i7, schemaPath: "#/$defs/tokenResponse/properties/publish/additionalProperties/properties/hosts/items/type", keyword: "type", params: { type: "string" } });
                        errors++;
                      }
                    }
                  } else {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/publish/" + key14.replace(/~/g, "~0").replace(/\//g, "~1") + "/hosts", schemaPath: "#/$defs/tokenResponse/properties/publish/additionalProperties/properties/hosts/type", keyword: "type", params: { type: "array" } });
                    errors++;
                  }
                }
              } else {
                vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/publish/" + key14.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/$defs/tokenResponse/properties/publish/additionalProperties/type", keyword: "type", params: { type: "object" } });
                errors++;
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse/publish", schemaPath: "#/$defs/tokenResponse/properties/publish/type", keyword: "type", params: { type: "object" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/tokenResponse", schemaPath: "#/$defs/tokenResponse/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.lifetime !== void 0) {
      let data154 = data.lifetime;
      if (data154 && typeof data154 == "object" && !Array.isArray(data154)) {
        for (const key16 in data154) {
          if (!(key16 === "default" || key16 === "max" || key16 === "refreshBefore" || key16 === "minInterval" || pattern4.test(key16))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime", schemaPath: "#/$defs/lifetime/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key16 } });
            errors++;
          }
        }
        if (data154.default !== void 0) {
          let data155 = data154.default;
          if (typeof data155 === "string") {
            if (!pattern25.test(data155)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime/default", schemaPath: "#/$defs/lifetime/properties/default/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime/default", schemaPath: "#/$defs/lifetime/properties/default/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data154.max !== void 0) {
          let data156 = data154.max;
          if (typeof data156 === "string") {
            if (!pattern25.test(data156)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime/max", schemaPath: "#/$defs/lifetime/properties/max/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime/max", schemaPath: "#/$defs/lifetime/properties/max/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data154.refreshBefore !== void 0) {
          let data157 = data154.refreshBefore;
          if (typeof data157 === "string") {
            if (!pattern25.test(data157)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime/refreshBefore", schemaPath: "#/$defs/lifetime/properties/refreshBefore/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime/refreshBefore", schemaPath: "#/$defs/lifetime/properties/refreshBefore/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data154.minInterval !== void 0) {
          let data158 = data154.minInterval;
          if (typeof data158 === "string") {
            if (!pattern25.test(data158)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime/minInterval", schemaPath: "#/$defs/lifetime/properties/minInterval/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime/minInterval", schemaPath: "#/$defs/lifetime/properties/minInterval/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/lifetime", schemaPath: "#/$defs/lifetime/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.inject !== void 0) {
      let data159 = data.inject;
      const _errs392 = errors;
      let valid130 = true;
      const _errs393 = errors;
      if (data159 && typeof data159 == "object" && !Array.isArray(data159)) {
        let missing32;
        if (data159.in === void 0 && (missing32 = "in")) {
          vErrors = noted(vErrors, {});
          errors++;
        } else {
          if (data159.in !== void 0) {
            if ("query" !== data159.in) {
              vErrors = noted(vErrors, {});
              errors++;
            }
          }
        }
      }
      var _valid42 = _errs393 === errors;
      errors = _errs392;
      if (vErrors !== null) {
        if (_errs392) {
          vErrors.length = _errs392;
        } else {
          vErrors = null;
        }
      }
      if (_valid42) {
        const _errs395 = errors;
        if (data159 && typeof data159 == "object" && !Array.isArray(data159)) {
          if (data159.name === void 0) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/inject", schemaPath: "#/$defs/inject/allOf/0/then/required", keyword: "required", params: { missingProperty: "name" } });
            errors++;
          }
        }
        var _valid42 = _errs395 === errors;
        valid130 = _valid42;
        if (valid130) {
          var props43 = {};
          props43.name = true;
          props43.in = true;
        }
      }
      if (!valid130) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/inject", schemaPath: "#/$defs/inject/allOf/0/if", keyword: "if", params: { failingKeyword: "then" } });
        errors++;
      }
      if (data159 && typeof data159 == "object" && !Array.isArray(data159)) {
        for (const key17 in data159) {
          if (!(key17 === "in" || key17 === "name" || key17 === "prefix" || key17 === "value" || pattern4.test(key17))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/inject", schemaPath: "#/$defs/inject/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key17 } });
            errors++;
          }
        }
        if (data159.in !== void 0) {
          let data161 = data159.in;
          if (typeof data161 !== "string") {
            vErrors = noted(vErrors, { instancePath: instancePath + "/inject/in", schemaPath: "#/$defs/inject/properties/in/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
          if (!(data161 === "header" || data161 === "query")) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/inject/in", schemaPath: "#/$defs/inject/properties/in/enum", keyword: "enum", params: { allowedValues: schema49.properties.in.enum } });
            errors++;
          }
        }
        if (data159.name !== void 0) {
          let data162 = data159.name;
          if (typeof data162 === "string") {
            if (!pattern15.test(data162)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/inject/name", schemaPath: "#/$defs/inject/properties/name/pattern", keyword: "pattern", params: { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/inject/name", schemaPath: "#/$defs/inject/properties/name/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data159.prefix !== void 0) {
          let data163 = data159.prefix;
          if (typeof data163 === "string") {
            if (!pattern82.test(data163)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/inject/prefix", schemaPath: "#/$defs/inject/properties/prefix/pattern", keyword: "pattern", params: { pattern: "^[\\t\\x20-\\x7e]*$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/inject/prefix", schemaPath: "#/$defs/inject/properties/prefix/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data159.value !== void 0) {
          let data164 = data159.value;
          if (typeof data164 === "string") {
            if (!pattern21.test(data164)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/inject/value", schemaPath: "#/$defs/inject/properties/value/pattern", keyword: "pattern", params: { pattern: "\\S" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/inject/value", schemaPath: "#/$defs/inject/properties/value/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/inject", schemaPath: "#/$defs/inject/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.revoke !== void 0) {
      let data165 = data.revoke;
      if (typeof data165 !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/revoke", schemaPath: "#/$defs/account/properties/revoke/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
      if (!(data165 === "never" || data165 === "on_removal" || data165 === "on_shutdown")) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/revoke", schemaPath: "#/$defs/account/properties/revoke/enum", keyword: "enum", params: { allowedValues: schema35.properties.revoke.enum } });
        errors++;
      }
    }
    if (data.revocationUri !== void 0) {
      let data166 = data.revocationUri;
      if (typeof data166 === "string") {
        if (!pattern21.test(data166)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/revocationUri", schemaPath: "#/$defs/account/properties/revocationUri/pattern", keyword: "pattern", params: { pattern: "\\S" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/revocationUri", schemaPath: "#/$defs/account/properties/revocationUri/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.keepWarm !== void 0) {
      if (typeof data.keepWarm !== "boolean") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/keepWarm", schemaPath: "#/$defs/account/properties/keepWarm/type", keyword: "type", params: { type: "boolean" } });
        errors++;
      }
    }
    if (data.timeout !== void 0) {
      let data168 = data.timeout;
      if (typeof data168 === "string") {
        if (!pattern25.test(data168)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/timeout", schemaPath: "#/$defs/account/properties/timeout/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/timeout", schemaPath: "#/$defs/account/properties/timeout/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.tls !== void 0) {
      let data169 = data.tls;
      const _errs418 = errors;
      let valid135 = true;
      const _errs419 = errors;
      if (data169 && typeof data169 == "object" && !Array.isArray(data169)) {
        let missing33;
        if (data169.certFile === void 0 && (missing33 = "certFile")) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
      var _valid43 = _errs419 === errors;
      errors = _errs418;
      if (vErrors !== null) {
        if (_errs418) {
          vErrors.length = _errs418;
        } else {
          vErrors = null;
        }
      }
      if (_valid43) {
        const _errs420 = errors;
        if (data169 && typeof data169 == "object" && !Array.isArray(data169)) {
          if (data169.keyFile === void 0) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/tls/allOf/1/then/required", keyword: "required", params: { missingProperty: "keyFile" } });
            errors++;
          }
        }
        var _valid43 = _errs420 === errors;
        valid135 = _valid43;
      }
      if (!valid135) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/tls/allOf/1/if", keyword: "if", params: { failingKeyword: "then" } });
        errors++;
      }
      const _errs422 = errors;
      let valid136 = true;
      const _errs423 = errors;
      if (data169 && typeof data169 == "object" && !Array.isArray(data169)) {
        let missing34;
        if (data169.keyFile === void 0 && (missing34 = "keyFile")) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
      var _valid44 = _errs423 === errors;
      errors = _errs422;
      if (vErrors !== null) {
        if (_errs422) {
          vErrors.length = _errs422;
        } else {
          vErrors = null;
        }
      }
      if (_valid44) {
        const _errs424 = errors;
        if (data169 && typeof data169 == "object" && !Array.isArray(data169)) {
          if (data169.certFile === void 0) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/tls/allOf/2/then/required", keyword: "required", params: { missingProperty: "certFile" } });
            errors++;
          }
        }
        var _valid44 = _errs424 === errors;
        valid136 = _valid44;
      }
      if (!valid136) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/tls/allOf/2/if", keyword: "if", params: { failingKeyword: "then" } });
        errors++;
      }
      if (data169 && typeof data169 == "object" && !Array.isArray(data169)) {
        for (const key18 in data169) {
          if (!(key18 === "caFile" || key18 === "certFile" || key18 === "keyFile" || key18 === "serverName" || pattern4.test(key18))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/tls/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key18 } });
            errors++;
          }
        }
        if (data169.caFile !== void 0) {
          let data170 = data169.caFile;
          if (typeof data170 === "string") {
            if (!pattern7.test(data170)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tls/caFile", schemaPath: "#/$defs/tls/properties/caFile/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls/caFile", schemaPath: "#/$defs/tls/properties/caFile/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data169.certFile !== void 0) {
          let data171 = data169.certFile;
          if (typeof data171 === "string") {
            if (!pattern7.test(data171)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tls/certFile", schemaPath: "#/$defs/tls/properties/certFile/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls/certFile", schemaPath: "#/$defs/tls/properties/certFile/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data169.keyFile !== void 0) {
          let data172 = data169.keyFile;
          if (typeof data172 === "string") {
            if (!pattern7.test(data172)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tls/keyFile", schemaPath: "#/$defs/tls/properties/keyFile/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls/keyFile", schemaPath: "#/$defs/tls/properties/keyFile/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data169.serverName !== void 0) {
          let data173 = data169.serverName;
          if (typeof data173 === "string") {
            if (!pattern90.test(data173)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tls/serverName", schemaPath: "#/$defs/tls/properties/serverName/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9.-]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls/serverName", schemaPath: "#/$defs/tls/properties/serverName/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/tls/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.proxy !== void 0) {
      if (!validate62(data.proxy, { instancePath: instancePath + "/proxy", parentData: data, parentDataProperty: "proxy", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
        errors = vErrors.length;
      }
    }
    if (data.allowHttp !== void 0) {
      if (typeof data.allowHttp !== "boolean") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/allowHttp", schemaPath: "#/$defs/account/properties/allowHttp/type", keyword: "type", params: { type: "boolean" } });
        errors++;
      }
    }
    if (data.vars !== void 0) {
      if (!validate21(data.vars, { instancePath: instancePath + "/vars", parentData: data, parentDataProperty: "vars", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
        errors = vErrors.length;
      }
    }
  } else {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/account/type", keyword: "type", params: { type: "object" } });
    errors++;
  }
  validate252.errors = vErrors;
  return errors === 0;
});
validate25.evaluated = { "props": true, "dynamicProps": false, "dynamicItems": false };
var schema53 = schema.$defs["service"];
var schema56 = schema.$defs["rejection"];
var schema58 = schema.$defs["serviceRetry"];
var schema59 = schema.$defs["parameter"];
var schema60 = schema.$defs["sink"];
var pattern103 = new RegExp("^/[^\\s\\\\#]*$", "u");
var pattern110 = new RegExp("^[A-Z]+(?:-[A-Z]+)*$", "u");
var pattern111 = new RegExp("^/[^?#\\\\\\s]*$", "u");
var pattern124 = new RegExp("^connection$", "u");
var pattern128 = new RegExp("^(unix:/.+|.*:[0-9]{1,5})$", "u");
var pattern131 = new RegExp("^0?[0-7]{3}$", "u");
var validate66 = (function validate662(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate662.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  const _errs2 = errors;
  let valid1 = true;
  const _errs3 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing0;
    if (data.parameterLimit === void 0 && (missing0 = "parameterLimit")) {
      vErrors = noted(vErrors, {});
      errors++;
    }
  }
  var _valid0 = _errs3 === errors;
  errors = _errs2;
  if (vErrors !== null) {
    if (_errs2) {
      vErrors.length = _errs2;
    } else {
      vErrors = null;
    }
  }
  if (_valid0) {
    const _errs4 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.parameters === void 0) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/service/allOf/0/then/required", keyword: "required", params: { missingProperty: "parameters" } });
        errors++;
      }
    }
    var _valid0 = _errs4 === errors;
    valid1 = _valid0;
    if (valid1) {
      var props0 = {};
      props0.parameters = true;
      props0.parameterLimit = true;
    }
  }
  if (!valid1) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/service/allOf/0/if", keyword: "if", params: { failingKeyword: "then" } });
    errors++;
  }
  const _errs6 = errors;
  let valid2 = true;
  const _errs7 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing1;
    if (data.parameters === void 0 && (missing1 = "parameters")) {
      vErrors = noted(vErrors, {});
      errors++;
    }
  }
  var _valid1 = _errs7 === errors;
  errors = _errs6;
  if (vErrors !== null) {
    if (_errs6) {
      vErrors.length = _errs6;
    } else {
      vErrors = null;
    }
  }
  if (_valid1) {
    const _errs8 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.sinks !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/sinks", schemaPath: "#/$defs/service/allOf/1/then/properties/sinks/false schema", keyword: "false schema", params: {} });
        errors++;
      }
    }
    var _valid1 = _errs8 === errors;
    valid2 = _valid1;
    if (valid2) {
      var props1 = {};
      props1.sinks = true;
      props1.parameters = true;
    }
  }
  if (!valid2) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/service/allOf/1/if", keyword: "if", params: { failingKeyword: "then" } });
    errors++;
  }
  if (props0 !== true && props1 !== void 0) {
    if (props1 === true) {
      props0 = true;
    } else {
      props0 = props0 || {};
      Object.assign(props0, props1);
    }
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.account === void 0) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/service/required", keyword: "required", params: { missingProperty: "account" } });
      errors++;
    }
    if (data.serverUrl === void 0) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/service/required", keyword: "required", params: { missingProperty: "serverUrl" } });
      errors++;
    }
    for (const key0 in data) {
      if (!(func1.call(schema53.properties, key0) || pattern4.test(key0))) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/service/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } });
        errors++;
      }
    }
    if (data.title !== void 0) {
      if (typeof data.title !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/title", schemaPath: "#/$defs/service/properties/title/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.description !== void 0) {
      if (typeof data.description !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/description", schemaPath: "#/$defs/service/properties/description/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.account !== void 0) {
      let data3 = data.account;
      const _errs15 = errors;
      let valid5 = true;
      const _errs16 = errors;
      if (!(data3 && typeof data3 == "object" && !Array.isArray(data3))) {
        vErrors = noted(vErrors, {});
        errors++;
      }
      var _valid2 = _errs16 === errors;
      errors = _errs15;
      if (vErrors !== null) {
        if (_errs15) {
          vErrors.length = _errs15;
        } else {
          vErrors = null;
        }
      }
      let ifClause0;
      if (_valid2) {
        const _errs18 = errors;
        if (!validate25(data3, { instancePath: instancePath + "/account", parentData: data, parentDataProperty: "account", rootData, dynamicAnchors })) {
          vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
          errors = vErrors.length;
        }
        var _valid2 = _errs18 === errors;
        valid5 = _valid2;
        ifClause0 = "then";
      } else {
        const _errs19 = errors;
        if (typeof data3 === "string") {
          if (!pattern9.test(data3)) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/account", schemaPath: "#/$defs/service/properties/account/else/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]{0,62}$" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/account", schemaPath: "#/$defs/service/properties/account/else/type", keyword: "type", params: { type: "string" } });
          errors++;
        }
        var _valid2 = _errs19 === errors;
        valid5 = _valid2;
        ifClause0 = "else";
      }
      if (!valid5) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/account", schemaPath: "#/$defs/service/properties/account/if", keyword: "if", params: { failingKeyword: ifClause0 } });
        errors++;
      }
    }
    if (data.serverUrl !== void 0) {
      let data4 = data.serverUrl;
      if (typeof data4 === "string") {
        if (!pattern21.test(data4)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/serverUrl", schemaPath: "#/$defs/service/properties/serverUrl/pattern", keyword: "pattern", params: { pattern: "\\S" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/serverUrl", schemaPath: "#/$defs/service/properties/serverUrl/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.timeout !== void 0) {
      let data5 = data.timeout;
      if (typeof data5 === "string") {
        if (!pattern25.test(data5)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/timeout", schemaPath: "#/$defs/service/properties/timeout/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/timeout", schemaPath: "#/$defs/service/properties/timeout/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.timeoutMessage !== void 0) {
      if (typeof data.timeoutMessage !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/timeoutMessage", schemaPath: "#/$defs/service/properties/timeoutMessage/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.healthCheck !== void 0) {
      let data7 = data.healthCheck;
      if (typeof data7 === "string") {
        if (!pattern103.test(data7)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/healthCheck", schemaPath: "#/$defs/service/properties/healthCheck/pattern", keyword: "pattern", params: { pattern: "^/[^\\s\\\\#]*$" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/healthCheck", schemaPath: "#/$defs/service/properties/healthCheck/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.headers !== void 0) {
      let data8 = data.headers;
      if (data8 && typeof data8 == "object" && !Array.isArray(data8)) {
        for (const key1 in data8) {
          const _errs31 = errors;
          if (typeof key1 === "string") {
            if (!pattern52.test(key1)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/headers", schemaPath: "#/$defs/service/properties/headers/propertyNames/pattern", keyword: "pattern", params: { pattern: "^(?!(?:[Hh][Oo][Ss][Tt]|[Cc][Oo][Nn][Nn][Ee][Cc][Tt][Ii][Oo][Nn]|[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee][Nn][Gg][Tt][Hh]|[Tt][Rr][Aa][Nn][Ss][Ff][Ee][Rr]-[Ee][Nn][Cc][Oo][Dd][Ii][Nn][Gg])$)[!#$%&'*+.^_`|~0-9A-Za-z-]+$" }, propertyName: key1 });
              errors++;
            }
          }
          var valid6 = _errs31 === errors;
          if (!valid6) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/headers", schemaPath: "#/$defs/service/properties/headers/propertyNames", keyword: "propertyNames", params: { propertyName: key1 } });
            errors++;
          }
        }
        for (const key2 in data8) {
          if (!validate22(data8[key2], { instancePath: instancePath + "/headers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data8, parentDataProperty: key2, rootData, dynamicAnchors })) {
            vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
            errors = vErrors.length;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/headers", schemaPath: "#/$defs/service/properties/headers/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.inject !== void 0) {
      let data10 = data.inject;
      const _errs38 = errors;
      let valid10 = true;
      const _errs39 = errors;
      if (data10 && typeof data10 == "object" && !Array.isArray(data10)) {
        let missing2;
        if (data10.in === void 0 && (missing2 = "in")) {
          vErrors = noted(vErrors, {});
          errors++;
        } else {
          if (data10.in !== void 0) {
            if ("query" !== data10.in) {
              vErrors = noted(vErrors, {});
              errors++;
            }
          }
        }
      }
      var _valid3 = _errs39 === errors;
      errors = _errs38;
      if (vErrors !== null) {
        if (_errs38) {
          vErrors.length = _errs38;
        } else {
          vErrors = null;
        }
      }
      if (_valid3) {
        const _errs41 = errors;
        if (data10 && typeof data10 == "object" && !Array.isArray(data10)) {
          if (data10.name === void 0) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/inject", schemaPath: "#/$defs/inject/allOf/0/then/required", keyword: "required", params: { missingProperty: "name" } });
            errors++;
          }
        }
        var _valid3 = _errs41 === errors;
        valid10 = _valid3;
        if (valid10) {
          var props4 = {};
          props4.name = true;
          props4.in = true;
        }
      }
      if (!valid10) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/inject", schemaPath: "#/$defs/inject/allOf/0/if", keyword: "if", params: { failingKeyword: "then" } });
        errors++;
      }
      if (data10 && typeof data10 == "object" && !Array.isArray(data10)) {
        for (const key3 in data10) {
          if (!(key3 === "in" || key3 === "name" || key3 === "prefix" || key3 === "value" || pattern4.test(key3))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/inject", schemaPath: "#/$defs/inject/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 } });
            errors++;
          }
        }
        if (data10.in !== void 0) {
          let data12 = data10.in;
          if (typeof data12 !== "string") {
            vErrors = noted(vErrors, { instancePath: instancePath + "/inject/in", schemaPath: "#/$defs/inject/properties/in/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
          if (!(data12 === "header" || data12 === "query")) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/inject/in", schemaPath: "#/$defs/inject/properties/in/enum", keyword: "enum", params: { allowedValues: schema49.properties.in.enum } });
            errors++;
          }
        }
        if (data10.name !== void 0) {
          let data13 = data10.name;
          if (typeof data13 === "string") {
            if (!pattern15.test(data13)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/inject/name", schemaPath: "#/$defs/inject/properties/name/pattern", keyword: "pattern", params: { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/inject/name", schemaPath: "#/$defs/inject/properties/name/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data10.prefix !== void 0) {
          let data14 = data10.prefix;
          if (typeof data14 === "string") {
            if (!pattern82.test(data14)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/inject/prefix", schemaPath: "#/$defs/inject/properties/prefix/pattern", keyword: "pattern", params: { pattern: "^[\\t\\x20-\\x7e]*$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/inject/prefix", schemaPath: "#/$defs/inject/properties/prefix/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data10.value !== void 0) {
          let data15 = data10.value;
          if (typeof data15 === "string") {
            if (!pattern21.test(data15)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/inject/value", schemaPath: "#/$defs/inject/properties/value/pattern", keyword: "pattern", params: { pattern: "\\S" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/inject/value", schemaPath: "#/$defs/inject/properties/value/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/inject", schemaPath: "#/$defs/inject/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.allow !== void 0) {
      let data16 = data.allow;
      if (data16 && typeof data16 == "object" && !Array.isArray(data16)) {
        for (const key4 in data16) {
          if (!(key4 === "methods" || key4 === "paths" || pattern4.test(key4))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/allow", schemaPath: "#/$defs/service/properties/allow/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 } });
            errors++;
          }
        }
        if (data16.methods !== void 0) {
          let data17 = data16.methods;
          if (Array.isArray(data17)) {
            if (data17.length < 1) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/allow/methods", schemaPath: "#/$defs/service/properties/allow/properties/methods/minItems", keyword: "minItems", params: { limit: 1 } });
              errors++;
            }
            const len0 = data17.length;
            for (let i0 = 0; i0 < len0; i0++) {
              let data18 = data17[i0];
              if (typeof data18 === "string") {
                if (!pattern110.test(data18)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/allow/methods/" + i0, schemaPath: "#/$defs/service/properties/allow/properties/methods/items/pattern", keyword: "pattern", params: { pattern: "^[A-Z]+(?:-[A-Z]+)*$" } });
                  errors++;
                }
              } else {
                vErrors = noted(vErrors, { instancePath: instancePath + "/allow/methods/" + i0, schemaPath: "#/$defs/service/properties/allow/properties/methods/items/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/allow/methods", schemaPath: "#/$defs/service/properties/allow/properties/methods/type", keyword: "type", params: { type: "array" } });
            errors++;
          }
        }
        if (data16.paths !== void 0) {
          let data19 = data16.paths;
          if (Array.isArray(data19)) {
            if (data19.length < 1) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/allow/paths", schemaPath: "#/$defs/service/properties/allow/properties/paths/minItems", keyword: "minItems", params: { limit: 1 } });
              errors++;
            }
            const len1 = data19.length;
            for (let i1 = 0; i1 < len1; i1++) {
              let data20 = data19[i1];
              if (typeof data20 === "string") {
                if (!pattern111.test(data20)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/allow/paths/" + i1, schemaPath: "#/$defs/service/properties/allow/properties/paths/items/pattern", keyword: "pattern", params: { pattern: "^/[^?#\\\\\\s]*$" } });
                  errors++;
                }
              } else {
                vErrors = noted(vErrors, { instancePath: instancePath + "/allow/paths/" + i1, schemaPath: "#/$defs/service/properties/allow/properties/paths/items/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/allow/paths", schemaPath: "#/$defs/service/properties/allow/properties/paths/type", keyword: "type", params: { type: "array" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/allow", schemaPath: "#/$defs/service/properties/allow/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.tls !== void 0) {
      let data21 = data.tls;
      const _errs67 = errors;
      let valid20 = true;
      const _errs68 = errors;
      if (data21 && typeof data21 == "object" && !Array.isArray(data21)) {
        let missing3;
        if (data21.certFile === void 0 && (missing3 = "certFile")) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
      var _valid4 = _errs68 === errors;
      errors = _errs67;
      if (vErrors !== null) {
        if (_errs67) {
          vErrors.length = _errs67;
        } else {
          vErrors = null;
        }
      }
      if (_valid4) {
        const _errs69 = errors;
        if (data21 && typeof data21 == "object" && !Array.isArray(data21)) {
          if (data21.keyFile === void 0) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/tls/allOf/1/then/required", keyword: "required", params: { missingProperty: "keyFile" } });
            errors++;
          }
        }
        var _valid4 = _errs69 === errors;
        valid20 = _valid4;
      }
      if (!valid20) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/tls/allOf/1/if", keyword: "if", params: { failingKeyword: "then" } });
        errors++;
      }
      const _errs71 = errors;
      let valid21 = true;
      const _errs72 = errors;
      if (data21 && typeof data21 == "object" && !Array.isArray(data21)) {
        let missing4;
        if (data21.keyFile === void 0 && (missing4 = "keyFile")) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
      var _valid5 = _errs72 === errors;
      errors = _errs71;
      if (vErrors !== null) {
        if (_errs71) {
          vErrors.length = _errs71;
        } else {
          vErrors = null;
        }
      }
      if (_valid5) {
        const _errs73 = errors;
        if (data21 && typeof data21 == "object" && !Array.isArray(data21)) {
          if (data21.certFile === void 0) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/tls/allOf/2/then/required", keyword: "required", params: { missingProperty: "certFile" } });
            errors++;
          }
        }
        var _valid5 = _errs73 === errors;
        valid21 = _valid5;
      }
      if (!valid21) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/tls/allOf/2/if", keyword: "if", params: { failingKeyword: "then" } });
        errors++;
      }
      if (data21 && typeof data21 == "object" && !Array.isArray(data21)) {
        for (const key5 in data21) {
          if (!(key5 === "caFile" || key5 === "certFile" || key5 === "keyFile" || key5 === "serverName" || pattern4.test(key5))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/tls/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key5 } });
            errors++;
          }
        }
        if (data21.caFile !== void 0) {
          let data22 = data21.caFile;
          if (typeof data22 === "string") {
            if (!pattern7.test(data22)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tls/caFile", schemaPath: "#/$defs/tls/properties/caFile/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls/caFile", schemaPath: "#/$defs/tls/properties/caFile/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data21.certFile !== void 0) {
          let data23 = data21.certFile;
          if (typeof data23 === "string") {
            if (!pattern7.test(data23)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tls/certFile", schemaPath: "#/$defs/tls/properties/certFile/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls/certFile", schemaPath: "#/$defs/tls/properties/certFile/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data21.keyFile !== void 0) {
          let data24 = data21.keyFile;
          if (typeof data24 === "string") {
            if (!pattern7.test(data24)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tls/keyFile", schemaPath: "#/$defs/tls/properties/keyFile/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls/keyFile", schemaPath: "#/$defs/tls/properties/keyFile/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data21.serverName !== void 0) {
          let data25 = data21.serverName;
          if (typeof data25 === "string") {
            if (!pattern90.test(data25)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tls/serverName", schemaPath: "#/$defs/tls/properties/serverName/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9.-]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls/serverName", schemaPath: "#/$defs/tls/properties/serverName/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/tls/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.proxy !== void 0) {
      if (!validate62(data.proxy, { instancePath: instancePath + "/proxy", parentData: data, parentDataProperty: "proxy", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
        errors = vErrors.length;
      }
    }
    if (data.reauthenticateOn !== void 0) {
      let data27 = data.reauthenticateOn;
      const _errs85 = errors;
      let valid23 = true;
      const _errs86 = errors;
      if (!Array.isArray(data27)) {
        vErrors = noted(vErrors, {});
        errors++;
      }
      var _valid6 = _errs86 === errors;
      errors = _errs85;
      if (vErrors !== null) {
        if (_errs85) {
          vErrors.length = _errs85;
        } else {
          vErrors = null;
        }
      }
      let ifClause1;
      if (_valid6) {
        const _errs88 = errors;
        if (Array.isArray(data27)) {
          if (data27.length < 1) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn", schemaPath: "#/$defs/service/properties/reauthenticateOn/then/minItems", keyword: "minItems", params: { limit: 1 } });
            errors++;
          }
          const len2 = data27.length;
          for (let i2 = 0; i2 < len2; i2++) {
            let data28 = data27[i2];
            const _errs94 = errors;
            let valid28 = true;
            const _errs95 = errors;
            if (data28 && typeof data28 == "object" && !Array.isArray(data28)) {
              let missing5;
              if (data28.equals === void 0 && (missing5 = "equals")) {
                vErrors = noted(vErrors, {});
                errors++;
              }
            }
            var _valid7 = _errs95 === errors;
            errors = _errs94;
            if (vErrors !== null) {
              if (_errs94) {
                vErrors.length = _errs94;
              } else {
                vErrors = null;
              }
            }
            if (_valid7) {
              const _errs96 = errors;
              if (data28 && typeof data28 == "object" && !Array.isArray(data28)) {
                if (data28.at === void 0) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2, schemaPath: "#/$defs/rejection/allOf/0/then/required", keyword: "required", params: { missingProperty: "at" } });
                  errors++;
                }
              }
              var _valid7 = _errs96 === errors;
              valid28 = _valid7;
              if (valid28) {
                var props6 = {};
                props6.at = true;
                props6.equals = true;
              }
            }
            if (!valid28) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2, schemaPath: "#/$defs/rejection/allOf/0/if", keyword: "if", params: { failingKeyword: "then" } });
              errors++;
            }
            if (data28 && typeof data28 == "object" && !Array.isArray(data28)) {
              if (data28.status === void 0) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2, schemaPath: "#/$defs/rejection/required", keyword: "required", params: { missingProperty: "status" } });
                errors++;
              }
              for (const key6 in data28) {
                if (!(key6 === "status" || key6 === "at" || key6 === "equals" || key6 === "minAge" || pattern4.test(key6))) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2, schemaPath: "#/$defs/rejection/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key6 } });
                  errors++;
                }
              }
              if (data28.status !== void 0) {
                let data29 = data28.status;
                if (Array.isArray(data29)) {
                  if (data29.length < 1) {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2 + "/status", schemaPath: "#/$defs/rejection/properties/status/minItems", keyword: "minItems", params: { limit: 1 } });
                    errors++;
                  }
                  const len3 = data29.length;
                  for (let i3 = 0; i3 < len3; i3++) {
                    let data30 = data29[i3];
                    if (!(typeof data30 == "number" && (!(data30 % 1) && !isNaN(data30)) && isFinite(data30))) {
                      vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2 + "/status/" + i3, schemaPath: "#/$defs/rejection/properties/status/items/type", keyword: "type", params: { type: "integer" } });
                      errors++;
                    }
                    if (typeof data30 == "number" && isFinite(data30)) {
                      if (data30 > 599 || isNaN(data30)) {
                        vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2 + "/status/" + i3, schemaPath: "#/$defs/rejection/properties/status/items/maximum", keyword: "maximum", params: { comparison: "<=", limit: 599 } });
                        errors++;
                      }
                      if (data30 < 200 || isNaN(data30)) {
                        vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2 + "/status/" + i3, schemaPath: "#/$defs/rejection/properties/status/items/minimum", keyword: "minimum", params: { comparison: ">=", limit: 200 } });
                        errors++;
                      }
                    }
                  }
                } else {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2 + "/status", schemaPath: "#/$defs/rejection/properties/status/type", keyword: "type", params: { type: "array" } });
                  errors++;
                }
              }
              if (data28.at !== void 0) {
                let data31 = data28.at;
                if (typeof data31 === "string") {
                  if (!pattern60.test(data31)) {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2 + "/at", schemaPath: "#/$defs/rejection/properties/at/pattern", keyword: "pattern", params: { pattern: "^(?:/(?:[^/~]|~[01])*)+$" } });
                    errors++;
                  }
                } else {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2 + "/at", schemaPath: "#/$defs/rejection/properties/at/type", keyword: "type", params: { type: "string" } });
                  errors++;
                }
              }
              if (data28.equals !== void 0) {
                let data32 = data28.equals;
                const _errs105 = errors;
                let valid32 = true;
                const _errs106 = errors;
                if (typeof data32 !== "string") {
                  vErrors = noted(vErrors, {});
                  errors++;
                }
                var _valid8 = _errs106 === errors;
                errors = _errs105;
                if (vErrors !== null) {
                  if (_errs105) {
                    vErrors.length = _errs105;
                  } else {
                    vErrors = null;
                  }
                }
                let ifClause2;
                if (_valid8) {
                  const _errs108 = errors;
                  if (typeof data32 !== "string") {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2 + "/equals", schemaPath: "#/$defs/rejection/properties/equals/then/type", keyword: "type", params: { type: "string" } });
                    errors++;
                  }
                  var _valid8 = _errs108 === errors;
                  valid32 = _valid8;
                  ifClause2 = "then";
                } else {
                  const _errs110 = errors;
                  const _errs111 = errors;
                  let valid33 = true;
                  const _errs112 = errors;
                  if (typeof data32 !== "boolean") {
                    vErrors = noted(vErrors, {});
                    errors++;
                  }
                  var _valid9 = _errs112 === errors;
                  errors = _errs111;
                  if (vErrors !== null) {
                    if (_errs111) {
                      vErrors.length = _errs111;
                    } else {
                      vErrors = null;
                    }
                  }
                  let ifClause3;
                  if (_valid9) {
                    const _errs114 = errors;
                    if (typeof data32 !== "boolean") {
                      vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2 + "/equals", schemaPath: "#/$defs/rejection/properties/equals/else/then/type", keyword: "type", params: { type: "boolean" } });
                      errors++;
                    }
                    var _valid9 = _errs114 === errors;
                    valid33 = _valid9;
                    ifClause3 = "then";
                  } else {
                    const _errs116 = errors;
                    if (!(typeof data32 == "number" && isFinite(data32))) {
                      vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2 + "/equals", schemaPath: "#/$defs/rejection/properties/equals/else/else/type", keyword: "type", params: { type: "number" } });
                      errors++;
                    }
                    var _valid9 = _errs116 === errors;
                    valid33 = _valid9;
                    ifClause3 = "else";
                  }
                  if (!valid33) {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2 + "/equals", schemaPath: "#/$defs/rejection/properties/equals/else/if", keyword: "if", params: { failingKeyword: ifClause3 } });
                    errors++;
                  }
                  var _valid8 = _errs110 === errors;
                  valid32 = _valid8;
                  ifClause2 = "else";
                }
                if (!valid32) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2 + "/equals", schemaPath: "#/$defs/rejection/properties/equals/if", keyword: "if", params: { failingKeyword: ifClause2 } });
                  errors++;
                }
              }
              if (data28.minAge !== void 0) {
                let data33 = data28.minAge;
                if (typeof data33 === "string") {
                  if (!pattern25.test(data33)) {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2 + "/minAge", schemaPath: "#/$defs/rejection/properties/minAge/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
                    errors++;
                  }
                } else {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2 + "/minAge", schemaPath: "#/$defs/rejection/properties/minAge/type", keyword: "type", params: { type: "string" } });
                  errors++;
                }
              }
            } else {
              vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/" + i2, schemaPath: "#/$defs/rejection/type", keyword: "type", params: { type: "object" } });
              errors++;
            }
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn", schemaPath: "#/$defs/service/properties/reauthenticateOn/then/type", keyword: "type", params: { type: "array" } });
          errors++;
        }
        var _valid6 = _errs88 === errors;
        valid23 = _valid6;
        ifClause1 = "then";
      } else {
        const _errs120 = errors;
        const _errs124 = errors;
        let valid36 = true;
        const _errs125 = errors;
        if (data27 && typeof data27 == "object" && !Array.isArray(data27)) {
          let missing6;
          if (data27.equals === void 0 && (missing6 = "equals")) {
            vErrors = noted(vErrors, {});
            errors++;
          }
        }
        var _valid10 = _errs125 === errors;
        errors = _errs124;
        if (vErrors !== null) {
          if (_errs124) {
            vErrors.length = _errs124;
          } else {
            vErrors = null;
          }
        }
        if (_valid10) {
          const _errs126 = errors;
          if (data27 && typeof data27 == "object" && !Array.isArray(data27)) {
            if (data27.at === void 0) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn", schemaPath: "#/$defs/rejection/allOf/0/then/required", keyword: "required", params: { missingProperty: "at" } });
              errors++;
            }
          }
          var _valid10 = _errs126 === errors;
          valid36 = _valid10;
          if (valid36) {
            var props7 = {};
            props7.at = true;
            props7.equals = true;
          }
        }
        if (!valid36) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn", schemaPath: "#/$defs/rejection/allOf/0/if", keyword: "if", params: { failingKeyword: "then" } });
          errors++;
        }
        if (data27 && typeof data27 == "object" && !Array.isArray(data27)) {
          if (data27.status === void 0) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn", schemaPath: "#/$defs/rejection/required", keyword: "required", params: { missingProperty: "status" } });
            errors++;
          }
          for (const key7 in data27) {
            if (!(key7 === "status" || key7 === "at" || key7 === "equals" || key7 === "minAge" || pattern4.test(key7))) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn", schemaPath: "#/$defs/rejection/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key7 } });
              errors++;
            }
          }
          if (data27.status !== void 0) {
            let data34 = data27.status;
            if (Array.isArray(data34)) {
              if (data34.length < 1) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/status", schemaPath: "#/$defs/rejection/properties/status/minItems", keyword: "minItems", params: { limit: 1 } });
                errors++;
              }
              const len4 = data34.length;
              for (let i4 = 0; i4 < len4; i4++) {
                let data35 = data34[i4];
                if (!(typeof data35 == "number" && (!(data35 % 1) && !isNaN(data35)) && isFinite(data35))) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/status/" + i4, schemaPath: "#/$defs/rejection/properties/status/items/type", keyword: "type", params: { type: "integer" } });
                  errors++;
                }
                if (typeof data35 == "number" && isFinite(data35)) {
                  if (data35 > 599 || isNaN(data35)) {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/status/" + i4, schemaPath: "#/$defs/rejection/properties/status/items/maximum", keyword: "maximum", params: { comparison: "<=", limit: 599 } });
                    errors++;
                  }
                  if (data35 < 200 || isNaN(data35)) {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/status/" + i4, schemaPath: "#/$defs/rejection/properties/status/items/minimum", keyword: "minimum", params: { comparison: ">=", limit: 200 } });
                    errors++;
                  }
                }
              }
            } else {
              vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/status", schemaPath: "#/$defs/rejection/properties/status/type", keyword: "type", params: { type: "array" } });
              errors++;
            }
          }
          if (data27.at !== void 0) {
            let data36 = data27.at;
            if (typeof data36 === "string") {
              if (!pattern60.test(data36)) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/at", schemaPath: "#/$defs/rejection/properties/at/pattern", keyword: "pattern", params: { pattern: "^(?:/(?:[^/~]|~[01])*)+$" } });
                errors++;
              }
            } else {
              vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/at", schemaPath: "#/$defs/rejection/properties/at/type", keyword: "type", params: { type: "string" } });
              errors++;
            }
          }
          if (data27.equals !== void 0) {
            let data37 = data27.equals;
            const _errs135 = errors;
            let valid40 = true;
            const _errs136 = errors;
            if (typeof data37 !== "string") {
              vErrors = noted(vErrors, {});
              errors++;
            }
            var _valid11 = _errs136 === errors;
            errors = _errs135;
            if (vErrors !== null) {
              if (_errs135) {
                vErrors.length = _errs135;
              } else {
                vErrors = null;
              }
            }
            let ifClause4;
            if (_valid11) {
              const _errs138 = errors;
              if (typeof data37 !== "string") {
                vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/equals", schemaPath: "#/$defs/rejection/properties/equals/then/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
              var _valid11 = _errs138 === errors;
              valid40 = _valid11;
              ifClause4 = "then";
            } else {
              const _errs140 = errors;
              const _errs141 = errors;
              let valid41 = true;
              const _errs142 = errors;
              if (typeof data37 !== "boolean") {
                vErrors = noted(vErrors, {});
                errors++;
              }
              var _valid12 = _errs142 === errors;
              errors = _errs141;
              if (vErrors !== null) {
                if (_errs141) {
                  vErrors.length = _errs141;
                } else {
                  vErrors = null;
                }
              }
              let ifClause5;
              if (_valid12) {
                const _errs144 = errors;
                if (typeof data37 !== "boolean") {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/equals", schemaPath: "#/$defs/rejection/properties/equals/else/then/type", keyword: "type", params: { type: "boolean" } });
                  errors++;
                }
                var _valid12 = _errs144 === errors;
                valid41 = _valid12;
                ifClause5 = "then";
              } else {
                const _errs146 = errors;
                if (!(typeof data37 == "number" && isFinite(data37))) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/equals", schemaPath: "#/$defs/rejection/properties/equals/else/else/type", keyword: "type", params: { type: "number" } });
                  errors++;
                }
                var _valid12 = _errs146 === errors;
                valid41 = _valid12;
                ifClause5 = "else";
              }
              if (!valid41) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/equals", schemaPath: "#/$defs/rejection/properties/equals/else/if", keyword: "if", params: { failingKeyword: ifClause5 } });
                errors++;
              }
              var _valid11 = _errs140 === errors;
              valid40 = _valid11;
              ifClause4 = "else";
            }
            if (!valid40) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/equals", schemaPath: "#/$defs/rejection/properties/equals/if", keyword: "if", params: { failingKeyword: ifClause4 } });
              errors++;
            }
          }
          if (data27.minAge !== void 0) {
            let data38 = data27.minAge;
            if (typeof data38 === "string") {
              if (!pattern25.test(data38)) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/minAge", schemaPath: "#/$defs/rejection/properties/minAge/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
                errors++;
              }
            } else {
              vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn/minAge", schemaPath: "#/$defs/rejection/properties/minAge/type", keyword: "type", params: { type: "string" } });
              errors++;
            }
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn", schemaPath: "#/$defs/rejection/type", keyword: "type", params: { type: "object" } });
          errors++;
        }
        var _valid6 = _errs120 === errors;
        valid23 = _valid6;
        ifClause1 = "else";
      }
      if (!valid23) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/reauthenticateOn", schemaPath: "#/$defs/service/properties/reauthenticateOn/if", keyword: "if", params: { failingKeyword: ifClause1 } });
        errors++;
      }
    }
    if (data.retry !== void 0) {
      let data39 = data.retry;
      if (data39 && typeof data39 == "object" && !Array.isArray(data39)) {
        for (const key8 in data39) {
          if (!(key8 === "attempts" || key8 === "on" || key8 === "maxDelay" || pattern4.test(key8))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/retry", schemaPath: "#/$defs/serviceRetry/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key8 } });
            errors++;
          }
        }
        if (data39.attempts !== void 0) {
          let data40 = data39.attempts;
          if (!(typeof data40 == "number" && (!(data40 % 1) && !isNaN(data40)) && isFinite(data40))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/retry/attempts", schemaPath: "#/$defs/serviceRetry/properties/attempts/type", keyword: "type", params: { type: "integer" } });
            errors++;
          }
          if (typeof data40 == "number" && isFinite(data40)) {
            if (data40 > 10 || isNaN(data40)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/retry/attempts", schemaPath: "#/$defs/serviceRetry/properties/attempts/maximum", keyword: "maximum", params: { comparison: "<=", limit: 10 } });
              errors++;
            }
            if (data40 < 1 || isNaN(data40)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/retry/attempts", schemaPath: "#/$defs/serviceRetry/properties/attempts/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } });
              errors++;
            }
          }
        }
        if (data39.on !== void 0) {
          let data41 = data39.on;
          if (Array.isArray(data41)) {
            if (data41.length < 1) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/retry/on", schemaPath: "#/$defs/serviceRetry/properties/on/minItems", keyword: "minItems", params: { limit: 1 } });
              errors++;
            }
            const len5 = data41.length;
            for (let i5 = 0; i5 < len5; i5++) {
              let data42 = data41[i5];
              const _errs159 = errors;
              let valid46 = true;
              const _errs160 = errors;
              if (typeof data42 !== "string") {
                vErrors = noted(vErrors, {});
                errors++;
              }
              var _valid13 = _errs160 === errors;
              errors = _errs159;
              if (vErrors !== null) {
                if (_errs159) {
                  vErrors.length = _errs159;
                } else {
                  vErrors = null;
                }
              }
              let ifClause6;
              if (_valid13) {
                const _errs162 = errors;
                if (typeof data42 === "string") {
                  if (!pattern124.test(data42)) {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/retry/on/" + i5, schemaPath: "#/$defs/serviceRetry/properties/on/items/then/pattern", keyword: "pattern", params: { pattern: "^connection$" } });
                    errors++;
                  }
                } else {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/retry/on/" + i5, schemaPath: "#/$defs/serviceRetry/properties/on/items/then/type", keyword: "type", params: { type: "string" } });
                  errors++;
                }
                var _valid13 = _errs162 === errors;
                valid46 = _valid13;
                ifClause6 = "then";
              } else {
                const _errs164 = errors;
                if (!(typeof data42 == "number" && (!(data42 % 1) && !isNaN(data42)) && isFinite(data42))) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/retry/on/" + i5, schemaPath: "#/$defs/serviceRetry/properties/on/items/else/type", keyword: "type", params: { type: "integer" } });
                  errors++;
                }
                if (typeof data42 == "number" && isFinite(data42)) {
                  if (data42 > 599 || isNaN(data42)) {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/retry/on/" + i5, schemaPath: "#/$defs/serviceRetry/properties/on/items/else/maximum", keyword: "maximum", params: { comparison: "<=", limit: 599 } });
                    errors++;
                  }
                  if (data42 < 400 || isNaN(data42)) {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/retry/on/" + i5, schemaPath: "#/$defs/serviceRetry/properties/on/items/else/minimum", keyword: "minimum", params: { comparison: ">=", limit: 400 } });
                    errors++;
                  }
                }
                var _valid13 = _errs164 === errors;
                valid46 = _valid13;
                ifClause6 = "else";
              }
              if (!valid46) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/retry/on/" + i5, schemaPath: "#/$defs/serviceRetry/properties/on/items/if", keyword: "if", params: { failingKeyword: ifClause6 } });
                errors++;
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/retry/on", schemaPath: "#/$defs/serviceRetry/properties/on/type", keyword: "type", params: { type: "array" } });
            errors++;
          }
        }
        if (data39.maxDelay !== void 0) {
          let data43 = data39.maxDelay;
          if (typeof data43 === "string") {
            if (!pattern25.test(data43)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/retry/maxDelay", schemaPath: "#/$defs/serviceRetry/properties/maxDelay/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/retry/maxDelay", schemaPath: "#/$defs/serviceRetry/properties/maxDelay/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/retry", schemaPath: "#/$defs/serviceRetry/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.allowHttp !== void 0) {
      if (typeof data.allowHttp !== "boolean") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/allowHttp", schemaPath: "#/$defs/service/properties/allowHttp/type", keyword: "type", params: { type: "boolean" } });
        errors++;
      }
    }
    if (data.vars !== void 0) {
      if (!validate21(data.vars, { instancePath: instancePath + "/vars", parentData: data, parentDataProperty: "vars", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
        errors = vErrors.length;
      }
    }
    if (data.parameters !== void 0) {
      let data46 = data.parameters;
      if (data46 && typeof data46 == "object" && !Array.isArray(data46)) {
        for (const key9 in data46) {
          const _errs173 = errors;
          if (typeof key9 === "string") {
            if (!pattern9.test(key9)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/parameters", schemaPath: "#/$defs/service/properties/parameters/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]{0,62}$" }, propertyName: key9 });
              errors++;
            }
          }
          var valid47 = _errs173 === errors;
          if (!valid47) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/parameters", schemaPath: "#/$defs/service/properties/parameters/propertyNames", keyword: "propertyNames", params: { propertyName: key9 } });
            errors++;
          }
        }
        for (const key10 in data46) {
          let data47 = data46[key10];
          if (data47 && typeof data47 == "object" && !Array.isArray(data47)) {
            for (const key11 in data47) {
              if (!(key11 === "pattern" || key11 === "default" || pattern4.test(key11))) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/parameters/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/$defs/parameter/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key11 } });
                errors++;
              }
            }
            if (data47.pattern !== void 0) {
              if (typeof data47.pattern !== "string") {
                vErrors = noted(vErrors, { instancePath: instancePath + "/parameters/" + key10.replace(/~/g, "~0").replace(/\//g, "~1") + "/pattern", schemaPath: "#/$defs/parameter/properties/pattern/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
            }
            if (data47.default !== void 0) {
              if (typeof data47.default !== "string") {
                vErrors = noted(vErrors, { instancePath: instancePath + "/parameters/" + key10.replace(/~/g, "~0").replace(/\//g, "~1") + "/default", schemaPath: "#/$defs/parameter/properties/default/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/parameters/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/$defs/parameter/type", keyword: "type", params: { type: "object" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/parameters", schemaPath: "#/$defs/service/properties/parameters/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.parameterLimit !== void 0) {
      let data50 = data.parameterLimit;
      if (!(typeof data50 == "number" && (!(data50 % 1) && !isNaN(data50)) && isFinite(data50))) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/parameterLimit", schemaPath: "#/$defs/service/properties/parameterLimit/type", keyword: "type", params: { type: "integer" } });
        errors++;
      }
      if (typeof data50 == "number" && isFinite(data50)) {
        if (data50 > 1e6 || isNaN(data50)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/parameterLimit", schemaPath: "#/$defs/service/properties/parameterLimit/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e6 } });
          errors++;
        }
        if (data50 < 1 || isNaN(data50)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/parameterLimit", schemaPath: "#/$defs/service/properties/parameterLimit/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } });
          errors++;
        }
      }
    }
    if (data.listen !== void 0) {
      let data51 = data.listen;
      if (typeof data51 === "string") {
        if (!pattern128.test(data51)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/listen", schemaPath: "#/$defs/service/properties/listen/pattern", keyword: "pattern", params: { pattern: "^(unix:/.+|.*:[0-9]{1,5})$" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/listen", schemaPath: "#/$defs/service/properties/listen/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.sinks !== void 0) {
      let data52 = data.sinks;
      if (Array.isArray(data52)) {
        if (data52.length < 1) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/sinks", schemaPath: "#/$defs/service/properties/sinks/minItems", keyword: "minItems", params: { limit: 1 } });
          errors++;
        }
        const len6 = data52.length;
        for (let i6 = 0; i6 < len6; i6++) {
          let data53 = data52[i6];
          if (data53 && typeof data53 == "object" && !Array.isArray(data53)) {
            if (data53.file === void 0) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/sinks/" + i6, schemaPath: "#/$defs/sink/required", keyword: "required", params: { missingProperty: "file" } });
              errors++;
            }
            for (const key12 in data53) {
              if (!(key12 === "file" || key12 === "format" || key12 === "mode" || pattern4.test(key12))) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/sinks/" + i6, schemaPath: "#/$defs/sink/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key12 } });
                errors++;
              }
            }
            if (data53.file !== void 0) {
              let data54 = data53.file;
              if (typeof data54 === "string") {
                if (!pattern7.test(data54)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/sinks/" + i6 + "/file", schemaPath: "#/$defs/sink/properties/file/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
                  errors++;
                }
              } else {
                vErrors = noted(vErrors, { instancePath: instancePath + "/sinks/" + i6 + "/file", schemaPath: "#/$defs/sink/properties/file/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
            }
            if (data53.format !== void 0) {
              let data55 = data53.format;
              if (typeof data55 !== "string") {
                vErrors = noted(vErrors, { instancePath: instancePath + "/sinks/" + i6 + "/format", schemaPath: "#/$defs/sink/properties/format/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
              if (!(data55 === "token" || data55 === "header" || data55 === "json")) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/sinks/" + i6 + "/format", schemaPath: "#/$defs/sink/properties/format/enum", keyword: "enum", params: { allowedValues: schema60.properties.format.enum } });
                errors++;
              }
            }
            if (data53.mode !== void 0) {
              let data56 = data53.mode;
              if (typeof data56 === "string") {
                if (!pattern131.test(data56)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/sinks/" + i6 + "/mode", schemaPath: "#/$defs/sink/properties/mode/pattern", keyword: "pattern", params: { pattern: "^0?[0-7]{3}$" } });
                  errors++;
                }
              } else {
                vErrors = noted(vErrors, { instancePath: instancePath + "/sinks/" + i6 + "/mode", schemaPath: "#/$defs/sink/properties/mode/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/sinks/" + i6, schemaPath: "#/$defs/sink/type", keyword: "type", params: { type: "object" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/sinks", schemaPath: "#/$defs/service/properties/sinks/type", keyword: "type", params: { type: "array" } });
        errors++;
      }
    }
  } else {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/service/type", keyword: "type", params: { type: "object" } });
    errors++;
  }
  validate662.errors = vErrors;
  return errors === 0;
});
validate66.evaluated = { "props": true, "dynamicProps": false, "dynamicItems": false };
var schema61 = schema.$defs["action"];
var pattern138 = new RegExp("^(?!CONNECT$|TRACE$)[A-Z]{1,32}$", "u");
var pattern141 = new RegExp("^[!#$&^_.+A-Za-z0-9-]+/[!#$&^_.+A-Za-z0-9-]+(;[ \\t]*[\\x20-\\x7e]+)?$", "u");
var pattern143 = new RegExp("^[^\\r\\n\\u0000]+$", "u");
var pattern155 = new RegExp("^[0-9]{1,12}(B|KiB|MiB|GiB|TiB)$", "u");
var validate72 = (function validate722(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate722.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  const _errs2 = errors;
  let valid1 = true;
  const _errs3 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing0;
    if (data.type === void 0 && (missing0 = "type")) {
      vErrors = noted(vErrors, {});
      errors++;
    } else {
      if (data.type !== void 0) {
        if ("sendToConnectedService" !== data.type) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
    }
  }
  var _valid0 = _errs3 === errors;
  errors = _errs2;
  if (vErrors !== null) {
    if (_errs2) {
      vErrors.length = _errs2;
    } else {
      vErrors = null;
    }
  }
  if (_valid0) {
    const _errs5 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.authenticateWith === void 0) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/action/allOf/0/then/required", keyword: "required", params: { missingProperty: "authenticateWith" } });
        errors++;
      }
      if (data.path === void 0) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/action/allOf/0/then/required", keyword: "required", params: { missingProperty: "path" } });
        errors++;
      }
      if (data.url !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/url", schemaPath: "#/$defs/action/allOf/0/then/properties/url/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.files !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/files", schemaPath: "#/$defs/action/allOf/0/then/properties/files/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.outputFileName !== void 0) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/outputFileName", schemaPath: "#/$defs/action/allOf/0/then/properties/outputFileName/false schema", keyword: "false schema", params: {} });
        errors++;
      }
      if (data.content !== void 0) {
        let data4 = data.content;
        if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
          if (data4.file !== void 0) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/content/file", schemaPath: "#/$defs/action/allOf/0/then/properties/content/properties/file/false schema", keyword: "false schema", params: {} });
            errors++;
          }
          if (data4.multipart !== void 0) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/content/multipart", schemaPath: "#/$defs/action/allOf/0/then/properties/content/properties/multipart/false schema", keyword: "false schema", params: {} });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/content", schemaPath: "#/$defs/action/allOf/0/then/properties/content/type", keyword: "type", params: { type: "object" } });
          errors++;
        }
      }
    }
    var _valid0 = _errs5 === errors;
    valid1 = _valid0;
    if (valid1) {
      var props0 = {};
      props0.authenticateWith = true;
      props0.path = true;
      props0.url = true;
      props0.files = true;
      props0.outputFileName = true;
      props0.content = true;
      props0.type = true;
    }
  }
  if (!valid1) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/action/allOf/0/if", keyword: "if", params: { failingKeyword: "then" } });
    errors++;
  }
  const _errs9 = errors;
  let valid5 = true;
  const _errs10 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing1;
    if (data.type === void 0 && (missing1 = "type")) {
      vErrors = noted(vErrors, {});
      errors++;
    } else {
      if (data.type !== void 0) {
        if ("copyToHttpServer" !== data.type) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
    }
  }
  var _valid1 = _errs10 === errors;
  errors = _errs9;
  if (vErrors !== null) {
    if (_errs9) {
      vErrors.length = _errs9;
    } else {
      vErrors = null;
    }
  }
  if (_valid1) {
    const _errs12 = errors;
    const _errs14 = errors;
    let valid8 = true;
    const _errs15 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing2;
      if (data.authenticateWith === void 0 && (missing2 = "authenticateWith")) {
        vErrors = noted(vErrors, {});
        errors++;
      }
    }
    var _valid2 = _errs15 === errors;
    errors = _errs14;
    if (vErrors !== null) {
      if (_errs14) {
        vErrors.length = _errs14;
      } else {
        vErrors = null;
      }
    }
    let ifClause0;
    if (_valid2) {
      const _errs16 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.path === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/action/allOf/1/then/allOf/0/then/required", keyword: "required", params: { missingProperty: "path" } });
          errors++;
        }
        if (data.url !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/url", schemaPath: "#/$defs/action/allOf/1/then/allOf/0/then/properties/url/false schema", keyword: "false schema", params: {} });
          errors++;
        }
      }
      var _valid2 = _errs16 === errors;
      valid8 = _valid2;
      if (valid8) {
        var props1 = {};
        props1.path = true;
        props1.url = true;
      }
      ifClause0 = "then";
    } else {
      const _errs17 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.url === void 0) {
          vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/action/allOf/1/then/allOf/0/else/required", keyword: "required", params: { missingProperty: "url" } });
          errors++;
        }
        if (data.path !== void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/path", schemaPath: "#/$defs/action/allOf/1/then/allOf/0/else/properties/path/false schema", keyword: "false schema", params: {} });
          errors++;
        }
      }
      var _valid2 = _errs17 === errors;
      valid8 = _valid2;
      if (valid8) {
        if (props1 !== true) {
          props1 = props1 || {};
          props1.url = true;
          props1.path = true;
        }
      }
      ifClause0 = "else";
    }
    if (!valid8) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/action/allOf/1/then/allOf/0/if", keyword: "if", params: { failingKeyword: ifClause0 } });
      errors++;
    }
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.content === void 0) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/action/allOf/1/then/required", keyword: "required", params: { missingProperty: "content" } });
        errors++;
      }
      if (props1 !== true) {
        props1 = props1 || {};
        props1.content = true;
      }
    }
    var _valid1 = _errs12 === errors;
    valid5 = _valid1;
    if (valid5) {
      if (props1 !== true) {
        props1 = props1 || {};
        props1.type = true;
      }
    }
  }
  if (!valid5) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/action/allOf/1/if", keyword: "if", params: { failingKeyword: "then" } });
    errors++;
  }
  if (props0 !== true && props1 !== void 0) {
    if (props1 === true) {
      props0 = true;
    } else {
      props0 = props0 || {};
      Object.assign(props0, props1);
    }
  }
  const _errs19 = errors;
  let valid11 = true;
  const _errs20 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    let missing3;
    if (data.files === void 0 && (missing3 = "files")) {
      vErrors = noted(vErrors, {});
      errors++;
    } else {
      if (data.files !== void 0) {
        if ("together" !== data.files) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
    }
  }
  var _valid3 = _errs20 === errors;
  errors = _errs19;
  if (vErrors !== null) {
    if (_errs19) {
      vErrors.length = _errs19;
    } else {
      vErrors = null;
    }
  }
  if (_valid3) {
    const _errs22 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.content !== void 0) {
        let data11 = data.content;
        if (data11 && typeof data11 == "object" && !Array.isArray(data11)) {
          if (data11.multipart === void 0) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/content", schemaPath: "#/$defs/action/allOf/2/then/properties/content/required", keyword: "required", params: { missingProperty: "multipart" } });
            errors++;
          }
        } else {
          vErrors = noted(vErrors, { instancePath: instancePath + "/content", schemaPath: "#/$defs/action/allOf/2/then/properties/content/type", keyword: "type", params: { type: "object" } });
          errors++;
        }
      }
    }
    var _valid3 = _errs22 === errors;
    valid11 = _valid3;
    if (valid11) {
      var props2 = {};
      props2.content = true;
      props2.files = true;
    }
  }
  if (!valid11) {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/action/allOf/2/if", keyword: "if", params: { failingKeyword: "then" } });
    errors++;
  }
  if (props0 !== true && props2 !== void 0) {
    if (props2 === true) {
      props0 = true;
    } else {
      props0 = props0 || {};
      Object.assign(props0, props2);
    }
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.type === void 0) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/action/required", keyword: "required", params: { missingProperty: "type" } });
      errors++;
    }
    for (const key0 in data) {
      if (!(func1.call(schema61.properties, key0) || pattern4.test(key0))) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/action/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } });
        errors++;
      }
    }
    if (data.title !== void 0) {
      if (typeof data.title !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/title", schemaPath: "#/$defs/action/properties/title/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.description !== void 0) {
      if (typeof data.description !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/description", schemaPath: "#/$defs/action/properties/description/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.type !== void 0) {
      let data14 = data.type;
      if (typeof data14 !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/type", schemaPath: "#/$defs/action/properties/type/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
      if (!(data14 === "copyToHttpServer" || data14 === "sendToConnectedService")) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/type", schemaPath: "#/$defs/action/properties/type/enum", keyword: "enum", params: { allowedValues: schema61.properties.type.enum } });
        errors++;
      }
    }
    if (data.authenticateWith !== void 0) {
      let data15 = data.authenticateWith;
      if (typeof data15 === "string") {
        if (!pattern9.test(data15)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/authenticateWith", schemaPath: "#/$defs/action/properties/authenticateWith/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]{0,62}$" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/authenticateWith", schemaPath: "#/$defs/action/properties/authenticateWith/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.path !== void 0) {
      let data16 = data.path;
      if (typeof data16 === "string") {
        if (!pattern27.test(data16)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/path", schemaPath: "#/$defs/action/properties/path/pattern", keyword: "pattern", params: { pattern: "^/" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/path", schemaPath: "#/$defs/action/properties/path/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.url !== void 0) {
      let data17 = data.url;
      if (typeof data17 === "string") {
        if (!pattern21.test(data17)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/url", schemaPath: "#/$defs/action/properties/url/pattern", keyword: "pattern", params: { pattern: "\\S" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/url", schemaPath: "#/$defs/action/properties/url/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.method !== void 0) {
      let data18 = data.method;
      if (typeof data18 === "string") {
        if (!pattern138.test(data18)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/method", schemaPath: "#/$defs/action/properties/method/pattern", keyword: "pattern", params: { pattern: "^(?!CONNECT$|TRACE$)[A-Z]{1,32}$" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/method", schemaPath: "#/$defs/action/properties/method/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.headers !== void 0) {
      let data19 = data.headers;
      if (data19 && typeof data19 == "object" && !Array.isArray(data19)) {
        for (const key1 in data19) {
          const _errs42 = errors;
          if (typeof key1 === "string") {
            if (!pattern52.test(key1)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/headers", schemaPath: "#/$defs/action/properties/headers/propertyNames/pattern", keyword: "pattern", params: { pattern: "^(?!(?:[Hh][Oo][Ss][Tt]|[Cc][Oo][Nn][Nn][Ee][Cc][Tt][Ii][Oo][Nn]|[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee][Nn][Gg][Tt][Hh]|[Tt][Rr][Aa][Nn][Ss][Ff][Ee][Rr]-[Ee][Nn][Cc][Oo][Dd][Ii][Nn][Gg])$)[!#$%&'*+.^_`|~0-9A-Za-z-]+$" }, propertyName: key1 });
              errors++;
            }
          }
          var valid15 = _errs42 === errors;
          if (!valid15) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/headers", schemaPath: "#/$defs/action/properties/headers/propertyNames", keyword: "propertyNames", params: { propertyName: key1 } });
            errors++;
          }
        }
        for (const key2 in data19) {
          if (!validate22(data19[key2], { instancePath: instancePath + "/headers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data19, parentDataProperty: key2, rootData, dynamicAnchors })) {
            vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
            errors = vErrors.length;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/headers", schemaPath: "#/$defs/action/properties/headers/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.content !== void 0) {
      let data21 = data.content;
      if (data21 && typeof data21 == "object" && !Array.isArray(data21)) {
        if (Object.keys(data21).length > 1) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/content", schemaPath: "#/$defs/action/properties/content/maxProperties", keyword: "maxProperties", params: { limit: 1 } });
          errors++;
        }
        if (Object.keys(data21).length < 1) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/content", schemaPath: "#/$defs/action/properties/content/minProperties", keyword: "minProperties", params: { limit: 1 } });
          errors++;
        }
        for (const key3 in data21) {
          if (!(key3 === "file" || key3 === "multipart" || key3 === "text" || key3 === "json" || key3 === "form")) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/content", schemaPath: "#/$defs/action/properties/content/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 } });
            errors++;
          }
        }
        if (data21.file !== void 0) {
          let data22 = data21.file;
          if (data22 && typeof data22 == "object" && !Array.isArray(data22)) {
            for (const key4 in data22) {
              if (!(key4 === "contentType" || pattern4.test(key4))) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/content/file", schemaPath: "#/$defs/action/properties/content/properties/file/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 } });
                errors++;
              }
            }
            if (data22.contentType !== void 0) {
              let data23 = data22.contentType;
              if (typeof data23 === "string") {
                if (!pattern141.test(data23)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/content/file/contentType", schemaPath: "#/$defs/action/properties/content/properties/file/properties/contentType/pattern", keyword: "pattern", params: { pattern: "^[!#$&^_.+A-Za-z0-9-]+/[!#$&^_.+A-Za-z0-9-]+(;[ \\t]*[\\x20-\\x7e]+)?$" } });
                  errors++;
                }
              } else {
                vErrors = noted(vErrors, { instancePath: instancePath + "/content/file/contentType", schemaPath: "#/$defs/action/properties/content/properties/file/properties/contentType/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/content/file", schemaPath: "#/$defs/action/properties/content/properties/file/type", keyword: "type", params: { type: "object" } });
            errors++;
          }
        }
        if (data21.multipart !== void 0) {
          let data24 = data21.multipart;
          if (data24 && typeof data24 == "object" && !Array.isArray(data24)) {
            for (const key5 in data24) {
              if (!(key5 === "field" || key5 === "fields" || key5 === "contentType" || pattern4.test(key5))) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/content/multipart", schemaPath: "#/$defs/action/properties/content/properties/multipart/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key5 } });
                errors++;
              }
            }
            if (data24.field !== void 0) {
              let data25 = data24.field;
              if (typeof data25 === "string") {
                if (!pattern143.test(data25)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/content/multipart/field", schemaPath: "#/$defs/action/properties/content/properties/multipart/properties/field/pattern", keyword: "pattern", params: { pattern: "^[^\\r\\n\\u0000]+$" } });
                  errors++;
                }
              } else {
                vErrors = noted(vErrors, { instancePath: instancePath + "/content/multipart/field", schemaPath: "#/$defs/action/properties/content/properties/multipart/properties/field/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
            }
            if (data24.fields !== void 0) {
              let data26 = data24.fields;
              if (data26 && typeof data26 == "object" && !Array.isArray(data26)) {
                for (const key6 in data26) {
                  const _errs60 = errors;
                  if (typeof key6 === "string") {
                    if (!pattern143.test(key6)) {
                      vErrors = noted(vErrors, { instancePath: instancePath + "/content/multipart/fields", schemaPath: "#/$defs/action/properties/content/properties/multipart/properties/fields/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[^\\r\\n\\u0000]+$" }, propertyName: key6 });
                      errors++;
                    }
                  }
                  var valid20 = _errs60 === errors;
                  if (!valid20) {
                    vErrors = noted(vErrors, { instancePath: instancePath + "/content/multipart/fields", schemaPath: "#/$defs/action/properties/content/properties/multipart/properties/fields/propertyNames", keyword: "propertyNames", params: { propertyName: key6 } });
                    errors++;
                  }
                }
                for (const key7 in data26) {
                  if (!validate22(data26[key7], { instancePath: instancePath + "/content/multipart/fields/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data26, parentDataProperty: key7, rootData, dynamicAnchors })) {
                    vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
                    errors = vErrors.length;
                  }
                }
              } else {
                vErrors = noted(vErrors, { instancePath: instancePath + "/content/multipart/fields", schemaPath: "#/$defs/action/properties/content/properties/multipart/properties/fields/type", keyword: "type", params: { type: "object" } });
                errors++;
              }
            }
            if (data24.contentType !== void 0) {
              let data28 = data24.contentType;
              if (typeof data28 === "string") {
                if (!pattern141.test(data28)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/content/multipart/contentType", schemaPath: "#/$defs/action/properties/content/properties/multipart/properties/contentType/pattern", keyword: "pattern", params: { pattern: "^[!#$&^_.+A-Za-z0-9-]+/[!#$&^_.+A-Za-z0-9-]+(;[ \\t]*[\\x20-\\x7e]+)?$" } });
                  errors++;
                }
              } else {
                vErrors = noted(vErrors, { instancePath: instancePath + "/content/multipart/contentType", schemaPath: "#/$defs/action/properties/content/properties/multipart/properties/contentType/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/content/multipart", schemaPath: "#/$defs/action/properties/content/properties/multipart/type", keyword: "type", params: { type: "object" } });
            errors++;
          }
        }
        if (data21.text !== void 0) {
          let data29 = data21.text;
          if (data29 && typeof data29 == "object" && !Array.isArray(data29)) {
            if (data29.template === void 0) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/content/text", schemaPath: "#/$defs/action/properties/content/properties/text/required", keyword: "required", params: { missingProperty: "template" } });
              errors++;
            }
            for (const key8 in data29) {
              if (!(key8 === "template" || key8 === "contentType" || pattern4.test(key8))) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/content/text", schemaPath: "#/$defs/action/properties/content/properties/text/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key8 } });
                errors++;
              }
            }
            if (data29.template !== void 0) {
              if (typeof data29.template !== "string") {
                vErrors = noted(vErrors, { instancePath: instancePath + "/content/text/template", schemaPath: "#/$defs/action/properties/content/properties/text/properties/template/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
            }
            if (data29.contentType !== void 0) {
              let data31 = data29.contentType;
              if (typeof data31 === "string") {
                if (!pattern141.test(data31)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/content/text/contentType", schemaPath: "#/$defs/action/properties/content/properties/text/properties/contentType/pattern", keyword: "pattern", params: { pattern: "^[!#$&^_.+A-Za-z0-9-]+/[!#$&^_.+A-Za-z0-9-]+(;[ \\t]*[\\x20-\\x7e]+)?$" } });
                  errors++;
                }
              } else {
                vErrors = noted(vErrors, { instancePath: instancePath + "/content/text/contentType", schemaPath: "#/$defs/action/properties/content/properties/text/properties/contentType/type", keyword: "type", params: { type: "string" } });
                errors++;
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/content/text", schemaPath: "#/$defs/action/properties/content/properties/text/type", keyword: "type", params: { type: "object" } });
            errors++;
          }
        }
        if (data21.form !== void 0) {
          let data32 = data21.form;
          if (data32 && typeof data32 == "object" && !Array.isArray(data32)) {
            for (const key9 in data32) {
              const _errs74 = errors;
              if (typeof key9 === "string") {
                if (!pattern143.test(key9)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/content/form", schemaPath: "#/$defs/action/properties/content/properties/form/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[^\\r\\n\\u0000]+$" }, propertyName: key9 });
                  errors++;
                }
              }
              var valid23 = _errs74 === errors;
              if (!valid23) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/content/form", schemaPath: "#/$defs/action/properties/content/properties/form/propertyNames", keyword: "propertyNames", params: { propertyName: key9 } });
                errors++;
              }
            }
            for (const key10 in data32) {
              if (!validate22(data32[key10], { instancePath: instancePath + "/content/form/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data32, parentDataProperty: key10, rootData, dynamicAnchors })) {
                vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
                errors = vErrors.length;
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/content/form", schemaPath: "#/$defs/action/properties/content/properties/form/type", keyword: "type", params: { type: "object" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/content", schemaPath: "#/$defs/action/properties/content/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.files !== void 0) {
      let data34 = data.files;
      if (typeof data34 !== "string") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/files", schemaPath: "#/$defs/action/properties/files/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
      if (!(data34 === "each" || data34 === "together")) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/files", schemaPath: "#/$defs/action/properties/files/enum", keyword: "enum", params: { allowedValues: schema61.properties.files.enum } });
        errors++;
      }
    }
    if (data.outputFileName !== void 0) {
      let data35 = data.outputFileName;
      if (typeof data35 === "string") {
        if (!pattern21.test(data35)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/outputFileName", schemaPath: "#/$defs/action/properties/outputFileName/pattern", keyword: "pattern", params: { pattern: "\\S" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/outputFileName", schemaPath: "#/$defs/action/properties/outputFileName/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.input !== void 0) {
      let data36 = data.input;
      if (!(data36 && typeof data36 == "object" && !Array.isArray(data36))) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/input", schemaPath: "#/$defs/action/properties/input/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.successStatus !== void 0) {
      let data37 = data.successStatus;
      if (Array.isArray(data37)) {
        if (data37.length < 1) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/successStatus", schemaPath: "#/$defs/action/properties/successStatus/minItems", keyword: "minItems", params: { limit: 1 } });
          errors++;
        }
        const len0 = data37.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data38 = data37[i0];
          if (!(typeof data38 == "number" && (!(data38 % 1) && !isNaN(data38)) && isFinite(data38))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/successStatus/" + i0, schemaPath: "#/$defs/action/properties/successStatus/items/type", keyword: "type", params: { type: "integer" } });
            errors++;
          }
          if (typeof data38 == "number" && isFinite(data38)) {
            if (data38 > 599 || isNaN(data38)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/successStatus/" + i0, schemaPath: "#/$defs/action/properties/successStatus/items/maximum", keyword: "maximum", params: { comparison: "<=", limit: 599 } });
              errors++;
            }
            if (data38 < 200 || isNaN(data38)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/successStatus/" + i0, schemaPath: "#/$defs/action/properties/successStatus/items/minimum", keyword: "minimum", params: { comparison: ">=", limit: 200 } });
              errors++;
            }
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/successStatus", schemaPath: "#/$defs/action/properties/successStatus/type", keyword: "type", params: { type: "array" } });
        errors++;
      }
    }
    if (data.retry !== void 0) {
      let data39 = data.retry;
      if (data39 && typeof data39 == "object" && !Array.isArray(data39)) {
        for (const key11 in data39) {
          if (!(key11 === "attempts" || key11 === "minDelay" || key11 === "maxDelay" || key11 === "on" || pattern4.test(key11))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/retry", schemaPath: "#/$defs/action/properties/retry/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key11 } });
            errors++;
          }
        }
        if (data39.attempts !== void 0) {
          let data40 = data39.attempts;
          if (!(typeof data40 == "number" && (!(data40 % 1) && !isNaN(data40)) && isFinite(data40))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/retry/attempts", schemaPath: "#/$defs/action/properties/retry/properties/attempts/type", keyword: "type", params: { type: "integer" } });
            errors++;
          }
          if (typeof data40 == "number" && isFinite(data40)) {
            if (data40 > 1e3 || isNaN(data40)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/retry/attempts", schemaPath: "#/$defs/action/properties/retry/properties/attempts/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e3 } });
              errors++;
            }
            if (data40 < 1 || isNaN(data40)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/retry/attempts", schemaPath: "#/$defs/action/properties/retry/properties/attempts/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } });
              errors++;
            }
          }
        }
        if (data39.minDelay !== void 0) {
          let data41 = data39.minDelay;
          if (typeof data41 === "string") {
            if (!pattern25.test(data41)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/retry/minDelay", schemaPath: "#/$defs/action/properties/retry/properties/minDelay/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/retry/minDelay", schemaPath: "#/$defs/action/properties/retry/properties/minDelay/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data39.maxDelay !== void 0) {
          let data42 = data39.maxDelay;
          if (typeof data42 === "string") {
            if (!pattern25.test(data42)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/retry/maxDelay", schemaPath: "#/$defs/action/properties/retry/properties/maxDelay/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/retry/maxDelay", schemaPath: "#/$defs/action/properties/retry/properties/maxDelay/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data39.on !== void 0) {
          let data43 = data39.on;
          if (Array.isArray(data43)) {
            if (data43.length < 1) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/retry/on", schemaPath: "#/$defs/action/properties/retry/properties/on/minItems", keyword: "minItems", params: { limit: 1 } });
              errors++;
            }
            const len1 = data43.length;
            for (let i1 = 0; i1 < len1; i1++) {
              let data44 = data43[i1];
              if (!(typeof data44 == "number" && (!(data44 % 1) && !isNaN(data44)) && isFinite(data44))) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/retry/on/" + i1, schemaPath: "#/$defs/action/properties/retry/properties/on/items/type", keyword: "type", params: { type: "integer" } });
                errors++;
              }
              if (typeof data44 == "number" && isFinite(data44)) {
                if (data44 > 599 || isNaN(data44)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/retry/on/" + i1, schemaPath: "#/$defs/action/properties/retry/properties/on/items/maximum", keyword: "maximum", params: { comparison: "<=", limit: 599 } });
                  errors++;
                }
                if (data44 < 300 || isNaN(data44)) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/retry/on/" + i1, schemaPath: "#/$defs/action/properties/retry/properties/on/items/minimum", keyword: "minimum", params: { comparison: ">=", limit: 300 } });
                  errors++;
                }
              }
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/retry/on", schemaPath: "#/$defs/action/properties/retry/properties/on/type", keyword: "type", params: { type: "array" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/retry", schemaPath: "#/$defs/action/properties/retry/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.ordered !== void 0) {
      if (typeof data.ordered !== "boolean") {
        vErrors = noted(vErrors, { instancePath: instancePath + "/ordered", schemaPath: "#/$defs/action/properties/ordered/type", keyword: "type", params: { type: "boolean" } });
        errors++;
      }
    }
    if (data.idempotencyKey !== void 0) {
      let data46 = data.idempotencyKey;
      if (typeof data46 === "string") {
        if (!pattern21.test(data46)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/idempotencyKey", schemaPath: "#/$defs/action/properties/idempotencyKey/pattern", keyword: "pattern", params: { pattern: "\\S" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/idempotencyKey", schemaPath: "#/$defs/action/properties/idempotencyKey/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.keepResponse !== void 0) {
      let data47 = data.keepResponse;
      if (data47 && typeof data47 == "object" && !Array.isArray(data47)) {
        for (const key12 in data47) {
          if (!(key12 === "maxSize" || pattern4.test(key12))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/keepResponse", schemaPath: "#/$defs/action/properties/keepResponse/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key12 } });
            errors++;
          }
        }
        if (data47.maxSize !== void 0) {
          let data48 = data47.maxSize;
          if (typeof data48 === "string") {
            if (!pattern155.test(data48)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/keepResponse/maxSize", schemaPath: "#/$defs/action/properties/keepResponse/properties/maxSize/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,12}(B|KiB|MiB|GiB|TiB)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/keepResponse/maxSize", schemaPath: "#/$defs/action/properties/keepResponse/properties/maxSize/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/keepResponse", schemaPath: "#/$defs/action/properties/keepResponse/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.vars !== void 0) {
      if (!validate21(data.vars, { instancePath: instancePath + "/vars", parentData: data, parentDataProperty: "vars", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
        errors = vErrors.length;
      }
    }
  } else {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/action/type", keyword: "type", params: { type: "object" } });
    errors++;
  }
  validate722.errors = vErrors;
  return errors === 0;
});
validate72.evaluated = { "props": true, "dynamicProps": false, "dynamicItems": false };
var schema62 = schema.$defs["daemon"];
var pattern171 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$", "u");
var schema63 = schema.$defs["caller"];
var schema64 = schema.$defs["callerParameter"];
var pattern180 = new RegExp("^[0-9A-Fa-f]{64}$", "u");
var pattern183 = new RegExp("^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$", "u");
var pattern184 = new RegExp("^(DNS|URI|email):[\\x21-\\x7e]+$", "u");
var pattern187 = new RegExp("^([a-z][a-z0-9-]{0,62}|\\*)$", "u");
var validate81 = (function validate812(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate812.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "token" || key0 === "tokenSha256" || key0 === "certificate" || key0 === "parameters" || key0 === "services" || key0 === "actions" || pattern4.test(key0))) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/caller/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } });
        errors++;
      }
    }
    if (data.token !== void 0) {
      if (!validate27(data.token, { instancePath: instancePath + "/token", parentData: data, parentDataProperty: "token", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
        errors = vErrors.length;
      }
    }
    if (data.tokenSha256 !== void 0) {
      let data1 = data.tokenSha256;
      if (typeof data1 === "string") {
        if (!pattern180.test(data1)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/tokenSha256", schemaPath: "#/$defs/caller/properties/tokenSha256/pattern", keyword: "pattern", params: { pattern: "^[0-9A-Fa-f]{64}$" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/tokenSha256", schemaPath: "#/$defs/caller/properties/tokenSha256/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.certificate !== void 0) {
      let data2 = data.certificate;
      if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
        if (Object.keys(data2).length > 1) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/certificate", schemaPath: "#/$defs/caller/properties/certificate/maxProperties", keyword: "maxProperties", params: { limit: 1 } });
          errors++;
        }
        if (Object.keys(data2).length < 1) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/certificate", schemaPath: "#/$defs/caller/properties/certificate/minProperties", keyword: "minProperties", params: { limit: 1 } });
          errors++;
        }
        for (const key1 in data2) {
          if (!(key1 === "file" || key1 === "sha256" || key1 === "subject" || key1 === "san" || pattern4.test(key1))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/certificate", schemaPath: "#/$defs/caller/properties/certificate/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 } });
            errors++;
          }
        }
        if (data2.file !== void 0) {
          let data3 = data2.file;
          if (typeof data3 === "string") {
            if (!pattern7.test(data3)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/certificate/file", schemaPath: "#/$defs/caller/properties/certificate/properties/file/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/certificate/file", schemaPath: "#/$defs/caller/properties/certificate/properties/file/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data2.sha256 !== void 0) {
          let data4 = data2.sha256;
          if (typeof data4 === "string") {
            if (!pattern183.test(data4)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/certificate/sha256", schemaPath: "#/$defs/caller/properties/certificate/properties/sha256/pattern", keyword: "pattern", params: { pattern: "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/certificate/sha256", schemaPath: "#/$defs/caller/properties/certificate/properties/sha256/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data2.subject !== void 0) {
          if (typeof data2.subject !== "string") {
            vErrors = noted(vErrors, { instancePath: instancePath + "/certificate/subject", schemaPath: "#/$defs/caller/properties/certificate/properties/subject/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data2.san !== void 0) {
          let data6 = data2.san;
          if (typeof data6 === "string") {
            if (!pattern184.test(data6)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/certificate/san", schemaPath: "#/$defs/caller/properties/certificate/properties/san/pattern", keyword: "pattern", params: { pattern: "^(DNS|URI|email):[\\x21-\\x7e]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/certificate/san", schemaPath: "#/$defs/caller/properties/certificate/properties/san/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/certificate", schemaPath: "#/$defs/caller/properties/certificate/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.parameters !== void 0) {
      let data7 = data.parameters;
      if (data7 && typeof data7 == "object" && !Array.isArray(data7)) {
        for (const key2 in data7) {
          const _errs18 = errors;
          if (typeof key2 === "string") {
            if (!pattern9.test(key2)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/parameters", schemaPath: "#/$defs/caller/properties/parameters/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]{0,62}$" }, propertyName: key2 });
              errors++;
            }
          }
          var valid2 = _errs18 === errors;
          if (!valid2) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/parameters", schemaPath: "#/$defs/caller/properties/parameters/propertyNames", keyword: "propertyNames", params: { propertyName: key2 } });
            errors++;
          }
        }
        for (const key3 in data7) {
          let data8 = data7[key3];
          const _errs22 = errors;
          let valid5 = true;
          const _errs23 = errors;
          if (!Array.isArray(data8)) {
            vErrors = noted(vErrors, {});
            errors++;
          }
          var _valid0 = _errs23 === errors;
          errors = _errs22;
          if (vErrors !== null) {
            if (_errs22) {
              vErrors.length = _errs22;
            } else {
              vErrors = null;
            }
          }
          let ifClause0;
          if (_valid0) {
            const _errs25 = errors;
            if (Array.isArray(data8)) {
              const len0 = data8.length;
              for (let i0 = 0; i0 < len0; i0++) {
                if (typeof data8[i0] !== "string") {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/parameters/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i0, schemaPath: "#/$defs/callerParameter/then/items/type", keyword: "type", params: { type: "string" } });
                  errors++;
                }
              }
            } else {
              vErrors = noted(vErrors, { instancePath: instancePath + "/parameters/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/$defs/callerParameter/then/type", keyword: "type", params: { type: "array" } });
              errors++;
            }
            var _valid0 = _errs25 === errors;
            valid5 = _valid0;
            ifClause0 = "then";
          } else {
            const _errs29 = errors;
            if (data8 && typeof data8 == "object" && !Array.isArray(data8)) {
              if (data8.pattern === void 0) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/parameters/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/$defs/callerParameter/else/required", keyword: "required", params: { missingProperty: "pattern" } });
                errors++;
              }
              for (const key4 in data8) {
                if (!(key4 === "pattern" || pattern4.test(key4))) {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/parameters/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/$defs/callerParameter/else/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 } });
                  errors++;
                }
              }
              if (data8.pattern !== void 0) {
                if (typeof data8.pattern !== "string") {
                  vErrors = noted(vErrors, { instancePath: instancePath + "/parameters/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/pattern", schemaPath: "#/$defs/callerParameter/else/properties/pattern/type", keyword: "type", params: { type: "string" } });
                  errors++;
                }
              }
            } else {
              vErrors = noted(vErrors, { instancePath: instancePath + "/parameters/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/$defs/callerParameter/else/type", keyword: "type", params: { type: "object" } });
              errors++;
            }
            var _valid0 = _errs29 === errors;
            valid5 = _valid0;
            ifClause0 = "else";
          }
          if (!valid5) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/parameters/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/$defs/callerParameter/if", keyword: "if", params: { failingKeyword: ifClause0 } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/parameters", schemaPath: "#/$defs/caller/properties/parameters/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.services !== void 0) {
      let data11 = data.services;
      if (Array.isArray(data11)) {
        const len1 = data11.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data12 = data11[i1];
          if (typeof data12 === "string") {
            if (!pattern187.test(data12)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/services/" + i1, schemaPath: "#/$defs/caller/properties/services/items/pattern", keyword: "pattern", params: { pattern: "^([a-z][a-z0-9-]{0,62}|\\*)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/services/" + i1, schemaPath: "#/$defs/caller/properties/services/items/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/services", schemaPath: "#/$defs/caller/properties/services/type", keyword: "type", params: { type: "array" } });
        errors++;
      }
    }
    if (data.actions !== void 0) {
      let data13 = data.actions;
      if (Array.isArray(data13)) {
        const len2 = data13.length;
        for (let i2 = 0; i2 < len2; i2++) {
          let data14 = data13[i2];
          if (typeof data14 === "string") {
            if (!pattern187.test(data14)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/actions/" + i2, schemaPath: "#/$defs/caller/properties/actions/items/pattern", keyword: "pattern", params: { pattern: "^([a-z][a-z0-9-]{0,62}|\\*)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/actions/" + i2, schemaPath: "#/$defs/caller/properties/actions/items/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/actions", schemaPath: "#/$defs/caller/properties/actions/type", keyword: "type", params: { type: "array" } });
        errors++;
      }
    }
  } else {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/caller/type", keyword: "type", params: { type: "object" } });
    errors++;
  }
  validate812.errors = vErrors;
  return errors === 0;
});
validate81.evaluated = { "props": true, "dynamicProps": false, "dynamicItems": false };
var validate78 = (function validate782(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate782.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "listen" || key0 === "adminListen" || key0 === "state" || key0 === "limits" || key0 === "socket" || key0 === "tls" || key0 === "callers" || key0 === "log" || pattern4.test(key0))) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/daemon/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } });
        errors++;
      }
    }
    if (data.listen !== void 0) {
      let data0 = data.listen;
      if (typeof data0 === "string") {
        if (!pattern128.test(data0)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/listen", schemaPath: "#/$defs/daemon/properties/listen/pattern", keyword: "pattern", params: { pattern: "^(unix:/.+|.*:[0-9]{1,5})$" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/listen", schemaPath: "#/$defs/daemon/properties/listen/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.adminListen !== void 0) {
      let data1 = data.adminListen;
      if (typeof data1 === "string") {
        if (!pattern128.test(data1)) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/adminListen", schemaPath: "#/$defs/daemon/properties/adminListen/pattern", keyword: "pattern", params: { pattern: "^(unix:/.+|.*:[0-9]{1,5})$" } });
          errors++;
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/adminListen", schemaPath: "#/$defs/daemon/properties/adminListen/type", keyword: "type", params: { type: "string" } });
        errors++;
      }
    }
    if (data.state !== void 0) {
      let data2 = data.state;
      const _errs8 = errors;
      let valid1 = true;
      const _errs9 = errors;
      if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
        let missing0;
        if (data2.url === void 0 && (missing0 = "url")) {
          vErrors = noted(vErrors, {});
          errors++;
        }
      }
      var _valid0 = _errs9 === errors;
      errors = _errs8;
      if (vErrors !== null) {
        if (_errs8) {
          vErrors.length = _errs8;
        } else {
          vErrors = null;
        }
      }
      let ifClause0;
      if (_valid0) {
        const _errs10 = errors;
        if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
          if (data2.encryptionKey === void 0) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/state", schemaPath: "#/$defs/daemon/properties/state/then/required", keyword: "required", params: { missingProperty: "encryptionKey" } });
            errors++;
          }
        }
        var _valid0 = _errs10 === errors;
        valid1 = _valid0;
        if (valid1) {
          var props0 = {};
          props0.encryptionKey = true;
          props0.url = true;
        }
        ifClause0 = "then";
      } else {
        const _errs11 = errors;
        if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
          if (data2.encryptionKey !== void 0) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/state/encryptionKey", schemaPath: "#/$defs/daemon/properties/state/else/properties/encryptionKey/false schema", keyword: "false schema", params: {} });
            errors++;
          }
        }
        var _valid0 = _errs11 === errors;
        valid1 = _valid0;
        if (valid1) {
          if (props0 !== true) {
            props0 = props0 || {};
            props0.encryptionKey = true;
          }
        }
        ifClause0 = "else";
      }
      if (!valid1) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/state", schemaPath: "#/$defs/daemon/properties/state/if", keyword: "if", params: { failingKeyword: ifClause0 } });
        errors++;
      }
      if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
        for (const key1 in data2) {
          if (!(key1 === "dir" || key1 === "url" || key1 === "encryptionKey" || key1 === "keepDelivered" || key1 === "maxSize" || pattern4.test(key1))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/state", schemaPath: "#/$defs/daemon/properties/state/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 } });
            errors++;
          }
        }
        if (data2.dir !== void 0) {
          let data4 = data2.dir;
          if (typeof data4 === "string") {
            if (!pattern7.test(data4)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/state/dir", schemaPath: "#/$defs/daemon/properties/state/properties/dir/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/state/dir", schemaPath: "#/$defs/daemon/properties/state/properties/dir/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data2.url !== void 0) {
          let data5 = data2.url;
          if (!validate27(data5, { instancePath: instancePath + "/state/url", parentData: data2, parentDataProperty: "url", rootData, dynamicAnchors })) {
            vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
            errors = vErrors.length;
          } else {
            var props1 = validate27.evaluated.props;
          }
          const _errs16 = errors;
          let valid4 = true;
          const _errs17 = errors;
          if (!(data5 && typeof data5 == "object" && !Array.isArray(data5))) {
            vErrors = noted(vErrors, {});
            errors++;
          }
          var _valid1 = _errs17 === errors;
          errors = _errs16;
          if (vErrors !== null) {
            if (_errs16) {
              vErrors.length = _errs16;
            } else {
              vErrors = null;
            }
          }
          if (_valid1) {
            const _errs19 = errors;
            if (data5 && typeof data5 == "object" && !Array.isArray(data5)) {
              if (data5.account !== void 0) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/state/url/account", schemaPath: "#/$defs/daemon/properties/state/properties/url/then/properties/account/false schema", keyword: "false schema", params: {} });
                errors++;
              }
            } else {
              vErrors = noted(vErrors, { instancePath: instancePath + "/state/url", schemaPath: "#/$defs/daemon/properties/state/properties/url/then/type", keyword: "type", params: { type: "object" } });
              errors++;
            }
            var _valid1 = _errs19 === errors;
            valid4 = _valid1;
            if (valid4) {
              if (props1 !== true) {
                props1 = props1 || {};
                props1.account = true;
              }
            }
          }
          if (!valid4) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/state/url", schemaPath: "#/$defs/daemon/properties/state/properties/url/if", keyword: "if", params: { failingKeyword: "then" } });
            errors++;
          }
        }
        if (data2.encryptionKey !== void 0) {
          let data7 = data2.encryptionKey;
          if (!validate27(data7, { instancePath: instancePath + "/state/encryptionKey", parentData: data2, parentDataProperty: "encryptionKey", rootData, dynamicAnchors })) {
            vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
            errors = vErrors.length;
          } else {
            var props2 = validate27.evaluated.props;
          }
          const _errs22 = errors;
          let valid6 = true;
          const _errs23 = errors;
          if (!(data7 && typeof data7 == "object" && !Array.isArray(data7))) {
            vErrors = noted(vErrors, {});
            errors++;
          }
          var _valid2 = _errs23 === errors;
          errors = _errs22;
          if (vErrors !== null) {
            if (_errs22) {
              vErrors.length = _errs22;
            } else {
              vErrors = null;
            }
          }
          if (_valid2) {
            const _errs25 = errors;
            if (data7 && typeof data7 == "object" && !Array.isArray(data7)) {
              if (data7.account !== void 0) {
                vErrors = noted(vErrors, { instancePath: instancePath + "/state/encryptionKey/account", schemaPath: "#/$defs/daemon/properties/state/properties/encryptionKey/then/properties/account/false schema", keyword: "false schema", params: {} });
                errors++;
              }
            } else {
              vErrors = noted(vErrors, { instancePath: instancePath + "/state/encryptionKey", schemaPath: "#/$defs/daemon/properties/state/properties/encryptionKey/then/type", keyword: "type", params: { type: "object" } });
              errors++;
            }
            var _valid2 = _errs25 === errors;
            valid6 = _valid2;
            if (valid6) {
              if (props2 !== true) {
                props2 = props2 || {};
                props2.account = true;
              }
            }
          }
          if (!valid6) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/state/encryptionKey", schemaPath: "#/$defs/daemon/properties/state/properties/encryptionKey/if", keyword: "if", params: { failingKeyword: "then" } });
            errors++;
          }
        }
        if (data2.keepDelivered !== void 0) {
          let data9 = data2.keepDelivered;
          if (typeof data9 === "string") {
            if (!pattern25.test(data9)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/state/keepDelivered", schemaPath: "#/$defs/daemon/properties/state/properties/keepDelivered/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/state/keepDelivered", schemaPath: "#/$defs/daemon/properties/state/properties/keepDelivered/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data2.maxSize !== void 0) {
          let data10 = data2.maxSize;
          if (typeof data10 === "string") {
            if (!pattern155.test(data10)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/state/maxSize", schemaPath: "#/$defs/daemon/properties/state/properties/maxSize/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,12}(B|KiB|MiB|GiB|TiB)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/state/maxSize", schemaPath: "#/$defs/daemon/properties/state/properties/maxSize/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/state", schemaPath: "#/$defs/daemon/properties/state/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.limits !== void 0) {
      let data11 = data.limits;
      if (data11 && typeof data11 == "object" && !Array.isArray(data11)) {
        for (const key2 in data11) {
          if (!(func1.call(schema62.properties.limits.properties, key2) || pattern4.test(key2))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/limits", schemaPath: "#/$defs/daemon/properties/limits/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 } });
            errors++;
          }
        }
        if (data11.headers !== void 0) {
          let data12 = data11.headers;
          if (typeof data12 === "string") {
            if (!pattern155.test(data12)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/limits/headers", schemaPath: "#/$defs/daemon/properties/limits/properties/headers/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,12}(B|KiB|MiB|GiB|TiB)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/limits/headers", schemaPath: "#/$defs/daemon/properties/limits/properties/headers/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data11.headersTimeout !== void 0) {
          let data13 = data11.headersTimeout;
          if (typeof data13 === "string") {
            if (!pattern25.test(data13)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/limits/headersTimeout", schemaPath: "#/$defs/daemon/properties/limits/properties/headersTimeout/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/limits/headersTimeout", schemaPath: "#/$defs/daemon/properties/limits/properties/headersTimeout/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data11.bodyTimeout !== void 0) {
          let data14 = data11.bodyTimeout;
          if (typeof data14 === "string") {
            if (!pattern25.test(data14)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/limits/bodyTimeout", schemaPath: "#/$defs/daemon/properties/limits/properties/bodyTimeout/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/limits/bodyTimeout", schemaPath: "#/$defs/daemon/properties/limits/properties/bodyTimeout/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data11.idle !== void 0) {
          let data15 = data11.idle;
          if (typeof data15 === "string") {
            if (!pattern25.test(data15)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/limits/idle", schemaPath: "#/$defs/daemon/properties/limits/properties/idle/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,9}(ms|s|m|h|d)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/limits/idle", schemaPath: "#/$defs/daemon/properties/limits/properties/idle/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data11.connections !== void 0) {
          let data16 = data11.connections;
          if (!(typeof data16 == "number" && (!(data16 % 1) && !isNaN(data16)) && isFinite(data16))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/limits/connections", schemaPath: "#/$defs/daemon/properties/limits/properties/connections/type", keyword: "type", params: { type: "integer" } });
            errors++;
          }
          if (typeof data16 == "number" && isFinite(data16)) {
            if (data16 > 1e6 || isNaN(data16)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/limits/connections", schemaPath: "#/$defs/daemon/properties/limits/properties/connections/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e6 } });
              errors++;
            }
            if (data16 < 1 || isNaN(data16)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/limits/connections", schemaPath: "#/$defs/daemon/properties/limits/properties/connections/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } });
              errors++;
            }
          }
        }
        if (data11.requestBody !== void 0) {
          let data17 = data11.requestBody;
          if (typeof data17 === "string") {
            if (!pattern155.test(data17)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/limits/requestBody", schemaPath: "#/$defs/daemon/properties/limits/properties/requestBody/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,12}(B|KiB|MiB|GiB|TiB)$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/limits/requestBody", schemaPath: "#/$defs/daemon/properties/limits/properties/requestBody/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data11.maxConcurrent !== void 0) {
          let data18 = data11.maxConcurrent;
          if (!(typeof data18 == "number" && (!(data18 % 1) && !isNaN(data18)) && isFinite(data18))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/limits/maxConcurrent", schemaPath: "#/$defs/daemon/properties/limits/properties/maxConcurrent/type", keyword: "type", params: { type: "integer" } });
            errors++;
          }
          if (typeof data18 == "number" && isFinite(data18)) {
            if (data18 > 1e6 || isNaN(data18)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/limits/maxConcurrent", schemaPath: "#/$defs/daemon/properties/limits/properties/maxConcurrent/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e6 } });
              errors++;
            }
            if (data18 < 1 || isNaN(data18)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/limits/maxConcurrent", schemaPath: "#/$defs/daemon/properties/limits/properties/maxConcurrent/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } });
              errors++;
            }
          }
        }
        if (data11.maxQueued !== void 0) {
          let data19 = data11.maxQueued;
          if (!(typeof data19 == "number" && (!(data19 % 1) && !isNaN(data19)) && isFinite(data19))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/limits/maxQueued", schemaPath: "#/$defs/daemon/properties/limits/properties/maxQueued/type", keyword: "type", params: { type: "integer" } });
            errors++;
          }
          if (typeof data19 == "number" && isFinite(data19)) {
            if (data19 > 1e6 || isNaN(data19)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/limits/maxQueued", schemaPath: "#/$defs/daemon/properties/limits/properties/maxQueued/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e6 } });
              errors++;
            }
            if (data19 < 0 || isNaN(data19)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/limits/maxQueued", schemaPath: "#/$defs/daemon/properties/limits/properties/maxQueued/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } });
              errors++;
            }
          }
        }
        if (data11.maxDeliveries !== void 0) {
          let data20 = data11.maxDeliveries;
          if (!(typeof data20 == "number" && (!(data20 % 1) && !isNaN(data20)) && isFinite(data20))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/limits/maxDeliveries", schemaPath: "#/$defs/daemon/properties/limits/properties/maxDeliveries/type", keyword: "type", params: { type: "integer" } });
            errors++;
          }
          if (typeof data20 == "number" && isFinite(data20)) {
            if (data20 > 1e4 || isNaN(data20)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/limits/maxDeliveries", schemaPath: "#/$defs/daemon/properties/limits/properties/maxDeliveries/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e4 } });
              errors++;
            }
            if (data20 < 1 || isNaN(data20)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/limits/maxDeliveries", schemaPath: "#/$defs/daemon/properties/limits/properties/maxDeliveries/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } });
              errors++;
            }
          }
        }
        if (data11.maxDeliveriesPerAction !== void 0) {
          let data21 = data11.maxDeliveriesPerAction;
          if (!(typeof data21 == "number" && (!(data21 % 1) && !isNaN(data21)) && isFinite(data21))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/limits/maxDeliveriesPerAction", schemaPath: "#/$defs/daemon/properties/limits/properties/maxDeliveriesPerAction/type", keyword: "type", params: { type: "integer" } });
            errors++;
          }
          if (typeof data21 == "number" && isFinite(data21)) {
            if (data21 > 1e4 || isNaN(data21)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/limits/maxDeliveriesPerAction", schemaPath: "#/$defs/daemon/properties/limits/properties/maxDeliveriesPerAction/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e4 } });
              errors++;
            }
            if (data21 < 1 || isNaN(data21)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/limits/maxDeliveriesPerAction", schemaPath: "#/$defs/daemon/properties/limits/properties/maxDeliveriesPerAction/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } });
              errors++;
            }
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/limits", schemaPath: "#/$defs/daemon/properties/limits/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.socket !== void 0) {
      let data22 = data.socket;
      if (data22 && typeof data22 == "object" && !Array.isArray(data22)) {
        for (const key3 in data22) {
          if (!(key3 === "mode" || key3 === "owner" || key3 === "group" || pattern4.test(key3))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/socket", schemaPath: "#/$defs/daemon/properties/socket/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 } });
            errors++;
          }
        }
        if (data22.mode !== void 0) {
          let data23 = data22.mode;
          if (typeof data23 === "string") {
            if (!pattern131.test(data23)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/socket/mode", schemaPath: "#/$defs/daemon/properties/socket/properties/mode/pattern", keyword: "pattern", params: { pattern: "^0?[0-7]{3}$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/socket/mode", schemaPath: "#/$defs/daemon/properties/socket/properties/mode/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data22.owner !== void 0) {
          let data24 = data22.owner;
          if (typeof data24 === "string") {
            if (!pattern171.test(data24)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/socket/owner", schemaPath: "#/$defs/daemon/properties/socket/properties/owner/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/socket/owner", schemaPath: "#/$defs/daemon/properties/socket/properties/owner/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data22.group !== void 0) {
          let data25 = data22.group;
          if (typeof data25 === "string") {
            if (!pattern171.test(data25)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/socket/group", schemaPath: "#/$defs/daemon/properties/socket/properties/group/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/socket/group", schemaPath: "#/$defs/daemon/properties/socket/properties/group/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/socket", schemaPath: "#/$defs/daemon/properties/socket/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.tls !== void 0) {
      let data26 = data.tls;
      if (data26 && typeof data26 == "object" && !Array.isArray(data26)) {
        if (data26.certFile === void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/daemon/properties/tls/required", keyword: "required", params: { missingProperty: "certFile" } });
          errors++;
        }
        if (data26.keyFile === void 0) {
          vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/daemon/properties/tls/required", keyword: "required", params: { missingProperty: "keyFile" } });
          errors++;
        }
        for (const key4 in data26) {
          if (!(key4 === "certFile" || key4 === "keyFile" || key4 === "caFile" || pattern4.test(key4))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/daemon/properties/tls/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 } });
            errors++;
          }
        }
        if (data26.certFile !== void 0) {
          let data27 = data26.certFile;
          if (typeof data27 === "string") {
            if (!pattern7.test(data27)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tls/certFile", schemaPath: "#/$defs/daemon/properties/tls/properties/certFile/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls/certFile", schemaPath: "#/$defs/daemon/properties/tls/properties/certFile/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data26.keyFile !== void 0) {
          let data28 = data26.keyFile;
          if (typeof data28 === "string") {
            if (!pattern7.test(data28)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tls/keyFile", schemaPath: "#/$defs/daemon/properties/tls/properties/keyFile/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls/keyFile", schemaPath: "#/$defs/daemon/properties/tls/properties/keyFile/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
        if (data26.caFile !== void 0) {
          let data29 = data26.caFile;
          if (typeof data29 === "string") {
            if (!pattern7.test(data29)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/tls/caFile", schemaPath: "#/$defs/daemon/properties/tls/properties/caFile/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]+$" } });
              errors++;
            }
          } else {
            vErrors = noted(vErrors, { instancePath: instancePath + "/tls/caFile", schemaPath: "#/$defs/daemon/properties/tls/properties/caFile/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/tls", schemaPath: "#/$defs/daemon/properties/tls/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.callers !== void 0) {
      let data30 = data.callers;
      if (data30 && typeof data30 == "object" && !Array.isArray(data30)) {
        for (const key5 in data30) {
          const _errs74 = errors;
          if (typeof key5 === "string") {
            if (!pattern9.test(key5)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/callers", schemaPath: "#/$defs/daemon/properties/callers/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]{0,62}$" }, propertyName: key5 });
              errors++;
            }
          }
          var valid11 = _errs74 === errors;
          if (!valid11) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/callers", schemaPath: "#/$defs/daemon/properties/callers/propertyNames", keyword: "propertyNames", params: { propertyName: key5 } });
            errors++;
          }
        }
        for (const key6 in data30) {
          if (!pattern4.test(key6)) {
            if (!validate81(data30[key6], { instancePath: instancePath + "/callers/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data30, parentDataProperty: key6, rootData, dynamicAnchors })) {
              vErrors = vErrors === null ? validate81.errors : vErrors.concat(validate81.errors);
              errors = vErrors.length;
            }
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/callers", schemaPath: "#/$defs/daemon/properties/callers/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.log !== void 0) {
      let data32 = data.log;
      if (data32 && typeof data32 == "object" && !Array.isArray(data32)) {
        for (const key7 in data32) {
          if (!(key7 === "level" || key7 === "format" || pattern4.test(key7))) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/log", schemaPath: "#/$defs/daemon/properties/log/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key7 } });
            errors++;
          }
        }
        if (data32.level !== void 0) {
          let data33 = data32.level;
          if (typeof data33 !== "string") {
            vErrors = noted(vErrors, { instancePath: instancePath + "/log/level", schemaPath: "#/$defs/daemon/properties/log/properties/level/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
          if (!(data33 === "trace" || data33 === "debug" || data33 === "info" || data33 === "warn" || data33 === "error" || data33 === "silent")) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/log/level", schemaPath: "#/$defs/daemon/properties/log/properties/level/enum", keyword: "enum", params: { allowedValues: schema62.properties.log.properties.level.enum } });
            errors++;
          }
        }
        if (data32.format !== void 0) {
          let data34 = data32.format;
          if (typeof data34 !== "string") {
            vErrors = noted(vErrors, { instancePath: instancePath + "/log/format", schemaPath: "#/$defs/daemon/properties/log/properties/format/type", keyword: "type", params: { type: "string" } });
            errors++;
          }
          if (!(data34 === "json" || data34 === "pretty")) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/log/format", schemaPath: "#/$defs/daemon/properties/log/properties/format/enum", keyword: "enum", params: { allowedValues: schema62.properties.log.properties.format.enum } });
            errors++;
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/log", schemaPath: "#/$defs/daemon/properties/log/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
  } else {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/$defs/daemon/type", keyword: "type", params: { type: "object" } });
    errors++;
  }
  validate782.errors = vErrors;
  return errors === 0;
});
validate78.evaluated = { "props": true, "dynamicProps": false, "dynamicItems": false };
var validate20 = (function validate202(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  ;
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate202.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.version === void 0) {
      vErrors = noted(vErrors, { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "version" } });
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "version" || key0 === "vars" || key0 === "accounts" || key0 === "services" || key0 === "actions" || key0 === "daemon" || pattern4.test(key0))) {
        vErrors = noted(vErrors, { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } });
        errors++;
      }
    }
    if (data.version !== void 0) {
      if (1 !== data.version) {
        vErrors = noted(vErrors, { instancePath: instancePath + "/version", schemaPath: "#/properties/version/const", keyword: "const", params: { allowedValue: 1 } });
        errors++;
      }
    }
    if (data.vars !== void 0) {
      if (!validate21(data.vars, { instancePath: instancePath + "/vars", parentData: data, parentDataProperty: "vars", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
        errors = vErrors.length;
      }
    }
    if (data.accounts !== void 0) {
      let data2 = data.accounts;
      if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
        for (const key1 in data2) {
          const _errs7 = errors;
          if (typeof key1 === "string") {
            if (!pattern9.test(key1)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/accounts", schemaPath: "#/properties/accounts/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]{0,62}$" }, propertyName: key1 });
              errors++;
            }
          }
          var valid1 = _errs7 === errors;
          if (!valid1) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/accounts", schemaPath: "#/properties/accounts/propertyNames", keyword: "propertyNames", params: { propertyName: key1 } });
            errors++;
          }
        }
        for (const key2 in data2) {
          if (!pattern4.test(key2)) {
            if (!validate25(data2[key2], { instancePath: instancePath + "/accounts/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data2, parentDataProperty: key2, rootData, dynamicAnchors })) {
              vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
              errors = vErrors.length;
            }
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/accounts", schemaPath: "#/properties/accounts/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.services !== void 0) {
      let data4 = data.services;
      if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
        for (const key3 in data4) {
          const _errs12 = errors;
          if (typeof key3 === "string") {
            if (!pattern9.test(key3)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/services", schemaPath: "#/properties/services/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]{0,62}$" }, propertyName: key3 });
              errors++;
            }
          }
          var valid3 = _errs12 === errors;
          if (!valid3) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/services", schemaPath: "#/properties/services/propertyNames", keyword: "propertyNames", params: { propertyName: key3 } });
            errors++;
          }
        }
        for (const key4 in data4) {
          if (!pattern4.test(key4)) {
            if (!validate66(data4[key4], { instancePath: instancePath + "/services/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data4, parentDataProperty: key4, rootData, dynamicAnchors })) {
              vErrors = vErrors === null ? validate66.errors : vErrors.concat(validate66.errors);
              errors = vErrors.length;
            }
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/services", schemaPath: "#/properties/services/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.actions !== void 0) {
      let data6 = data.actions;
      if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
        for (const key5 in data6) {
          const _errs17 = errors;
          if (typeof key5 === "string") {
            if (!pattern9.test(key5)) {
              vErrors = noted(vErrors, { instancePath: instancePath + "/actions", schemaPath: "#/properties/actions/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]{0,62}$" }, propertyName: key5 });
              errors++;
            }
          }
          var valid5 = _errs17 === errors;
          if (!valid5) {
            vErrors = noted(vErrors, { instancePath: instancePath + "/actions", schemaPath: "#/properties/actions/propertyNames", keyword: "propertyNames", params: { propertyName: key5 } });
            errors++;
          }
        }
        for (const key6 in data6) {
          if (!pattern4.test(key6)) {
            if (!validate72(data6[key6], { instancePath: instancePath + "/actions/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data6, parentDataProperty: key6, rootData, dynamicAnchors })) {
              vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
              errors = vErrors.length;
            }
          }
        }
      } else {
        vErrors = noted(vErrors, { instancePath: instancePath + "/actions", schemaPath: "#/properties/actions/type", keyword: "type", params: { type: "object" } });
        errors++;
      }
    }
    if (data.daemon !== void 0) {
      if (!validate78(data.daemon, { instancePath: instancePath + "/daemon", parentData: data, parentDataProperty: "daemon", rootData, dynamicAnchors })) {
        vErrors = vErrors === null ? validate78.errors : vErrors.concat(validate78.errors);
        errors = vErrors.length;
      }
    }
  } else {
    vErrors = noted(vErrors, { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } });
    errors++;
  }
  validate202.errors = vErrors;
  return errors === 0;
});
validate20.evaluated = { "props": true, "dynamicProps": false, "dynamicItems": false };

// src/config/schema/validate-schema.ts
function validateSchema(value) {
  const run = validate20;
  return run(value) ? [] : [...run.errors ?? []];
}
var rootSchema = schema;

// src/config/schema/schema-condition.ts
function schemaPlace(schemaPath) {
  const way = [];
  const conditions = [];
  let node = rootSchema;
  let otherType;
  for (const segment of segmentsOf(schemaPath).slice(0, -1)) {
    if (typeof node === "boolean") break;
    way.push(node);
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
  const present = valueAt(root, parent);
  const free = keys.filter((known) => !(known in present));
  const meant = suggest(key, free) ?? suggest(key, keys);
  const hint = meant ? `did you mean \`${meant}\`?` : `known keys: ${keys.join(", ")}`;
  const path = [...parent, key];
  const message = `unknown key \`${key}\``;
  return { code: "schema/unknown-key", path, part: "key", key, message, hint, ...meant && { meant } };
}
function badName(error, parent) {
  const key = String(error.params.propertyName);
  const { described, node } = schemaPlace(`${error.schemaPath}/x`);
  const message = `${key === "" ? "an empty text" : `\`${key}\``} is not a valid ${titleOf(described)}`;
  const words = typeof node === "object" ? node.enum ?? [] : [];
  const hint = didYouMean(key, words) ?? String(described.description);
  return { code: "schema/value", path: [...parent, key], part: "key", key, message, hint };
}
function missingKey(error, path, root) {
  const key = String(error.params.missingProperty);
  const { conditions, node } = schemaPlace(error.schemaPath);
  const message = `\`${key}\` is required${whenOf(conditions.at(-1), decidingMapping(conditions.at(-1), path, root))}`;
  const alternative = typeof node === "object" && typeof node.$comment === "string" ? node.$comment : void 0;
  const hint = path.length === 0 && key === "version" ? "start the file with `version: 1`" : alternative;
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
  const hint = types.includes("string") ? typeHint(value, place) : void 0;
  return { code: "schema/type", path, part: "value", key: String(path.at(-1)), message, ...hint && { hint } };
}
function typeHint(value, { node, described }) {
  if (typeof value !== "number" && typeof value !== "boolean") return void 0;
  const pattern = typeof node === "object" ? node.pattern : void 0;
  const fits = typeof pattern !== "string" || new RegExp(pattern, "u").test(String(value));
  return fits ? "put the value in quotes" : exampleHint(described);
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
  return { code: "schema/value", path, part: "value", key: String(path.at(-1)), message, ...wordHint(value, allowed) };
}
function wordHint(value, allowed) {
  if (typeof value !== "string") return {};
  if (allowed.some((word) => typeof word !== "string" && String(word) === value))
    return { hint: "write it without quotes" };
  const meant = suggest(value, allowed.map(String));
  return meant ? { hint: `did you mean \`${meant}\`?` } : {};
}
function wrongCount(error, path, root) {
  const { node } = schemaPlace(error.schemaPath);
  const keys = Object.keys(node.properties ?? {});
  const message = `${named(path, root)} takes exactly one of ${oneOf(keys)}`;
  return { code: "schema/value", path, part: "key", key: String(path.at(-1)), message, counts: true };
}
function wrongValue(error, path, root) {
  const { described } = schemaPlace(error.schemaPath);
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
  const fault = valueAt(root, path) === "" ? "is empty" : `is not a valid ${titleOf(described)}`;
  const hint = exampleHint(described) ?? String(described.description ?? "");
  return { ...draft, message: `${named(path, root)} ${fault}`, ...hint && { hint } };
}
function exampleHint(described) {
  const example = described.examples?.find((value) => typeof value === "string");
  return example === void 0 ? void 0 : `for example \`${String(example)}\``;
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
var MAX_SLIPS = 100;
function withoutSlips(drafts, root) {
  const slips = drafts.filter((draft) => draft.meant !== void 0);
  if (slips.length === 0 || slips.length > MAX_SLIPS || slips.length === drafts.length) return drafts;
  const respelt = slips.reduce((value, slip) => renamed(value, slip.path, slip.meant), root);
  const left = new Set(draftsOf(validateSchema(respelt), respelt).map(placeOf2));
  return drafts.filter((draft) => draft.meant !== void 0 || left.has(placeOf2(draft)));
}
function renamed(value, [key, ...rest], name) {
  if (Array.isArray(value))
    return value.map((item, index) => String(index) === key ? renamed(item, rest, name) : item);
  const mapping = value;
  if (rest.length > 0) return { ...mapping, [String(key)]: renamed(mapping[String(key)], rest, name) };
  if (Object.hasOwn(mapping, name)) return value;
  const { [String(key)]: moved, ...others } = mapping;
  return { ...others, [name]: moved };
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
    meant: new Set(unknown.flatMap((draft) => draft.meant ? pathId([...parentOf(draft), draft.meant]) : [])),
    unknown: new Set(unknown.map((draft) => pathId(parentOf(draft)))),
    forgotten
  };
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
  const { conditions, meant: _meant, key: _key, counts: _counts, absent, ...finding } = draft;
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

// src/config/check-file.ts
var MAX_ERRORS = 1e4;
function checkFile(source, onPart) {
  const parsed = parseFile(source, onPart);
  const diagnostics = [...parsed.diagnostics];
  const definitions = parsed.documents.map((document, index) => {
    const value = documentValue(document, index);
    const errors = validateSchema(value);
    for (const finding of findingsOf(document, errors, value)) diagnostics.push(finding);
    const refused = refusedPaths(errors);
    return readDefinitions(document, (path) => refused.has(pathId(path)));
  });
  return { definitions, isRead: !hasErrors(parsed.diagnostics), diagnostics, ignores: findIgnores(parsed) };
}
function findingsOf(document, errors, value) {
  return reduceErrors(errors.slice(0, MAX_ERRORS), value).filter((finding) => !document.rejected(finding.path)).map((finding) => locateFinding({ ...finding, place: { document, path: finding.path } }, "error"));
}
function documentValue(document, index) {
  const value = document.value ?? {};
  if (index === 0 || typeof value !== "object" || Array.isArray(value)) return value;
  return { version: 1, ...value };
}

// src/config/run-rules.ts
function lookAtPart(part) {
  const diagnostics = [];
  const facts = /* @__PURE__ */ new Map();
  for (const rule of rules) {
    if (rule.scope === "document") rule.check(part, reporting(rule, diagnostics));
    else if (rule.gather) facts.set(rule, rule.gather(part));
  }
  return { diagnostics, facts };
}
function lookAtAll(draft, looked) {
  const diagnostics = [];
  for (const rule of rules) {
    if (rule.scope === "document") continue;
    const facts = rule.gather ? looked.flatMap(({ facts: facts2 }) => facts2.get(rule) ?? []) : [];
    rule.check(draft, reporting(rule, diagnostics), facts);
  }
  return diagnostics;
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
  const files = sources.map((source, index) => {
    const onPart = (part) => onProgress({ done: index, reading: { file: source.file, part } });
    const file = remember(`file ${source.path}`, [source.text, source.file], () => checkFile(source, onPart));
    onProgress({ done: index + 1 });
    return file;
  });
  const written = files.flatMap(({ definitions }) => definitions);
  const draft = buildDraft(written, unread.length === 0 && files.every(({ isRead }) => isRead), remember);
  const looked = draft.parts.map((part) => lookAgain(part, draft, remember));
  const found = [
    ...unread,
    ...[...files, ...looked].flatMap(({ diagnostics: diagnostics2 }) => diagnostics2),
    ...lookAtAll(draft, looked)
  ];
  const ignores = files.flatMap((file) => file.ignores);
  const diagnostics = sortDiagnostics(applyIgnores(withoutRepeats(sortDiagnostics(found)), ignores));
  if (hasErrors(diagnostics)) return { ok: false, diagnostics };
  return { ok: true, value: toConfig(draft, sources), diagnostics };
}
function lookAgain(part, { scopes }, remember) {
  const { accounts, services, actions, values } = part;
  const sources = [...accounts, ...services, ...actions].flatMap((owner) => scopes.sources(owner));
  return remember(part, sources, () => lookAtPart({ accounts, services, actions, values, scopes }));
}
function toConfig(draft, sources) {
  return {
    vars: draft.vars,
    accounts: new Map(draft.accounts.map((account) => [account.key, account])),
    services: new Map(draft.services.map((service) => [service.name, service])),
    actions: new Map(draft.actions.map((action) => [action.name, action])),
    daemon: draft.daemon,
    bearers: draft.bearers,
    scopes: draft.scopes,
    files: sources.map((source) => source.file)
  };
}

export {
  DEFAULT_LIMITS,
  subjectText,
  subjectOf,
  alternativeNamesOf,
  isExposed,
  checkConfig
};
