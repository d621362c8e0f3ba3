import {
  analyzeUri,
  callFunction,
  cleanForeignText,
  constantsOf,
  encodeAt,
  isListedHost,
  isLoopback,
  movesPath,
  parametersOf,
  parseTemplate,
  publishedHosts
} from "./shared-template.js";
import {
  AppError
} from "./shared-error.js";

// src/compile/text.ts
import { createHash } from "node:crypto";

// src/compile/link-local.ts
function isLinkLocal(host) {
  const plain = host.replace(/^\[|\]$/g, "").replace(/%.*$/, "").replace(/\.+$/, "").toLowerCase();
  const written = plain.includes(":") ? `[${plain}]` : plain;
  if (!URL.canParse(`http://${written}`)) return false;
  const { hostname } = new URL(`http://${written}`);
  if (NAMES.has(hostname)) return true;
  return hostname.startsWith("[") ? isLinkLocal6(hostname.slice(1, -1)) : hostname.startsWith("169.254.");
}
var NAMES = /* @__PURE__ */ new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "instance-data",
  "instance-data.ec2.internal",
  "[fd00:ec2::254]",
  "[fd00:ec2::23]",
  "[fd20:ce::254]",
  "[fd00:c1::a9fe:a9fe]",
  "100.100.100.200",
  "168.63.129.16",
  "192.0.0.192"
]);
function isLinkLocal6(address) {
  const groups = groupsOf(address);
  if ((groups[0] & 65472) === 65152) return true;
  const within = embedded(groups);
  return within !== void 0 && isLinkLocal(within.flatMap((group) => [group >> 8, group & 255]).join("."));
}
function groupsOf(address) {
  const [head = [], tail = []] = address.split("::").map((part) => part.split(":").filter(Boolean));
  const missing = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...missing, ...tail].map((group) => Number.parseInt(group, 16));
}
var PREFIXES = ["0,0,0,0,0,0", "0,0,0,0,0,65535", "0,0,0,0,65535,0", "100,65435,0,0,0,0"];
function embedded(groups) {
  if (groups[0] === 8194) return groups.slice(1, 3);
  return PREFIXES.includes(groups.slice(0, 6).join()) ? groups.slice(6) : void 0;
}

// src/compile/check-expanded.ts
function checkExpanded(text, options) {
  const url = URL.canParse(text) ? new URL(text) : void 0;
  const expected = url && (options.host === void 0 || url.host === options.host);
  if (!url || !expected)
    throw new AppError("invalid_template_value", `${options.label} is not a valid URL with these values`);
  if (options.host === void 0 && isLinkLocal(url.hostname)) {
    const message = `${options.label}: a value leads to a link-local or metadata address; write such a host literally`;
    throw new AppError("invalid_template_value", message);
  }
  checkHosts(url, options);
  if (url.protocol === "https:" || options.allowHttp || isLoopback(url.hostname)) return url;
  throw new AppError(
    "invalid_template_value",
    `${options.label} uses plain http outside loopback; use https or allowHttp`
  );
}
function checkHosts(url, { published, label }) {
  const refused = published.find(({ hosts = [] }) => !isListedHost(url.hostname, hosts));
  if (!refused) return;
  const host = cleanForeignText(url.hostname, [], 100);
  const message = `${label}: the token response names the host ${host}, which \`hosts\` of \`publish.${refused.name}\` does not list`;
  throw new AppError("invalid_template_value", message);
}

