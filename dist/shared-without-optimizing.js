// plain:node:v8
import { createRequire } from "node:module";
var builtin = process.getBuiltinModule ?? createRequire(import.meta.url);
var { setFlagsFromString } = builtin("node:v8");

// src/cli/without-optimizing.ts
var LONG = 256 * 1024;
function withoutOptimizing(sources) {
  if (sources.reduce((sum, { text }) => sum + text.length, 0) > LONG) return;
  for (const flag of ["--no-opt", "--no-maglev"]) setFlagsFromString(flag);
}

export {
  withoutOptimizing
};
