import {
  ConfigurationError,
  createExecutor
} from "./shared-client.js";
import "./shared-cached-source.js";
import "./shared-open-files.js";
import "./shared-clock.js";
import "./shared-schema-finding.js";
import "./shared-read.js";
import "./shared-request-token.js";
import "./shared-jose.js";
import "./shared-text.js";
import "./shared-file-name.js";
import "./shared-pattern.js";
import "./shared-size.js";
import "./shared-template.js";
import "./shared-node-fs.js";
import "./shared-version.js";
import "./shared-secret-shape.js";
import "./shared-yaml.js";
import "./shared-source.js";
import "./shared-leven.js";
import {
  AppError
} from "./shared-error.js";
import "./shared-runtime.js";
export {
  AppError,
  ConfigurationError,
  createExecutor
};
