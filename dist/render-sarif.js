import {
  codePage,
  helpUri
} from "./shared-reference.js";
import {
  VERSION
} from "./shared-version.js";
import {
  toJson
} from "./shared-render-json.js";
import {
  printable
} from "./shared-render-human.js";
import "./shared-runtime.js";

// src/diagnostics/render-sarif.ts
import { createHash } from "node:crypto";
function renderSarif(diagnostics, sourceText) {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const driver = {
    name: "bearerd",
    semanticVersion: VERSION,
    informationUri: "https://bearerd.dev/",
    rules: codes.map(ruleOf)
  };
  const fingerprint = createFingerprints(sourceText);
  const results = diagnostics.map((diagnostic) => ({
    ...resultOf(diagnostic, codes.indexOf(diagnostic.code)),
    partialFingerprints: { "problemLine/v1": fingerprint(diagnostic) }
  }));
  const run = { tool: { driver }, columnKind: "utf16CodeUnits", results };
  return toJson({ $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] });
}
var ROOT = "%SRCROOT%";
function ruleOf(code) {
  const page = codePage(code);
  if (!page) return { id: code, helpUri: helpUri(code) };
  return {
    id: code,
    shortDescription: { text: `${page.title}.` },
    fullDescription: { text: page.explanation.replaceAll(/(?<!\n)\n(?!\n)/g, " ") },
    help: { text: page.explanation, markdown: helpOf(page) },
    helpUri: helpUri(code),
    defaultConfiguration: { level: page.severity }
  };
}
function helpOf({ explanation, bad, good, described }) {
  const show = (example) => described ? example : `\`\`\`yaml
${example}\`\`\``;
  return `${explanation}

Wrong:

${show(bad)}

Right:

${show(good)}`;
}
function resultOf(diagnostic, ruleIndex) {
  const { code, severity, message, hint, file, range, related = [] } = diagnostic;
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: hint ? `${printable(message)}
${printable(hint)}` : printable(message) },
    locations: [{ physicalLocation: placeOf(file, range) }],
    ...related.length > 0 && {
      relatedLocations: related.map((other, id) => ({
        id,
        physicalLocation: placeOf(other.file, other.range),
        message: { text: printable(other.message) }
      }))
    }
  };
}
function placeOf(file, { start, end }) {
  return {
    artifactLocation: file.startsWith("/") ? { uri: `file://${uriOf(file)}` } : { uri: uriOf(file), uriBaseId: ROOT },
    region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column }
  };
}
function uriOf(file) {
  return file.toWellFormed().split("/").map(encodeURIComponent).join("/");
}
function createFingerprints(sourceText) {
  const linesOf = /* @__PURE__ */ new Map();
  const seen = /* @__PURE__ */ new Map();
  return ({ code, file, range }) => {
    const lines = linesOf.get(file) ?? (sourceText(file) ?? "").split("\n");
    linesOf.set(file, lines);
    const line = (lines[range.start.line - 1] ?? "").trim();
    const hash = createHash("sha256").update(`${code}
${file}
${line}`).digest("hex").slice(0, 16);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return `${hash}:${count}`;
  };
}
export {
  renderSarif
};
