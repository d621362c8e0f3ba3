import {
  AppError,
  appErrorIn,
  errorFacts,
  isStateError,
  systemErrorCode
} from "./shared-error.js";
import "./shared-runtime.js";
export {
  AppError,
  appErrorIn,
  errorFacts,
  isStateError,
  systemErrorCode
};
