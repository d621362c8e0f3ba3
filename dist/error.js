import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);
import {
  AppError,
  systemErrorCode
} from "./shared-error.js";
import "./shared-runtime.js";
export {
  AppError,
  systemErrorCode
};
