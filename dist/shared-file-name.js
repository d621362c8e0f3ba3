import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  formatDuration
} from "./shared-secret.js";

// src/compile/actions/file-name.ts
var MAX_NAME_BYTES = 255;
function safeBaseName(name) {
  return safeFileName(name.split(/[/\\]/).findLast((segment) => segment !== "") ?? "");
}
function safeFileName(name) {
  const plain = name.toWellFormed().replace(/[/\\\x00-\x1f\x7f-\x9f\u2028\u2029]/g, "_");
  if (/^\.{0,2}$/.test(plain)) return plain.replaceAll(".", "_") || "file";
  if (Buffer.byteLength(plain) <= MAX_NAME_BYTES) return plain;
  const ending = /\.[A-Za-z0-9]{1,16}$/.exec(plain)?.[0] ?? "";
  let kept = "";
  let bytes = ending.length;
  for (const char of plain) {
    bytes += Buffer.byteLength(char);
    if (bytes > MAX_NAME_BYTES) break;
    kept += char;
  }
  return kept + ending;
}
function contentDisposition(name) {
  const plain = name.replace(/[^\x20-\x7e]/g, "_").replace(/["\\%]/g, "_");
  const fallback = `attachment; filename="${plain}"`;
  if (plain === name) return fallback;
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`
  );
  return `${fallback}; filename*=UTF-8''${encoded}`;
}
function formName(name) {
  return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
var TYPES = {
  avif: "image/avif",
  bmp: "image/bmp",
  bz2: "application/x-bzip2",
  css: "text/css",
  csv: "text/csv",
  doc: "application/msword",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  eml: "message/rfc822",
  epub: "application/epub+zip",
  gif: "image/gif",
  gz: "application/gzip",
  htm: "text/html",
  html: "text/html",
  ics: "text/calendar",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript",
  json: "application/json",
  jsonl: "application/jsonl",
  log: "text/plain",
  md: "text/markdown",
  mov: "video/quicktime",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  odp: "application/vnd.oasis.opendocument.presentation",
  ods: "application/vnd.oasis.opendocument.spreadsheet",
  odt: "application/vnd.oasis.opendocument.text",
  ogg: "audio/ogg",
  parquet: "application/vnd.apache.parquet",
  pdf: "application/pdf",
  png: "image/png",
  ppt: "application/vnd.ms-powerpoint",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  rtf: "application/rtf",
  svg: "image/svg+xml",
  tar: "application/x-tar",
  tif: "image/tiff",
  tiff: "image/tiff",
  txt: "text/plain",
  wav: "audio/wav",
  webm: "video/webm",
  webp: "image/webp",
  xls: "application/vnd.ms-excel",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  xml: "application/xml",
  xz: "application/x-xz",
  yaml: "application/yaml",
  yml: "application/yaml",
  zip: "application/zip",
  zst: "application/zstd"
};
function contentTypeOf(name) {
  return TYPES[/\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? ""] ?? "application/octet-stream";
}

// src/compile/json-pointer.ts
function valueAt(root, pointer) {
  let value = root;
  for (const token of pointer.split("/").slice(1)) {
    const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return void 0;
    value = value[key];
  }
  return value;
}
function equalsAt(root, { at, equals }) {
  const value = valueAt(root, at);
  return value !== void 0 && typeof value !== "object" && String(value) === String(equals);
}

// src/compile/rejection.ts
var MAX_JUDGED_BYTES = 64 * 1024;
var JSON_TYPE = /^(?:|text\/(?:plain|html|json|javascript)|application\/(?:[\w.-]+\+)?(?:json|javascript))$/;
function compileRejections(rules) {
  const judged = new Set(rules.flatMap(({ statuses }) => statuses));
  return (status, ageMs, body) => {
    if (!judged.has(status)) return "accepted";
    const named = rules.filter(({ statuses }) => statuses.includes(status));
    const age = ageMs();
    const due = named.filter(({ minAgeMs = 0 }) => age >= minAgeMs);
    if (due.some(({ member }) => !member)) return "rejected";
    if (due.length > 0 && body === void 0) return "read";
    if (due.length > 0 && rejectedBy(due, body)) return "rejected";
    return named.length > due.length ? "undecided" : "accepted";
  };
}
function rejectedBy(rules, body) {
  const json = parsed(body);
  return rules.some(({ member }) => member !== void 0 && saysSo(json, member));
}
function saysSo(json, { at, equals }) {
  return equals === void 0 ? (valueAt(json, at) ?? null) !== null : equalsAt(json, { at, equals });
}
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}
function isJudged(contentType, contentLength) {
  const type = contentType.split(";", 1)[0].trim().toLowerCase();
  return JSON_TYPE.test(type) && !(Number(contentLength) > MAX_JUDGED_BYTES);
}
function rejectionWords(rules) {
  return rules.map(wordsOf).join("; or ");
}
function wordsOf({ statuses, member, minAgeMs }) {
  const equals = member?.equals === void 0 ? "" : ` = ${JSON.stringify(member.equals)}`;
  const body = member ? `, ${member.at}${equals} in the body` : "";
  const age = minAgeMs === void 0 ? "" : `, token at least ${formatDuration(minAgeMs)} old`;
  return `status ${statuses.join(", ")}${body}${age}`;
}

export {
  safeBaseName,
  safeFileName,
  contentDisposition,
  formName,
  contentTypeOf,
  valueAt,
  equalsAt,
  MAX_JUDGED_BYTES,
  compileRejections,
  isJudged,
  rejectionWords
};
