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
