import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);

// src/base/error.ts
var AppError = class extends Error {
  name = "AppError";
  code;
  details;
  constructor(code, message, details = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
};
function systemErrorCode(error) {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth++) {
    const nested = current instanceof AggregateError ? current.errors[0] : void 0;
    const code = current.code ?? nested?.code;
    if (typeof code === "string") return code;
  }
  return void 0;
}

export {
  AppError,
  systemErrorCode
};
