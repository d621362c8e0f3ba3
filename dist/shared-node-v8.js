// plain:node:v8
import { createRequire } from "node:module";
var builtin = process.getBuiltinModule ?? createRequire(import.meta.url);
var { setFlagsFromString } = builtin("node:v8");

export {
  setFlagsFromString
};
