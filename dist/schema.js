import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  readSchema,
  schema
} from "./shared-schema.js";
import "./shared-output.js";
import "./shared-render-human.js";
import "./shared-runtime.js";
export {
  readSchema,
  schema
};
