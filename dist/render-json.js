import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  jsonReport,
  renderJson,
  toJson
} from "./shared-render-json.js";
import "./shared-runtime.js";
export {
  jsonReport,
  renderJson,
  toJson
};
