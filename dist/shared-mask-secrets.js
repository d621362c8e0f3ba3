import {
  looksLikeSecret
} from "./shared-secret-shape.js";
import {
  parseFile
} from "./shared-yaml.js";
import {
  suggest
} from "./shared-leven.js";

// src/config/mask-secrets.ts
var SECRET_NAME = /sec|pas|pw(?!arm)|cred|assertion|token$|key$|^value$/i;
var SECRET_HEADER = /authorization|cookie/i;
var SECRET_WORDS = ["secret", "password", "passwd", "credentials", "assertion", "token", "key", "value"];
var PLAIN_WORDS = ["socket", "values"];
var REFERENCE_KEYS = /* @__PURE__ */ new Set(["env", "file", "exec", "systemd", "account", "field"]);
var SECTIONS = /* @__PURE__ */ new Set(["accounts", "services", "actions"]);
function maskSecrets(source) {
  const { documents, diagnostics } = parseFile(source);
  const text = coverRanges(source.text, documents.flatMap(secretRanges));
  const unread = diagnostics.some(({ code }) => code === "yaml/syntax" || code === "yaml/too-deep");
  return coverUserInformation(unread ? coverLines(text) : text);
}
function secretRanges(document) {
  const ranges = [];
  const seen = { secret: /* @__PURE__ */ new Set(), other: /* @__PURE__ */ new Set() };
  const walk = (value, path, secret) => {
    if (typeof value !== "object" || value === null) {
      const named = path.at(-1) === "env" && typeof value === "string" && looksLikeSecret(value);
      if (!named && !(secret && (value !== null || document.rawScalar(path)?.raw))) return;
      const { range, via } = document.locate(path, "value");
      ranges.push(via ?? range);
      return;
    }
    const known = secret ? seen.secret : seen.other;
    if (known.has(value)) return;
    known.add(value);
    for (const [key, child] of Object.entries(value)) {
      const [name, glued] = key.split(":", 2);
      if (glued && isSecret(name, path, secret)) ranges.push(document.locate([...path, key], "key").range);
      walk(child, [...path, key], isSecret(key, path, secret));
    }
  };
  walk(document.value, [], false);
  return ranges;
}
var HARMLESS = {
  clientAssertion: /* @__PURE__ */ new Set(["alg", "kid", "typ", "audience", "lifetime", "type", "at", "in"]),
  assertion: /* @__PURE__ */ new Set(["alg", "kid", "typ", "audience", "lifetime", "at"]),
  tokenResponse: /* @__PURE__ */ new Set(["token"])
};
function isSecret(key, parent, inherited) {
  if (HARMLESS[String(parent.at(-1))]?.has(key)) return false;
  if (inherited) return !REFERENCE_KEYS.has(key);
  if (parent.length === 1 && SECTIONS.has(String(parent[0]))) return false;
  return SECRET_NAME.test(key) || isSecretHeader(key, parent) || isMisspelt(key);
}
function isSecretHeader(key, parent) {
  if (key !== "authorization") return SECRET_HEADER.test(key);
  return parent.length > 2 && suggest(String(parent.at(-1)), ["headers"]) !== void 0;
}
function isMisspelt(key) {
  const word = key.split(/[\W_]|(?=[A-Z][a-z])/).at(-1).toLowerCase();
  const meant = suggest(word, [...PLAIN_WORDS, ...SECRET_WORDS]);
  return meant !== void 0 && meant[0] === word[0] && !PLAIN_WORDS.includes(meant);
}
function coverRanges(text, ranges) {
  if (ranges.length === 0) return text;
  const lines = text.split("\n");
  for (const { start, end } of ranges) {
    for (let at = start.line; at <= end.line; at++) {
      const line = lines[at - 1] ?? "";
      const from = at === start.line ? start.column - 1 : 0;
      const to = at === end.line ? end.column - 1 : line.length;
      lines[at - 1] = line.slice(0, from) + coverValue(line.slice(from, to)) + line.slice(to);
    }
  }
  return lines.join("\n");
}
function coverValue(text) {
  if (/^[|>][+-]?\d?[+-]?\r?$/.test(text)) return text;
  const [, open, inner, close] = /^(["']?)(.*?)(["']?)$/s.exec(text);
  const pieces = inner.split(/(\{\{[^{}'"]*(?:\}\}|$))/);
  return open + pieces.map((piece, index) => index % 2 ? piece : cover(piece)).join("") + close;
}
var UNREAD_SECRET = /((?:sec|pas|pw|cred|authorization(?!["']?:\s*(?:none|basic|query|header|oauth2)\s*[,}\r\n])|cookie|token(?=["']?\s*:)|key(?=["']?\s*:)|\bvalue)[\w-]*["']?\s*:[ \t]*)([^\s[{].*)/gi;
function coverLines(text) {
  return text.replace(UNREAD_SECRET, (_all, key, rest) => {
    const end = /[,}]\s*(?:[\w"'-]+\s*:|$)/.exec(rest)?.index ?? rest.length;
    return key + coverValue(rest.slice(0, end)) + rest.slice(end);
  });
}
function coverUserInformation(text) {
  return text.replace(/(\/\/[^\s/@:]*:)([^\s@]+)(?=@)/g, (_all, before, word) => before + cover(word));
}
function cover(text) {
  return text.replace(/[^\s]/g, "*");
}

export {
  maskSecrets
};
