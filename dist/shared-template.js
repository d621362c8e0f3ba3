import {
  didYouMean
} from "./shared-leven.js";

// src/base/duration.ts
var UNIT_MS = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 };
function parseDuration(text) {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  return match ? Number(match[1]) * UNIT_MS[match[2]] : void 0;
}
function formatDuration(durationMs) {
  for (const unit of ["d", "h", "m", "s"]) {
    if (durationMs > 0 && durationMs % UNIT_MS[unit] === 0) return `${durationMs / UNIT_MS[unit]}${unit}`;
  }
  return `${durationMs}ms`;
}

// src/base/secret.ts
var MASK = "[secret]";
var Secret = class {
  #text;
  constructor(text) {
    this.#text = text;
  }
  reveal() {
    return this.#text;
  }
  toString() {
    return MASK;
  }
  toJSON() {
    return MASK;
  }
  [/* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom")]() {
    return MASK;
  }
};
function formsOf(secret) {
  const bytes = Buffer.from(secret, "utf8");
  const percent = encodeURIComponent(secret);
  const form = new URLSearchParams([["", secret]]).toString().slice(1);
  const written = [secret, percent, form];
  return [
    ...written,
    ...written.map((text) => text.replace(/%[\dA-F]{2}/g, (octet) => octet.toLowerCase())),
    secret.replace(/[&<>"']/g, (character) => HTML_ESCAPES[character]),
    JSON.stringify(secret).slice(1, -1),
    ...[bytes.toString("base64"), bytes.toString("base64url")]
  ];
}
var HTML_ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
function cleanForeignText(text, secrets, maxLength = 200) {
  let cleaned = text;
  const forms = secrets.flatMap((secret) => formsOf(secret.reveal())).filter((form) => form.length >= 4);
  for (const form of forms.sort((a, b) => b.length - a.length)) cleaned = cleaned.replaceAll(form, MASK);
  cleaned = cleaned.replace(/[^\x20-\x7e]+/g, " ").trim();
  return cleaned.length > maxLength ? `${cleaned.slice(0, maxLength - 3)}...` : cleaned;
}
function trimSecret(secret) {
  return new Secret(secret.reveal().trim());
}
function jsonMember(secret, pointer) {
  try {
    let value = JSON.parse(secret.reveal());
    for (const key of pointer.split("/").slice(1))
      value = value[key.replaceAll("~1", "/").replaceAll("~0", "~")];
    return typeof value === "string" ? new Secret(value) : void 0;
  } catch {
    return void 0;
  }
}

// src/config/definitions/connection-parts.ts
function connectionParts({ caFile, certFile, keyFile, proxy }) {
  const files = { caFile, certFile, keyFile };
  return [
    ...Object.entries(files).flatMap(
      ([key, value]) => value ? [{ key: `tls.${key}`, value, use: "secret" }] : []
    ),
    ...proxy ? [{ key: "proxy", value: proxy, use: holdsPassword(proxy) ? "secret" : "text" }] : []
  ];
}
function holdsPassword(proxy) {
  return proxy.kind === "secret" || proxy.text.includes("@");
}

// src/config/definitions/json-values.ts
function jsonValues(json, way = "") {
  const below = (key) => way === "" ? String(key) : `${way}.${key}`;
  switch (json.kind) {
    case "text":
      return [{ name: way, value: json.value }];
    case "list":
      return json.items.flatMap((item, index) => jsonValues(item, below(index)));
    case "object":
      return json.members.flatMap(([name, item]) => jsonValues(item, below(name)));
    case "literal":
      return [];
  }
}

// src/config/definitions/secret-name.ts
function isSecretName(name) {
  return /secret|passw|pwd$|passphrase|^authorization$|private_?key|api[_-]?key|(?:^|[_-])token$|[a-z]Token$/i.test(
    name
  );
}

// src/config/definitions/oauth2-parts.ts
function oauth2Parts(oauth2) {
  const part = (key, use, value) => value ? [{ key, value, use }] : [];
  const { params, headers } = oauth2.tokenRequest;
  return [
    ...part("accessTokenUri", "uri", oauth2.accessTokenUri),
    ...part("issuer", "uri", oauth2.issuer),
    ...part("clientId", "text", oauth2.clientId),
    ...several("clientSecret", oauth2.clientSecrets, "secret"),
    ...clientAssertionParts(oauth2.clientAssertion),
    ...oauth2.dpop?.key ? [keyPart("dpop.key", oauth2.dpop.key)] : [],
    ...part("username", "text", oauth2.username),
    ...part("password", "secret", oauth2.password),
    ...part("refreshToken", "secret", oauth2.refreshToken),
    ...part("assertion", "secret", oauth2.assertion),
    ...oauth2.signedAssertion ? signedParts("assertion", oauth2.signedAssertion) : [],
    ...part("subjectToken", "secret", oauth2.subjectToken),
    ...part("subjectTokenType", "text", oauth2.subjectTokenType),
    ...part("actorToken", "secret", oauth2.actorToken),
    ...part("actorTokenType", "text", oauth2.actorTokenType),
    ...part("requestedTokenType", "text", oauth2.requestedTokenType),
    ...several("scope", oauth2.scopeTemplates),
    ...several("audience", oauth2.audience),
    ...several("resource", oauth2.resource),
    ...params.flatMap((named) => paramParts("tokenRequest.params", named)),
    ...headers.flatMap(({ name, value }) => part(`tokenRequest.headers.${name}`, useOf(name), value)),
    ...connectionParts(oauth2.connection),
    ...typeof oauth2.refresh === "object" ? refreshParts(oauth2.refresh) : [],
    ...part("revocationUri", "uri", oauth2.revocationUri)
  ];
}
function refreshParts({ accessTokenUri, params, headers }) {
  const parts = [
    ...params.flatMap((named) => paramParts("refresh.params", named)),
    ...headers.map(({ name, value }) => ({ key: `refresh.headers.${name}`, value, use: useOf(name) }))
  ];
  return [
    ...accessTokenUri ? [{ key: "refresh.accessTokenUri", value: accessTokenUri, use: "uri" }] : [],
    // A path of a secret file holds no token.
    ...parts.map((part) => part.value.kind === "template" ? { ...part, refresh: true } : part)
  ];
}
function serverOf({ accessTokenUri, issuer }) {
  return accessTokenUri ?? issuer;
}
function clientAssertionParts(assertion) {
  if (!assertion) return [];
  if (assertion.kind === "kept") return [{ key: "clientAssertion.file", value: assertion.value, use: "secret" }];
  return signedParts("clientAssertion", assertion);
}
function signedParts(parent, assertion) {
  const texts = { kid: assertion.kid, x5t: assertion.x5t, audience: assertion.audience };
  return [
    ...assertion.key ? [keyPart(`${parent}.key`, assertion.key)] : [],
    ...Object.entries(texts).flatMap(
      ([key, value]) => value ? [{ key: `${parent}.${key}`, value, use: "text" }] : []
    ),
    ...jsonValues(assertion.claims).map(({ name, value }) => {
      return { key: `${parent}.claims.${name}`, value, use: "text" };
    })
  ];
}
function keyPart(key, value) {
  return { key, value, use: "secret", signs: true };
}
function constantParams(params) {
  const constants = (path, node) => {
    if (node.kind === "constant") return [{ path, constant: node.constant }];
    if (node.kind === "list") return node.items.flatMap((item, index) => constants([...path, index], item));
    return node.kind === "mapping" ? node.entries.flatMap(({ name, param }) => constants([...path, name], param)) : [];
  };
  return params.flatMap(({ name, param }) => constants([name], param));
}
function several(key, values, use = "text") {
  return values.map((value, index) => ({ key: values.length > 1 ? `${key}.${index}` : key, value, use }));
}
function useOf(name) {
  return isSecretName(name) ? "secret" : "text";
}
function paramParts(parent, { name, param }) {
  const leaves = (key, node) => {
    switch (node.kind) {
      case "constant":
        return [];
      case "value":
        return [{ key, value: node.value, use: useOf(name) }];
      case "list":
        return node.items.flatMap((item, index) => leaves(`${key}.${index}`, item));
      case "mapping":
        return node.entries.flatMap((entry) => paramParts(key, entry));
    }
  };
  return leaves(`${parent}.${name}`, param);
}

// src/config/definitions/value.ts
import { dirname, resolve } from "node:path";
function readText(raw, place) {
  return typeof raw === "string" ? { kind: "template", text: raw, place } : readReference(raw, place);
}
function readVariables(raw, place) {
  return Object.fromEntries(Object.entries(raw ?? {}).map(([name, value]) => [name, readText(value, at(place, name))]));
}
function at(place, ...keys) {
  return { document: place.document, path: [...place.path, ...keys] };
}
function readSecret(raw, place, texts = "literal") {
  if (typeof raw !== "string") return readReference(raw, place);
  if (texts === "template" && raw.includes("{{")) return { kind: "template", text: raw, place };
  return { kind: "secret", reference: { kind: "literal", secret: new Secret(raw) }, place };
}
function readReference(raw, place) {
  return { kind: "secret", reference: referenceOf(raw, dirname(place.document.source.path)), place };
}
function referenceOf(raw, directory) {
  if ("env" in raw) return { kind: "env", name: raw.env };
  if ("file" in raw) {
    const template = raw.file.includes("{{") ? { template: { text: raw.file, directory } } : {};
    return { kind: "file", path: resolve(directory, raw.file), ...template };
  }
  if ("exec" in raw) return { kind: "exec", command: raw.exec, directory };
  if ("systemd" in raw) return { kind: "systemd", name: raw.systemd };
  return { kind: "account", account: raw.account, ...raw.field !== void 0 && { field: raw.field } };
}
function templateOf(value) {
  if (value.kind === "template") return value;
  const { reference, place } = value;
  const template = reference.kind === "file" ? reference.template : void 0;
  return template && { text: template.text, place: at(place, "file") };
}
function isBearer(used) {
  return used.value.kind === "secret" && used.value.reference.kind === "account";
}
function allValues(draft) {
  const used = variableValues(draft.vars);
  for (const account of draft.accounts) used.push(...accountValues(account));
  for (const service of draft.services) used.push(...serviceValues(service));
  used.push(...daemonValues(draft.daemon));
  for (const action of draft.actions) used.push(...actionValues(action));
  return used;
}
function accountValues(account) {
  return [...authorizationValues(account), ...variableValues(account.vars, account)];
}
function authorizationValues(owner) {
  const { authorization } = owner;
  switch (authorization.kind) {
    case "none":
      return [];
    case "header":
    case "query":
      return authorization.values.map(({ value }) => ({ value, use: "secret", owner }));
    case "basic":
      return [
        { value: authorization.username, use: "text", owner },
        { value: authorization.password, use: "secret", owner }
      ];
    case "oauth2":
      return [
        ...oauth2Parts(authorization.oauth2).map(({ key: _key, ...part }) => ({ ...part, owner })),
        ...injectValues(authorization.oauth2.inject, owner)
      ];
  }
}
function serviceValues(owner) {
  return [
    { value: owner.serverUrl, use: "uri", owner },
    ...owner.headers.map(({ value }) => ({ value, use: "text", owner })),
    ...injectValues(owner.inject, owner),
    ...connectionParts(owner.connection).map(({ value, use }) => ({ value, use, owner })),
    ...variableValues(owner.vars, owner)
  ];
}
function callerSecrets({ token, certificate }) {
  return [...token ? [token] : [], ...certificate && "file" in certificate ? [certificate.file] : []];
}
function daemonValues({ callers = [], stateDatabase } = {}) {
  const state = stateDatabase ? [stateDatabase.url, ...stateDatabase.encryptionKeys] : [];
  return [...callers.flatMap(callerSecrets), ...state].map((value) => ({ value, use: "secret" }));
}
function injectValues(rule, owner) {
  return rule ? [{ value: rule.value, use: "text", owner, inject: true }] : [];
}
function actionValues(owner) {
  const text = (value) => ({ value, use: "text", owner });
  const { target, headers, outputFileName, idempotencyKey } = owner;
  return [
    { value: target.value, use: "uri", owner },
    ...headers.map(({ value }) => text(value)),
    ...contentValues(owner).map(text),
    ...outputFileName ? [{ ...text(outputFileName), part: "outputFileName" }] : [],
    ...idempotencyKey ? [text(idempotencyKey)] : [],
    ...variableValues(owner.vars, owner)
  ];
}
function contentValues({ content }) {
  if ("fields" in content) return content.fields.map(({ value }) => value);
  if (content.kind === "text") return [content.template];
  return content.kind === "json" ? jsonValues(content.json).map(({ value }) => value) : [];
}
function variableValues(vars, owner) {
  return Object.values(vars).map((value) => ({ value, use: "variable", ...owner && { owner } }));
}

// src/config/schema/input-schema.ts
import { createRequire } from "node:module";

// src/config/schema/plain-schema.ts
var isText = (value) => typeof value === "string";
var isCount = (value) => Number.isSafeInteger(value) && value >= 0;
var isNumber = (value) => Number.isFinite(value);
var isBoolean = (value) => typeof value === "boolean";
var isList = (value) => Array.isArray(value);
var isChoice = (value) => isList(value) && value.length > 0 && value.every(isScalar) && isUnique(value);
var isNames = (value) => isList(value) && value.every(isText) && isUnique(value);
var isMapping = (value) => typeof value === "object" && value !== null && !isList(value);
var isSchemas = (value) => isMapping(value) && Object.values(value).every(isPlainSchema);
var ANY = { title: isText, description: isText, default: isScalar, examples: isList };
var KEYWORDS = {
  string: { minLength: isCount, maxLength: isCount, enum: isChoice },
  number: { minimum: isNumber, maximum: isNumber, enum: isChoice },
  integer: { minimum: isNumber, maximum: isNumber, enum: isChoice },
  boolean: {},
  array: { items: isPlainSchema, minItems: isCount, maxItems: isCount },
  object: { properties: isSchemas, required: isNames, additionalProperties: isBoolean }
};
function isPlainSchema(schema) {
  if (!isMapping(schema) || typeof schema.type !== "string" || !Object.hasOwn(KEYWORDS, schema.type)) return false;
  const checks = { ...ANY, ...KEYWORDS[schema.type] };
  return Object.entries(schema).every(
    ([key, value]) => key === "type" || Object.hasOwn(checks, key) && checks[key](value)
  );
}
function isScalar(value) {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
function isUnique(values) {
  return new Set(values).size === values.length;
}

// src/config/schema/input-schema.ts
var OPTIONS = {
  strict: true,
  strictRequired: false,
  allErrors: true,
  useDefaults: true,
  validateFormats: false
};
function createAjv(coerceTypes) {
  const { Ajv2020 } = createRequire(import.meta.url)("ajv/dist/2020.js");
  return new Ajv2020({ ...OPTIONS, coerceTypes, logger: false });
}
function inputSchemaFault(schema) {
  if (isPlainSchema(schema)) return void 0;
  const ajv = createAjv(false);
  const plain = structuredClone(toPlain(schema));
  if (!ajv.validateSchema(plain)) {
    const [error] = ajv.errors ?? [];
    const path = pathOf(error?.instancePath ?? "");
    return { path, message: error?.message ?? "is not valid", ...hintOf(valueAt(plain, path), wordsOf(error)) };
  }
  try {
    ajv.compile(plain);
    return void 0;
  } catch (error) {
    const text = error.message.replace(/^strict mode: /, "");
    const keyword = /^unknown keyword: "(.*)"$/.exec(text)?.[1];
    const at2 = keyword === void 0 ? void 0 : pathOfKey(plain, keyword);
    const message = text.replace(/ at "#?.*$/, "").replaceAll('"', "`");
    return { path: at2 ?? [], message, ...hintOf(keyword, Object.keys(ajv.RULES.keywords)) };
  }
}
function hintOf(word, words) {
  const hint = typeof word === "string" ? didYouMean(word, words) : void 0;
  return hint === void 0 ? {} : { hint };
}
function wordsOf(error) {
  return error?.keyword === "enum" ? error.params.allowedValues : [];
}
function valueAt(value, path) {
  return path.reduce((part, key) => part?.[key], value);
}
function compileInputCheck(schema) {
  if (!schema) return (input) => ({ ok: true, input });
  const plain = toPlain(schema);
  const compiled = {};
  return (input, from) => {
    compiled[from] ??= createAjv(from === "text").compile(plain);
    const validate = compiled[from];
    const checked = structuredClone(input);
    if (validate(checked)) return { ok: true, input: checked };
    return { ok: false, problems: (validate.errors ?? []).slice(0, 50).map(problemOf) };
  };
}
function problemOf(error) {
  const missing = error.keyword === "required" ? error.params.missingProperty : void 0;
  const extra = error.keyword === "additionalProperties" ? error.params.additionalProperty : void 0;
  const name = missing ?? extra;
  const pointer = name === void 0 ? error.instancePath : `${error.instancePath}/${escapePointer(String(name))}`;
  const detail = missing !== void 0 ? "is required" : extra !== void 0 ? "is not known" : describe(error);
  return { pointer, detail };
}
function escapePointer(name) {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
function describe(error) {
  const allowed = error?.keyword === "enum" ? `: ${error.params.allowedValues.slice(0, 20).join(", ")}` : "";
  return `${error?.message ?? "is not valid"}${allowed}`;
}
function pathOf(pointer) {
  const segments = pointer === "" ? [] : pointer.slice(1).split("/");
  return segments.map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}
function pathOfKey(value, key, path = []) {
  if (typeof value !== "object" || value === null) return void 0;
  if (Object.hasOwn(value, key) && path.at(-1) !== "properties") return [...path, key];
  for (const [name, child] of Object.entries(value)) {
    const found = pathOfKey(child, key, [...path, name]);
    if (found) return found;
  }
  return void 0;
}
function toPlain(value) {
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, toPlain(child)]));
}
function inputProperty(schema, path) {
  if (!isClosed(schema)) return "open";
  const [name, ...rest] = path;
  const { properties, required } = schema;
  if (name === void 0 || !Object.hasOwn(properties, name)) return void 0;
  if (rest.length > 0) return inputProperty(properties[name], rest);
  return required?.includes?.(name) || properties[name].default !== void 0 ? "required" : "optional";
}
var OPENING = ["$ref", "allOf", "anyOf", "oneOf", "if", "patternProperties", "dependentSchemas"];
function isClosed(schema) {
  if (typeof schema !== "object" || schema === null || !("properties" in schema)) return false;
  const { additionalProperties } = schema;
  const open = additionalProperties !== void 0 && additionalProperties !== false;
  return !open && !OPENING.some((keyword) => keyword in schema);
}
function inputNames(schema) {
  return namesBelow(schema, "input", 0);
}
function namesBelow(schema, prefix, depth) {
  const properties = schema?.properties;
  if (typeof properties !== "object" || properties === null || depth > 8) return [];
  return Object.entries(properties).flatMap(([name, property]) => {
    const path = `${prefix}.${name}`;
    return [path, ...namesBelow(property, path, depth + 1)];
  });
}

// src/config/templates/template.ts
import { createRequire as createRequire2 } from "node:module";
var TEMPLATE_FUNCTIONS = ["base64", "json", "date"];
var cache = /* @__PURE__ */ new Map();
var MAX_CACHED = 5e4;
function parseTemplate(text) {
  let parsed = cache.get(text);
  if (!parsed) {
    parsed = parsePlain(text) ?? parseWithHandlebars(text);
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(text, parsed);
  }
  return parsed;
}
var PLAIN_EXPRESSION = /(?<!\{)\{\{\s*(?:(base64|json|date)(?=\s))?((?:\s*(?:[a-z][A-Za-z0-9_-]*(?:\.[A-Za-z][A-Za-z0-9_-]*)*|"[^"\\{}]*"|'[^'\\{}]*')(?=[\s}]))+)\s*\}\}(?!\})/dg;
function parsePlain(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(PLAIN_EXPRESSION)) {
    const start = match.index;
    if (start > end) parts.push({ kind: "text", text: text.slice(end, start) });
    end = start + match[0].length;
    const expression = plainExpression(match);
    if (!expression) return void 0;
    parts.push({ kind: "expression", expression, start, end });
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  const odd = parts.some((part) => part.kind === "text" && /\{\{|\\$/.test(part.text));
  return odd ? void 0 : { ok: true, parts, variables: parts.flatMap((part) => part.kind === "text" ? [] : variablesOf(part.expression)) };
}
var WORDS = /* @__PURE__ */ new Set(["true", "false", "null", "undefined"]);
function plainExpression(match) {
  const [, called, words] = match;
  const from = match.indices[2][0];
  const given = [...words.matchAll(/"[^"]*"|'[^']*'|[^\s"']+/g)].map(({ 0: word, index }) => {
    if (/^["']/.test(word)) return { kind: "literal", text: word.slice(1, -1) };
    return { kind: "variable", name: word, start: from + index, end: from + index + word.length };
  });
  if (called === void 0) return given.length === 1 && given[0].kind === "variable" ? given[0] : void 0;
  if (given.some((part) => part.kind === "variable" && WORDS.has(part.name))) return void 0;
  const call = readFunction(called, given);
  return "code" in call ? void 0 : call;
}
function variablesOf(expression) {
  if (expression.kind === "variable") return [expression];
  return expression.kind === "call" ? expression.arguments.flatMap(variablesOf) : [];
}
var handlebarsParse;
function loadParse() {
  handlebarsParse ??= createRequire2(import.meta.url)("handlebars").parseWithoutProcessing;
  return handlebarsParse;
}
var MAX_LENGTH = 65536;
var MAX_DEPTH = 8;
var TOO_DEEP = `functions within functions, more than ${MAX_DEPTH} of them`;
function parseWithHandlebars(text) {
  if (text.length > MAX_LENGTH) {
    const fault = unsupported(`a template has at most ${MAX_LENGTH} characters`);
    return { ok: false, fault: { ...fault, start: 0, end: text.length } };
  }
  const deep = deepCall(text);
  if (deep) return { ok: false, fault: deep };
  const offsetOf = offsets(text);
  let body;
  try {
    body = loadParse()(text).body;
  } catch {
    return { ok: false, fault: syntaxFault(text) };
  }
  const parts = [];
  for (const node of body) {
    const [start, end] = [offsetOf(node.loc.start), offsetOf(node.loc.end)];
    if (node.type === "ContentStatement") {
      parts.push({ kind: "text", text: String(node.value) });
      continue;
    }
    const read = readStatement(node, offsetOf);
    if ("code" in read) return { ok: false, fault: { ...read, start, end } };
    parts.push({ kind: "expression", expression: read, start, end });
  }
  const variables = parts.flatMap((part) => part.kind === "text" ? [] : variablesOf(part.expression));
  return { ok: true, parts, variables };
}
function deepCall(text) {
  for (const { 0: expression, index } of text.matchAll(/\{\{[^}]*/g)) {
    if (expression.split("(").length <= 10 * MAX_DEPTH) continue;
    return { ...unsupported(TOO_DEEP), start: index, end: index + expression.length };
  }
  return void 0;
}
function unsupported(message) {
  const hint = `a template holds {{variables}} and the functions ${TEMPLATE_FUNCTIONS.join(", ")}, nothing else`;
  return { code: "template/unsupported", message, hint };
}
var STATEMENT_WORDS = {
  BlockStatement: "blocks are not supported in templates",
  PartialStatement: "partials are not supported in templates",
  PartialBlockStatement: "partials are not supported in templates",
  DecoratorBlock: "decorators are not supported in templates",
  Decorator: "decorators are not supported in templates",
  CommentStatement: "comments are not supported in templates"
};
function readStatement(node, offsetOf) {
  if (node.type !== "MustacheStatement")
    return unsupported(STATEMENT_WORDS[node.type] ?? `${node.type} is not supported`);
  if (node.escaped === false)
    return unsupported("triple braces are not supported: values are always encoded for their place");
  return readCall(node, offsetOf);
}
function readCall(node, offsetOf, depth = 0) {
  if (depth > MAX_DEPTH) return unsupported(TOO_DEEP);
  const parameters = node.params;
  if (node.hash) return unsupported("named arguments are not supported in templates");
  if (parameters.length === 0) return readExpression(node.path, offsetOf, depth);
  const name = String(node.path.original);
  if (parameters[0].depth) return unsupported("`..` is not supported in templates");
  if (!TEMPLATE_FUNCTIONS.includes(name))
    return unsupported(`\`${name}\` is not a function of templates`);
  const read = parameters.map((parameter) => readExpression(parameter, offsetOf, depth));
  const fault = read.find((part) => "code" in part);
  if (fault) return fault;
  return readFunction(name, read);
}
function readFunction(name, given) {
  if (name === "date" && !isDateCall(given)) {
    const message = "`date` takes a time, a format in quotes and, for a later one, a duration in quotes";
    return unsupported(`${message}, such as \`{{date now "yyyy-MM-dd" "7d"}}\``);
  }
  if (name === "json" && given.length !== 1) return unsupported(`\`${name}\` takes one argument`);
  return { kind: "call", function: name, arguments: given };
}
function isDateCall([, format, later, ...more]) {
  const isLater = later === void 0 || later.kind === "literal" && parseDuration(later.text) !== void 0;
  return format?.kind === "literal" && isLater && more.length === 0;
}
function readExpression(node, offsetOf, depth) {
  if (node.type === "SubExpression") return readCall(node, offsetOf, depth + 1);
  if (node.type === "StringLiteral" || node.type === "NumberLiteral")
    return { kind: "literal", text: String(node.value) };
  if (node.type !== "PathExpression") return unsupported(`a ${node.type} is not supported in templates`);
  const name = String(node.original);
  const [start, end] = [offsetOf(node.loc.start), offsetOf(node.loc.end)];
  const plain = !node.data && !node.depth && /^[A-Za-z0-9_.-]+$/.test(name) && end - start === name.length;
  return plain ? { kind: "variable", name, start, end } : unsupported(`\`${name}\` is not a variable`);
}
function offsets(text) {
  const starts = [0];
  for (let at2 = text.indexOf("\n"); at2 >= 0; at2 = text.indexOf("\n", at2 + 1)) starts.push(at2 + 1);
  return (position) => (starts[position.line - 1] ?? 0) + position.column;
}
function syntaxFault(text) {
  const [start, close] = firstBroken(text);
  const end = close < 0 ? text.length : close + 2;
  const message = close < 0 ? "`{{` without its `}}`" : "this expression cannot be read";
  return { code: "template/syntax", message, start, end, hint: "write {{vars.name}}" };
}
function firstBroken(text) {
  let open = text.indexOf("{{");
  for (; ; ) {
    const close = text.indexOf("}}", open);
    const next = close < 0 ? -1 : text.indexOf("{{", close + 2);
    if (next < 0 || !isReadable(text.slice(open, close + 2))) return [Math.max(0, open), close];
    open = next;
  }
}
function isReadable(expression) {
  try {
    loadParse()(expression);
    return true;
  } catch {
    return false;
  }
}
function callFunction(name, ...texts) {
  if (name === "date") return formatDate(texts[0], texts[1] ?? "", parseDuration(texts[2] ?? "") ?? 0);
  const text = texts.join("");
  return name === "base64" ? Buffer.from(text, "utf8").toString("base64") : JSON.stringify(text);
}
var DATE_PARTS = {
  yyyy: (iso) => iso.slice(0, 4),
  MM: (iso) => iso.slice(5, 7),
  dd: (iso) => iso.slice(8, 10),
  HH: (iso) => iso.slice(11, 13),
  mm: (iso) => iso.slice(14, 16),
  ss: (iso) => iso.slice(17, 19),
  SSS: (iso) => iso.slice(20, 23)
};
function formatDate(time, format, laterMs) {
  const date = new Date(Date.parse(time) + laterMs);
  if (Number.isNaN(date.getTime())) return "";
  const iso = date.toISOString();
  return format.replace(/yyyy|MM|dd|HH|mm|ss|SSS/g, (part) => DATE_PARTS[part](iso));
}

// src/config/templates/scope.ts
function definitionScopes({ vars, accounts, services, parameters: declared }) {
  const around = (owner) => {
    if ("target" in owner) {
      const service = owner.service === void 0 ? void 0 : services.get(owner.service);
      return { vars, parameters: [], service, account: service && accounts.get(service.account) };
    }
    const parameters = declared.of(owner);
    if ("serverUrl" in owner) return { vars, parameters, service: owner, account: accounts.get(owner.account) };
    return {
      vars,
      parameters,
      account: owner,
      service: owner.key === owner.name ? void 0 : services.get(owner.name)
    };
  };
  return {
    of: (owner, values) => ownScope(owner, around(owner), values),
    ofAction: (action, part) => withGiven(templateScope({ ...around(action), action }), action, part)
  };
}
function ownScope(owner, around, values) {
  const scope = templateScope({ ...around, values });
  return "serverUrl" in owner && around.account ? withPublished(scope, publishedBy(around.account)) : scope;
}
var FILE_NAMES = ["file.name", "file.size", "file.type", "file.sha256", "file.outputName"];
function withGiven(scope, { input, files }, part) {
  const ofFile = part ? FILE_NAMES.slice(0, -1) : files === "each" ? FILE_NAMES : [];
  return {
    lookup(name) {
      if (ofFile.includes(name)) return { kind: "given", name, optional: false };
      if (!name.startsWith("input.")) return scope.lookup(name);
      const property = inputProperty(input, name.split(".").slice(1));
      return property && { kind: "given", name, optional: property === "optional" };
    },
    // Without a schema any input is taken.
    names: () => [...input === void 0 ? ["input.*"] : inputNames(input), ...ofFile, ...scope.names()]
  };
}
function templateScope({ vars, action, account, service, parameters, values }) {
  const names = {
    ...account && { "account.name": account.name },
    ...service && { "service.name": service.name }
  };
  const layers = [action?.vars, account?.vars, service?.vars, vars].filter((layer) => layer !== void 0);
  const parameterOf = (name) => {
    const params = values?.params ?? {};
    if (Object.hasOwn(params, name)) return { kind: "constant", text: params[name], parameter: true };
    return parameters.includes(name) ? { kind: "parameter" } : void 0;
  };
  return {
    ...values && { values },
    lookup(name) {
      if (name === "uuid" || name === "now") return { kind: "generated", name };
      if (Object.hasOwn(names, name)) return { kind: "constant", text: names[name] };
      if (name.startsWith("params.")) return parameterOf(name.slice("params.".length));
      if (!name.startsWith("vars.")) return void 0;
      const key = name.slice("vars.".length);
      const value = layers.find((layer) => Object.hasOwn(layer, key))?.[key];
      return value && bindingOf(value);
    },
    names: () => [
      ...layers.flatMap((layer) => Object.keys(layer).map((key) => `vars.${key}`)),
      ...parameters.map((name) => `params.${name}`),
      ...Object.keys(names),
      "uuid",
      "now"
    ]
  };
}
function injectScope(scope, owner) {
  const whole = "authorization" in owner ? withPublished(scope, publishedBy(owner)) : scope;
  return {
    ...whole,
    lookup: (name) => name === "bearer" ? { kind: "bearer" } : whole.lookup(name),
    names: () => [...whole.names(), "bearer"]
  };
}
function refreshScope(scope) {
  return {
    ...scope,
    lookup: (name) => name === "bearer" || name === "refreshToken" ? { kind: name } : scope.lookup(name),
    names: () => [...scope.names(), "refreshToken", "bearer"]
  };
}
function publishedBy({ authorization }) {
  return authorization.kind === "oauth2" ? authorization.oauth2.tokenResponse?.publish ?? [] : [];
}
function withPublished(scope, publish = []) {
  if (publish.length === 0) return scope;
  const published = new Map(publish.map(({ name, hosts }) => [`token.${name}`, { name, ...hosts && { hosts } }]));
  return {
    ...scope,
    lookup(name) {
      const entry = published.get(name);
      return entry ? { kind: "published", ...entry } : scope.lookup(name);
    },
    names: () => [...published.keys(), ...scope.names()]
  };
}
function bindingOf(value) {
  if (value.kind === "secret") return { kind: "value", value };
  const parsed = parseTemplate(value.text);
  const constant = parsed.ok && parsed.variables.length === 0;
  return constant ? { kind: "constant", text: value.text } : { kind: "value", value };
}
function constantsOf(scope) {
  const constantOf = (expression) => {
    if (expression.kind === "literal") return expression.text;
    if (expression.kind === "variable") {
      const binding = scope.lookup(expression.name);
      return binding?.kind === "constant" ? binding.text : void 0;
    }
    const texts = expression.arguments.map(constantOf);
    const known = texts.every((text) => text !== void 0);
    return known ? callFunction(expression.function, ...texts) : void 0;
  };
  return constantOf;
}
function parametersOf(scope) {
  const isParameter = (expression) => {
    if (expression.kind === "literal") return false;
    if (expression.kind === "call") return expression.arguments.some(isParameter);
    const binding = scope.lookup(expression.name);
    if (binding?.kind === "constant") return binding.parameter === true;
    return binding?.kind === "parameter" || binding?.kind === "given";
  };
  return isParameter;
}
function usesParameters(account, scope) {
  const inValue = (value) => {
    const parsed = parseTemplate(templateOf(value)?.text ?? "");
    return parsed.ok && parsed.variables.some(({ name }) => inBinding(scope.lookup(name)));
  };
  const inBinding = (binding) => binding?.kind === "parameter" || binding?.kind === "value" && inValue(binding.value);
  return accountValues(account).some(({ value }) => inValue(value));
}
function holdsSecret(value, scope) {
  if (value.kind === "secret") return true;
  const parsed = parseTemplate(value.text);
  const bindings = parsed.ok ? parsed.variables.map(({ name }) => scope.lookup(name)) : [];
  return bindings.some((binding) => binding?.kind === "value" && binding.value.kind === "secret");
}

// src/config/templates/dot-segments.ts
function decodedOnce(text) {
  return text.replace(/(?:%[\da-f]{2})+/gi, decoded).normalize("NFKC");
}
function decoded(octets) {
  try {
    return decodeURIComponent(octets);
  } catch {
    return octets.replace(OVERLONG, ascii).replace(/%[0-7][\da-f]/gi, (octet) => decodeURIComponent(octet));
  }
}
var OVERLONG = /%(?:c|e0%8|f0%80%8)([01])%([89ab][\da-f])/gi;
function ascii(_overlong, high, low) {
  return String.fromCharCode(Number(high) << 6 | Number.parseInt(low, 16) & 63);
}
var DOT_SEGMENT = /(?:^|[/\\])\.\.?(?:$|[/\\;\0])/;
function hidesDots(segment) {
  for (let text = segment; ; ) {
    if (DOT_SEGMENT.test(text)) return true;
    const next = decodedOnce(text);
    if (next === text) return false;
    text = next;
  }
}

// src/config/templates/uri-template.ts
var HOST_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
var HOST_LABELS = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;
var PLACEHOLDER = "x";
var PLACEHOLDER_PORT = "1";
var PLACEHOLDER_START = "https://placeholder.invalid";
function analyzeUri(template, constantOf, isParameter = () => false) {
  const parts = [];
  const filledIn = [];
  let text = "";
  let hostKnown = true;
  let hostFromValue = false;
  let parameter;
  for (const part of template) {
    if (part.kind === "text") {
      parts.push(part);
      filledIn.push({ text: part.text });
      text += part.text;
      if (parameter) parameter.suffix += part.text;
      continue;
    }
    const position = positionAfter(text);
    if (!position) return { ok: false, fault: { ...NO_SCHEME, within: part } };
    const constant = constantOf(part.expression);
    if (constant === void 0 && position !== "component") hostKnown = false;
    const callers = position !== "component" && isParameter(part.expression);
    hostFromValue ||= callers || !hostKnown;
    const filled = constant === void 0 ? placeholderAt(position, text) : encodeAt(position, constant);
    if (filled === void 0) return { ok: false, fault: { ...hostFault(position), within: part } };
    parts.push(
      constant === void 0 ? { kind: "expression", expression: part.expression, position } : { kind: "text", text: filled }
    );
    text += filled;
    filledIn.push({ text: filled, position });
    if (parameter) parameter.suffix += constant === void 0 ? UNKNOWN : filled;
    if (callers) parameter = { part, suffix: "" };
  }
  if (parameter && !LITERAL_SUFFIX.test(parameter.suffix.split(/[/?#]/, 1)[0]))
    return { ok: false, fault: { ...CALLERS_HOST, within: parameter.part } };
  if (movesPath(filledIn)) return { ok: false, fault: MOVED_PATH };
  const url = parseUrl(text);
  return "code" in url ? { ok: false, fault: url } : { ok: true, value: { parts, url, hostKnown, hostFromValue } };
}
var NO_SCHEME = {
  code: "uri/invalid",
  message: "a URI starts with https:// or with an expression that is a whole URL",
  hint: "an expression cannot be a part of the scheme"
};
var UNKNOWN = "\0";
var LITERAL_SUFFIX = /^[A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)+\.[A-Za-z][A-Za-z0-9-]*(?::\d+)?$/;
var CALLERS_HOST = {
  code: "uri/host-from-value",
  message: "a caller could choose the host that the credential goes to",
  hint: "after a parameter in the host write two labels or more, such as `{{params.tenant}}.shop.example`"
};
var MOVED_PATH = {
  code: "uri/invalid",
  message: "a value that is `.` or `..` would move the path"
};
function movesPath(parts) {
  if (!parts.some(({ position }) => position === "component")) return false;
  const segmentsWith = (textOf) => parts.map((part) => part.position === "start" ? PLACEHOLDER_START : textOf(part)).join("").split(/[?#]/, 1)[0].split("/");
  const written = segmentsWith(({ text, position }) => position === "component" ? PLACEHOLDER : text);
  return segmentsWith(({ text }) => text).some((segment, index) => segment !== written[index] && hidesDots(segment));
}
function positionAfter(text) {
  if (text === "") return "start";
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.exec(text);
  if (!scheme) return void 0;
  return /[/?#]/.test(text.slice(scheme[0].length)) ? "component" : "authority";
}
function placeholderAt(position, before) {
  if (position === "start") return PLACEHOLDER_START;
  return position === "authority" && /:\d*$/.test(before) ? PLACEHOLDER_PORT : PLACEHOLDER;
}
function encodeAt(position, value) {
  if (position === "component") return value.isWellFormed() ? encodeURIComponent(value) : void 0;
  if (position === "authority") return HOST_LABELS.test(value) && !value.includes("..") ? value : void 0;
  const url = URL.canParse(value) ? new URL(value) : void 0;
  const usable = url && isHttp(url) && !url.username && !url.password && !url.search && !url.hash && !/[\s\\]/.test(value);
  return usable ? value : void 0;
}
function hostFault(position) {
  const needed = position === "start" ? "an absolute http(s) URL" : "host labels such as `eu` or `api.crm`";
  return {
    code: "uri/host-from-value",
    message: `the value of this expression must be ${needed} here`,
    hint: "a value must not be able to change the host"
  };
}
function isHttp(url) {
  return url.protocol === "https:" || url.protocol === "http:";
}
function parseUrl(text) {
  const invalid = (message, hint) => ({ code: "uri/invalid", message, hint });
  if (!/^https?:\/\//i.test(text)) return invalid("not an absolute http(s) URL", "start it with https://");
  if (/[\s\\]/.test(text)) return invalid("blanks and backslashes cannot stand in a URI", "write %20 and /");
  if (!/^https?:\/\/[^/?#]/i.test(text) || !URL.canParse(text))
    return invalid("not a valid URL", "for example https://api.example/v3");
  const url = new URL(text);
  if (url.username || url.password)
    return invalid("user information does not belong in a URI", "an account holds the credentials");
  if (url.hash || text.includes("#")) return invalid("a fragment (`#`) does not belong in this URI", "remove it");
  return url;
}
function isLoopback(hostname) {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  return host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

// src/config/templates/published-hosts.ts
function publishedHosts(parts, scope) {
  return parts.flatMap(
    (part) => part.kind === "expression" && part.position !== "component" ? publishedIn(part.expression, scope) : []
  );
}
function publishedIn(expression, scope) {
  if (expression.kind === "literal") return [];
  if (expression.kind === "call") return expression.arguments.flatMap((argument) => publishedIn(argument, scope));
  const binding = scope.lookup(expression.name);
  if (binding?.kind !== "published") return [];
  const { start, end } = expression;
  return [{ name: binding.name, ...binding.hosts && { hosts: binding.hosts }, start, end }];
}
function isListedHost(hostname, patterns) {
  const host = hostname.toLowerCase();
  return patterns.some((pattern) => {
    const wanted = pattern.toLowerCase();
    return wanted.startsWith("*.") ? host.endsWith(wanted.slice(1)) && host.length > wanted.length - 1 : host === wanted;
  });
}

export {
  parseDuration,
  formatDuration,
  Secret,
  cleanForeignText,
  trimSecret,
  jsonMember,
  connectionParts,
  isSecretName,
  oauth2Parts,
  serverOf,
  constantParams,
  readText,
  readVariables,
  at,
  readSecret,
  templateOf,
  isBearer,
  allValues,
  accountValues,
  callerSecrets,
  actionValues,
  inputSchemaFault,
  compileInputCheck,
  parseTemplate,
  callFunction,
  definitionScopes,
  injectScope,
  refreshScope,
  constantsOf,
  parametersOf,
  usesParameters,
  holdsSecret,
  decodedOnce,
  hidesDots,
  HOST_CHARACTERS,
  analyzeUri,
  movesPath,
  encodeAt,
  isLoopback,
  publishedHosts,
  isListedHost
};
