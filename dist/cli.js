#!/usr/bin/env node
import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import "./shared-runtime.js";

// src/cli/compile-cache.ts
import { statSync } from "node:fs";
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

// src/cli/main.ts
keepCompiledCode();
var { run } = await import("./program.js");
await run(process.argv);
