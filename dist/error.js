import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  AppError,
  errorFacts,
  systemErrorCode
} from "./shared-error.js";
import "./shared-runtime.js";
export {
  AppError,
  errorFacts,
  systemErrorCode
};