// src/compile/file-reference.ts
import { resolve, sep } from "node:path";
function resolveFile(reference, scope) {
  if (reference.kind !== "file" || !reference.template) return reference;
  const { text, directory } = reference.template;
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new Error("compiling a path that the rules refused");
  let path = "";
  let fixed;
  for (const part of parsed.parts) {
    if (part.kind === "text") {
      path += part.text;
      continue;
    }
    const binding = part.expression.kind === "variable" ? scope.lookup(part.expression.name) : void 0;
    if (binding?.kind !== "constant") return reference;
    if (binding.parameter) {
      fixed ??= path;
      if (/[/\\\0]/.test(binding.text)) throw outside();
    }
    path += binding.text;
  }
  const { kept: fresh, public: shared } = reference;
  const kept = { ...fresh && { kept: fresh }, ...shared && { public: shared } };
  if (fixed === void 0) return { kind: "file", path: resolve(directory, path), ...kept };
  return { kind: "file", ...kept, ...confined(resolve(directory, folderOf(fixed)), resolve(directory, path)) };
}
function watchedPath(reference) {
  if (reference.kind !== "file") return void 0;
  if (!reference.template) return reference.path;
  const { text, directory } = reference.template;
  return `${resolve(directory, folderOf(text.split("{{", 1)[0]))}${sep}`;
}
function folderOf(path) {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
function confined(within, path) {
  if (!path.startsWith(`${within}${sep}`)) throw outside();
  return { path, within };
}
function outside() {
  return new AppError("invalid_parameter", "the value of a parameter would lead out of the folder of its secrets");
}

// src/compile/text.ts
function referenceKey(reference) {
  switch (reference.kind) {
    case "env":
    case "systemd":
      return `${reference.kind}:${reference.name}`;
    case "file":
      return `file:${reference.path}${reference.kept ? ` kept ${reference.kept.at ?? ""}` : ""}`;
    case "exec":
      return `exec:${JSON.stringify([reference.directory, ...reference.command])}`;
    case "account":
      return `account:${reference.key ?? reference.account}${reference.field === void 0 ? "" : ` ${reference.field}`}`;
    case "literal":
      return `literal:${createHash("sha256").update(reference.secret.reveal()).digest("hex")}`;
  }
}
function writtenKey(reference) {
  if (reference.kind !== "account") return referenceKey(reference);
  const { key: _key, ...written } = reference;
  return referenceKey(written);
}
function describeReference(reference) {
  switch (reference.kind) {
    case "env":
    case "systemd":
      return `${reference.kind} ${reference.name}`;
    case "file":
      return `file ${reference.path}`;
    case "exec":
      return `exec ${reference.command[0]}`;
    case "account":
      return `${reference.field ?? "bearer"} of account ${reference.account}`;
    case "literal":
      return "literal in the file";
  }
}
function compileText(value, scope) {
  if (value.kind === "secret") return referencePiece(inScope(value.reference, scope));
  return joinPieces(partsOf(value.text).map((part) => compilePart(part, scope)));
}
function inScope(reference, scope) {
  if (reference.kind !== "account") return resolveFile(reference, scope);
  const key = scope.values?.accountKey(reference.account) ?? reference.account;
  return key === reference.account ? reference : { ...reference, key };
}
function partsOf(text) {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new Error("compiling a template that the rules refused");
  return parsed.parts;
}
function compilePart(part, scope) {
  return part.kind === "text" ? constantPiece(part.text) : compileExpression(part.expression, scope);
}
function compileExpression(expression, scope) {
  if (expression.kind === "literal") return constantPiece(expression.text);
  if (expression.kind === "variable") return bindingPiece(scope.lookup(expression.name), scope, expression.name);
  const pieces = expression.arguments.map((argument) => compileExpression(argument, scope));
  const constants = pieces.flatMap(({ constant }) => constant ?? []);
  if (constants.length === pieces.length) return constantPiece(callFunction(expression.function, ...constants));
  return {
    references: pieces.flatMap((piece) => piece.references),
    dynamic: pieces.some((piece) => piece.dynamic),
    identity: `${expression.function}(${pieces.map(({ identity }) => identity).join(",")})`,
    render: (values) => callFunction(expression.function, ...pieces.map((piece) => piece.render(values)))
  };
}
function bindingPiece(binding, scope, variable) {
  if (binding.kind === "constant") return constantPiece(binding.text);
  if (binding.kind === "value") return compileText(binding.value, scope);
  if (binding.kind === "parameter") return parameterPiece(variable);
  if (binding.kind === "given") return givenPiece(binding);
  if (binding.kind === "bearer") return tokenPiece("bearer", ({ token }) => token?.bearer);
  if (binding.kind === "refreshToken") return tokenPiece("refreshToken", ({ refreshToken }) => refreshToken);
  if (binding.kind === "published") return tokenPiece(variable, ({ token }) => token?.published?.[binding.name]);
  const { name } = binding;
  return { references: [], dynamic: true, identity: `{{${name}}}`, render: (values) => values[name]() };
}
function parameterPiece(variable) {
  const render = () => {
    throw new Error(`{{${variable}}} has no value here`);
  };
  return { references: [], dynamic: false, identity: `{{${variable}}}`, render };
}
function givenPiece({ name, optional }) {
  const render = (values) => {
    const value = values.given?.(name);
    if (value === void 0 && !optional) throw new AppError("invalid_input", `\`${name}\` is missing`);
    if (value === void 0 || value === null) return "";
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  };
  return { references: [], dynamic: true, identity: `{{${name}}}`, render };
}
function tokenPiece(name, secretOf) {
  const render = (values) => {
    const secret = secretOf(values);
    if (!secret) throw new Error(`{{${name}}} stands only where a token response is`);
    return secret.reveal();
  };
  return { references: [], dynamic: false, identity: `{{${name}}}`, render };
}
function constantPiece(text) {
  return { references: [], dynamic: false, identity: JSON.stringify(text), render: () => text, constant: text };
}
function referencePiece(reference) {
  const identity = writtenKey(reference);
  return { references: [reference], dynamic: false, identity, render: (values) => values.secret(reference).reveal() };
}
function joinPieces(parts) {
  const pieces = foldConstants(parts);
  const [only] = pieces;
  if (pieces.length === 1 && only) return only;
  if (pieces.length === 0) return constantPiece("");
  return {
    references: pieces.flatMap((piece) => piece.references),
    dynamic: pieces.some((piece) => piece.dynamic),
    identity: pieces.map((piece) => piece.identity).join("+"),
    render: (values) => pieces.map((piece) => piece.render(values)).join("")
  };
}
function foldConstants(parts) {
  const pieces = [];
  for (const part of parts) {
    const last = pieces.at(-1);
    if (part.constant === void 0 || last?.constant === void 0) pieces.push(part);
    else pieces[pieces.length - 1] = constantPiece(last.constant + part.constant);
  }
  return pieces;
}
function secretsIn(texts, values) {
  return texts.flatMap((text) => {
    if (text.references.length === 0) return [];
    const secrets = text.references.map((reference) => values.secret(reference).reveal());
    const whole = "render" in text ? text.render(values) : void 0;
    return whole === void 0 ? secrets : [...secrets, whole, whole.replace(/^\S+ +/, "")];
  });
}
function hasHostFromValue(value, scope) {
  if (value.kind !== "template") return false;
  const analyzed = analyzeUri(partsOf(value.text), constantsOf(scope), parametersOf(scope));
  return analyzed.ok && analyzed.value.hostFromValue;
}
function compileUri(value, scope, options) {
  if (value.kind === "secret") throw new Error("a URI is written as a template");
  const analyzed = analyzeUri(partsOf(value.text), constantsOf(scope), parametersOf(scope));
  if (!analyzed.ok) throw refusedUri(scope, options.label);
  const { parts, hostKnown, url } = analyzed.value;
  const pieces = parts.map((part) => ({ part, piece: compileUriPart(part, scope) }));
  const text = joinPieces(pieces.map(({ piece }) => piece));
  const published = publishedHosts(parts, scope);
  const constant = pieces.every(({ part }) => part.kind === "text");
  const expand = (values) => {
    const filled = pieces.map(({ part, piece }) => ({
      text: encodePart(part, piece.render(values), options.label),
      ...part.kind === "expression" && { position: part.position }
    }));
    if (movesPath(filled))
      throw new AppError(
        "invalid_template_value",
        `a value in ${options.label} is \`.\` or \`..\` and would move the path`
      );
    const expanded = filled.map(({ text: text2 }) => text2).join("");
    return checkExpanded(expanded, { ...options, host: hostKnown ? url.host : void 0, published });
  };
  const { references, dynamic, identity } = text;
  return { references, dynamic, identity, display: displayUri(parts), expand: constant ? () => url : expand };
}
function refusedUri({ values }, label) {
  if (!values) return new Error("compiling a URI that the rules refused");
  const names = Object.keys(values.params).map((name) => `\`${name}\``).join(", ");
  return new AppError("invalid_parameter", `the value of parameter ${names} may not stand where ${label} uses it`);
}
function compileUriPart(part, scope) {
  return part.kind === "text" ? constantPiece(part.text) : compileExpression(part.expression, scope);
}
function displayUri(parts) {
  return parts.map((part) => part.kind === "text" ? part.text : `{{${describeExpression(part.expression)}}}`).join("");
}
function describeExpression(expression) {
  if (expression.kind === "literal") return JSON.stringify(expression.text);
  if (expression.kind === "variable") return expression.name;
  return `${expression.function} ${expression.arguments.map(describeExpression).join(" ")}`;
}
function encodePart(part, value, label) {
  if (part.kind === "text") return part.text;
  const encoded = encodeAt(part.position, value);
  if (encoded !== void 0) return encoded;
  const name = describeExpression(part.expression);
  throw new AppError("invalid_template_value", `the value of {{${name}}} may not stand where ${label} uses it`);
}

export {
  isLinkLocal,
  watchedPath,
  referenceKey,
  describeReference,
  compileText,
  compileExpression,
  secretsIn,
  hasHostFromValue,
  compileUri,
  describeExpression
};
