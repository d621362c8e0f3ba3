import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);

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

export {
  parseDuration,
  formatDuration,
  Secret,
  cleanForeignText,
  trimSecret,
  jsonMember
};
