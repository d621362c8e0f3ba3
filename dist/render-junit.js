import {
  notesOf,
  printable,
  renderConcise
} from "./shared-render-human.js";
import "./shared-runtime.js";

// src/diagnostics/render-junit.ts
function renderJunit(diagnostics, files) {
  const byFile = new Map(files.map((file) => [file, []]));
  for (const diagnostic of diagnostics) {
    const problems = byFile.get(diagnostic.file);
    if (problems) problems.push(diagnostic);
    else byFile.set(diagnostic.file, [diagnostic]);
  }
  const tests = sum([...byFile.values()].map((problems) => Math.max(1, problems.length)));
  const suites = [...byFile].map(([file, problems]) => suite(file, problems));
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bearerd" ${counts(tests, diagnostics)}>
${suites.join("")}</testsuites>
`;
}
function suite(file, problems) {
  const cases = problems.length > 0 ? problems.map((problem) => testCase(file, problem)).join("") : `    <testcase name="no problems" classname="${attribute(file)}" file="${attribute(file)}" time="0"/>
`;
  return `  <testsuite name="${attribute(file)}" ${counts(Math.max(1, problems.length), problems)}>
${cases}  </testsuite>
`;
}
function counts(tests, problems) {
  const failures = problems.filter(({ severity }) => severity === "error").length;
  return `tests="${tests}" failures="${failures}" errors="0" skipped="0" time="0"`;
}
function testCase(file, diagnostic) {
  const { code, severity, message, range } = diagnostic;
  const { line, column } = range.start;
  const place = `classname="${attribute(file)}" file="${attribute(file)}" line="${line}" time="0"`;
  const detail = text([renderConcise([diagnostic]).trimEnd(), ...notesOf(diagnostic)].join("\n"));
  const result = severity === "error" ? `<failure type="${attribute(code)}" message="${attribute(message)}">${detail}</failure>` : `<system-out>${detail}</system-out>`;
  return `    <testcase name="${attribute(`${code} ${line}:${column}`)}" ${place}>
      ${result}
    </testcase>
`;
}
function attribute(value) {
  return escaped(printable(value));
}
function text(value) {
  return value.split("\n").map((line) => escaped(printable(line))).join("\n");
}
var ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
function escaped(value) {
  return value.toWellFormed().replace(/[\ufffe\uffff]/g, "").replace(/[&<>"']/g, (char) => ENTITIES[char]);
}
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
export {
  renderJunit
};
