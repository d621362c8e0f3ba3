import {
  maskSecrets
} from "./shared-mask-secrets.js";
import "./shared-secret-shape.js";
import "./shared-yaml.js";
import "./shared-source.js";
import "./shared-leven.js";
import "./shared-runtime.js";
export {
  maskSecrets
};
