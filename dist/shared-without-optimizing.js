import {
  setFlagsFromString
} from "./shared-node-v8.js";

// src/cli/without-optimizing.ts
var LONG = 256 * 1024;
function withoutOptimizing(sources) {
  if (sources.reduce((sum, { text }) => sum + text.length, 0) > LONG) return;
  for (const flag of ["--no-opt", "--no-maglev"]) setFlagsFromString(flag);
}

export {
  withoutOptimizing
};
