import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  AppError,
  appErrorIn,
  errorFacts,
  systemErrorCode
} from "./shared-error.js";
import "./shared-runtime.js";
export {
  AppError,
  appErrorIn,
  errorFacts,
  systemErrorCode
};
