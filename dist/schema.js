import {
  readSchema,
  schema
} from "./shared-schema.js";
import "./shared-output.js";
import "./shared-node-fs.js";
import "./shared-render-human.js";
import "./shared-runtime.js";
export {
  readSchema,
  schema
};
