#!/usr/bin/env node
import {
  statSync
} from "./shared-node-fs.js";
import "./shared-runtime.js";

// src/cli/compile-cache.ts
import * as nodeModule from "node:module";
var isOwn = (folder) => {
  const owner = statSync(folder, { throwIfNoEntry: false })?.uid;
  return owner !== void 0 && (process.geteuid?.() ?? owner) === owner;
};
function compileCacheFolder(environment, isOwnFolder = isOwn) {
  const { XDG_CACHE_HOME, LOCALAPPDATA, HOME } = environment;
  const base = XDG_CACHE_HOME || LOCALAPPDATA || HOME;
  if (!base || !isOwnFolder(base)) return void 0;
  return base === HOME ? `${base}/.cache/bearerd` : `${base}/bearerd`;
}
function keepCompiledCode() {
  const folder = compileCacheFolder(process.env);
  if (folder) nodeModule.enableCompileCache?.(folder);
}

// src/cli/small-young-generation.ts
var YOUNG_MIB = 8;
function beginWithSmallYoungGeneration() {
  const { argv, env, execArgv, execPath, platform } = process;
  if (argv[2] !== "run" || platform === "win32" || !process.execve) return;
  if ([...execArgv, env.NODE_OPTIONS ?? ""].some((option) => option.includes("semi-space-size"))) return;
  process.execve(execPath, [execPath, `--max-semi-space-size=${YOUNG_MIB}`, ...execArgv, ...argv.slice(1)], env);
}

// src/cli/main.ts
beginWithSmallYoungGeneration();
keepCompiledCode();
var { run } = await import("./program.js");
await run(process.argv);
