import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);

// src/diagnostics/diagnostic.ts
function hasErrors(diagnostics) {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}
var MAX_TEXT = 500;
function shortText(text) {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}\u2026` : text;
}
function sortDiagnostics(diagnostics) {
  return [...diagnostics].sort(
    (a, b) => compareText(a.file, b.file) || a.range.start.line - b.range.start.line || a.range.start.column - b.range.start.column || compareText(a.severity, b.severity) || compareText(a.code, b.code)
  );
}
function compareText(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

export {
  hasErrors,
  shortText,
  sortDiagnostics
};
