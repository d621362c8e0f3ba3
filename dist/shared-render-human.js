// src/diagnostics/render-human.ts
var MAX_PROBLEMS_PER_FILE = 50;
var MAX_LINE = 160;
var MAX_LIST = 110;
var TAB = "    ";
var STYLE = { error: "\x1B[1;31m", warning: "\x1B[1;33m", bold: "\x1B[1m", dim: "\x1B[2m", reset: "\x1B[0m" };
function renderConcise(diagnostics) {
  return diagnostics.map((diagnostic) => `${headline(diagnostic, plain)}
`).join("");
}
function renderHuman(diagnostics, options) {
  const paint = options.color ? styled : plain;
  const counts = /* @__PURE__ */ new Map();
  let text = "";
  for (const diagnostic of diagnostics) {
    const count = (counts.get(diagnostic.file) ?? 0) + 1;
    counts.set(diagnostic.file, count);
    if (count <= MAX_PROBLEMS_PER_FILE) text += block(diagnostic, options, paint);
  }
  for (const [file, count] of counts) {
    const more = count - MAX_PROBLEMS_PER_FILE;
    if (more > 0)
      text += `${printable(file)}: and ${more} more problem${more === 1 ? "" : "s"}
`;
  }
  return text;
}
var plain = (_style, text) => text;
var styled = (style, text) => `${STYLE[style]}${text}${STYLE.reset}`;
function headline(diagnostic, paint) {
  const place = `${printable(diagnostic.file)}:${diagnostic.range.start.line}:${diagnostic.range.start.column}`;
  const severity = paint(diagnostic.severity, diagnostic.severity);
  return `${paint("bold", place)}: ${severity}: ${printable(diagnostic.message)} [${diagnostic.code}]`;
}
function block(diagnostic, options, paint) {
  const notes = notesOf(diagnostic, paint).flatMap((note) => wrapped(note).map((line) => `  ${line}`));
  const lines = [headline(diagnostic, paint), ...excerpt(diagnostic, options, paint), ...notes];
  return `${lines.join("\n")}
`;
}
function wrapped(text) {
  if (text.length <= MAX_LINE) return [text];
  const lines = [""];
  for (const word of text.split(/(?<=,) /)) {
    const line = lines.at(-1);
    if (line !== "" && line.length + word.length > MAX_LIST) lines.push(`  ${word}`);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
function notesOf(diagnostic, paint = plain) {
  const hints = diagnostic.hint ? [`${paint("bold", "hint:")} ${printable(diagnostic.hint)}`] : [];
  const places = (diagnostic.related ?? []).map(({ file, range: { start }, message }) => {
    return `${printable(file)}:${start.line}:${start.column}: ${printable(message)}`;
  });
  return [...hints, ...places];
}
function excerpt({ file, range, severity }, options, paint) {
  const line = lineAt(options.sourceText(file), range.start);
  if (line === void 0) return [];
  const endColumn = range.end.line === range.start.line ? range.end.column : line.length + 1;
  const start = Math.min(range.start.column - 1, line.length);
  const end = Math.max(start + 1, Math.min(endColumn - 1, line.length));
  const cut = window(line, start, end);
  const before = visible(line.slice(cut.from, start));
  const marked = visible(line.slice(start, Math.min(end, cut.to)));
  const after = visible(line.slice(Math.min(end, cut.to), cut.to));
  const lead = cut.from > 0 ? "\u2026" : "";
  const trail = cut.to < line.length ? "\u2026" : "";
  const gutter = String(range.start.line);
  const caret = " ".repeat(width(lead + before)) + paint(severity, "^".repeat(Math.max(1, width(marked))));
  return [
    `${paint("dim", `  ${gutter} |`)} ${lead}${before}${marked}${after}${trail}`,
    `${paint("dim", `  ${" ".repeat(gutter.length)} |`)} ${caret}`
  ];
}
function lineAt(text, position) {
  if (text === void 0) return void 0;
  let start = 0;
  for (let line = 1; line < position.line; line++) {
    const next = text.indexOf("\n", start);
    if (next < 0) return void 0;
    start = next + 1;
  }
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? void 0 : end).replace(/\r$/, "");
}
function window(line, start, end) {
  if (line.length <= MAX_LINE) return { from: 0, to: line.length };
  const from = Math.max(0, Math.min(start - 40, line.length - MAX_LINE));
  return { from, to: Math.min(line.length, Math.max(from + MAX_LINE, Math.min(end, from + MAX_LINE))) };
}
var LONE_JOINER = new RegExp("(?<!\\p{Extended_Pictographic}[\\ufe0f\\u{1f3fb}-\\u{1f3ff}]?)\\u200d", "gu");
function printable(text) {
  return text.replace(/[\x00-\x1f\x7f-\x9f\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, "\uFFFD").replace(LONE_JOINER, "\uFFFD");
}
function visible(text) {
  return printable(text.replaceAll("	", TAB));
}
function width(text) {
  let columns = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) columns += segmentWidth(segment);
  return columns;
}
var WIDE = new RegExp("[\\u1100-\\u115f\\u2e80-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6\\u{20000}-\\u{3fffd}]|\\p{Emoji_Presentation}", "u");
function segmentWidth(segment) {
  if (new RegExp("^\\p{Mark}+$", "u").test(segment)) return 0;
  return WIDE.test(segment) || segment.includes("\uFE0F") ? 2 : 1;
}

export {
  renderConcise,
  renderHuman,
  notesOf,
  printable
};
