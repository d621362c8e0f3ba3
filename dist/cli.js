#!/usr/bin/env node
import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);

// src/cli/main.ts
import * as nodeModule from "node:module";
nodeModule.enableCompileCache?.();
var { run } = await import("./program.js");
await run(process.argv);
