import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  shortText
} from "./shared-diagnostic.js";

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

// src/config/template.ts
import { createRequire } from "node:module";
var TEMPLATE_FUNCTIONS = ["base64", "json"];
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
var PLAIN_EXPRESSION = /(?<!\{)\{\{\s*([a-z][A-Za-z0-9_-]*(?:\.[A-Za-z][A-Za-z0-9_-]*)*)\s*\}\}(?!\})/g;
function parsePlain(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(PLAIN_EXPRESSION)) {
    const start = match.index;
    if (start > end) parts.push({ kind: "text", text: text.slice(end, start) });
    end = start + match[0].length;
    const nameStart = start + match[0].indexOf(match[1]);
    const expression = {
      kind: "variable",
      name: match[1],
      start: nameStart,
      end: nameStart + match[1].length
    };
    parts.push({ kind: "expression", expression, start, end });
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  const odd = parts.some((part) => part.kind === "text" && /\{\{|\\$/.test(part.text));
  return odd ? void 0 : { ok: true, parts, variables: parts.flatMap((part) => part.kind === "text" ? [] : variablesOf(part.expression)) };
}
function variablesOf(expression) {
  if (expression.kind === "variable") return [expression];
  return expression.kind === "call" ? expression.arguments.flatMap(variablesOf) : [];
}
var handlebarsParse;
function loadParse() {
  handlebarsParse ??= createRequire(import.meta.url)("handlebars").parseWithoutProcessing;
  return handlebarsParse;
}
var MAX_LENGTH = 65536;
var MAX_DEPTH = 8;
function parseWithHandlebars(text) {
  if (text.length > MAX_LENGTH) {
    const fault = unsupported(`a template has at most ${MAX_LENGTH} characters`);
    return { ok: false, fault: { ...fault, start: 0, end: text.length } };
  }
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
  if (depth > MAX_DEPTH) return unsupported(`functions within functions, more than ${MAX_DEPTH} of them`);
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
  if (read.length !== 1) return unsupported(`\`${name}\` takes one argument`);
  return { kind: "call", function: name, arguments: read };
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
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
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
function callFunction(name, argument) {
  return name === "base64" ? Buffer.from(argument, "utf8").toString("base64") : JSON.stringify(argument);
}

// src/config/scope.ts
function definitionScopes(draft) {
  const { vars } = draft;
  const accounts = new Map([...draft.accounts].map((account) => [account.key, account]));
  const services = new Map([...draft.services].map((service) => [service.name, service]));
  return {
    of(owner) {
      if ("authorization" in owner) {
        const service = owner.key === owner.name ? void 0 : services.get(owner.name);
        return templateScope({ vars, account: owner, ...service && { service } });
      }
      const account = accounts.get(owner.account);
      return templateScope({ vars, service: owner, ...account && { account } });
    }
  };
}
function templateScope(parts) {
  const { vars, account, service } = parts;
  const names = {
    ...account && { "account.name": account.name },
    ...service && { "service.name": service.name }
  };
  const layers = [account?.vars, service?.vars, vars].filter((layer) => layer !== void 0);
  return {
    lookup(name) {
      if (name === "uuid" || name === "now") return { kind: "generated", name };
      if (Object.hasOwn(names, name)) return { kind: "constant", text: names[name] };
      if (!name.startsWith("vars.")) return void 0;
      const key = name.slice("vars.".length);
      const value = layers.find((layer) => Object.hasOwn(layer, key))?.[key];
      return value && bindingOf(value);
    },
    names: () => [
      ...layers.flatMap((layer) => Object.keys(layer).map((key) => `vars.${key}`)),
      ...Object.keys(names),
      "uuid",
      "now"
    ]
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
    const argument = constantOf(expression.arguments[0]);
    return argument === void 0 ? void 0 : callFunction(expression.function, argument);
  };
  return constantOf;
}

// src/config/oauth2-parts.ts
function oauth2Parts(oauth2) {
  const part = (key, use, value) => value ? [{ key, value, use }] : [];
  return [
    ...part("accessTokenUri", "uri", oauth2.accessTokenUri),
    ...part("clientId", "text", oauth2.clientId),
    ...part("clientSecret", "secret", oauth2.clientSecret),
    ...part("username", "text", oauth2.username),
    ...part("password", "secret", oauth2.password)
  ];
}

// src/config/locate.ts
function locateFinding(finding, severity) {
  const { code, place, message, hint, part = "value" } = finding;
  const file = place.document.source.file;
  const located = place.document.locate(place.path, part);
  const exact = finding.within && rangeWithin(place, finding.within);
  const related = (finding.related ?? []).map((other) => ({
    file: other.place.document.source.file,
    range: other.place.document.locate(other.place.path, other.part ?? "value").range,
    message: other.message
  }));
  if (located.via) related.push({ file, range: located.via, message: "defined here" });
  return {
    code,
    severity,
    message: shortText(message),
    file,
    range: exact ?? located.range,
    ...hint && { hint: shortText(hint) },
    ...related.length > 0 && { related }
  };
}
function startOf(place, part = "value") {
  const { range, via } = place.document.locate(place.path, part);
  const { start } = via ?? range;
  return { file: place.document.source.file, line: start.line, column: start.column };
}
function rangeWithin(place, within) {
  const scalar = place.document.rawScalar(place.path);
  const text = valueAt(place);
  if (!scalar || text === void 0) return void 0;
  const { offset, raw } = scalar;
  if (raw === text) return place.document.range(offset + within.start, offset + within.end);
  const piece = text.slice(within.start, within.end);
  const occurrence = text.slice(0, within.start).split(piece).length;
  const found = nthIndexOf(raw, piece, occurrence);
  return found < 0 ? void 0 : place.document.range(offset + found, offset + found + piece.length);
}
function valueAt(place) {
  let value = place.document.value;
  for (const segment of place.path) value = value?.[segment];
  return typeof value === "string" ? value : void 0;
}
function nthIndexOf(text, piece, n) {
  let at = -1;
  for (let count = 0; count < n; count++) {
    at = text.indexOf(piece, at + 1);
    if (at < 0) return -1;
  }
  return at;
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
  return [secret, percent, form, bytes.toString("base64"), bytes.toString("base64url")];
}
function cleanForeignText(text, secrets, maxLength = 200) {
  let cleaned = text;
  const forms = secrets.flatMap((secret) => formsOf(secret.reveal())).filter((form) => form.length >= 4);
  for (const form of forms.sort((a, b) => b.length - a.length)) cleaned = cleaned.replaceAll(form, MASK);
  cleaned = cleaned.replace(/[^\x20-\x7e]+/g, " ").trim();
  return cleaned.length > maxLength ? `${cleaned.slice(0, maxLength - 3)}...` : cleaned;
}

// src/config/uri-template.ts
var HOST_LABELS = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;
var PLACEHOLDER = "x";
var PLACEHOLDER_PORT = "1";
var PLACEHOLDER_START = "https://placeholder.invalid";
function analyzeUri(template, constantOf) {
  const parts = [];
  let text = "";
  let hostKnown = true;
  for (const part of template) {
    if (part.kind === "text") {
      parts.push(part);
      text += part.text;
      continue;
    }
    const position = positionAfter(text);
    if (!position) return { ok: false, fault: { ...NO_SCHEME, within: part } };
    const constant = constantOf(part.expression);
    if (constant === void 0 && position !== "component") hostKnown = false;
    const filled = constant === void 0 ? placeholderAt(position, text) : encodeAt(position, constant);
    if (filled === void 0) return { ok: false, fault: { ...hostFault(position), within: part } };
    parts.push(
      constant === void 0 ? { kind: "expression", expression: part.expression, position } : { kind: "text", text: filled }
    );
    text += filled;
  }
  const url = parseUrl(text);
  return "code" in url ? { ok: false, fault: url } : { ok: true, value: { parts, url, hostKnown } };
}
var NO_SCHEME = {
  code: "uri/invalid",
  message: "a URI starts with https:// or with an expression that is a whole URL",
  hint: "an expression cannot be a part of the scheme"
};
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
  if (position === "component") return encodeURIComponent(value);
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

export {
  parseDuration,
  formatDuration,
  Secret,
  cleanForeignText,
  oauth2Parts,
  analyzeUri,
  encodeAt,
  isLoopback,
  parseTemplate,
  callFunction,
  definitionScopes,
  constantsOf,
  locateFinding,
  startOf
};
