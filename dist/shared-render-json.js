// src/diagnostics/render-json.ts
function jsonReport(diagnostics, fileCount) {
  return {
    version: 1,
    diagnostics: [...diagnostics],
    summary: {
      files: fileCount,
      errors: diagnostics.filter((diagnostic) => diagnostic.severity === "error").length,
      warnings: diagnostics.filter((diagnostic) => diagnostic.severity === "warning").length
    }
  };
}
function renderJson(diagnostics, fileCount) {
  return toJson(jsonReport(diagnostics, fileCount));
}
var UNSAFE = /[\x7f-\x9f\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
function toJson(value) {
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}
`;
}

export {
  jsonReport,
  renderJson,
  toJson
};
