import {
  describeExpression,
  describeReference
} from "./shared-text.js";
import {
  analyzeUri,
  constantsOf,
  parseTemplate
} from "./shared-template.js";

// src/compile/explain/describe.ts
import { isAbsolute, relative } from "node:path";
var SECRET_NAME = /sec|pas|pw|cred|assertion|token|key|auth|cookie|session|signature/i;
function looksSecret(name) {
  return SECRET_NAME.test(name);
}
function describeSecret({ reference, place }) {
  return reference.kind === "file" ? `file ${shortPath(reference.path, place)}` : describeReference(reference);
}
function shortPath(path, { document }) {
  const { path: whole, file } = document.source;
  if (!isAbsolute(path) || !whole.endsWith(`/${file}`)) return path;
  const short = relative(whole.slice(0, -file.length - 1) || "/", path);
  return short.length < path.length ? short : path;
}
function leavesOf(value, scope) {
  const parsed = value.kind === "secret" ? void 0 : parseTemplate(value.text);
  const names = new Set(parsed?.ok ? parsed.variables.map(({ name }) => name) : []);
  return [...names].map((name) => {
    const binding = scope.lookup(name);
    const secret = binding?.kind === "value" && binding.value.kind === "secret" ? binding.value : void 0;
    return { name, ...secret && { secret } };
  });
}
function describeValue(value, scope, use) {
  if (value.kind === "secret") return describeSecret(value);
  if (use === "secret") return describeHidden(value, scope);
  return use === "uri" ? describeUri(value.text, scope) : describeText(value.text, scope);
}
function describeScopes({ scope: written }, scope) {
  return written.map((text) => describeText(text, scope)).join(" ");
}
function describeInject({ in: where, name, prefix, value }, scope) {
  const made = value.kind === "template" && value.text === "{{bearer}}" ? "" : ` (${describeValue(value, scope, "secret")})`;
  return `${where === "header" ? "header" : "query parameter"} ${name}: ${prefix}[secret]${made}`;
}
function describeHidden(value, scope) {
  const names = leavesOf(value, scope).map(({ name }) => name);
  return names.length > 0 ? `template of ${names.join(", ")}` : "literal in the file";
}
function describeText(text, scope) {
  const constantOf = shownConstants(scope);
  return partsOf(text).map(
    (part) => part.kind === "text" ? part.text : constantOf(part.expression) ?? `{{${describeExpression(part.expression)}}}`
  ).join("");
}
function describeUri(text, scope) {
  const analyzed = analyzeUri(partsOf(text), shownConstants(scope));
  if (!analyzed.ok) return text;
  const shown = analyzed.value.parts.map(
    (part) => part.kind === "text" ? part.text : `{{${describeExpression(part.expression)}}}`
  );
  return coverQuery(shown.join(""));
}
function partsOf(text) {
  const parsed = parseTemplate(text);
  return parsed.ok ? parsed.parts : [{ kind: "text", text }];
}
function shownConstants(scope) {
  const constantOf = constantsOf(scope);
  return (expression) => looksSecret(describeExpression(expression)) ? void 0 : constantOf(expression);
}
function coverQuery(url) {
  return url.replace(
    /([?&])([^=&#]*)=([^&#]*)/g,
    (all, start, name, value) => looksSecret(name) && !/^\{\{[^{}]*\}\}$/.test(value) ? `${start}${name}=[secret]` : all
  );
}

export {
  looksSecret,
  describeSecret,
  leavesOf,
  describeValue,
  describeScopes,
  describeInject
};
