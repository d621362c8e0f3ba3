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
