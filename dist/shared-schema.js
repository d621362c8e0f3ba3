import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  EXIT,
  print
} from "./shared-output.js";

// src/cli/commands/schema.ts
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
var SCHEMA = "schema/bearerd.schema.json";
async function schema() {
  await print(await readSchema());
  return EXIT.ok;
}
function readSchema() {
  return readFile(schemaUrl(), "utf8");
}
function schemaUrl() {
  const candidates = ["../../../", "../"].map((up) => new URL(up + SCHEMA, import.meta.url));
  return candidates.find((url) => existsSync(url)) ?? candidates[0];
}

export {
  schema,
  readSchema
};
