import {
  notesOf,
  printable
} from "./shared-render-human.js";
import "./shared-runtime.js";

// src/diagnostics/render-github.ts
function renderGithub(diagnostics) {
  return diagnostics.map((diagnostic) => `${command(diagnostic)}
`).join("");
}
function command(diagnostic) {
  const { code, severity, message, file } = diagnostic;
  const properties = { file, ...placeOf(diagnostic), title: `bearerd ${code}` };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${severity} ${list.join(",")}::${escapeData([message, ...notesOf(diagnostic)].join("\n"))}`;
}
function placeOf({ range: { start, end } }) {
  if (start.line !== end.line) return { line: start.line, endLine: end.line };
  return { line: start.line, col: start.column, endLine: end.line, endColumn: end.column };
}
function escapeData(text) {
  const lines = text.split(/(\r|\n)/);
  return lines.map((piece) => ESCAPES[piece] ?? printable(piece).replaceAll("%", "%25")).join("");
}
function escapeProperty(text) {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
var ESCAPES = { "\r": "%0D", "\n": "%0A" };
export {
  renderGithub
};
