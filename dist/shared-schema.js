import {
  EXIT,
  print
} from "./shared-output.js";
import {
  existsSync
} from "./shared-node-fs.js";

// src/cli/commands/schema.ts
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
