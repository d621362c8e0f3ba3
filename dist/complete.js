import {
  configPaths
} from "./shared-config-paths.js";
import {
  EXIT,
  print
} from "./shared-output.js";
import {
  readSources
} from "./shared-read.js";
import "./shared-node-fs.js";
import "./shared-render-human.js";
import {
  parseFile
} from "./shared-yaml.js";
import "./shared-source.js";
import "./shared-leven.js";
import "./shared-error.js";
import "./shared-runtime.js";

// src/cli/commands/complete.ts
var NAME = /^[a-z][a-z0-9-]{0,62}$/;
var SECTIONS = { services: ["services"], actions: ["actions"], names: ["services", "actions"] };
async function complete(kind, options) {
  const names = await namesIn(SECTIONS[kind], options.config).catch(() => []);
  await print(names.map((name) => `${name}
`).join(""));
  return EXIT.ok;
}
async function namesIn(sections, config) {
  const { sources } = await readSources(configPaths(config), process.cwd());
  const values = sources.flatMap((source) => parseFile(source).documents.map(({ value }) => value));
  const found = values.flatMap((value) => sections.map((name) => value?.[name]));
  const names = found.flatMap((section) => typeof section === "object" && section !== null ? Object.keys(section) : []);
  return [...new Set(names)].filter((name) => NAME.test(name) && !name.startsWith("x-")).sort();
}
export {
  complete
};
